"""Whoever has the file may change it; `audit verify` finds every change and names it."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from office import KEY, NOW, Office

from signoff.domain.states import State
from signoff.graph.audit import Verified, verify
from signoff.graph.store.chain import mac
from signoff.graph.store.sqlite import SqliteStore

UNLOCK = "DROP TRIGGER events_keep_update; DROP TRIGGER events_keep_delete; PRAGMA foreign_keys=OFF;"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """C00001 posted by itself, C00002 posted with a signature, C00003 waiting, C00004 rejected, C00005 set aside."""
    office = Office(tmp_path_factory.mktemp("finished"))
    assert office.example("xml/4500018001.xml").state is State.POSTED
    signed = office.example("xml/4500018014.xml")
    assert office.decide(signed, "E-020", "approve", note="as agreed").state is State.POSTED
    assert office.example("xml/4500018004.xml").state is State.NEEDS_APPROVAL
    assert office.decide(office.example("xml/4500018008.xml"), "E-021", "reject").state is State.REJECTED
    assert office.example("xml/RE-20418.xml").state is State.NOT_AN_ORDER
    office.close()
    return office.root / "signoff.db"


@pytest.fixture
def file(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(finished, tmp_path / "signoff.db"))


def tamper(file: Path, script: str) -> None:
    db = sqlite3.connect(file)
    db.executescript(UNLOCK + script)
    db.close()


def checked(file: Path, key: bytes = KEY) -> Verified:
    store = SqliteStore(file, key)
    found = verify(store)
    store.close()
    return found


def rows(file: Path, query: str) -> list[tuple[str, ...]]:
    db = sqlite3.connect(file)
    found = db.execute(query).fetchall()
    db.close()
    return found


def test_an_honest_record_is_whole_and_has_a_head_over_all_of_it(file: Path) -> None:
    found = checked(file)
    ((count,),) = rows(file, "SELECT COUNT(*) FROM events")
    assert (found.fault, found.records) == (None, int(count))
    assert found.records > 30
    assert checked(file).head == found.head


ANSWERED = "(SELECT seq FROM events WHERE type = 'task.answered' AND case_number = 2)"
MIDDLE = "(SELECT seq FROM events WHERE type = 'order.checked' AND case_number = 2)"
LAST = "(SELECT MAX(seq) FROM events)"
SIGNED = "(SELECT task_id FROM tasks WHERE case_number = 2)"

TAMPERED = {
    "body of an event": (
        f"UPDATE events SET body = replace(body, 'approve', 'reject') WHERE seq = {ANSWERED}",
        r"Event \d+ \(task.answered about case C00002, .*\) was altered",
    ),
    "space in a body": (f"UPDATE events SET body = body || ' ' WHERE seq = {MIDDLE}", r"Event \d+ \(order.checked .*altered"),
    "actor": (f"UPDATE events SET actor = 'E-022' WHERE seq = {ANSWERED}", r"Event \d+ \(task.answered about case C00002.*altered"),
    "time": (f"UPDATE events SET at = '2026-11-19T09:30:00+00:00' WHERE seq = {MIDDLE}", r"Event \d+ \(order.checked.*altered"),
    "case of an event": (f"UPDATE events SET case_number = 1 WHERE seq = {ANSWERED}", r"Event \d+ \(task.answered .*C00001.*altered"),
    "link to the one before": (f"UPDATE events SET prev = mac WHERE seq = {MIDDLE}", r"Event \d+ \(order.checked.*altered"),
    "deleted event": (f"DELETE FROM events WHERE seq = {MIDDLE}", r"Event \d+ is missing"),
    "deleted event, the rest moved up": (
        f"CREATE TABLE gap AS SELECT {MIDDLE} AS seq; DELETE FROM events WHERE seq = (SELECT seq FROM gap);"
        "UPDATE events SET seq = -(seq - 1) WHERE seq > (SELECT seq FROM gap); UPDATE events SET seq = -seq WHERE seq < 0;"
        f"UPDATE sqlite_sequence SET seq = {LAST} WHERE name = 'events'",
        r"Event \d+ \(order.accepted about case C00002.*altered, or the one before it",
    ),
    "first event": ("DELETE FROM events WHERE seq = 1", "Event 1 is missing"),
    "all events": ("DELETE FROM events", r"Events 1 to \d+ are missing at the end"),
    "all events, counter put back": ("DELETE FROM events; DELETE FROM sqlite_sequence WHERE name = 'events'", "C0000|task"),
    "cut tail": (f"DELETE FROM events WHERE seq = {LAST}", r"Events (\d+) to \1 are missing at the end"),
    "cut tail, counter put back": (
        f"DELETE FROM events WHERE seq = {LAST}; UPDATE sqlite_sequence SET seq = {LAST} WHERE name = 'events'",
        r"Case C00005 stands as not_an_order; its events say received",
    ),
    "swapped events": (
        f"CREATE TABLE a AS SELECT {MIDDLE} AS seq; UPDATE events SET seq = -seq WHERE seq - (SELECT seq FROM a) IN (0, 1);"
        "UPDATE events SET seq = 2 * (SELECT seq FROM a) + 1 + seq WHERE seq < 0",
        r"Event \d+ \(order.accepted about case C00002.*altered",
    ),
    "step": (
        "UPDATE steps SET body = replace(body, '4500018014', '4500018099') WHERE case_number = 2 AND step = 'draft'",
        r"The step 'draft' of case C00002 was altered",
    ),
    "removed step": ("DELETE FROM steps WHERE case_number = 2 AND step = 'facts'", "The step 'facts' of case C00002 is missing"),
    "added step": ("INSERT INTO steps VALUES (3, 0, 'approved', '{}')", "The step 'approved' of case C00003 .* without an event"),
    "case state": ("UPDATE cases SET state = 'posted' WHERE number = 4", "Case C00004 stands as posted; its events say rejected"),
    "removed case": ("DELETE FROM cases WHERE number = 4", "Case C00004 is missing; its events say rejected"),
    "added case": (
        "INSERT INTO cases (source, member, part, file_sha256, sha256, format, state, created_at, updated_at) "
        "VALUES ('x', '', 0, 'x', 'x', 'ubl', 'approved', '', '')",
        "Case C00006 stands as approved; its events say None",
    ),
    "who answered": (f"UPDATE tasks SET answered_by = 'E-022' WHERE task_id = {SIGNED}", r"answer to task \d+ of case C00002 is not"),
    "what was answered": (f"UPDATE tasks SET decision = 'reject' WHERE task_id = {SIGNED}", r"answer to task \d+ of case C00002 is not"),
    "answer that nobody gave": (
        "UPDATE tasks SET status = 'done', answered_by = 'E-030', decision = 'approve' WHERE case_number = 3",
        r"The answer to task \d+ of case C00003 is not the one on record",
    ),
    "answer taken back": (
        f"UPDATE tasks SET status = 'open', answered_by = NULL, decision = NULL WHERE task_id = {SIGNED}",
        r"The answer to task \d+ of case C00002 is missing",
    ),
    "removed task": (f"DELETE FROM tasks WHERE task_id = {SIGNED}", r"The answer to task \d+ of case C00002 is missing"),
    "posting": (
        "UPDATE outbox SET erp_id = 'PO-000777' WHERE case_number = 2",
        "Case C00002 was posted as PO-000002; the outbox says PO-000777",
    ),
    "removed posting": ("DELETE FROM outbox WHERE case_number = 2", "Case C00002 was posted as PO-000002; the outbox says None"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found_and_named(file: Path, what: str) -> None:
    script, named = TAMPERED[what]
    tamper(file, script)
    assert re.search(named, checked(file).fault or "no fault")


def test_an_event_forged_with_another_key_is_found(file: Path) -> None:
    ((seq, prev),) = rows(file, "SELECT seq, mac FROM events ORDER BY seq DESC LIMIT 1")
    body = '{"reason":null,"revision":0,"state":"approved","steps":{}}'
    record = (int(seq) + 1, 3, NOW.isoformat(), "order.approved", "E-030", body)
    db = sqlite3.connect(file)
    with db:
        forged = (*record, prev, mac(b"a key of my own", prev, record))
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", forged)
        db.execute("UPDATE cases SET state = 'approved' WHERE number = 3")
    db.close()
    fault = checked(file).fault
    assert fault is not None
    assert fault.startswith(f"Event {record[0]} (order.approved about case C00003")


def test_the_whole_record_is_bound_to_the_key(file: Path) -> None:
    fault = checked(file, b"another key").fault
    assert fault is not None
    assert fault.startswith("Event 1 (case.received about case C00001")


def test_a_cut_tail_changes_the_head(file: Path) -> None:
    whole = checked(file).head
    tamper(file, f"DELETE FROM events WHERE seq = {LAST}")
    assert checked(file).head != whole
