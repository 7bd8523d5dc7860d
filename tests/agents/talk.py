"""A question, prices and a clock for the tests of the model client, and how one question ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from llm_server import Asked, LlmServer
from llm_time import Time
from pydantic import SecretStr

from signoff.agents.client.endpoint import Endpoint
from signoff.agents.client.prices import Price, Prices
from signoff.agents.client.pursuit import Pace
from signoff.agents.messages import Message, ModelFailed, Question, Reply, Schema, ToolSpec
from signoff.agents.model import OpenAIModel

T = TypeVar("T")
KEY = "sk-proj-Zq81mVw0Lr7TtKxB"
ORDER = {"number": "4500018001", "total": "99.50"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"number": {"type": "string"}, "total": {"type": ["string", "null"]}},
    "required": ["number", "total"],
    "additionalProperties": False,
}
QUESTION = Question(
    agent="extraction", prompt_name="extraction", prompt_hash="0" * 64, answer=Schema(name="order", body=SCHEMA), max_tokens=300,
    messages=(Message(role="system", content="Read the order. " * 60), Message(role="user", content="Order 4500018001. " * 60)),
)  # fmt: skip
FIND = ToolSpec(name="find", description="Find a clause.", access="READ", parameters={"type": "object", "properties": {}})
WITH_TOOLS = QUESTION.model_copy(update={"answer": None, "tools": (FIND,)})
PROSE = QUESTION.model_copy(update={"answer": None})
PRICES = Prices(own={"big": Price(model="big", input="2", cached="0.5", output="8"), "small": Price(model="small", input="1", output="4")})


def brain(asked: Asked) -> dict[str, Any]:
    return ORDER


def model(server: LlmServer, time: Time | None = None, pace: Pace | None = None, **changes: Any) -> OpenAIModel:
    endpoint = Endpoint(**({"model": "big", "key": SecretStr(KEY), "base_url": server.url, "timeout": 10.0} | changes))
    return OpenAIModel(endpoint, PRICES, pace or (time or Time()).pace())


def run(client: OpenAIModel, work: Callable[[], Awaitable[T]]) -> T:
    async def closing() -> T:
        try:
            return await work()
        finally:
            await client.close()

    return asyncio.run(closing())


def ask(client: OpenAIModel, question: Question = QUESTION) -> Reply | ModelFailed:
    """The answer, or how it failed; anything else that is raised is the test's failure."""

    async def work() -> Reply | ModelFailed:
        try:
            return await client.complete(question)
        except ModelFailed as failed:
            return failed

    return run(client, work)


def stream(client: OpenAIModel, question: Question = PROSE) -> tuple[str, Reply | ModelFailed]:
    """The text that was given out, and the answer or how it failed."""

    async def work() -> tuple[str, Reply | ModelFailed]:
        said: list[str] = []
        try:
            async for piece in client.stream(question):
                if isinstance(piece, Reply):
                    return "".join(said), piece
                said.append(piece)
        except ModelFailed as failed:
            return "".join(said), failed
        raise AssertionError("a stream without an end")

    return run(client, work)


def outcome(end: Reply | ModelFailed) -> str:
    return "answer" if isinstance(end, Reply) else end.kind
