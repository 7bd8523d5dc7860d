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
import datetime as dt
import email.utils
import gzip
import hashlib
import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

JSON, HTML = "application/json", "text/html; charset=utf-8"
PAGE = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"


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


@dataclass
class Exchange:
    """One request with its right answer, and the means to answer it otherwise."""

    server: LlmServer
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
        message = choice["message"]
        yield head | _delta({"role": "assistant", "content": ""})
        text = message.get("content") or ""
        for start in range(0, len(text), 16):
            yield head | _delta({"content": text[start : start + 16]})
        for n, call in enumerate(message.get("tool_calls", ())):
            arguments = call["function"]["arguments"]
            yield head | _delta({"tool_calls": [call | {"index": n, "function": call["function"] | {"arguments": arguments[:9]}}]})
            yield head | _delta({"tool_calls": [{"index": n, "function": {"arguments": arguments[9:]}}]})
        if message.get("refusal"):
            yield head | _delta({"refusal": message["refusal"]})
        yield head | _delta({}, choice["finish_reason"])
    if (asked.body.get("stream_options") or {}).get("include_usage") and "usage" in payload:
        yield head | {"choices": [], "usage": payload["usage"]}


def _delta(delta: Payload, finish: str | None = None) -> Payload:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


@dataclass(frozen=True)
class Fault:
    """A way to misbehave. `billed`: the answer was generated, and is to be paid, whatever becomes of it."""

    name: str
    about: str
    act: Callable[[Exchange], Awaitable[None]]
    billed: bool


FAULTS: dict[str, Fault] = {}


def before(act: Callable[[Exchange], Awaitable[None]]) -> Callable[[Exchange], Awaitable[None]]:
    """A fault in which nothing is generated."""
    FAULTS[act.__name__] = Fault(act.__name__, (act.__doc__ or "").strip(), act, billed=False)
    return act


def after(act: Callable[[Exchange], Awaitable[None]]) -> Callable[[Exchange], Awaitable[None]]:
    """A fault that becomes of an answer that was generated."""
    FAULTS[act.__name__] = Fault(act.__name__, (act.__doc__ or "").strip(), act, billed=True)
    return act


# ---- refused before anything is generated


@before
async def rate_limited(x: Exchange) -> None:
    """429 with `Retry-After` in seconds"""
    await x.error(429, "Rate limit reached.", "rate_limit_exceeded", retry_after=x.server.retry_after)


@before
async def rate_limited_silent(x: Exchange) -> None:
    """429 without `Retry-After`"""
    await x.error(429, "Rate limit reached.", "rate_limit_exceeded")


@before
async def rate_limited_skewed(x: Exchange) -> None:
    """429 with `Retry-After` as a date, by a clock that is ten years ahead"""
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=3650)
    until = now + dt.timedelta(seconds=float(x.server.retry_after))
    date, retry_after = (email.utils.format_datetime(t, usegmt=True) for t in (now, until))
    await x.error(429, "Rate limit reached.", "rate_limit_exceeded", date=date, retry_after=retry_after)


@before
async def rate_limited_for_a_day(x: Exchange) -> None:
    """429 with `Retry-After: 86400`"""
    await x.error(429, "Daily limit reached.", "rate_limit_exceeded", retry_after="86400")


@before
async def no_credit(x: Exchange) -> None:
    """429 because the account has no credit left"""
    await x.error(429, "You exceeded your current quota.", "insufficient_quota")


@before
async def server_error(x: Exchange) -> None:
    """500"""
    await x.error(500, "The server had an error.")


@before
async def bad_gateway(x: Exchange) -> None:
    """502 with a web page"""
    await x.send(502, PAGE, content_type=HTML)


@before
async def overloaded(x: Exchange) -> None:
    """503, and the connection is closed"""
    await x.error(503, "Overloaded.", connection="close")
    x.hang_up()


