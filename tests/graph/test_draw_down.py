"""Orders that draw on each other in the real graph: releases under a blanket order, changes of what was approved, orders that leave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from office import Office, paper
from staff import keeping, unopened

from signoff.domain.errors import Unavailable
from signoff.domain.findings import Code, Finding
from signoff.domain.stages import Check
from signoff.domain.states import State
from signoff.graph.audit import verify
from signoff.graph.desk import Desk
from signoff.graph.jobs import retry
from signoff.graph.replay import Replays
from signoff.graph.store.rows import Case

FILE = "edi/850-foxglove.x12"
ORDER, CHANGE = "xml/4500018001.xml", "xml/4500018028-change.xml"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = keeping(Office(tmp_path))
    yield office
    assert verify(office.store).fault is None
    assert asyncio.run(faults(office)) == []
    office.close()


async def faults(office: Office) -> list[str | None]:
    """In what a replay of any case differs."""
    replays = Replays(office.store, unopened)
    played = [await replays.replay(c.number) for c in office.store.cases.listed()]
    return [p.fault for p in played if p.fault]


def found(office: Office, case: Case, code: Code) -> Finding | None:
    check = Desk(office.services, case.number).load("check", Check)
    return next((f for f in check.findings if f.code is code), None)


def release(office: Office, number: str, quantity: int = 4) -> Case:
    """4 cases of coffee at 164.00 USD under the number of the blanket order; without a release number the blanket order itself."""
    text = paper(FILE).decode().replace("BEG*00*SA*4500018045**", f"BEG*00*{'RL' if number else 'BK'}*4500018045*{number}*")
    text = text.replace("PO1*10*4*", f"PO1*10*{quantity}*").replace("CTT*1*4~", f"CTT*1*{quantity}~")
    text = text.replace("AMT*TT*656.00", f"AMT*TT*{quantity * 164}.00")
    return office.take(text.encode(), f"release{number or 0}.x12")


def spent(office: Office, case: Case) -> Decimal:
    return office.store.past.contract_spend(case.contract_id or "", None)


def test_releases_draw_on_the_blanket_order_of_their_number(office: Office) -> None:
    blanket = release(office, "", 10)
    committed = spent(office, blanket)
    first, second, third = (release(office, str(n)) for n in (1, 2, 3))
    for case in (first, second, third):
        assert found(office, case, Code.DUPLICATE_ORDER) is None
        assert found(office, case, Code.SPLIT_ORDER) is None
    assert [found(office, c, Code.ABOVE_MAXIMUM) is None for c in (first, second, third)] == [True, True, False]
    assert [found(office, c, Code.SPEND_CAP_EXCEEDED) is None for c in (first, second, third)] == [True, True, False]
    over = found(office, third, Code.SPEND_CAP_EXCEEDED)
    assert over is not None
    assert (over.expected, over.actual, over.amount) == ("1640", "1968", Decimal("328.00"))
    assert over.evidence["history"] == blanket.case_id
    assert spent(office, blanket) == committed


def test_a_release_that_is_rejected_gives_back_what_it_drew(office: Office) -> None:
    release(office, "", 10)
    first = release(office, "1", 8)
    assert found(office, release(office, "2"), Code.ABOVE_MAXIMUM) is not None
    office.decide(first, office.waiting(first)[0].candidates[0], "reject")
    assert found(office, release(office, "3"), Code.ABOVE_MAXIMUM) is None


def test_the_same_release_twice_is_a_duplicate(office: Office) -> None:
    release(office, "1")
    text = paper(FILE).decode().replace("BEG*00*SA*4500018045**", "BEG*00*RL*4500018045*1*").replace("000018045", "000018099")
    assert office.take(text.encode(), "again.x12").state is State.DUPLICATE


def test_a_change_tells_what_differs_from_the_approved_order_and_counts_by_it(office: Office) -> None:
    original = office.example(ORDER)
    assert original.state is State.POSTED
    before = spent(office, original)
    change = office.example(CHANGE, original="4500018001")
    told = found(office, change, Code.ORDER_CHANGED)
    assert told is not None
    assert told.evidence["approved"] is True
    assert [(c["line"], c["what"]) for c in told.evidence["changes"]] == [("line 10 (300460)", "added")]
    assert (told.expected, told.actual, told.amount) == ("444", "911.2", Decimal("467.20"))
    assert spent(office, original) == before + Decimal("467.20")
    assert office.sign_all(change).state is State.POSTED
    assert spent(office, original) == before + Decimal("467.20")


def test_an_order_that_fails_gives_back_what_it_took_until_it_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("signoff.graph.nodes.route_of", unreachable)
        failed = office.example(ORDER)
    assert failed.state is State.FAILED
    assert spent(office, failed) == 0
    assert retry(office.services, failed.number)
    assert spent(office, failed) == Decimal("444.00")
    office.work()
    assert office.case(failed.number).state is State.POSTED
    assert verify(office.store).fault is None
    office.close()


def unreachable(*_: Any) -> Any:
    raise Unavailable("The directory cannot be reached.")
