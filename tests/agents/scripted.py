"""A model that says what a script says and notices what was left unsaid, a ledger in memory, and a budget without limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any

from signoff.agents.asking import Asker
from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import ModelFailed, Question, Reply, Spent, ToolRequest

NOW = dt.datetime(2026, 5, 4, 8, 0, tzinfo=dt.UTC)
Line = Reply | ModelFailed | Callable[[Question], Reply]


def says(text: str = "", **value: Any) -> Reply:
    """Prose, or the value that was asked for."""
    return Reply(text=text or str(value), value=value or None, finish_reason="stop", model="scripted")


def uses(*calls: tuple[str, str]) -> Reply:
    """Tool calls of the protocol, each a name and the JSON of its arguments."""
    requests = tuple(ToolRequest(id=f"call_{n}", name=name, arguments=arguments) for n, (name, arguments) in enumerate(calls))
    return Reply(tool_requests=requests, finish_reason="tool_calls", model="scripted")


class Scripted:
    name, provider, takes_images = "scripted", "test", False

    def __init__(self, *lines: Line, keeps_tools: bool = True) -> None:
        self.lines, self.keeps_tools = list(lines), keeps_tools
        self.asked: list[Question] = []

    async def complete(self, question: Question) -> Reply:
        self.asked.append(question)
        assert self.lines, "the script has come to its end"
        line = self.lines.pop(0)
        if isinstance(line, ModelFailed):
            raise line
        return line if isinstance(line, Reply) else line(question)

    async def stream(self, question: Question) -> AsyncIterator[str | Reply]:
        reply = await self.complete(question)
        yield reply.text
        yield reply


class Memory:
    """A ledger that remembers."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []
        self.tool_calls: list[ToolCall] = []

    def recall(self, question: Question) -> ModelCall | None:
        same = (c for c in self.calls if (c.question.prompt_hash, c.question.input_hash) == (question.prompt_hash, question.input_hash))
        return next(same, None)

    def record(self, call: ModelCall) -> None:
        self.calls.append(call)

    def recall_tool(self, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        wanted = (agent, turn, name, arguments)
        return next((c for c in self.tool_calls if (c.agent, c.turn, c.name, c.arguments) == wanted), None)

    def record_tool(self, call: ToolCall) -> None:
        self.tool_calls.append(call)

    def spent(self) -> Spent:
        return Spent(calls=len(self.calls))


class Free:
    """A budget that everything fits into."""

    def allow(self, ledger: object, question: Question) -> None: ...
    def spent(self, reply: Reply) -> None: ...


def asker(model: Scripted, ledger: Memory | None = None) -> Asker:
    return Asker(model, ledger or Memory(), Free(), lambda: NOW)
