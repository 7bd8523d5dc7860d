"""What is on record about a case, in place of the world: the model, the ERP, the originals.

Everything that came from outside a case is answered from its record. What the record does not hold is an error, never a
look at the present and never a call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Question, Reply
from signoff.domain.errors import BadInput, Refused
from signoff.domain.order import line_amount
from signoff.domain.stages import ApprovedOrder
from signoff.domain.states import ENDED, WAITING
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Event, Kept, Owner, case_id
from signoff.tools.archive import Archive
from signoff.tools.erp.protocol import CANCELLED, Attachment, Posting

INPUTS = frozenset({"model.called", "tool.called", "posting.differs", "case.deferred", "layout.learned", "case.commented", "sample.judged"})
"""Events that tell what came in or was said, or what is kept for other papers; a replay takes them as given."""


class Tape:
    """What is on record about one case, and what a replay has written so far (`heard`: type, actor, body)."""

    def __init__(self, source: Store, number: int) -> None:
        case = source.cases.get(number)
        if case is None:
            raise BadInput(f"There is no case {case_id(number)}; `signoff list` shows the cases.")
        self.source, self.case, self.number = source, case, number
        self.events = [_derived(e) for e in source.events.of_case(number) if e.type not in INPUTS]
        self.tasks = [t.task_id for t in source.tasks.of_case(number)]
        self.calls = source.calls.of(Owner(case=number))
        self.tools = source.calls.tools_of(Owner(case=number))
        self.asked: set[int] = set()
        self.heard: list[tuple[str, str, dict[str, Any]]] = []
        self.missing: list[str] = []

    @property
    def upcoming(self) -> Event | None:
        """The event that comes next on record; nothing when the record ends here."""
        return self.events[len(self.heard)] if len(self.heard) < len(self.events) else None

    def now(self) -> dt.datetime:
        """The time as it was when the next event was written."""
        return dt.datetime.fromisoformat((self.upcoming or self.events[-1]).at)

    @property
    def rests(self) -> bool:
        """Whether the case has ended or waits for a person, so that its record is whole."""
        return self.case.state in WAITING | ENDED

    def told(self, type: str) -> Event | None:
        """The first event of this type on record."""
        return next((e for e in self.events if e.type == type), None)

    def miss(self, what: str) -> NoReturn:
        """What was asked for is not on record; no fault where a case is on its way, and the replay has come further."""
        told = f"The record of {what} is missing."
        if self.upcoming is not None or self.rests:
            self.missing.append(told)
        raise BadInput(told)

    def answer(self, question: Question) -> ModelCall:
        """What this very question was answered with then; the last answer stays when it was asked more often than paid for."""
        given = [i for i, kept in enumerate(self.calls) if _same(kept, question)]
        if not given:
            self.miss(f"a model call of {question.agent} (prompt {question.prompt_hash[:12]}, input {question.input_hash[:12]})")
        chosen = next((i for i in given if i not in self.asked), given[-1])
        self.asked.add(chosen)
        return self.calls[chosen].call

    def used(self, agent: str, turn: int, name: str, arguments: str) -> ToolCall:
        """What a tool answered then."""
        for call in self.tools:
            if (call.agent, call.turn, call.name, call.arguments) == (agent, turn, name, arguments):
                return call
        self.miss(f"the tool call {turn} of {agent} ({name})")

    @property
    def unasked(self) -> list[Kept]:
        """Model calls on record that nobody asked for."""
        return [kept for i, kept in enumerate(self.calls) if i not in self.asked]


def _derived(event: Event) -> Event:
    """The event without how its actor was known, which decides whether an answer is taken and never what comes of it."""
    return replace(event, body={k: v for k, v in event.body.items() if k != "signed_in"})


def _same(kept: Kept, question: Question) -> bool:
    then = kept.call.question
    return (kept.input_hash, then.prompt_hash, then.agent) == (question.input_hash, question.prompt_hash, question.agent)


@dataclass
class RecordedModel:
    """Stands where the model stood, and is never asked: every answer is found before."""

    tape: Tape
    name: str = field(init=False)
    provider: str = field(init=False)
    takes_images: bool = field(init=False)
    keeps_tools: bool = field(init=False)

    def __post_init__(self) -> None:
        calls = [kept.call for kept in self.tape.calls]
        self.name = calls[0].requested_model if calls else ""
        self.provider = calls[0].provider if calls else ""
        self.takes_images = any(m.images for c in calls for m in c.question.messages)
        self.keeps_tools = any(c.question.tools for c in calls)

    async def complete(self, question: Question) -> Reply:
        self.tape.miss(f"a model call of {question.agent}")

    async def stream(self, question: Question) -> AsyncIterator[str | Reply]:
        yield await self.complete(question)


class FreeBudget:
    """What is on record was within its budget then."""

    def allow(self, ledger: object, question: Question) -> None: ...
    def spent(self, reply: Reply) -> None: ...


class RecordedERP:
    """Gives the number that the ERP gave, or refuses as it did."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        requested = tape.told("posting.requested")
        self.name = str(requested.body["erp"]) if requested else ""

    remote = False

    def find(self, key: str) -> Posting | None:
        return None

    def create(self, order: ApprovedOrder, key: str, paper: Attachment | None = None) -> Posting:
        lines = [line_amount(line) for line in order.order.lines]
        known = [amount for amount in lines if amount is not None]
        total = sum(known, Decimal(0)) if len(known) == len(lines) else None
        return self._answer(key).model_copy(update={"currency": order.order.currency, "line_total": total, "lines": len(lines)})

    def confirm(self, posting: Posting) -> Posting:
        return posting

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        return self.create(order, key)

    def close(self) -> None: ...

    def cancel(self, erp_id: str, key: str) -> Posting:
        return self._answer(key).model_copy(update={"status": CANCELLED})

    def _answer(self, key: str) -> Posting:
        event = self.tape.upcoming
        if event is not None and event.type == "case.failed":
            raise Refused(str(event.body["reason"]))
        if event is None or event.type != "posting.done":
            self.tape.miss(f"what the ERP answered to {key}")
        return Posting(
            erp_id=event.body["erp_id"], key=key, reference=None, vendor_id="", currency=None, line_total=None, lines=0, status="confirmed"
        )


class NoArchive(Archive):
    """No original is looked at again: what was read of it is on record."""

    def __init__(self) -> None:
        super().__init__(Path())

    def get(self, digest: str) -> bytes:
        raise BadInput("A replay opens no originals.")
