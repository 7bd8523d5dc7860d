"""Price lists: the agreed prices in sheets (XLSX, ODS, CSV) and in the tables of laid-out documents (PDF, Word, HTML).

A table of prices names an item and has a price beside it; its columns are told by their headings. Tiers stand in columns (`from 100`) or
in rows. What names an item and has no price that can be read is told, never left out in silence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signoff.domain.agreement import FoundPrice
from signoff.tools.agreements.price_pages import page_sheets
from signoff.tools.agreements.price_rows import Entry, Frame, Head, entry, found, head, merged
from signoff.tools.agreements.price_words import IDS
from signoff.tools.documents.document import Document, Sheet
from signoff.tools.orders.cells import Grid, Habits, habits
from signoff.tools.orders.layout_cells import lines_of
from signoff.tools.orders.values import DateOrder, currency, date

_DAY = r"\b:?\s*(.{6,24}?)"
_FROM = re.compile(
    r"\b(?:valid from|effective(?: from| as of)?|valid as of|gültig (?:ab|vom)"
    r"|valable (?:dès|à partir du|du)|válido desde|valido dal|geldig vanaf)"
    + _DAY + r"(?=$|\s(?:to|until|till|through|bis|au|jusqu|hasta|al|tot)\b|[;,)]\s|\.\s|\.$)",
    re.IGNORECASE,
)  # fmt: skip
_TO = re.compile(
    r"\b(?:valid (?:to|until|till|through)|to|until|till|through|(?:gültig )?bis(?: zum)?|au|jusqu'au|hasta(?: el)?|al|tot(?: en met)?)"
    + _DAY + r"(?=$|[;,)]\s|\.\s|\.$)",
    re.IGNORECASE,
)  # fmt: skip
_MONEY = re.compile(r"\b(?:prices?|currency|preise?|währung|prix|devise|precios?|moneda|prezzi|valuta|prijzen)\b", re.IGNORECASE)
_TEXT = 200
"""A cell or line longer than this is prose, not the head of a list."""


@dataclass(frozen=True)
class PriceList:
    """The prices of a document, and sentences about what could not be read."""

    prices: tuple[FoundPrice, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sheet:
    """A table as cells, with the texts that stand around it, and the page it is on."""

    sheet: Sheet
    around: tuple[str, ...] = ()
    page: int | None = None


def read_prices(document: Document) -> tuple[FoundPrice, ...]:
    """Every agreed price that the document's tables print."""
    return read_price_list(document).prices


def read_price_list(document: Document) -> PriceList:
    """The same, with what could not be read."""
    shown = list(_sheets(document))
    said = habits([s.sheet for s in shown])
    entries: list[tuple[_Sheet, list[Entry]]] = []
    notices: list[str] = []
    for sheet in shown:
        own, unread = _read(sheet, said)
        entries.append((sheet, own))
        notices += [
            f"{sheet.sheet.name}, row {row + sheet.sheet.first_row}: no price was read; check {text[:80]!r}." for row, text in unread
        ]
    prices = tuple(found(one, sheet.page) for sheet, own in entries for one in own)
    return PriceList(prices, tuple(notices[:20]) + ((f"{len(notices) - 20} more rows have no price.",) if len(notices) > 20 else ()))


def _sheets(document: Document) -> Iterator[_Sheet]:
    for sheet in document.sheets:
        if not sheet.hidden:
            yield _Sheet(sheet)
    lines = lines_of(document.pages)
    around = tuple(line.text for line in lines if len(line.text) <= _TEXT)
    for sheet, page in page_sheets(lines):
        yield _Sheet(sheet, around, page)


def _read(shown: _Sheet, said: Habits) -> tuple[list[Entry], list[tuple[int, str]]]:
    """The entries of a sheet, and the rows that name an item by its number and have no price."""
    grid = Grid(shown.sheet, said)
    entries: list[Entry] = []
    unread: list[tuple[int, str]] = []
    top: Head | None = None
    above: Entry | None = None
    frame = _frame(grid, shown)
    for row in range(grid.height):
        if heading := head(grid, row):
            top, above = heading, None
        elif top is not None and grid.filled(row):
            one = entry(grid, top, row, frame, above)
            if one is not None:
                entries.append(one)
                above = one
            elif any(grid.text((row, c)) for name in IDS for c in top.columns.get(name, ())) and len(grid.filled(row)) > 1:
                unread.append((row, " | ".join(grid.text((row, c)) for c in grid.filled(row))))
    return merged(entries), unread


def _frame(grid: Grid, shown: _Sheet) -> Frame:
    """Currency and validity that the list states once for all of its rows."""
    texts = [t for r in range(grid.height) for c in grid.filled(r) if (t := grid.text((r, c))) and len(t) <= _TEXT] + list(shown.around)
    stated = {code for text in texts if _MONEY.search(text) and (code := currency(text))}
    printed = currency(shown.sheet.currency or "")
    first, last = _days(texts, _FROM, grid.habits.order), _days(texts, _TO, grid.habits.order)
    money = stated.pop() if len(stated) == 1 else printed if not stated else None
    return Frame(money, first, last if first is None or last is None or last >= first else None, shown.page)


def _days(texts: Sequence[str], pattern: re.Pattern[str], order: DateOrder | None) -> dt.date | None:
    """The one day that the texts state so; nothing where they state none, or several."""
    found = {day for text in texts if (said := pattern.search(text)) and (day := date(said[1].strip(" ."), order))}
    return found.pop() if len(found) == 1 else None
