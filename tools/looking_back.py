"""What the past says about an order, asked through the port `tools.history` and recorded as `Facts`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from signoff.domain.checks.changes import past_line
from signoff.domain.checks.releases import blanket_owner, item_of
from signoff.domain.checks.selection import Place, placed
from signoff.domain.checks.selection import item_of as priced_item
from signoff.domain.contract import Contract
from signoff.domain.facts import Drawn, Facts, PastOrder
from signoff.domain.order import Order, OrderType
from signoff.domain.policy import Tolerances
from signoff.domain.vendor import Vendor
from signoff.tools.history import Asker, Days, History, OrderNumber


class Agreed(NamedTuple):
    """Whom an order is placed with and on which terms: its vendor, its contract, and all that the vendor has with us."""

    vendor: Vendor | None
    contract: Contract | None = None
    contracts: tuple[Contract, ...] = ()


class Looking:
    """Looks back for one case, as far as the tolerances that hold for its vendor, category and contract reach."""

    def __init__(self, history: History, tolerances: Tolerances, today: dt.date, case: int) -> None:
        self.history, self.tolerances, self.today, self.case = history, tolerances, today, case

    def facts(self, order: Order, agreed: Agreed) -> Facts:
        """Everything the checks need; without a vendor there is no past to compare with."""
        vendor, contract = agreed.vendor, agreed.contract
        budget, spend = self._budget_spend(order), self._contract_spend(order, contract)
        if vendor is None:
            return Facts(today=self.today, contract_spend=spend, budget_spend=budget)
        number = self._number(order, vendor)
        original, blanket = self._original(order, vendor), self._blanket(order, number)
        same_number = self.history.same_number(number, self.case) if number else []
        places = placed(order, contract, agreed.contracts, self._day(order))
        return Facts(
            today=self.today,
            same_number=tuple(o for o in same_number if original is None or o.reference != original.reference),
            same_content=tuple(self._alike(order, vendor)),
            window=tuple(self._window(order, vendor)),
            prices=tuple(self.history.prices(vendor.vendor_id, _unpriced(order, places))),
            contract_spend=spend,
            budget_spend=budget,
            drawn=tuple(self._drawn(order, vendor, places, blanket)),
            original=original,
            blanket=blanket,
            blanket_spend=self.history.blanket_spend(_owner(vendor, blanket)) if blanket else None,
        )

    def _day(self, order: Order) -> dt.date:
        return order.issue_date or self.today

    def _around(self, days: int, order: Order) -> Days:
        """So many days before and after the order's date."""
        span = dt.timedelta(days=days)
        return self._day(order) - span, self._day(order) + span

    def _number(self, order: Order, vendor: Vendor) -> OrderNumber | None:
        return OrderNumber(vendor.vendor_id, order.order_number, order.release_number) if order.order_number else None

    def _original(self, order: Order, vendor: Vendor) -> PastOrder | None:
        """The order that a change or cancellation is about."""
        about = order.order_reference or order.order_number
        if order.order_type is OrderType.ORDER or not about:
            return None
        return self.history.original(OrderNumber(vendor.vendor_id, about, order.release_number), self.case)

    def _blanket(self, order: Order, number: OrderNumber | None) -> PastOrder | None:
        return self.history.blanket(number._replace(release=None), self.case) if number and order.release_number else None

    def _alike(self, order: Order, vendor: Vendor) -> list[PastOrder]:
        lines, days = [past_line(line) for line in order.lines], self._around(self.tolerances.near_duplicate_days, order)
        return self.history.alike(vendor.vendor_id, lines, self.tolerances.near_duplicate_percent, days, self.case)

    def _window(self, order: Order, vendor: Vendor) -> list[PastOrder]:
        asker = Asker(vendor.vendor_id, order.requester, order.cost_center, vendor.category)
        return self.history.window(asker, self._around(self.tolerances.split_window_days, order), self.case)

    def _contract_spend(self, order: Order, contract: Contract | None) -> Decimal | None:
        if contract is None:
            return None
        yearly = contract.spend_cap is not None and contract.spend_cap.per == "year"
        return self.history.contract_spend(contract.contract_id, self._day(order).year if yearly else None)

    def _budget_spend(self, order: Order) -> Decimal | None:
        return self.history.budget_spend(order.cost_center, self._day(order).year) if order.cost_center else None

    def _drawn(self, order: Order, vendor: Vendor, places: list[Place], blanket: PastOrder | None) -> Iterable[Drawn]:
        """What was taken of the items whose price or limit hangs on it."""
        wanted: dict[str, dict[str, None]] = {}
        for contract, price in places:
            if contract and price and (price.tiers_on != "order" or price.quantity_total):
                wanted.setdefault(f"contract {contract.contract_id}", {})[priced_item(price)] = None
        for line in blanket.lines if blanket else ():
            wanted.setdefault(_owner(vendor, blanket), {})[item_of(line)] = None
        year = self._day(order).year
        return [taken for owner, items in wanted.items() for taken in self.history.drawn(owner, items, year)]


def _owner(vendor: Vendor, blanket: PastOrder | None) -> str:
    return blanket_owner(vendor.vendor_id, blanket.order_number or "" if blanket else "")


def _unpriced(order: Order, places: list[Place]) -> list[str]:
    """The items that no contract prices; only for these the price paid before is of interest."""
    return [i for line, place in zip(order.lines, places, strict=True) if place.price is None for i in line.item_ids]
