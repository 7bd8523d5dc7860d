"""Rows of the line table as order lines: each cell converted by its column, doubtful columns settled by arithmetic.

Where a heading does not say which of two prices or amounts is meant, the pair stands for which quantity x price = amount, to the cent. A
document whose table has no heading that can be read is searched for such triples instead; a line without one is not invented.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product

from signoff.tools.documents.document import Word
from signoff.tools.orders.labels import column_role
from signoff.tools.orders.layout_cells import Cell, Line, amount, join
from signoff.tools.orders.layout_table import Column, Row, Table, figure
from signoff.tools.orders.layout_values import Style, code
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import Mark, date, number, quantity

IDS = ("buyer_item_id", "supplier_item_id", "standard_item_id")
CENT = Decimal("0.01")
Value = str | Decimal | dt.date


@dataclass(slots=True)
class Item:
    """An order line in the making: values with the cells that prove them, and what could not be converted."""

    values: dict[str, tuple[Value, Cell]] = field(default_factory=dict)
    unread: dict[str, Cell] = field(default_factory=dict)

    def put(self, name: str, value: Value | None, cell: Cell) -> None:
        """Keep a value; the first for a field stays."""
        if value is not None and value != "":
            self.values.setdefault(name, (value, cell))

    def figure(self, name: str) -> Decimal | None:
        value = self.values.get(name, (None, None))[0]
        return value if isinstance(value, Decimal) else None

    @property
    def proved(self) -> bool:
        """Whether quantity x price / base is the amount, to the cent."""
        q, p, a = (self.figure(n) for n in ("quantity", "unit_price", "line_amount"))
        base = self.figure("price_base_quantity") or Decimal(1)
        return q is not None and p is not None and a is not None and agrees(q * p / base, a)


def agrees(exact: Decimal, printed: Decimal) -> bool:
    """Whether a printed amount is the exact one, rounded to the digits that are printed (at least to the cent)."""
    step = min(CENT, Decimal(1).scaleb(int(printed.as_tuple().exponent)))
    return abs(exact - printed) <= step / 2 or abs(exact.quantize(CENT) - printed) == 0


def items(table: Table, style: Style) -> list[Item]:
    """The table's rows as items. A column of "items" that counts 1, 2, 3 or 10, 20, 30 is one of line numbers."""
    return [_item(_numbered(table), row, style) for row in table.rows]


def _numbered(table: Table) -> Table:
    if any(c.role == "line_number" for c in table.columns):
        return table
    for i, column in enumerate(table.columns):
        texts = [row.cells[i].text if i in row.cells else "" for row in table.rows]
        if column.role in ("item", "buyer_item_id") and all(re.fullmatch(r"\d{1,5}", t) for t in texts):
            steps = [int(t) for t in texts]
            if steps in ([n + 1 for n in range(len(steps))], [10 * n + 10 for n in range(len(steps))]):
                columns = tuple(replace(c, role="line_number") if n == i else c for n, c in enumerate(table.columns))
                return replace(table, columns=columns)
    return table


def _item(table: Table, row: Row, style: Style) -> Item:
    item = Item()
    _figures(item, table, row, style)
    for i, column in enumerate(table.columns):
        cell = row.cells.get(i)
        if cell is not None and column.role:
            _plain(item, "supplier_item_id" if _is_id(cell, column, table, row) else column.role, cell, style)
    _wrapped(item, table, row, style)
    return item


def _is_id(cell: Cell, column: Column, table: Table, row: Row) -> bool:
    """Whether a column of items holds an id here: one word in capitals that goes on in no other line, beside a description."""
    if column.role != "item" or len(cell.words) > 1 or cell.text != cell.text.upper() or not table.of(row, "description"):
        return False
    return not any(column.left <= c.left < column.right for line in row.wrapped for c in line.cells)


def _figures(item: Item, table: Table, row: Row, style: Style) -> None:
    """Quantity, price and amount, from the cells for which the arithmetic holds where there is a choice."""
    choices = {role: [(c, v) for c in table.of(row, role) if (v := _figure(role, c.text, style.mark))] for role in FIGURES}
    options: list[list[tuple[Cell, Reading] | None]] = [[*choices[role]] or [None] for role in FIGURES]
    best = next((o for o in product(*options) if all(o) and _holds(o)), None) or [o[0] for o in options]
    for role, chosen in zip(FIGURES, best, strict=True):
        cells = table.of(row, role)
        if chosen is None:
            if cells and any(ch.isalnum() for ch in cells[0].text):
                item.unread[role] = cells[0]
            continue
        cell, (value, printed, base) = chosen
        item.put(role, value, cell)
        if printed:
            item.put("unit", unit(printed), cell)
        if base:
            item.put("price_base_quantity", base, cell)


FIGURES = ("quantity", "unit_price", "line_amount")
Reading = tuple[Decimal, str | None, Decimal | None]


def _holds(option: Sequence[tuple[Cell, Reading] | None]) -> bool:
    q, p, a = (o[1] for o in option if o)
    return agrees(q[0] * p[0] / (p[2] or Decimal(1)), a[0])


