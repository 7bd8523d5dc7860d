"""Cases with what was decided on, many at a time, for those who look back over all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from signoff.graph.store.rows import Dossier, Event, Span, Task
from signoff.graph.store.sql import Connection
from signoff.graph.store.sql_audit import EVENT_COLUMNS, event_of
from signoff.graph.store.sql_cases import CASE_COLUMNS, case_of
from signoff.graph.store.sql_tasks import TASK_COLUMNS, task_of

T = TypeVar("T")
AT_ONCE = 500
"""Cases that are read together: enough that a query costs little each, few enough that they fit in memory."""
WITHIN = "c.number BETWEEN ? AND ? AND c.created_at >= ? AND c.created_at < ?"


class SqlDossiers:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def last(self) -> int:
        """The highest number of a case; 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) FROM cases").fetchone()[0])

    def of(self, span: Span, steps: Collection[str] = (), events: Collection[str] = ()) -> Iterator[Dossier]:
        """The cases of a span, oldest first, with these steps of their present revision, and events of these types."""
        for first in range(span.first, span.last + 1, AT_ONCE):
            yield from self._some((first, min(first + AT_ONCE - 1, span.last), *span.days), steps, events)

    def _some(self, within: tuple[object, ...], steps: Collection[str], events: Collection[str]) -> Iterator[Dossier]:
        bodies = self._steps(within, steps) if steps else {}
        tasks, told = self._tasks(within), self._events(within, events) if events else {}
        for row in self._db.execute(f"SELECT {CASE_COLUMNS} FROM cases c WHERE {WITHIN} ORDER BY number", within):
            case = case_of(row)
            yield Dossier(case, bodies.get(case.number, {}), tuple(tasks.get(case.number, ())), tuple(told.get(case.number, ())))

    def _steps(self, within: tuple[object, ...], steps: Collection[str]) -> dict[int, dict[str, str]]:
        wanted = ", ".join("?" * len(steps))
        query = (
            "SELECT s.case_number, s.step, s.body FROM cases c JOIN steps s ON s.case_number = c.number AND s.revision = c.revision "
            f"WHERE {WITHIN} AND s.step IN ({wanted})"
        )
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for number, step, body in self._db.execute(query, (*within, *steps)):
            found[number][step] = body
        return found

    def _tasks(self, within: tuple[object, ...]) -> dict[int, list[Task]]:
        columns = ", ".join(f"t.{name.strip()}" for name in TASK_COLUMNS.split(","))
        query = f"SELECT t.case_number, {columns} FROM cases c JOIN tasks t ON t.case_number = c.number WHERE {WITHIN} ORDER BY t.task_id"
        return self._by_case(query, within, task_of)

    def _events(self, within: tuple[object, ...], events: Collection[str]) -> dict[int, list[Event]]:
        columns = ", ".join(f"e.{name.strip()}" for name in EVENT_COLUMNS.split(","))
        query = (
            f"SELECT e.case_number, {columns} FROM cases c JOIN events e ON e.case_number = c.number "
            f"WHERE {WITHIN} AND e.type IN ({', '.join('?' * len(events))}) ORDER BY e.seq"
        )
        return self._by_case(query, (*within, *events), event_of)

    def _by_case(self, query: str, values: tuple[object, ...], made: Callable[[tuple[Any, ...]], T]) -> dict[int, list[T]]:
        found: dict[int, list[T]] = defaultdict(list)
        for number, *row in self._db.execute(query, values):
            found[number].append(made(tuple(row)))
        return found
