"""A chat-completions server on loopback that answers as a script says, and misbehaves in ways that have names (`FAULTS`).

    with LlmServer(brain, fault="cut_json", times=1) as server:
        ...  # a client with the base url `server.url`
    server.asked     # every request, in the order they came
    server.billed    # what was generated, and so would have to be paid, delivered or not

`brain(asked)` gives the right answer: a text, a dictionary (sent as JSON), `Answer(calls=[("tool", {...})])`, or an exception
of the brain (the test fails by a 500 and by `server.errors`). It may look at `asked.schema`, `asked.tools`, `asked.text`.

`fault` is a name, or a function from the request to a name or None; `times` stops it after so many requests, `rate` lets it
come in that share of them (the same ones on every run).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from llm_faults import FAULTS, unauthorized
from llm_wire import Answer, Asked, Bill, Brain, Exchange, Payload, message

__all__ = ["FAULTS", "Answer", "Asked", "Bill", "LlmServer"]


def _answer(given: Answer | str | Mapping[str, Any]) -> Answer:
    if isinstance(given, Answer):
        return given
    return Answer(given if isinstance(given, str) else json.dumps(given))


@dataclass
class LlmServer:
    """The server; see the top of the file. `latency` and `slow` in seconds; a `key` that is set must be sent.

    `stray` is the answer that cross talk brings; it becomes the last right answer when it is not given.
    """

    brain: Brain
    fault: str | Callable[[Asked], str | None] | None = None
    times: int | None = None
    rate: float = 1.0
    latency: float = 0.0
    slow: float = 2.0
    retry_after: str = "1"
    key: str | None = None
    stray: Answer | None = None
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    billed: Bill = field(default_factory=Bill)
    errors: list[BaseException] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _misbehaved: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> LlmServer:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="llm-server", daemon=True)
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(self, *exception: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._connections: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while not writer.is_closing():
                    await self._one(*await _request(reader), writer)
        finally:
            self._connections.discard(task)
            writer.close()

    async def _one(self, path: str, headers: dict[str, str], body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        asked = Asked(len(self.asked), body, headers)
        self.asked.append(asked)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            exchange = Exchange(self, asked, self._payload(asked), writer)
            if path != "/v1/chat/completions":
                await exchange.send(404, b"not found", content_type="text/plain")
            elif self.key is not None and headers.get("authorization") != f"Bearer {self.key}":
                await unauthorized(exchange)
            else:
                await self._act(exchange)
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001 - a brain that fails is the test's failure, not the server's
            self.errors.append(error)
            await Exchange(self, asked, {}, writer).error(500, f"{type(error).__name__} in the brain")
        finally:
            self._at_once -= 1

    async def _act(self, exchange: Exchange) -> None:
        name = self._chosen(exchange.asked)
        fault = FAULTS[name] if name else None
        if fault is None or fault.billed:
            self.bill(exchange)
        if fault is None:
            await exchange.send()
        else:
            await fault.act(exchange)
        if exchange.payload["choices"] and name != "cross_talk":
            self.stray = Answer(exchange.message.get("content"))

    def _chosen(self, asked: Asked) -> str | None:
        """The fault of this request."""
        if self.times is not None and self._misbehaved >= self.times:
            return None
        drawn = int.from_bytes(hashlib.sha256(str(asked.number).encode()).digest()[:4]) / 2**32
        name = self.fault(asked) if callable(self.fault) else self.fault if drawn < self.rate else None
        self._misbehaved += name is not None
        return name

    def bill(self, exchange: Exchange) -> None:
        counted = exchange.payload["usage"]
        self.billed.calls += 1
        self.billed.input_tokens += counted["prompt_tokens"]
        self.billed.output_tokens += counted["completion_tokens"]

    def _payload(self, asked: Asked) -> Payload:
        answer = _answer(self.brain(asked))
        calls = [(name, json.dumps(arguments)) for name, arguments in answer.calls]
        given, made = answer.usage or (asked.tokens, len((answer.text or "") + str(calls or "")) // 4 + 1)
        return {
            "id": f"chatcmpl-{asked.number}", "object": "chat.completion", "created": 1_700_000_000,
            "model": answer.model or asked.body["model"],
            "choices": [{"index": 0, "message": message(answer, calls), "finish_reason": "tool_calls" if calls else "stop"}],
            "usage": {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made},
        }  # fmt: skip


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Path, headers and body of the next request on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return first.split(" ")[1], headers, json.loads(body or b"{}")
