"""The ways in which `llm_server.py` misbehaves, each with a name; `docs/models.md` lists them all."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
import gzip
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from llm_wire import HTML, JSON, Answer, Exchange, message

PAGE = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"
BOMB = gzip.compress(b" " * 20_000_000, 1)


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
async def silent_error(x: Exchange) -> None:
    """500 without a body"""
    await x.send(500, b"")


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
    await x.send(200, json.dumps({"error": {"message": "Provider returned error", "code": 503}}).encode(), content_type=JSON)


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
    """an answer of 9 MB"""
    x.message["content"] = "word " * 1_800_000
    await x.send()


@after
async def bomb(x: Exchange) -> None:
    """a compressed body of 20 KB that is 20 MB"""
    await x.send(body=BOMB, content_encoding="gzip")


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
    said(x, json.dumps({key: [1, 2] for key in parsed(x)}))


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
    said(x, json.dumps(dict.fromkeys(parsed(x) or ["a"], chr(0xD800))))


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
        x.payload["choices"][0] |= {"message": message(Answer(), calls), "finish_reason": "tool_calls"}
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
        x.payload["choices"][0]["message"] = message(stray, ())
        x.payload["choices"][0]["finish_reason"] = "stop"
