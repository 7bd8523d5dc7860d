"""The loop over a real server that misbehaves, with tools of the protocol and with tools by schema: the answer or a clean failure.

Whatever the server does, a tool that changes something is never run without a person, and none is run for another's words.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from llm_server import FAULTS, Answer, Asked, LlmServer
from scripted import NOW, Free, Memory
from talk import model, run

from signoff.agents.asking import Asker
from signoff.agents.loop import Assignment, Outcome, opening
from signoff.agents.loop import run as loop
from signoff.agents.messages import ModelFailed
from signoff.agents.toolbox import Toolbox, tool
from signoff.domain.record import Record
from signoff.prompts import read

PROMPT = read("stock", b"## system\nYou know the stock.\n\n## user\nHow many {{what}}?\n")
SLOW = ("slow", "stalled", "dripping")
WAYS = ("native", "schema")


class Count(Record):
    count: int


class Store:
    def __init__(self) -> None:
        self.looked: list[str] = []
        self.gone: list[str] = []

    @tool("READ", data="history")
    def look(self, item: str) -> int:
        """How many there are."""
        self.looked.append(item)
        return 5

    @tool("WRITE", data="history", action="decide")
    def delete_everything(self, item: str = "") -> str:
        """Throw it all away."""
        self.gone.append(item)
        return "Gone."


def brain(asked: Asked) -> Answer | dict[str, Any]:
    """Looks once, then answers."""
    done = "5" in asked.last
    if asked.tools:
        return {"count": 5} if done else Answer(calls=[("look", {"item": "bolts"})])
    return {"step": {"answer": {"count": 5}} if done else {"tool": "look", "arguments": {"item": "bolts"}}}


def played(server: LlmServer, way: str, store: Store, **patience: float) -> Outcome[Count] | ModelFailed:
    client = model(server, tools=way, **patience)
    box = Toolbox([store.look, store.delete_everything], lambda tool: True)
    task = Assignment("stock", PROMPT, opening(PROMPT, what="bolts"), Count, box)

    async def work() -> Outcome[Count] | ModelFailed:
        try:
            return await loop(Asker(client, Memory(), Free(), lambda: NOW), task)
        except ModelFailed as failed:
            return failed

    return run(client, work)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", FAULTS)
def test_once(name: str, way: str) -> None:
    store = Store()
    with LlmServer(brain, name, 1, slow=0.6, stray=Answer(json.dumps({"step": {"answer": {"count": 7}}}))) as server:
        end = played(server, way, store, **({"timeout": 0.3} if name in SLOW else {}))
    assert not server.errors
    assert store.gone == []
    if isinstance(end, Outcome):
        assert end.answer.count == 5 or name == "cross_talk"
    else:
        assert str(end).endswith(".")


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in SLOW])
def test_every_time(name: str) -> None:
    store = Store()
    with LlmServer(brain, name, slow=0.6) as server:
        end = played(server, "native", store)
    assert not server.errors
    assert store.gone == []
    assert len(server.asked) <= 16
    assert isinstance(end, ModelFailed) or end.answer.count == 5


def test_asked_by_schema_the_server_sees_no_tools() -> None:
    with LlmServer(brain) as server:
        assert isinstance(played(server, "schema", Store()), Outcome)
    assert [asked.tools for asked in server.asked] == [[], []]
    assert [asked.schema for asked in server.asked] == ["step", "step"]


def test_a_hundred_loops_at_once_share_a_client() -> None:
    store = Store()
    with LlmServer(brain) as server:
        client = model(server, tools="native")
        box = Toolbox([store.look], lambda tool: True)
        task = Assignment("stock", PROMPT, opening(PROMPT, what="bolts"), Count, box)

        async def work() -> list[Outcome[Count]]:
            askers = [Asker(client, Memory(), Free(), lambda: NOW) for _ in range(100)]
            return await asyncio.gather(*(loop(asker, task) for asker in askers))

        assert {o.answer.count for o in run(client, work)} == {5}
    assert len(store.looked) == 100
