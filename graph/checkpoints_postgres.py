"""LangGraph's threads in PostgreSQL: its own saver, called inline in the event loop as with SQLite (`checkpoints.py`).

One connection a process, from a pool that opens another when the server was away. Like SQLite's they need not outlast a power cut: a
step that is done again finds in the store what it had done.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from langgraph.checkpoint.postgres import PostgresSaver
from psycopg import Cursor
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from signoff.domain.errors import Unwritable
from signoff.graph.checkpoints import Inline

SCHEMA = 0x5160_0FF3
"""The advisory lock of whoever makes the tables."""
PATIENCE = 10.0
"""Seconds to wait for a server that is away."""


class InlinePostgresSaver(Inline, PostgresSaver):
    """The saver in a database, over a pool."""

    _held: Cursor[DictRow] | None = None

    @contextmanager
    def _cursor(self, *, pipeline: bool = False) -> Iterator[Cursor[DictRow]]:
        if self._held is not None:
            yield self._held
            return
        with super()._cursor(pipeline=pipeline) as cursor:
            yield cursor

    @contextmanager
    def together(self) -> Iterator[None]:
        """In one transaction, and one round trip."""
        with super()._cursor(pipeline=True) as cursor, cursor.connection.transaction():
            self._held = cursor
            try:
                yield
            finally:
                self._held = None

    def threads(self) -> list[str]:
        """The threads that have checkpoints."""
        with self._cursor() as cursor:
            return [row["thread_id"] for row in cursor.execute("SELECT DISTINCT thread_id FROM checkpoints")]


def open_postgres_checkpoints(address: str) -> InlinePostgresSaver:
    """The saver in the store's own database, its tables made when they are not there."""
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=10, row_factory=dict_row) as connection:
            _set_up(connection)
    except psycopg.OperationalError as error:
        raise Unwritable(f"The checkpoints in PostgreSQL cannot be used now ({str(error).splitlines()[0]}); try again.") from error
    return InlinePostgresSaver(
        ConnectionPool(
            address,
            min_size=1,
            max_size=1,
            open=True,
            timeout=PATIENCE,
            check=ConnectionPool.check_connection,
            kwargs={"autocommit": True, "prepare_threshold": 5, "row_factory": dict_row, "options": "-c synchronous_commit=off"},
        )
    )


def _set_up(connection: psycopg.Connection[DictRow]) -> None:
    """One process after the other, asking again and again: CREATE INDEX CONCURRENTLY would wait for ever for one that waits for it."""
    while not connection.execute(f"SELECT pg_try_advisory_lock({SCHEMA}) AS got").fetchall()[0]["got"]:
        time.sleep(0.05)
    PostgresSaver(connection).setup()
