"""Every misbehaviour of an endpoint (docs/models.md) against every agent at its work on a case: it ends in an answer or a person's
task, nobody is asked less than without a model, and it costs at most twice what the case costs when all goes well."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from crews import staff
from llm_brains import nothing
from llm_server import FAULTS, Answer, Asked, LlmServer
from llm_time import Time
from office import Office, paper
from pydantic import SecretStr
from scrutiny import Outcome, outcome

from signoff.agents.client.endpoint import Endpoint
from signoff.agents.model import OpenAIModel
from signoff.domain.states import State
from signoff.graph.audit import verify

KEY = "sk-proj-Hv52qLw9Bd3NsYcE"
SLOW = ("slow", "stalled", "dripping")
WORDS = 60
"""The most tokens that saying what was wrong may add to a case."""
PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
ONCE = dict(re.findall(r"^\| `(\w+)` \| .+ \| (\w+) \| \w+ \|$", PAGE, re.MULTILINE))
"""What becomes of a question when the endpoint does so once; tools, which only the contract agent has, are another matter."""


@dataclass(frozen=True)
class Work:
    """A case whose road asks one agent. `told` is the event that says what came of it."""

    file: str
    data: bytes
    brain: Callable[[Asked], Answer | dict[str, Any]]
    told: str
    rules: dict[str, Any]


TOTAL = b"Total GBP      325.00"
WISH = "All of it should stand at our gate on 4 December 2026."
LETTER = paper("documents/4500018077.txt").replace(TOTAL, WISH.encode())
"""Without a total nothing proves what was read, so the agent is asked."""
SEARCH = {"query": "delivery", "contract_id": "K-2025-017"}


def reads(asked: Asked) -> dict[str, Any]:
    """The day of delivery, which stands in a sentence."""
    line = next(int(n) for n, _, text in (row.partition("| ") for row in asked.last.splitlines()) if text == WISH)
    field = {"field": "/requested_delivery_date", "value": "2026-12-04", "quote": "4 December 2026", "line": line}
    return nothing(asked) | {"fields": [field]}


def compares(asked: Asked) -> Answer | dict[str, Any]:
    """A search, then the answer."""
    if asked.body["messages"][-1]["role"] == "user" and "search_clauses" in asked.tools:
        return Answer(calls=[("search_clauses", SEARCH)])
    return {"matches": [{"line": 1, "item": 0, "why": "a tool set is sold with the seal"}], "breaches": []}


def briefs(asked: Asked) -> dict[str, Any]:
    return nothing(asked) | {"brief": "Motors, above the limit of the requester's manager."}


WORKS = {
    "extraction": Work("letter.txt", LETTER, reads, "order.extracted", {}),
    "contract_check": Work("a.xml", paper("cxml/4500018034.xml"), compares, "contract.advised", {"routing": "never"}),
    "routing": Work("a.xml", paper("xml/4500018004.xml"), briefs, "route.advised", {}),
}


@dataclass(frozen=True)
class Ended:
    """How a case ended: how closely it is looked at, what the agent's event says, and what the endpoint billed."""

    outcome: Outcome
    told: dict[str, Any]
    tokens: int
    calls: int


def run(work: Work, fault: str | None = None, times: int | None = None) -> Ended:
    with TemporaryDirectory() as folder, LlmServer(work.brain, fault, times, slow=0.5, stray=Answer('{"tool": "none"}')) as server:
        patience = 0.2 if fault in SLOW else 10.0
        endpoint = Endpoint(model="big", key=SecretStr(KEY), base_url=server.url, timeout=patience)
        office = staff(Office(Path(folder)), OpenAIModel(endpoint, pace=Time().pace()), **work.rules)
        try:
            case = office.take(work.data, work.file)
            (told,) = (e.body for e in office.events(case) if e.type == work.told)
            assert KEY[:12] not in json.dumps([e.body for e in office.events(case)])
            assert verify(office.store).fault is None
            assert not server.errors
            return Ended(outcome(office, case), told, server.billed.tokens, server.billed.calls)
        finally:
            office.close()


@cache
def alone(agent: str) -> Outcome:
    """The case without a model."""
    with TemporaryDirectory() as folder:
        office = Office(Path(folder))
        try:
            return outcome(office, office.take(WORKS[agent].data, WORKS[agent].file))
        finally:
            office.close()


@cache
def clean(agent: str) -> Ended:
    """The case when all goes well."""
    return run(WORKS[agent])


@pytest.mark.parametrize("agent", WORKS)
def test_without_a_fault_each_agent_answers(agent: str) -> None:
    ended = clean(agent)
    assert ended.told["failed"] is None
    assert ended.calls == (2 if agent == "contract_check" else 1)
    assert ended.outcome.lowered(alone(agent)) is None


def holds(agent: str, fault: str, times: int | None) -> Ended:
    ended = run(WORKS[agent], fault, times)
    assert ended.outcome.lowered(alone(agent)) is None
    assert ended.outcome.state in (State.NEEDS_REVIEW, State.NEEDS_APPROVAL, State.ON_HOLD)
    assert ended.told["failed"] is None or ended.told["failed"].endswith(".")
    assert ended.tokens <= 2 * clean(agent).tokens + WORDS
    return ended


@pytest.mark.parametrize("agent", ["extraction", *(pytest.param(a, marks=pytest.mark.slow) for a in ("contract_check", "routing"))])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_once(fault: str, agent: str) -> None:
    ended = holds(agent, fault, 1)
    if agent != "contract_check":
        assert (ended.told["failed"] is None) is (ONCE[fault] == "answer")


@pytest.mark.parametrize("agent", WORKS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_every_time(fault: str, agent: str) -> None:
    holds(agent, fault, None)
