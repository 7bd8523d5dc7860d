"""What kind of paper laid-out text is: an order, or one of its look-alikes.

A title weighs most: large, near the top, standing alone. A word inside a sentence or a label such as "invoice to" weighs nothing, because
orders name invoices and invoices name orders. Labels that only one kind of paper has (an invoice number) weigh in as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from statistics import median

from signoff.tools.documents.document import Page
from signoff.tools.orders.kind_words import ORDER, SAYING, TELLING
from signoff.tools.orders.labels import title_kind
from signoff.tools.orders.layout_cells import Cell, Line

ORDERS = frozenset({"order", "change", "cancellation"})
ANSWERS = "order response"
"""The kinds that are orders, and what a supplier answers one with."""
MOST_LINES = 150
"""How many lines of a first page without an end, as plain text has, are looked at."""

_LABELS = tuple((kind, re.compile(rf"(?:{text})(?![\w-])", re.IGNORECASE)) for kind, text in TELLING)
_SAYINGS = tuple((kind, re.compile(rf"\b(?:{text})\b", re.IGNORECASE)) for kind, text in SAYING)
_BEFORE = re.compile(r"^(?:copy(?: of)?|kopie|duplicate|original|confirmed|approved|draft|copie)\s+", re.IGNORECASE)
_NUMBERED = r"(?:(?<=\s)[a-z]{1,3} )?[\w/.-]{0,20}\d[\w/.-]{0,20}"
_DATED = r"(?:.{0,16}|\s(?:vom|zum|zu|of|dated|under|du|au|del|al|van|op|av|til|per)\s.{1,44})"
_AFTER = re.compile(
    r"\s*(?:\(\w+\))?[\s:#№-]*(?:\b(?:n(?:o|r|ro|um(?:ber|mer)?|umero|úmero)?|id|copy|original|kopie)\b\.?|[n№][°º])?[\s:.#-]*"
    rf"(?:{_NUMBERED}{_DATED})?[\s:*.–—-]*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^(?:betreff|betrifft|betr\.?|betreft|onderwerp|objet|concerne|asunto|oggetto|assunto|subject|re|ref|vedr(?:ørende|\.)?|emne|[äa]mne"
    r"|ang[åa]ende|aihe)"
    r"\s*:\s*(?:(?:re|aw|fw|fwd|wg|tr|sv|vs)\s*:\s*)*"
    r"(?:unsere |our |notre |onze |nuestro |nostro |vår |vores )?",
    re.IGNORECASE,
)
"""What a letter or a mail begins its subject with, which is its title."""
_LEADER = re.compile(r"(?:[.·] ?){3}|…")
"""Dots that lead from a label to its value: what they stand in is no title."""
_YOURS = re.compile(r"\W*(?:your|ihre?n?|votre|v/|su|vuestr[oa]|(?:il )?vostr[oa]|uw|deres|din|ert?) ", re.IGNORECASE)
"""Who writes "your order" answers one."""
_COMPOUND = re.compile(
    r"(?P<sold>(?:verkaufs|verkoop|salgs|sälj|försäljnings|kunden?)(?:order|ordre|auftrag))"
    r"|(?P<billed>[^\W\d_]{2,20}(?:rechnung|faktura|factuur))"
    r"|[^\W\d_]{2,20}(?:bestellung|bestelling|beställning|bestilling|abruf)"
    r"|(?:ein|in|inn|ind)?(?:kaufs|koop|köps|kjøps|købs|rahmen|ramme|ram)(?:order|ordre|auftrag)",
    re.IGNORECASE,
)
"""Compounds of the Germanic languages; `recorder` and `border` are none."""
_STAMP = re.compile(
    r"\b(?:cancell?ed|void(?:ed)?|superseded|draft|sample|specimen|test|stornier\w*|storno|ungültig|entwurf|muster|annulée?"
    r"|brouillon|sp[ée]cimen|anulad[oa]|cancelad[oa]|borrador|muestra|annullat[oa]|bozza|geannuleerd|vervallen|concept|annullere[dt]"
    r"|annullert|utkast|kladde|makulera[dt]|avbeställd|ogiltig|peru(?:ttu|utettu)|luonnos)\b",
    re.IGNORECASE,
)
"""What stamps and watermarks across a page say of an order that is not, or no longer, meant."""
LABEL, LABELS_AT_MOST, LEAST, CLEAR = 0.5, 1.5, 0.5, 1.2
"""What a telling label weighs, what all of them weigh at most, and the weight below which nothing is said.
A plain title weighs 1.5, and from 1.2 on no label speaks against titles."""
SENTENCE, REQUEST, ANSWER = 0.7, 0.6, 3.0
"""What a sentence weighs that only one kind of letter has, where no title is clear; a little less when it orders, for a reminder names
the order too; and the supplier's thanks for an order, which outweigh any title."""

HEADINGS = 4
"""Cells in a line, from which on they are the headings or values of a table, and no title."""

WEIGHTS = {ANSWERS: ANSWER, ORDER: REQUEST}


