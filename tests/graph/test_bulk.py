"""Look-alikes: what may be approved together after one look, what may not, and that each gets its own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from office import Office, paper
from staff import keeping, unopened

from signoff.domain.errors import Refused
from signoff.domain.findings import Code, Severity
from signoff.domain.people import Person
from signoff.domain.policy import Bulk
from signoff.domain.states import State
from signoff.graph.audit import verify
from signoff.graph.bulk import Alikes, alikes
from signoff.graph.conversing import Handover, Inquiry, say
from signoff.graph.decisions import decide
from signoff.graph.replay import Replays
from signoff.graph.store.rows import Case
from signoff.tools.masterdata.policy import policy_hash

FILE, OTHER, EXCEPTION = "xml/4500018004.xml", "xml/4500018013.xml", "xml/4500018008.xml"
QUIET = {Code.NEAR_DUPLICATE_ORDER: Severity.OFF, Code.SPLIT_ORDER: Severity.OFF, Code.DUPLICATE_ORDER: Severity.OFF}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    decided(office, severities=QUIET)
    yield office
    assert verify(office.store).fault is None
    replays = Replays(office.store, unopened)
    found = [asyncio.run(replays.replay(case.number)) for case in office.store.cases.listed()]
    assert [r.fault for r in found if r.fault] == []
    office.close()


def decided(office: Office, **changes: Any) -> None:
    office.policy(**changes)
    office.services = replace(office.services, policy_hash=policy_hash(office.services.policy))
    keeping(office)


def orders(office: Office, count: int) -> list[Case]:
    """Orders of one vendor that compliance signs."""
    return [order(office, number) for number in range(count)]


def order(office: Office, number: int, file: str = FILE) -> Case:
    return office.take(paper(file, number=f"99{number:04}", date=f"2026-10-{1 + number:02}"), f"{file}-{number}.xml")


def person(office: Office, number: str = "E-030") -> Person:
    found = office.services.people.get(number)
    assert found
    return found


def like(office: Office, case: Case, who: str = "E-030") -> Alikes:
    return alikes(office.services, person(office, who), case.number)


def numbers(found: Alikes) -> list[int]:
    return [i.task.case for i in found.others]


def test_what_is_alike_is_approved_each_by_an_answer_of_its_own(office: Office) -> None:
    first, *others = orders(office, 4)
    found = like(office, first)
    assert numbers(found) == [c.number for c in others]
    for item in found.items:
        decide(office.services, item.task.case, item.decision(person(office), "", "" if item is found.first else first.case_id))
    office.work()
    assert {office.case(c.number).state for c in (first, *others)} == {State.POSTED}
    answered = [e for c in others for e in office.events(c) if e.type == "task.answered"]
    assert [e.body["alike"] for e in answered] == [first.case_id] * 3
    assert "alike" not in next(e for e in office.events(first) if e.type == "task.answered").body


def test_another_vendor_or_rule_is_not_alike(office: Office) -> None:
    first, second = orders(office, 2)
    order(office, 8, OTHER)
    assert numbers(like(office, first)) == [second.number]


def test_other_findings_are_not_alike(office: Office) -> None:
    first, second = orders(office, 2)
    decided(office, severities={})
    order(office, 2)
    assert numbers(like(office, first)) == [second.number]


def test_how_far_amounts_may_differ(office: Office) -> None:
    first, second = orders(office, 2)
    dear = office.take(paper(FILE, number="990099", date="2026-10-05").replace(b"816.00", b"884.00").replace(b">12<", b">13<"), "dear.xml")
    assert office.case(dear.number).state is State.NEEDS_APPROVAL, dear.reason
    decided(office, bulk=Bulk(percent=Decimal(5)))
    assert numbers(like(office, first)) == [second.number]
    decided(office, bulk=Bulk(percent=Decimal(5), amount_up_to=Decimal(1000)))
    assert numbers(like(office, first)) == [second.number, dear.number]
    decided(office, bulk=Bulk(percent=Decimal(10)))
    assert numbers(like(office, first)) == [second.number, dear.number]


def test_no_more_than_policy_allows(office: Office) -> None:
    first, *_ = orders(office, 4)
    decided(office, bulk=Bulk(most=3))
    found = like(office, first)
    assert (len(found.items), found.more) == (3, True)
    decided(office, bulk=Bulk(most=4))
    assert (len(like(office, first).items), like(office, first).more) == (4, False)


def test_what_changed_since_it_was_shown_is_left_out(office: Office) -> None:
    first, second, third = orders(office, 3)
    found = like(office, first)
    say(office.services, second.number, Inquiry(person="E-031", to="E-043", text="Why?"))
    office.decide(third, "E-031", "send_back")
    for item, told in zip(found.others, ("has changed since it was looked at", "has no task|was already decided"), strict=True):
        with pytest.raises(Refused, match=told):
            decide(office.services, item.task.case, item.decision(person(office), "", first.case_id))
    assert numbers(like(office, first)) == [], "a question is open at the one, the other is in review"


def test_what_was_given_to_somebody_else_is_theirs(office: Office) -> None:
    first, second = orders(office, 2)
    say(office.services, second.number, Handover(person="E-030", to="E-031"))
    assert numbers(like(office, first)) == []


@pytest.mark.parametrize(
    ("file", "who", "told"),
    [
        (EXCEPTION, "E-021", "does not allow it for a task of the kind exception"),
        ("xml/4500018026.xml", "E-021", "something about it was found that blocks it"),
        (FILE, "E-021", "asks nothing of Jonas Feldkamp"),
    ],
)
def test_what_is_never_approved_with_others(office: Office, file: str, who: str, told: str) -> None:
    case = office.example(file)
    with pytest.raises(Refused, match=told):
        like(office, case, who)


def test_it_can_be_switched_off(office: Office) -> None:
    first, _ = orders(office, 2)
    decided(office, bulk=Bulk(kinds=()))
    with pytest.raises(Refused, match=r"bulk\.kinds"):
        like(office, first)


def test_clear_readings_are_accepted_together(office: Office) -> None:
    text = (Path(__file__).parents[2] / "examples" / "orders" / "documents" / "4500018077.txt").read_text(encoding="utf-8")
    cases = [office.take(text.replace("4500018077", f"45000181{n}").encode(), f"{n}.txt") for n in (41, 42)]
    assert [c.state for c in cases] == [State.NEEDS_REVIEW] * 2
    assert numbers(like(office, cases[0], "E-021")) == [cases[1].number]
