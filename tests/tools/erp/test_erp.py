"""What every ERP of `worlds.py` promises: one order for one key, read back as it was approved."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from worlds import HOLDS, WORLDS, Open

from signoff.domain.errors import Refused, SignoffError, Unavailable
from signoff.domain.order import Order, OrderLine, OrderType
from signoff.domain.reading import Lane, Reading, Verdict
from signoff.domain.stages import ApprovedOrder, Check, CheckedOrder, Route, RoutedOrder, VerifiedOrder
from signoff.domain.vendor import VendorMatch
from signoff.tools.erp.protocol import CANCELLED, DRAFT, ERP, Posting, compare
from signoff.tools.erp.sqlite import SqliteERP


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opener(world: str, tmp_path: Path) -> Iterator[Open]:
    with WORLDS[world](tmp_path) as opener:
        yield opener


@pytest.fixture
def erp(opener: Open) -> Iterator[ERP]:
    opened = opener()
    yield opened
    opened.close()


def line(quantity: str, price: str, **more: Any) -> OrderLine:
    return OrderLine(supplier_item_id="A-1", description="Bolt", quantity=Decimal(quantity), unit="EA", unit_price=Decimal(price), **more)


def approved(*lines: OrderLine, **changes: Any) -> ApprovedOrder:
    order = Order(**{"order_number": "PO-1", "currency": "EUR", "lines": lines or (line("3", "2.50"), line("10", "0.125"))} | changes)
    verified = VerifiedOrder(order=order, lane=Lane.STRUCTURED, reading=Reading(verdict=Verdict.CLEAR, confidence=1))
    check = Check(match=VendorMatch(vendor_id="V-1", how="id", score=100), currency=order.currency)
    return ApprovedOrder(
        routed=RoutedOrder(checked=CheckedOrder(verified=verified, check=check), route=Route(rules=("all",), policy_hash="h"))
    )


def cancellation() -> ApprovedOrder:
    return approved(order_type=OrderType.CANCELLATION, order_number="PO-1-X", order_reference="PO-1", currency=None)


def test_what_was_created_reads_back_as_it_was_approved(erp: ERP, opener: Open) -> None:
    order = approved()
    created = erp.create(order, "k")
    assert (created.key, created.reference, created.vendor_id, created.currency) == ("k", "PO-1", "V-1", "EUR")
    assert (created.line_total, created.lines) == (Decimal("8.75"), 2)
    other = opener()
    assert erp.find("k") == other.find("k") == created
    other.close()
    compare(order, created)


def test_an_order_is_a_draft_until_it_is_confirmed_once(erp: ERP) -> None:
    draft = erp.create(approved(), "k")
    assert draft.status == DRAFT
    confirmed = erp.confirm(draft)
    assert confirmed.status not in (DRAFT, CANCELLED)
    assert confirmed == draft.model_copy(update={"status": confirmed.status})
    assert erp.confirm(draft) == erp.confirm(confirmed) == confirmed == erp.find("k") == erp.create(approved(), "k")


def test_an_unknown_key_finds_nothing(erp: ERP) -> None:
    erp.create(approved(), "k")
    assert erp.find("K") is None
    assert erp.find("") is None


def test_one_key_makes_one_order(erp: ERP) -> None:
    first = erp.create(approved(), "k")
    assert erp.create(approved(), "k") == first
    assert erp.create(approved(), "other").erp_id != first.erp_id


def test_the_same_key_with_other_content_is_refused(erp: ERP) -> None:
    first = erp.create(approved(), "k")
    with pytest.raises(Refused, match="key k was used before for another content"):
        erp.create(approved(line("3", "2.51")), "k")
    assert erp.find("k") == first


def test_a_change_replaces_the_content_once(erp: ERP) -> None:
    first = erp.create(approved(), "k")
    change = approved(line("4", "2.50"), order_type=OrderType.CHANGE, order_number="PO-1-C", order_reference="PO-1")
    amended = erp.amend(first.erp_id, change, "c")
    assert (amended.erp_id, amended.line_total, amended.lines) == (first.erp_id, Decimal("10.00"), 1)
    assert amended.status != first.status
    compare(change, amended)
    assert erp.amend(first.erp_id, change, "c") == amended == erp.find("c")
    with pytest.raises(Refused, match="key c was used before for another content"):
        erp.amend(first.erp_id, approved(line("5", "2.50")), "c")
    found = erp.find("k")
    assert found is not None
    assert (found.erp_id, found.line_total) == (first.erp_id, Decimal("10.00"))


def test_an_old_change_that_comes_again_does_not_undo_a_later_one(erp: ERP) -> None:
    first = erp.create(approved(), "k")
    earlier, later = approved(line("4", "2.50")), approved(line("5", "2.50"))
    erp.amend(first.erp_id, earlier, "c1")
    erp.amend(first.erp_id, later, "c2")
    assert erp.amend(first.erp_id, earlier, "c1").line_total == Decimal("12.50")


def test_a_cancellation_leaves_the_lines_and_cancels(erp: ERP) -> None:
    first = erp.create(approved(), "k")
    cancelled = erp.cancel(first.erp_id, "x")
    assert (cancelled.erp_id, cancelled.status, cancelled.line_total) == (first.erp_id, "cancelled", first.line_total)
    assert erp.cancel(first.erp_id, "x") == cancelled == erp.find("x")
    compare(cancellation(), cancelled)


def test_a_cancelled_order_is_not_brought_back_by_a_change(erp: ERP) -> None:
    first = erp.create(approved(), "k")
    erp.amend(first.erp_id, approved(line("4", "2.50")), "c1")
    cancelled = erp.cancel(first.erp_id, "x")
    with pytest.raises(Refused, match=f"{first.erp_id} was cancelled"):
        erp.amend(first.erp_id, approved(line("5", "2.50")), "c2")
    assert erp.find("c2") is None
    assert erp.amend(first.erp_id, approved(line("4", "2.50")), "c1").status == cancelled.status


def test_a_cancellation_that_did_not_happen_is_noticed(erp: ERP) -> None:
    first = erp.create(approved(), "k")
    with pytest.raises(Refused, match=f"The ERP has {first.status} as status of {first.erp_id}"):
        compare(cancellation(), first)


@pytest.mark.parametrize("erp_id", ["PO-000099", "99", "PO-", "", "PO-1 OR 1=1"])
def test_an_order_that_is_not_there_is_neither_changed_nor_cancelled(erp: ERP, erp_id: str) -> None:
    first = erp.create(approved(), "k")
    for call in (lambda: erp.amend(erp_id, approved(line("1", "1")), "c"), lambda: erp.cancel(erp_id, "x")):
        with pytest.raises(Refused, match="has no purchase order"):
            call()
    assert erp.find("k") == first
    assert erp.find("c") is erp.find("x") is None


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ((line("0.1", "0.2"),), "0.02"),
        ((line("7", "100", price_base_quantity=Decimal(3)),), "233.33"),
        ((line("1", "12345678901234567890.12"),), "12345678901234567890.12"),
        ((line("2", "5", line_amount=Decimal("9.50")),), "9.50"),
        (tuple(line("1", "0.1") for _ in range(30)), "3.0"),
        ((line("-3", "2.00"), line("1", "1.00")), "-5.00"),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)
def test_amounts_stay_exact(erp: ERP, world: str, lines: tuple[OrderLine, ...], total: str) -> None:
    order = approved(*lines)
    if cannot := HOLDS.get(world, {}).get(total):
        with pytest.raises(Refused, match=cannot):
            compare(order, erp.create(order, "k"))
        found = erp.find("k")
        assert found is None or found.status == DRAFT
        return
    posting = erp.create(order, "k")
    assert posting.line_total is not None
    assert posting.line_total.quantize(Decimal("0.01")) == Decimal(total)
    compare(order, posting)


def test_lines_without_a_price_have_no_total(erp: ERP) -> None:
    order = approved(line("1", "1.00"), OrderLine(description="to be agreed", quantity=Decimal(1)))
    posting = erp.create(order, "k")
    assert (posting.line_total, posting.lines) == (None, 2)
    compare(order, posting)


def test_an_amount_that_is_in_the_currency_of_the_contract_is_posted_in_it(erp: ERP) -> None:
    silent = approved(currency=None)
    checked = silent.routed.checked
    settled = checked.model_copy(update={"check": checked.check.model_copy(update={"currency": "SEK"})})
    order = silent.model_copy(update={"routed": silent.routed.model_copy(update={"checked": settled})})
    assert erp.create(order, "k").currency == "SEK"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"currency": "USD"}, "has USD as currency of .*, approved was EUR"),
        ({"lines": 1}, "has 1 as number of lines"),
        ({"line_total": Decimal("8.76")}, "has 8.76 as sum of lines of .*, approved was 8.75"),
        ({"line_total": None}, "has None as sum of lines"),
    ],
)
def test_an_erp_that_holds_something_else_is_not_believed(erp: ERP, change: dict[str, Any], says: str) -> None:
    order = approved()
    posting: Posting = erp.create(order, "k")
    with pytest.raises(Refused, match=says):
        compare(order, posting.model_copy(update=change))
    compare(order, posting.model_copy(update={"line_total": Decimal("8.7500")}))


def _create(opener: Open, i: int, ready: Any, ids: Any) -> None:
    erp = opener()
    ready.wait(30)
    try:
        ids.put((erp.create(approved(), "same").erp_id, erp.create(approved(), f"own {i}").erp_id))
    except SignoffError as error:
        ids.put(error)


def test_eight_processes_with_one_key_make_one_order(opener: Open) -> None:
    many = multiprocessing.get_context("fork")
    ready, ids = many.Barrier(8), many.Queue()
    workers = [many.Process(target=_create, args=(opener, i, ready, ids)) for i in range(8)]
    for worker in workers:
        worker.start()
    found = [ids.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(30)
    assert [e for e in found if isinstance(e, Exception)] == []
    assert len({same for same, _ in found}) == 1
    assert len({own for _, own in found}) == 8


def test_a_locked_file_is_out_of_reach_and_nothing_is_half_written(tmp_path: Path) -> None:
    import sqlite3

    erp = SqliteERP(tmp_path / "erp.db")
    erp._db.execute("PRAGMA busy_timeout=10")
    with sqlite3.connect(tmp_path / "erp.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="cannot be written now"):
            erp.create(approved(), "k")
        other.execute("ROLLBACK")
    assert erp.find("k") is None
    assert erp.create(approved(), "k").lines == 2
    erp.close()
