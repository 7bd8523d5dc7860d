"""Places that a person's correction taught: found on the paper that was corrected, and read again on the next one of its layout.

A place is words that are printed next to a value: beside it, above it, or as the heading of its column. A place is only learned when
reading it gives the very value that the person entered.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from signoff.domain.layouts import SHIFT, Place, Relation, letters
from signoff.domain.reading import Evidence
from signoff.tools.documents.document import Document
from signoff.tools.orders.labels import fold
from signoff.tools.orders.layout_borders import bordered
from signoff.tools.orders.layout_cells import Cell, Line, amount, lines_of
from signoff.tools.orders.layout_dates import day_order
from signoff.tools.orders.layout_heading import Column, Heading, headings
from signoff.tools.orders.layout_labels import parted
from signoff.tools.orders.layout_values import Style, convert
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import date, decimal_mark

Value = str | Decimal | dt.date
MOST_WORDS, BELOW = 6, 4
"""Words of a label, and lines below it in which its value may stand."""
FIGURES = frozenset({"quantity", "unit_price", "line_amount", "price_base_quantity", "tax_percent"})


@dataclass(frozen=True)
class Print:
    """A paper as it is printed: its lines with labels cut off, and how it writes numbers and dates; `evidence` is what was read from it."""

    document: Document
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[Line]:
        return parted(lines_of(self.document.pages))

    @cached_property
    def style(self) -> Style:
        mark = decimal_mark([c.text for line in self.lines for c in line.cells])
        return Style(mark, day_order(self.lines, mark))

    @cached_property
    def rows(self) -> dict[int, int]:
        """For each order line the printed line, by its position among the lines, where its figures and ids say where it stands."""
        told: dict[int, list[Evidence]] = defaultdict(list)
        for pointer, evidence in self.evidence.items():
            steps = pointer.split("/")
            if steps[1] == "lines" and len(steps) == 4 and steps[3] != "description":
                told[int(steps[2])].append(evidence)
        found = {i: self._row(evidence) for i, evidence in sorted(told.items())}
        return {i: row for i, row in found.items() if row is not None}

    def _row(self, evidence: Sequence[Evidence]) -> int | None:
        """The printed line in whose height most of these texts stand."""
        boxes = [(e.page, e.box) for e in evidence if e.box is not None]
        votes = [sum(line.page == page and box[1] <= (line.top + line.bottom) / 2 <= box[3] for page, box in boxes) for line in self.lines]
        most = max(votes, default=0)
        return votes.index(most) if most else None

    def columns(self, row: int) -> tuple[Column, ...]:
        """The columns in which a row stands: of the nearest heading above it, with borders that suit the table's rows."""
        above = [h for h in self._headings if h.stop <= row]
        if not above:
            return ()
        return bordered(above[-1].columns, [self.lines[i] for i in self.rows.values() if i >= above[-1].stop])

    @cached_property
    def _headings(self) -> list[Heading]:
        return list(headings(self.lines))


def same(one: object, other: object) -> bool:
    """Whether two values say the same; texts by their letters and digits."""
    return one == other or (isinstance(one, str) and isinstance(other, str) and letters(one) == letters(other) != "")


def cell_of(paper: Print, row: int, columns: Sequence[Column], place: Place) -> Cell | None:
    """What a row says in the column that a place names."""
    column = next((c for c in columns if fold(c.heading.text) == fold(place.label) and near(c.heading, place)), None)
    if column is None:
        return None
    words = tuple(w for w in paper.lines[row].words if column.left <= (w.left + w.right) / 2 < column.right)
    return Cell(words, paper.lines[row].page) if words else None


def near(cell: Cell, place: Place) -> bool:
    return abs(cell.left - place.left) <= SHIFT


def line_value(leaf: str, cell: Cell, style: Style) -> Value | None:
    """A cell of a row as the value of a field of an order line."""
    text = cell.text.strip(" :")
    if leaf in FIGURES:
        return amount(text.replace("%", ""), style.mark)
    if leaf.endswith("_date"):
        return date(text, style.order)
    if leaf == "unit":
        return unit(text) if any(c.isalpha() for c in text) else None
    return text[:1000] if any(c.isalnum() for c in text) else None


def labelled(paper: Print, place: Place) -> tuple[Value, Cell] | None:
    """What stands where a place of the header says, from the first label there that names a value of its kind."""
    for at, line in _outside(paper):
        for position, cell in enumerate(line.cells):
            if not near(cell, place):
                continue
            for relation, label, value in _neighbours(paper.lines, at, position):
                if relation is place.relation and fold(label.text) == fold(place.label):
                    found = convert(place.pointer, value, paper.style)
                    if found is not None:
                        return found, value
    return None


def _outside(paper: Print) -> list[tuple[int, Line]]:
    """The lines with their positions, without the rows of the table: nothing there is a label."""
    rows = set(paper.rows.values())
    return [(at, line) for at, line in enumerate(paper.lines) if at not in rows]


def places(paper: Print, pointer: str, value: Value) -> Iterator[Place]:
    """Where a header field of this value may stand, the likeliest first: behind a colon, beside, below."""
    found: list[tuple[int, Place]] = []
    for at, line in _outside(paper):
        for position, _ in enumerate(line.cells):
            for relation, label, cell in _neighbours(paper.lines, at, position):
                if same(convert(pointer, cell, paper.style), value):
                    rank = (not label.text.endswith(":")) + 2 * (relation is Relation.BELOW)
                    found.append((rank, Place(pointer=pointer, relation=relation, label=label.text[:200], left=round(label.left))))
    yield from (place for _, place in sorted(found, key=lambda f: f[0]))


def _neighbours(lines: Sequence[Line], at: int, position: int) -> Iterator[tuple[Relation, Cell, Cell]]:
    """Every label that a cell is or begins with, longest first, and the cell that it may name."""
    line, cell = lines[at], lines[at].cells[position]
    for cut in range(min(len(cell.words) - 1, MOST_WORDS), 0, -1):
        head, rest = cell.cut(0, cut), cell.cut(cut)
        if head is not None and rest is not None and names(head.text):
            yield Relation.BESIDE, head, rest
    if not names(cell.text) or len(cell.words) > MOST_WORDS:
        return
    if position + 1 < len(line.cells):
        yield Relation.BESIDE, cell, line.cells[position + 1]
    for below in lines[at + 1 : at + 1 + BELOW]:
        under = next((c for c in below.cells if c.left < cell.right and c.right > cell.left), None)
        if below.page != line.page:
            return
        if under is not None:
            yield Relation.BELOW, cell, under
            return


def names(text: str) -> bool:
    """Whether a text can be a label: words without figures."""
    return any(c.isalpha() for c in text) and not any(c.isdigit() for c in text)


def column_places(paper: Print, row: int, columns: Sequence[Column], wanted: Mapping[str, Value]) -> Iterator[Place]:
    """The columns in which a row says these values of its fields."""
    for leaf, value in wanted.items():
        for column in columns:
            place = Place(
                pointer=f"/lines/*/{leaf}", relation=Relation.COLUMN, label=column.heading.text[:200], left=round(column.heading.left)
            )
            cell = cell_of(paper, row, [column], place)
            if cell is not None and same(line_value(leaf, cell, paper.style), value):
                yield place
                break
