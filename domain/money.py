"""Money: exact amounts, ISO 4217 minor units, and dated exchange rates that round against the spender."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from babel.numbers import get_currency_precision
from pydantic import model_validator

from signoff.domain.errors import NeedsPerson
from signoff.domain.record import Number, Record


class DatedRates(Record):
    """Rates from one day on: base currency per 1 unit of each currency, e.g. `{"USD": "0.92"}` for base EUR."""

    since: dt.date
    rates: dict[str, Number]

    @model_validator(mode="after")
    def _positive(self) -> DatedRates:
        bad = [c for c, r in self.rates.items() if r <= 0]
        if bad:
            raise ValueError(f"the rate of {bad[0]} must be above 0")
        return self


class Rates(Record):
    """A table of dated rates, in any order."""

    table: tuple[DatedRates, ...] = ()

    def rate(self, currency: str, base: str, day: dt.date) -> Decimal:
        """Base units per 1 `currency` on that day. Raises `NeedsPerson` when no rate is on file."""
        if currency == base:
            return Decimal(1)
        dated = [d for d in self.table if d.since <= day and currency in d.rates]
        if not dated:
            raise NeedsPerson(f"There is no exchange rate for {currency} on or before {day}; add one under fx in policy.yaml.")
        return max(dated, key=lambda d: d.since).rates[currency]

    def convert(self, amount: Decimal, currency: str, base: str, day: dt.date) -> Decimal:
        """The amount in base currency, rounded up to the minor unit: against the spender, before any threshold."""
        exact = amount * self.rate(currency, base, day)
        return exact.quantize(minor_unit(base), rounding=ROUND_UP)


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency by ISO 4217: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def cents(amount: Decimal, currency: str | None) -> Decimal:
    """Rounded half up to the currency's minor unit (two digits when the currency is not known)."""
    return amount.quantize(minor_unit(currency or "XXX"), rounding=ROUND_HALF_UP)


def shown(amount: Decimal | None, currency: str | None) -> str:
    """For people: `12,345.60 EUR`."""
    return "?" if amount is None else f"{cents(amount, currency):,f} {currency or ''}".rstrip()
