"""SQLite files that several processes open at once. To make tables, or to turn a new file into WAL, does not wait for whoever does the
same: SQLite answers `database is locked` at once, whatever the timeout (sqlite.org/wal.html). So one process at a time does it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

SECONDS = 120
"""How long the others wait for the one that makes the tables, or brings those of an earlier version up to date."""


@contextmanager
def made_once(path: Path, connection: sqlite3.Connection, ready: Callable[[sqlite3.Connection], bool]) -> Iterator[None]:
    """Within, a file that is not in WAL, or not `ready`, is this process's alone. Raises `OSError` when it does not get it."""
    if _is_made(connection, ready):
        yield
        return
    with FileLock(f"{path}.lock", timeout=SECONDS):
        yield


def _is_made(connection: sqlite3.Connection, ready: Callable[[sqlite3.Connection], bool]) -> bool:
    try:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        return mode == "wal" and ready(connection)
    except sqlite3.OperationalError:
        return False


def has(table: str) -> Callable[[sqlite3.Connection], bool]:
    """Whether the file has the table, and with it those that are made before it."""

    def there(connection: sqlite3.Connection) -> bool:
        return connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone() is not None

    return there
