"""What stands around a row of the line table and belongs to it: the other lines of its description, labelled values, deliveries, and what
is taken off or added below it.

Every printed cell is accounted for. What is neither value nor text of the line is left as the item's rest, for the reading to doubt.
"""

from __future__ import annotations

import re
from decimal import Decimal

from signoff.tools.orders.labels import column_role
from signoff.tools.orders.layout_cells import Cell, Line, amount, join
from signoff.tools.orders.layout_figures import MARKS, figure, measured
from signoff.tools.orders.layout_item import IDS, Item, Own
from signoff.tools.orders.layout_sums import is_total
from signoff.tools.orders.layout_table import Row, Table
from signoff.tools.orders.layout_values import Style, code
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import DateOrder, Mark, date

MOST_PARTS = 6
"""Lines of text that make a description."""
LETTERS, UNIT = 3, 6
"""Letters that a text has at least which names something, and that a unit has at most."""
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")


def wrapped(item: Item, table: Table, row: Row, style: Style) -> None:
    """Give the item what its row's lines of wrapped text say; a text set anywhere describes a line that nothing else does."""
    own = [*_below(item, table, row, style), *_deliveries(item, table, row, style)]
    parts: list[Cell] = []
    for line in row.wrapped:
        if any(line is other for other in own) or is_total(line):
            continue
        text, rest = _told(item, table, line, style)
        parts += text
        item.rest += rest
    if not parts and "description" not in item.values:
        parts = [c for c in item.rest if _is_text(c) and any(line.cells == (c,) for line in row.wrapped)]
        item.rest = [c for c in item.rest if c not in parts]
    if not parts and "description" not in item.values and (whole := join(_details(table, row))) is not None:
        parts = [whole]
    _describe(item, parts, row)


def _is_text(cell: Cell) -> bool:
    """Whether a cell may name something: letters, and neither a label nor a figure."""
    return sum(ch.isalpha() for ch in cell.text) >= LETTERS and not cell.text.endswith(":") and not figure(cell.text)


def _told(item: Item, table: Table, line: Line, style: Style) -> tuple[list[Cell], list[Cell]]:
    """A wrapped line's cells that go on the description, and those that nothing claims; labelled values and units are the item's."""
    spans = _naming(table)
    text: list[Cell] = []
    rest: list[Cell] = []
    labelled = False
    for cell in line.cells:
        if not any(ch.isalnum() for ch in cell.text):
            continue
        if _labelled(item, cell, style):
            labelled = True
        elif any(a <= cell.left < b or a <= cell.middle < b for a, b in spans):
            text.append(cell)
        elif not _unit(item, table, cell):
            rest.append(cell)
    return ([], [*rest, *text]) if labelled else (text, rest)


def _naming(table: Table) -> list[tuple[float, float]]:
    """From where to where the columns go that name an item: those of descriptions, else of items, else of ids and details."""
    kinds: tuple[tuple[str, ...], ...] = (("description",), ("item",), (*IDS, "details"))
    own = next((found for roles in kinds if (found := [c for c in table.columns if c.role in roles])), [])
    return [(c.left, c.right) for c in own]


def _unit(item: Item, table: Table, cell: Cell) -> bool:
    """Whether a cell under the quantity is the unit it is counted in."""
    under = any(c.left <= cell.middle < c.right for c in table.columns if c.role in ("quantity", "unit"))
    if under and cell.text.isalpha() and len(cell.text) <= UNIT:
        item.put("unit", unit(cell.text), cell)
        return True
    return False


def _deliveries(item: Item, table: Table, row: Row, style: Style) -> list[Line]:
    """The lines below a row that spread its quantity over days, adding up to it; if there is one day, it is the line's."""
    whole = item.values.get("quantity", (None, item.unread.get("quantity")))[1]
    spans = [(c.left, c.right) for c in table.columns if c.role == "quantity"]
    found: list[tuple[Line, Cell, Cell]] = []
    for line in row.wrapped:
        words = [w for w in line.words if any(a <= (w.left + w.right) / 2 < b for a, b in spans)]
        day = next((Cell((w,), line.page) for w in line.words if any(date(w.text.strip("():,;"), o) for o in ORDERS)), None)
        if day is not None and words and day.words[0] not in words:
            found.append((line, day, Cell(tuple(words), line.page)))
    if whole is None or not found or not any(_adds_up(whole, [part for _, _, part in found], m) for m in MARKS):
        return []
    days = {day.text: day for _, day, _ in found}
    if len(days) == 1:
        day = next(iter(days.values()))
        item.put("requested_delivery_date", date(day.text.strip("():,;"), style.order), day)
    return [line for line, _, _ in found]


