"""The course of one question over all its requests: what was sent, what it came to, what the next request must say."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from signoff.agents.client.trouble import Heard, Trouble
from signoff.agents.messages import ModelFailed, Question, Reply, Usage

MOST_ANSWERS = 2


@dataclass
class Course:
    """`attempts` counts requests on the wire, `tries` those in vain with the present model, `answers` those that were generated,
    or may have been. `given_out`: pieces of a stream have reached a person."""

    question: Question
    stream: bool
    started: float
    max_tokens: int
    attempts: int = 0
    tries: int = 0
    answers: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: Decimal | None = None
    complaint: str | None = None
    given_out: bool = False

    def heard(self, usage: Usage, cost: Decimal | None) -> None:
        """Count an answer, be it of use or not."""
        self.answers += 1
        self.usage = Usage(**{name: _sum(getattr(self.usage, name), getattr(usage, name)) for name in Usage.model_fields})
        self.cost = cost if self.cost is None else self.cost + (cost or 0)

    def troubled(self, trouble: Trouble) -> None:
        """What the next request does about it."""
        self.tries += 1
        self.complaint = str(trouble) if trouble.remedy == "correct" else None
        if trouble.remedy == "longer":
            self.max_tokens = 2 * self.question.max_tokens

    @property
    def spent(self) -> bool:
        """Whether nothing more may be asked."""
        return self.answers >= MOST_ANSWERS or self.given_out

    def answered(self, reply: Reply, now: float) -> Reply:
        """The answer with what all requests for it took."""
        return reply.model_copy(update=self._sums(now))

    def failed(self, trouble: Trouble, model: str, now: float) -> ModelFailed:
        """The end without an answer."""
        what = f"What {model} answered could not be used. {trouble}" if trouble.remedy == "correct" else str(trouble)
        times = f" Tried {self.attempts} times." if self.attempts > 1 else ""
        usage = self.usage if self.answers else Usage(input_tokens=0, output_tokens=0)
        heard: Heard = trouble.heard
        spent = Reply(finish_reason="error", model=heard.model or model, response_id=heard.response_id)
        return ModelFailed(trouble.failure, f"{what}{times}", spent.model_copy(update=self._sums(now) | {"usage": usage}))

    def _sums(self, now: float) -> dict[str, object]:
        latency = max(0, round(1000 * (now - self.started)))
        return {"usage": self.usage, "cost": self.cost, "attempts": self.attempts, "latency_ms": latency}


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)
