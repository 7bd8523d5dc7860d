"""Rows of the line table as order lines: each cell converted by its column, doubtful columns settled by arithmetic.

Where a heading does not say which of two prices or amounts is meant, the pair stands for which quantity x price = amount, to the cent.
What is taken off or added below a row, down to the net amount that is printed there, are the line's own allowances and charges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from signoff.tools.orders.layout_cells import Cell, join
from signoff.tools.orders.layout_heading import FIGURES, Column
from signoff.tools.orders.layout_ids import coded
from signoff.tools.orders.layout_item import IDS, Item, Own
from signoff.tools.orders.layout_roles import Figure, figure_in, percentage, product_of, settled
from signoff.tools.orders.layout_table import Row, Table
from signoff.tools.orders.layout_values import Style, code
from signoff.tools.orders.layout_wrapped import MOST_PARTS, wrapped
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import date, number, quantity

PADDING = 6
"""Leading zeros from which on they are a filling."""


def items(table: Table, style: Style) -> list[Item]:
    """The table's rows as items. A column of "items" that counts 1, 2, 3 or 10, 20, 30 is one of line numbers."""
    table = settled(table, style.mark)
    found = [_item(table, row, style) for row in table.rows]
    coded(found)
    return found


def best_of(grids: Sequence[Table], style: Style) -> tuple[Table | None, list[Item]]:
    """The table with the most rows that add up, then the fullest, then the one with the fewest rows that do not, then the one that says
    most of its rows: that is the order's."""
    read = [(t, items(t, style)) for t in grids]
    return max(read, key=lambda r: _worth(r[1]), default=(None, []))


def _worth(found: Sequence[Item]) -> tuple[int, int, int, int]:
    proved = sum(i.proved for i in found)
    fullest = max((sum(n in i.values for n in (*FIGURES, "description")) for i in found), default=0)
    return proved, fullest, proved - len(found) if proved else len(found), sum(len(i.values) for i in found)


def _item(table: Table, row: Row, style: Style) -> Item:
    item = Item(told=table.told)
    _figures(item, table, row, style)
    for i, column in enumerate(table.columns):
        cell = row.cells.get(i)
        if cell is None or column.role is None:
            continue
        if column.role == "item" and (described := table.of(row, "description")):
            _named(item, _column_of(cell, column, row), described[0], column.heading.text)
        else:
            _plain(item, column.role, cell, style, column.heading.text)
    wrapped(item, table, row, style)
    if "description" not in item.values and not any(c.role == "description" for c in table.columns):
        item.put("description", *item.values.get("supplier_item_id", (None, next(iter(row.cells.values())))))  # all that names the item
    return item


def _column_of(cell: Cell, column: Column, row: Row) -> Cell:
    """The cell with the lines of wrapped text that stand under it in its column."""
    wrapped = [c for line in row.wrapped for c in line.cells if column.left <= c.left and c.right < column.right and c.top > cell.top]
    return join([cell, *wrapped[:MOST_PARTS]]) or cell


def _unpadded(cell: Cell) -> Cell:
    """An id without the zeros that an ERP fills it up with to a fixed length; few zeros belong to the id."""
    first = cell.words[0]
    bare = first.text.lstrip("0")
    return Cell((replace(first, text=bare), *cell.words[1:]), cell.page) if bare and len(first.text) - len(bare) >= PADDING else cell


def _named(item: Item, cell: Cell, described: Cell, heading: str) -> None:
    """A column of items beside one of descriptions: an id when it is set in capitals, with a digit or a hyphen; else part of the name."""
    cell = _unpadded(cell)
    if cell.text == cell.text.upper() and any(ch.isdigit() or ch == "-" for ch in cell.text) and len(cell.words) <= 3:
        item.put("supplier_item_id", cell.text[:60], cell, heading)
    elif len(cell.words) == 1 and code(cell.text):
        item.put("supplier_item_id", cell.text, cell, heading)
    elif (whole := join([cell, described])) is not None:
        item.put("description", whole.text[:1000], whole, heading)


