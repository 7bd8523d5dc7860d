"""Which answers are taken, in which wrapping, and why the others are not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import QUESTION, SCHEMA

from signoff.agents.client import answers
from signoff.agents.client.trouble import Trouble, retry_after, scrubbed

VALUE = {"number": "1", "total": None}
TEXT = json.dumps(VALUE)


@pytest.mark.parametrize(
    "text",
    [
        TEXT, f"\n {TEXT}\n", f"```json\n{TEXT}\n```", f"```\n{TEXT}\n```", f"Here:\n```JSON\n{TEXT}\n  ```\nDone.",
        f"<think>{{}} or so</think>{TEXT}", f"<thinking>\n{{\n</thinking>\n```json\n{TEXT}\n```", f"The answer is {TEXT}.",
    ],
)  # fmt: skip
def test_wrappings(text: str) -> None:
    assert answers.parse(text) == VALUE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not one JSON object"), ("null", "not one JSON object"), ("[1]", "not one JSON object"), (f"{TEXT} {TEXT}", "Extra data"),
        (TEXT[:-1], "not one JSON object"), ('{"a": 1, "a": 1}', "same key twice"), ('{"a": {"b": 1, "b": 2}}', "same key twice"),
        ('{"a": NaN}', "NaN"), ('{"a": -Infinity}', "Infinity"), ('{"a": 1e999}', "too large"), ('{"a": "\\ud83d"}', "characters"),
        ('{"\\u0000": 1}', "characters"), ('{"a": ' + "[" * 61 + "]" * 61 + "}", "too deep"),
    ],
)  # fmt: skip
def test_no_object(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        answers.parse(text)


LEAVES = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)


@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner), max_leaves=6))
def test_what_json_can_say_is_read_back(value: Any) -> None:
    assert answers.parse(json.dumps({"value": value})) == {"value": value}


def test_a_misfit_is_told_with_its_place() -> None:
    assert answers.misfit(json.dumps(SCHEMA), VALUE) is None
    assert answers.misfit(json.dumps(SCHEMA), {"number": 5, "total": None}) == 'At /number: 5 is not of type "string".'
    assert str(answers.misfit(json.dumps(SCHEMA), {"number": "1"})).startswith("At the top:")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | st.sampled_from([b"{}", b"[]", b"null"]))
def test_no_bytes_get_through_unchecked(data: bytes) -> None:
    with pytest.raises(Trouble):
        answers.reply(data, QUESTION, "host")


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda i: st.lists(i, max_size=3), max_leaves=5)


@given(st.dictionaries(st.sampled_from(["choices", "error", "model", "id", "usage"]), JSON), JSON, JSON, JSON)
def test_no_envelope_breaks_it(payload: dict[str, Any], message: Any, content: Any, calls: Any) -> None:
    whole = {"finish_reason": "stop", "message": {"content": content, "tool_calls": calls}}
    for choice in (whole, {"finish_reason": message, "message": message}):
        with pytest.raises(Trouble):
            answers.accept({**payload, "choices": [choice]}, QUESTION, "host")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3), ({"retry-after": "0.5"}, 0.5), ({"retry-after-ms": "250"}, 0.25), ({"retry-after": "soon"}, None),
        ({}, None),
        ({"retry-after": "-5"}, None), ({"retry-after": "Wed, 21 Oct 2015 07:28:09 GMT", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 9),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0), ({"retry-after": "1e400"}, None), ({"retry-after": "9" * 400}, None),
    ],
)  # fmt: skip
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-ab***wxyz.",
        "key is s3cretvalue42",
        "Authorization: Bearer abc",
        "prefix s3cret and value42",
        "x" * 5000,
    ],
)
def test_others_words_are_scrubbed(text: str) -> None:
    line = scrubbed(text, "s3cretvalue42")
    assert len(line) <= 200
    assert not any(part in line for part in ("wxyz", "s3cret", "abc", "alue42"))
