"""`inventory`: each stream of orders as the record tells it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from office import NOW, Office, paper
from staff import keeping, reply, staffed

from signoff.domain.states import State
from signoff.domain.streams import Share, Standing
from signoff.graph.inventory import Stream, inventory

TODAY = NOW.date()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return keeping(Office(tmp_path))


def at(office: Office, moment: dt.datetime) -> None:
    office.services = replace(office.services, clock=lambda: moment)


def streams(office: Office, *by: str, today: dt.date = TODAY) -> dict[tuple[str, ...], Stream]:
    vendors = {v.vendor_id: v for v in office.store.masters.vendors()}
    return {s.key: s for s in inventory(office.store, vendors, by, today)}


def test_each_way_that_an_order_may_go_is_counted_once(office: Office) -> None:
    office.example("xml/4500018001.xml")  # posted, unseen
    office.example("xml/4500018004.xml")  # waits for a sign-off
    office.decide(office.example("xml/4500018008.xml"), "E-022", "reject")  # an exception, rejected
    corrected = office.decide(office.example("xml/4500018026.xml"), "E-021", "edit", {"/payable_amount": "189.60", "/cost_center": "4711"})
    office.example("xml/resent/4500018001.xml")  # the same bytes again
    office.take(paper("xml/4500018001.xml") + b"<!-- sent again -->", "again.xml")  # a duplicate
    office.example("xml/RE-20418.xml")  # an invoice
    (found,) = streams(office, "format").values()
    assert corrected.state is State.POSTED
    assert found.key == ("ubl",)
    assert (found.orders, found.set_aside, found.under_way) == (4, 3, 0)
    assert (found.unseen, found.waiting, found.open) == (1, 1, 1)
    assert (found.troubled, found.corrected, found.edits) == (2, 1, 2)
    assert found.trouble == Share(2, 4, 1)
    assert {kind for kind, _ in found.points} == {"approval", "exception", "review"}
    assert found.systems == {f"ERP {office.services.erp.name}": 2}
    assert (found.calls, found.cost) == (0, 0)
    assert found.judged.standing is Standing.TOO_FEW


def test_signoffs_and_where_they_come_from(office: Office) -> None:
    office.sign_all(office.example("xml/4500018005.xml"))
    (found,) = streams(office, "vendor").values()
    assert found.signoffs == len(office.store.tasks.of_case(1)) > 1
    assert ("approval", "Managers sign above 1,000") in found.points
    assert all(kind == "approval" for kind, _ in found.points), "managers differ from order to order, the rule does not"


def test_hours_to_posting_and_waiting(office: Office) -> None:
    case = office.example("xml/4500018004.xml")
    at(office, NOW + dt.timedelta(hours=5))
    while office.case(case.number).state is not State.POSTED:
        office.decide(case, office.waiting(case)[0].candidates[0], "approve")
    (found,) = streams(office, "source").values()
    assert found.key == ("xml",)
    assert found.hours == (5.0, 5.0)
    unseen = office.example("xml/4500018001.xml")
    assert unseen.state is State.POSTED
    (found,) = streams(office, "source").values()
    assert found.hours == (2.5, 2.5), "the median of two"


def test_the_last_days_against_the_time_before(office: Office) -> None:
    at(office, NOW - dt.timedelta(days=45))
    office.example("xml/4500018008.xml")
    at(office, NOW)
    office.example("xml/4500018001.xml")
    (found,) = streams(office, "vendor").values()
    recent, before = found.trend
    assert (recent, before) == (Share(0, 1, 0), Share(1, 1, 0))


def test_streams_are_told_apart_by_what_is_asked_for(office: Office) -> None:
    for name in ("xml/4500018001.xml", "cxml/4500018030.xml", "cxml/4500018031.xml"):
        office.example(name)
    assert {key: s.orders for key, s in streams(office, "vendor", "format").items()} == {
        ("V-1001", "ubl"): 1, ("V-1004", "cxml"): 1, ("V-1017", "cxml"): 1,
    }  # fmt: skip
    assert {s.orders for s in streams(office, "category").values()} >= {1}
    assert sum(s.orders for s in streams(office, "category").values()) == 3
    assert streams(office, "source")["cxml",].orders == 2


def test_what_models_were_paid(office: Office) -> None:
    staffed(office, reply(cost="0.0021"), reply(cost=None))
    office.example("xml/4500018004.xml")
    office.example("xml/4500018005.xml")
    (found,) = streams(office, "format").values()
    assert (found.calls, found.cost, found.unpriced) == (2, Decimal("0.0021"), 1)
    assert found.systems["model"] == 2


def test_no_orders_are_no_streams(office: Office) -> None:
    assert streams(office, "vendor") == {}
