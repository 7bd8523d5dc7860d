"""The store as somebody may read it: one connection each, opened read-only, on which SQLite itself denies everything else.

What an agent's tools or a person's chat read goes through such a store. Should a tool ask for more than access.cedar grants, by a
slip or because it was talked into it, the statement is not even prepared. Authorizer: sqlite.org/c3ref/set_authorizer.html.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from signoff.domain.errors import Refused, Unavailable
from signoff.graph.store.sql_audit import EVENT_COLUMNS
from signoff.graph.store.sql_cases import CASE_COLUMNS
from signoff.graph.store.sql_tables import Tables
from signoff.graph.store.sql_tasks import TASK_COLUMNS

MOST_ROWS = 50_000
MOST_WORK = 50_000_000
"""Rows, and steps of SQLite's machine, that one statement may take. A listing of 10,000 cases takes 200,000 steps."""
PULSE = 10_000
"""Steps between two looks at the work done."""

GRANTS: Mapping[str, Mapping[str, str]] = {
    "cases": {
        "cases": CASE_COLUMNS,
        "steps": "case_number, revision, step, body",
        "tasks": TASK_COLUMNS,
        "events": EVENT_COLUMNS,
        "outbox": "key, case_number, action, erp, erp_id, status",
        # What was said to a model may hold what its reader may not see: figures only, never the body.
        "model_calls": (
            "number, case_number, conversation, failure, cost, latency_ms, gen_ai_usage_input_tokens, gen_ai_usage_output_tokens"
        ),
    },
    "contracts": {"contracts": "contract_id, body"},
    "history": {
        "orders": (
            "id, case_number, vendor_id, number_key, about_key, content, issue_date, requester, cost_center, contract_id, standing, body"
        ),
        "order_lines": "order_id, position, vendor_id, line_key, issue_date, body",
        "prices": "vendor_id, item_key, issue_date, case_number, body",
        "totals": "scope, amount",
    },
    "people": {"people": "person_id, position, body"},
    "policy": {"policies": "hash, body"},
    "vendors": {"vendors": "vendor_id, position, body"},
}
"""The tables of each area and the columns that are granted with it."""

FUNCTIONS = frozenset({"coalesce", "count", "length", "lower", "max", "min", "substr", "sum"})
"""Functions that can neither reach outside the file nor make much out of little."""

_WHATEVER_COLUMN = ("", "rowid")
"""Rows that are counted or put in order without any of their columns."""


def granted(areas: frozenset[str]) -> frozenset[tuple[str, str]]:
    """The pairs of table and column, in lower case, that may be read in these areas."""
    tables = [table for area in areas for table in GRANTS[area].items()]
    named = {(table, column.strip()) for table, columns in tables for column in columns.split(",")}
    return frozenset(named | {(table, column) for table, _ in tables for column in _WHATEVER_COLUMN})


SEALED = (
    "backup", "blobopen", "create_aggregate", "create_collation", "create_function", "create_window_function", "deserialize",
    "enable_load_extension", "executemany", "executescript", "iterdump", "load_extension", "serialize", "set_authorizer",
    "set_progress_handler", "setconfig", "setlimit",
)  # fmt: skip
"""What a connection can do in Python past its authorizer: copy pages, open a value by its row, lift the limits, run code."""


class _Connection(sqlite3.Connection):
    """A connection whose statements have a limit of work each, and that can do nothing but make statements (`SEALED`)."""

    work = 0

    def spend(self) -> bool:
        """Called every `PULSE` steps; true stops the statement."""
        self.work += PULSE
        return self.work > MOST_WORK

    def cursor(self, *_: object) -> _Cursor:  # type: ignore[override]  # whoever asks for another kind gets this one
        return super().cursor(_Cursor)

    def execute(self, sql: str, parameters: Any = (), /) -> _Cursor:
        self.work = 0
        return self.cursor().execute(sql, parameters)


class _Cursor(sqlite3.Cursor):
    """A cursor that says in a sentence what was denied, and gives no more than `MOST_ROWS` rows."""

    rows = 0

    def execute(self, sql: str, parameters: Any = (), /) -> _Cursor:
        self.rows = 0
        with _in_words():
            super().execute(sql, parameters)
        return self

    def __next__(self) -> Any:
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise Refused(f"That would be more than {MOST_ROWS} rows; ask for less at once.")
        with _in_words():
            return super().__next__()

    def fetchone(self) -> Any:
        return next(self, None)

    def fetchall(self) -> list[Any]:
        return list(self)

    def executemany(self, sql: str, parameters: Any, /) -> NoReturn:
        raise Refused("This connection changes nothing.")

    def executescript(self, sql: str, /) -> NoReturn:
        raise Refused("This connection runs one statement at a time.")


def _sealed(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise Refused(f"This connection reads what is granted; {name} is not.")

    return refuse


for _name in SEALED:
    setattr(_Connection, _name, _sealed(_name))


@contextmanager
def _in_words() -> Iterator[None]:
    """What SQLite says no to, as an error of ours. What is wrong in a statement of our own stays the error that it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)  # what Python itself objects to has none
        if code == sqlite3.SQLITE_AUTH or "not authorized" in str(error):
            raise Refused(f"Access denied ({error}).") from None
        if code == sqlite3.SQLITE_READONLY:
            raise Refused("This connection changes nothing.") from None
        if code == sqlite3.SQLITE_INTERRUPT:
            raise Refused("That would take too long; ask for less at once.") from None
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Unavailable(f"The store cannot be read now ({error}); try again.") from error
        raise


def connect(path: Path, areas: frozenset[str]) -> sqlite3.Connection:
    """A connection that reads what is granted with the areas, and does nothing else."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None, check_same_thread=False, factory=_Connection
    )
    bare = sqlite3.Connection
    connection.execute("PRAGMA query_only=ON")
    bare.setlimit(connection, sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    bare.setlimit(connection, sqlite3.SQLITE_LIMIT_SQL_LENGTH, 20_000)
    bare.set_progress_handler(connection, connection.spend, PULSE)
    readable = granted(areas)

    def authorize(action: int, first: str | None, second: str | None, database: str | None, _: str | None) -> int:
        read = action == sqlite3.SQLITE_READ and database in ("main", None) and ((first or "").lower(), (second or "").lower()) in readable
        called = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in FUNCTIONS
        return sqlite3.SQLITE_OK if read or called or action == sqlite3.SQLITE_SELECT else sqlite3.SQLITE_DENY

    bare.set_authorizer(connection, authorize)
    return connection


class ReadOnlyStore(Tables):
    """The store at `path`, with the rights to read `areas` and to change nothing. Raises `Refused` for everything beyond."""

    def __init__(self, path: Path, areas: frozenset[str]) -> None:
        self.path, self.areas = path, areas
        self.db = connect(path, areas)
        super().__init__(self.db, b"")

    def transaction(self, durable: bool = False) -> NoReturn:
        raise Refused("This store may be read only.")

    def reading(self, areas: frozenset[str]) -> ReadOnlyStore:
        """A store with rights narrower still."""
        return ReadOnlyStore(self.path, self.areas & areas)

    def close(self) -> None:
        self.db.close()
