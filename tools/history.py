"""The port through which the past is asked; the store implements it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from signoff.domain.facts import Drawn, PastLine, PastOrder, PastPrice

Days = tuple[dt.date, dt.date]
"""The first and the last day of a span, both inclusive."""


class OrderNumber(NamedTuple):
    """By what an order is known at its vendor; releases under a blanket order's number have a number of their own besides."""

    vendor_id: str
    order: str
    release: str | None = None


class Asker(NamedTuple):
    """Who orders what for whom: what split orders have in common."""

    vendor_id: str
    requester: str | None
    cost_center: str | None
    category: str | None


class History(Protocol):
    """Earlier orders and prices. Every method leaves out the case that asks; rejected and failed orders do not count.

    `alike` gives orders with their `likeness`, at least so many percent; `original` the approved version of an order with its lines,
    else the one that waits; `blanket` the order that releases under its number draw on; `drawn` what was taken of items of an owner.
    """

    def same_number(self, number: OrderNumber, case: int) -> list[PastOrder]: ...
    def alike(self, vendor_id: str, lines: Sequence[PastLine], least: Decimal, days: Days, case: int) -> list[PastOrder]: ...
    def window(self, asker: Asker, days: Days, case: int) -> list[PastOrder]: ...
    def original(self, number: OrderNumber, case: int) -> PastOrder | None: ...
    def blanket(self, number: OrderNumber, case: int) -> PastOrder | None: ...
    def prices(self, vendor_id: str, item_ids: Iterable[str]) -> list[PastPrice]: ...
    def contract_spend(self, contract_id: str, year: int | None) -> Decimal: ...
    def blanket_spend(self, owner: str) -> Decimal: ...
    def budget_spend(self, cost_center: str, year: int) -> Decimal: ...
    def drawn(self, owner: str, items: Iterable[str], year: int) -> list[Drawn]: ...