def _figure(role: str, text: str, mark: Mark | None) -> Reading | None:
    """A figure with the unit and the base quantity printed at it: `510/EA`, `4.61/Ea`, `7.53 / 100`, `12 Stk`."""
    before, slash, after = (part.strip() for part in text.partition("/"))
    plain_value = number(text, mark) if role == "quantity" else amount(text, mark)
    if plain_value is not None:
        return plain_value, None, None
    if slash and (value := number(before, mark)) is not None:
        per = quantity(after, mark) if any(c.isdigit() for c in after) else None
        printed = per[1] if per else (after if role == "quantity" and after.isalpha() else None)
        return value, printed if role == "quantity" else None, per[0] if per and role == "unit_price" else None
    measured = quantity(text, mark)
    return (measured[0], measured[1], None) if measured and role == "quantity" else None


def _plain(item: Item, role: str, cell: Cell, style: Style) -> None:
    """A cell of any other column."""
    text = cell.text
    if role == "line_number":
        item.put(role, text.rstrip(".") if re.fullmatch(r"[\w.-]{1,10}", text) and any(c.isdigit() for c in text) else None, cell)
    elif role in IDS:
        item.put(role, text if len(text) <= 60 else None, cell)
    elif role == "item":
        item.put("description" if code(text) is None or len(cell.words) > 2 else "supplier_item_id", text, cell)
    elif role == "description":
        item.put(role, text, cell)
    elif role == "unit":
        item.put(role, unit(text), cell) if any(c.isalpha() for c in text) else None
    elif role == "price_base_quantity":
        measured = quantity(text, style.mark)
        item.put(role, measured[0] if measured and measured[0] > 0 else None, cell)
    elif role in ("requested_delivery_date", "/requested_delivery_date"):
        _date(item, role.strip("/"), cell, style)
    elif role == "tax_percent":
        item.put(role, number(text.replace("%", "").strip(), style.mark), cell)
    elif role == "contract_reference":
        item.put(role, text, cell)


def _date(item: Item, role: str, cell: Cell, style: Style) -> None:
    value = date(cell.text, style.order)
    item.put(role, value, cell)
    if value is None and any(c.isdigit() for c in cell.text):
        item.unread[role] = cell


def _wrapped(item: Item, table: Table, row: Row, style: Style) -> None:
    """Lines of text that belong to the row: labelled values, and the description's other lines."""
    naming = [i for i, c in enumerate(table.columns) if c.role in ("description", "item", "details")]
    naming = naming or [i for i, c in enumerate(table.columns) if c.role in IDS]
    parts: list[Cell] = []
    for line in row.wrapped:
        labelled = False
        for cell in line.cells:
            labelled = _labelled(item, cell, style) or labelled
        spans = [(table.columns[i].left, table.columns[i].right) for i in naming]
        inside = [c for c in line.cells if any(a <= c.left < b or a <= c.middle < b for a, b in spans)]
        if not labelled and inside:
            parts.append(inside[0])
    _describe(item, parts, row)


def _describe(item: Item, parts: list[Cell], row: Row) -> None:
    """Join the wrapped parts to the description, or let them be it where the row itself has none."""
    have = item.values.get("description")
    own = [have[1]] if have else []
    cells = [*own, *parts]
    whole = join(cells[:6])
    if whole is None or not parts:
        return
    text = whole.text[:1000]
    if have and code(str(have[0])) and len(str(have[0]).split()) == 1 and not any(name in item.values for name in IDS):
        item.put("buyer_item_id", have[0], have[1])
        rest = join(parts[:6])
        text, whole = (rest.text[:1000], rest) if rest else (text, whole)
    item.values["description"] = (text, whole)


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
            item.put(role, date(rest.text.strip(": "), style.order), rest)
            return role in item.values
        if role in IDS and (marked or cut > 1) and (found := code(rest.text.strip(": "))):
            item.put(role, found, rest)
            return True
        if marked and role:
            return True
    return False


def triples(lines: Sequence[Line], taken: set[int], style: Style) -> Iterator[tuple[int, Item]]:
    """Lines that hold quantity, price and amount, proved by arithmetic, where no heading says so."""
    for index, line in enumerate(lines):
        figures = [(w, v) for w in line.words if (v := number(w.text, style.mark)) is not None and v > 0]
        if index in taken or not 3 <= len(figures) <= 12:
            continue
        item = _triple(line, figures)
        if item is not None:
            _context(item, lines, index)
            yield index, item


def _triple(line: Line, figures: list[tuple[Word, Decimal]]) -> Item | None:
    count = len(figures)
    for k in range(count - 1, 1, -1):
        for i in range(k):
            for j in range(i + 1, k):
                q, p, a = figures[i][1], figures[j][1], figures[k][1]
                if agrees(q * p, a) and a != q and a != p and "." in str(a):
                    item = Item()
                    for name, at in zip(FIGURES, (i, j, k), strict=True):
                        item.put(name, figures[at][1], Cell((figures[at][0],), line.page))
                    return item
    return None


def _context(item: Item, lines: Sequence[Line], index: int) -> None:
    """Line number, item id, unit and description from the line itself, or the one above it."""
    for line in (lines[index], *lines[index - 1 : index]):
        texts = [c for c in line.cells if sum(ch.isalpha() for ch in c.text) >= 3 and not figure(c.text, "quantity")]
        if texts and line.page == lines[index].page:
            item.put("description", texts[0].text, texts[0])
        ids = [c for c in line.cells[:3] if c not in texts and len(c.words) == 1 and code(c.text) and len(c.text) > 5]
        if ids:
            item.put("buyer_item_id", ids[0].text, ids[0])
        first = line.cells[0]
        if first.words[0].text.isdigit() and len(first.words[0].text) <= 5:
            item.put("line_number", first.words[0].text, first)
