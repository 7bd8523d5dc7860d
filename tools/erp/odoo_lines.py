"""The lines of an order as Odoo's `purchase.order.line` has them.

Odoo knows no price per 100 and, below version 17, no discount: the unit price is what one unit costs net. A line that may not be deleted
any more, because its order is confirmed, is struck by the quantity 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from signoff.domain.order import Order, OrderLine, line_amount
from signoff.tools.erp.odoo_masters import Masters
from signoff.tools.erp.odoo_rpc import as_float

OPEN_PRICE = "(price to be agreed)"
"""Closes the text of a line without a price, for Odoo's price is never empty."""
Values = dict[str, Any]


def values(masters: Masters, order: Order, partner: int) -> list[Values]:
    """What each line of the order comes to in Odoo. Raises `Refused` for what it does not know."""
    unit = masters.field("purchase.order.line", "product_uom_id", "product_uom")
    products = masters.products(order.lines, partner)
    days = _days(order)
    return [
        {"product_id": product.id, unit: masters.unit(line.unit, product), **_figures(line), **day}
        for line, product, day in zip(order.lines, products, days, strict=True)
    ]


def _figures(line: OrderLine) -> Values:
    amount = line_amount(line)
    quantity = Decimal(1) if line.quantity is None else line.quantity
    text = line.description or next(iter(line.item_ids), None) or "Item"
    if amount is None:
        return {"name": f"{text} {OPEN_PRICE}", "product_qty": as_float(quantity), "price_unit": 0.0}
    price = line.unit_price / line.price_base_quantity if line.unit_price is not None and line.price_base_quantity else None
    if quantity and (price is None or price * quantity != amount):
        price = amount / quantity
    return {"name": text, "product_qty": as_float(quantity), "price_unit": as_float(price or Decimal(0))}


def _days(order: Order) -> list[Values]:
    """When the lines are wanted; at noon UTC, which is the same day in most time zones. Nothing where no day is known."""
    known = [d for d in (order.requested_delivery_date, *(line.requested_delivery_date for line in order.lines)) if d]
    if not known:
        return [{} for _ in order.lines]
    usual = order.requested_delivery_date or max(known)
    return [{"date_planned": noon(line.requested_delivery_date or usual)} for line in order.lines]


def noon(day: dt.date) -> str:
    return f"{day.isoformat()} 12:00:00"


def commands(old: Iterable[dict[str, Any]], new: list[Values]) -> list[list[Any]]:
    """The x2many commands that turn the old lines into the new: a line of the same product is changed, others are struck or added."""
    free = list(old)
    found: list[list[Any]] = []
    for line in new:
        same = next((o for o in free if o["product_id"] and o["product_id"][0] == line["product_id"]), None)
        if same:
            free.remove(same)
        found.append([1, same["id"], line] if same else [0, 0, line])
    return [*found, *([1, o["id"], {"product_qty": 0.0}] for o in free)]


def total(rows: list[dict[str, Any]]) -> Decimal | None:
    """The sum of Odoo's subtotals; `None` when a price is still to be agreed."""
    if any(str(row["name"]).endswith(OPEN_PRICE) and not row["price_unit"] for row in rows):
        return None
    return sum((Decimal(row["price_subtotal"]) for row in rows), Decimal(0))
