"""A contract with a vendor: what was agreed, for how long, at which prices and terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from signoff.domain.record import Number, Record, Text


class Tier(Record):
    """A better price from `from_quantity` on (in the price line's unit)."""

    from_quantity: Number
    price: Number


class QuantityTotal(Record):
    """The most of an item that may be ordered, in the price line's unit, over the whole term or per calendar year.

    A number alone means the whole term.
    """

    quantity: Number
    per: Literal["term", "year"] = "term"

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        return {"quantity": written} if isinstance(written, int | str | Decimal) else written


class PriceLine(Record):
    """One agreed item: its ids, `price` per `price_base_quantity` of `unit`, and its quantity rules.

    `units` converts other units into `unit`: `{"BX": 100}` says that one box holds 100. `tiers_on` is the quantity that earns a
    tier: what an order buys of the item, or what was bought in the calendar year or over the term, this order included.
    """

    supplier_item_id: Text | None = None
    buyer_item_id: Text | None = None
    standard_item_id: Text | None = None
    description: Text | None = None
    unit: Text
    price: Number
    price_base_quantity: Number = Decimal(1)
    tiers: tuple[Tier, ...] = ()
    tiers_on: Literal["order", "year", "term"] = "order"
    minimum: Number | None = None
    multiple: Number | None = None
    maximum: Number | None = None
    quantity_total: QuantityTotal | None = None
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


class Commitment(Record):
    """The least that will be ordered, in the contract's currency, over the whole term or per calendar year."""

    amount: Number
    per: Literal["term", "year"] = "term"


class OtherTerm(Record):
    """A term that people go by and no check reads: its kind (`liability_cap`, `rebate`, ...) and its words."""

    kind: Text
    text: Annotated[str, Field(max_length=20_000)]


class Provenance(Record):
    """Where a value was read: the paper (`sha256` of its file), its clause as people name it, the page, and the quoted words.

    `start` and `end` are offsets in the text of the paper's clause number `index` (from 0). `by` who found it: `rules`, an
    agent, or the person who wrote another value than the paper's.
    """

    source: Text
    sha256: Text
    clause: Text | None = None
    index: int | None = None
    page: int | None = None
    start: int | None = None
    end: int | None = None
    quote: Text = ""
    by: Text = "rules"


class Clause(Record):
    """A passage of the contract's document: its number and heading as printed, its text, and the page it begins on (from 1)."""

    number: Text | None = None
    heading: Text | None = None
    text: Annotated[str, Field(max_length=20_000)]
    page: int | None = None


class Changes(Record):
    """What an amendment states; what is left out stays as it was. Prices replace those of the same item and add to the others."""

    ends: dt.date | None = None
    currency: Text | None = None
    spend_cap: SpendCap | None = None
    minimum_commitment: Commitment | None = None
    minimum_order: Number | None = None
    payment_terms: Text | None = None
    delivery_terms: Text | None = None
    lead_time_days: int | None = None
    renewal: Text | None = None
    notice_period: Text | None = None
    discounts: tuple[OrderDiscount, ...] = ()
    other_terms: tuple[OtherTerm, ...] = ()
    prices: tuple[PriceLine, ...] = ()
    clauses: tuple[Clause, ...] = ()


class Amendment(Record):
    """A paper that changes a contract from the day `since` on. `ended` names terms that no longer hold at all.

    With `all_prices` its prices stand in place of all earlier ones. `provenance` is keyed by JSON Pointer into `changes`.
    """

    amendment_id: Text
    title: Text | None = None
    since: dt.date
    changes: Changes = Changes()
    ended: tuple[Text, ...] = ()
    all_prices: bool = False
    source: Text | None = None
    provenance: dict[str, Provenance] = {}


class Contract(Record):
    """One contract, both days inclusive. Only terms that are written here are checked.

    `renewal` and `notice_period` are ISO 8601 durations; who renews confirms another end. `amendments` change it from their day
    on (`versions.as_of`); a version says in `amended` by which. `provenance` tells where values were read, by JSON Pointer.
    """

    contract_id: Text
    vendor_id: Text
    title: Text | None = None
    starts: dt.date
    ends: dt.date | None = None
    currency: Text
    spend_cap: SpendCap | None = None
    minimum_commitment: Commitment | None = None
    minimum_order: Number | None = None
    payment_terms: Text | None = None
    delivery_terms: Text | None = None
    lead_time_days: int | None = None
    renewal: Text | None = None
    notice_period: Text | None = None
    discounts: tuple[OrderDiscount, ...] = ()
    other_terms: tuple[OtherTerm, ...] = ()
    prices: tuple[PriceLine, ...] = ()
    clauses: tuple[Clause, ...] = ()
    source: Text | None = None
    amendments: tuple[Amendment, ...] = ()
    amended: tuple[Text, ...] = ()
    provenance: dict[str, Provenance] = {}

    @model_validator(mode="after")
    def _dates(self) -> Contract:
        if self.ends and self.ends < self.starts:
            raise ValueError(f"ends ({self.ends}) lies before starts ({self.starts})")
        return self

    def covers(self, day: dt.date) -> bool:
        """Whether the contract is in force on that day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def stands(self, pointer: str) -> dict[str, object]:
        """Where a value (`/spend_cap`, `/prices/3`) was read, for evidence; empty where it was not read from a paper."""
        place = self.provenance.get(pointer)
        if place is None:
            return {}
        told = {"paper": place.source, "clause": place.clause, "page": place.page, "quote": place.quote[:300]}
        return {name: value for name, value in told.items() if value}
