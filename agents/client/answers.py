"""What an endpoint sent -> an answer that may be used, or the trouble with it.

The envelope is taken leniently where nothing hangs on it; the answer is taken strictly: one choice, finished, not refused,
and where a schema was asked for, one JSON object (RFC 8259) without duplicate keys that fits it.
"""

from __future__ import annotations

import functools
import json
import math
import re
from typing import Any

import jsonschema_rs

from signoff.agents.client.trouble import Heard, Trouble, lost, unfit
from signoff.agents.messages import Question, Reply, ToolRequest, Usage

MAX_DEPTH = 60
MOST_TOKENS = 10_000_000
FENCE = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL | re.IGNORECASE)
THOUGHTS = re.compile(r"^\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
FINISHED = ("stop", "tool_calls")


def reply(data: bytes, question: Question, host: str) -> Reply:
    """The answer in the body of a response."""
    return accept(envelope(data, host), question, host)


def envelope(data: bytes, host: str) -> dict[str, Any]:
    """The JSON object that a response or an event of a stream is."""
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        page = data[:200].lstrip().startswith(b"<")
        hint = " with a web page; check OPENAI_BASE_URL if it does so every time" if page else " with something that is no JSON"
        raise lost(f"{host} answered{hint}.") from None
    if not isinstance(value, dict):
        raise lost(f"{host} answered with JSON that is no object.")
    return value


def accept(payload: dict[str, Any], question: Question, host: str) -> Reply:
    """The answer in a chat completion."""
    heard = Heard(_text(payload.get("model")), _text(payload.get("id")), usage(payload.get("usage")))
    choice, message = _choice(payload, heard, host)
    _finished(choice, message, heard)
    text, requests = _clean(message.get("content")), _requests(message, question, heard)
    if not requests and not text.strip():
        raise unfit("It was empty.", heard)
    value = None if question.answer is None or requests else _value(text, question, heard)
    return Reply(
        text=text, value=value, tool_requests=requests, finish_reason=choice["finish_reason"], model=heard.model or "",
        response_id=heard.response_id, usage=heard.usage,
    )  # fmt: skip


def _choice(payload: dict[str, Any], heard: Heard, host: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if payload.get("error") and not payload.get("choices"):
        raise _error(payload["error"], heard, host)
    choices = payload.get("choices")
    if not isinstance(choices, list) or not choices:
        raise lost(f"{host} answered without a choice.", heard)
    choice = choices[0]
    if len(choices) > 1 or not isinstance(choice, dict) or not isinstance(choice.get("message"), dict):
        raise lost(f"{host} answered with {len(choices)} choices where one was asked for.", heard)
    return choice, choice["message"]


def _error(error: Any, heard: Heard, host: str) -> Trouble:
    """An error that came as a success. With the code of one that is temporary nothing was generated."""
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, int) and (code == 429 or 500 <= code < 600):
        return Trouble("wait", "unavailable", f"{host} is overloaded or out of order (code {code}).", heard=heard)
    return lost(f"{host} answered with an error in place of an answer.", heard)


def _finished(choice: dict[str, Any], message: dict[str, Any], heard: Heard) -> None:
    reason = choice.get("finish_reason")
    if message.get("refusal"):
        raise Trouble("none", "refused", "The model refused to answer.", heard=heard)
    if reason == "content_filter":
        raise Trouble("none", "refused", "The provider's content filter stopped the answer.", heard=heard)
    if reason == "length":
        raise Trouble("longer", "invalid", "The answer did not fit into the tokens allowed for it.", heard=heard)
    if reason not in FINISHED:
        raise lost("The answer broke off: the endpoint gave no reason to have finished.", heard)


def _requests(message: dict[str, Any], question: Question, heard: Heard) -> tuple[ToolRequest, ...]:
    calls = message.get("tool_calls") or ()
    if calls and not question.tools:
        raise unfit("It asked for a tool, and no tools were offered.", heard)
    try:
        requests = [_request(n, call) for n, call in enumerate(calls)]
    except (KeyError, TypeError, AttributeError):
        raise unfit("Its tool calls were not in the form of the protocol.", heard) from None
    return tuple(requests if len({r.id for r in requests}) == len(requests) else map(_numbered, range(len(requests)), requests))


def _request(number: int, call: dict[str, Any]) -> ToolRequest:
    wanted = call["function"]
    return ToolRequest(id=_clean(call.get("id")) or f"call_{number}", name=_clean(wanted["name"]), arguments=_clean(wanted["arguments"]))


def _numbered(number: int, request: ToolRequest) -> ToolRequest:
    return request.model_copy(update={"id": f"call_{number}"})


def _value(text: str, question: Question, heard: Heard) -> dict[str, Any]:
    assert question.answer is not None
    try:
        value = parse(text)
    except ValueError as error:
        raise unfit(f"{error}", heard) from None
    except RecursionError:
        raise unfit("Its JSON was nested too deep.", heard) from None
    if problem := misfit(json.dumps(question.answer.body), value):
        raise unfit(problem, heard)
    return value


def parse(text: str) -> dict[str, Any]:
    """The one JSON object in an answer, be it alone, in a code fence, behind thoughts, or with words around it.

    Raises `ValueError` with a sentence, also for what JSON readers let pass: duplicate keys, NaN, numbers beyond a float,
    halves of surrogate pairs, NUL.
    """
    text = THOUGHTS.sub("", text, count=1).strip()
    if not text.startswith("{"):
        fences = FENCE.findall(text)
        text = fences[0] if len(fences) == 1 else text[text.find("{") : text.rfind("}") + 1]
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except json.JSONDecodeError as error:
        raise ValueError(f"It was not one JSON object ({error.msg} at character {error.pos}).") from None
    if not isinstance(value, dict):
        raise ValueError("It was not a JSON object.")
    _sound(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("Its JSON has the same key twice in one object.")
    return made


def _constant(name: str) -> Any:
    raise ValueError(f"Its JSON has {name}, which is no JSON.")


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("Its JSON has a number that is too large.")
    return value


def _sound(value: Any) -> None:
    """Raises `ValueError` for nesting deeper than anything that is asked for, and for text that no store can hold."""
    level = [value]
    for _ in range(MAX_DEPTH):
        texts = [v for v in level if isinstance(v, str)]
        if any("\0" in text or not _encodes(text) for text in texts):
            raise ValueError("Its JSON has characters that are none.")
        inner = ((*v.keys(), *v.values()) if isinstance(v, dict) else v for v in level if isinstance(v, dict | list))
        level = [part for parts in inner for part in parts]
        if not level:
            return
    raise ValueError("Its JSON was nested too deep.")


def _encodes(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def misfit(schema: str, value: dict[str, Any]) -> str | None:
    """How a value does not fit a JSON Schema (as JSON text), in a sentence."""
    for error in _validator(schema).iter_errors(value):
        where = "/".join(["", *map(str, error.instance_path)])
        return f"At {where or 'the top'}: {' '.join(error.message.split())[:160]}."
    return None


@functools.lru_cache(64)
def _validator(schema: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(schema))


def usage(given: Any) -> Usage:
    """Token counts as far as they can be true."""
    if not isinstance(given, dict):
        return Usage()
    of_input, of_output = (given.get(f"{side}_tokens_details") or {} for side in ("prompt", "completion"))
    return Usage(
        input_tokens=_count(given.get("prompt_tokens")),
        output_tokens=_count(given.get("completion_tokens")),
        cache_read_input_tokens=_count(of_input.get("cached_tokens")) if isinstance(of_input, dict) else None,
        reasoning_output_tokens=_count(of_output.get("reasoning_tokens")) if isinstance(of_output, dict) else None,
    )


def _count(given: Any) -> int | None:
    return given if type(given) is int and 0 <= given <= MOST_TOKENS else None


def _text(given: Any) -> str | None:
    return _clean(given)[:200] or None


def _clean(given: Any) -> str:
    """A text that can be stored: halves of surrogate pairs and NUL are replaced."""
    if not isinstance(given, str):
        return ""
    return given.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
