"""Agents for the office: a model that says what it is told to, and a node that asks it for a brief."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from langgraph.runtime import Runtime
from office import Office

from signoff.agents.asking import Asker
from signoff.agents.crew import Crew
from signoff.agents.ledger import ToolCall
from signoff.agents.messages import Message, ModelFailed, Question, Reply, Usage
from signoff.domain.advice import RoutingAdvice
from signoff.graph.calls import case_ledger
from signoff.graph.desk import Desk
from signoff.graph.flow import STEPS, build
from signoff.graph.road import CaseState, wants_routing_advice, where
from signoff.graph.services import Services, short
from signoff.tools.access import Access
from signoff.tools.orders.transcript import Member, Transcript

ACCESS = (Path(__file__).parents[2] / "app" / "workspace_template" / "access.cedar").read_text(encoding="utf-8")
NAMES = ("people", "vendors", "contracts")


def reply(text: str = "Twelve pumps for the yard.", cost: str | None = "0.0021") -> Reply:
    usage = Usage(input_tokens=900, output_tokens=40)
    return Reply(
        text=text, finish_reason="stop", model="small-1", usage=usage, cost=Decimal(cost) if cost else None, attempts=2, latency_ms=750
    )


def question(text: str = "What is this order about?", agent: str = "routing") -> Question:
    messages = (Message(role="system", content="You brief people."), Message(role="user", content=text))
    return Question(agent=agent, prompt_name="routing", prompt_hash="p" * 64, messages=messages)


class Scripted:
    """Says its lines, and fails with those that are failures; more than it has lines it is not asked."""

    name, provider, takes_images, keeps_tools = "small", "test", False, False

    def __init__(self, *lines: Reply | ModelFailed) -> None:
        self.lines = list(lines)

    async def complete(self, question: Question) -> Reply:
        assert self.lines, "nobody may be asked again"
        line = self.lines.pop(0)
        if isinstance(line, ModelFailed):
            raise line
        return line

    async def stream(self, question: Question) -> AsyncIterator[str | Reply]:
        yield await self.complete(question)


class Free:
    def allow(self, ledger: object, question: Question) -> None: ...
    def spent(self, reply: Reply) -> None: ...


async def unopened(name: str, sha256: str, member: Member) -> Transcript:
    raise AssertionError("no document is opened here")


async def rest() -> None: ...


def crew(*lines: Reply | ModelFailed) -> Crew:
    free = Free()
    return Crew(model=Scripted(*lines), budget=free, chat_budget=free, access=Access(ACCESS), open=unopened, rest=rest, close=lambda: None)


def asker(services: Services, number: int) -> Asker:
    assert services.crew is not None
    return Asker(services.crew.model, case_ledger(services, number), services.crew.budget, services.clock)


async def brief(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """A routing agent that uses a tool once and asks once."""
    desk = Desk(runtime.context, state["case"])
    if wants_routing_advice(desk):
        asking = asker(runtime.context, desk.number)
        known = asking.ledger.recall_tool("routing", 0, "spend", "{}")
        if known is None:
            known = ToolCall(agent="routing", turn=0, name="spend", arguments="{}", outcome="ok", result="440 EUR", at=desk.now.isoformat())
            asking.ledger.record_tool(known)
        try:
            advice = RoutingAdvice(brief=(await asking.ask(question(f"{desk.case.order_number}, {known.result}"))).text)
        except ModelFailed as failed:
            advice = RoutingAdvice(failed=str(failed))
        with runtime.context.store.transaction():
            desk.record("route.advised", steps=desk.save("routing_advice", advice))
    return where(desk)


GRAPH: dict[str, Any] = STEPS | {"brief": brief}


def staffed(office: Office, *lines: Reply | ModelFailed) -> Office:
    """The office with agents, from now on."""
    office.services = replace(office.services, crew=crew(*lines))
    office.graph = build(GRAPH).compile(checkpointer=office.saver)
    return keeping(office)


def keeping(office: Office) -> Office:
    """The office with everything it decides with on record, as a workspace has it."""
    services, masters = office.services, office.store.masters
    with office.store.transaction():
        masters.keep_policy(services.policy_hash, services.policy.model_dump_json())
        masters.replace_people(list(services.people))
        masters.replace_vendors(list(services.vendors))
        masters.put_contracts([c for of_vendor in services.contracts.values() for c in of_vendor])
        if services.crew:
            masters.keep("access", services.crew.access.text)
    office.services = replace(services, masters=tuple(short(masters.digest(name)) for name in NAMES))
    return office
