"""Cases, tasks and jobs in SQLite."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from signoff.domain.states import State, move
from signoff.graph.store.port import Case, Job, NewCase, Task

CASE_COLUMNS = (
    "number, source, member, part, file_sha256, sha256, format, lane, state, reason, revision, vendor_id, contract_id, "
    "order_number, created_at, updated_at, duration_ms"
)
SETTABLE = frozenset({"revision", "vendor_id", "contract_id", "order_number", "lane"})
TASK_COLUMNS = (
    "task_id, case_number, revision, gate, kind, label, candidates, needs_all, summary, status, version, answered_by, decision, "
    "note, created_at, answered_at"
)


def _case(row: tuple[Any, ...]) -> Case:
    return Case(*(*row[:8], State(row[8]), *row[9:]))


def _task(row: tuple[Any, ...]) -> Task:
    return Task(*(*row[:6], tuple(json.loads(row[6])), bool(row[7]), *row[8:]))


class SqliteCases:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, new: NewCase, now: dt.datetime) -> int:
        """Open a case in state `received`; its number. The number 0 stands for the next."""
        at = now.isoformat()
        cursor = self._db.execute(
            "INSERT INTO cases "
            "(number, source, member, part, file_sha256, sha256, format, lane, order_number, state, created_at, updated_at) "
            "VALUES (NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new.number, new.source, new.member, new.part, new.file_sha256, new.sha256, new.format, new.lane, new.order_number,
                State.RECEIVED, at, at,
            ),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def get(self, number: int) -> Case | None:
        row = self._db.execute(f"SELECT {CASE_COLUMNS} FROM cases WHERE number = ?", (number,)).fetchone()
        return _case(row) if row else None

    def of_file(self, source: str, file_sha256: str) -> list[Case]:
        """The cases that this very file gave, in order; empty when it was never taken in."""
        query = f"SELECT {CASE_COLUMNS} FROM cases WHERE source = ? AND file_sha256 = ? ORDER BY part"
        return [_case(r) for r in self._db.execute(query, (source, file_sha256))]

    def listed(self, states: Iterable[State] = ()) -> Iterator[Case]:
        """All cases, or those in the given states, oldest first."""
        wanted = list(states)
        where = f" WHERE state IN ({', '.join('?' * len(wanted))})" if wanted else ""
        for row in self._db.execute(f"SELECT {CASE_COLUMNS} FROM cases{where} ORDER BY number", wanted).fetchall():
            yield _case(row)

    def earlier_document(self, case: Case) -> int | None:
        """An earlier case that was opened from the same bytes and did not fail; its number."""
        query = "SELECT number FROM cases WHERE sha256 = ? AND number < ? AND state != 'failed' AND format = ? ORDER BY number LIMIT 1"
        row = self._db.execute(query, (case.sha256, self._first_of_document(case), case.format)).fetchone()
        return int(row[0]) if row else None

    def _first_of_document(self, case: Case) -> int:
        query = "SELECT MIN(number) FROM cases WHERE sha256 = ? AND source = ? AND file_sha256 = ?"
        return int(self._db.execute(query, (case.sha256, case.source, case.file_sha256)).fetchone()[0])

    def move(self, number: int, to: State, now: dt.datetime, reason: str | None = None) -> None:
        """Take a case to another state, if it may go there; raises `Refused` otherwise."""
        (old,) = self._db.execute("SELECT state FROM cases WHERE number = ?", (number,)).fetchone()
        state = move(State(old), to)
        self._db.execute(
            "UPDATE cases SET state = ?, reason = ?, updated_at = ? WHERE number = ?", (state, reason, now.isoformat(), number)
        )

    def set(self, number: int, **columns: Any) -> None:
        """Set what is learned about a case on its way."""
        assert columns.keys() <= SETTABLE
        names = ", ".join(f"{c} = ?" for c in columns)
        self._db.execute(f"UPDATE cases SET {names} WHERE number = ?", (*columns.values(), number))

    def add_duration(self, number: int, ms: int) -> None:
        self._db.execute("UPDATE cases SET duration_ms = duration_ms + ? WHERE number = ?", (ms, number))

    def save_step(self, number: int, revision: int, step: str, body: str) -> None:
        """Keep what a step came to. A step of a revision is written once."""
        self._db.execute("INSERT INTO steps VALUES (?, ?, ?, ?)", (number, revision, step, body))

    def step(self, number: int, revision: int, step: str) -> str | None:
        query = "SELECT body FROM steps WHERE case_number = ? AND revision = ? AND step = ?"
        row = self._db.execute(query, (number, revision, step)).fetchone()
        return str(row[0]) if row else None

    def steps(self) -> Iterator[tuple[int, int, str, str]]:
        """Every step of every case: case, revision, step, body."""
        yield from self._db.execute("SELECT case_number, revision, step, body FROM steps ORDER BY case_number, revision, step")


class SqliteTasks:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def open(self, task: Task) -> int:
        values = (
            task.task_id, task.case, task.revision, task.gate, task.kind, task.label, json.dumps(task.candidates), task.needs_all,
            task.summary, "open", 0, task.created_at,
        )  # fmt: skip
        cursor = self._db.execute(
            "INSERT INTO tasks "
            "(task_id, case_number, revision, gate, kind, label, candidates, needs_all, summary, status, version, created_at) "
            "VALUES (NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return int(cursor.lastrowid or 0)

    def of_case(self, number: int) -> list[Task]:
        return self._where("case_number = ?", number)

    def of_gate(self, gate: str) -> list[Task]:
        return self._where("gate = ?", gate)

    def waiting(self) -> list[Task]:
        """Every open task, oldest first."""
        return self._where("status = ?", "open")

    def answered(self) -> list[Task]:
        """Every task that a person answered."""
        return [t for t in self._where("status = ?", "done") if t.answered_by]

    def _where(self, condition: str, value: object) -> list[Task]:
        rows = self._db.execute(f"SELECT {TASK_COLUMNS} FROM tasks WHERE {condition} ORDER BY task_id", (value,))
        return [_task(r) for r in rows]

    def answer(self, task: Task, person: str, decision: str, note: str, now: dt.datetime) -> bool:
        """Compare-and-set on the task's version: False when somebody else was first."""
        cursor = self._db.execute(
            "UPDATE tasks SET status = 'done', version = version + 1, answered_by = ?, decision = ?, note = ?, answered_at = ? "
            "WHERE task_id = ? AND version = ? AND status = 'open'",
            (person, decision, note, now.isoformat(), task.task_id, task.version),
        )
        return cursor.rowcount == 1

    def close(self, gate: str, now: dt.datetime) -> None:
        """Close what is still open at a gate that is settled."""
        self._db.execute(
            "UPDATE tasks SET status = 'done', version = version + 1, answered_at = ? WHERE gate = ? AND status = 'open'",
            (now.isoformat(), gate),
        )


