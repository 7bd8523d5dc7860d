"""The values of a contract's terms as text: each has one canonical form, which papers are read into and people type.

Whatever does not have its form raises `BadInput` with the form it should have.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Literal

from babel.numbers import is_currency

from signoff.domain.contract import Commitment, OrderDiscount, SpendCap
from signoff.domain.errors import BadInput

PERPETUAL, BY_AGREEMENT = "perpetual", "by_agreement"
_DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_MONEY = re.compile(r"([\d.]+)\s+([A-Z]{3})(?:\s+(?:per\s+)?(term|year))?")
_DISCOUNT = re.compile(r"([\d.]+)\s*%\s+from\s+([\d.]+)\s+([A-Z]{3})")


def day(text: str) -> dt.date:
    """`2026-11-30`."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{text!r} is not a date; write it like 2026-11-30.") from None


def last_day(text: str) -> dt.date | None:
    """`2026-11-30`, or `perpetual` for no end."""
    return None if text.strip() == PERPETUAL else day(text)


def currency(text: str) -> str:
    """`EUR` (ISO 4217)."""
    if not is_currency(text.strip()):
        raise BadInput(f"{text!r} is not a currency of ISO 4217; write it like EUR.")
    return text.strip()


def whole_days(text: str) -> int:
    """`14`."""
    if not re.fullmatch(r"\d{1,4}", text.strip()):
        raise BadInput(f"{text!r} is not a number of days; write it like 14.")
    return int(text)


def duration(text: str) -> str:
    """`P1Y`, `P90D` (ISO 8601), `perpetual` or `by_agreement`."""
    said = text.strip()
    if said in (PERPETUAL, BY_AGREEMENT) or _DURATION.fullmatch(said):
        return said
    raise BadInput(f"{text!r} is not a span of time; write it like P1Y, P6M or P90D, or {PERPETUAL} or {BY_AGREEMENT}.")


def before(last: dt.date, span: str) -> dt.date | None:
    """The day a span before another: the last on which notice may be given. Nothing for a span without a length."""
    found = _DURATION.fullmatch(span)
    if found is None:
        return None
    years, months, weeks, days = (int(n or 0) for n in found.groups())
    count = last.year * 12 + last.month - 1 - years * 12 - months
    year, month = divmod(count, 12)
    if year < 1:
        return None
    longest = (dt.date(year + month // 11, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(last.day, longest)) - dt.timedelta(weeks=weeks, days=days)


def amount(text: str) -> tuple[Decimal, str]:
    """`100 EUR`."""
    value, unit, _ = _money(text, "100 EUR")
    return value, unit


def cap(text: str) -> tuple[SpendCap, str]:
    """`50000 EUR term`, `50000 EUR year`."""
    value, unit, per = _money(text, "50000 EUR year")
    return SpendCap(amount=value, per=per), unit


def commitment(text: str) -> tuple[Commitment, str]:
    """Likewise."""
    value, unit, per = _money(text, "50000 EUR year")
    return Commitment(amount=value, per=per), unit


def discount(text: str) -> tuple[OrderDiscount, str]:
    """`2 % from 5000 EUR`."""
    found = _DISCOUNT.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text!r} is not a discount; write it like 2 % from 5000 EUR.")
    return OrderDiscount(from_amount=_number(found[2]), percent=_number(found[1])), currency(found[3])


def _money(text: str, form: str) -> tuple[Decimal, str, Literal["term", "year"]]:
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text[:60]!r} is not an amount; write it like {form}.")
    return _number(found[1]), currency(found[2]), "year" if found[3] == "year" else "term"


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadInput(f"{text!r} is not a number; write it like 1234.50.") from None
