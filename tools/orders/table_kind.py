"""What kind of paper a sheet is: an order, or one of the look-alikes that are made of the same columns."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.columns import Table
from signoff.tools.orders.labels import header_field, is_label, title_kind

ORDERS = ("order", "change", "cancellation")
_TITLE_ROWS = 15


def titles(grid: Grid, taken: Container[int]) -> Iterator[tuple[str, str]]:
    """(kind, text) of the titles on top of a sheet, then of its name. A label such as `Quotation No` with a value is no title."""
    filled = [r for r in range(grid.height) if grid.filled(r) and r not in taken][:_TITLE_ROWS]
    for row in filled:
        for column in grid.filled(row):
            text = grid.text((row, column))
            kind = title_kind(text.split("\n")[0])
            if kind and (kind in ORDERS or header_field(text) is None or not _labels_value(grid, (row, column))):
                yield kind, text
    named = title_kind(grid.sheet.name)
    if named:
        yield named, grid.sheet.name


def _labels_value(grid: Grid, place: Place) -> bool:
    """Whether something that is no label stands right of a cell, which so is a label and no title."""
    right = next((c for c in grid.filled(place[0]) if c > place[1]), None)
    return right is not None and not is_label(grid.text((place[0], right)))


def look_alike(grid: Grid, tables: Sequence[Table], taken: Container[int], stated: Container[str]) -> tuple[str, str] | None:
    """(kind, reason) when the sheet is not an order. `stated`: pointers of its fields, and `lines` if any line is filled in."""
    first = next(titles(grid, taken), None)
    lines = [t for t in tables if t.has_lines]
    invoiced = next((t for t in tables if "invoice_number" in t.columns), None)
    if first and first[0] not in ORDERS:
        return first[0], f"The sheet {grid.sheet.name!r} is titled {first[1]!r}."
    if invoiced and not first:
        return "invoice", f"The table in {grid.sheet.name!r} has a column {invoiced.heading(invoiced.columns['invoice_number'][0])!r}."
    if not lines:
        return "other", f"The sheet {grid.sheet.name!r} has no table of order lines."
    numbered = "/order_number" in stated
    if "/quotation_reference" in stated and not (first or numbered):
        return "quotation", f"The sheet {grid.sheet.name!r} states a quotation's number and no order."
    found = _by_columns(grid, lines, ordered=bool(first) or numbered)
    if found is None and "lines" not in stated:
        return "blank form", f"The table in {grid.sheet.name!r} has headings but no line is filled in."
    return found


def _by_columns(grid: Grid, lines: Sequence[Table], ordered: bool) -> tuple[str, str] | None:
    """A table without quantities: a price list, a stock list, receipts; a service order may still name an amount for each line."""
    roles = {role for t in lines for role in t.columns}
    name = grid.sheet.name
    if "quantity" not in roles:
        if "stock" in roles:
            return "stock list", f"The table in {name!r} counts stock, and orders nothing."
        if "other_quantity" in roles and "unit_price" not in roles and "line_amount" not in roles:
            return "delivery note", f"The table in {name!r} counts what was received or is open, and orders nothing."
        if not (ordered and "line_amount" in roles) and not (ordered and "/order_number" in roles):
            return "price list", f"The table in {name!r} names items and prices but no quantities."
    return None
