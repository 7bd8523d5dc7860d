"""What the contract says one unit of an order line costs, in the order's own unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from signoff.domain.checks.figures import HUNDRED
from signoff.domain.checks.subject import BoughtLine
from signoff.domain.contract import PriceLine, Tier


@dataclass(frozen=True)
class AgreedPrice:
    """Per one unit of the order: `listed` without a tier, `earned` with the tier that the quantity reaches."""

    listed: Decimal
    earned: Decimal
    tier: Tier | None


def agreed_price(bought: BoughtLine) -> AgreedPrice | None:
    """The agreed price of the line, its own discount taken off; `None` without a price line or when units cannot be converted."""
    agreed, ratio = bought.agreed, bought.ratio
    if agreed is None or ratio is None:
        return None
    listed = _net(agreed, agreed.price)
    tier = _tier(bought)
    earned = _net(agreed, tier.price) if tier else listed
    return AgreedPrice(ratio.of(listed), ratio.of(earned), tier)


def contract_quantity(bought: BoughtLine) -> Decimal | None:
    """The ordered quantity in the contract's unit."""
    quantity = bought.line.quantity
    return None if quantity is None or bought.ratio is None else bought.ratio.of(quantity)


def _net(agreed: PriceLine, price: Decimal) -> Decimal:
    """Per one of the contract's unit, less the price line's discount; a discount outside 0 to 100 % is not one."""
    discount = agreed.discount_percent or Decimal(0)
    kept = HUNDRED - discount if 0 < discount <= HUNDRED else HUNDRED
    return price * kept / HUNDRED / agreed.price_base_quantity


def _tier(bought: BoughtLine) -> Tier | None:
    """The best tier that the quantity reaches, when it is better than the plain price."""
    quantity, agreed = contract_quantity(bought), bought.agreed
    if quantity is None or agreed is None:
        return None
    reached = [t for t in agreed.tiers if t.from_quantity <= quantity and 0 <= t.price < agreed.price]
    return min(reached, key=lambda t: t.price, default=None)
