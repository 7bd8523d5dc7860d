"""The labelled values of laid-out text: a label, and beside or below it what it labels.

    PO Number: 4711        PO Number | Date          Vendor
                           4711      | 1 Feb 2026    Acme Ltd

A value is taken when it is of the label's kind: a date for a date, a code with a digit for a number. It belongs to one label, the
nearest of its kind. Of several values the best labelled one stands; two labelled as well as each other are none, and leave a notice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from signoff.domain.reading import Region
from signoff.tools.orders.label_grammar import OTHER
from signoff.tools.orders.labels import charge_label, fold, header_field
from signoff.tools.orders.layout_cells import Cell, Line, amount, join
from signoff.tools.orders.layout_labels import LOOSE, Label, any_label, label_of, parted
from signoff.tools.orders.layout_sums import TOTALS
from signoff.tools.orders.layout_values import CODES, DATES, NAMES, Style, code, convert
from signoff.tools.orders.values import date

REACH, BELOW, MOST_LABELS, WIDE = 30.0, 3.2, 4000, 130
"""How far right and below a value may stand, in heights of its label; labels looked at; characters of a line of running text."""
APART = 12.0
DEEP, LEAST_LINES, FLUSH, SPACED = 6, 3, 3.0, 1.3
"""How many lines above and below a label its address may reach, how many it has at least; how far their edges may differ, in points, and
how far its lines may stand apart, in heights of the tallest."""
BESIDE, GRID, UNDER, ALIGNED = 1.0, 1.5, 1.8, 1.2
"""What a place costs: right of the label, that in a row of labels, below it; and what is off where a name stands flush below."""
YOURS, REFERRED = 1.5, 0.7
"""What is taken off an order number that is "yours", the addressee's own, unless the paper gives no other; and off a mere reference."""
_YOUR = frozenset(
    ["your", "ihr", "ihre", "ihrer", "votre", "vos", "su", "sus", "vostro", "vostra", "uw", "din", "deres", "er", "ert", "teidan"]
)
_REFERENCE = frozenset({"ref", "reference", "referenz", "referencia", "riferimento", "referentie", "referanse", "referens", "viite"})
_AMOUNT = re.compile(r"\D{0,3}\d.*[.,]\d\d\D{0,3}")
_JOINS = frozenset({"/", "vom", "dated", "du", "del", "van", "of", "fra", "från", "av", "-", "–", "|", ",", "from"})


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a field: its evidence's cell, how well it is labelled, and where; `None` when the cell could mean two values."""

    pointer: str
    value: str | Decimal | dt.date | None
    cell: Cell
    strength: float
    region: Region
    line: int
    label: Cell | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a label's value may stand, and what it costs: the nearer the less."""

    cell: Cell
    region: Region
    cost: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A label's claim on a cell that is of its kind."""

    cost: float
    number: int
    rank: int
    label: Label
    index: int
    place: Place


def found(lines: Sequence[Line], taken: set[int], style: Style, table_top: int) -> Iterator[Found]:
    """Every labelled value outside the table's rows, each with its strength; from the top."""
    claims: list[Claim] = []
    cut = parted(lines)
    for number, (index, position, label) in enumerate(_labels(cut, taken)):
        if number >= MOST_LABELS:
            break
        for rank, place in enumerate(sorted(_places(cut, taken, index, position, label, table_top), key=lambda p: p.cost)):
            claims.append(Claim(place.cost, number, rank, label, index, place))
    for claim in sorted(_assigned(claims, style), key=lambda c: c.number):
        yield from _values(claim, style, table_top)


def _labels(lines: Sequence[Line], taken: set[int]) -> Iterator[tuple[int, int, Label]]:
    """Every label outside the table's rows with its line and its place in it; of two cells stacked into one label the lower."""
    for index, line in enumerate(lines):
        if index in taken:
            continue
        for position, cell in enumerate(line.cells):
            label = _stacked(lines[index - 1], line, cell) if index else None
            label = label or any_label(cell)
            if label is not None and (label.marked or len(line.text) <= WIDE):
                yield index, position, label


def _stacked(above: Line, line: Line, cell: Cell) -> Label | None:
    """A label of two lines, as headings of a grid are broken: `Order` over `date`."""
    if above.page != line.page or len(cell.words) > 3 or len(above.cells) < 2 or len(line.cells) > len(above.cells):
        return None
    over = next((c for c in above.cells if abs(c.left - cell.left) < 3 and cell.top - c.bottom < 0.6 * cell.height), None)
    if over is None or len(over.words) > 3 or ":" in over.text or any(ch.isdigit() for ch in over.text + cell.text):
        return None
    whole = Cell((*over.words, *cell.words), cell.page)
    label = label_of(whole)
    return label if label is not None and label.rest is None and not (header_field(over.text) and header_field(cell.text)) else None


