"""No statement on an order's way goes through all of a table that grows with every order: SQLite is asked how it would do each."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from office import NOW, Office, paper

from signoff.domain.states import State
from signoff.graph.workers import now_ms

LOOKING = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
LAST = "SELECT seq, mac FROM events ORDER BY seq DESC LIMIT 1"
"""The plan of this one names a scan, which ends with the first row it comes to."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@contextmanager
def heard(office: Office) -> Iterator[dict[sqlite3.Connection, list[str]]]:
    """Every statement to the store, the ERP and the checkpoints."""
    said: dict[sqlite3.Connection, list[str]] = {db: [] for db in (office.store.db, office.services.erp._db, office.saver.conn)}  # type: ignore[attr-defined]  # of SQLite's
    for db, statements in said.items():
        db.set_trace_callback(statements.append)
    yield said
    for db in said:
        db.set_trace_callback(None)


def gone_through(db: sqlite3.Connection, statements: list[str]) -> list[tuple[str, str]]:
    """What SQLite would look through from one end to the other, with the statement it is for. An index of what is open is no such thing."""
    few = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'")]
    asked = [s for s in dict.fromkeys(statements) if LOOKING.match(s) and s != LAST]
    plans = [(step[3], s) for s in asked for step in db.execute(f"EXPLAIN QUERY PLAN {s}")]
    assert any(step.startswith("SEARCH") for step, _ in plans)
    return [(step, s) for step, s in plans if step.startswith("SCAN") and not step.endswith(("CONSTANT ROW", *few))]


def test_an_order_costs_the_same_however_many_there_are(office: Office) -> None:
    with heard(office) as said:
        assert office.example("xml/4500018001.xml").state is State.POSTED
        for file in ("xml/4500018005.xml", "cxml/4500018032.xml"):
            assert office.sign_all(office.example(file)).state is State.POSTED
        changed = office.take(paper("xml/4500018028-change.xml", original="4500018001"), "change.xml")
        assert office.sign_all(changed).state is State.POSTED
        assert office.take(paper("xml/4500018001.xml") + b"<!-- again -->", "again.xml").state is State.DUPLICATE
    assert [seen for db, statements in said.items() for seen in gone_through(db, statements)] == []


def test_who_has_nothing_to_do_costs_the_same_however_much_was_done(office: Office) -> None:
    office.example("xml/4500018005.xml")
    store = office.store
    with heard(office) as said:
        office.work()
        store.jobs.owners(), store.jobs.open_cases(now_ms()), store.jobs.backlog(now_ms())
        store.tasks.waiting(), store.tasks.due(NOW), store.notices.unsent()
    assert gone_through(store.db, said[store.db]) == []  # type: ignore[attr-defined]  # SQLite's
