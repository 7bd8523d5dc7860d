"""The labelled values of laid-out text: a label, and beside or below it what it labels.

    PO Number: 4711        PO Number | Date          Vendor
                           4711      | 1 Feb 2026    Acme Ltd

A value is taken when it is of the label's kind: a date for a date, a code with a digit for a number. Of several values the best labelled
one stands; two that are labelled as well as each other and differ are none, and leave a notice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from signoff.domain.reading import Region
from signoff.tools.orders.labels import charge_label, fold, header_field
from signoff.tools.orders.layout_cells import Cell, Line, join
from signoff.tools.orders.layout_kind import paper
from signoff.tools.orders.layout_table import TOTALS
from signoff.tools.orders.values import DateOrder, Mark, currency, date, number

DATES = frozenset({"/issue_date", "/requested_delivery_date", "/valid_to"})
CODES = frozenset(
    "/order_number /order_reference /contract_reference /quotation_reference /customer_reference /supplier/id /buyer/id /ship_to/id /cost_center"
    " /supplier/tax_id /buyer/tax_id /supplier/bank_account".split()
)
NAMES = frozenset({"/supplier/name", "/buyer/name", "/ship_to/name", "/invoice_to/name"})
LOOSE = frozenset({"order", "date", "to", "from", "due", "terms", "net", "total", "reference", "ref", "plant", "site", "location", "contact", "account"})
"""Labels that are words of every day: they need a colon, or a cell of their own."""

MOST_WORDS, REACH, BELOW = 6, 30.0, 3.2


@dataclass(frozen=True, slots=True)
class Style:
    """How this document writes numbers and dates, as far as it can be told."""

    mark: Mark | None
    order: DateOrder | None


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a field: its evidence's cell, how well it is labelled, and where."""

    pointer: str
    value: str | Decimal | dt.date
    cell: Cell
    strength: float
    region: Region
    line: int


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
    """The label a cell is, or begins with."""
    for cut, word in enumerate(cell.words[:MOST_WORDS], 1):
        if word.text.endswith(":") or (word.text == ":" and cut > 1):
            head = cell.cut(0, cut)
            pointer = _pointer(head.text.rstrip(": ")) if head else None
            return Label(pointer, head, cell.cut(cut), True) if head and pointer else None
    glued = cell.words[0].text.partition(":")
    if glued[1] and glued[2] and (pointer := _pointer(glued[0])):
        return Label(pointer, cell, _after_colon(cell), True)
    whole = _pointer(cell.text)
    if whole:
        return Label(whole, cell, None, False)
    for cut in range(min(len(cell.words) - 1, MOST_WORDS - 1), 0, -1):
        head = cell.cut(0, cut)
        pointer = _pointer(head.text) if head else None
        if head and pointer and head.text.lower() not in LOOSE and (cut > 1 or pointer in CODES | DATES | TOTALS):
            return Label(pointer, head, cell.cut(cut), False)
    return None


def _after_colon(cell: Cell) -> Cell | None:
    """The words after a colon that stands inside the first word: `PO:4711`."""
    first = cell.words[0]
    return Cell((replace(first, text=first.text.partition(":")[2]), *cell.words[1:]), cell.page)


def _pointer(text: str) -> str | None:
    pointer = header_field(text)
    return None if pointer is None or any(c.isdigit() for c in fold(text)) else pointer


def found(lines: Sequence[Line], taken: set[int], style: Style, table_top: int) -> Iterator[Found]:
    """Every labelled value outside the table's rows, each with its strength."""
    for index, line in enumerate(lines):
        if index in taken:
            continue
        for position, cell in enumerate(line.cells):
            label = label_of(cell)
            if label is None:
                continue
            for place, (value_cell, region) in enumerate(_places(lines, taken, index, position, label, table_top)):
                value = convert(label.pointer, value_cell, style)
                if value is not None:
                    strength = _strength(label, index, table_top) - 0.3 * place
                    yield Found(label.pointer, value, value_cell, strength, region, index)
                    break


def _strength(label: Label, index: int, table_top: int) -> float:
    own = 0.5 * min(label.words, 3) + (0.5 if label.marked else 0.0) - (1.0 if fold(label.cell.text) in LOOSE else 0.0)
    return own + (0.5 if index < table_top or label.pointer in TOTALS else 0.0)