def _assigned(claims: list[Claim], style: Style) -> Iterator[Claim]:
    """The claims that hold: the cheapest first, one value a label, one label a value. A column of totals shares nothing."""
    served: set[int] = set()
    given: dict[tuple[int, float, float], str] = {}
    for claim in sorted(claims, key=lambda c: (c.cost, c.number)):
        cell, pointer = claim.place.cell, claim.label.pointer
        key = (cell.page, cell.left, cell.top)
        if claim.number in served or given.get(key, pointer) != pointer or not _fits(pointer, cell, style):
            continue
        served.add(claim.number)
        if pointer not in TOTALS:
            given[key] = pointer
        if pointer != OTHER:
            yield claim


def _fits(pointer: str, cell: Cell, style: Style) -> bool:
    if pointer == OTHER:
        return True
    if pointer in NAMES and any_label(cell) is not None:
        return False
    return convert(pointer, cell, style) is not None or _ambiguous(pointer, cell)


def _values(claim: Claim, style: Style, table_top: int) -> Iterator[Found]:
    """What the label's value says, and the second value of a double label."""
    label, place, index = claim.label, claim.place, claim.index
    value = convert(label.pointer, place.cell, style)
    strength = _strength(label, index, table_top) - 0.3 * claim.rank if value is not None else 0.0
    yield Found(label.pointer, value, place.cell, strength, place.region, index, label.cell)
    if value is not None:
        yield from _second(label, place, style, strength, index)


def _ambiguous(pointer: str, cell: Cell) -> bool:
    """Whether the cell would be a date or an amount, if only it were known how the document writes them."""
    if pointer in DATES:
        return date(cell.text, "dmy") is not None and date(cell.text, "mdy") is not None
    return pointer in TOTALS and amount(cell.text, ".") is not None and amount(cell.text, ",") is not None


def _second(label: Label, place: Place, style: Style, strength: float, index: int) -> Iterator[Found]:
    """The day behind a number: `PO number/date` over `4711 / 1 Feb 2026`, `Order no: 4711 of 1 Feb 2026`."""
    other = header_field(label.cell.text.rpartition("/")[2].strip(": ")) if "/" in label.cell.text else None
    pointer = other if other in DATES else "/issue_date" if label.pointer == "/order_number" else None
    dated = behind(place.cell, style) if pointer is not None else None
    if pointer is not None and dated is not None:
        yield Found(pointer, dated[1], dated[0], strength + (0.5 if other else 0.0), place.region, index, label.cell)


def behind(cell: Cell, style: Style) -> tuple[Cell, dt.date | None] | None:
    """The day that a cell goes on with behind its number, and its value if that can be told."""
    at = next((n for n, w in enumerate(cell.words) if n and w.text.lower() in _JOINS), None)
    rest = cell.cut(at + 1) if at is not None else None
    value = convert("/issue_date", rest, style) if rest is not None else None
    if rest is None or not (isinstance(value, dt.date) or _ambiguous("/issue_date", rest)):
        return None
    return rest, value if isinstance(value, dt.date) else None


def _strength(label: Label, index: int, table_top: int) -> float:
    own = 0.5 * min(label.words, 3) + (0.5 if label.marked else 0.0) - (1.0 if fold(label.cell.text) in LOOSE else 0.0)
    words = set(fold(label.cell.text).split()) if label.pointer == "/order_number" else set[str]()
    own -= YOURS if words & _YOUR else REFERRED if words & _REFERENCE else 0.0
    behind_table = -0.7 if label.pointer in NAMES else 0.0
    return own + (0.5 if index < table_top or label.pointer in TOTALS else behind_table)


