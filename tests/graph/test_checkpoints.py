"""The savers: what a step wrote goes to disk with the next checkpoint, an interrupt at once, and a thread goes on in another process."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from postgres_server import database

from signoff.graph.checkpoints import Saver, open_checkpoints

CONFIG: RunnableConfig = {"configurable": {"thread_id": "C00001"}}
Opener = Callable[[], Saver]


class Told(TypedDict):
    told: list[str]


async def first(state: Told) -> Told:
    return {"told": [*state["told"], "first"]}


async def asks(state: Told) -> Told:
    return {"told": [*state["told"], interrupt("what?")]}


async def breaks(state: Told) -> Told:
    raise ValueError(state["told"][-1])


def graph(saver: Saver, *steps: Any) -> Any:
    built = StateGraph(Told)
    for name, step in (named := {s.__name__: s for s in steps}).items():
        built.add_node(name, step)
    road = [START, *named, END]
    for here, there in itertools.pairwise(road):
        built.add_edge(here, there)
    return built.compile(checkpointer=saver)


def going(saver: Saver, given: Any, *steps: Any) -> Any:
    return asyncio.run(graph(saver, *steps).ainvoke(given, CONFIG, durability="sync"))


def standing(saver: Saver, *steps: Any) -> Any:
    return asyncio.run(graph(saver, *steps).aget_state(CONFIG))


def latest_and_more(saver: Saver) -> CheckpointTuple:
    """The checkpoint of a thread that went to its end, for which one more write is waiting."""
    going(saver, {"told": []}, first)
    latest = asyncio.run(saver.aget_tuple(CONFIG))
    assert latest
    asyncio.run(saver.aput_writes(latest.config, [("told", ["late"])], "a task"))
    return latest


@pytest.fixture(params=["sqlite", "postgres"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    if request.param == "sqlite":
        yield lambda: open_checkpoints(tmp_path / "checkpoints.db")
        return
    with database() as address:
        yield lambda: open_checkpoints(address)


def test_a_thread_that_asks_goes_on_in_another_process(opener: Opener) -> None:
    here, there = opener(), opener()
    assert going(here, {"told": []}, first, asks)["__interrupt__"][0].value == "what?"
    assert [i.value for i in standing(there, first, asks).interrupts] == ["what?"], "an interrupt is on disk at once"
    assert going(there, Command(resume="that"), first, asks) == {"told": ["first", "that"]}
    assert standing(here, first, asks).next == ()


def test_a_step_that_broke_off_is_done_again_elsewhere(opener: Opener) -> None:
    here, there = opener(), opener()
    with pytest.raises(ValueError, match="first"):
        going(here, {"told": []}, first, breaks)
    left = standing(there, first, breaks)
    assert (left.values, left.next) == ({"told": ["first"]}, ("breaks",))
    assert "ValueError" in left.tasks[0].error


def test_what_waits_to_be_written_is_seen_by_this_process_and_lost_with_it(opener: Opener) -> None:
    here, there = opener(), opener()
    latest_and_more(here)
    seen = asyncio.run(there.aget_tuple(CONFIG))
    assert seen
    assert not seen.pending_writes
    written = asyncio.run(here.aget_tuple(CONFIG))
    assert written
    assert written.pending_writes == [("a task", "told", ["late"])]


def test_what_cannot_be_written_leaves_nothing_half(opener: Opener) -> None:
    here, there = opener(), opener()
    latest = latest_and_more(here)
    with pytest.raises(TypeError):
        asyncio.run(here.aput(latest.config, {**latest.checkpoint, "id": "~", "ts": object()}, {}, {}))  # type: ignore[typeddict-item]  # what cannot be written
    seen = asyncio.run(there.aget_tuple(CONFIG))
    assert seen
    assert (seen.checkpoint["id"], seen.pending_writes) == (latest.checkpoint["id"], [])
    assert going(here, {"told": ["again"]}, first) == {"told": ["again", "first"]}, "and the saver can be used on"
    assert here.threads() == ["C00001"]
    asyncio.run(here.adelete_thread("C00001"))
    assert there.threads() == []