def kind_of(lines: Sequence[Line]) -> tuple[str | None, str]:
    """The kind with the most weight and the printed words that say so; `None` when no title and no telling label is there."""
    return _kind_of(tuple(line for line in lines[:MOST_LINES] if line.page == lines[0].page))


@lru_cache(4)  # a paper is asked what it is as a text, and again as an order
def _kind_of(first: tuple[Line, ...]) -> tuple[str | None, str]:
    titles: dict[str, tuple[float, str]] = {}
    for kind, value, text in _titles(first):
        titles[kind] = max(titles.get(kind, (0.0, "")), (value, text))
    labels: dict[str, tuple[float, str]] = {}
    for kind, text in _labels(first):
        value, words = labels.get(kind, (0.0, text))
        labels[kind] = (min(value + LABEL, LABELS_AT_MOST), words)
    clear = {k for k, (value, _) in titles.items() if value >= CLEAR}
    for kind, text in _said(first):
        if kind == ANSWERS or not clear:
            value, words = labels.get(kind, (0.0, text))
            labels[kind] = (value + WEIGHTS.get(kind, SENTENCE), words)
            clear |= {kind} if clear else set()
    weight = {k: titles.get(k, (0.0, ""))[0] + labels.get(k, (0.0, ""))[0] for k in clear or {*titles, *labels}}
    best = max(sorted(weight), key=lambda k: weight[k], default=None)
    if best is None or weight[best] < LEAST:
        return None, ""
    return best, (titles.get(best) or labels[best])[1]


def why_not(kind: str, words: str) -> str:
    """The sentence that says why a paper of this kind is no order."""
    if paper(words) == kind:
        return f"It is titled {words[:80]!r}, which is not an order."
    return f"It says {words[:80]!r}, as {'an' if kind[0] in 'aeio' else 'a'} {kind} does, and not an order."


def stamped(pages: Sequence[Page]) -> str | None:
    """What is stamped at an angle across the pages, where that says that the order is a draft, a sample or void."""
    texts = (" ".join(word.text for word in page.aside) for page in pages)
    return next((text for text in texts if _STAMP.search(text)), None)


def _said(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The first sentence of each kind that only one kind of letter or mail has."""
    seen: set[str] = set()
    for text in (line.text for line in lines):
        for kind, pattern in _SAYINGS:
            if kind not in seen and pattern.search(text):
                seen.add(kind)
                yield kind, text


@lru_cache(16_384)
def paper(text: str) -> str | None:
    """The kind of paper that this text is the title of, with or without a number after it."""
    if len(text) > 90 or _YOURS.match(text) or _LEADER.search(text):
        return None
    bare = _AFTER.sub("", _BEFORE.sub("", _SUBJECT.sub("", " ".join(text.split()).strip(" *-–—_="))))
    return title_kind(bare) or _compound(bare)


def _compound(word: str) -> str | None:
    found = _COMPOUND.fullmatch(word)
    if found is None:
        return None
    return "invoice" if found["billed"] else "order response" if found["sold"] else ORDER


def _titles(lines: Sequence[Line]) -> Iterator[tuple[str, float, str]]:
    """Each cell of the first page that reads as a title, weighed by size, place and whether it stands alone."""
    if not lines:
        return
    usual = median([c.height for line in lines for c in line.cells]) or 1.0
    for index, line in enumerate(lines):
        for cell in (*line.cells, *_joined(line)):
            kind = paper(cell.text)
            if kind:
                size = min(cell.height / usual, 2.5)
                place = 1.4 if index < 12 or line.top < 0.2 * line.height_of_page else 1.0 if line.top < 0.4 * line.height_of_page else 0.3
                yield kind, 1.5 * size * place * _alone(cell, line), cell.text


def _joined(line: Line) -> list[Cell]:
    words = tuple(line.words)
    return [Cell(words, line.page)] if len(line.cells) > 1 and len(words) <= 4 else []


def _alone(cell: Cell, line: Line) -> float:
    """A title stands alone; a cell that ends in a colon, or is followed by a value, is a label."""
    if _SUBJECT.match(cell.text):
        return 1.0
    if len(line.cells) >= HEADINGS:
        return 0.3
    if ":" in cell.text:
        return 0.4 if any(c.isdigit() for c in cell.text) else 0.25
    bare = paper(cell.text) and not any(c.isdigit() for c in cell.text)
    follows = next((c for c in line.cells if c.left > cell.right), None)
    if bare and follows is not None and follows.left - cell.right < 12 * cell.height and any(c.isdigit() for c in follows.text):
        return 0.6
    if bare and cell.text.islower():
        return 0.2
    return 1.0 if bare else 0.8


def _labels(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Labels that tell a kind, each wording once."""
    seen: set[tuple[str, str]] = set()
    for cell in (c for line in lines for c in line.cells if len(c.text) < 80):
        for kind, pattern in _LABELS:
            match = pattern.match(cell.text)
            if match and (kind, match[0].lower()) not in seen:
                seen.add((kind, match[0].lower()))
                yield kind, cell.text
