"""What agents may spend on a case and in a batch. Nothing is asked that could go beyond, whatever comes of it.

Before a call the most that it can take is held back: two answers, since what cannot be used is asked for once more, the
second with twice the tokens where the first was cut. When it has ended, what it took is counted and the rest is free again.
So calls in flight together cannot go beyond what each could not alone. Seconds are counted when they are over.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from weakref import WeakSet

from signoff.agents.ledger import Ledger
from signoff.agents.messages import ModelFailed, Question, Reply, Spent, Usage
from signoff.domain.policy import Spending

TOKENS_OF_A_PICTURE, BYTES_OF_A_TOKEN = 2000, 2
MOST_ANSWERS, MOST_OUTPUT = 2, 3
UNITS = {"calls": "calls to a model", "tokens": "tokens", "cost": "US dollars", "seconds": "seconds of waiting for a model"}


@dataclass(frozen=True)
class Use:
    """What calls take: how many, tokens in and out, US dollars, seconds."""

    calls: int = 0
    tokens: int = 0
    cost: Decimal = Decimal(0)
    seconds: Decimal = Decimal(0)

    def __add__(self, other: Use) -> Use:
        cost, seconds = self.cost + other.cost, self.seconds + other.seconds
        return Use(self.calls + other.calls, self.tokens + other.tokens, cost, seconds)

    def __sub__(self, other: Use) -> Use:
        cost, seconds = self.cost - other.cost, self.seconds - other.seconds
        return Use(self.calls - other.calls, self.tokens - other.tokens, cost, seconds)


Task = asyncio.Task[object]


@dataclass
class Budgets:
    """The limits of a batch and of each case in it. `price` gives the US dollars for tokens, `None` where no price is known:
    then a limit on cost does not bind. For one event loop, whose tasks share it; a task asks one question at a time."""

    per_case: Spending
    per_batch: Spending
    price: Callable[[Usage], Decimal | None]
    _batch: Use = field(default_factory=Use)
    """What the batch spent, and what is held back for calls in flight."""
    _cases: dict[int, Use] = field(default_factory=dict)
    """What is held back by case; a case is known by its ledger, which lives as long as its calls."""
    _held: dict[Task, tuple[Ledger, Use]] = field(default_factory=dict)
    _tasks: WeakSet[Task] = field(default_factory=WeakSet)

    def allow(self, ledger: Ledger, question: Question) -> None:
        """Hold back what the call may take; raises `ModelFailed("over_budget")` where that is more than is left."""
        task = _task()
        self._release(task)
        most = self._most(question)
        of_case = self._cases.get(id(ledger), Use())
        _within("per_case", self.per_case, _use(ledger.spent()) + of_case, most)
        _within("per_batch", self.per_batch, self._batch, most)
        self._held[task] = ledger, most
        self._cases[id(ledger)] = of_case + most
        self._batch += most
        if task not in self._tasks:
            self._tasks.add(task)
            task.add_done_callback(self._release)

    def spent(self, reply: Reply) -> None:
        """Count what the call took. What the endpoint did not count is taken to be as much as it could be."""
        most, usage, seconds = self._release(_task()), reply.usage, Decimal(reply.latency_ms) / 1000
        if usage.input_tokens is None or usage.output_tokens is None:
            took = replace(most, calls=1, seconds=seconds)
        else:
            took = Use(1, usage.input_tokens + usage.output_tokens, reply.cost or Decimal(0), seconds)
        self._batch += took

    def _release(self, task: Task) -> Use:
        """What was held back for the task's call is free again; also when the task was cancelled."""
        if task not in self._held:
            return Use()
        ledger, most = self._held.pop(task)
        self._batch -= most
        left = self._cases.pop(id(ledger)) - most
        if left.calls:
            self._cases[id(ledger)] = left
        return most

    def _most(self, question: Question) -> Use:
        given, made = MOST_ANSWERS * estimated(question), MOST_OUTPUT * question.max_tokens
        return Use(1, given + made, self.price(Usage(input_tokens=given, output_tokens=made)) or Decimal(0))


def estimated(question: Question) -> int:
    """Tokens of a question, from above: two bytes each, where texts of any script come to more, and pictures at their largest."""
    texts = [m.content + "".join(r.name + r.arguments for r in m.tool_requests) for m in question.messages]
    texts += [f"{tool.description} {json.dumps(tool.parameters)}" for tool in question.tools]
    texts += [json.dumps(question.answer.body)] if question.answer else []
    pictures = sum(len(message.images) for message in question.messages)
    return sum(len(t.encode()) // BYTES_OF_A_TOKEN + 8 for t in texts) + TOKENS_OF_A_PICTURE * pictures


def _use(spent: Spent) -> Use:
    return Use(spent.calls, spent.input_tokens + spent.output_tokens, spent.cost, spent.seconds)


def _within(scope: str, limits: Spending, used: Use, most: Use) -> None:
    """Raises where the most that a call can take is more than the limits leave."""
    for name, unit in UNITS.items():
        limit, so_far, wanted = getattr(limits, name), getattr(used, name), getattr(most, name)
        if limit is not None and (so_far + wanted > limit or (name == "seconds" and so_far >= limit)):
            raise ModelFailed(
                "over_budget",
                f"{_figure(so_far)} of {limit} {unit} are spent or held back, and another call may take {_figure(wanted)} more; "
                f"`agents: {scope}: {name}` in policy.yaml is the limit.",
            )


def _figure(value: Decimal | int) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}".rstrip("0").rstrip(".")


def _task() -> Task:
    task = asyncio.current_task()
    assert task is not None, "a budget is used inside of an event loop"
    return task
