"""A contract with a vendor: what was agreed, for how long, at which prices and terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from signoff.domain.record import Number, Record, Text


class Tier(Record):
    """A better price from `from_quantity` on (in the price line's unit)."""

    from_quantity: Number
    price: Number


class PriceLine(Record):
    """One agreed item: its ids, `price` per `price_base_quantity` of `unit`, and its quantity rules.

    `units` converts other units into `unit`: `{"BX": 100}` says that one box holds 100.
    """

    supplier_item_id: Text | None = None
    buyer_item_id: Text | None = None
    standard_item_id: Text | None = None
    description: Text | None = None
    unit: Text
    price: Number
    price_base_quantity: Number = Decimal(1)
    tiers: tuple[Tier, ...] = ()
    minimum: Number | None = None
    multiple: Number | None = None
    maximum: Number | None = None
    discount_percent: Number | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    units: dict[str, Number] = {}

    @model_validator(mode="after")
    def _sane(self) -> PriceLine:
        if not (self.supplier_item_id or self.buyer_item_id or self.standard_item_id or self.description):
            raise ValueError("a price line needs an item id or a description")
        if self.price < 0 or self.price_base_quantity <= 0:
            raise ValueError("price must not be negative and price_base_quantity must be above 0")
        return self


class OrderDiscount(Record):
    """A discount on the whole order once its line total reaches `from_amount`."""

    from_amount: Number
    percent: Number


class SpendCap(Record):
    """The most that may be ordered, in the contract's currency, over the whole term or per calendar year."""

    amount: Number
    per: Literal["term", "year"] = "term"


class Clause(Record):
    """A passage of the contract's document: its number and heading as printed, its text, and the page it begins on (from 1)."""

    number: Text | None = None
    heading: Text | None = None
    text: Annotated[str, Field(max_length=20_000)]
    page: int | None = None


class Contract(Record):
    """One contract, both days inclusive. Only terms that are written here are checked."""

    contract_id: Text
    vendor_id: Text
    title: Text | None = None
    starts: dt.date
    ends: dt.date | None = None
    currency: Text
    spend_cap: SpendCap | None = None
    minimum_order: Number | None = None
    payment_terms: Text | None = None
    delivery_terms: Text | None = None
    lead_time_days: int | None = None
    discounts: tuple[OrderDiscount, ...] = ()
    prices: tuple[PriceLine, ...] = ()
    clauses: tuple[Clause, ...] = ()
    source: Text | None = None

    @model_validator(mode="after")
    def _dates(self) -> Contract:
        if self.ends and self.ends < self.starts:
            raise ValueError(f"ends ({self.ends}) lies before starts ({self.starts})")
        return self

    def covers(self, day: dt.date) -> bool:
        """Whether the contract is in force on that day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)
