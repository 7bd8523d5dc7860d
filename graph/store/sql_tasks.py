"""Tasks, and the messages about them, in SQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from signoff.domain.sla import Standing
from signoff.domain.stages import Answer
from signoff.graph.store.rows import Task
from signoff.graph.store.sql import Connection, insert
from signoff.tools.notices import Notice

TASK_COLUMNS = (
    "task_id, case_number, revision, gate, kind, label, candidates, needs_all, summary, status, version, answered_by, decision, "
    "note, created_at, answered_at, on_behalf_of, standing"
)
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
"""As a standing has its times, so that they can be compared as texts."""


def task_of(row: tuple[Any, ...]) -> Task:
    return Task(*(*row[:6], tuple(json.loads(row[6])), bool(row[7]), *row[8:17], _standing(row[17])))


@lru_cache(maxsize=1024)
def _standing(text: str) -> Standing:
    return Standing.model_validate_json(text)


def _text(standing: Standing) -> str:
    return standing.model_dump_json(exclude_defaults=True)


class SqlTasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def open(self, task: Task) -> int:
        return insert(
            self._db, "tasks", task_id=task.task_id, case_number=task.case, revision=task.revision, gate=task.gate, kind=task.kind,
            label=task.label, candidates=json.dumps(task.candidates), needs_all=task.needs_all, summary=task.summary, status="open",
            version=0, created_at=task.created_at, standing=_text(task.standing),
        )  # fmt: skip

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

    def due(self, now: dt.datetime) -> list[Task]:
        """The open tasks of which somebody is to be told by now, oldest first; not those whose time stands still."""
        moment = now.astimezone(dt.UTC).strftime(MOMENT)
        soonest = " OR ".join(f"standing ->> '$.{name}' <= ?" for name in ("tell_at", "remind_at", "escalate_at"))
        return self._where(f"status = 'open' AND standing ->> '$.paused_at' IS NULL AND ({soonest})", *[moment] * 3)

    def standings(self) -> Iterator[tuple[Task, str]]:
        """Every task with its standing as it is written."""
        for row in self._db.execute(f"SELECT {TASK_COLUMNS} FROM tasks ORDER BY task_id"):
            yield task_of(row), row[17]

    def _where(self, condition: str, *values: object) -> list[Task]:
        rows = self._db.execute(f"SELECT {TASK_COLUMNS} FROM tasks WHERE {condition} ORDER BY task_id", values)
        return [task_of(r) for r in rows]

    def answer(self, task: Task, answer: Answer, now: dt.datetime) -> bool:
        """Compare-and-set on the task's version: False when somebody else was first."""
        return self._settle(task, (answer.person, answer.decision, answer.note, answer.on_behalf_of), now)

    def reply(self, task: Task, person: str, text: str, behalf: str | None, now: dt.datetime) -> bool:
        """The answer to a question, in the same way."""
        return self._settle(task, (person, "answer", text, behalf), now)

    def _settle(self, task: Task, said: tuple[str, str, str, str | None], now: dt.datetime) -> bool:
        cursor = self._db.execute(
            "UPDATE tasks SET status = 'done', version = version + 1, answered_by = ?, decision = ?, note = ?, on_behalf_of = ?, "
            "answered_at = ? "
            "WHERE task_id = ? AND version = ? AND status = 'open'",
            (*said, now.isoformat(), task.task_id, task.version),
        )
        return cursor.rowcount == 1

    def stand(self, task: Task, standing: Standing) -> bool:
        """Set how an open task stands, in the same way."""
        cursor = self._db.execute(
            "UPDATE tasks SET standing = ?, version = version + 1 WHERE task_id = ? AND version = ? AND status = 'open'",
            (_text(standing), task.task_id, task.version),
        )
        return cursor.rowcount == 1

    def close(self, gate: str, now: dt.datetime) -> None:
        """Close what is still open at a gate that is settled."""
        self._db.execute(
            "UPDATE tasks SET status = 'done', version = version + 1, answered_at = ? WHERE gate = ? AND status = 'open'",
            (now.isoformat(), gate),
        )


class SqlNotices:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, case: int, person: str, subject: str, body: str, now: dt.datetime) -> None:
        self._db.execute(
            "INSERT INTO notices (case_number, person_id, subject, body, at) VALUES (?, ?, ?, ?, ?)",
            (case, person, subject, body, now.isoformat()),
        )

    def unsent(self, most: int = 100) -> list[Notice]:
        first = "SELECT person_id FROM notices WHERE sent_at IS NULL ORDER BY number LIMIT 1"
        columns, which = "number, case_number, person_id, subject, body, at", f"sent_at IS NULL AND person_id = ({first})"
        query = f"SELECT {columns} FROM notices WHERE {which} ORDER BY number LIMIT ?"
        return [Notice(*row) for row in self._db.execute(query, (most,))]

    def sent(self, notices: Iterable[Notice], now: dt.datetime) -> None:
        self._db.executemany("UPDATE notices SET sent_at = ? WHERE number = ?", [(now.isoformat(), n.number) for n in notices])
