"""The store fails in the middle of a case, at each of its transactions: what was being done is neither done nor failed, and done later."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from office import Office, paper
from postgres_server import database, server

from signoff.domain.errors import Unwritable
from signoff.domain.states import State
from signoff.graph.audit import verify
from signoff.graph.jobs import take_in
from signoff.tools.documents.document import Source
from signoff.tools.intake import contents

FILE = "xml/4500018001.xml"
MOST = 40
"""More transactions than a case has."""


@contextmanager
def full(office: Office) -> Iterator[None]:
    """The disk takes no further page."""
    db: Any = office.store.db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")
    yield
    db.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def out_of_order(office: Office) -> Iterator[None]:
    """Writing to any file fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(office: Office) -> Iterator[None]:
    db: Any = office.store.db
    db.execute("PRAGMA query_only = ON")
    yield
    db.execute("PRAGMA query_only = OFF")


@contextmanager
def locked(office: Office) -> Iterator[None]:
    """Another process holds the file for longer than anybody waits."""
    store: Any = office.store
    store.patience = 0.005
    with sqlite3.connect(office.root / "signoff.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def cut(office: Office) -> Iterator[None]:
    """The server ends the connection as soon as a transaction has begun."""
    db: Any = office.store.db
    begun = db.execute

    def cutting(statement: str, *values: Any) -> Any:
        rows = begun(statement, *values)
        if statement.startswith("BEGIN"):
            with psycopg.connect(server(), autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", (db.raw.info.backend_pid,))
        return rows

    db.execute = cutting
    yield
    db.execute = begun


FAULTS: dict[str, Callable[[Office], Any]] = {"I/O error": out_of_order, "read-only": read_only, "locked": locked, "cut": cut}


def failing_at(office: Office, moment: int, fault: Callable[[Office], Any]) -> bool:
    """Work with the fault in the n-th transaction; False when there are not so many."""
    store: Any = office.store
    ordinary, count = store.transaction, 0

    @contextmanager
    def transaction(durable: bool = False) -> Iterator[None]:
        nonlocal count
        count += 1
        if count != moment:
            with ordinary(durable):
                yield
            return
        with fault(office), ordinary(durable):
            yield

    store.transaction = transaction
    try:
        office.work()
    except Unwritable:
        return True
    finally:
        del store.transaction
    return False


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_at_each_transaction_leaves_one_posting(tmp_path: Path, name: str) -> None:
    kinds = 0
    for moment in range(1, MOST):
        folder = tmp_path / str(moment)
        folder.mkdir()
        if not survived(folder, moment, name):
            break
        kinds += 1
    assert kinds >= 8, "the fault was to be met at each transaction of a case"


def survived(folder: Path, moment: int, name: str) -> bool:
    if name != "cut":
        return played(folder, moment, FAULTS[name], None)
    with database() as address:
        return played(folder, moment, FAULTS[name], address)


def played(folder: Path, moment: int, fault: Callable[[Office], Any], address: str | None) -> bool:
    """Whether the fault was met; the case then came to its one posting all the same, once the store was well again."""
    office = Office(folder, address)
    source = Source(FILE, paper(FILE))
    (case,) = take_in(office.services, source, contents(source))
    met = failing_at(office, moment, fault)
    office.close()
    again = Office(folder, address)
    again.work()
    assert again.case(case.number).state is State.POSTED, again.case(case.number)
    assert again.erp_rows() == [("4500018001", "confirmed")]
    assert again.told(case).count("posting.done") == 1
    assert "case.failed" not in again.told(case)
    assert verify(again.store).fault is None
    again.close()
    return met


def keep_much(office: Office) -> None:
    with office.store.transaction():
        for n in range(1000):
            office.store.masters.keep("access", f"{n}" * 1000)


def test_a_disk_that_is_full_is_said_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with full(office), pytest.raises(Unwritable, match="full"):
        keep_much(office)
    assert office.store.db.execute("SELECT count(*) FROM masters_kept").fetchone() == (0,)
    assert office.example(FILE).state is State.POSTED
    office.close()
