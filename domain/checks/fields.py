"""The fields of an order one by one, and what hangs on each.

A *kind* is a field's JSON Pointer with the list positions left out: `/lines/*/unit_price`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from signoff.domain.order import AllowanceCharge, Order, OrderLine, Party

Field = tuple[str, str, Any]
"""(pointer, kind, value)"""

CRITICAL = frozenset(
    {
        "/order_number",
        "/supplier/name",
        "/supplier/id",
        "/currency",
        "/line_total",
        "/payable_amount",
        "/lines/*/quantity",
        "/lines/*/unit_price",
        "/lines/*/line_amount",
    }
)
"""A mistake here orders the wrong thing, from the wrong one, or for the wrong money."""

CELLS = ("quantity", "unit_price", "line_amount")
"""The figures of a line that are critical."""

DECISIVE = CRITICAL | {
    "/order_reference",
    "/issue_date",
    "/contract_reference",
    "/requested_delivery_date",
    "/tax_total",
    "/supplier/tax_id",
    "/supplier/bank_account",
    "/allowances_charges/*/amount",
    "/lines/*/buyer_item_id",
    "/lines/*/supplier_item_id",
    "/lines/*/standard_item_id",
    "/lines/*/price_base_quantity",
    "/lines/*/requested_delivery_date",
    "/lines/*/contract_reference",
    "/lines/*/allowances_charges/*/amount",
}
"""A check of vendor, contract or duplicates hangs on these."""

MONEY_OR_PARTY = frozenset(
    {
        "/buyer/name",
        "/buyer/id",
        "/supplier/name",
        "/supplier/id",
        "/supplier/bank_account",
        "/line_total",
        "/tax_total",
        "/payable_amount",
        "/lines/*/unit_price",
        "/lines/*/line_amount",
        "/allowances_charges/*/amount",
        "/lines/*/allowances_charges/*/amount",
    }
)
"""What a note or a footer can never prove."""

CODED = frozenset(
    {"id_scheme", "country", "unit", "action", "standard_item_scheme", "line_number"},
)
"""Translated by a reader from the printed word, or counted: evidence is asked for, not the same letters."""


def fields(order: Order) -> Iterator[Field]:
    """Every field that has a value, except notes (they prove nothing) and the type of the document."""
    for name, value in vars(order).items():
        if value is None or name in ("notes", "order_type"):
            continue
        pointer = "/" + name
        if isinstance(value, Party):
            yield from _members(value, pointer, pointer)
        elif isinstance(value, tuple):
            for i, item in enumerate(value):
                yield from _members(item, f"{pointer}/{i}", pointer + "/*")
        else:
            yield pointer, pointer, value


def _members(record: Party | OrderLine | AllowanceCharge, pointer: str, kind: str) -> Iterator[Field]:
    for name, value in vars(record).items():
        if value is None or name == "charge":
            continue
        if isinstance(value, tuple):
            for i, item in enumerate(value):
                yield from _members(item, f"{pointer}/{name}/{i}", f"{kind}/{name}/*")
        elif name != "price_base_quantity" or value != 1:
            yield f"{pointer}/{name}", f"{kind}/{name}", value
