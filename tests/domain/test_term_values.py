"""The forms in which a contract's terms are written: read exactly or refused with the form they should have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from signoff.domain import term_values
from signoff.domain.contract import Commitment, OrderDiscount, SpendCap
from signoff.domain.errors import BadInput

READ: list[tuple[Callable[[str], Any], str, Any]] = [
    (term_values.day, " 2026-11-30 ", dt.date(2026, 11, 30)),
    (term_values.last_day, "perpetual", None),
    (term_values.last_day, "2026-11-30", dt.date(2026, 11, 30)),
    (term_values.currency, "EUR", "EUR"),
    (term_values.whole_days, "14", 14),
    (term_values.duration, "P1Y6M", "P1Y6M"),
    (term_values.duration, "by_agreement", "by_agreement"),
    (term_values.amount, "100.50 EUR", (Decimal("100.50"), "EUR")),
    (term_values.cap, "50000 EUR year", (SpendCap(amount="50000", per="year"), "EUR")),
    (term_values.cap, "50000 EUR", (SpendCap(amount="50000", per="term"), "EUR")),
    (term_values.commitment, "50000 EUR per year", (Commitment(amount="50000", per="year"), "EUR")),
    (term_values.discount, "2.5 % from 5000 EUR", (OrderDiscount(from_amount="5000", percent="2.5"), "EUR")),
]
REFUSED: list[tuple[Callable[[str], Any], str, str]] = [
    (term_values.day, "30.11.2026", "write it like 2026-11-30"),
    (term_values.currency, "EURO", "write it like EUR"),
    (term_values.whole_days, "two weeks", "write it like 14"),
    (term_values.duration, "P", "write it like P1Y, P6M or P90D"),
    (term_values.duration, "one year", "write it like P1Y, P6M or P90D"),
    (term_values.amount, "100", "write it like 100 EUR"),
    (term_values.cap, "50,000 EUR", "write it like 50000 EUR year"),
    (term_values.cap, "5.0.0 EUR", "is not a number"),
    (term_values.cap, "50000 XYZ", "is not a currency of ISO 4217"),
    (term_values.discount, "2 % above 5000 EUR", "write it like 2 % from 5000 EUR"),
]


@pytest.mark.parametrize(("read", "text", "value"), READ, ids=[f"{r.__name__}-{t.strip()}" for r, t, _ in READ])
def test_what_has_its_form_is_read(read: Callable[[str], Any], text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(("read", "text", "said"), REFUSED, ids=[f"{r.__name__}-{t}" for r, t, _ in REFUSED])
def test_what_has_not_is_refused_with_its_form(read: Callable[[str], Any], text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(text)


@pytest.mark.parametrize(
    ("span", "day"),
    [("P3M", "2026-12-31"), ("P1M", "2027-02-28"), ("P1Y", "2026-03-31"), ("P90D", "2026-12-31"), ("P2W", "2027-03-17"),
     ("P1Y1M", "2026-02-28"),
     ("perpetual", None), ("by_agreement", None)],
)  # fmt: skip
def test_the_day_a_span_before_another(span: str, day: str | None) -> None:
    found = term_values.before(dt.date(2027, 3, 31), span)
    assert (found and str(found)) == day
