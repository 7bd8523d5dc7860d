"""Figures as the checks compare and show them: exact decimals in, short plain text out, and no figure too large to show."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from signoff.domain.money import cents
from signoff.domain.order import OrderLine

NOTHING = Decimal(0)
HUNDRED = Decimal(100)
_SHOWN = Decimal("0.000001")


def plain(value: Decimal) -> str:
    """A number in digits: no exponent, no trailing zeros."""
    short = value.normalize()
    text = f"{short:f}"
    return "0" if text == "-0" else text


def price_text(price: Decimal) -> str:
    """A price with at least two decimals and at most six: `10.00`, `0.125`, `0.083333`."""
    try:
        price = price.quantize(_SHOWN) if -int(price.as_tuple().exponent) > 6 else price
    except InvalidOperation:
        return plain(price)
    digits = plain(price)
    whole, _, rest = digits.partition(".")
    return f"{whole}.{rest:0<2}"


def money_text(amount: Decimal, currency: str | None) -> str:
    """An amount for people: `12,345.60 EUR`."""
    rounded = stake(amount, currency)
    return f"{amount if rounded is None else rounded:,f} {currency or ''}".rstrip()


def stake(amount: Decimal | None, currency: str | None) -> Decimal | None:
    """Money at stake, rounded to the currency's minor unit; `None` when it is unknown or too large to be an amount."""
    if amount is None:
        return None
    try:
        return bounded(cents(amount, currency))
    except InvalidOperation:
        return None


def bounded(amount: Decimal | None) -> Decimal | None:
    """The amount, or `None` when it has more digits than a `Number` holds: hostile figures multiply beyond any money."""
    if amount is None:
        return None
    parts = amount.as_tuple()
    exponent = int(parts.exponent)
    digits = len(parts.digits) + exponent if exponent >= 0 else max(len(parts.digits), -exponent)
    return amount if digits <= 28 else None


def per_one(line: OrderLine) -> Decimal | None:
    """The printed price of one unit; without a unit price the line's amount over its quantity, `None` without either."""
    if line.unit_price is not None:
        return line.unit_price / line.price_base_quantity if line.price_base_quantity > 0 else None
    if line.line_amount is not None and line.quantity:
        return line.line_amount / line.quantity
    return None


def charged(line: OrderLine, rounding: Decimal) -> Decimal | None:
    """What one unit costs after the line's own allowances.

    When the line's amount is quantity x price to within `rounding`, the allowances are only mentioned, the price is net already.
    """
    price = per_one(line)
    off = sum((a.amount for a in line.allowances_charges if not a.charge and a.amount), NOTHING)
    if price is None or not off or line.unit_price is None or line.quantity is None or line.quantity <= 0:
        return price
    if line.line_amount is not None and abs(line.line_amount - line.quantity * price) <= rounding:
        return price
    return price - off / line.quantity
