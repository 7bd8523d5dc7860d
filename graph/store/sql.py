"""What the tables' classes (`sql_*.py`) need of a database, whichever it is, and statements that every one of them understands.

Statements are written for SQLite with `?` for values; `postgres.py` says what little of them PostgreSQL has in other words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol


class Rows(Protocol):
    """What a statement gives, and how many rows it touched."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """One connection. The values of a statement stand in the order of its marks."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Rows: ...
    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object: ...


def insert(db: Connection, table: str, **columns: Any) -> int:
    """Add a row; the number that the table's first column then has. A first column of 0 is left to the database, which counts."""
    key, number = next(iter(columns.items()))
    given = columns if number else {name: value for name, value in columns.items() if name != key}
    names, marks = ", ".join(given), ", ".join("?" * len(given))
    rows = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING {key}", tuple(given.values())).fetchall()
    return int(rows[0][0])


def replacing(table: str, columns: Sequence[str], keys: int = 1) -> str:
    """The statement that writes a row in place of the one with the same key: the first column, or so many of them."""
    key, values = ", ".join(columns[:keys]), ", ".join(f"{c} = excluded.{c}" for c in columns[keys:])
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) ON CONFLICT ({key}) DO UPDATE SET {values}"
