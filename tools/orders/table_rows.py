"""The rows of a table: lines, their continuations, totals, and what is none of these."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from signoff.tools.orders.column_roles import FIGURES, ITEM_IDS, SUMS
from signoff.tools.orders.columns import Table
from signoff.tools.orders.labels import charge_label, header_field, is_label, split_label


class Row(Enum):
    """What a row of a table is."""

    LINE = "line"
    MORE = "more"
    TOTAL = "total"
    OTHER = "other"


def classified(table: Table) -> dict[int, Row]:
    """Each filled row below the headings, and what it is. Rows that are only pre-numbered are left out."""
    found: dict[int, Row] = {}
    unordered = _is_order_form(table)
    closed = False
    previous: Row | None = None
    for row in range(table.first, table.end):
        if not table.grid.filled(row):
            closed, previous = True, None
            continue
        kind = Row.OTHER if row in table.apart else _kind(table, row, closed, unordered)
        if kind is Row.MORE and previous not in (Row.LINE, Row.MORE):
            kind = Row.OTHER
        if kind is not None:
            found[row] = kind
            closed = closed or kind in (Row.TOTAL, Row.OTHER)
            previous = kind
    return found


def _kind(table: Table, row: int, closed: bool, unordered: bool) -> Row | None:
    if is_total(table, row):
        return Row.TOTAL
    figures = {role for role in FIGURES if (p := table.place(row, role)) and table.grid.quantity(p)}
    named = {role for role in (*ITEM_IDS, "description", "details", "item") if table.place(row, role)}
    if not named and not figures & {"quantity", "unit_price"}:
        return None if table.place(row, "line_number") else Row.OTHER
    if _not_ordered(table, row, unordered):
        return None
    if "quantity" in figures and (named or "unit_price" in figures):
        return Row.LINE
    if closed and "quantity" in table.columns:
        return Row.OTHER
    if (figures and named) or (set(ITEM_IDS) & named and "description" in named):
        return Row.LINE
    if table.place(row, "line_number") and named and not is_label(_first_text(table, row)):
        return Row.LINE
    return Row.MORE if _continues(table, row) else Row.OTHER


def _first_text(table: Table, row: int) -> str:
    return next((table.grid.text((row, c)) for c in table.grid.filled(row)), "")


def _continues(table: Table, row: int) -> bool:
    """Text under a description and nothing else: the rest of the line above, unless it stands in the first column or is a label."""
    columns = {c for role in ("description", "details") for c in table.columns.get(role, ())}
    filled = table.grid.filled(row)
    first = min((c for cs in table.columns.values() for c in cs), default=0)
    text = _first_text(table, row)
    return bool(filled) and set(filled) <= columns and first not in filled and not is_label(text) and not split_label(text)


def is_total(table: Table, row: int) -> bool:
    """A row that sums up: labelled as a total, or as a tax or charge that is not ordered like an item (no quantity, no price)."""
    grid = table.grid
    ordered = bool((p := table.place(row, "quantity")) and grid.quantity(p))
    priced = bool((p := table.place(row, "unit_price")) and grid.number(p) is not None)
    if ordered and priced:
        return False
    for column in (c for c in grid.filled(row) if isinstance(grid.sheet.rows[row][c], str)):
        text = grid.text((row, column)).rstrip(": ")
        label = split_label(text)
        field = header_field(label[0] if label else text)
        if field in SUMS:
            return True
        if charge_label(label[0] if label else text) is not None:
            return not ordered
    return False


def _not_ordered(table: Table, row: int, unordered: bool) -> bool:
    """A row with a quantity of zero, or, in a form that lists everything that could be ordered, without one."""
    place = table.place(row, "quantity")
    quantity = table.grid.quantity(place) if place else None
    amount_place = table.place(row, "line_amount")
    amount = table.grid.number(amount_place) if amount_place else None
    if quantity is not None:
        return quantity[0] == 0 and not amount
    return unordered and place is None and not amount


def _is_order_form(table: Table) -> bool:
    """Whether most rows that name an item carry no quantity: a list to tick from, in which only the filled rows are ordered."""
    if "quantity" not in table.columns:
        return False
    priced = [r for r in range(table.first, table.end) if table.place(r, "unit_price")]
    blank = [r for r in priced if not table.place(r, "quantity") and not is_total(table, r)]
    blank = [r for r in blank if any(table.place(r, role) for role in (*ITEM_IDS, "description"))]
    return len(blank) > len(priced) - len(blank) > 0


def printed_rows(table: Table) -> Iterator[int]:
    """Rows that look like lines to the eye: something besides the position is a number, and no total. Knows no roles but position.

    Kept apart from `classified`, so that each can be checked against the other.
    """
    positions = set(table.columns.get("line_number", ()))
    if {"quantity", "unit_price"} & set(table.columns):
        positions |= set(table.columns.get("line_amount", ()))  # formulas fill it in empty rows too
    unordered = _is_order_form(table)
    gap = False
    for row in range(table.first, table.end):
        filled = table.grid.filled(row) if row not in table.apart else ()
        gap = gap or not filled
        numbers = [c for c in filled if c not in positions and table.grid.quantity((row, c)) is not None]
        enough = len(filled) >= (3 if gap else 2)
        if enough and numbers and not is_total(table, row) and not _not_ordered(table, row, unordered):
            yield row
