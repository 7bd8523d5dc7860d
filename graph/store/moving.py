"""A store moves from its SQLite file to a PostgreSQL server, as it is: every row under its number, the record with its chain.

Nobody writes meanwhile: the file is locked from the first row to the last. The target takes everything in one transaction, or nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from signoff.domain.errors import BadInput, Refused
from signoff.graph.store.postgres import PostgresStore
from signoff.graph.store.sqlite import SqliteStore

TABLES = (
    "cases", "steps", "tasks", "jobs", "events", "outbox", "vendors", "people", "contracts", "policies", "masters_kept", "orders",
    "order_lines", "commitments", "prices", "totals", "layouts", "turns", "model_calls", "tool_calls", "conversations", "agreements",
    "contracts_held", "clauses", "passwords", "tokens", "tries", "adopted", "notices", "earned", "samples",
)  # fmt: skip
"""Every table, those that others refer to first."""
INDEX = ("clauses_words", "sqlite_", "_sqlite_")
"""What the names of SQLite's own tables and of its search index begin with; PostgreSQL has its own."""
IN_ORDER = {"outbox": "rowid", "prices": "rowid"}
"""Tables whose rows are told apart by the order in which they came."""

Told = Callable[[str, int], None]
"""Called with each table that was moved, and how many rows it had."""


def move(source: SqliteStore, target: PostgresStore, told: Told) -> None:
    """Copy everything. Raises `BadInput` when the target holds something already."""
    with closing(_locked(source.path)) as db:
        _whole(db)
        try:
            with target.db.raw.transaction():
                _empty(target)
                for table in TABLES:
                    told(table, _moved(db, target.db.raw, table))
                _count_on(db, target.db.raw)
        finally:
            db.execute("ROLLBACK")


def _locked(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    return db


def _whole(db: sqlite3.Connection) -> None:
    """A table that was added to the schema and not here would be left behind."""
    named = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if not name.startswith(INDEX)}
    if missing := named - set(TABLES):
        raise Refused(f"The tables {', '.join(sorted(missing))} cannot be moved by this version of Signoff; bring it up to date.")


def _empty(target: PostgresStore) -> None:
    for table in ("cases", "events", "people"):
        if target.db.raw.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone():
            raise BadInput(f"The database {target.db.name} is not empty; make a new one, or drop what is in it.")


def _moved(source: sqlite3.Connection, target: psycopg.Connection, table: str) -> int:
    """Copy the columns of a table that are not derived; how many rows."""
    columns = _columns(target, table)
    given = [row[1] for row in source.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0]  # hidden: 0 for what is stored as given
    if missing := set(given) - set(columns):
        raise Refused(f"The columns {', '.join(sorted(missing))} of {table} cannot be moved; bring Signoff up to date.")
    order = IN_ORDER.get(table)
    taken = [*given, *([order] if order else [])]
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, taken)))
    count = 0
    with target.cursor() as cursor, cursor.copy(copy) as into:
        for row in source.execute(f"SELECT {', '.join(taken)} FROM {table}{f' ORDER BY {order}' if order else ''}"):
            into.write_row(row)
            count += 1
    return count


def _columns(target: psycopg.Connection, table: str) -> list[str]:
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
    return [name for (name,) in target.execute(query, (table,))]


def _count_on(source: sqlite3.Connection, target: psycopg.Connection) -> None:
    """Numbers go on where they were, also after rows that are gone."""
    given = dict(source.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    target.execute("UPDATE counted SET seq = greatest(seq, %s) WHERE name = 'events'", (given.get("events", 0),))
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE is_identity = 'YES' AND table_name = ANY(%s)"
    for table, column in target.execute(query, (list(TABLES),)).fetchall():
        name, key = sql.Identifier(table), sql.Identifier(column)
        (highest,) = target.execute(sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(key, name)).fetchone() or (0,)
        next_one = sql.Literal(max(highest, given.get(table, 0)) + 1)
        target.execute(sql.SQL("ALTER TABLE {} ALTER COLUMN {} RESTART WITH {}").format(name, key, next_one))
