"""The store in PostgreSQL (15 or newer), for more workers than one machine has.

The tables' classes are the same as for SQLite. One writer at a time, as there: each transaction that writes holds an advisory lock to its
end, so that what it has read still holds when it writes, and the record stays one chain. Reads take no lock.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.adapt import Dumper
from psycopg.conninfo import conninfo_to_dict

from signoff.domain.errors import BadInput, Unwritable
from signoff.graph.store import fence
from signoff.graph.store.port import Store
from signoff.graph.store.postgres_schema import ACCENTED, PLAIN, migrate
from signoff.graph.store.rows import Event, Hit, RawEvent
from signoff.graph.store.sql import Connection, Rows
from signoff.graph.store.sql_agreements import MARKS, MOST_TERMS, SqlAgreements, terms
from signoff.graph.store.sql_audit import EVENT_COLUMNS, SqlEvents, event_of
from signoff.graph.store.sql_tables import Tables

T = TypeVar("T")

WRITING = 0x5160_0FF1
"""The advisory lock of whoever writes."""
AT_ONCE = 2000
"""Events that are read together: a client of PostgreSQL gets all rows of a statement at once."""
PATIENCE_MS = 30_000
"""How long a writer waits for the others, as with SQLite."""
OUTAGES = (psycopg.OperationalError, psycopg.errors.IdleInTransactionSessionTimeout)
IDLE_MS = 15_000
"""A process that is stopped within a transaction keeps the others from writing no longer than this; it finds its transaction undone."""


@lru_cache(maxsize=2048)
def translated(statement: str) -> str:
    """A statement of SQLite's in PostgreSQL's words."""
    text = statement.replace("%", "%%")
    text = re.sub(r"\bIS NOT \?", "IS DISTINCT FROM ?", text)
    text = re.sub(r"\bIS \?", "IS NOT DISTINCT FROM ?", text)
    text = re.sub(r"(\w+) ->> '\$\.(\w+)'", r"(\1::json ->> '\2')", text)
    return text.replace("?", "%s")


class _Flag(Dumper):
    """Truth values are 0 and 1 in the tables."""

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"

    def quote(self, obj: bool) -> bytes:
        return self.dump(obj)


def connect(address: str) -> psycopg.Connection:
    """A connection that commits by itself. What is said for the third time is prepared: the server has planned it already."""
    connection = psycopg.connect(
        address, autocommit=True, connect_timeout=10, prepare_threshold=2, application_name="signoff",
        options=f"-c lock_timeout={PATIENCE_MS} -c idle_in_transaction_session_timeout={IDLE_MS} -c client_min_messages=warning",
    )  # fmt: skip
    connection.adapters.register_dumper(bool, _Flag)
    return connection


class PostgresConnection:
    """A connection that is opened again when the server was away. Within a transaction what was lost is lost, and said."""

    def __init__(self, address: str, name: str) -> None:
        self.address, self.name = address, name
        self.raw = self._opened()
        self.writing = False

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        return self._tried(lambda: self.raw.execute(translated(sql), tuple(parameters)))

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        if rows := [tuple(row) for row in parameters]:
            self._tried(lambda: self.raw.cursor().executemany(translated(sql), rows))
        return None

    def _tried(self, call: Callable[[], T]) -> T:
        try:
            if self.raw.closed and not self.writing:
                self.raw = self._opened()
            return call()
        except OUTAGES as error:
            if self.writing or not self.raw.closed:
                raise self.lost(error) from error
            self.raw = self._opened()
            return call()

    def _opened(self) -> psycopg.Connection:
        try:
            return connect(self.address)
        except psycopg.OperationalError as error:
            raise self.lost(error) from error

    def lost(self, error: Exception) -> Unwritable:
        """The outage as a sentence; the address holds a password, and is not in it."""
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return Unwritable(f"The store {self.name} cannot be used now ({first}); try again.")

    def close(self) -> None:
        with suppress(psycopg.Error):
            self.raw.close()


class PostgresStore(Tables):
    """`address` is a connection URI (postgresql://user:password@host/database); `key` is the secret of the audit chain."""

    def __init__(self, address: str, key: bytes) -> None:
        self.address, self.key = address, key
        self.place: Path | str = address
        self.db = PostgresConnection(address, shown(address))
        _readied(self.db)
        super().__init__(self.db, key)
        self.events = PostgresEvents(self.db, key)
        self.agreements = PostgresAgreements(self.db)

    @contextmanager
    def transaction(self, durable: bool = False) -> Iterator[None]:
        """All writes inside happen together or not at all. Raises `Unwritable` when the server goes away or is too busy."""
        self._begin(durable)
        try:
            fence.check(self.jobs)
            yield
            self.db.raw.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, OUTAGES):
                raise self.db.lost(error) from error
            raise
        finally:
            self.db.writing = False

    def _begin(self, durable: bool) -> None:
        """In one round trip; a transaction that need not outlast a power cut does not wait for the disk."""
        commit = "on" if durable else "off"
        begin = f"BEGIN; SET LOCAL synchronous_commit = {commit}; SELECT pg_advisory_xact_lock({WRITING})"
        try:
            self.db.execute(begin)
        except BaseException:
            self._roll_back()
            raise
        self.db.writing = True

    def _roll_back(self) -> None:
        self.cases.forget()
        with suppress(psycopg.Error):
            if not self.db.raw.closed:
                self.db.raw.execute("ROLLBACK")

    def reading(self, areas: frozenset[str]) -> Store:
        from signoff.graph.store.postgres_readonly import reader

        return reader(self, areas)

    def close(self) -> None:
        self.db.close()


