"""The stores that the suite holds for (a second one is one more entry in `STORES`), and cases and tasks to put into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from signoff.graph.store.opening import open_store
from signoff.graph.store.port import Store
from signoff.graph.store.rows import NewCase, Task
from signoff.graph.store.sqlite import SqliteStore

KEY = b"the key of a test"
Opener = Callable[[], Store]
"""Opens the same database once more, as another process would."""


@contextmanager
def sqlite(folder: Path) -> Iterator[Opener]:
    yield lambda: SqliteStore(folder / "signoff.db", KEY)


@contextmanager
def postgres(folder: Path) -> Iterator[Opener]:
    from postgres_server import database

    with database() as address:
        yield lambda: open_store(address, KEY)


STORES: dict[str, Callable[[Path], AbstractContextManager[Opener]]] = {"sqlite": sqlite, "postgres": postgres}
NOW = dt.datetime(2026, 5, 4, 8, 0, tzinfo=dt.UTC)


def new_case(part: int = 0, source: str = "orders/a.xml", file: str = "f" * 64, sha256: str = "a" * 64, format: str = "ubl") -> NewCase:
    return NewCase(source, "", part, file, sha256, format, "structured")


def add_case(store: Store, **changes: Any) -> int:
    with store.transaction():
        return store.cases.add(new_case(**changes), NOW)


def task(case: int, gate: str = "C00001.0.review.0", **changes: Any) -> Task:
    values: dict[str, Any] = {
        "task_id": 0, "case": case, "revision": 0, "gate": gate, "kind": "review", "label": "role:buyer", "candidates": ("E-1", "E-2"),
        "needs_all": True, "summary": "Please look.", "status": "open", "version": 0, "answered_by": None, "decision": None, "note": None,
        "created_at": NOW.isoformat(), "answered_at": None,
    }  # fmt: skip
    return Task(**values | changes)


def add_task(store: Store, case: int, gate: str = "C00001.0.review.0", **changes: Any) -> Task:
    with store.transaction():
        number = store.tasks.open(task(case, gate, **changes))
    return next(t for t in store.tasks.of_case(case) if t.task_id == number)
