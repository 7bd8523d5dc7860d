"""All that a check may look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from signoff.domain.checks import selection
from signoff.domain.checks.bought import BoughtLine, bought
from signoff.domain.checks.figures import charged
from signoff.domain.contract import Contract
from signoff.domain.facts import Facts
from signoff.domain.order import Order, OrderLine, OrderType
from signoff.domain.policy import Policy, Tolerances
from signoff.domain.vendor import Vendor, VendorMatch

_DELETED = frozenset({"2", "di", "delete", "deleted"})
"""How a change order marks a line that falls away: UN/EDIFACT 1229, X12 element 670, UBL and plain words."""


@dataclass(frozen=True)
class Subject:
    """The order with its vendor, contract, past and policy. `contracts` are all of that vendor's, `contract` the selected one."""

    order: Order
    match: VendorMatch
    vendor: Vendor | None
    contract: Contract | None
    contracts: tuple[Contract, ...]
    facts: Facts
    policy: Policy
    tolerances: Tolerances
    base_amount: Decimal | None = None

    @property
    def day(self) -> dt.date:
        """The day whose terms hold: the issue date, today when the order has none."""
        return self.order.issue_date or self.facts.today

    @property
    def is_change(self) -> bool:
        return self.order.order_type is OrderType.CHANGE

    @property
    def amount_field(self) -> str:
        """Where the order's amount stands."""
        return "/payable_amount" if self.order.payable_amount is not None else "/line_total"

    @property
    def replaced_amount(self) -> Decimal:
        """What a change takes the place of, in the order's currency: nothing for an order, or when it cannot be told."""
        past = self.facts.original if self.is_change else None
        return past.amount or Decimal(0) if past and past.currency == self.order.currency else Decimal(0)

    @property
    def replaced_base_amount(self) -> Decimal:
        """The same in base currency."""
        past = self.facts.original if self.is_change else None
        return past.base_amount or Decimal(0) if past else Decimal(0)

    @cached_property
    def lines(self) -> tuple[BoughtLine, ...]:
        """Every line that is bought: lines that a change deletes are left out."""
        kept = [(i, line) for i, line in enumerate(self.order.lines) if not (self.is_change and (line.action or "").casefold() in _DELETED)]
        return tuple(self._bought(i, line) for i, line in kept)

    def _bought(self, index: int, line: OrderLine) -> BoughtLine:
        price = charged(line, self.tolerances.total_amount)
        places = self._places(line)
        for contract in places:
            agreed = selection.price_line(contract, line, self.day)
            if agreed:
                return bought(index, line, price, contract, agreed)
        return bought(index, line, price, places[0] if places else None, None)

    def _places(self, line: OrderLine) -> tuple[Contract, ...]:
        """The contracts to look the line up in: the one it names, else the order's, else any other that is in force."""
        own = selection.by_reference(line.contract_reference, self.contracts) if line.contract_reference else None
        return (own,) if own else self._usual

    @cached_property
    def _usual(self) -> tuple[Contract, ...]:
        """Where lines are looked up that name no contract: one named in the header is the only place."""
        if self.contract is None or self.order.contract_reference:
            return (self.contract,) if self.contract else ()
        others = (c for c in self.contracts if c is not self.contract and c.covers(self.day) and c.currency == self.contract.currency)
        return (self.contract, *others)

    def in_currency(self, contract: Contract) -> bool:
        """Whether order and contract speak of the same money; an order that states no currency is read in the contract's."""
        return (self.order.currency or contract.currency).upper() == contract.currency.upper()
