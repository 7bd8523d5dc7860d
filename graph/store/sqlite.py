"""The store on one SQLite file (WAL). One connection, used from one thread; other processes may use the file too.

A commit survives a killed process always, and a power cut when the transaction was `durable` (synchronous=FULL).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from signoff.domain.errors import BadInput, Unwritable
from signoff.graph.store import fence
from signoff.graph.store.migrations import migrate
from signoff.graph.store.port import Store
from signoff.graph.store.sql_tables import Tables
from signoff.graph.store.sqlite_readonly import ReadOnlyStore

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "cache_size=-32000",
    "wal_autocheckpoint=4000",
)
OUTAGES = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)  # fmt: skip
"""Errors (sqlite.org/rescode.html) that are of the disk or of its other users, not of the statement."""


class SqliteStore(Tables):
    """`path` is the database file, created when missing; `key` is the secret of the audit chain."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        try:
            connection = self._connect(path)
        except sqlite3.DatabaseError as error:
            raise BadInput(f"The store {path} cannot be opened ({error}); mend its rights, or restore it from a backup.") from error
        super().__init__(connection, key)
        self.db = connection
        self.place: Path | str = path
        self._durable = False

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        migrate(connection)
        return connection

    @contextmanager
    def transaction(self, durable: bool = False) -> Iterator[None]:
        """All writes inside happen together or not at all. Raises `Unwritable` when the file stays locked or cannot be written."""
        try:
            if durable is not self._durable:
                self.db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            self.db.execute("BEGIN IMMEDIATE")
            fence.check(self.jobs)
            yield
            self.db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back()
            if error.sqlite_errorcode & 0xFF not in OUTAGES:
                raise
            raise Unwritable(f"The store {self.path} cannot be written now ({error}); try again.") from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        """After some errors SQLite has rolled back by itself."""
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def reading(self, areas: frozenset[str]) -> Store:
        return ReadOnlyStore(self.path, areas)

    def close(self) -> None:
        self.db.close()


class LookedAtStore(SqliteStore):
    """The same for whoever only looks: SQLite refuses every write, and the chain's key is not needed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, b"")
        self.db.execute("PRAGMA query_only=ON")
