"""What kind of paper laid-out text is: an order, or one of its look-alikes.

A title weighs most: large, near the top, standing alone. A word inside a sentence or a label such as "invoice to" weighs nothing, because
orders name invoices and invoices name orders. Labels that only one kind of paper has (an invoice number) weigh in as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from statistics import median

from signoff.tools.orders.labels import title_kind
from signoff.tools.orders.layout_cells import Cell, Line

ORDER = "order"
ORDERS = frozenset({"order", "change", "cancellation"})
MOST_LINES = 150
"""The kinds that are orders; and how many lines of a first page without an end, as plain text has, are looked at."""

_TELLING: tuple[tuple[str, str], ...] = (
    ("invoice", r"(?:tax )?invoice (?:number|no\.?|num|#|id|date|total|amount)|rechnungs(?:nummer|nr\.?|datum|-nr\.?)"
     r"|rechnung nr\.?|num[eé]ro de facture|facture n[°o]|date de (?:la )?facture|amount due|balance due|total due|numero fattura"
     r"|n[uú]mero de factura|factuurnummer|factuurdatum|fakturanummer|fakturadato|zahlbar bis|bill(?:ing)? period"),
    ("quotation", r"(?:quote|quotation|estimate|proposal) (?:date|valid(?:ity)?|expir\w*)|valid until"
     r"|angebots(?:datum|nummer|nr\.?)|g[uü]ltig bis"),
    ("delivery note", r"(?:delivery|packing) (?:note|slip) (?:number|no\.?|#|date)|lieferschein(?:nummer|nr\.?|-nr\.?)"),
    ("credit note", r"credit (?:note|memo) (?:number|no\.?|#|date)|gutschrift(?:snummer|s-nr\.?)"),
    ("statement", r"opening balance|closing balance|statement date|kontostand"),
    (ORDER, r"p\.?o\.? (?:number|no\.?|num|#|date)|purchase order (?:number|no\.?|#|date)|order (?:number|no\.?|date)"
     r"|bestell(?:nummer|nr\.?|-nr\.?|datum)|num[eé]ro de commande|vendor(?: (?:number|no\.?|id|code))?|supplier|lieferant|fournisseur"
     r"|fornitore|proveedor|leverancier|deliver to"),
)  # fmt: skip
_LABELS = tuple((kind, re.compile(rf"(?:{text})(?![\w-])", re.IGNORECASE)) for kind, text in _TELLING)
_BEFORE = re.compile(r"^(?:copy(?: of)?|kopie|duplicate|original|confirmed|approved|draft|copie)\s+", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:\(\w+\))?[\s:#№-]*(?:\b(?:n(?:o|r|um(?:ber|mer)?)|id|copy|original|kopie)\b\.?|[n№][°º])?[\s:.#-]*(?:[\w/.-]{0,20}\d[\w/.-]{0,20}.{0,16})?[\s:*.–—-]*$",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"[a-zäöü]{2,20}(rechnung|bestellung)", re.IGNORECASE)
LABEL, LABELS_AT_MOST, LEAST, CLEAR = 0.5, 1.5, 0.5, 1.2
"""What a telling label weighs, what all of them weigh at most, and the weight below which nothing is said.
A plain title weighs 1.5, and from 1.2 on no label speaks against titles."""


def kind_of(lines: Sequence[Line]) -> tuple[str | None, str]:
    """The kind with the most weight and the printed words that say so; `None` when no title and no telling label is there."""
    first = [line for line in lines[:MOST_LINES] if line.page == lines[0].page]
    titles: dict[str, tuple[float, str]] = {}
    for kind, value, text in _titles(first):
        titles[kind] = max(titles.get(kind, (0.0, "")), (value, text))
    labels: dict[str, tuple[float, str]] = {}
    for kind, text in _labels(first):
        value, words = labels.get(kind, (0.0, text))
        labels[kind] = (min(value + LABEL, LABELS_AT_MOST), words)
    clear = {k for k, (value, _) in titles.items() if value >= CLEAR}
    weight = {k: titles.get(k, (0.0, ""))[0] + labels.get(k, (0.0, ""))[0] for k in clear or {*titles, *labels}}
    best = max(sorted(weight), key=lambda k: weight[k], default=None)
    if best is None or weight[best] < LEAST:
        return None, ""
    return best, (titles.get(best) or labels[best])[1]


@lru_cache(16_384)
def paper(text: str) -> str | None:
    """The kind of paper that this text is the title of, with or without a number after it."""
    if len(text) > 60:
        return None
    bare = _AFTER.sub("", _BEFORE.sub("", " ".join(text.split()).strip(" *-–—_=")))
    compound = _COMPOUND.fullmatch(bare)
    return title_kind(bare) or ((ORDER if compound[1].lower() == "bestellung" else "invoice") if compound else None)


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
