"""A sheet as a reader of orders needs it: cells as text, exact numbers and dates under the habits of the whole document.

How a document writes numbers and dates is decided over all its cells at once (`Habits`), never cell by cell. A cell is converted once,
however often it is looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from signoff.domain.reading import Evidence, Region
from signoff.tools.documents.document import Cell, Sheet, column_letters
from signoff.tools.orders.draft import plain
from signoff.tools.orders.layout_dates import origin
from signoff.tools.orders.values import DateOrder, Mark, date, date_order, decimal_mark, number, quantity

Place = tuple[int, int]
_LONGEST = 40
"""Characters of a printed number or date."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document writes numbers and dates; `None` where it does not say."""

    mark: Mark | None
    order: DateOrder | None


def habits(sheets: Iterable[Sheet]) -> Habits:
    """What all text cells of a document prove about its decimal mark and its order of day and month, or tell of the place it comes from."""
    texts = list(dict.fromkeys(c for sheet in sheets for row in sheet.rows for c in row if isinstance(c, str)))
    mark = decimal_mark(t for t in texts if len(t) < _LONGEST and ("." in t or "," in t))
    days = [t for t in texts if t[:1].isdigit() and len(t) < _LONGEST and any(t.count(separator) > 1 for separator in "./-")]
    order = date_order(days)
    contradictory = order is None and len({date_order([t]) for t in days} & {"dmy", "mdy"}) == 2
    return Habits(mark, order if order or contradictory else origin(texts, mark))


@dataclass(slots=True)
class Grid:
    """A sheet with its document's habits. Places are 0-based (row, column); outside the sheet every cell is empty."""

    sheet: Sheet
    habits: Habits
    _texts: list[tuple[str, ...]] = field(init=False, repr=False)
    _filled: list[tuple[int, ...]] = field(init=False, repr=False)
    _numbers: dict[Place, Decimal | None] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._texts = [tuple(map(shown, row)) for row in self.sheet.rows]
        self._filled = [tuple(c for c, text in enumerate(row) if text) for row in self._texts]

    @property
    def height(self) -> int:
        return len(self._texts)

    @property
    def words(self) -> list[str]:
        """The texts of all cells that hold letters."""
        return [t for row in self._texts for t in row if any(map(str.isalpha, t))]

    def text(self, place: Place) -> str:
        """The cell as text; empty when there is nothing in it."""
        row, column = place
        return self._texts[row][column] if 0 <= row < len(self._texts) and 0 <= column < len(self._texts[row]) else ""

    def number(self, place: Place) -> Decimal | None:
        """The cell as an exact number: a number cell, or text that is one under the document's decimal mark."""
        if place not in self._numbers:
            self._numbers[place] = self._number(self._cell(place))
        return self._numbers[place]

    def _number(self, cell: object) -> Decimal | None:
        if isinstance(cell, Decimal):
            return plain(cell) if len(cell.as_tuple().digits) + abs(int(cell.as_tuple().exponent)) <= 28 else None
        if not isinstance(cell, str):
            return None
        whole, point, part = cell.partition(self.habits.mark or "\0")
        if whole.isdecimal() and cell.isascii() and len(cell) <= 28 and (part.isdecimal() if point else True):
            return Decimal(f"{whole}.{part}" if point else whole)
        return number(cell, self.habits.mark)

    def percent(self, place: Place) -> Decimal | None:
        cell = self._cell(place)
        return number(cell.rstrip("% "), self.habits.mark) if isinstance(cell, str) else self.number(place)

    def quantity(self, place: Place) -> tuple[Decimal, str | None] | None:
        """A number, with the unit that is printed after it in the same cell."""
        value = self.number(place)
        return (value, None) if value is not None else quantity(self.text(place), self.habits.mark)

    def date(self, place: Place) -> dt.date | None:
        cell = self._cell(place)
        if isinstance(cell, dt.date):
            return cell
        return date(cell, self.habits.order) if isinstance(cell, str) else None

    def wordy(self, place: Place) -> bool:
        """Whether the cell is text that is neither a number nor a date."""
        return isinstance(self._cell(place), str) and self.number(place) is None and self.date(place) is None

    def _cell(self, place: Place) -> object:
        row, column = place
        return self.sheet.rows[row][column] if 0 <= row < self.height and 0 <= column < len(self.sheet.rows[row]) else None

    def filled(self, row: int) -> Sequence[int]:
        """The columns of a row that hold something."""
        return self._filled[row] if 0 <= row < len(self._filled) else ()

    def where(self, place: Place) -> str:
        """`Orders!D12`, as the spreadsheet program names the cell."""
        return f"{self.sheet.name}!{column_letters(place[1] + 1)}{place[0] + self.sheet.first_row}"

    def evidence(self, place: Place, region: Region, text: str | None = None, label: str | None = None) -> Evidence:
        """The cell as evidence, with the label or heading that names it."""
        return Evidence(text=(text or self.text(place))[:4000], where=self.where(place), region=region, label=(label or "")[:200] or None)


def shown(cell: Cell) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else cell.isoformat() if isinstance(cell, dt.date) else str(cell).strip()
