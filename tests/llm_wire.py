"""What `llm_server.py` speaks: requests, answers, and their bytes (OpenAI's chat completions, also as a stream)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

JSON, HTML = "application/json", "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What a model says: text, or tools it wants to use. `usage` and `model` are made up where they are not given."""

    text: str | None = None
    calls: Sequence[tuple[str, dict[str, Any]]] = ()
    usage: tuple[int, int] | None = None
    model: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request; `number` counts from 0."""

    number: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """All words of all messages."""
        return "\n".join(_words(message.get("content")) for message in self.body["messages"])

    @property
    def last(self) -> str:
        """The words of the last message."""
        return _words(self.body["messages"][-1].get("content"))

    @property
    def images(self) -> list[str]:
        contents = (m["content"] for m in self.body["messages"] if isinstance(m.get("content"), list))
        return [part["image_url"]["url"] for content in contents for part in content if part["type"] == "image_url"]

    @property
    def schema(self) -> str | None:
        """The name of the JSON schema that the answer must fit, where it is asked for so."""
        wanted = self.body.get("response_format", {}).get("json_schema", {})
        return str(wanted["name"]) if wanted else None

    @property
    def tools(self) -> list[str]:
        return [tool["function"]["name"] for tool in self.body.get("tools", ())]

    @property
    def stream(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def tokens(self) -> int:
        """Of the input: a token for every four letters, 800 for a picture."""
        rest = json.dumps([self.body.get("tools"), self.body.get("response_format")])
        return len(self.text + rest) // 4 + 800 * len(self.images)


def _words(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


@dataclass
class Bill:
    """What was generated so far."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


Brain = Callable[[Asked], "Answer | str | dict[str, Any]"]
Payload = dict[str, Any]


class Server(Protocol):
    """What a fault needs of the server."""

    slow: float
    retry_after: str
    stray: Answer | None

    def bill(self, exchange: Exchange) -> None: ...


@dataclass
class Exchange:
    """One request with its right answer, and the means to answer it otherwise."""

    server: Server
    asked: Asked
    payload: Payload
    writer: asyncio.StreamWriter

    @property
    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = self.payload["choices"][0]["message"]
        return message

    def body(self) -> bytes:
        """The payload as the client wants it: one JSON object, or the events of a stream."""
        if not self.asked.stream:
            return json.dumps(self.payload).encode()
        return b"".join(b"data: " + line + b"\n\n" for line in [*map(_dumped, events(self.payload, self.asked)), b"[DONE]"])

    async def send(self, status: int = 200, body: bytes | None = None, *, length: int | None = None, **headers: str) -> None:
        """A whole answer, or with `length` one that claims to be of another length."""
        body = self.body() if body is None else body
        kind = "text/event-stream" if self.asked.stream and status == 200 else JSON
        lines = {"content_type": kind, "content_length": str(len(body) if length is None else length)} | headers
        head = [f"HTTP/1.1 {status} X", *(f"{name.replace('_', '-')}: {value}" for name, value in lines.items() if value)]
        self.writer.write("\r\n".join([*head, "", ""]).encode() + body)
        await self.writer.drain()

    async def error(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
        await self.send(status, json.dumps(body).encode(), content_type=JSON, **headers)

    def hang_up(self) -> None:
        self.writer.close()


def _dumped(event: Payload) -> bytes:
    return json.dumps(event).encode()


def events(payload: Payload, asked: Asked) -> Iterator[Payload]:
    """The events of a stream: the text in pieces of some words, tool calls in two pieces each, usage at last."""
    head = {"id": payload["id"], "object": "chat.completion.chunk", "created": payload["created"], "model": payload["model"]}
    for choice in payload["choices"]:
        index, message = choice["index"], choice["message"]
        yield head | _delta(index, {"role": "assistant", "content": ""})
        text = message.get("content") or ""
        size = max(16, len(text) // 1000)
        for start in range(0, len(text), size):
            yield head | _delta(index, {"content": text[start : start + size]})
        for n, call in enumerate(message.get("tool_calls", ())):
            arguments = call["function"]["arguments"]
            yield head | _delta(index, {"tool_calls": [call | {"index": n, "function": call["function"] | {"arguments": arguments[:9]}}]})
            yield head | _delta(index, {"tool_calls": [{"index": n, "function": {"arguments": arguments[9:]}}]})
        if message.get("refusal"):
            yield head | _delta(index, {"refusal": message["refusal"]})
        yield head | _delta(index, {}, choice["finish_reason"])
    if (asked.body.get("stream_options") or {}).get("include_usage") and "usage" in payload:
        yield head | {"choices": [], "usage": payload["usage"]}


def _delta(index: int, delta: Payload, finish: str | None = None) -> Payload:
    return {"choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def message(answer: Answer, calls: Sequence[tuple[str, str]]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text}
    if calls:
        message["tool_calls"] = [
            {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for n, (name, arguments) in enumerate(calls)
        ]
    return message
