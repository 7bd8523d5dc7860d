"""What the past says about an order: asked through a small port that the store implements, recorded as `Facts`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from signoff.domain.checks.content import digest
from signoff.domain.checks.selection import price_line
from signoff.domain.contract import Contract
from signoff.domain.facts import Facts, PastOrder, PastPrice
from signoff.domain.order import Order, OrderType
from signoff.domain.policy import Policy

Days = tuple[dt.date, dt.date]
"""The first and the last day of a span, both inclusive."""


class History(Protocol):
    """Earlier orders and prices. Every method leaves out the case that asks; rejected and failed orders do not count."""

    def same_number(self, vendor_id: str, order_number: str, case: int) -> list[PastOrder]: ...
    def same_content(self, vendor_id: str, content: str, days: Days, case: int) -> list[PastOrder]: ...
    def window(self, vendor_id: str, requester: str | None, cost_center: str | None, days: Days, case: int) -> list[PastOrder]: ...
    def prices(self, vendor_id: str, item_ids: Iterable[str]) -> list[PastPrice]: ...
    def contract_spend(self, contract_id: str, year: int | None) -> Decimal: ...
    def budget_spend(self, cost_center: str, year: int) -> Decimal: ...


class Looking:
    """Looks back for one case with one policy."""

    def __init__(self, history: History, policy: Policy, today: dt.date, case: int) -> None:
        self.history, self.policy, self.today, self.case = history, policy, today, case

    def facts(self, order: Order, vendor_id: str | None, contract: Contract | None) -> Facts:
        """Everything the checks need; without a vendor there is no past to compare with."""
        spend = self._contract_spend(order, contract)
        if vendor_id is None:
            return Facts(today=self.today, contract_spend=spend, budget_spend=self._budget_spend(order))
        same_number = tuple(self._same_number(order, vendor_id))
        original = self._original(order, vendor_id)
        return Facts(
            today=self.today,
            same_number=tuple(o for o in same_number if original is None or o.reference != original.reference),
            same_content=tuple(self.history.same_content(vendor_id, digest(order), self._around("near_duplicate_days", order), self.case)),
            window=tuple(self._window(order, vendor_id)),
            prices=tuple(self.history.prices(vendor_id, self._unpriced(order, contract))),
            contract_spend=spend,
            budget_spend=self._budget_spend(order),
            original=original,
        )

    def _unpriced(self, order: Order, contract: Contract | None) -> list[str]:
        """The items that no contract prices; only for these the price paid before is of interest."""
        day = self._day(order)
        return [i for line in order.lines if contract is None or price_line(contract, line, day) is None for i in line.item_ids]

    def _day(self, order: Order) -> dt.date:
        return order.issue_date or self.today

    def _around(self, tolerance: str, order: Order) -> Days:
        """As many days before and after the order's date as the policy's window has."""
        days = dt.timedelta(days=getattr(self.policy.tolerances, tolerance))
        return self._day(order) - days, self._day(order) + days

    def _same_number(self, order: Order, vendor_id: str) -> list[PastOrder]:
        return self.history.same_number(vendor_id, order.order_number, self.case) if order.order_number else []

    def _original(self, order: Order, vendor_id: str) -> PastOrder | None:
        """The order that a change or cancellation is about: the latest with that number."""
        if order.order_type is OrderType.ORDER:
            return None
        number = order.order_reference or order.order_number
        found = self.history.same_number(vendor_id, number, self.case) if number else []
        return found[-1] if found else None

    def _window(self, order: Order, vendor_id: str) -> list[PastOrder]:
        days = self._around("split_window_days", order)
        return self.history.window(vendor_id, order.requester, order.cost_center, days, self.case)

    def _contract_spend(self, order: Order, contract: Contract | None) -> Decimal | None:
        if contract is None:
            return None
        yearly = contract.spend_cap is not None and contract.spend_cap.per == "year"
        return self.history.contract_spend(contract.contract_id, self._day(order).year if yearly else None)

    def _budget_spend(self, order: Order) -> Decimal | None:
        return self.history.budget_spend(order.cost_center, self._day(order).year) if order.cost_center else None