@before
async def unauthorized(x: Exchange) -> None:
    """401 that repeats the key"""
    key = x.asked.headers.get("authorization", "").removeprefix("Bearer ")
    await x.error(401, f"Incorrect API key provided: {key} ({key[:8]}***{key[-4:]}).", "invalid_api_key")


@before
async def forbidden(x: Exchange) -> None:
    """403"""
    await x.error(403, "Your project may not use this model.", "model_not_allowed")


@before
async def no_such_model(x: Exchange) -> None:
    """404: the model is not known"""
    await x.error(404, f"The model `{x.asked.body['model']}` does not exist.", "model_not_found")


@before
async def too_long(x: Exchange) -> None:
    """400: more tokens than the model's context holds"""
    await x.error(400, "This model's maximum context length is 512 tokens.", "context_length_exceeded")


@before
async def bad_request(x: Exchange) -> None:
    """400 that says nothing"""
    await x.send(400, b"Bad Request", content_type="text/plain")


@before
async def redirect(x: Exchange) -> None:
    """307 to another host"""
    await x.send(307, b"", location="http://elsewhere.invalid/v1/chat/completions")


@before
async def disconnect_at_once(x: Exchange) -> None:
    """the connection is closed without a word"""
    x.hang_up()


@before
async def error_in_200(x: Exchange) -> None:
    """200 with an error in the body"""
    await x.send(200, json.dumps({"error": {"message": "Provider returned error", "code": 503}}).encode())


async def _refused_unless(x: Exchange, fine: bool, message: str) -> None:
    if fine:
        x.server.bill(x)
        await x.send()
    else:
        await x.error(400, message, "unsupported_parameter")


@before
async def no_json_schema(x: Exchange) -> None:
    """400 for `response_format: json_schema`"""
    kind = x.asked.body.get("response_format", {}).get("type")
    await _refused_unless(x, kind != "json_schema", "'response_format' of type 'json_schema' is not supported with this model.")


@before
async def no_json_mode(x: Exchange) -> None:
    """400 for any `response_format`"""
    await _refused_unless(x, "response_format" not in x.asked.body, "Unknown parameter: 'response_format'.")


@before
async def no_max_tokens(x: Exchange) -> None:
    """400 for `max_tokens`, as models have it that want `max_completion_tokens`"""
    message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    await _refused_unless(x, "max_tokens" not in x.asked.body, message)


@before
async def no_tools(x: Exchange) -> None:
    """400 for `tools`"""
    await _refused_unless(x, "tools" not in x.asked.body, "This model does not support tools.")


# ---- generated, and damaged on the way


@after
async def slow(x: Exchange) -> None:
    """the answer comes later than the client waits"""
    await asyncio.sleep(x.server.slow)
    await x.send()