def _places(lines: Sequence[Line], taken: set[int], index: int, position: int, label: Label, table_top: int) -> Iterator[Place]:
    """Where the label's value may stand."""
    line = lines[index]
    region = Region.TOTALS if label.pointer in TOTALS else _region(line, index, table_top)
    if label.rest is not None:
        if label.marked or label.pointer not in NAMES or (len(label.rest.words) <= 6 and label.rest.text[:1].isupper()):
            yield Place(label.rest, region, 0.0)
        if not label.marked and label.pointer not in TOTALS:  # two columns set so close that they read as one
            yield from (Place(cell, region, UNDER) for cell in _below(lines, taken, index, label))
        return
    grid = not label.marked and len(line.cells) > 1 and sum(any_label(c) is not None for c in line.cells) > 0.6 * len(line.cells)
    beside = [*line.cells[position + 1 :]] or _level(lines[max(index - 1, 0) : index + 2], label.cell)
    below = list(_below(lines, taken, index, label))
    right = list(_beside(label, beside))
    if label.pointer in NAMES and (first := _middled(lines, index, label.cell)) is not None:
        yield Place(first, region, BESIDE)
    for rank, cell in enumerate(right):
        if label.pointer in NAMES and code(cell.text) == cell.text:
            yield from (Place(c, region, BESIDE + 0.1) for c in _below(lines, taken, index, Label(label.pointer, cell, None, label.marked)))
        far = max(cell.left - label.cell.right, 0.0) / (REACH * max(label.cell.height, 5.0))
        yield Place(cell, region, BESIDE + (0.1 * rank if label.pointer in TOTALS else far) + (GRID if grid else 0.0))
    for cell in below:
        deep = (cell.top - label.cell.bottom) / (BELOW * max(label.cell.height, 6.0))
        apart = not right or right[0].left - label.cell.right > APART * max(label.cell.height, 6.0)
        flush = label.pointer in NAMES and (apart or not label.marked) and abs(cell.left - label.cell.left) < 8
        yield Place(cell, region, UNDER + max(deep, 0.0) - (ALIGNED if flush else 0.0))


def _middled(lines: Sequence[Line], index: int, label: Cell) -> Cell | None:
    """The first line of an address beside which a label stands at half its height, as forms set in boxes have it."""
    near = [c for line in lines[max(index - DEEP, 0) : index + DEEP] if line.page == label.page for c in line.cells if c.left > label.right]
    left = min((c.left for c in near if c.top - label.bottom < label.height and label.top - c.bottom < label.height), default=None)
    block: list[Cell] = []
    apart = SPACED * max((c.height for c in near), default=0.0)
    for cell in (c for c in near if left is not None and abs(c.left - left) < FLUSH):
        if block and cell.top - block[-1].bottom > apart:
            if block[-1].bottom > label.middle_height:
                break
            block = []
        block.append(cell)
    if len(block) < LEAST_LINES or block[0].top >= label.top - 0.5 * label.height:
        return None
    return block[0] if abs((block[0].top + block[-1].bottom) / 2 - label.middle_height) < 0.5 * label.height else None


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


def _beside(label: Label, cells: list[Cell]) -> Iterator[Cell]:
    if label.pointer in TOTALS:
        figures = [c for c in cells if any(ch.isdigit() for ch in c.text)]
        yield from reversed(figures)
        joined = join(figures)
        if joined is not None and len(figures) > 1:
            yield joined
        return
    for cell in cells[:1]:
        far = cell.left - label.cell.right > REACH * max(label.cell.height, 5.0)
        if not far and (any_label(cell) is None or _prefixed(cell, label)):
            yield cell


def _prefixed(cell: Cell, label: Label) -> bool:
    """Whether a number's own prefix says what its label says: `Contract   MSA 4711`."""
    inner = any_label(cell)
    return inner is not None and label.pointer in CODES and inner.pointer == label.pointer and inner.rest is not None and not inner.marked


def _below(lines: Sequence[Line], taken: set[int], index: int, label: Label) -> Iterator[Cell]:
    """The nearest cell under the label, unless that is a label itself; and the next one, where a label in it says the name comes later."""
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
            inner = any_label(under[0])
            if inner is None:
                yield under[0]
            if inner is None or inner.pointer.split("/")[1:2] != label.pointer.split("/")[1:2]:
                return


def _centred(a: Cell, b: Cell) -> bool:
    return abs(a.middle - b.middle) < 25 or abs(a.right - b.right) < 6


def charges(lines: Sequence[Line], taken: set[int], after: int, style: Style) -> Iterator[tuple[bool, Decimal, Cell, Cell]]:
    """Charges and allowances on the whole order that stand among the totals: whether a charge, the amount, label and figure."""
    for index in range(after, len(lines)):
        for label, figure in [*pairwise(lines[index].cells), *filter(None, map(_ended, lines[index].cells))]:
            kind = charge_label(label.text.rstrip(": ")) if index not in taken else None
            value = amount(figure.text, style.mark) if kind is not None else None
            if kind is not None and value:
                yield kind and value > 0, abs(value), label, figure


def _ended(cell: Cell) -> tuple[Cell, Cell] | None:
    """A cell that ends with an amount, parted before it: `Freight 12.00`."""
    label, figure = cell.cut(0, -1), cell.cut(-1)
    return (label, figure) if label and figure and _AMOUNT.fullmatch(figure.text) else None
