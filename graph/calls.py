"""The record of calls: what agents asked of a model and of tools, written down before an answer is used.

Each call has an event of its own that binds what is kept of it by a SHA-256; `signoff audit verify` compares the two.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Message, Question, Spent
from signoff.graph import tracing
from signoff.graph.desk import SYSTEM, Desk
from signoff.graph.services import Services
from signoff.graph.store.rows import Kept, Owner, case_id


class StoreLedger:
    """The `Ledger` of one case (`Owner(case=42)`) or of one conversation, on the store."""

    def __init__(self, services: Services, owner: Owner) -> None:
        self.services, self.owner, self.calls = services, owner, services.store.calls

    @property
    def name(self) -> str:
        """Whose ledger it is: a case id or a conversation's id."""
        return self.owner.conversation or case_id(self.owner.case or 0)

    def recall(self, question: Question) -> ModelCall | None:
        return self.calls.find(self.owner, question)

    def record(self, call: ModelCall) -> None:
        traced = tracing.chat(call, self.name, self.services.trace_content)
        with self.services.store.transaction(durable=True):
            raw = self.calls.keep(self.owner, kept(traced, self.services.policy.agents.bodies == "redacted"))
            self.append("model.called", **told(call), call=raw.number, input_hash=raw.input_hash, sha256=raw.sha256)

    def recall_tool(self, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        return self.calls.find_tool(self.owner, agent, turn, name, arguments)

    def record_tool(self, call: ToolCall) -> None:
        tracing.tool(call, self.name, self._since(call.at), self.services.trace_content)
        with self.services.store.transaction():
            raw = self.calls.keep_tool(self.owner, call)
            about = {"agent": call.agent, "turn": call.turn, "tool": call.name, "outcome": call.outcome}
            self.append("tool.called", **about, call=raw.number, sha256=raw.sha256)

    def spent(self) -> Spent:
        return self.calls.costs_of(self.owner).spent

    def append(self, type: str, **body: Any) -> None:
        """Add the event that binds what was just kept."""
        if self.owner.case is not None:
            Desk(self.services, self.owner.case).record(type, **body)
            return
        body["conversation"] = self.owner.conversation
        self.services.store.events.append(type, SYSTEM, body, self.services.clock())

    def _since(self, at: str) -> dt.timedelta:
        return self.services.clock() - dt.datetime.fromisoformat(at) if at else dt.timedelta(0)


def case_ledger(services: Services, number: int) -> StoreLedger:
    """The record of a case's calls."""
    return StoreLedger(services, Owner(case=number))


def told(call: ModelCall) -> dict[str, Any]:
    """What an event says of a call: who asked which model with which prompt, and what it took."""
    question, reply = call.question, call.reply
    usage = reply.usage if reply else None
    return {
        "agent": question.agent,
        "prompt": question.prompt_name,
        "prompt_hash": question.prompt_hash,
        "model": reply.model if reply else call.requested_model,
        "input_tokens": usage and usage.input_tokens,
        "output_tokens": usage and usage.output_tokens,
        "cost": None if reply is None or reply.cost is None else str(reply.cost),
        "failure": call.failure,
    }


def kept(call: ModelCall, redact: bool) -> Kept:
    """The call as it is kept. Redacted, hashes stand in place of the words that the model was given; its answer stays, for a
    replay goes by it."""
    question = call.question
    if redact:
        call = call.model_copy(update={"question": question.model_copy(update={"messages": tuple(map(_redacted, question.messages))})})
    return Kept(call=call, input_hash=question.input_hash, redacted=redact)


def _redacted(message: Message) -> Message:
    images = tuple(i.model_copy(update={"data": _hashed(i.data)}) for i in message.images)
    return message.model_copy(update={"content": _hashed(message.content), "images": images})


def _hashed(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()} ({len(text)} characters)" if text else ""