def _figures(item: Item, table: Table, row: Row, style: Style) -> None:
    """Quantity, price and amount, from the cells for which the arithmetic holds where there is a choice."""
    cells = {role: [*table.of(row, role), *_around(table, row, role)] for role in FIGURES}
    choices = {role: [f for c in cells[role] if (f := figure_in(role, c, style.mark))] for role in FIGURES}
    chosen: dict[str, Figure | None] = {role: next(iter(choices[role]), None) for role in FIGURES}
    for q, p, a in product(*(choices[role][:4] for role in FIGURES)):
        if (found := product_of(q, p, a, table, row, style.mark)) is not None:
            chosen = dict(zip(FIGURES, (q, p, a), strict=True))
            _priced(item, table, row, (q, p, a), found, style)
            break
    else:
        for column in (c for c in table.columns if c.base and (price := chosen["unit_price"]) and not price.base):
            item.put("price_base_quantity", column.base, column.heading)
    for role, figure in chosen.items():
        if figure is None:
            if cells[role] and any(ch.isalnum() for ch in cells[role][0].text):
                item.unread[role] = cells[role][0]
            continue
        heading = next((c.heading.text for c in table.columns if c.role == role), None)
        item.put(role, figure.value, figure.cell, heading)
        if figure.unit:
            item.put("unit", unit(figure.unit), figure.cell, heading)
        if figure.base:
            item.put("price_base_quantity", figure.base, figure.cell, heading)


def _around(table: Table, row: Row, role: str) -> list[Cell]:
    """The column's cell in the lines around a row that lacks it: where it is wrapped, its first line stands above the row."""
    if table.of(row, role):
        return []
    columns = [c for c in table.columns if c.role == role]
    parts = [cell for line in row.wrapped for cell in line.cells if any(c.left <= cell.left and cell.middle < c.right for c in columns)]
    whole = join(parts[:MOST_PARTS])
    return [whole] if whole is not None and whole.text.lstrip("-+(")[:1].isdigit() else []


def _priced(
    item: Item, table: Table, row: Row, figures: tuple[Figure, Figure, Figure], found: tuple[Decimal, Decimal], style: Style
) -> None:
    """The base quantity and the discount under which the figures add up."""
    (q, p, a), (base, rate) = figures, found
    printed = next(iter([*table.of(row, "price_base_quantity"), *(c.heading for c in table.columns if c.base)]), None)
    if printed is not None and base != 1:
        item.put("price_base_quantity", base, printed)
    cell = next(
        (c for c in table.of(row, "discount_percent") if (v := percentage(c, style.mark)) is not None and 1 - abs(v) / 100 == rate), None
    )
    if cell is not None and rate != 1:
        item.own.append(Own(a.value - q.value * p.value / base, cell, percent=100 * (1 - rate)))


def _plain(item: Item, role: str, cell: Cell, style: Style, heading: str) -> None:
    """A cell of any other column."""
    text = cell.text
    if role == "line_number":
        item.put(role, text.rstrip(".") if re.fullmatch(r"[\w.-]{1,10}", text) and any(c.isdigit() for c in text) else None, cell, heading)
    elif role in IDS:
        label = next((n for n, w in enumerate(cell.words) if n and w.text.endswith(":")), None)  # `4711 Rev: B`
        bare = _unpadded(cell.cut(0, label) or cell)
        item.put(role, bare.text if len(bare.text) <= 60 else None, bare, heading)
    elif role == "item":
        item.put("description" if code(text) is None or len(cell.words) > 2 else "supplier_item_id", text, cell, heading)
    elif role in ("description", "contract_reference"):
        item.put(role, text, cell, heading)
    elif role == "unit":
        item.put(role, unit(text), cell, heading) if any(c.isalpha() for c in text) else None
    elif role == "price_base_quantity":
        measured = quantity(text, style.mark)
        item.put(role, measured[0] if measured and measured[0] > 0 else None, cell, heading)
    elif role in ("requested_delivery_date", "/requested_delivery_date"):
        _date(item, role.strip("/"), cell, style)
    elif role == "tax_percent":
        item.put(role, number(text.replace("%", "").strip(), style.mark), cell, heading)


def _date(item: Item, role: str, cell: Cell, style: Style) -> None:
    value = date(cell.text, style.order)
    item.put(role, value, cell)
    if value is None and any(c.isdigit() for c in cell.text):
        item.unread[role] = cell
