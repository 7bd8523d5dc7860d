"""What every store promises of transactions, cases, steps and tasks."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from stores import NOW, Opener, add_case, add_task, new_case

from signoff.domain.errors import Refused
from signoff.domain.states import MOVES, State
from signoff.graph.store.port import Store

LATER = NOW + dt.timedelta(hours=1)


class Stop(BaseException):
    """As hard as a killed process."""


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("error", [ValueError, Stop])
def test_a_transaction_is_all_or_nothing(store: Store, opener: Opener, durable: bool, error: type[BaseException]) -> None:
    def fail() -> None:
        with store.transaction(durable):
            number = store.cases.add(new_case(), NOW)
            store.cases.save_step(number, 0, "draft", "{}")
            store.events.append("case.received", "signoff", {}, NOW, number)
            store.jobs.enqueue("start:1", number, "start")
            raise error("half way")

    with pytest.raises(error, match="half way"):
        fail()
    for each in (store, opener()):
        assert list(each.cases.listed()) == []
        assert list(each.events.all()) == []
        assert each.jobs.open_cases() == set()
    assert add_case(store) > 0


def test_a_commit_is_seen_by_others(store: Store, opener: Opener) -> None:
    number = add_case(store)
    seen = opener().cases.get(number)
    assert seen == store.cases.get(number)
    assert seen is not None
    assert (seen.case_id, seen.state, seen.created_at, seen.revision) == ("C00001", State.RECEIVED, NOW.isoformat(), 0)
    assert store.cases.get(number + 1) is None


def test_the_cases_of_a_file_come_in_the_order_of_its_parts(store: Store) -> None:
    second, first = add_case(store, part=1), add_case(store, part=0)
    add_case(store, source="orders/b.xml")
    assert [c.number for c in store.cases.of_file("orders/a.xml", "f" * 64)] == [first, second]
    assert store.cases.of_file("orders/a.xml", "0" * 64) == []


def test_the_same_part_of_a_file_is_a_case_once(store: Store) -> None:
    number = add_case(store)
    with pytest.raises(Exception, match=r"(?i)unique"):
        add_case(store)
    assert [c.number for c in store.cases.listed()] == [number]


def test_an_earlier_document_is_one_that_was_opened_before_and_did_not_fail(store: Store) -> None:
    first = add_case(store)
    add_case(store, part=1)
    again = add_case(store, source="orders/again.xml")
    other = add_case(store, source="orders/other.xml", sha256="b" * 64)
    found = {c.number: store.cases.earlier_document(c) for c in store.cases.listed()}
    assert found == {first: None, first + 1: None, again: first, other: None}
    with store.transaction():
        for number in (first, first + 1):
            store.cases.move(number, State.FAILED, NOW)
    later = store.cases.get(again)
    assert later is not None
    assert store.cases.earlier_document(later) is None


@pytest.mark.parametrize("old", list(State))
def test_a_case_makes_the_allowed_moves_and_no_others(store: Store, old: State) -> None:
    road = {State.RECEIVED: []} | {s: [State.FAILED, s] for s in State if (State.FAILED, s) in MOVES and s is not State.RECEIVED}
    road |= {state: [state] for state in (State.FAILED, State.DUPLICATE, State.NOT_AN_ORDER)}
    road |= {State.POSTED: [*road[State.APPROVED], State.POSTED], State.REJECTED: [*road[State.ON_HOLD], State.REJECTED]}
    for new in State:
        number = add_case(store, source=new)
        with store.transaction():
            for state in road[old]:
                store.cases.move(number, state, NOW)
        if (old, new) in MOVES:
            with store.transaction():
                store.cases.move(number, new, LATER, "because")
        else:
            with pytest.raises(Refused, match=f"A case that is {old} cannot become {new}"), store.transaction():
                store.cases.move(number, new, LATER, "because")
        case = store.cases.get(number)
        assert case is not None
        moved = (new, "because", LATER.isoformat())
        assert ((case.state, case.reason, case.updated_at) == moved) is ((old, new) in MOVES)


def test_cases_are_listed_by_state(store: Store) -> None:
    first, second, third = (add_case(store, part=i) for i in range(3))
    with store.transaction():
        store.cases.move(second, State.READ, NOW)
        store.cases.move(third, State.DUPLICATE, NOW)
        store.cases.set(second, vendor_id="V-1", order_number="PO-1", revision=2)
        store.cases.add_duration(second, 30)
        store.cases.add_duration(second, 12)
    assert [c.number for c in store.cases.listed()] == [first, second, third]
    (read,) = store.cases.listed([State.READ])
    assert (read.number, read.vendor_id, read.order_number, read.revision, read.duration_ms) == (second, "V-1", "PO-1", 2, 42)
    assert [c.number for c in store.cases.listed([State.DUPLICATE, State.RECEIVED])] == [first, third]


def test_a_step_is_written_once_in_each_revision(store: Store) -> None:
    number = add_case(store)
    with store.transaction():
        store.cases.save_step(number, 0, "draft", '{"a":1}')
        store.cases.save_step(number, 1, "draft", '{"a":2}')
    with pytest.raises(Exception, match=r"(?i)unique"), store.transaction():
        store.cases.save_step(number, 0, "draft", '{"a":3}')
    assert (store.cases.step(number, 0, "draft"), store.cases.step(number, 1, "draft")) == ('{"a":1}', '{"a":2}')
    assert store.cases.step(number, 0, "facts") is None
    assert list(store.cases.steps()) == [(number, 0, "draft", '{"a":1}'), (number, 1, "draft", '{"a":2}')]


def test_tasks_are_found_by_case_gate_and_status(store: Store) -> None:
    first, second = add_case(store), add_case(store, part=1)
    one, two = add_task(store, first, "g.0"), add_task(store, first, "g.0", label="role:legal", candidates=("E-3",), needs_all=False)
    three = add_task(store, second, "h.0")
    assert (two.candidates, two.needs_all, two.status, two.version) == (("E-3",), False, "open", 0)
    assert store.tasks.of_case(first) == store.tasks.of_gate("g.0") == [one, two]
    assert store.tasks.waiting() == [one, two, three]
    with store.transaction():
        assert store.tasks.answer(one, "E-1", "approve", "fine", LATER)
        store.tasks.close("g.0", LATER)
    done, closed = store.tasks.of_case(first)
    assert (done.status, done.answered_by, done.decision, done.note, done.answered_at) == (
        "done",
        "E-1",
        "approve",
        "fine",
        LATER.isoformat(),
    )
    assert (closed.status, closed.answered_by, closed.decision, closed.version) == ("done", None, None, 1)
    assert store.tasks.answered() == [done]
    assert store.tasks.waiting() == [three]


def test_an_answer_to_an_old_version_does_not_count(store: Store) -> None:
    asked = add_task(store, add_case(store))
    with store.transaction():
        assert store.tasks.answer(asked, "E-1", "approve", "", NOW)
        assert not store.tasks.answer(asked, "E-2", "reject", "", NOW)
    (done,) = store.tasks.of_case(asked.case)
    with store.transaction():
        assert not store.tasks.answer(done, "E-2", "reject", "", NOW)
    assert store.tasks.of_case(asked.case) == [done]


def test_of_32_people_who_answer_at_once_one_wins(store: Store, opener: Opener) -> None:
    asked = add_task(store, add_case(store))
    people, start = [f"E-{i}" for i in range(32)], Barrier(32)
    stores = [opener() for _ in people]

    def answer(person: str, mine: Store) -> bool:
        start.wait(30)
        with mine.transaction():
            return mine.tasks.answer(asked, person, "approve", "", NOW)

    with ThreadPoolExecutor(32) as pool:
        won = [p for p, result in zip(people, pool.map(answer, people, stores), strict=True) if result]
    (done,) = store.tasks.of_case(asked.case)
    assert won == [done.answered_by]
    assert done.version == 1
