"""One line of an order out of a row of a table (and the rows that continue its description)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from signoff.domain.reading import Evidence, Region
from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.column_roles import ITEM_IDS
from signoff.tools.orders.columns import Table
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.labels import price_base
from signoff.tools.orders.table_form import ambiguous_date
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import date

_CENT = Decimal("0.02")


def put_line(draft: Draft, pointer: str, table: Table, row: int, more: Sequence[tuple[Table, int]]) -> None:
    """All fields of a line. `more` are the rows below it that hold nothing but the rest of its description."""
    _description(draft, pointer, table, row, more)
    for role in ("line_number", *ITEM_IDS, "contract_reference"):
        _text(draft, pointer, table, row, role)
    _quantity(draft, pointer, table, row)
    for role in ("unit_price", "line_amount"):
        _number(draft, pointer, table, row, role)
    _base(draft, pointer, table, row)
    percent = table.place(row, "tax_percent")
    if percent:
        draft.put(f"{pointer}/tax_percent", table.grid.percent(percent), table.evidence(percent))
    due = table.place(row, "requested_delivery_date")
    if due:
        put_date(draft, f"{pointer}/requested_delivery_date", table.grid, due, table.grid.text(due), table.evidence(due))
    _discount(draft, pointer, table, row)


def _text(draft: Draft, pointer: str, table: Table, row: int, role: str) -> None:
    place = table.place(row, role)
    if place:
        text = " ".join(table.grid.text(place).split())[:4000]
        draft.put(f"{pointer}/{role}", text.rstrip(".") if role == "line_number" else text, table.evidence(place))


def _description(draft: Draft, pointer: str, table: Table, row: int, more: Sequence[tuple[Table, int]]) -> None:
    """Name, details and package in the order of their columns, each said once; then the rows that continue it."""
    parts: list[str] = []
    place: Place | None = None
    for each, r in [(table, row), *more]:
        columns = sorted(c for role in ("description", "details", "package") for c in each.columns.get(role, ()))
        for c in columns:
            text = " ".join(each.grid.text((r, c)).split())
            if text and not any(text.lower() in part.lower() for part in parts):
                parts.append(text)
                place = place or (r, c)
    if place:
        text = " ".join([*parts, table.size] if table.size else parts)[:4000]
        draft.put(f"{pointer}/description", text, table.evidence(place, text))


def _quantity(draft: Draft, pointer: str, table: Table, row: int) -> None:
    """The quantity, and its unit: from the unit's column, else printed behind the number, else the package."""
    place = table.place(row, "quantity")
    found = table.grid.quantity(place) if place else None
    if place and found is None:
        _unclear(draft, f"{pointer}/quantity", table.grid, place)
    if place and found:
        draft.put(f"{pointer}/quantity", found[0], table.evidence(place))
    measured = table.place(row, "unit")
    if measured:
        draft.put(f"{pointer}/unit", unit(table.grid.text(measured))[:4000], table.evidence(measured))
    elif place and found and found[1]:
        draft.put(f"{pointer}/unit", unit(found[1]), table.evidence(place))
    elif package := table.place(row, "package"):
        draft.put(f"{pointer}/unit", unit(table.grid.text(package))[:4000], table.evidence(package))


def _number(draft: Draft, pointer: str, table: Table, row: int, role: str) -> None:
    place = table.place(row, role)
    if place:
        value = table.grid.number(place)
        if value is None:
            _unclear(draft, f"{pointer}/{role}", table.grid, place)
        draft.put(f"{pointer}/{role}", value, table.evidence(place))


def _unclear(draft: Draft, pointer: str, grid: Grid, place: Place) -> None:
    text = grid.text(place)[:200]
    if any(c.isalnum() for c in text):
        where = grid.where(place)
        draft.notice(
            "field_missing", pointer, f"{text!r} in {where} is not one number for certain.", text=text, where=where, region=Region.TABLE
        )


def _base(draft: Draft, pointer: str, table: Table, row: int) -> None:
    """What the price is for: a column of its own, or a heading such as `Price per 100`."""
    place = table.place(row, "price_base_quantity")
    found = table.grid.quantity(place) if place else None
    if place and found and found[0] > 0:
        draft.put(f"{pointer}/price_base_quantity", found[0], table.evidence(place))
        return
    for column in table.columns.get("unit_price", ())[:1]:
        heading = table.heading(column)
        if (base := price_base(heading)) is not None:
            evidence = table.grid.evidence((table.first - 1, column), Region.TABLE, heading)
            draft.put(f"{pointer}/price_base_quantity", base, evidence)


def _discount(draft: Draft, pointer: str, table: Table, row: int) -> None:
    """The line's own discount, once quantity x price less the discount gives the printed amount."""
    places = {role: table.place(row, role) for role in ("quantity", "unit_price", "line_amount", "discount_percent", "discount_amount")}
    line = draft.tree["lines"][-1] if draft.tree.get("lines") else {}
    shown = places["discount_amount"] or places["discount_percent"]
    if shown is None or not all(k in line for k in ("quantity", "unit_price", "line_amount")):
        return
    gross = line["quantity"] * line["unit_price"] / line.get("price_base_quantity", Decimal(1))
    value = table.grid.percent(shown)
    if not value:
        return
    percent = abs(value) * 100 if 0 < abs(value) < 1 and not table.grid.text(shown).endswith("%") else abs(value)
    off = abs(value) if shown is places["discount_amount"] else gross * percent / 100
    if abs(gross - off - line["line_amount"]) <= _CENT:
        draft.put(f"{pointer}/allowances_charges/0/charge", False)
        draft.put(f"{pointer}/allowances_charges/0/amount", gross - line["line_amount"], table.evidence(shown))
        if shown is places["discount_percent"]:
            draft.put(f"{pointer}/allowances_charges/0/percent", percent, table.evidence(shown))
        draft.put(f"{pointer}/allowances_charges/0/reason", table.heading(shown[1])[:200] or None)


def put_date(draft: Draft, pointer: str, grid: Grid, place: Place, text: str, said: Evidence) -> None:
    """A date; a notice when the text is none, or could be two days."""
    whole = grid.date(place) if text == grid.text(place) else None
    value = whole or date(text, grid.habits.order)
    if value is None:
        why = "could be two days" if ambiguous_date(text) else "is not a date"
        where = grid.where(place)
        draft.notice("field_missing", pointer, f"{text[:100]!r} in {where} {why}.", text=text[:200], where=where, region=said.region)
    draft.put(pointer, value, said)
