"""What is asked of the past for one order: the right days, the right vendor, and the original of a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from signoff.domain.checks.changes import past_line
from signoff.domain.checks.content import digest
from signoff.domain.contract import Contract, PriceLine
from signoff.domain.facts import Drawn, Facts, PastLine, PastOrder, PastPrice
from signoff.domain.order import Order, OrderLine, OrderType
from signoff.domain.policy import Tolerances
from signoff.domain.vendor import Vendor
from signoff.graph.store.sqlite import SqliteStore
from signoff.tools.looking_back import Agreed, Looking

TODAY = dt.date(2026, 6, 1)
TOLERANCES = Tolerances(near_duplicate_days=10, split_window_days=3)
VENDOR = Vendor(vendor_id="V-1", name="Nordlund Supplies")
CONTRACT = Contract(contract_id="K-1", vendor_id="V-1", starts=dt.date(2025, 1, 1), currency="EUR")
YEARLY = CONTRACT.model_validate(CONTRACT.model_dump() | {"spend_cap": {"amount": "100", "per": "year"}})
LINES = (OrderLine(supplier_item_id="A-1", quantity=Decimal(2), unit="EA", unit_price=Decimal(5)),)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "signoff.db", b"key")
    yield opened
    opened.close()


def order(**changes: Any) -> Order:
    return Order(
        **{"order_number": "PO-1", "issue_date": TODAY, "currency": "EUR", "requester": "Ann", "cost_center": "CC-1", "lines": LINES}
        | changes
    )


def known(store: SqliteStore, *orders: PastOrder) -> None:
    with store.transaction():
        store.past.import_history((o, "K-1", ()) for o in orders)


def past(reference: str, **changes: Any) -> PastOrder:
    values: dict[str, Any] = {
        "reference": reference, "vendor_id": "V-1", "order_number": reference, "issue_date": TODAY, "requester": "Ann",
        "cost_center": "CC-1", "currency": "EUR", "amount": Decimal(10), "base_amount": Decimal(10), "content": digest(order()),
        "lines": tuple(map(past_line, LINES)),
    }  # fmt: skip
    return PastOrder(**values | changes)


def facts(store: SqliteStore, asked: Order, vendor: Vendor | None = VENDOR, contract: Contract | None = CONTRACT) -> Facts:
    known = (contract,) if contract else ()
    return Looking(store.past, TOLERANCES, TODAY, case=0).facts(asked, Agreed(vendor, contract, known))


def days(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


def test_each_window_is_as_wide_as_the_policy_says_to_both_sides(store: SqliteStore) -> None:
    known(store, *(past(f"{n:+d}", issue_date=days(n)) for n in (-11, -10, -4, -3, 0, 3, 4, 10, 11)))
    found = facts(store, order())
    assert {o.reference for o in found.same_content} == {"-10", "-4", "-3", "+0", "+3", "+4", "+10"}
    assert sorted(o.reference for o in found.window) == ["+0", "+3", "-3"]


def test_an_order_without_a_date_is_of_today(store: SqliteStore) -> None:
    known(store, past("A"), past("B", issue_date=days(-20)))
    found = facts(store, order(issue_date=None))
    assert [o.reference for o in found.same_content] == ["A"]
    assert (found.today, found.budget_spend) == (TODAY, Decimal(20))


def test_spend_is_of_the_term_or_of_the_year_of_the_order(store: SqliteStore) -> None:
    known(store, past("A"), past("B", issue_date=dt.date(2025, 6, 1), amount=Decimal(7), base_amount=Decimal(7)))
    assert facts(store, order(), contract=CONTRACT).contract_spend == Decimal(17)
    assert facts(store, order(), contract=YEARLY).contract_spend == Decimal(10)
    assert facts(store, order(issue_date=dt.date(2025, 7, 1)), contract=YEARLY).contract_spend == Decimal(7)
    assert facts(store, order(), contract=None).contract_spend is None
    assert facts(store, order()).budget_spend == Decimal(10)
    assert facts(store, order(cost_center=None)).budget_spend is None


def test_the_same_number_is_looked_up_when_the_order_has_one(store: SqliteStore) -> None:
    known(store, past("PO-1"), past("po 1"), past("PO-1", vendor_id="V-2"))
    assert [o.reference for o in facts(store, order()).same_number] == ["PO-1", "po 1"]
    assert facts(store, order(order_number=None)).same_number == ()
    assert facts(store, order()).original is None


@pytest.mark.parametrize("kind", [OrderType.CHANGE, OrderType.CANCELLATION])
def test_a_change_is_about_the_latest_order_with_that_number(store: SqliteStore, kind: OrderType) -> None:
    known(store, past("C1", order_number="PO-1"), past("C2", order_number="PO-1"))
    found = facts(store, order(order_type=kind, order_number="PO-1-C", order_reference="PO-1"))
    assert found.original is not None
    assert (found.original.reference, found.same_number) == ("C2", ())
    under_its_own = facts(store, order(order_type=kind))
    assert under_its_own.original is not None
    assert [o.reference for o in under_its_own.same_number] == ["C1"]
    assert facts(store, order(order_type=kind, order_number="PO-9", order_reference="PO-8")).original is None


def test_prices_are_asked_for_every_id_of_every_line(store: SqliteStore) -> None:
    paid = [PastPrice(item_id=i, unit_price=Decimal(4), issue_date=TODAY, reference="PO-0") for i in ("A-1", "B-7")]
    with store.transaction():
        store.past.bought(None, "V-1", paid)
    lines = (*LINES, OrderLine(buyer_item_id="B-7", supplier_item_id="none"))
    assert facts(store, order(lines=lines)).prices == tuple(paid)


def test_without_a_vendor_there_is_no_past_to_compare_with(store: SqliteStore) -> None:
    known(store, past("PO-1"))
    found = facts(store, order(), vendor=None, contract=None)
    assert (found.same_number, found.same_content, found.window, found.prices, found.original) == ((), (), (), (), None)
    assert found.budget_spend == Decimal(10)


def test_only_items_whose_price_or_limit_hangs_on_it_are_asked_for(store: SqliteStore) -> None:
    tiers = {"tiers": [{"from_quantity": 100, "price": 4}]}
    prices = [
        {"supplier_item_id": "A-1", "unit": "EA", "price": 5, "tiers_on": "year", **tiers},
        {"supplier_item_id": "A-2", "unit": "EA", "price": 5, "quantity_total": "500"},
        {"supplier_item_id": "A-3", "unit": "EA", "price": 5, **tiers},
    ]
    contract = CONTRACT.model_copy(update={"prices": tuple(PriceLine.model_validate(p) for p in prices)})
    took = [
        PastLine(item_ids=(i,), owner="contract K-1", item=f"{i.lower().replace('-', '')} in C62", drawn=Decimal(7)) for i in ("A-1", "A-3")
    ]
    known(store, past("PO-9", lines=tuple(took), issue_date=dt.date(2025, 6, 1)))
    asked = order(lines=tuple(OrderLine(supplier_item_id=f"A-{n}", quantity=Decimal(1), unit="EA") for n in (1, 2, 3, 4)))
    assert facts(store, asked, contract=contract).drawn == (
        Drawn(owner="contract K-1", item="a1 in C62", term=Decimal(7), year=Decimal(0)),
        Drawn(owner="contract K-1", item="a2 in C62", term=Decimal(0), year=Decimal(0)),
    )


def test_a_release_looks_for_its_blanket_order(store: SqliteStore) -> None:
    known(store, past("PO-1"))
    found = facts(store, order(release_number="3"))
    assert found.blanket is not None
    assert (found.blanket.reference, len(found.blanket.lines), found.blanket_spend) == ("PO-1", 1, Decimal(0))
    assert [(d.owner, d.item) for d in found.drawn] == [("blanket V-1 po1", "a1 in C62")]
    assert found.same_number == ()
    assert facts(store, order()).blanket is None
