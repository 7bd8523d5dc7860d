"""Requests that are refused before anything is generated."""

from __future__ import annotations

import datetime as dt
import email.utils
import json

from llm_fault import Family
from llm_wire import HTML, JSON, Exchange

PAGE = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"
faults = Family()


@faults.before
async def rate_limited(x: Exchange) -> None:
    """429 with `Retry-After` in seconds"""
    await x.error(429, "Rate limit reached.", "rate_limit_exceeded", retry_after=x.server.retry_after)


@faults.before
async def rate_limited_silent(x: Exchange) -> None:
    """429 without `Retry-After`"""
    await x.error(429, "Rate limit reached.", "rate_limit_exceeded")


@faults.before
async def rate_limited_skewed(x: Exchange) -> None:
    """429 with `Retry-After` as a date, by a clock that is ten years ahead"""
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=3650)
    until = now + dt.timedelta(seconds=float(x.server.retry_after))
    date, retry_after = (email.utils.format_datetime(t, usegmt=True) for t in (now, until))
    await x.error(429, "Rate limit reached.", "rate_limit_exceeded", date=date, retry_after=retry_after)


@faults.before
async def rate_limited_for_a_day(x: Exchange) -> None:
    """429 with `Retry-After: 86400`"""
    await x.error(429, "Daily limit reached.", "rate_limit_exceeded", retry_after="86400")


@faults.before
async def no_credit(x: Exchange) -> None:
    """429 because the account has no credit left"""
    await x.error(429, "You exceeded your current quota.", "insufficient_quota")


@faults.before
async def server_error(x: Exchange) -> None:
    """500"""
    await x.error(500, "The server had an error.")


@faults.before
async def silent_error(x: Exchange) -> None:
    """500 without a body"""
    await x.send(500, b"")


@faults.before
async def bad_gateway(x: Exchange) -> None:
    """502 with a web page"""
    await x.send(502, PAGE, content_type=HTML)


@faults.before
async def overloaded(x: Exchange) -> None:
    """503, and the connection is closed"""
    await x.error(503, "Overloaded.", connection="close")
    x.hang_up()


@faults.before
async def unauthorized(x: Exchange) -> None:
    """401 that repeats the key"""
    key = x.asked.headers.get("authorization", "").removeprefix("Bearer ")
    await x.error(401, f"Incorrect API key provided: {key} ({key[:8]}***{key[-4:]}).", "invalid_api_key")


@faults.before
async def forbidden(x: Exchange) -> None:
    """403"""
    await x.error(403, "Your project may not use this model.", "model_not_allowed")


@faults.before
async def no_such_model(x: Exchange) -> None:
    """404: the model is not known"""
    await x.error(404, f"The model `{x.asked.body['model']}` does not exist.", "model_not_found")


@faults.before
async def too_long(x: Exchange) -> None:
    """400: more tokens than the model's context holds"""
    await x.error(400, "This model's maximum context length is 512 tokens.", "context_length_exceeded")


@faults.before
async def bad_request(x: Exchange) -> None:
    """400 that says nothing"""
    await x.send(400, b"Bad Request", content_type="text/plain")


@faults.before
async def redirect(x: Exchange) -> None:
    """307 to another host"""
    await x.send(307, b"", location="http://elsewhere.invalid/v1/chat/completions")


@faults.before
async def disconnect_at_once(x: Exchange) -> None:
    """the connection is closed without a word"""
    x.hang_up()


@faults.before
async def error_in_200(x: Exchange) -> None:
    """200 with an error in the body"""
    await x.send(200, json.dumps({"error": {"message": "Provider returned error", "code": 503}}).encode(), content_type=JSON)


async def _refused_unless(x: Exchange, fine: bool, message: str) -> None:
    if fine:
        x.server.bill(x)
        await x.send()
    else:
        await x.error(400, message, "unsupported_parameter")


@faults.before
async def no_json_schema(x: Exchange) -> None:
    """400 for `response_format: json_schema`"""
    kind = x.asked.body.get("response_format", {}).get("type")
    await _refused_unless(x, kind != "json_schema", "'response_format' of type 'json_schema' is not supported with this model.")


@faults.before
async def no_json_mode(x: Exchange) -> None:
    """400 for any `response_format`"""
    await _refused_unless(x, "response_format" not in x.asked.body, "Unknown parameter: 'response_format'.")


@faults.before
async def no_max_tokens(x: Exchange) -> None:
    """400 for `max_tokens`, as models have it that want `max_completion_tokens`"""
    message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    await _refused_unless(x, "max_tokens" not in x.asked.body, message)


@faults.before
async def no_tools(x: Exchange) -> None:
    """400 for `tools`"""
    await _refused_unless(x, "tools" not in x.asked.body, "This model does not support tools.")
