"""The store on one SQLite file (WAL). One connection, used from one thread; other processes may use the file too.

A commit survives a killed process always, and a power cut when the transaction was `durable` (synchronous=FULL).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from signoff.domain.errors import BadInput, Unavailable
from signoff.graph.store.migrations import migrate
from signoff.graph.store.port import (
    Agreements,
    Autonomy,
    Calls,
    Cases,
    Credentials,
    Dossiers,
    Events,
    Jobs,
    Layouts,
    Masters,
    Notices,
    Past,
    Postings,
    Store,
    Tasks,
)
from signoff.graph.store.sqlite_agreements import SqliteAgreements
from signoff.graph.store.sqlite_audit import SqliteEvents, SqlitePostings
from signoff.graph.store.sqlite_autonomy import SqliteAutonomy
from signoff.graph.store.sqlite_calls import SqliteCalls
from signoff.graph.store.sqlite_cases import SqliteCases, SqliteJobs
from signoff.graph.store.sqlite_credentials import SqliteCredentials
from signoff.graph.store.sqlite_dossiers import SqliteDossiers
from signoff.graph.store.sqlite_layouts import SqliteLayouts
from signoff.graph.store.sqlite_masters import SqliteMasters
from signoff.graph.store.sqlite_past import SqlitePast
from signoff.graph.store.sqlite_readonly import ReadOnlyStore
from signoff.graph.store.sqlite_tasks import SqliteNotices, SqliteTasks

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "cache_size=-32000",
    "wal_autocheckpoint=4000",
)


class SqliteStore:
    """`path` is the database file, created when missing; `key` is the secret of the audit chain."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        try:
            connection = self._connect(path)
        except sqlite3.DatabaseError as error:
            raise BadInput(f"The store {path} cannot be opened ({error}); mend its rights, or restore it from a backup.") from error
        self.db = connection
        self._durable = False
        self.cases: Cases = SqliteCases(connection)
        self.tasks: Tasks = SqliteTasks(connection)
        self.jobs: Jobs = SqliteJobs(connection)
        self.events: Events = SqliteEvents(connection, key)
        self.postings: Postings = SqlitePostings(connection)
        self.masters: Masters = SqliteMasters(connection)
        self.past: Past = SqlitePast(connection)
        self.layouts: Layouts = SqliteLayouts(connection)
        self.calls: Calls = SqliteCalls(connection)
        self.agreements: Agreements = SqliteAgreements(connection)
        self.credentials: Credentials = SqliteCredentials(connection)
        self.notices: Notices = SqliteNotices(connection)
        self.dossiers: Dossiers = SqliteDossiers(connection)
        self.autonomy: Autonomy = SqliteAutonomy(connection, key)

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        migrate(connection)
        return connection

    @contextmanager
    def transaction(self, durable: bool = False) -> Iterator[None]:
        """All writes inside happen together or not at all. Raises `Unavailable` when the file stays locked or full."""
        execute = self.db.execute
        try:
            if durable is not self._durable:
                execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Unavailable(f"The store {self.path} cannot be written now ({error}); try again.") from error
        try:
            yield
        except BaseException:
            execute("ROLLBACK")
            raise
        try:
            execute("COMMIT")
        except sqlite3.OperationalError as error:
            if self.db.in_transaction:
                execute("ROLLBACK")
            raise Unavailable(f"The store {self.path} cannot be written now ({error}); try again.") from error

    def reading(self, areas: frozenset[str]) -> Store:
        return ReadOnlyStore(self.path, areas)

    def close(self) -> None:
        self.db.close()


class LookedAtStore(SqliteStore):
    """The same for whoever only looks: SQLite refuses every write, and the chain's key is not needed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, b"")
        self.db.execute("PRAGMA query_only=ON")
