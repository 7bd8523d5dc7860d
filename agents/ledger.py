"""The record of model and tool calls as agents see it: looked up before anything is paid for, written as soon as it was.

A ledger belongs to one case (or one conversation). The process implements it on the store; a replay implements it on the
record alone, where what is missing is an error and never a call.
"""

from __future__ import annotations

from typing import Literal, Protocol

from signoff.agents.messages import Failure, Question, Reply, Spent
from signoff.domain.record import Record


class ModelCall(Record):
    """One call as it stands on record. `at` is when it was asked (ISO 8601, UTC); ids as OpenTelemetry writes them (hex)."""

    question: Question
    reply: Reply | None = None
    failure: Failure | None = None
    error: str | None = None
    provider: str = ""
    requested_model: str = ""
    at: str = ""
    trace_id: str | None = None
    span_id: str | None = None


class ToolCall(Record):
    """One use of a tool. `turn` counts an agent's tool calls within the case, so that a replay finds the same answer."""

    agent: str
    turn: int
    name: str
    arguments: str
    outcome: Literal["ok", "error", "denied"]
    result: str
    at: str = ""


class Ledger(Protocol):
    """Reading and writing the record of one case."""

    def recall(self, question: Question) -> ModelCall | None:
        """The same question of the same agent with the same prompt, answered or failed before; what failed for want of an
        answer (`unavailable`, `over_budget`, `misconfigured`) is not recalled, so that it may be tried again."""

    def record(self, call: ModelCall) -> None:
        """Write a call down, durably and with its event, before its answer is used."""

    def recall_tool(self, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        """The answer that a tool gave at this turn for these arguments."""

    def record_tool(self, call: ToolCall) -> None: ...

    def spent(self) -> Spent:
        """What this case has cost so far."""
