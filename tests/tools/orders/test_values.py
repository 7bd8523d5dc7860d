"""Printed values are read exactly or not at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import get_month_names
from hypothesis import given
from hypothesis import strategies as st

from signoff.tools.orders.values import LANGUAGES, Mark, currency, date, date_order, decimal_mark, number, quantity, unit


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1.234,50 €", ",", "1234.50"),
        ("EUR 1,234.50", ".", "1234.50"),
        ("-$5.00", ".", "-5.00"),
        ("(12.50)", ".", "-12.50"),
        ("12,50-", ",", "-12.50"),
        ("1'234.50", None, "1234.50"),
        ("1 234,5", None, "1234.5"),
        ("1,23,456.00", ".", "123456.00"),
        ("120,-", ",", "120"),
        ("0.500", None, "0.500"),
        ("1,234,567", None, "1234567"),
        (".50", ".", "0.50"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, mark: Mark | None, value: str) -> None:
    assert number(text, mark) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1.234", None),
        ("1,234", None),
        ("12,50", "."),
        ("1.2345,00", None),
        ("12.05.2026", None),
        ("10²", None),
        ("12-34", "."),
        ("1e5", "."),
        ("--5", None),
        ("PCS 12", "."),
        ("12 pcs", None),
        ("(5", "."),
        ("", None),
        ("1" * 61, "."),
    ],
)
def test_what_could_be_two_numbers_or_is_none_stays_unread(text: str, mark: Mark | None) -> None:
    assert number(text, mark) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from([".", ","]))
def test_a_grouped_amount_comes_back_as_it_was(value: Decimal, mark: Mark) -> None:
    printed = f"{value:,.2f}"
    assert number(printed if mark == "." else printed.translate(str.maketrans(",.", ".,")), mark) == value


@given(st.text(max_size=70))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert number(text, None) is None or number(text, None) in (number(text, "."), number(text, ","))


def test_the_decimal_mark_is_decided_over_the_whole_document() -> None:
    assert decimal_mark(["1.234,50", "2.5", "Stück"]) == ","
    assert decimal_mark(["12.50", "7"]) == "."
    assert decimal_mark(["1.234", "17"]) is None
    assert decimal_mark(["12.50", "12,50"]) is None


def test_a_quantity_keeps_the_unit_printed_behind_it() -> None:
    assert quantity("12 Stk", None) == (Decimal(12), "Stk")
    assert quantity("1.200 m", ",") == (Decimal(1200), "m")
    assert quantity("about 12", None) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-22T10:00:00Z", dt.date(2026, 11, 22)),
        ("20261122", dt.date(2026, 11, 22)),
        ("22/11/2026", dt.date(2026, 11, 22)),
        ("11/22/26", dt.date(2026, 11, 22)),
        ("05.06.2026", dt.date(2026, 6, 5)),
        ("Nov 22, 2026", dt.date(2026, 11, 22)),
        ("November 22nd, 2026", dt.date(2026, 11, 22)),
        ("Monday, 23 November 2026", dt.date(2026, 11, 23)),
        ("le 1er août 2026", dt.date(2026, 8, 1)),
        ("22 de noviembre de 2026", dt.date(2026, 11, 22)),
        ("3. maaliskuuta 2026", dt.date(2026, 3, 3)),
        ("22-Nov-26", dt.date(2026, 11, 22)),
    ],
)
def test_dates_that_name_one_day(text: str, day: dt.date) -> None:
    assert date(text, None) == day


@pytest.mark.parametrize("text", ["05/06/2026", "31/02/2026", "12 pcs 20", "30 days", "4711", "2026-13-01", "99999999"])
def test_dates_that_name_two_days_or_none(text: str) -> None:
    assert date(text, None) is None


def test_the_order_of_day_and_month_is_decided_over_the_whole_document() -> None:
    assert date_order(["22/11/2026", "05/06/2026"]) == "dmy"
    assert date_order(["11/22/2026", "05/06/2026"]) == "mdy"
    assert date_order(["22/11/2026", "11/22/2026"]) is None
    assert date_order(["05/06/2026"]) is None
    assert date("05/06/2026", "mdy") == dt.date(2026, 5, 6)
    assert date("22/11/2026", "mdy") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_of_every_language_is_known(language: str) -> None:
    for month, name in get_month_names("wide", "format", Locale.parse(language)).items():
        assert date(f"5 {name} 2026", None) == dt.date(2026, month, 5)


def test_currencies_are_named_for_certain_or_not_at_all() -> None:
    named = {
        "€": "EUR",
        "Price (EUR)": "EUR",
        "US$": "USD",
        "Amount USD": "USD",
        "eur": "EUR",
        "Unit Price £": "GBP",
        "Preis in Euro": "EUR",
    }
    assert {text: currency(text) for text in named} == named
    assert [currency(t) for t in ("$ 12.50", "kr", "¥", "EUR / USD", "ALL PRICES", "all")] == [None] * 6


def test_units_become_codes_of_recommendation_20_or_stay_as_printed() -> None:
    known = {
        "pcs": "C62",
        "Stk.": "C62",
        "Stück": "C62",
        "pièces": "C62",
        "ST": "C62",
        "each": "EA",
        "EA": "EA",
        "kg": "KGM",
        "m²": "MTK",
        "box": "BX",
    }
    assert {text: unit(text) for text in known} == known
    assert [unit(t) for t in ("90 ct btl", "Gebinde X", "H87", "MTR")] == ["90 ct btl", "Gebinde X", "H87", "MTR"]
