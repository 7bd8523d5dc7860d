"""A purchase order in the terms of UBL 2.x Order (OASIS UBL 2.1, Peppol BIS Ordering 3).

What the document does not say is `None`, never invented. Quantities and amounts are exact decimals, dates ISO 8601,
currencies ISO 4217, units UN/ECE Recommendation 20 where the document's word is known, else the word as printed.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from signoff.domain.record import Number, Record, Text


class OrderType(StrEnum):
    """What the document asks for."""

    ORDER = "order"
    CHANGE = "change"
    CANCELLATION = "cancellation"


class Party(Record):
    """A party of the order: cac:Party. `id` is its main identifier with `id_scheme` (GLN, DUNS, ...) where stated."""

    name: Text | None = None
    id: Text | None = None
    id_scheme: Text | None = None
    tax_id: Text | None = None
    city: Text | None = None
    country: Text | None = None
    email: Text | None = None
    bank_account: Text | None = None


class AllowanceCharge(Record):
    """cac:AllowanceCharge: an amount added (`charge`) or taken off, always positive when the document is sane.

    `percent` is the rate that gives the amount (cbc:MultiplierFactorNumeric), where the document prints one.
    """

    charge: bool
    amount: Number | None = None
    percent: Number | None = None
    reason: Text | None = None


class OrderLine(Record):
    """cac:OrderLine/cac:LineItem. `unit_price` is per `price_base_quantity` units (cbc:BaseQuantity)."""

    line_number: Text | None = None
    action: Text | None = None
    buyer_item_id: Text | None = None
    supplier_item_id: Text | None = None
    standard_item_id: Text | None = None
    standard_item_scheme: Text | None = None
    description: Text | None = None
    quantity: Number | None = None
    unit: Text | None = None
    unit_price: Number | None = None
    price_base_quantity: Number = Decimal(1)
    line_amount: Number | None = None
    tax_percent: Number | None = None
    requested_delivery_date: dt.date | None = None
    contract_reference: Text | None = None
    allowances_charges: tuple[AllowanceCharge, ...] = ()

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The item identifiers that the line states, buyer's first."""
        return tuple(i for i in (self.buyer_item_id, self.supplier_item_id, self.standard_item_id) if i)


class Order(Record):
    """cac:Order, or an OrderChange / OrderCancellation when `order_type` says so.

    A change or cancellation names the order it is about in `order_reference`; its own number is `order_number`.
    """

    order_number: Text | None = None
    order_type: OrderType = OrderType.ORDER
    order_reference: Text | None = None
    issue_date: dt.date | None = None
    currency: Text | None = None
    buyer: Party = Party()
    supplier: Party = Party()
    ship_to: Party = Party()
    invoice_to: Party = Party()
    contract_reference: Text | None = None
    quotation_reference: Text | None = None
    customer_reference: Text | None = None
    requester: Text | None = None
    cost_center: Text | None = None
    payment_terms: Text | None = None
    delivery_terms: Text | None = None
    requested_delivery_date: dt.date | None = None
    valid_to: dt.date | None = None
    lines: tuple[OrderLine, ...] = ()
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    line_total: Number | None = None
    tax_total: Number | None = None
    payable_amount: Number | None = None
    notes: tuple[Text, ...] = Field(default=(), max_length=200)

    @property
    def amount(self) -> Decimal | None:
        """What the order commits the buyer to: payable, else the line total, else what its lines come to.

        Where the lines with the order's charges and allowances come to more than is stated, beyond a cent a line of rounding, it
        commits to that: who accepts an order that contradicts itself signs for the larger sum. `None` when nothing tells.
        """
        stated = next((a for a in (self.payable_amount, self.line_total) if a is not None), None)
        amounts = [line_amount(line) for line in self.lines]
        known = [a for a in amounts if a is not None]
        if not known or len(known) < len(amounts):
            return stated
        if stated is None:
            return sum(known, Decimal(0))
        due = sum(known, Decimal(0)) + sum(
            ((a.amount or Decimal(0)) * (1 if a.charge else -1) for a in self.allowances_charges), Decimal(0)
        )
        return due if abs(due) - abs(stated) > CENT * len(known) else stated


CENT = Decimal("0.01")


def line_amount(line: OrderLine) -> Decimal | None:
    """The line's amount as printed, else quantity x unit price / base quantity; `None` when neither is known."""
    if line.line_amount is not None:
        return line.line_amount
    return extension(line)


def extension(line: OrderLine) -> Decimal | None:
    """quantity x unit price / base quantity, plus the line's own charges and allowances, unrounded."""
    if line.quantity is None or line.unit_price is None or not line.price_base_quantity:
        return None
    own = sum(((a.amount or Decimal(0)) * (1 if a.charge else -1) for a in line.allowances_charges), Decimal(0))
    return line.quantity * line.unit_price / line.price_base_quantity + own