def _places(
    lines: Sequence[Line], taken: set[int], index: int, position: int, label: Label, table_top: int
) -> Iterator[tuple[Cell, Region]]:
    """Where the label's value may stand, the likeliest place first."""
    line = lines[index]
    region = Region.TOTALS if label.pointer in TOTALS else _region(line, index, table_top)
    if label.rest is not None:
        yield label.rest, region
        if not label.marked:
            return
    beside = [c for c in line.cells[position + 1 :]]
    grid = len(line.cells) > 1 and sum(label_of(c) is not None for c in line.cells) > 0.6 * len(line.cells) and label.rest is None
    right = _beside(label, beside, line)
    below = list(_below(lines, taken, index, label))
    order = [*below, *right] if grid and not label.marked else [*right, *below]
    for cell in order:
        yield cell, region


def _region(line: Line, index: int, table_top: int) -> Region:
    if line.top > 0.93 * line.height_of_page:
        return Region.FOOTER
    if index < table_top or len(line.text) < 90:
        return Region.HEADER
    return Region.NOTE


def _beside(label: Label, cells: list[Cell], line: Line) -> Iterator[Cell]:
    if label.pointer in TOTALS:
        figures = [c for c in cells if any(ch.isdigit() for ch in c.text)]
        yield from reversed(figures)
        joined = join(figures)
        if joined is not None and len(figures) > 1:
            yield joined
        return
    for cell in cells[:1]:
        far = cell.left - label.cell.right > REACH * max(label.cell.height, 5.0)
        if not far and label_of(cell) is None:
            yield cell


def _below(lines: Sequence[Line], taken: set[int], index: int, label: Label) -> Iterator[Cell]:
    """The nearest cell under the label, unless that is a label itself."""
    own = label.cell
    for at in range(index + 1, min(index + 5, len(lines))):
        line = lines[at]
        if at in taken or line.page != own.page or line.top - own.bottom > BELOW * max(own.height, 6.0):
            return
        under = [c for c in line.cells if c.left < own.right + 4 and c.right > own.left - 4 and (abs(c.left - own.left) < 30 or _centred(c, own))]
        if under and line.top >= own.bottom - 0.3 * own.height:
            if label_of(under[0]) is None or label_of(under[0]).rest is not None and label.pointer in NAMES:  # type: ignore[union-attr]
                yield under[0]
            return


def _centred(a: Cell, b: Cell) -> bool:
    return abs(a.middle - b.middle) < 25 or abs(a.right - b.right) < 6


def convert(pointer: str, cell: Cell, style: Style) -> str | Decimal | dt.date | None:
    """The cell as a value of the field's kind, or nothing."""
    text = cell.text.strip(" :")
    if pointer in DATES:
        return next((d for n in range(min(len(cell.words), 5), 0, -1) if (d := date(" ".join(w.text for w in cell.words[:n]), style.order))), None)
    if pointer in TOTALS:
        return _amount(text, style.mark)
    if pointer in CODES:
        return code(text)
    if pointer == "/currency":
        return currency(text)
    if pointer in NAMES:
        return name(text)
    return text if 1 < len(text) <= 200 and any(c.isalnum() for c in text) else None


def _amount(text: str, mark: Mark | None) -> Decimal | None:
    return number(text, mark)


def code(text: str) -> str | None:
    """A reference with a digit in it: one word, or a short prefix and one (`RS 0012697`)."""
    words = text.lstrip("#:№ ").split()
    if not words or len(words) > 6:
        return None
    if len(words) > 1 and words[0].isalpha() and len(words[0]) <= 4 and words[0].isupper() and any(c.isdigit() for c in words[1]):
        return f"{words[0]} {words[1]}"[:40]
    first = words[0].strip(",;")
    return first if any(c.isdigit() for c in first) and len(first) <= 40 and not re.fullmatch(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}", first) else None


def name(text: str) -> str | None:
    """The name of a party: letters, no label, no title, no sentence."""
    letters = sum(c.isalpha() for c in text)
    if letters < 2 or letters < 0.4 * len(text.replace(" ", "")) or len(text) > 90 or header_field(text) or paper(text):
        return None
    return text if "@" not in text and not date(text, None) else None


def charges(lines: Sequence[Line], taken: set[int], after: int, style: Style) -> Iterator[tuple[bool, Decimal, Cell, Cell]]:
    """Charges and allowances on the whole order that stand among the totals: whether a charge, the amount, label and figure."""
    for index in range(after, len(lines)):
        line = lines[index]
        for label, figure in zip(line.cells, line.cells[1:], strict=False):
            kind = charge_label(label.text.rstrip(": ")) if index not in taken else None
            amount = number(figure.text, style.mark) if kind is not None else None
            if kind is not None and amount:
                yield kind, abs(amount), label, figure
