"""Layouts that people taught, in SQL."""

from __future__ import annotations

import hashlib

from signoff.domain.layouts import Layout
from signoff.graph.store.sql import Connection, insert


class SqlLayouts:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, layout: Layout) -> Layout:
        """Keep a layout under its number, in place of what was known; one with the number 0 gets the next."""
        if not layout.number:
            layout = layout.model_copy(update={"number": insert(self._db, "layouts", number=0, body="")})
        self._db.execute("UPDATE layouts SET body = ? WHERE number = ?", (layout.model_dump_json(), layout.number))
        return layout

    def all(self) -> list[Layout]:
        """Every layout, the first learned first."""
        return [Layout.model_validate_json(r[0]) for r in self._db.execute("SELECT body FROM layouts ORDER BY number")]

    def digest(self, number: int) -> str | None:
        """SHA-256 of what is kept under a number, so that it can be bound to its event; nothing when it is not there."""
        row = self._db.execute("SELECT body FROM layouts WHERE number = ?", (number,)).fetchone()
        return hashlib.sha256(row[0].encode()).hexdigest() if row else None
