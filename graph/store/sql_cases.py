"""Cases in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from signoff.domain.states import State, move
from signoff.graph.store.rows import Case, NewCase
from signoff.graph.store.sql import Connection, insert

CASE_COLUMNS = (
    "number, source, member, part, file_sha256, sha256, format, lane, state, reason, revision, vendor_id, contract_id, "
    "order_number, created_at, updated_at, duration_ms"
)
AT_ONCE = 1000
"""Cases that are read together."""
STEPS_KEPT = 256
"""Steps whose bodies are kept at hand: those of the last twenty cases or so."""
SETTABLE = frozenset({"revision", "vendor_id", "contract_id", "order_number", "lane"})


def case_of(row: tuple[Any, ...]) -> Case:
    return Case(*(*row[:8], State(row[8]), *row[9:]))


class SqlCases:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._steps: dict[tuple[int, int, str], str] = {}

    def add(self, new: NewCase, now: dt.datetime) -> int:
        """Open a case in state `received`; its number. The number 0 stands for the next."""
        at = now.isoformat()
        return insert(
            self._db, "cases", number=new.number, source=new.source, member=new.member, part=new.part, file_sha256=new.file_sha256,
            sha256=new.sha256, format=new.format, lane=new.lane, order_number=new.order_number, state=State.RECEIVED, created_at=at,
            updated_at=at,
        )  # fmt: skip

    def get(self, number: int) -> Case | None:
        row = self._db.execute(f"SELECT {CASE_COLUMNS} FROM cases WHERE number = ?", (number,)).fetchone()
        return case_of(row) if row else None

    def of_file(self, source: str, file_sha256: str) -> list[Case]:
        """The cases that this very file gave, in order; empty when it was never taken in."""
        query = f"SELECT {CASE_COLUMNS} FROM cases WHERE source = ? AND file_sha256 = ? ORDER BY part"
        return [case_of(r) for r in self._db.execute(query, (source, file_sha256))]

    def listed(self, states: Iterable[State] = ()) -> Iterator[Case]:
        """All cases, or those in the given states, oldest first; those that come in meanwhile are left out."""
        wanted, last = list(states), 0
        (end,) = self._db.execute("SELECT coalesce(max(number), 0) FROM cases").fetchone()
        within = f" AND state IN ({', '.join('?' * len(wanted))})" if wanted else ""
        query = f"SELECT {CASE_COLUMNS} FROM cases WHERE number > ? AND number <= ?{within} ORDER BY number LIMIT {AT_ONCE}"
        while rows := self._db.execute(query, (last, end, *wanted)).fetchall():
            yield from map(case_of, rows)
            last = rows[-1][0]

    def page(self, states: Iterable[State], most: int) -> list[Case]:
        """The newest cases in these states, as many at most, oldest first."""
        query = f"SELECT {CASE_COLUMNS} FROM cases WHERE state = ? ORDER BY number DESC LIMIT ?"
        found = [case_of(row) for state in states for row in self._db.execute(query, (state, most))]
        return sorted(found, key=lambda c: c.number)[-most:] if most else []

    def counts(self) -> dict[State, int]:
        """How many cases there are in each state that any is in."""
        return {State(state): count for state, count in self._db.execute("SELECT state, count(*) FROM cases GROUP BY state")}

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
        self._remember((number, revision, step), body)

    def step(self, number: int, revision: int, step: str) -> str | None:
        """What it came to; not asked again of the database once it is known, as it is never written over."""
        key = (number, revision, step)
        if key in self._steps:
            return self._steps[key]
        query = "SELECT body FROM steps WHERE case_number = ? AND revision = ? AND step = ?"
        row = self._db.execute(query, key).fetchone()
        return self._remember(key, str(row[0])) if row else None

    def _remember(self, key: tuple[int, int, str], body: str) -> str:
        if len(self._steps) >= STEPS_KEPT:
            self._steps.clear()
        self._steps[key] = body
        return body

    def forget(self) -> None:
        """What was written since the transaction began does not hold."""
        self._steps.clear()

    def steps(self) -> Iterator[tuple[int, int, str, str]]:
        """Every step of every case: case, revision, step, body."""
        yield from self._db.execute("SELECT case_number, revision, step, body FROM steps ORDER BY case_number, revision, step")
