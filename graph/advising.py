"""The steps in which agents give their advice. Each asks, then writes down what came of it; nothing here decides anything.

A node runs again after a crash: what was paid for is found in the record of calls, so nothing is paid for twice.
"""

from __future__ import annotations

from langgraph.runtime import Runtime

from signoff.domain.advice import ContractAdvice, Extraction, RoutingAdvice
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.policy import Policy
from signoff.domain.stages import Check
from signoff.graph.desk import Desk
from signoff.graph.road import CaseState, wants_contract_advice, wants_extraction, wants_routing_advice, where
from signoff.graph.services import Services


async def extract(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Let the extraction agent look at what the other lanes left open."""
    desk = Desk(runtime.context, state["case"])
    if wants_extraction(desk):
        found = await _extraction(desk)
        with runtime.context.store.transaction():
            read = [f.pointer for f in found.fields]
            desk.record("order.extracted", "extraction", fields=read, failed=found.failed, steps=desk.save("extracted", found))
    return where(desk)


async def advise(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Let the contract agent look at what code could not compare with the contract."""
    desk = Desk(runtime.context, state["case"])
    if wants_contract_advice(desk):
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
        found = await _routing_advice(desk)
        with runtime.context.store.transaction():
            reviewers = [r.role or r.person for r in found.reviewers]
            saved = desk.save("routing_advice", found)
            desk.record("route.advised", "routing", reviewers=reviewers, failed=found.failed, steps=saved)
    return where(desk)


async def _extraction(desk: Desk) -> Extraction:
    raise NotImplementedError


async def _contract_advice(desk: Desk) -> ContractAdvice:
    raise NotImplementedError


async def _routing_advice(desk: Desk) -> RoutingAdvice:
    raise NotImplementedError


def advised(found: Check, advice: ContractAdvice | None, policy: Policy) -> Check:
    """The check with what the contract agent found besides, as policy judges it. Nothing that code found is ever left out."""
    if advice is None:
        return found
    proposed = [*advice.findings, *_could_not(advice.failed)]
    judged = (policy.judge(f, found.match.vendor_id, found.category, found.contract_id) for f in proposed)
    return found.model_copy(update={"findings": (*found.findings, *(f for f in judged if f is not None))})


def _could_not(failed: str | None) -> list[Finding]:
    """An advice that could not be had is a warning: a check that could not run did not pass."""
    if failed is None:
        return []
    told = finding(Code.LOW_CONFIDENCE, f"The contract agent could not look at this order: {failed}")
    return [told.model_copy(update={"severity": Severity.WARNING})]
