"""What is said to a model and what comes back, in the terms of the chat-completions protocol and OpenTelemetry GenAI.

Plain frozen values: they are stored with the case, hashed, and replayed years later without the library that sent them.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from signoff.domain.errors import SignoffError
from signoff.domain.record import Number, Record

Role = Literal["system", "user", "assistant", "tool"]
Access = Literal["READ", "WRITE"]
Failure = Literal["unavailable", "refused", "invalid", "over_budget", "misconfigured"]


class Image(Record):
    """A picture of a page, in base64. Models that take no pictures are sent the text alone."""

    media_type: Literal["image/png", "image/jpeg"] = "image/png"
    data: str


class ToolRequest(Record):
    """A tool that the model wants to use; `arguments` is the JSON text as it came, unchecked."""

    id: str
    name: str
    arguments: str


class Message(Record):
    """One turn. `tool_requests` belong to an assistant's turn, `tool_request_id` to a tool's answer."""

    role: Role
    content: str = ""
    images: tuple[Image, ...] = ()
    tool_requests: tuple[ToolRequest, ...] = ()
    tool_request_id: str | None = None


class Schema(Record):
    """A JSON Schema that the answer must fit, strict: every property required, none besides."""

    name: str
    body: dict[str, Any]


class ToolSpec(Record):
    """A tool as a model sees it: its docstring and the schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]
    access: Access


class Question(Record):
    """One call, before it is made. `prompt_name` and `prompt_hash` name the prompt file that the messages were rendered from.

    Messages stand in the order that prompt caches like: what never changes first, what differs for each case last.
    """

    agent: str
    prompt_name: str
    prompt_hash: str
    messages: tuple[Message, ...]
    answer: Schema | None = None
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = Field(default=4000, gt=0)

    @property
    def input_hash(self) -> str:
        """SHA-256 of everything the model is given. With case, agent and prompt hash it finds a call that was made already."""
        body = self.model_dump_json(include={"messages", "answer", "tools", "max_tokens"})
        return hashlib.sha256(body.encode()).hexdigest()


class Usage(Record):
    """Tokens as the endpoint counted them; `None` where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    reasoning_output_tokens: int | None = None


class Reply(Record):
    """An answer that was accepted: complete (`finish_reason` stop or tool_calls), not refused, and fitting the schema asked for.

    `value` is the parsed answer where a schema was asked for. `cost` is in US dollars (the price tables of the endpoints),
    `None` where no price is known. `attempts` counts requests on the wire, `latency_ms` runs over all of them.
    """

    text: str = ""
    value: dict[str, Any] | None = None
    tool_requests: tuple[ToolRequest, ...] = ()
    finish_reason: str
    model: str
    response_id: str | None = None
    usage: Usage = Usage()
    cost: Number | None = None
    attempts: int = 1
    latency_ms: int = 0


class ModelFailed(SignoffError):
    """The model gave nothing that can be used; `kind` says in which way, the message is a sentence for people.

    What was paid for it all the same (`usage`, `cost` over all attempts) stands in `spent`.
    """

    def __init__(self, kind: Failure, message: str, spent: Reply | None = None) -> None:
        super().__init__(message)
        self.kind, self.spent = kind, spent


class Spent(Record):
    """What calls came to, for budgets."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Number = Decimal(0)
    seconds: Number = Decimal(0)
