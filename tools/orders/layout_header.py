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
from functools import lru_cache

from signoff.domain.reading import Region
from signoff.tools.orders.labels import charge_label, fold, header_field
from signoff.tools.orders.layout_cells import Cell, Line, amount, join
from signoff.tools.orders.layout_kind import ORDERS, paper
from signoff.tools.orders.layout_prose import HEAD_LINES
from signoff.tools.orders.layout_table import TOTALS
from signoff.tools.orders.layout_values import CODES, DATES, NAMES, Style, code, convert
from signoff.tools.orders.values import date

LOOSE = frozenset(
    {"order", "date", "to", "from", "due", "terms", "net", "total", "reference", "ref", "plant", "site", "location", "contact", "account"}
)
"""Labels that are words of every day: they need a colon, or a cell of their own."""

MOST_WORDS, MOST_CELLS, REACH, BELOW = 6, 4, 30.0, 3.2


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a field: its evidence's cell, how well it is labelled, and where; `None` when the cell could mean two values."""

    pointer: str
    value: str | Decimal | dt.date | None
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
    found = _label(tuple(w.text for w in cell.words[: MOST_WORDS + 3]))
    if found is None:
        return None
    pointer, cut, marked = found
    if cut == 0:
        return Label(pointer, cell, _after_colon(cell), True)
    return Label(pointer, cell.cut(0, cut) or cell, cell.cut(cut), marked)


@lru_cache(16_384)
def _label(words: tuple[str, ...]) -> tuple[str, int, bool] | None:
    """The pointer of the label that a cell of these words begins with, how many words it takes, and whether a colon marks it.

    It takes no whole word where the colon stands inside the first, as in `PO:4711`.
    """
    for cut, word in enumerate(words[:MOST_WORDS], 1):
        if (word.endswith(":") or (word == ":" and cut > 1)) and (pointer := _pointer(" ".join(words[:cut]).rstrip(": "))):
            return pointer, cut, True
        if word.endswith(":"):
            return None
    glued = words[0].partition(":")
    if glued[1] and glued[2] and (pointer := _pointer(glued[0])):
        return pointer, 0, True
    return _bare_label(words)


def _bare_label(words: tuple[str, ...]) -> tuple[str, int, bool] | None:
    """A label without a colon: the whole text, the text around a rate ("VAT 20 %"), or its first words."""
    text = " ".join(words)
    whole = _pointer(text)
    if whole and not (whole in NAMES and text.islower()):
        return whole, len(words), False
    rated = " ".join(w for w in words if not re.fullmatch(r"[\d.,]+|%|[\d.,]+%", w))
    if rated != text and "%" in text and _pointer(rated) in TOTALS:
        return str(_pointer(rated)), len(words), False
    for cut in range(min(len(words) - 1, MOST_WORDS - 1), 0, -1):
        head = " ".join(words[:cut])
        pointer = _pointer(head)
        if pointer and head.lower() not in LOOSE and (cut > 1 or pointer in CODES | DATES | TOTALS):
            return pointer, cut, False
    return None


def _after_colon(cell: Cell) -> Cell | None:
    """The words after a colon that stands inside the first word: `PO:4711`."""
    first = cell.words[0]
    return Cell((replace(first, text=first.text.partition(":")[2]), *cell.words[1:]), cell.page)


def _pointer(text: str) -> str | None:
    pointer = header_field(text)
    first, slash, second = text.partition("/")
    if pointer is None and slash and header_field(second) in DATES:
        pointer = header_field(first)
    return None if pointer is None or any(c.isdigit() for c in fold(text)) else pointer


def found(lines: Sequence[Line], taken: set[int], style: Style, table_top: int) -> Iterator[Found]:
    """Every labelled value outside the table's rows, each with its strength."""
    for index, line in enumerate(lines):
        if index in taken:
            continue
        for position, cell in enumerate(line.cells):
            label = label_of(cell)
            if label is None or (len(line.text) > 130 and not label.marked):
                continue
            for place, (value_cell, region) in enumerate(_places(lines, taken, index, position, label, table_top)):
                inner = label_of(value_cell) if label.pointer in NAMES else None
                value = convert(label.pointer, value_cell, style) if inner is None else None
                if value is not None:
                    strength = _strength(label, index, table_top) - 0.3 * place
                    yield Found(label.pointer, value, value_cell, strength, region, index)
                    yield from _second(label, value_cell, style, strength, region, index)
                    break
                if _ambiguous(label.pointer, value_cell):
                    yield Found(label.pointer, None, value_cell, 0.0, region, index)
                    break


def titled(lines: Sequence[Line]) -> Iterator[Found]:
    """The number that stands at an order's title: after it, beside or below it, or labelled with nothing but "number"."""
    for index, line in enumerate(lines[:40]):
        for position, cell in enumerate(line.cells):
            if fold(cell.words[0].text) == "no" and cell.words[0].text.endswith(":"):
                bare = cell.cut(1) or next(iter(line.cells[position + 1 : position + 2]), None)
                if bare is not None and (value := code(bare.text)):
                    yield Found("/order_number", value, bare, 0.6, Region.HEADER, index)
            if paper(cell.text) not in ORDERS:
                continue
            last = cell.cut(len(cell.words) - 1)
            near = [
                c
                for c in (last if len(cell.words) > 1 else None, *line.cells[position + 1 : position + 2], *_under(lines, index, cell))
                if c
            ]
            for place, value_cell in enumerate(near):
                value = code(value_cell.text) if len(value_cell.words) <= 2 else None
                if value and sum(ch.isdigit() for ch in value) >= 3 and not date(value, "dmy") and not date(value, "mdy"):
                    yield Found("/order_number", value, value_cell, 0.9 - 0.1 * place, Region.HEADER, index)
                    break


