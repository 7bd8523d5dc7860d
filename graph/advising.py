"""The steps in which agents give their advice. Each asks, then writes down what came of it; nothing here decides anything.

A node runs again after a crash: what was paid for is found in the record of calls, so nothing is paid for twice.
"""

from __future__ import annotations

from langgraph.runtime import Runtime

from signoff.agents import contract_check, extraction, routing
from signoff.agents.asking import Asker
from signoff.agents.crew import Crew
from signoff.agents.lookups import ContractTools
from signoff.agents.toolbox import Toolbox, granted
from signoff.domain.advice import ContractAdvice, Extraction, ItemMatch, RoutingAdvice
from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput, SignoffError
from signoff.domain.findings import Code, Finding
from signoff.domain.order import Order
from signoff.domain.stages import VerifiedOrder
from signoff.graph import tracing
from signoff.graph.calls import case_ledger
from signoff.graph.desk import Desk
from signoff.graph.judging import judged, looked
from signoff.graph.proving import verification_of
from signoff.graph.rights import narrowed
from signoff.graph.road import CaseState, wants_contract_advice, wants_extraction, wants_routing_advice, where
from signoff.graph.routing import route_of
from signoff.graph.services import Services
from signoff.tools.access import agent
from signoff.tools.orders.transcript import Member


async def extract(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Let the extraction agent look at what the other lanes left open."""
    desk = Desk(runtime.context, state["case"])
    if wants_extraction(desk):
        with tracing.agent(extraction.NAME, desk.case.case_id):
            found = await _extraction(desk)
        with runtime.context.store.transaction():
            read = [f.pointer for f in found.fields]
            desk.record("order.extracted", "extraction", fields=read, failed=found.failed, steps=desk.save("extracted", found))
    return where(desk)


async def advise(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Let the contract agent look at what code could not compare with the contract."""
    desk = Desk(runtime.context, state["case"])
    if wants_contract_advice(desk):
        with tracing.agent(contract_check.NAME, desk.case.case_id):
            found = await _contract_advice(desk)
        with runtime.context.store.transaction():
            codes = [f.code for f in found.findings]
            saved = desk.save("contract_advice", found)
            desk.record("contract.advised", "contract_check", findings=codes, failed=found.failed, steps=saved)
    return where(desk)


async def brief(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Let the routing agent say who else should look, and brief those who sign."""
    desk = Desk(runtime.context, state["case"])
    if wants_routing_advice(desk):
        with tracing.agent(routing.NAME, desk.case.case_id):
            found = await _routing_advice(desk)
        with runtime.context.store.transaction():
            reviewers = [r.role or r.person for r in found.reviewers]
            saved = desk.save("routing_advice", found)
            desk.record("route.advised", "routing", reviewers=reviewers, failed=found.failed, steps=saved)
    return where(desk)


async def _extraction(desk: Desk) -> Extraction:
    crew = _crew(desk)
    draft = desk.draft()
    reasons = verification_of(desk).reading.reasons if draft else ()
    wanted = Member(name=desk.case.member, pictures=crew.model.takes_images)
    try:
        paper = await crew.open(desk.case.source, desk.case.file_sha256, wanted)
    except SignoffError as error:
        return Extraction(failed=str(error)[:4000])
    return await extraction.extract(_asker(desk, crew), draft, reasons, paper)


async def _contract_advice(desk: Desk) -> ContractAdvice:
    crew = _crew(desk)
    order = desk.load("verified", VerifiedOrder).order
    agreed, facts, found = looked(desk)
    if agreed is None:
        return ContractAdvice(failed="No contract holds for the order.")
    off_contract = tuple(_line_of(f) for f in found.findings if f.code is Code.ITEM_OFF_CONTRACT)
    asking = agent(contract_check.NAME)
    with narrowed(desk.services, crew.access.readable(asking)) as seen:
        toolbox = Toolbox([ContractTools(seen.store.masters, agreed.vendor_id).search_clauses], granted(crew.access, asking))
        advice = await contract_check.advise(_asker(desk, crew), order, agreed, off_contract, toolbox, desk.revision)
    matching = matched(order, agreed, advice.matches)
    follows = judged(desk.services, matching, found.match, agreed, facts).findings
    return advice.model_copy(update={"findings": (*advice.findings, *_following(follows, found.findings, advice, agreed))})


async def _routing_advice(desk: Desk) -> RoutingAdvice:
    services = desk.services
    checked = desk.checked()
    return await routing.advise(_asker(desk, _crew(desk)), checked, route_of(desk), choices(services))


def _crew(desk: Desk) -> Crew:
    if desk.services.crew is None:
        raise BadInput("No model is configured; set SIGNOFF_MODEL, see docs/models.md.")
    return desk.services.crew


def _asker(desk: Desk, crew: Crew) -> Asker:
    return Asker(crew.model, case_ledger(desk.services, desk.number), crew.budget, desk.services.clock)


def choices(services: Services) -> routing.Choices:
    """What the routing agent may choose from: what policy, people and vendors know."""
    whens = [rule.when for rule in services.policy.approvals]
    categories = {c for w in whens for c in w.categories} | {v.category for v in services.vendors if v.category}
    centers = {c for w in whens for c in w.cost_centers} | {b.cost_center for b in services.policy.budgets}
    centers |= {c for p in services.people for c in p.cost_centers}
    roles = {r for p in services.people for r in p.roles}
    return routing.Choices(
        categories=tuple(sorted(categories)), cost_centers=tuple(sorted(centers)), roles=tuple(sorted(roles)),
        people=tuple(sorted(p.person_id for p in services.people)),
    )  # fmt: skip


def matched(order: Order, agreed: Contract, matches: tuple[ItemMatch, ...]) -> Order:
    """The order as it would be if the agent is right: each matched line carries the agreed item's numbers and words."""
    lines = list(order.lines)
    for match in matches:
        item = agreed.prices[match.item]
        said = {k: getattr(item, k) for k in ("supplier_item_id", "buyer_item_id", "standard_item_id", "description")}
        lines[match.line] = lines[match.line].model_copy(update=said)
    return order.model_copy(update={"lines": tuple(lines)})


def _following(follows: tuple[Finding, ...], before: tuple[Finding, ...], advice: ContractAdvice, agreed: Contract) -> list[Finding]:
    """What code finds of a matched line that it did not find of it before."""
    known = {(f.code, f.field) for f in before}
    told = []
    for found in follows:
        match = next((m for m in advice.matches if f"{found.field}/".startswith(f"/lines/{m.line}/")), None)
        if match is not None and (found.code, found.field) not in known:
            item = agreed.prices[match.item]
            name = item.description or item.supplier_item_id or item.buyer_item_id
            message = (
                f"If line {match.line + 1} is the agreed item {name!r}, as the contract agent thinks ({match.why[:200]}): {found.message}"
            )
            told.append(found.model_copy(update={"message": message}))
    return told


def _line_of(found: Finding) -> int:
    return int(found.field.split("/")[2])
