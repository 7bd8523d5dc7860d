"""The PostgreSQL store as somebody may read it: a role of the database for each set of areas, which is granted the columns of these
areas and nothing else. Each statement runs in a transaction that may only read and is rolled back.

The roles sign in with passwords that are derived from the audit key; nobody has to keep them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from signoff.domain.errors import BadInput, Refused, Unavailable
from signoff.graph.store.postgres import PostgresAgreements, PostgresEvents, PostgresStore, connect, secret_of, translated
from signoff.graph.store.sql_tables import Tables
from signoff.graph.store.sqlite_readonly import GRANTS, MOST_ROWS

TIMEOUT_MS = 5_000
QUERIES = ("SELECT", "WITH")
LOCK = 0x5160_0FF2
"""The advisory lock of whoever makes a role."""


class _Rows:
    """The rows of one statement, which has ended."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows, self.rowcount = iter(rows), len(rows)

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __iter__(self) -> Any:
        return self._rows


class ReadingConnection:
    """A connection whose statements read what its role was granted, one at a time, and leave nothing behind."""

    def __init__(self, raw: psycopg.Connection) -> None:
        self._raw = raw

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> _Rows:
        try:
            with self._raw.transaction(force_rollback=True):
                self._raw.execute(f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {TIMEOUT_MS}")
                return _Rows(self._fetched(statement, parameters))
        except psycopg.errors.InsufficientPrivilege as error:
            raise Refused(f"Access denied ({_first(error)}).") from None
        except psycopg.errors.ReadOnlySqlTransaction:
            raise Refused("This connection changes nothing.") from None
        except psycopg.errors.QueryCanceled:
            raise Refused("That would take too long; ask for less at once.") from None
        except psycopg.OperationalError as error:
            raise Unavailable(f"The store cannot be read now ({_first(error)}); try again.") from error

    def _fetched(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """A server-side cursor: it takes one statement, which must be a query, and the rows come no faster than they are wanted."""
        if not statement.lstrip().upper().startswith(QUERIES):
            raise Refused("This connection changes nothing.")
        with psycopg.ServerCursor(self._raw, "asked") as cursor:
            text = psycopg.ClientCursor(self._raw).mogrify(translated(statement), tuple(parameters))
            cursor.execute(text.rstrip().rstrip(";"))
            rows = cursor.fetchmany(MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            raise Refused(f"That would be more than {MOST_ROWS} rows; ask for less at once.")
        return rows

    def executemany(self, statement: str, parameters: Iterable[Sequence[Any]], /) -> NoReturn:
        raise Refused("This connection changes nothing.")

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._raw.close()


class PostgresReader(Tables):
    """The store with the rights to read `areas` and to change nothing. Raises `Refused` for everything beyond."""

    def __init__(self, store: PostgresStore, areas: frozenset[str]) -> None:
        self._store, self.areas = store, areas
        self.db = ReadingConnection(_signed_in(store, areas))
        super().__init__(self.db, b"")
        self.events = PostgresEvents(self.db, b"")
        self.agreements = PostgresAgreements(self.db)

    def transaction(self, durable: bool = False) -> NoReturn:
        raise Refused("This store may be read only.")

    def reading(self, areas: frozenset[str]) -> PostgresReader:
        """A store with rights narrower still."""
        return PostgresReader(self._store, self.areas & areas)

    def close(self) -> None:
        self.db.close()


def reader(store: PostgresStore, areas: frozenset[str]) -> PostgresReader:
    return PostgresReader(store, areas)


def _signed_in(store: PostgresStore, areas: frozenset[str]) -> psycopg.Connection:
    """A connection as the role of these areas, which is made, or made as it should be, when it cannot sign in."""
    database = store.db.raw.info.dbname
    digest = hashlib.sha256(f"{sorted(areas)} {_version()}".encode()).hexdigest()
    role = f"signoff_{database[:32]}_{digest[:16]}"
    password = secret_of(store.key, role)
    address = make_conninfo(store.address, user=role, password=password)
    try:
        return connect(address)
    except psycopg.OperationalError:
        _make_role(store, role, password, areas)
    return connect(address)


def _version() -> str:
    """Other grants, another role: one that exists has the grants it should have."""
    return hashlib.sha256(repr(sorted((a, sorted(t.items())) for a, t in GRANTS.items())).encode()).hexdigest()


def _make_role(store: PostgresStore, role: str, password: str, areas: frozenset[str]) -> None:
    name, owner = sql.Identifier(role), store.db.raw
    try:
        with owner.transaction():
            owner.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
            attributes = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 50 PASSWORD {}").format(password)
            owner.execute(sql.SQL("{} ROLE {} {}").format(sql.SQL("ALTER" if known else "CREATE"), name, attributes))
            owner.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
            for table, columns in sorted(t for area in areas for t in GRANTS[area].items()):
                granted = sql.SQL(", ").join(sql.Identifier(c.strip()) for c in _columns(table, columns))
                owner.execute(sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(granted, sql.Identifier(table), name))
    except psycopg.errors.InsufficientPrivilege as error:
        raise BadInput(
            f"The store {store.db.name} lets its user make no roles for agents ({_first(error)}); have an administrator run: "
            "ALTER ROLE ... CREATEROLE."
        ) from error


def _columns(table: str, columns: str) -> list[str]:
    """The columns that are granted; two tables are put in order by a column that SQLite has by itself."""
    return [*columns.split(","), *(["rowid"] if table in ("outbox", "prices") else [])]


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
