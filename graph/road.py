"""Where a case goes next, from what the store says of it: the one place that decides it.

Agents are asked only where a model is configured, where policy lets them help, and where something is open for them.
"""

from __future__ import annotations

from typing import TypedDict

from langgraph.graph import END

from signoff.domain.checks.routing import route
from signoff.domain.errors import NeedsPerson
from signoff.domain.findings import Code
from signoff.domain.reading import Lane, Unread, Verdict
from signoff.domain.stages import VerifiedOrder
from signoff.domain.states import ENDED, State
from signoff.domain.vendor import VendorMatch
from signoff.graph.desk import Desk
from signoff.graph.judging import agreed_with, looked
from signoff.graph.proving import verification_of


class CaseState(TypedDict):
    """What LangGraph carries: which case, and where it goes next. Everything else lives in the store."""

    case: int
    next: str


NEXT = {
    State.NEEDS_APPROVAL: "approve",
    State.ON_HOLD: "exceptions",
    State.APPROVED: "post",
}


def where(desk: Desk) -> CaseState:
    """Where the case goes next, from what the store says of it."""
    state = desk.case.state
    if state in ENDED:
        return {"case": desk.number, "next": END}
    if state in (State.RECEIVED, State.READ):
        own = "read" if state is State.RECEIVED else "verify"
        return {"case": desk.number, "next": "extract" if wants_extraction(desk) else own}
    if state is State.VERIFIED:
        own = "advise" if wants_contract_advice(desk) else "contract"
        return {"case": desk.number, "next": own if desk.has("match") else "vendor"}
    if state is State.CHECKED:
        return {"case": desk.number, "next": "brief" if wants_routing_advice(desk) else "route"}
    if state is State.NEEDS_REVIEW:
        return {"case": desk.number, "next": "exceptions" if desk.has("check") else "review"}
    return {"case": desk.number, "next": NEXT[state]}


def wants_extraction(desk: Desk) -> bool:
    """Whether the extraction agent should look: the other lanes left the reading in doubt, or could not read the document."""
    services = desk.services
    if services.crew is None or not services.policy.agents.extraction or desk.revision or desk.has("extracted"):
        return False
    if desk.case.state is State.RECEIVED:
        unread = desk.case.lane is None and desk.find("unread", Unread) is not None
        return unread and not services.store.cases.earlier_document(desk.case)
    draft = desk.drafted()
    return draft.lane is not Lane.STRUCTURED and verification_of(desk).reading.verdict is Verdict.DOUBTFUL


def wants_contract_advice(desk: Desk) -> bool:
    """Whether the contract agent should look: there is a contract, and lines it does not list or words that code cannot weigh."""
    services = desk.services
    rule = services.policy.agents.contract_check
    if services.crew is None or rule == "never" or not desk.has("match") or desk.has("contract_advice"):
        return False
    order = desk.load("verified", VerifiedOrder).order
    agreed = agreed_with(desk, order, desk.load("match", VendorMatch))
    if agreed is None or rule == "always":
        return agreed is not None
    return bool(order.notes and agreed.clauses) or any(f.code is Code.ITEM_OFF_CONTRACT for f in looked(desk)[2].findings)


def wants_routing_advice(desk: Desk) -> bool:
    """Whether the routing agent should look: somebody is going to sign, or policy wants its brief on every order."""
    services = desk.services
    rule = services.policy.agents.routing
    if services.crew is None or rule == "never" or desk.has("routing_advice"):
        return False
    try:
        return rule == "always" or bool(route(desk.checked(), services.policy, services.people, services.policy_hash).steps)
    except NeedsPerson:
        return False