class SqliteJobs:
    """A queue with owners. A job whose owner is no longer alive is free again; one job at a time runs for a case."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def enqueue(self, key: str, case: int, kind: str) -> bool:
        """Queue a job once: False when the key was queued before."""
        query = "INSERT OR IGNORE INTO jobs (key, case_number, kind, status) VALUES (?, ?, ?, 'queued')"
        return self._db.execute(query, (key, case, kind)).rowcount == 1

    def claim(self, owner: str, alive: Iterable[str], most: int = 1, case: int | None = None) -> list[Job]:
        """Take up to `most` jobs, oldest first, that are queued or whose owner is not among the living."""
        living = [owner, *alive]
        marks = ", ".join("?" * len(living))
        free = f"(j.status = 'queued' OR (j.status = 'running' AND j.owner NOT IN ({marks})))"
        busy = f"SELECT 1 FROM jobs r WHERE r.case_number = j.case_number AND r.status = 'running' AND r.owner IN ({marks})"
        only = "" if case is None else "AND j.case_number = ?"
        # The partial index on open jobs keeps this independent of how many are done.
        rows = self._db.execute(
            f"SELECT job_id, case_number, kind, attempts FROM jobs j WHERE j.status IN ('queued', 'running') AND {free} {only} "
            f"AND NOT EXISTS ({busy}) ORDER BY job_id LIMIT ?",
            (*living, *([] if case is None else [case]), *living, most),
        ).fetchall()
        first_of_case = {r[1]: Job(r[0], r[1], r[2], r[3] + 1) for r in reversed(rows)}
        jobs = sorted(first_of_case.values(), key=lambda j: j.job_id)
        self._db.executemany(
            "UPDATE jobs SET status = 'running', owner = ?, attempts = attempts + 1 WHERE job_id = ?", [(owner, j.job_id) for j in jobs]
        )
        return jobs

    def finish(self, job: Job, error: str | None = None) -> None:
        """Mark a job done, or failed with its error."""
        status = "failed" if error else "done"
        self._db.execute("UPDATE jobs SET status = ?, owner = NULL, error = ? WHERE job_id = ?", (status, error, job.job_id))

    def owners(self) -> list[str]:
        """Who holds running jobs."""
        return [r[0] for r in self._db.execute("SELECT DISTINCT owner FROM jobs WHERE status = 'running'")]

    def open_cases(self) -> set[int]:
        """The cases that have work queued or running."""
        return {r[0] for r in self._db.execute("SELECT case_number FROM jobs WHERE status IN ('queued', 'running')")}
