"""An order line beside what the contract says about it: the agreed price of one unit, in the order's own unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from signoff.domain.checks.figures import HUNDRED
from signoff.domain.checks.units import ONE, Ratio, ratio
from signoff.domain.contract import Contract, PriceLine, Tier
from signoff.domain.order import OrderLine


@dataclass(frozen=True)
class AgreedPrice:
    """Per one unit of the order: `listed` without a tier, `earned` with the tier that the quantity reaches."""

    listed: Decimal
    earned: Decimal
    tier: Tier | None


@dataclass(frozen=True)
class BoughtLine:
    """An order line, the contract it falls under, and its agreed price line. `price` is what one unit costs.

    `ratio` turns the order's unit into the contract's (a line without a unit is in the contract's already), `quantity` is
    in the contract's unit; both, and the agreed price, are `None` without a price line or when units cannot be converted.
    """

    index: int
    line: OrderLine
    price: Decimal | None
    contract: Contract | None = None
    agreed: PriceLine | None = None
    ratio: Ratio | None = None
    quantity: Decimal | None = None
    agreed_price: AgreedPrice | None = None

    @property
    def pointer(self) -> str:
        return f"/lines/{self.index}"

    @property
    def label(self) -> str:
        """For people: `Line 3 (BOLT-M8)`."""
        item = next(iter(self.line.item_ids), self.line.description)
        return f"Line {self.line.line_number or self.index + 1}" + (f" ({item[:60]})" if item else "")


def bought(index: int, line: OrderLine, price: Decimal | None, contract: Contract | None, agreed: PriceLine | None) -> BoughtLine:
    """The line with what follows from its price line: units converted, tier and discount worked out."""
    if agreed is None:
        return BoughtLine(index, line, price, contract)
    into = ratio(line.unit, agreed.unit, agreed.units) if line.unit else ONE
    if into is None:
        return BoughtLine(index, line, price, contract, agreed)
    quantity = None if line.quantity is None else into.of(line.quantity)
    tier = _tier(agreed, quantity)
    listed = into.of(_net(agreed, agreed.price))
    worth = AgreedPrice(listed, into.of(_net(agreed, tier.price)) if tier else listed, tier)
    return BoughtLine(index, line, price, contract, agreed, into, quantity, worth)


def _net(agreed: PriceLine, price: Decimal) -> Decimal:
    """Per one of the contract's unit, less the price line's discount; a discount outside 0 to 100 % is not one."""
    discount = agreed.discount_percent
    if discount and 0 < discount <= HUNDRED:
        price = price * (HUNDRED - discount) / HUNDRED
    return price / agreed.price_base_quantity


def _tier(agreed: PriceLine, quantity: Decimal | None) -> Tier | None:
    """The best tier that the quantity reaches, when it is better than the plain price."""
    if quantity is None or not agreed.tiers:
        return None
    reached = [t for t in agreed.tiers if t.from_quantity <= quantity and 0 <= t.price < agreed.price]
    return min(reached, key=lambda t: t.price, default=None)