@after
async def stalled(x: Exchange) -> None:
    """half of the body, then nothing"""
    body = x.body()
    await x.send(body=body[: len(body) // 2], length=len(body))
    await asyncio.sleep(x.server.slow)
    x.hang_up()


@after
async def dripping(x: Exchange) -> None:
    """a byte now and then, for ever"""
    body = x.body()
    await x.send(body=b"", length=len(body))
    with suppress(ConnectionError):
        for n in range(len(body)):
            x.writer.write(body[n : n + 1])
            await x.writer.drain()
            await asyncio.sleep(0.02)


@after
async def disconnect_before_headers(x: Exchange) -> None:
    """the connection is lost when the answer was ready"""
    await asyncio.sleep(0.01)
    x.hang_up()


@after
async def disconnect_after_headers(x: Exchange) -> None:
    """the connection is lost behind the headers"""
    await x.send(body=b"", length=len(x.body()))
    x.hang_up()


@after
async def truncated(x: Exchange) -> None:
    """the connection is lost in the middle of the body"""
    body = x.body()
    await x.send(body=body[: len(body) // 2], length=len(body))
    x.hang_up()


@after
async def cut_json(x: Exchange) -> None:
    """a proper body that holds half of the JSON"""
    await x.send(body=x.body()[: len(x.body()) // 2])


@after
async def cut_gzip(x: Exchange) -> None:
    """a compressed body that breaks off"""
    packed = gzip.compress(x.body())
    await x.send(body=packed[: len(packed) // 2], content_encoding="gzip")


@after
async def empty_body(x: Exchange) -> None:
    """200 with no body"""
    await x.send(body=b"")


@after
async def html(x: Exchange) -> None:
    """200 with a web page"""
    await x.send(body=PAGE, content_type=HTML)


@after
async def invalid_utf8(x: Exchange) -> None:
    """bytes that are no UTF-8"""
    await x.send(body=x.body().replace(b'"content": "', b'"content": "\xff\xfe', 1))


@after
async def wrong_content_type(x: Exchange) -> None:
    """the right answer as `text/plain`"""
    await x.send(content_type="text/plain")


@after
async def early_hints(x: Exchange) -> None:
    """an informational 103 before the right answer"""
    x.writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
    await x.send()


@after
async def too_big(x: Exchange) -> None:
    """an answer of 20 MB"""
    x.message["content"] = "word " * 4_000_000
    await x.send()


@after
async def bomb(x: Exchange) -> None:
    """a compressed body of 100 KB that is 100 MB"""
    await x.send(body=gzip.compress(b" " * 100_000_000, 1), content_encoding="gzip")


# ---- generated, and not what was asked for


def altered(change: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
    """A fault that changes the payload and sends it in good order."""

    async def act(x: Exchange) -> None:
        change(x)
        await x.send()

    act.__name__, act.__doc__ = change.__name__, change.__doc__
    after(act)
    return change


def said(x: Exchange, text: str) -> None:
    x.message.pop("tool_calls", None)
    x.message["content"] = text
    x.payload["choices"][0]["finish_reason"] = "stop"


def parsed(x: Exchange) -> dict[str, Any]:
    """The right answer as an object, if it is one."""
    with suppress(ValueError, TypeError):
        value = json.loads(x.message["content"])
        if isinstance(value, dict):
            return value
    return {}


@altered
def empty_choices(x: Exchange) -> None:
    """no choice at all"""
    x.payload["choices"] = []


@altered
def two_choices(x: Exchange) -> None:
    """two choices that differ"""
    other = {"index": 1, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}
    x.payload["choices"] = [*x.payload["choices"], other]


@altered
def null_content(x: Exchange) -> None:
    """a message without content"""
    x.message.pop("tool_calls", None)
    x.message["content"] = None


@altered
def refusal(x: Exchange) -> None:
    """the model refuses"""
    x.message.update(content=None, refusal="I cannot help with that.")


@altered
def content_filter(x: Exchange) -> None:
    """the provider's filter stopped the answer"""
    x.payload["choices"][0]["finish_reason"] = "content_filter"


@altered
def length(x: Exchange) -> None:
    """the answer was cut at `max_tokens`"""
    said(x, (x.message.get("content") or "")[:20])
    x.payload["choices"][0]["finish_reason"] = "length"


@altered
def no_finish(x: Exchange) -> None:
    """no reason to have finished; a stream that ends in the middle"""
    x.payload["choices"][0]["finish_reason"] = None


@altered
def prose(x: Exchange) -> None:
    """a sentence where JSON was asked for"""
    said(x, "Sure! Here is the information that you asked for.")


@altered
def fenced(x: Exchange) -> None:
    """the right JSON in a code fence with words around it"""
    said(x, f"Here you are:\n```json\n{x.message.get('content')}\n```\nAnything else?")


@altered
def thinking(x: Exchange) -> None:
    """the right JSON behind the model's thoughts"""
    said(x, f"<think>Perhaps {{}} will do. No.</think>\n{x.message.get('content')}")


@altered
def duplicate_keys(x: Exchange) -> None:
    """JSON with the same key twice"""
    text = json.dumps(parsed(x))
    first = next(iter(parsed(x)), "a")
    said(x, f"{{{json.dumps(first)}: null, {text[1:]}")


@altered
def wrong_schema(x: Exchange) -> None:
    """JSON of another shape"""
    said(x, '{"unexpected": ["shape"]}')


@altered
def wrong_types(x: Exchange) -> None:
    """every value a list of numbers"""
    said(x, json.dumps(dict.fromkeys(parsed(x), [1, 2])))


@altered
def extra_properties(x: Exchange) -> None:
    """a property that the schema does not have"""
    said(x, json.dumps(parsed(x) | {"approved": True}))


@altered
def nan(x: Exchange) -> None:
    """JSON with NaN"""
    said(x, json.dumps(dict.fromkeys(parsed(x) or ["a"], float("nan"))))


@altered
def too_deep(x: Exchange) -> None:
    """JSON of 20,000 nested lists"""
    said(x, f'{{"a": {"[" * 20_000}{"]" * 20_000}}}')


@altered
def lone_surrogate(x: Exchange) -> None:
    """a text that no file can hold"""
    said(x, json.dumps({key: "\ud800" for key in parsed(x) or ["a"]}))


@altered
def unknown_tool(x: Exchange) -> None:
    """a tool that was not offered"""
    _calls(x, [("delete_everything", "{}")])


@altered
def bad_arguments(x: Exchange) -> None:
    """arguments that are no JSON"""
    _calls(x, [(name, '{"query": ') for name in x.asked.tools[:1]])


@altered
def wrong_arguments(x: Exchange) -> None:
    """arguments of another shape"""
    _calls(x, [(name, '{"no_such_argument": [1]}') for name in x.asked.tools[:1]])


@altered
def two_calls(x: Exchange) -> None:
    """the same tool twice at once, with one id"""
    calls = x.message.get("tool_calls")
    if calls:
        x.message["tool_calls"] = calls * 2


@altered
def endless_calls(x: Exchange) -> None:
    """the same tool over and over"""
    _calls(x, [(name, "{}") for name in x.asked.tools[:1]])


def _calls(x: Exchange, calls: list[tuple[str, str]]) -> None:
    if calls and x.asked.tools:
        x.payload["choices"][0] |= {"message": _message(Answer(), calls), "finish_reason": "tool_calls"}
    elif calls:
        said(x, json.dumps({"tool": calls[0][0], "arguments": {}}))


@altered
def other_model(x: Exchange) -> None:
    """another model than the one asked for"""
    x.payload["model"] = "cheap-1b"


@altered
def no_usage(x: Exchange) -> None:
    """tokens are not counted"""
    del x.payload["usage"]


@altered
def negative_usage(x: Exchange) -> None:
    """tokens below zero"""
    x.payload["usage"] |= {"prompt_tokens": -5, "completion_tokens": -7}


@altered
def huge_usage(x: Exchange) -> None:
    """more tokens than there can be"""
    x.payload["usage"] |= {"prompt_tokens": 10**15, "completion_tokens": 10**15}


@altered
def cross_talk(x: Exchange) -> None:
    """the answer to the request before, which was about something else"""
    stray = x.server.stray
    if stray is not None:
        x.payload["choices"][0]["message"] = _message(stray, ())
        x.payload["choices"][0]["finish_reason"] = "stop"


# ---- the server


def _message(answer: Answer, calls: Sequence[tuple[str, str]]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text}
    if calls:
        message["tool_calls"] = [
            {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for n, (name, arguments) in enumerate(calls)
        ]
    return message


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
            "choices": [{"index": 0, "message": _message(answer, calls), "finish_reason": "tool_calls" if calls else "stop"}],
            "usage": {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made},
        }  # fmt: skip


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Path, headers and body of the next request on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return first.split(" ")[1], headers, json.loads(body or b"{}")
