"""A new revision of a case has its own calls of tools: what they told of an earlier one may hold no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from llm_brains import least
from office import Office
from staff import keeping, staff, unopened

from signoff.agents.messages import Question, Reply, ToolRequest
from signoff.domain.contract import Clause
from signoff.graph.audit import verify
from signoff.graph.replay import Replays
from signoff.graph.store.rows import Case, Owner

UNLISTED, CONTRACT = "cxml/4500018034.xml", "K-2025-017"
"""A line of this order stands in no contract, so the contract agent looks."""


class Searching:
    """Searches the contract once, then has nothing to say."""

    name, provider, takes_images, keeps_tools = "searching", "test", False, True

    def __init__(self) -> None:
        self.asked = 0

    async def complete(self, question: Question) -> Reply:
        self.asked += 1
        if question.messages[-1].role == "tool":
            assert question.answer is not None
            return Reply(value=least(question.answer.body), finish_reason="stop", model=self.name)
        request = ToolRequest(id="1", name="search_clauses", arguments=f'{{"query": "delivery", "contract_id": "{CONTRACT}"}}')
        return Reply(tool_requests=(request,), finish_reason="tool_calls", model=self.name)

    async def stream(self, question: Question) -> AsyncIterator[str | Reply]:
        yield await self.complete(question)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def worded(office: Office, text: str) -> None:
    """The contract's text on file says this from now on."""
    masters = office.store.masters
    contract = masters.contract(CONTRACT)
    assert contract is not None
    with office.store.transaction():
        masters.put_contracts([contract.model_copy(update={"clauses": (Clause(text=text),)})])


def told(office: Office, case: Case) -> list[tuple[int, bool, bool]]:
    """Each call of a tool: its number, and which of the contract's texts it told of."""
    calls = office.store.calls.tools_of(Owner(case=case.number))
    return [(call.turn, "ten days" in call.result, "thirty days" in call.result) for call in calls]


def test_what_a_tool_told_of_an_earlier_revision_is_not_told_again(office: Office) -> None:
    model = Searching()
    keeping(staff(office, model, routing="never"))
    worded(office, "Delivery within ten days.")
    case = office.example(UNLISTED)
    assert (told(office, case), model.asked) == ([(0, True, False)], 2)

    worded(office, "Delivery within thirty days.")
    case = office.decide(case, "E-021", "send_back", note="the contract has changed")
    case = office.decide(case, "E-021", "approve")
    assert case.revision == 1
    assert told(office, case)[1:] == [(41, False, True)]
    assert model.asked == 3, "that it wants to search was answered before; what it makes of other words was not"
    assert office.told(case).count("contract.advised") == 2
    assert verify(office.store).fault is None
    found = asyncio.run(Replays(office.store, unopened).replay(case.number))
    assert (found.fault, found.calls) == (None, 3)
