"""Answers that arrive, and are not what was asked for."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from llm_fault import Family
from llm_wire import Answer, Exchange, message

faults = Family()


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


@faults.altered
def empty_choices(x: Exchange) -> None:
    """no choice at all"""
    x.payload["choices"] = []


@faults.altered
def two_choices(x: Exchange) -> None:
    """two choices that differ"""
    other = {"index": 1, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}
    x.payload["choices"] = [*x.payload["choices"], other]


@faults.altered
def null_content(x: Exchange) -> None:
    """a message without content"""
    x.message.pop("tool_calls", None)
    x.message["content"] = None


@faults.altered
def refusal(x: Exchange) -> None:
    """the model refuses"""
    x.message.update(content=None, refusal="I cannot help with that.")


@faults.altered
def content_filter(x: Exchange) -> None:
    """the provider's filter stopped the answer"""
    x.payload["choices"][0]["finish_reason"] = "content_filter"


@faults.altered
def length(x: Exchange) -> None:
    """the answer was cut at `max_tokens`"""
    said(x, (x.message.get("content") or "")[:20])
    x.payload["choices"][0]["finish_reason"] = "length"


@faults.altered
def no_finish(x: Exchange) -> None:
    """no reason to have finished; a stream that ends in the middle"""
    x.payload["choices"][0]["finish_reason"] = None


@faults.altered
def prose(x: Exchange) -> None:
    """a sentence where JSON was asked for"""
    said(x, "Sure! Here is the information that you asked for.")


@faults.altered
def fenced(x: Exchange) -> None:
    """the right JSON in a code fence with words around it"""
    said(x, f"Here you are:\n```json\n{x.message.get('content')}\n```\nAnything else?")


@faults.altered
def thinking(x: Exchange) -> None:
    """the right JSON behind the model's thoughts"""
    said(x, f"<think>Perhaps {{}} will do. No.</think>\n{x.message.get('content')}")


@faults.altered
def duplicate_keys(x: Exchange) -> None:
    """JSON with the same key twice"""
    text = json.dumps(parsed(x))
    first = next(iter(parsed(x)), "a")
    said(x, f"{{{json.dumps(first)}: null, {text[1:]}")


@faults.altered
def wrong_schema(x: Exchange) -> None:
    """JSON of another shape"""
    said(x, '{"unexpected": ["shape"]}')


@faults.altered
def wrong_types(x: Exchange) -> None:
    """every value a list of numbers"""
    said(x, json.dumps({key: [1, 2] for key in parsed(x)}))


@faults.altered
def extra_properties(x: Exchange) -> None:
    """a property that the schema does not have"""
    said(x, json.dumps(parsed(x) | {"approved": True}))


@faults.altered
def nan(x: Exchange) -> None:
    """JSON with NaN"""
    said(x, json.dumps(dict.fromkeys(parsed(x) or ["a"], float("nan"))))


@faults.altered
def too_deep(x: Exchange) -> None:
    """JSON of 20,000 nested lists"""
    said(x, f'{{"a": {"[" * 20_000}{"]" * 20_000}}}')


@faults.altered
def lone_surrogate(x: Exchange) -> None:
    """a text that no file can hold"""
    said(x, json.dumps(dict.fromkeys(parsed(x) or ["a"], chr(0xD800))))


@faults.altered
def unknown_tool(x: Exchange) -> None:
    """a tool that was not offered"""
    _calls(x, [("delete_everything", "{}")])


@faults.altered
def bad_arguments(x: Exchange) -> None:
    """arguments that are no JSON"""
    _calls(x, [(name, '{"query": ') for name in x.asked.tools[:1]])


@faults.altered
def wrong_arguments(x: Exchange) -> None:
    """arguments of another shape"""
    _calls(x, [(name, '{"no_such_argument": [1]}') for name in x.asked.tools[:1]])


@faults.altered
def two_calls(x: Exchange) -> None:
    """the same tool twice at once, with one id"""
    calls = x.message.get("tool_calls")
    if calls:
        x.message["tool_calls"] = calls * 2


@faults.altered
def endless_calls(x: Exchange) -> None:
    """the same tool over and over"""
    _calls(x, [(name, "{}") for name in x.asked.tools[:1]])


def _calls(x: Exchange, calls: list[tuple[str, str]]) -> None:
    if calls and x.asked.tools:
        x.payload["choices"][0] |= {"message": message(Answer(), calls), "finish_reason": "tool_calls"}
    elif calls:
        said(x, json.dumps({"tool": calls[0][0], "arguments": {}}))


@faults.altered
def other_model(x: Exchange) -> None:
    """another model than the one asked for"""
    x.payload["model"] = "cheap-1b"


@faults.altered
def no_usage(x: Exchange) -> None:
    """tokens are not counted"""
    del x.payload["usage"]


@faults.altered
def negative_usage(x: Exchange) -> None:
    """tokens below zero"""
    x.payload["usage"] |= {"prompt_tokens": -5, "completion_tokens": -7}


@faults.altered
def huge_usage(x: Exchange) -> None:
    """more tokens than there can be"""
    x.payload["usage"] |= {"prompt_tokens": 10**15, "completion_tokens": 10**15}


@faults.altered
def cross_talk(x: Exchange) -> None:
    """the answer to the request before, which was about something else"""
    stray = x.server.stray
    if stray is not None:
        x.payload["choices"][0]["message"] = message(stray, ())
        x.payload["choices"][0]["finish_reason"] = "stop"
