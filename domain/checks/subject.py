"""All that a check may look at."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from signoff.domain.checks import selection
from signoff.domain.checks.bought import BoughtLine, bought, priced
from signoff.domain.checks.changes import Comparison, compared, deleted
from signoff.domain.checks.figures import NOTHING, charged
from signoff.domain.contract import Contract
from signoff.domain.errors import NeedsPerson
from signoff.domain.facts import Facts, PastOrder
from signoff.domain.order import Order, OrderType
from signoff.domain.policy import Policy, Tolerances
from signoff.domain.vendor import Vendor, VendorMatch

Item = tuple[str, str]
"""What an item's quantity is counted under: whose it is (`contract K-1`) and which."""


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
    def replaced(self) -> PastOrder | None:
        """The order whose place a change takes; nothing for an order."""
        return self.facts.original if self.is_change else None

    @cached_property
    def comparison(self) -> Comparison | None:
        """A change, line by line, beside the order it is about; `None` where the lines of that order are not known."""
        past = self.replaced
        return compared(self.order, past.lines) if past and past.lines else None

    @cached_property
    def amount(self) -> Decimal | None:
        """What is ordered once this document holds, in its currency: of a change that names only some lines, the others too."""
        past, found = self.replaced, self.comparison
        if past is None or found is None or not found.partial or past.amount is None or past.currency != self.order.currency:
            return self.order.amount
        return None if found.difference is None else past.amount + found.difference

    @property
    def replaced_amount(self) -> Decimal:
        """What a change takes the place of, in the order's currency: nothing for an order, or when it cannot be told."""
        past = self.replaced
        return past.amount or NOTHING if past and past.currency == self.order.currency else NOTHING

    @property
    def replaced_base_amount(self) -> Decimal:
        """The same in base currency."""
        past = self.replaced
        return past.base_amount or NOTHING if past else NOTHING

    @cached_property
    def lines(self) -> tuple[BoughtLine, ...]:
        """Every line that is bought: lines that a change deletes are left out."""
        places = selection.placed(self.order, self.contract, self.contracts, self.day)
        rounding = self.tolerances.total_amount
        kept = [
            bought(i, line, charged(line, rounding), places[i])
            for i, line in enumerate(self.order.lines)
            if not (self.is_change and deleted(line))
        ]
        together = _together(kept)
        return tuple(priced(b, self._counted(b, together)) for b in kept)

    def _counted(self, line: BoughtLine, together: Mapping[Item, Decimal]) -> Decimal | None:
        """The quantity that earns a tier: of all the order's lines of the item, and of what was bought before where tiers go by that."""
        if line.agreed is None or line.quantity is None or line.quantity <= 0:
            return line.quantity
        key = item_key(line)
        span = line.agreed.tiers_on
        return together[key] + (NOTHING if span == "order" else self.taken(key, span))

    def taken(self, key: Item, span: str) -> Decimal:
        """How much of an item posted and open orders took, over the term or in the year; what a change replaces does not count."""
        drawn = self._drawn.get(key)
        if drawn is None:
            return NOTHING
        return max((drawn[0] if span == "term" else drawn[1]) - self._replaced.get(key, NOTHING), NOTHING)

    @cached_property
    def _drawn(self) -> dict[Item, tuple[Decimal, Decimal]]:
        return {(d.owner, d.item): (d.term, d.year) for d in self.facts.drawn}

    @cached_property
    def _replaced(self) -> Mapping[Item, Decimal]:
        sums: dict[Item, Decimal] = defaultdict(Decimal)
        for line in self.replaced.lines if self.replaced else ():
            if line.owner and line.item and line.drawn is not None:
                sums[line.owner, line.item] += line.drawn
        return sums

    def converted(self, amount: Decimal, money: str) -> Decimal | None:
        """An amount of the order in another currency, by the rates of its day; `None` where there is no rate."""
        if (self.order.currency or money).upper() == money.upper():
            return amount
        fx, base = self.policy.fx, self.policy.base_currency
        try:
            return amount * fx.rate(self.order.currency or money, base, self.day) / fx.rate(money, base, self.day)
        except NeedsPerson:
            return None

    def in_currency(self, contract: Contract) -> bool:
        """Whether order and contract speak of the same money; an order that states no currency is read in the contract's."""
        return (self.order.currency or contract.currency).upper() == contract.currency.upper()


def item_key(line: BoughtLine) -> Item:
    """What a line's quantity is counted under in the contract that prices it."""
    assert line.contract is not None, "only a contract prices a line"
    assert line.agreed is not None, "only a contract prices a line"
    return f"contract {line.contract.contract_id}", selection.item_of(line.agreed)


def _together(lines: list[BoughtLine]) -> dict[Item, Decimal]:
    """What the order's lines take of each item, in the contract's unit; returns take nothing away."""
    sums: dict[Item, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.agreed is not None and line.quantity is not None and line.quantity > 0:
            sums[item_key(line)] += line.quantity
    return sums
