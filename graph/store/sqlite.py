"""The store on one SQLite file (WAL). One connection, used from one thread; other processes may use the file too.

A commit survives a killed process always, and a power cut when the transaction was `durable` (synchronous=FULL).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from signoff.domain.errors import BadInput, Unwritable
from signoff.graph.store import fence
from signoff.graph.store.migrations import migrate, up_to_date
from signoff.graph.store.port import Store
from signoff.graph.store.sql_tables import Tables
from signoff.graph.store.sqlite_readonly import ReadOnlyStore
from signoff.tools.sqlite_file import made_once

BUSY_MS = 30_000
"""How long a writer waits for the others."""
PAUSE = 0.0003
"""Seconds between its attempts; a transaction takes one to three thousandths."""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MS}",
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
        except (sqlite3.DatabaseError, OSError) as error:
            raise BadInput(f"The store {path} cannot be opened ({error}); mend its rights, or restore it from a backup.") from error
        super().__init__(connection, key)
        self.db = connection
        self.place: Path | str = path
        self._durable = False
        self.patience = BUSY_MS / 1000

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        with made_once(path, connection, up_to_date):
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
            self._begin()
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

    def _begin(self) -> None:
        """Ask again and again until other writers are done. SQLite's own waiting sleeps ever longer, up to 100 ms, and writers that take
        turns every few milliseconds would leave the file idle for much of the time."""
        end = time.monotonic() + self.patience
        self.db.execute("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    self.db.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                        raise
                time.sleep(PAUSE)
        finally:
            self.db.execute(f"PRAGMA busy_timeout={BUSY_MS}")

    def _roll_back(self) -> None:
        """After some errors SQLite has rolled back by itself."""
        self.cases.forget()
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
