"""The two ways in which a model says what it wants to do next: by tool calls of the protocol, or by JSON that fits a schema.

The second is for endpoints that take `tools` and do not keep to them. Each turn then is one object, `{"step": {"tool": ...,
"arguments": {...}}}` or `{"step": {"answer": ...}}`, and what tools there are stands in the system message.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, Protocol, Union

from pydantic import BaseModel, ConfigDict, create_model

from signoff.agents.messages import Message, Reply, Schema, ToolRequest, ToolSpec
from signoff.agents.schemas import strict
from signoff.agents.toolbox import Tool

STEP = "step"


class Way(Protocol):
    """How to ask, and how to understand what comes. `answer` is the model of the answer, or `str` for plain text."""

    @property
    def schema(self) -> Schema | None:
        """What the reply must fit."""

    @property
    def tools(self) -> tuple[ToolSpec, ...]:
        """What goes along as tools of the protocol."""

    def opening(self, messages: Sequence[Message]) -> list[Message]:
        """The prompt as it is sent."""

    def requests(self, reply: Reply) -> tuple[ToolRequest, ...]:
        """The tools that are wanted; none where the reply is the answer."""

    def answer_in(self, reply: Reply) -> Any:
        """The answer as plain values."""

    def result(self, request: ToolRequest, text: str) -> Message:
        """What a tool said, as the next message."""


class ByProtocol:
    """Tool calls as the protocol has them, or no tools at all."""

    def __init__(self, tools: Sequence[Tool], answer: type[Any]) -> None:
        self.tools = tuple(tool.spec for tool in tools)
        self.schema = _schema(answer) if issubclass(answer, BaseModel) else None

    def opening(self, messages: Sequence[Message]) -> list[Message]:
        return list(messages)

    def requests(self, reply: Reply) -> tuple[ToolRequest, ...]:
        return reply.tool_requests

    def answer_in(self, reply: Reply) -> Any:
        return reply.value if self.schema else reply.text

    def result(self, request: ToolRequest, text: str) -> Message:
        return Message(role="tool", content=text, tool_request_id=request.id)


class BySchema:
    """One JSON object a turn: a tool with its arguments, or the answer."""

    tools: tuple[ToolSpec, ...] = ()

    def __init__(self, tools: Sequence[Tool], answer: type[Any]) -> None:
        self._offered, self._answer = tools, answer

    @cached_property
    def schema(self) -> Schema:
        uses = [_one(f"use_{t.name}", tool=Literal[t.name], arguments=t.arguments) for t in self._offered]
        any_of: Any = Union[(*uses, _one("give_answer", answer=self._answer))]
        return _schema(_one(STEP, step=any_of))

    def opening(self, messages: Sequence[Message]) -> list[Message]:
        """With the tools behind the system message, where endpoints can cache them: they are the same every time."""
        told = [{"tool": t.name, "what_it_does": t.spec.description, "arguments": t.spec.parameters["properties"]} for t in self._offered]
        words = (
            "You can use tools, one at a time. Each time, answer with one JSON object: "
            f'{{"{STEP}": {{"tool": NAME, "arguments": {{...}}}}}} to use one, {{"{STEP}": {{"answer": ...}}}} when you are done. '
            f"The tools are:\n{json.dumps(told, ensure_ascii=False)}"
        )
        system, *rest = messages
        return [system.model_copy(update={"content": f"{system.content}\n\n{words}"}), *rest]

    def requests(self, reply: Reply) -> tuple[ToolRequest, ...]:
        step = self._step(reply)
        if "tool" not in step:
            return ()
        return (ToolRequest(id="", name=str(step["tool"]), arguments=json.dumps(step.get("arguments"), ensure_ascii=False)),)

    def answer_in(self, reply: Reply) -> Any:
        return self._step(reply).get("answer")

    def result(self, request: ToolRequest, text: str) -> Message:
        return Message(role="user", content=f"Result of {request.name}:\n{text}")

    def _step(self, reply: Reply) -> dict[str, Any]:
        step = (reply.value or {}).get(STEP)
        return step if isinstance(step, dict) else {}


def way(tools: Sequence[Tool], answer: type[Any], keeps_tools: bool) -> Way:
    """How to ask an endpoint that keeps to tools, or does not, for an answer with these tools."""
    return ByProtocol(tools, answer) if keeps_tools or not tools else BySchema(tools, answer)


def _one(name: str, **members: Any) -> type[BaseModel]:
    """A model with these members, all required."""
    fields: dict[str, Any] = {member: (kind, ...) for member, kind in members.items()}
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _schema(model: type[BaseModel]) -> Schema:
    return Schema(name=model.__name__, body=strict(model))
