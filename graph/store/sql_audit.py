"""The audit chain and the outbox in SQL. Both are written in the transaction of the decision they describe."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from signoff.domain.credentials import Session
from signoff.graph.store.chain import GENESIS, canonical, mac
from signoff.graph.store.rows import Event, Outbox, RawEvent
from signoff.graph.store.sql import Connection

EVENT_COLUMNS = "seq, case_number, at, type, actor, body, prev, mac"


def event_of(row: tuple[Any, ...]) -> Event:
    return Event(*(*row[:5], json.loads(row[5]), *row[6:]))


class SqlEvents:
    def __init__(self, connection: Connection, key: bytes) -> None:
        self._db, self._key = connection, key
        self.session: Session | None = None

    def append(self, type: str, actor: str, body: dict[str, Any], now: dt.datetime, case: int | None = None) -> int:
        """Add a record to the chain; its sequence number."""
        last = self._db.execute("SELECT seq, mac FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        seq, prev = (last[0] + 1, last[1]) if last else (1, GENESIS)
        if self.session is not None and self.session.person == actor:
            body = body | {"signed_in": self.session.told}
        record = (seq, case, now.isoformat(), type, actor, canonical(body))
        self._db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*record, prev, mac(self._key, prev, record)))
        return int(seq)

    def all(self) -> Iterator[Event]:
        """Every record, oldest first."""
        for row in self._db.execute(f"SELECT {EVENT_COLUMNS} FROM events ORDER BY seq"):
            yield event_of(row)

    def of_case(self, number: int) -> list[Event]:
        query = f"SELECT {EVENT_COLUMNS} FROM events WHERE case_number = ? ORDER BY seq"
        return [event_of(r) for r in self._db.execute(query, (number,))]

    def last_seq(self) -> int:
        """The highest sequence number ever given out, also when the record is gone."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def raw(self) -> Iterator[RawEvent]:
        """Every record as it stands on disk, for verification: nothing is parsed."""
        yield from self._db.execute(f"SELECT {EVENT_COLUMNS} FROM events ORDER BY seq")

    def mac_of(self, event: RawEvent, prev: str) -> str:
        """The MAC that the record must have when it follows the one with MAC `prev`."""
        return mac(self._key, prev, event[:6])


POSTING_COLUMNS = "key, case_number, action, erp, erp_id, status"


class SqlPostings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def request(self, key: str, case: int, action: str, erp: str) -> None:
        """Write down that the ERP is about to be called, unless it is written already."""
        query = "INSERT INTO outbox (key, case_number, action, erp, status) VALUES (?, ?, ?, ?, 'pending') ON CONFLICT DO NOTHING"
        self._db.execute(query, (key, case, action, erp))

    def complete(self, key: str, erp_id: str) -> None:
        self._db.execute("UPDATE outbox SET status = 'done', erp_id = ? WHERE key = ?", (erp_id, key))

    def get(self, key: str) -> Outbox | None:
        return self._one("key = ?", key)

    def of_case(self, number: int) -> Outbox | None:
        """The case's last posting."""
        return self._one("case_number = ? ORDER BY rowid DESC LIMIT 1", number)

    def all(self) -> Iterator[Outbox]:
        """Every posting, in the order in which they were asked for."""
        yield from (Outbox(*row) for row in self._db.execute(f"SELECT {POSTING_COLUMNS} FROM outbox ORDER BY rowid"))

    def _one(self, condition: str, value: object) -> Outbox | None:
        row = self._db.execute(f"SELECT {POSTING_COLUMNS} FROM outbox WHERE {condition}", (value,)).fetchone()
        return Outbox(*row) if row else None
