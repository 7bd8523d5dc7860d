"""What every store promises of the past: running totals that are always the sum, look-backs that leave the asker out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import add_case

from signoff.domain.checks.likeness import likeness
from signoff.domain.facts import PastLine, PastOrder, PastPrice
from signoff.domain.states import State
from signoff.graph.store.port import Store
from signoff.tools.history import Asker, OrderNumber

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
    number = OrderNumber("V-1", "PO127")
    assert [o.reference for o in store.past.same_number(number, case=0)] == ["C1", "C2"]
    assert [o.reference for o in store.past.same_number(number, case=first)] == ["C2"]
    with store.transaction():
        store.past.release(second)
    assert [o.reference for o in store.past.same_number(number, case=0)] == ["C1"]


def test_releases_under_one_number_are_told_apart(store: Store) -> None:
    register(store, order("C1"), order("C2", release_number="1"), order("C3", release_number="2"))
    for release, references in ((None, ["C1"]), ("1", ["C2"]), ("02", []), ("3", [])):
        assert [o.reference for o in store.past.same_number(OrderNumber("V-1", "PO-12/7", release), case=0)] == references
    blanket = store.past.blanket(OrderNumber("V-1", "PO-12/7", "2"), case=0)
    assert blanket is not None
    assert blanket.reference == "C1"


LINES = tuple(
    PastLine(line_number=str(n), item_ids=(item,), quantity=Decimal(quantity), unit="EA", unit_price=Decimal(each), amount=Decimal(amount))
    for n, item, quantity, each, amount in ((1, "A-1", 10, 40, 400), (2, "B-2", 20, 15, 300), (3, "C-3", 2, 1, 2))
)


def more(*changes: tuple[int, dict[str, Any]]) -> tuple[PastLine, ...]:
    """The lines with some changed."""
    table = dict(changes)
    return tuple(line.model_copy(update=table.get(i, {})) for i, line in enumerate(LINES))


def test_orders_that_share_lines_are_found_within_their_days_both_inclusive(store: Store) -> None:
    cent = {"unit_price": Decimal("40.01"), "amount": Decimal("400.10")}
    (mine, *_) = register(
        store,
        order("C1", issue_date=MAY[0], lines=LINES),
        order("C2", issue_date=MAY[1], lines=more((0, cent))),
        order("C3", issue_date=dt.date(2026, 6, 1), lines=LINES),
        order("C4", lines=more((0, {"quantity": Decimal(11)}))),
        order("C5", lines=LINES[1:]),
        order("C6", lines=LINES[:2]),
        order("C7", lines=LINES, vendor_id="V-2"),
    )

    def found(least: int, case: int = 0) -> list[tuple[str, str]]:
        return [(o.reference, str(o.likeness)) for o in store.past.alike("V-1", LINES, Decimal(least), MAY, case)]

    assert found(90) == [("C1", "100.00"), ("C2", "99.99"), ("C6", "99.86")]
    assert found(90, mine) == [("C2", "99.99"), ("C6", "99.86")]
    assert [reference for reference, _ in found(40)] == ["C1", "C2", "C6", "C5", "C4"]


ITEMS = st.sampled_from("ABCDE")
ORDERED = st.lists(st.tuples(ITEMS, st.integers(1, 3), st.integers(0, 50)), min_size=1, max_size=8)


def lined(rows: list[tuple[str, int, int]]) -> tuple[PastLine, ...]:
    return tuple(PastLine(item_ids=(i,), quantity=Decimal(q), unit="EA", amount=Decimal(a)) for i, q, a in rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(past=st.lists(ORDERED, min_size=1, max_size=6), asked=ORDERED, least=st.integers(1, 100))
def test_no_order_that_is_alike_is_missed(store: Store, past: list[Any], asked: Any, least: int) -> None:
    """The index looks under a few lines only; comparing with every order finds no more."""
    with store.transaction():
        store.past.import_history((order(f"H{n}", lines=lined(rows)), None, ()) for n, rows in enumerate(past))
    mine = lined(asked)
    alike = {o.reference for o in store.past.alike("V-1", mine, Decimal(least), MAY, case=0)}
    assert alike == {f"H{n}" for n, rows in enumerate(past) if likeness(mine, lined(rows)) >= least}


def test_the_window_holds_orders_that_share_two_of_vendor_requester_and_cost_centre(store: Store) -> None:
    register(
        store, order("C1", requester="Ann", cost_center="CC-1"), order("C2", requester="Ann", cost_center="CC-2"),
        order("C3", requester="Bob", cost_center="CC-1"), order("C4", requester="Bob", cost_center="CC-2"),
        order("C5", issue_date=dt.date(2026, 6, 1)), order("C6", vendor_id="V-2", category="it"), order("C7", vendor_id="V-3"),
        order("C8", vendor_id="V-2", category="it", requester="Bob"),
    )  # fmt: skip

    def references(requester: str | None, cost_center: str | None, category: str | None = None) -> set[str]:
        found = store.past.window(Asker("V-1", requester, cost_center, category), MAY, case=0)
        assert len(found) == len({o.reference for o in found})
        return {o.reference for o in found}

    assert references("Ann", "CC-1") == {"C1", "C2", "C3"}
    assert references("Ann", "CC-1", "it") == {"C1", "C2", "C3", "C6"}
    assert references("Ann", None) == {"C1", "C2"}
    assert references(None, "CC-2") == {"C2", "C4"}
    assert references(None, None) == set()


def drawing(quantity: str, contract: str = "K-1") -> tuple[PastLine, ...]:
    return (PastLine(item_ids=("A-1",), owner=f"contract {contract}", item="a1 in C62", drawn=Decimal(quantity)),)


def taken(store: Store) -> tuple[Decimal, Decimal]:
    (found,) = store.past.drawn("contract K-1", ["a1 in C62"], 2026)
    return found.term, found.year


def test_what_is_taken_of_an_item_is_counted_by_term_and_year(store: Store) -> None:
    first, *_ = register(store, order("C1", lines=drawing("10")), order("C2", lines=drawing("5"), issue_date=dt.date(2025, 3, 1)))
    register(store, order("C3", lines=drawing("7", "K-2")), contract="K-2")
    assert taken(store) == (Decimal(15), Decimal(10))
    with store.transaction():
        store.past.release(first)
    assert taken(store) == (Decimal(5), Decimal(0))


def committed(store: Store) -> tuple[Decimal, Decimal, Decimal]:
    return store.past.contract_spend("K-1", None), store.past.budget_spend("CC-1", 2026), taken(store)[0]


def test_a_change_counts_by_its_difference_until_it_takes_the_place_of_the_order(store: Store) -> None:
    original, change = register(
        store,
        order("C1", lines=drawing("10")),
        order("C2", order_number="CH-1", about="PO-12/7", amount=Decimal(130), base_amount=Decimal(12), lines=drawing("13")),
    )
    assert committed(store) == (Decimal("130.00"), Decimal("12.00"), Decimal(13))
    for number in (original, change):
        posted(store, number)
    with store.transaction():
        store.past.supersede(original, by=change)
    assert committed(store) == (Decimal(130), Decimal(12), Decimal(13))
    second = add_case(store, source="C3")
    found = store.past.original(OrderNumber("V-1", "PO-12/7"), second)
    assert found is not None
    assert (found.reference, found.approved, [line.drawn for line in found.lines]) == ("C2", True, [Decimal(13)])
    with store.transaction():
        store.past.register(second, order("C3", order_number="CH-2", about="PO-12/7", amount=Decimal(90), lines=drawing("9")), "K-1")
    assert committed(store) == (Decimal(90), Decimal("9.00"), Decimal(9))
    with store.transaction():
        store.past.release(second)
    assert committed(store) == (Decimal(130), Decimal(12), Decimal(13))


def test_a_cancelled_order_commits_nothing_and_can_be_changed_no_more(store: Store) -> None:
    original, cancellation = register(store, order("C1", lines=drawing("10")), order("C2", about="PO-12/7", cancels=True, amount=None))
    assert committed(store) == (Decimal("100.00"), Decimal("18.00"), Decimal(10))
    for number in (original, cancellation):
        posted(store, number)
    with store.transaction():
        store.past.supersede(original, by=cancellation)
    assert store.past.original(OrderNumber("V-1", "PO-12/7"), 0) is None
    assert (store.past.contract_spend("K-1", None), taken(store)[0]) == (Decimal(0), Decimal(0))
    assert [o.reference for o in store.past.same_number(OrderNumber("V-1", "PO-12/7"), 0)] == ["C1", "C2"]


def test_the_approved_version_comes_before_one_that_waits(store: Store) -> None:
    first, _ = register(store, order("C1"), order("C2", about="PO-12/7"))
    waiting = store.past.original(OrderNumber("V-1", "PO-12/7"), 0)
    assert waiting is not None
    assert (waiting.reference, waiting.approved) == ("C2", False)
    posted(store, first)
    approved = store.past.original(OrderNumber("V-1", "PO-12/7"), 0)
    assert approved is not None
    assert (approved.reference, approved.approved) == ("C1", True)


def posted(store: Store, number: int) -> None:
    with store.transaction():
        for state in (State.READ, State.VERIFIED, State.CHECKED, State.ROUTED, State.APPROVED, State.POSTED):
            store.cases.move(number, state, dt.datetime(2026, 5, 4, tzinfo=dt.UTC))


def test_a_failed_order_gives_back_what_it_took_until_it_is_taken_up_again(store: Store) -> None:
    (number,) = register(store, order("C1", lines=drawing("10")))
    with store.transaction():
        store.past.suspend(number)
    assert committed(store) == (Decimal(0), Decimal(0), Decimal(0))
    assert store.past.same_number(OrderNumber("V-1", "PO-12/7"), 0) == []
    assert store.past.window(Asker("V-1", "Ann", "CC-1", None), MAY, 0) == []
    with store.transaction():
        store.past.resume(number)
    assert committed(store) == (Decimal("100.00"), Decimal("9.00"), Decimal(10))


def test_a_release_draws_on_its_blanket_order_and_not_a_second_time_on_contract_and_budget(store: Store) -> None:
    register(store, order("C1"), order("C2", release_number="1", blanket="blanket V-1 po127", contract_amount=Decimal(40)))
    assert store.past.blanket_spend("blanket V-1 po127") == Decimal(40)
    assert (store.past.contract_spend("K-1", None), store.past.budget_spend("CC-1", 2026)) == (Decimal("100.00"), Decimal("9.00"))


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
    assert [o.reference for o in store.past.window(Asker("V-1", "Ann", None, None), MAY, case=0)] == ["C00001", "PO-9"]
    assert [p.reference for p in store.past.prices("V-1", ["AB-1"])] == ["PO-9"]
    with store.transaction():
        assert store.past.import_history([]) == 0
    assert store.past.contract_spend("K-1", None) == Decimal("100.00")
    assert store.past.prices("V-1", ["AB-1"]) == []