def names_order(lines: Sequence[Line]) -> bool:
    """Whether the head of the first page is titled as an order, or labels an order's number."""
    head = [line for line in lines[:HEAD_LINES] if line.page == lines[0].page]
    titles = [c for line in head if len(line.cells) <= MOST_CELLS for c in line.cells if not c.text.islower()]
    if any(paper(c.text) in ORDERS for c in titles):
        return True
    return any(f.pointer == "/order_number" and f.value for f in found(head, set(), Style(None, None), len(head)))


def _under(lines: Sequence[Line], index: int, title: Cell) -> Iterator[Cell]:
    """Cells below a title and near it; behind the bare label "number", what it labels."""
    for line in lines[index + 1 : index + 12]:
        if line.top - title.bottom > 4 * title.height + 12:
            return
        for at, cell in enumerate(line.cells):
            if line.page == title.page and cell.right > title.left - 20 and cell.left < title.right + 60:
                yield line.cells[at + 1] if fold(cell.text) == "no" and at + 1 < len(line.cells) else cell


def _ambiguous(pointer: str, cell: Cell) -> bool:
    """Whether the cell would be a date or an amount, if only it were known how the document writes them."""
    if pointer in DATES:
        return date(cell.text, "dmy") is not None and date(cell.text, "mdy") is not None
    return pointer in TOTALS and amount(cell.text, ".") is not None and amount(cell.text, ",") is not None


def _second(label: Label, cell: Cell, style: Style, strength: float, region: Region, index: int) -> Iterator[Found]:
    """The other value of a double label: `PO number/date` over `4711 / 1 Feb 2026`."""
    other = _pointer(label.cell.text.rpartition("/")[2].strip(": ")) if "/" in label.cell.text else None
    at = next((n for n, w in enumerate(cell.words) if w.text == "/"), None)
    rest = cell.cut(at + 1) if at is not None else None
    if other in DATES and rest is not None and (value := convert(other, rest, style)) is not None:
        yield Found(other, value, rest, strength + 0.5, region, index)


def _strength(label: Label, index: int, table_top: int) -> float:
    own = 0.5 * min(label.words, 3) + (0.5 if label.marked else 0.0) - (1.0 if fold(label.cell.text) in LOOSE else 0.0)
    behind = -0.7 if label.pointer in NAMES else 0.0
    return own + (0.5 if index < table_top or label.pointer in TOTALS else behind)


def _places(
    lines: Sequence[Line], taken: set[int], index: int, position: int, label: Label, table_top: int
) -> Iterator[tuple[Cell, Region]]:
    """Where the label's value may stand, the likeliest place first."""
    line = lines[index]
    region = Region.TOTALS if label.pointer in TOTALS else _region(line, index, table_top)
    if label.rest is not None:
        if label.marked or label.pointer not in NAMES or (len(label.rest.words) <= 6 and label.rest.text[:1].isupper()):
            yield label.rest, region
        if not label.marked:
            return
    beside = [*line.cells[position + 1 :]] or _level(lines[max(index - 1, 0) : index + 2], label.cell)
    grid = len(line.cells) > 1 and sum(label_of(c) is not None for c in line.cells) > 0.6 * len(line.cells) and label.rest is None
    right = _beside(label, beside, line)
    below = list(_below(lines, taken, index, label))
    aligned = label.pointer in NAMES and not label.marked and any(abs(c.left - label.cell.left) < 8 for c in below)
    order = [*below, *right] if (grid and not label.marked) or aligned else [*right, *below]
    for cell in order:
        yield cell, region


def _level(lines: Sequence[Line], own: Cell) -> list[Cell]:
    """Cells right of a label that are set so much larger that their line is another one."""
    cells = [c for line in lines if line.page == own.page for c in line.cells if c.left > own.right]
    return [c for c in cells if min(c.bottom, own.bottom) - max(c.top, own.top) > 0.5 * own.height and c.height > 1.3 * own.height]


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
        if not any(ch.isascii() and ch.isalnum() for ch in line.text) and any(ch.isascii() and ch.isalpha() for ch in own.text):
            continue  # the label again, in another script
        under = [
            c for c in line.cells if c.left < own.right + 4 and c.right > own.left - 4 and (abs(c.left - own.left) < 30 or _centred(c, own))
        ]
        if under and line.top >= own.bottom - 0.3 * own.height:
            inner = label_of(under[0])
            if inner is None:
                yield under[0]
            if inner is None or inner.pointer.split("/")[1] != label.pointer.split("/")[1]:
                return


def _centred(a: Cell, b: Cell) -> bool:
    return abs(a.middle - b.middle) < 25 or abs(a.right - b.right) < 6


def charges(lines: Sequence[Line], taken: set[int], after: int, style: Style) -> Iterator[tuple[bool, Decimal, Cell, Cell]]:
    """Charges and allowances on the whole order that stand among the totals: whether a charge, the amount, label and figure."""
    for index in range(after, len(lines)):
        line = lines[index]
        for label, figure in zip(line.cells, line.cells[1:], strict=False):
            kind = charge_label(label.text.rstrip(": ")) if index not in taken else None
            value = amount(figure.text, style.mark) if kind is not None else None
            if kind is not None and value:
                yield kind, abs(value), label, figure
