"""An order line beside what the contract says about it: the agreed price of one unit, in the order's own unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from signoff.domain.checks.figures import HUNDRED
from signoff.domain.checks.selection import Place
from signoff.domain.checks.units import ONE, Ratio, ratio
from signoff.domain.contract import Contract, PriceLine, Tier
from signoff.domain.order import OrderLine


@dataclass(frozen=True)
class AgreedPrice:
    """Per one unit of the order: `listed` without a tier, `earned` with the tier that the quantity reaches.

    `counted` is the quantity that earns it, in the contract's unit.
    """

    listed: Decimal
    earned: Decimal
    tier: Tier | None
    counted: Decimal | None = None


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

    def worth(self, quantity: Decimal) -> Decimal | None:
        """What so much of the contract's unit costs at the order's price, else at the agreed one."""
        each = self.price if self.price is not None else self.agreed_price.earned if self.agreed_price else None
        return None if each is None or not self.ratio else quantity * each * self.ratio.per / self.ratio.many


def bought(index: int, line: OrderLine, price: Decimal | None, place: Place) -> BoughtLine:
    """The line with its units converted. What it should cost hangs on the other lines too: `priced`."""
    contract, agreed = place
    if agreed is None:
        return BoughtLine(index, line, price, contract)
    into = ratio(line.unit, agreed.unit, agreed.units) if line.unit else ONE
    if into is None:
        return BoughtLine(index, line, price, contract, agreed)
    return BoughtLine(index, line, price, contract, agreed, into, None if line.quantity is None else into.of(line.quantity))


def priced(line: BoughtLine, counted: Decimal | None) -> BoughtLine:
    """The line with its agreed price: the tier that `counted` reaches (in the contract's unit), and the price line's discount."""
    agreed, into = line.agreed, line.ratio
    if agreed is None or into is None:
        return line
    tier = _tier(agreed, counted)
    listed = into.of(_net(agreed, agreed.price))
    earned = into.of(_net(agreed, tier.price)) if tier else listed
    return replace(line, agreed_price=AgreedPrice(listed, earned, tier, counted))


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
