"""Whatever the agents' model says, nobody is asked less than without a model.

The order of scrutiny: an order that would wait for people waits for the same people, or for more; one that a person would have
reviewed is reviewed. The model here says anything that fits the schema it is given, made of the document's own words, so that
code finds its quotes again.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from crews import staff
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from office import EXAMPLES, Office
from scrutiny import Outcome, outcome

from signoff.agents.messages import Question, Reply
from signoff.graph.jobs import take_in
from signoff.tools.documents.document import Source
from signoff.tools.intake import contents
from signoff.tools.paper import Contents

ORDERS = EXAMPLES / "orders"
FILES = (
    "documents/4500018077.txt", "documents/4500018076.html", "mail/order-4500018081.eml", "mail/order-4500018083.eml", "pdf/4500018072.pdf",
    "spreadsheets/4500018066.csv", "xml/4500018002.xml", "xml/4500018004.xml", "xml/4500018009.xml", "xml/4500018013.xml",
    "xml/4500018020.xml", "xml/4500018026.xml", "edi/850-foxglove.x12",
)  # fmt: skip
LETTER = b"Dear Sirs,\n\nplease send us once more the same as last time, but blue, 20 of them at 4.50 each.\n\nKind regards\nPurchasing\n"


class Wild:
    """A model whose every answer fits the schema and is otherwise left to chance."""

    name, provider, takes_images, keeps_tools = "wild", "test", False, False

    def __init__(self, chance: Random) -> None:
        self.chance, self.asked = chance, 0

    async def complete(self, question: Question) -> Reply:
        self.asked += 1
        assert question.answer is not None
        words = re.findall(r"\S+", question.messages[-1].content)[-300:]
        value = self._made(question.answer.body, question.answer.body.get("$defs", {}), words)
        return Reply(text="", value=value, finish_reason="stop", model=self.name)

    def stream(self, question: Question) -> AsyncIterator[str | Reply]:
        raise NotImplementedError

    def _made(self, schema: dict[str, Any], named: dict[str, Any], words: list[str]) -> Any:
        if "$ref" in schema:
            return self._made(named[schema["$ref"].rsplit("/", 1)[-1]], named, words)
        if "anyOf" in schema:
            # An answer ends the agent's turn, a tool does not: nothing else would keep the test from going on for ever.
            return self._made(schema["anyOf"][-1], named, words)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        match schema.get("type"):
            case "object":
                return {name: self._made(part, named, words) for name, part in schema.get("properties", {}).items()}
            case "array":
                return [self._made(schema["items"], named, words) for _ in range(self.chance.randrange(6))]
            case "integer":
                return self.chance.randrange(-1, 30)
            case "boolean":
                return self.chance.random() < 0.5
        if self.chance.random() < 0.3:
            return self.chance.choice(["", "0.01", "approve", "EUR", "2026-01-01", "V-1001", "cancellation", "E-001", "1", "none"])
        start = self.chance.randrange(len(words))
        return " ".join(words[start : start + self.chance.randrange(1, 5)])


@cache
def read(file: str) -> tuple[Source, Contents]:
    data = LETTER if file == "letter.txt" else (ORDERS / file).read_bytes()
    source = Source(file, data)
    return source, contents(source)


def outcomes(office: Office) -> dict[str, Outcome]:
    """What becomes of every file."""
    found = {}
    for file in (*FILES, "letter.txt"):
        for case in take_in(office.services, *read(file)):
            office.work()
            case = office.case(case.number)
            found[f"{file}#{case.part}"] = outcome(office, case)
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    office = Office(tmp_path_factory.mktemp("alone"))
    try:
        return outcomes(office)
    finally:
        office.close()


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 2**32), st.sampled_from(["when_signed", "always"]))
def test_no_answer_of_a_model_lowers_scrutiny(alone: dict[str, Outcome], seed: int, routing: str) -> None:
    with TemporaryDirectory() as folder:
        office = Office(Path(folder))
        model = Wild(Random(seed))
        staff(office, model, routing=routing, contract_check="always")
        helped = outcomes(office)
        office.close()
    assert model.asked >= 5
    assert helped.keys() == alone.keys()
    assert {name: worse for name, now in helped.items() if (worse := now.lowered(alone[name]))} == {}
