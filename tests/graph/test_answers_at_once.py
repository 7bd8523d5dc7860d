"""32 people answer one task in the same moment, each on a connection of their own: one of them does, and the others are told who."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from time import perf_counter

import pytest
from office import KEY, Office, masters

from signoff.domain.errors import Refused
from signoff.domain.findings import Code, Severity
from signoff.domain.people import Directory, Person
from signoff.domain.states import State
from signoff.graph.audit import verify
from signoff.graph.decisions import Decision, decide
from signoff.graph.services import Services
from signoff.graph.store.opening import Opened, open_store
from signoff.graph.store.rows import Case

MANY = 32
CHEMICALS = "xml/4500018004.xml"  # compliance signs, once
OF_MANY = (Code.NEAR_DUPLICATE_ORDER, Code.SPLIT_ORDER, Code.SPEND_CAP_EXCEEDED, Code.BUDGET_EXCEEDED, Code.TIER_PRICE_MISSED)
"""What is found of an order that comes again and again; others would be asked, too."""
STAFF = [Person(person_id=f"E-9{i:02}", name=f"Officer {i}", roles=("compliance",)) for i in range(MANY)]


@contextmanager
def sqlite(folder: Path) -> Iterator[str | None]:
    yield None


@contextmanager
def postgres(folder: Path) -> Iterator[str | None]:
    from postgres_server import database

    with database() as address:
        yield address


KINDS = {"sqlite": sqlite, "postgres": postgres}


def answered(services: Services, case: Case, person: str, ready: Barrier) -> str | None:
    """What a loser is told."""
    said = Decision(person=person, decision="approve")
    ready.wait(60)
    try:
        decide(services, case.number, said)
    except Refused as told:
        return str(told)
    return None


def at_once(office: Office, stores: list[Opened], number: int) -> None:
    case = office.example(CHEMICALS, number=f"45{number:08}")
    assert case.state is State.NEEDS_APPROVAL, case
    ready = Barrier(MANY)
    with ThreadPoolExecutor(MANY) as people:
        own = [replace(office.services, store=store) for store in stores]
        heard = list(people.map(answered, own, [case] * MANY, [p.person_id for p in STAFF], [ready] * MANY))
    assert None in heard, heard
    winner = STAFF[heard.index(None)]
    assert heard.count(None) == 1
    assert all(told is None or f"was already decided by {winner.name}" in told for told in heard), heard
    office.work()
    assert office.case(case.number).state is State.POSTED
    assert [e.actor for e in office.events(case) if e.type == "task.answered"] == [winner.person_id]
    assert office.told(case).count("posting.done") == 1


def rounds(folder: Path, kind: str, count: int) -> None:
    with KINDS[kind](folder) as address:
        office = Office(folder, address)
        _, people, _, _ = masters()
        office.services = replace(office.services, people=Directory([*people, *STAFF]))
        office.policy(severities=dict.fromkeys(OF_MANY, Severity.OFF))
        stores = [open_store(address or folder / "signoff.db", KEY) for _ in range(MANY)]
        started = perf_counter()
        for number in range(count):
            at_once(office, stores, number)
        keys = office.erp_rows("key")
        assert len(keys) == len(set(keys)) == count
        assert verify(office.store).fault is None
        print(f"{kind}: {count} tasks, {MANY} answers each at once: {count} effects, every loser told, {perf_counter() - started:.0f} s")
        for store in stores:
            store.close()
        office.close()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_answer_takes_effect_and_every_loser_is_told(tmp_path: Path, kind: str) -> None:
    rounds(tmp_path, kind, 5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_answer_takes_effect_500_times(tmp_path: Path, kind: str) -> None:
    rounds(tmp_path, kind, 500)
