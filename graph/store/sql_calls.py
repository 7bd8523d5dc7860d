"""Model calls, uses of tools and conversations in SQL.

What a call was about stands in columns under the names of OpenTelemetry GenAI (dots as `_`); SQLite takes them from the
body itself, so that they cannot say anything else.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Question, Spent
from signoff.graph.store.rows import Costs, Kept, Owner, RawCall, Said
from signoff.graph.store.sql import Connection, insert

UNPAID = ("over_budget", "misconfigured")
"""Failures for which nothing was asked."""

BY = {
    "agent": "m.agent",
    "vendor": "COALESCE(c.vendor_id, '')",
    "day": "substr(m.at, 1, 10)",
    "model": "COALESCE(m.gen_ai_response_model, m.gen_ai_request_model)",
}
OWNED = "case_number IS ? AND conversation IS ?"


class SqlCalls:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def keep(self, owner: Owner, kept: Kept) -> RawCall:
        """Write a model call down."""
        body = kept.model_dump_json()
        ids = {"trace_id": kept.call.trace_id, "span_id": kept.call.span_id}
        number = insert(self._db, "model_calls", number=0, case_number=owner.case, conversation=owner.conversation, **ids, body=body)
        return RawCall("model", number, owner, kept.input_hash, body)

    def find(self, owner: Owner, question: Question) -> ModelCall | None:
        """The last call with this very question; an endpoint that gave no answer then may give one now."""
        row = self._db.execute(
            f"SELECT body FROM model_calls WHERE {OWNED} AND input_hash = ? AND agent = ? AND prompt_hash = ? "
            "AND (failure IS NULL OR failure IN ('refused', 'invalid')) ORDER BY number DESC LIMIT 1",
            (owner.case, owner.conversation, question.input_hash, question.agent, question.prompt_hash),
        ).fetchone()
        return Kept.model_validate_json(row[0]).call if row else None

    def of(self, owner: Owner) -> list[Kept]:
        """The model calls of a case or a conversation, in the order they were written down."""
        return [Kept.model_validate_json(body) for body in self._bodies("model_calls", owner)]

    def keep_tool(self, owner: Owner, call: ToolCall) -> RawCall:
        """Write the use of a tool down."""
        body = call.model_dump_json()
        number = insert(self._db, "tool_calls", number=0, case_number=owner.case, conversation=owner.conversation, body=body)
        return RawCall("tool", number, owner, None, body)

    def find_tool(self, owner: Owner, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        for call in reversed(self.tools_of(owner)):
            if (call.agent, call.turn, call.name, call.arguments) == (agent, turn, name, arguments):
                return call
        return None

    def tools_of(self, owner: Owner) -> list[ToolCall]:
        """The uses of tools, likewise."""
        return [ToolCall.model_validate_json(body) for body in self._bodies("tool_calls", owner)]

    def _bodies(self, table: str, owner: Owner) -> list[str]:
        query = f"SELECT body FROM {table} WHERE {OWNED} ORDER BY number"
        return [row[0] for row in self._db.execute(query, (owner.case, owner.conversation))]

    def raw(self) -> Iterator[RawCall]:
        """Everything kept, for verification: nothing is parsed."""
        for row in self._db.execute("SELECT number, case_number, conversation, input_hash, body FROM model_calls ORDER BY number"):
            yield RawCall("model", row[0], Owner(row[1], row[2]), row[3], row[4])
        for row in self._db.execute("SELECT number, case_number, conversation, body FROM tool_calls ORDER BY number"):
            yield RawCall("tool", row[0], Owner(row[1], row[2]), None, row[3])

    def costs_of(self, owner: Owner) -> Costs:
        """What a case or a conversation came to."""
        return _costs("", self._spent("''", f"WHERE {OWNED}", (owner.case, owner.conversation)))

    def costs(self, by: str) -> list[Costs]:
        """What was spent, summed `by` agent, vendor, day or model; what belongs to no vendor has the empty key."""
        groups: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for row in self._spent(BY[by]):
            groups[row[0]].append(row)
        return [_costs(key, groups[key]) for key in sorted(groups)]

    def _spent(self, key: str, where: str = "", values: Iterable[object] = ()) -> Iterator[tuple[Any, ...]]:
        yield from self._db.execute(
            f"SELECT {key}, m.failure, m.gen_ai_usage_input_tokens, m.gen_ai_usage_output_tokens, m.cost, m.latency_ms "
            f"FROM model_calls m LEFT JOIN cases c ON c.number = m.case_number {where} ORDER BY m.number",
            tuple(values),
        )

    def say(self, conversation: str, person: str, role: str, body: str, now: dt.datetime) -> Said:
        """Add a turn to a conversation."""
        query = "SELECT COALESCE(MAX(seq), 0) + 1 FROM conversations WHERE conversation = ?"
        (seq,) = self._db.execute(query, (conversation,)).fetchone()
        said = Said(conversation, seq, person, role, body, now.isoformat())
        self._db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)", (conversation, seq, person, role, body, said.at))
        return said

    def said(self, conversation: str) -> list[Said]:
        """A conversation from its beginning."""
        query = "SELECT conversation, seq, person, role, body, at FROM conversations WHERE conversation = ? ORDER BY seq"
        return [Said(*row) for row in self._db.execute(query, (conversation,))]

    def conversations(self, person: str) -> list[str]:
        """The conversations a person took part in, the latest first."""
        query = "SELECT conversation FROM conversations WHERE person = ? GROUP BY conversation ORDER BY MAX(at) DESC, conversation"
        return [row[0] for row in self._db.execute(query, (person,))]


def _costs(key: str, rows: Iterable[tuple[Any, ...]]) -> Costs:
    """Sums in exact decimals. A call without a known price counts as nothing, and is counted in `unpriced`."""
    made = [row for row in rows if row[1] not in UNPAID]
    spent = Spent(
        calls=len(made),
        input_tokens=sum(row[2] or 0 for row in made),
        output_tokens=sum(row[3] or 0 for row in made),
        cost=sum((Decimal(row[4]) for row in made if row[4] is not None), Decimal(0)),
        seconds=Decimal(sum(row[5] or 0 for row in made)) / 1000,
    )
    unpriced = sum(row[4] is None and row[5] is not None for row in made)
    return Costs(key, len(made), sum(row[1] is not None for row in made), unpriced, spent)