def _adds_up(whole: Cell, parts: list[Cell], mark: Mark) -> bool:
    total, *each = (measured(c.text, mark) for c in (whole, *parts))
    return total is not None and all(each) and sum(e[0] for e in each if e) == total[0]


def _details(table: Table, row: Row) -> list[Cell]:
    """What stands from the first column of details to the last, for a description where the table has none."""
    at = [i for i, c in enumerate(table.columns) if c.role == "details"]
    between = range(at[0], at[-1] + 1) if at else []
    return [row.cells[i] for i in between if i in row.cells and table.columns[i].role in ("details", None)]


def _describe(item: Item, parts: list[Cell], row: Row) -> None:
    """Join the wrapped parts to the description in the order they are printed, or let them be it where the row itself has none."""
    have = item.values.get("description")
    own = [have[1]] if have else []
    cells = sorted([*own, *parts], key=lambda c: (round(c.top), c.left))
    whole = join(cells[:MOST_PARTS])
    if whole is None or not parts:
        return
    text = whole.text[:1000]
    if have and code(str(have[0])) and len(str(have[0]).split()) == 1 and not any(name in item.values for name in IDS):
        item.put("buyer_item_id", have[0], have[1])
        rest = join(parts[:MOST_PARTS])
        text, whole = (rest.text[:1000], rest) if rest else (text, whole)
    item.values["description"] = (text, whole)


_NET = re.compile(r"\b(?:net|nett|netto|neto|nette)\b", re.IGNORECASE)
"""Behind the last row the net amount must say so: a total with freight before it has the same form."""


def _below(item: Item, table: Table, row: Row, style: Style) -> list[Line]:
    """The lines under the row's amount that are its allowances and charges, and the net amount that they lead to."""
    gross, spans = item.values.get("line_amount"), [(c.left, c.right) for c in table.columns if c.role == "line_amount"]
    if gross is None or not isinstance(gross[0], Decimal) or item.own:
        return []
    steps: list[Own] = []
    lines: list[Line] = []
    for line in row.wrapped:
        last = line.cells[-1]
        value = amount(last.text, style.mark) if len(line.cells) > 1 and any(a <= last.middle < b for a, b in spans) else None
        if value is None:
            continue
        if is_total(line):
            return []
        lines.append(line)
        if steps and value == gross[0] + sum(s.amount for s in steps) and (row is not table.rows[-1] or _NET.search(line.cells[0].text)):
            item.own = steps
            item.values["line_amount"] = (value, last)
            return lines
        steps.append(Own(value, last, line.cells[0]))
    return []


_CODE = re.compile(r"(?=.*(?:\d|\w-\w))[A-Z0-9][A-Z0-9./_-]{2,39}")


def code_like(text: str) -> bool:
    """Whether a word is set as an id is: in capitals, with a digit or a hyphen in it."""
    return _CODE.fullmatch(text) is not None


def _id(cell: Cell, marked: bool) -> str | None:
    """The id that a label names; behind a colon one that looks like an amount too, `43.270.72`."""
    word = cell.words[0].text.strip(":,; ")
    if len(cell.words) == 1 and code_like(word):
        return word
    return code(cell.text.strip(": ")) or (word if marked and len(cell.words) == 1 and any(c.isdigit() for c in word) else None)


def _labelled(item: Item, cell: Cell, style: Style) -> bool:
    """A label and its value under a row: `Delivery Date: 16-JAN-2026`, `Vendor Material No: 4055`."""
    for cut in range(min(len(cell.words) - 1, 5), 0, -1):
        head, rest = cell.cut(0, cut), cell.cut(cut)
        if head is None or rest is None:
            continue
        role = column_role(head.text.rstrip(": "))
        marked = head.text.endswith(":") or rest.text.startswith(":")
        if role in ("requested_delivery_date", "/requested_delivery_date"):
            role = "requested_delivery_date"
            dated = [d for w in rest.words[:8] if (d := date(w.text.strip("():,;"), style.order))]  # `CW 19 (10.05.2026)`
            item.put(role, date(rest.text.strip(": "), style.order) or next(iter(dated), None), rest)
            return role in item.values
        if role in IDS and (marked or cut > 1 or code_like(rest.text)) and (found := _id(rest, marked)):
            item.put(role, found, rest, head.text)
            return True
        if marked and role:
            return True
    return False
