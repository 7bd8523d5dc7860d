"""Labels in laid-out text: which cells are labels of which field, and lines cut so that every label begins a cell of its own.

A label of something that an order does not keep (`Requisition No:`) is a label too, of the pointer `OTHER`: its value is no other label's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from signoff.tools.orders.label_grammar import OTHER
from signoff.tools.orders.labels import fold, header_field, is_label, title_kind
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.layout_figures import MARKS
from signoff.tools.orders.layout_sums import TOTALS
from signoff.tools.orders.layout_values import CODES, DATES, NAMES
from signoff.tools.orders.party_words import COMPANY

COUNTRY = "DE"
"""Germany, the last line of an address; `de` otherwise says in four languages from whom something is."""
LOOSE = frozenset(
    [
        "order",
        "date",
        "to",
        "from",
        "due",
        "terms",
        "net",
        "total",
        "reference",
        "ref",
        "plant",
        "site",
        "location",
        "contact",
        "account",
        "datum",
        "fecha",
        "data",
        "dato",
        "vom",
        "bestellung",
        "auftrag",
        "commande",
        "pedido",
        "ordine",
        "ordre",
        "bestelling",
        "bestilling",
        "tilaus",
        "an",
        "firma",
        "company",
        "sum",
        "summa",
        "tax",
        "document no",
        "doc no",
        "beleg no",
        "po",
        "company name",
        "job",
        "project",
        "firma",
        "til",
        "till",
        "aan",
        "para",
        "von",
        "de",
        "da",
        "fra",
        "fran",
        "van",
        "delivery",
        "levering",
        "livraison",
        "entrega",
        "consegna",
        "required",
        "needed",
        "expected",
        "issued",
        "placed",
        "raised",
        "ordered",
        "created",
        "termin",
    ]
)
"""Labels that are words of every day: they need a colon, or a cell of their own, and any label that says more is better."""

ORDER_KINDS = frozenset({"order", "change", "cancellation"})
"""A title that names a party (`Commande fournisseur`) labels none."""
MOST_WORDS, LEAST_HEAD = 6, 4
"""How many words a label has at most, and how few characters before a name without a colon: shorter ones begin names (`Van`, `De`)."""
_BOX = re.compile(r"^\(?\d{1,2}[a-z]?[.)]\s*(?=[^\W\d_])", re.IGNORECASE)
"""The number of a form's box before its label: `3. ORDER NO.`"""
_DAY = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\d{1,2}\.? (?:de |of )?[^\W\d_]{3,12}\.? (?:de )?\d{4}\b|[^\W\d_]{3,12}\.? \d{1,2}, \d{4}\b"
)
_INCLUDING = re.compile(r"\(?(?:in[ck]l|inc\b|einschl|ttc|toutes|con iva|iva incl|brutto|gross)", re.IGNORECASE)
_CENTS = re.compile(r"\d[.,]\d\d(?!\d)")
_RATE = re.compile(
    r"\(?@?(?<![\d.,])\d{1,2}(?:[.,]\d{1,3})?\s?%\)?"
    r"(?:\s(?:of|on|auf|von|sur|de|su|di|sobre|over|van|på|av|af)\s[\d.,'’ ]*\d(?:\s?[€$£])?)?"
)
"""The rate of a tax, and the amount that it is a rate of: `20 %`, `5.5 % of 2,747.50`."""
_LEADER = re.compile(r"[.…·]+")
"""Dots that lead from a label to its value: `Order number . . . . 4711`."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its pointer and cell, what follows it in the same cell, and whether a colon marks it."""

    pointer: str
    cell: Cell
    rest: Cell | None
    marked: bool

    @property
    def words(self) -> int:
        return len(fold(self.cell.text).split())


def label_of(cell: Cell) -> Label | None:
    """The label of a field of the order that a cell is, or begins with."""
    label = any_label(cell)
    return label if label is not None and label.pointer != OTHER else None


def any_label(cell: Cell) -> Label | None:
    """The label that a cell is, or begins with, of whatever it may be."""
    found = _label(tuple(w.text for w in cell.words[: MOST_WORDS + 3]))
    if found is None:
        return None
    pointer, cut, marked = found
    if cut == 0:
        return Label(pointer, cell, _after_colon(cell), True)
    rest = cell.cut(cut)
    if rest is not None and _pointer(rest.text) == pointer:  # `To: Contractor`, `Bestellung / Order`
        return Label(pointer, cell, None, marked)
    return Label(pointer, cell.cut(0, cut) or cell, rest, marked)


@lru_cache(16_384)
def _label(words: tuple[str, ...]) -> tuple[str, int, bool] | None:
    """The pointer of the label that a cell of these words begins with, how many words it takes, and whether a colon marks it.

    It takes no whole word where the colon stands inside the first, as in `PO:4711`.
    """
    for cut, word in enumerate(words[:MOST_WORDS], 1):
        if word.endswith(":") and (word != ":" or cut > 1):
            text = " ".join(words[:cut]).rstrip(": ")
            return (_pointer(text) or OTHER, cut, True) if any(c.isalpha() for c in text) else None
    glued = words[0].partition(":")
    if glued[1] and glued[2] and (pointer := _pointer(glued[0])):
        return pointer, 0, True
    return _bare_label(words)


