"""Every way in which `llm_server.py` misbehaves, once and every time: what becomes of a question is what docs/models.md says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from llm_server import FAULTS, Answer, Asked, LlmServer
from talk import KEY, ORDER, PROSE, QUESTION, WITH_TOOLS, Time, ask, brain, model, outcome, stream

from signoff.agents.messages import ModelFailed, Reply

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
TABLE = {
    name: (about, once, always)
    for name, about, once, always in re.findall(r"^\| `(\w+)` \| (.+) \| (\w+) \| (\w+) \|$", PAGE, re.MULTILINE)
}
SLOW = ("slow", "stalled", "dripping")
FITTED = "cross_talk"
"""Fits the schema: that it is another order's answer shows when the values are looked for in the document."""
DAMAGED = ("cut_json", "truncated", "no_finish", "stalled", "length")
"""Of a stream, after the first pieces were given out."""


def served(fault: str, times: int | None = None) -> LlmServer:
    return LlmServer(brain, fault, times, slow=1.2, stray=Answer('{"number": "1", "total": null}'))


def clean() -> int:
    """Tokens of the question when all goes well."""
    with LlmServer(brain) as server:
        ask(model(server))
        return server.billed.tokens


CLEAN = clean()
WORDS = 60
"""The most tokens that saying what was wrong may add."""


def test_the_table_lists_them_all() -> None:
    assert {name: about for name, (about, _, _) in TABLE.items()} == {name: fault.about for name, fault in FAULTS.items()}
    assert len(FAULTS) >= 25


def patience(name: str) -> dict[str, float]:
    """The client's time-out; short where the server lets it wait."""
    return {"timeout": 0.5} if name in SLOW else {}


@pytest.mark.parametrize("name", FAULTS)
def test_once(name: str) -> None:
    with served(name, 1) as server:
        end = ask(model(server, **patience(name)))
    assert outcome(end) == TABLE[name][1]
    if isinstance(end, Reply):
        assert end.value == ORDER or name == FITTED
    paid_twice_at_most(server)


@pytest.mark.parametrize("name", FAULTS)
def test_every_time(name: str) -> None:
    with served(name) as server:
        end = ask(model(server, **patience(name)))
    assert outcome(end) == TABLE[name][2]
    if isinstance(end, ModelFailed):
        words = str(end)
        assert words.endswith(".")
        assert 20 < len(words) < 400
        assert not any(KEY[n : n + 5] in words for n in range(len(KEY) - 4))
        assert (end.__cause__, end.__context__) == (None, None)
        assert end.spent is not None
        assert end.spent.attempts >= 1
    paid_twice_at_most(server)


def paid_twice_at_most(server: LlmServer) -> None:
    assert not server.errors
    assert server.billed.calls <= 2
    assert server.billed.tokens <= 2 * CLEAN + WORDS


@pytest.mark.parametrize("name", FAULTS)
def test_a_stream_ends_whole_or_fails(name: str) -> None:
    with served(name, 1) as server:
        text, end = stream(model(server, **patience(name)))
    if isinstance(end, Reply):
        assert text == end.text != ""
    elif text:
        assert name in DAMAGED or end.kind in ("refused", "unavailable")
    assert server.billed.calls <= 2


@pytest.mark.parametrize("name", DAMAGED)
def test_what_was_given_out_is_not_asked_for_again(name: str) -> None:
    long = "The contract has a clause about volume. " * 20
    with LlmServer(lambda asked: long, name, 1, slow=1.2) as server:
        text, end = stream(model(server, **patience(name)))
    assert isinstance(end, ModelFailed)
    assert text
    assert long.startswith(text)
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in SLOW])
def test_tools_are_asked_for_or_not_at_all(name: str) -> None:
    with LlmServer(lambda asked: Answer(calls=[("find", {"query": "volume"})]), name, slow=1.2) as server:
        end = ask(model(server), WITH_TOOLS)
    if isinstance(end, Reply) and end.tool_requests:
        assert len({request.id for request in end.tool_requests}) == len(end.tool_requests)
        assert all(request.name in ("find", "delete_everything") for request in end.tool_requests)
    assert server.billed.calls <= 2


def test_a_busy_server_is_waited_for_as_long_as_it_says() -> None:
    time = Time()
    with LlmServer(brain, "rate_limited", 1, retry_after="7") as server:
        assert outcome(ask(model(server, time))) == "answer"
    assert 7 <= sum(time.slept) < 9


def test_a_date_is_counted_from_the_servers_own_clock() -> None:
    time = Time()
    with LlmServer(brain, "rate_limited_skewed", 1, retry_after="7") as server:
        assert outcome(ask(model(server, time))) == "answer"
    assert 6 <= sum(time.slept) < 9


def test_a_day_is_not_waited_for() -> None:
    time = Time()
    with LlmServer(brain, "rate_limited_for_a_day") as server:
        assert outcome(ask(model(server, time))) == "unavailable"
    assert not time.slept
    assert len(server.asked) == 1


def test_patience_ends() -> None:
    time = Time()
    with LlmServer(brain, "overloaded") as server:
        assert outcome(ask(model(server, time))) == "unavailable"
    assert len(server.asked) == 8
    assert sum(time.slept) <= 120


def test_nothing_is_sent_elsewhere() -> None:
    with LlmServer(brain, "redirect") as server:
        end = ask(model(server))
    assert "set OPENAI_BASE_URL" in str(end)


def test_a_third_of_all_requests_may_fail() -> None:
    """Faults at random, 30 % of requests: nearly all questions are answered, for hardly more money."""
    kinds = [
        name for name, (_, once, _) in TABLE.items() if once == "answer" and name not in ("slow", "stalled", "dripping", "bomb", "too_big")
    ]
    chosen = lambda asked: kinds[asked.number % len(kinds)] if asked.number * 7919 % 10 < 3 else None  # noqa: E731
    with LlmServer(brain, chosen) as server:
        client = model(server)
        ends = [ask(client, QUESTION.model_copy(update={"max_tokens": 300 + n})) for n in range(60)]
    assert sum(isinstance(end, Reply) for end in ends) >= 55
    assert server.billed.tokens <= 1.5 * 60 * CLEAN


def test_text_alone_needs_no_schema() -> None:
    with LlmServer(lambda asked: "Two clauses speak of volume.") as server:
        end = ask(model(server), PROSE)
    assert isinstance(end, Reply)
    assert (end.text, end.value) == ("Two clauses speak of volume.", None)


def test_every_request_is_the_first_of_its_number() -> None:
    seen: list[int] = []

    def counting(asked: Asked) -> dict[str, str]:
        seen.append(asked.number)
        return ORDER

    with LlmServer(counting, "server_error", 2) as server:
        ask(model(server))
    assert seen == [0, 1, 2]
