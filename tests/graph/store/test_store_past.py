"""What every store promises of the past: running totals that are always the sum, look-backs that leave the asker out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import add_case

from signoff.domain.facts import PastOrder, PastPrice
from signoff.graph.store.port import Store

DAY = dt.date(2026, 5, 4)
MAY = (dt.date(2026, 5, 1), dt.date(2026, 5, 31))


def order(reference: str = "C00001", **changes: Any) -> PastOrder:
    values: dict[str, Any] = {
        "reference": reference, "vendor_id": "V-1", "order_number": "PO-12/7", "buyer": "Us", "issue_date": DAY, "requester": "Ann",
        "cost_center": "CC-1", "currency": "SEK", "amount": Decimal("100.00"), "base_amount": Decimal("9.00"), "content": "c1",
    }  # fmt: skip
    return PastOrder(**values | changes)


def price(item: str, amount: str, day: dt.date | None, reference: str = "PO-1") -> PastPrice:
    return PastPrice(item_id=item, unit="EA", currency="EUR", unit_price=Decimal(amount), issue_date=day, reference=reference)


def register(store: Store, *orders: PastOrder, contract: str | None = "K-1") -> list[int]:
    numbers = []
    for each in orders:
        number = add_case(store, source=each.reference)
        with store.transaction():
            store.past.register(number, each, contract)
        numbers.append(number)
    return numbers


MONEY = st.decimals(min_value=-1000, max_value=100_000, places=2)
CASE = st.integers(0, 5)
BOOKED = st.builds(
    lambda amount, base, year, center, contract: (
        order(amount=amount, base_amount=base, issue_date=dt.date(year, 1, 1), cost_center=center),
        contract,
    ),
    MONEY, MONEY, st.sampled_from([2025, 2026]), st.sampled_from(["CC-1", "CC-2", None]), st.sampled_from(["K-1", "K-2", None]),
)  # fmt: skip
ACTS = st.lists(st.tuples(CASE, st.none() | BOOKED), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, imported=st.lists(BOOKED, max_size=4))
def test_totals_are_the_sum_of_what_counts_in_whatever_order_it_came(
    store: Store, acts: list[tuple[int, tuple[PastOrder, str | None] | None]], imported: list[tuple[PastOrder, str | None]]
) -> None:
    have = [c.number for c in store.cases.listed()]
    cases = have or [add_case(store, part=i) for i in range(6)]
    counted: dict[int, tuple[PastOrder, str | None]] = {}
    with store.transaction():
        for number in cases:
            store.past.release(number)
        store.past.import_history([])
        for i, booked in acts:
            counted.pop(i, None)
            if booked is None:
                store.past.release(cases[i])
            else:
                counted[i] = booked
                store.past.register(cases[i], *booked)
        assert store.past.import_history((o, k, ()) for o, k in imported) == len(imported)
    sums: dict[tuple[str, int | None], Decimal] = defaultdict(Decimal)
    for booked_order, contract in [*counted.values(), *imported]:
        assert booked_order.issue_date
        assert booked_order.amount is not None
        assert booked_order.base_amount is not None
        for year in (None, booked_order.issue_date.year):
            sums[str(contract), year] += booked_order.amount
        sums[str(booked_order.cost_center), booked_order.issue_date.year] += booked_order.base_amount
    for year in (2025, 2026):
        assert {c: store.past.budget_spend(c, year) for c in ("CC-1", "CC-2")} == {c: sums[c, year] for c in ("CC-1", "CC-2")}
    for span in (None, 2025, 2026):
        assert {k: store.past.contract_spend(k, span) for k in ("K-1", "K-2")} == {k: sums[k, span] for k in ("K-1", "K-2")}


def test_a_contract_whose_name_ends_in_a_year_has_a_total_of_its_own(store: Store) -> None:
    register(store, order("C1"), contract="K-1")
    register(store, order("C2", amount=Decimal("7.00")), contract="K-1 2026")
    assert [store.past.contract_spend(k, None) for k in ("K-1", "K-1 2026")] == [Decimal("100.00"), Decimal("7.00")]
    assert [store.past.contract_spend(k, 2026) for k in ("K-1", "K-1 2026")] == [Decimal("100.00"), Decimal("7.00")]


def test_a_number_is_the_same_however_it_is_written(store: Store) -> None:
    first, second = register(store, order("C1"), order("C2", order_number="po 127"))
    register(store, order("C3", vendor_id="V-2"), order("C4", order_number="PO-128"))
    found = store.past.same_number("V-1", "PO127", case=0)
    assert [o.reference for o in found] == ["C1", "C2"]
    assert [o.reference for o in store.past.same_number("V-1", "PO127", case=first)] == ["C2"]
    with store.transaction():
        store.past.release(second)
    assert [o.reference for o in store.past.same_number("V-1", "PO127", case=0)] == ["C1"]


def test_content_is_looked_up_within_its_days_both_inclusive(store: Store) -> None:
    (mine, *_) = register(
        store,
        order("C1", issue_date=MAY[0]),
        order("C2", issue_date=MAY[1]),
        order("C3", issue_date=dt.date(2026, 6, 1)),
        order("C4", content="c2"),
    )
    assert [o.reference for o in store.past.same_content("V-1", "c1", MAY, case=0)] == ["C1", "C2"]
    assert [o.reference for o in store.past.same_content("V-1", "c1", MAY, case=mine)] == ["C2"]
    assert store.past.same_content("V-2", "c1", MAY, case=0) == []


def test_the_window_holds_orders_of_one_requester_or_cost_centre(store: Store) -> None:
    register(
        store, order("C1", requester="Ann", cost_center="CC-1"), order("C2", requester="Ann", cost_center="CC-2"),
        order("C3", requester="Bob", cost_center="CC-1"), order("C4", requester="Bob", cost_center="CC-2"),
        order("C5", issue_date=dt.date(2026, 6, 1)), order("C6", vendor_id="V-2"),
    )  # fmt: skip

    def references(requester: str | None, cost_center: str | None) -> set[str]:
        found = store.past.window("V-1", requester, cost_center, MAY, case=0)
        assert len(found) == len({o.reference for o in found})
        return {o.reference for o in found}

    assert references("Ann", "CC-1") == {"C1", "C2", "C3"}
    assert references("Ann", None) == {"C1", "C2"}
    assert references(None, "CC-2") == {"C2", "C4"}
    assert references(None, None) == set()


def test_the_last_price_is_the_latest_day_and_then_the_last_written(store: Store) -> None:
    number = add_case(store)
    with store.transaction():
        store.past.bought(
            number, "V-1", [price("AB-1", "3.00", DAY), price("AB-1", "2.00", DAY - dt.timedelta(1)), price("X", "9.00", None)]
        )
        store.past.bought(number, "V-1", [price("ab 1", "4.00", DAY), price("X", "8.00", DAY)])
        store.past.bought(number, "V-1", [price("AB-1", "1.00", DAY - dt.timedelta(2)), price("X", "7.00", None)])
        store.past.bought(number, "V-2", [price("AB-1", "7.00", DAY + dt.timedelta(9))])
    found = store.past.prices("V-1", ["AB1", "X", "unknown", "AB1"])
    assert [p.unit_price for p in found] == [Decimal("4.00"), Decimal("8.00")]


def test_history_that_is_imported_again_replaces_the_old_and_leaves_cases_alone(store: Store) -> None:
    register(store, order("C00001"))
    rows = [(order("PO-9", order_number="9"), "K-1", (price("AB-1", "3.00", DAY, "PO-9"),))]
    for _ in range(2):
        with store.transaction():
            assert store.past.import_history(rows) == 1
    assert store.past.contract_spend("K-1", None) == Decimal("200.00")
    assert [o.reference for o in store.past.window("V-1", "Ann", None, MAY, case=0)] == ["C00001", "PO-9"]
    assert [p.reference for p in store.past.prices("V-1", ["AB-1"])] == ["PO-9"]
    with store.transaction():
        assert store.past.import_history([]) == 0
    assert store.past.contract_spend("K-1", None) == Decimal("100.00")
    assert store.past.prices("V-1", ["AB-1"]) == []
