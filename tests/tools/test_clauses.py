"""Clauses are found by their words; a quote is found letter for letter, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.contract import Clause, Contract
from signoff.tools.clauses import search_clauses, verify_quote

CLAUSES = (
    Clause(number="1", heading="Subject", text="The supplier delivers fasteners and tools to the plants of the buyer.", page=1),
    Clause(number="4.2", heading="Volume rebate", text="From 50,000 EUR a year on, a rebate\nof 3 % is granted on each order.", page=2),
    Clause(number="5", heading="Delivery", text="The supplier’s lead time is 15 working days – at the most.", page=3),
    Clause(
        number="9",
        heading="Law",
        text="The law of the seat of the buyer applies. Each party bears its own cost of delivery of notices.",
        page=4,
    ),
)
CONTRACT = Contract(contract_id="K-1", vendor_id="V-1", starts=dt.date(2026, 1, 1), currency="EUR", clauses=CLAUSES)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("delivery time", "5"),
        ("rebates for volume", "4.2"),
        ("volumerebate", "4.2"),
        ("lead-time", "5"),
        ("aplicable law", "9"),
        ("fastener", "1"),
    ],
)
def test_the_clause_that_is_meant_comes_first(query: str, number: str) -> None:
    assert search_clauses(CONTRACT, query)[0].number == number


@pytest.mark.parametrize("query", ["", "?!", "warranty insolvency"])
def test_nothing_is_found_where_nothing_is_said(query: str) -> None:
    assert search_clauses(CONTRACT, query) == []


def test_no_more_than_asked_for() -> None:
    assert len(search_clauses(CONTRACT, "supplier buyer order party", most=2)) == 2


@pytest.mark.parametrize(
    "quote",
    [
        "a rebate of 3 % is granted",
        "A  REBATE\nof 3 % is granted on each order.",
        "the supplier's lead time is 15 working days - at the most",
        " “lead time is 15 working days” ".replace("“", "").replace("”", ""),
    ],
)
def test_a_quote_is_found_whatever_its_white_space_quotes_and_dashes(quote: str) -> None:
    found = verify_quote(CONTRACT, quote)
    assert found is not None
    text = CLAUSES[found.index].text[found.start : found.end]
    assert "".join(c for c in text.casefold() if c.isalnum()) == "".join(c for c in quote.casefold() if c.isalnum())
    assert (found.number, found.page) == (CLAUSES[found.index].number, CLAUSES[found.index].page)


@pytest.mark.parametrize(
    "quote",
    [
        "a rebate of 5 % is granted",  # another number
        "5 working days at the most",  # within a number, and without the dash
        "5 working days – at the most",
        "each order. The supplier’s lead time",  # over two clauses
        "3 % is granted on each ord",
        "000 EUR a year on, a rebate",  # within a number
        "the buyer",  # says nothing
        "",
        "a rebate ... is granted on each order",
    ],
)
def test_a_quote_that_does_not_stand_there_is_not_found(quote: str) -> None:
    assert verify_quote(CONTRACT, quote) is None


@given(text=st.text(max_size=200), cut=st.tuples(st.integers(0, 200), st.integers(0, 200)))
def test_offsets_lead_back_to_the_quote(text: str, cut: tuple[int, int]) -> None:
    contract = CONTRACT.model_copy(update={"clauses": (Clause(text=text),)})
    quote = text[min(cut) : max(cut)]
    found = verify_quote(contract, quote)
    if found is not None:
        again = verify_quote(contract, text[found.start : found.end])
        assert again == found