def _bare_label(words: tuple[str, ...]) -> tuple[str, int, bool] | None:
    """A label without a colon: the whole text, the text around a rate ("VAT 20 %"), or its first words."""
    text = " ".join(words)
    if text == COUNTRY:
        return None
    whole = _pointer(text)
    if whole and not (whole in NAMES and (text.islower() or title_kind(text) in ORDER_KINDS)):
        return whole, len(words), False
    rated = " ".join(_RATE.sub(" ", text).split()) if "%" in text else text
    if rated != text and _pointer(rated) in TOTALS:
        return str(_pointer(rated)), len(words), False
    for cut in range(min(len(words) - 1, MOST_WORDS - 1), 0, -1):
        head = " ".join(words[:cut])
        pointer = _pointer(head)
        if pointer is None:
            continue
        cut = _past_rate(words, cut) if pointer in TOTALS else cut
        following = " ".join(words[cut:])
        if pointer == "/payable_amount" and _INCLUDING.match(following) and not _CENTS.search(following):
            return pointer, len(words), False
        if pointer in TOTALS and _CENTS.search(following) and any(amount(following, mark) is not None for mark in MARKS):
            return pointer, cut, False
        if fold(head) not in LOOSE and (cut > 1 or pointer in CODES | DATES | TOTALS):
            return pointer, cut, False
        named = pointer in NAMES and len(head) > LEAST_HEAD and COMPANY.search(following) and not COMPANY.search(head)
        if named or (pointer in DATES and _DAY.match(following)):
            return pointer, cut, False
    return None


def _past_rate(words: tuple[str, ...], cut: int) -> int:
    """The place behind the rate that a tax is labelled with: `VAT 20 % 281.47`."""
    rate = next((n for n in (1, 2) if cut + n < len(words) and _RATE.fullmatch(" ".join(words[cut : cut + n]))), 0)
    return cut + rate


def _after_colon(cell: Cell) -> Cell | None:
    """The words after a colon that stands inside the first word: `PO:4711`."""
    first = cell.words[0]
    return Cell((replace(first, text=first.text.partition(":")[2]), *cell.words[1:]), cell.page)


@lru_cache(16_384)
def _pointer(text: str) -> str | None:
    text = _BOX.sub("", text)
    pointer = header_field(text)
    first, slash, second = text.partition("/")
    if pointer is None and slash:
        one, two = header_field(first), header_field(second)
        pointer = one if two in DATES or not second.isascii() else two if fold(first).startswith("no ") and two == "/order_number" else None
        if one is None and two in CODES - {"/order_number"} | TOTALS:  # `Bid/Contract No.`, a language that we do not know before one we do
            pointer = two
    if pointer is None and is_label(text):
        pointer = OTHER
    return None if pointer is None or any(c.isdigit() for c in fold(text)) else pointer


def parted(lines: Sequence[Line]) -> list[Line]:
    """The lines, their cells cut where a label begins inside one (`PO No: 4711 Date: 1 Feb 2026`), and values without a leading colon."""
    return [_parted(led) if ":" in (led := _led(line)).text else led for line in lines]


def _led(line: Line) -> Line:
    """The line with leaders taken for colons, and what stands behind them for cells of their own."""
    if not re.search(r"(?:[.·] ?){3}|…", line.text):
        return line
    cells: list[Cell] = []
    for cell in line.cells:
        for leads, words in groupby(cell.words, key=lambda w: _LEADER.fullmatch(w.text) is not None):
            cells = [*cells[:-1], _marked(cells[-1])] if leads and cells else cells if leads else [*cells, Cell(tuple(words), cell.page)]
    return replace(line, cells=tuple(cells)) if cells else line


def _marked(cell: Cell) -> Cell:
    """The cell with a colon behind it."""
    *most, last = cell.words
    return Cell((*most, replace(last, text=last.text.rstrip(":") + ":")), cell.page)


def _parted(line: Line) -> Line:
    cells = tuple(bare for cell in line.cells for part in (_cut(cell) if len(cell.words) > 2 else [cell]) if (bare := _bare_value(part)))
    return replace(line, cells=cells) if cells and cells != line.cells else line


def _bare_value(cell: Cell) -> Cell | None:
    return cell.cut(1) if cell.words[0].text == ":" else cell


def _cut(cell: Cell) -> list[Cell]:
    """The cell, cut before each label with a colon; the longest run of words before the colon that is a label is the label."""
    texts = [w.text for w in cell.words]
    cuts = [0]
    last = 0
    for end, text in enumerate(texts):
        if not text.endswith(":"):
            continue
        starts = range(max(last + 1, end - MOST_WORDS + 1), end + 1)
        begin = next((s for s in starts if _pointer(" ".join(texts[s : end + 1]).rstrip(": "))), None)
        if begin is not None and last > 0:
            cuts.append(begin)
        last = end + 1
    return [part for a, b in zip(cuts, [*cuts[1:], len(texts)], strict=True) if (part := cell.cut(a, b))]
