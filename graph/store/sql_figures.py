"""How much there is of everything, in SQL: a few queries that stay quick among many cases."""

from __future__ import annotations

from decimal import Decimal

from signoff.domain.states import WAITING, State
from signoff.graph.store.sql import Connection

MOST = 20_000
"""Waiting cases whose money is summed: the newest."""


class SqlFigures:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def stages(self) -> list[tuple[State, int, str]]:
        """For each state that any case is in: how many, and since when the one that waits longest is in it."""
        query = "SELECT state, count(*), min(updated_at) FROM cases GROUP BY state"
        return [(State(state), count, oldest) for state, count, oldest in self._db.execute(query)]

    def ended(self, since: str) -> dict[State, int]:
        """Cases that came to a state since a moment (ISO 8601) and are still in it."""
        query = "SELECT state, count(*) FROM cases WHERE updated_at >= ? GROUP BY state"
        return {State(state): count for state, count in self._db.execute(query, (since,))}

    def taken_in(self, since: str) -> dict[State, int]:
        """Where the cases stand that were taken in since a moment."""
        query = "SELECT state, count(*) FROM cases WHERE created_at >= ? GROUP BY state"
        return {State(state): count for state, count in self._db.execute(query, (since,))}

    def money(self) -> tuple[Decimal, int]:
        """What the waiting cases come to in base currency, and of how many it cannot be told, as they were not checked yet."""
        states = sorted(WAITING)
        query = (
            "SELECT body ->> '$.base_amount' FROM cases c LEFT JOIN steps s ON s.case_number = c.number AND s.revision = c.revision "
            f"AND s.step = 'check' WHERE c.state IN ({', '.join('?' * len(states))}) ORDER BY c.number DESC LIMIT {MOST}"
        )
        amounts = [amount for (amount,) in self._db.execute(query, states)]
        return sum((Decimal(a) for a in amounts if a is not None), Decimal(0)), amounts.count(None)

    def pending(self) -> int:
        """Postings that were requested and are not known to be done."""
        return int(self._db.execute("SELECT count(*) FROM outbox WHERE status = 'pending'").fetchone()[0])

    def spent(self, since: str) -> tuple[int, Decimal]:
        """Model calls since a moment, and what they cost in US dollars as far as prices are known."""
        costs = [cost for (cost,) in self._db.execute("SELECT cost FROM model_calls WHERE at >= ?", (since,))]
        return len(costs), sum((Decimal(c) for c in costs if c is not None), Decimal(0))