class LookedAtPostgres(PostgresStore):
    """The same for whoever only looks: PostgreSQL refuses every write, and the chain's key is not needed."""

    def __init__(self, address: str) -> None:
        super().__init__(address, b"")
        self.db.execute("SET default_transaction_read_only = on")


def _readied(db: PostgresConnection) -> None:
    if db.raw.info.server_version < 150000:
        raise BadInput(f"The server of {db.name} is PostgreSQL {db.raw.info.server_version // 10000}; Signoff needs 15 or newer.")
    if db.raw.info.encoding != "utf-8":
        raise BadInput(f"The database {db.name} is not in UTF-8; make it with: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.")
    migrate(db.raw)


def shown(address: str) -> str:
    """The address without user and password, for messages."""
    parts = conninfo_to_dict(address)
    return f"postgresql://{parts.get('host', 'localhost')}/{parts.get('dbname', '')}"


def secret_of(key: bytes, what: str) -> str:
    """A password that only the holder of the audit key can derive."""
    return hmac.new(key, what.encode(), hashlib.sha256).hexdigest()


class PostgresEvents(SqlEvents):
    """The chain, read in portions."""

    def last_seq(self) -> int:
        row = self._db.execute("SELECT seq FROM counted WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def all(self) -> Iterator[Event]:
        for row in self.raw():
            yield event_of(row)

    def raw(self) -> Iterator[RawEvent]:
        last, query = -(2**63), f"SELECT {EVENT_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT {AT_ONCE}"
        while rows := self._db.execute(query, (last,)).fetchall():
            yield from rows
            last = rows[-1][0]


_UNACCENTED = str.maketrans(ACCENTED, PLAIN)
_SEARCH = """
SELECT owner, paper, number, heading, page,
  ts_headline('simple', text, query, ?) FROM clauses, to_tsquery('simple', ?) query
WHERE words @@ query ORDER BY ts_rank('{0.1, 0.2, 0.4, 1.0}', words, query) DESC, id LIMIT ?
"""
_HEADLINE = f"StartSel={MARKS[0]}, StopSel={MARKS[1]}, MaxWords=24, MinWords=12, MaxFragments=1, FragmentDelimiter=…"


class PostgresAgreements(SqlAgreements):
    """Clauses are found by PostgreSQL's own text search."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)

    def search(self, words: str, most: int = 20) -> list[Hit]:
        found = [query for term in terms(words) if (query := _asked(*term))][:MOST_TERMS]
        for joined in (" & ".join(found), " | ".join(found)) if found else ():
            if rows := self._db.execute(_SEARCH, (_HEADLINE, joined, most)).fetchall():
                return [Hit(*row) for row in rows]
        return []


def _asked(text: str, begins: bool) -> str:
    """A word or phrase as a query of `to_tsquery`: letters and digits only, one after the other."""
    words = re.findall(r"\w+", text.translate(_UNACCENTED))
    joined = " <-> ".join(f"'{word}'" for word in words)
    return f"({joined}{':*' if begins and words else ''})" if words else ""
