"""A sheet as a reader of orders needs it: cells as text, exact numbers and dates under the habits of the whole document.

How a document writes numbers and dates is decided over all its cells at once (`Habits`), never cell by cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from signoff.domain.reading import Evidence, Region
from signoff.tools.documents.document import Sheet
from signoff.tools.orders.draft import plain
from signoff.tools.orders.values import DateOrder, Mark, date, date_order, decimal_mark, number, quantity

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document writes numbers and dates; `None` where it does not say."""

    mark: Mark | None
    order: DateOrder | None


def habits(sheets: Iterable[Sheet]) -> Habits:
    """What all text cells of a document prove about its decimal mark and its order of day and month."""
    texts = [c for sheet in sheets for row in sheet.rows for c in row if isinstance(c, str) and len(c) < 40]
    return Habits(decimal_mark(texts), date_order(texts))


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet with its document's habits. Places are 0-based (row, column); outside the sheet every cell is empty."""

    sheet: Sheet
    habits: Habits

    @property
    def height(self) -> int:
        return len(self.sheet.rows)

    def text(self, place: Place) -> str:
        """The cell as text; empty when there is nothing in it."""
        row, column = place
        if not (0 <= row < self.height and 0 <= column < len(self.sheet.rows[row])):
            return ""
        cell = self.sheet.rows[row][column]
        if cell is None:
            return ""
        return f"{cell:f}" if isinstance(cell, Decimal) else cell.isoformat() if isinstance(cell, dt.date) else str(cell).strip()

    def number(self, place: Place) -> Decimal | None:
        """The cell as an exact number: a number cell, or text that is one under the document's decimal mark."""
        cell = self._cell(place)
        if isinstance(cell, Decimal):
            return plain(cell) if len(cell.as_tuple().digits) + abs(int(cell.as_tuple().exponent)) <= 28 else None
        return number(cell, self.habits.mark) if isinstance(cell, str) else None

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

    def filled(self, row: int) -> list[int]:
        """The columns of a row that hold something."""
        return [c for c, cell in enumerate(self.sheet.rows[row]) if cell is not None] if 0 <= row < self.height else []

    def where(self, place: Place) -> str:
        """`Orders!D12`, as the spreadsheet program names the cell."""
        return f"{self.sheet.name}!{get_column_letter(place[1] + 1)}{place[0] + self.sheet.first_row}"

    def evidence(self, place: Place, region: Region, text: str | None = None) -> Evidence:
        return Evidence(text=(text or self.text(place))[:4000], where=self.where(place), region=region)
