"""A contract as of a day: amendments change what they state, from their day on, and say where each value was read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.checks.versions import as_of, same_items, versions
from signoff.domain.contract import Amendment, Changes, Contract, OrderDiscount, OtherTerm, PriceLine, Provenance, SpendCap

PLACE = Provenance(source="base.pdf", sha256="a" * 64, clause="1")
NEW = Provenance(source="new.pdf", sha256="b" * 64, clause="2")


def line(item: str | None = None, price: str = "1", **more: Any) -> PriceLine:
    return PriceLine.model_validate({"supplier_item_id": item, "unit": "C62", "price": price} | more)


def contract(*amendments: Amendment, **more: Any) -> Contract:
    values: dict[str, Any] = {
        "contract_id": "K-1", "vendor_id": "V-1", "starts": "2026-01-01", "ends": "2026-12-31", "currency": "EUR",
        "payment_terms": "30 days", "spend_cap": SpendCap(amount="1000"), "prices": (line("A"), line("B")),
        "provenance": {"/ends": PLACE, "/payment_terms": PLACE, "/prices/0": PLACE, "/prices/1": PLACE},
    }  # fmt: skip
    return Contract.model_validate(values | more | {"amendments": amendments})


def change(since: str = "2026-07-01", name: str = "A-1", **more: Any) -> Amendment:
    own = {k: more.pop(k) for k in ("ended", "all_prices", "provenance") if k in more}
    return Amendment.model_validate({"amendment_id": name, "since": since, "changes": Changes.model_validate(more)} | own)


def on(amended: Contract, day: str) -> Contract:
    return as_of(amended, dt.date.fromisoformat(day))


def test_without_amendments_it_is_itself() -> None:
    plain = contract()
    assert on(plain, "2026-06-01") is plain


def test_each_holds_from_its_day_and_the_later_one_wins() -> None:
    amended = contract(change("2026-09-01", "A-2", ends="2029-12-31"), change("2026-07-01", "A-1", ends="2027-12-31"))
    ends = [str(on(amended, day).ends) for day in ("2025-01-01", "2026-06-30", "2026-07-01", "2026-08-31", "2026-09-01")]
    assert ends == ["2026-12-31", "2026-12-31", "2027-12-31", "2027-12-31", "2029-12-31"]
    assert [(str(day), v.amended) for day, v in versions(amended)] == [
        ("2026-01-01", ()), ("2026-07-01", ("A-1",)), ("2026-09-01", ("A-1", "A-2")),
    ]  # fmt: skip


def test_what_it_does_not_state_stays() -> None:
    after = on(contract(change(payment_terms="60 days")), "2026-07-01")
    assert (after.payment_terms, after.spend_cap, str(after.ends)) == ("60 days", SpendCap(amount="1000"), "2026-12-31")


def test_what_it_ends_holds_no_more() -> None:
    after = on(contract(change(ended=("spend_cap", "ends", "prices"))), "2026-07-01")
    assert (after.spend_cap, after.ends, after.prices) == (None, None, ())
    assert "/ends" not in after.provenance


def test_each_value_says_in_which_paper_it_stands() -> None:
    amended = contract(change(ends="2027-12-31", prices=(line("B", "2"),), provenance={"/ends": NEW, "/prices/0": NEW, "/since": NEW}))
    after = on(amended, "2026-07-01")
    assert [p.supplier_item_id for p in after.prices] == ["A", "B"]
    told = {pointer: place.source for pointer, place in after.provenance.items()}
    assert told == {"/ends": "new.pdf", "/payment_terms": "base.pdf", "/prices/0": "base.pdf", "/prices/1": "new.pdf"}


def test_discounts_and_other_terms_of_a_kind_are_replaced_together() -> None:
    old = {"discounts": (OrderDiscount(from_amount="100", percent="2"),)}
    old |= {"other_terms": (OtherTerm(kind="rebate", text="3 %"), OtherTerm(kind="liability_cap", text="none"))}
    new = change(discounts=(OrderDiscount(from_amount="50", percent="1"),), other_terms=(OtherTerm(kind="rebate", text="5 %"),))
    after = on(contract(new, **old), "2026-07-01")
    assert [str(d.percent) for d in after.discounts] == ["1"]
    assert [t.text for t in after.other_terms] == ["none", "5 %"]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (line("A-1"), line("a1"), True),
        (line("A-1"), line("A-2"), False),
        (line(None, buyer_item_id="100"), line("100"), True),
        (line("7", buyer_item_id="100"), line("100"), False),
        (line(None, description="Hex bolt M8"), line(None, description="hex bolt, M8"), True),
        (line(None, description="Hex bolt M8"), line("A-1", description="Hex bolt M8"), False),
        (line("A-1", unit="BX"), line("A-1"), True),
    ],
    ids=["as printed", "another", "under the other side's number", "contradicting", "by words", "words beside an id", "another unit"],
)
def test_when_two_lines_are_one_item(old: PriceLine, new: PriceLine, same: bool) -> None:
    assert same_items([old], [new]) == [(0,) if same else ()]


def test_an_id_of_another_kind_that_may_be_two_items_is_none() -> None:
    old = [line(None, buyer_item_id="100", description="a"), line(None, standard_item_id="100", description="b")]
    assert same_items(old, [line("100")]) == [()]


ITEMS = st.lists(
    st.builds(line, st.sampled_from("ABCDE"), st.sampled_from(["1", "2", "3"])), max_size=5, unique_by=lambda p: p.supplier_item_id
)


@given(ITEMS, ITEMS)
def test_after_an_amendment_each_item_has_its_price_once(old: list[PriceLine], new: list[PriceLine]) -> None:
    after = on(contract(change(prices=tuple(new)), prices=tuple(old), provenance={}), "2026-07-01")
    wanted = {p.supplier_item_id: p.price for p in old} | {p.supplier_item_id: p.price for p in new}
    assert {p.supplier_item_id: p.price for p in after.prices} == wanted
    assert len(after.prices) == len(wanted)
