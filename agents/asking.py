"""The one way to a model: recall, budget, call, record. Everything an agent asks goes through here."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from signoff.agents.ledger import Ledger, ModelCall
from signoff.agents.messages import ModelFailed, Question, Reply


class Model(Protocol):
    """A model behind an endpoint. Raises `ModelFailed` and nothing else."""

    @property
    def name(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def takes_images(self) -> bool: ...
    @property
    def keeps_tools(self) -> bool:
        """Whether the endpoint answers with tool calls when tools are given; otherwise they are asked for by schema."""

    async def complete(self, question: Question) -> Reply: ...
    def stream(self, question: Question) -> AsyncIterator[str | Reply]:
        """Pieces of text as they come, and at last the whole `Reply`."""


class Budget(Protocol):
    """What may be spent; raises `ModelFailed("over_budget")` before a call that would go beyond."""

    def allow(self, ledger: Ledger, question: Question) -> None: ...
    def spent(self, reply: Reply) -> None: ...


@dataclass(frozen=True)
class Asker:
    """A model with the record of one case. `clock` gives UTC."""

    model: Model
    ledger: Ledger
    budget: Budget
    clock: Callable[[], dt.datetime]

    async def ask(self, question: Question) -> Reply:
        """The answer: from the record if it was given before, else from the model. Raises `ModelFailed`."""
        if known := self.ledger.recall(question):
            return _again(known)
        at = self.clock().isoformat()
        try:
            self.budget.allow(self.ledger, question)
            reply = await self._answered(question)
        except ModelFailed as failed:
            self.ledger.record(self._call(question, at, failed.spent, failed))
            if failed.spent:
                self.budget.spent(failed.spent)
            raise
        self.ledger.record(self._call(question, at, reply))
        self.budget.spent(reply)
        return reply

    async def _answered(self, question: Question) -> Reply:
        return await self.model.complete(question)

    def _call(self, question: Question, at: str, reply: Reply | None, failed: ModelFailed | None = None) -> ModelCall:
        return ModelCall(
            question=question, reply=reply, failure=failed.kind if failed else None, error=str(failed) if failed else None,
            provider=self.model.provider, requested_model=self.model.name, at=at,
        )  # fmt: skip


@dataclass(frozen=True)
class SpeakingAsker(Asker):
    """Gives prose to `say` piece by piece as it comes; answers that are JSON come whole. One that is cancelled, as people do who have
    read enough, stands on record as any that broke off."""

    say: Callable[[str], None]

    async def _answered(self, question: Question) -> Reply:
        try:
            return await (self._spoken(question) if question.answer is None else self.model.complete(question))
        except asyncio.CancelledError:
            raise ModelFailed("unavailable", "The answer was stopped.") from None

    async def _spoken(self, question: Question) -> Reply:
        reply: Reply | None = None
        async for piece in self.model.stream(question):
            if isinstance(piece, str):
                self.say(piece)
            else:
                reply = piece
        if reply is None:
            raise ModelFailed("unavailable", "The model's answer broke off; ask again.")
        return reply


def _again(known: ModelCall) -> Reply:
    """What was answered then; what failed then fails again, unpaid."""
    if known.failure is not None or known.reply is None:
        raise ModelFailed(known.failure or "invalid", known.error or "The call on record has no answer.")
    return known.reply
