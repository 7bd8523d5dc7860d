"""The steps of a case. Each does its one thing, writes it down with its event in one transaction, and may run again:
after a crash it finds in the store what it had done. Where a case goes next is read from the store, in `where`.
"""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from signoff.domain.advice import ContractAdvice, RoutingAdvice
from signoff.domain.checks.verify import Verification
from signoff.domain.reading import DraftOrder, SetAside, Unread, Verdict
from signoff.domain.stages import Accepted, Answer, Approvals, ApprovedOrder, CheckedOrder, RoutedOrder, VerifiedOrder
from signoff.domain.states import State
from signoff.graph.autonomy import draw, judged
from signoff.graph.clockwork import pending
from signoff.graph.desk import SYSTEM, Desk, requester_of, verified_order
from signoff.graph.gates import VENDOR_FLAGS, exceptions_of, open_approval, open_exceptions, open_review
from signoff.graph.judging import advised, looked, remembered, twin_of
from signoff.graph.posting import post_order, request_posting
from signoff.graph.proving import certain, verification_of
from signoff.graph.road import CaseState, wants_extraction, where
from signoff.graph.routing import route_of
from signoff.graph.services import Services
from signoff.graph.store.rows import case_id


async def read(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Take what intake found on the paper: a draft goes on, what is no order or cannot be read ends here."""
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.RECEIVED and not wants_extraction(desk):
        with runtime.context.store.transaction():
            _read(desk)
    return where(desk)


def _read(desk: Desk) -> None:
    if desk.case.lane is None and (draft := desk.draft()):
        desk.set(lane=draft.lane, order_number=draft.order.order_number)
    if desk.case.lane is None:
        _end(desk)
    elif earlier := desk.services.store.cases.earlier_document(desk.case):
        reason = f"The same document was taken in before, as case {case_id(earlier)}."
        saved = desk.save("verification", verification_of(desk))
        desk.record("case.duplicate", to=State.DUPLICATE, reason=reason, of=case_id(earlier), steps=saved)
    else:
        desk.record("order.read", to=State.READ, format=desk.case.format, lane=desk.case.lane)


def _end(desk: Desk) -> None:
    """What lies before us is no order, or cannot be read."""
    if aside := desk.find("set_aside", SetAside):
        desk.record("case.set_aside", to=State.NOT_AN_ORDER, reason=aside.reason, kind=aside.kind)
    else:
        reason = desk.load("unread", Unread).reason
        desk.record("case.failed", to=State.FAILED, reason=reason)


async def verify(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Prove the reading, or ask a person to look at it."""
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.READ:
        verification = verification_of(desk)
        with runtime.context.store.transaction():
            _verify(desk, verification)
    return where(desk)


def _verify(desk: Desk, verification: Verification) -> None:
    draft = desk.drafted()
    corrected = desk.find("corrected", Answer) if desk.revision else None
    sent_back = desk.find("sent_back", Answer) if desk.revision else None
    known = certain(draft, verification.reading, corrected is not None)
    permit, lacks = judged(desk, draft, verification.reading)
    if covered := not known and lacks is None and sent_back is None:
        certified = verification.reading.model_copy(update={"certified": True})
        verification = verification.model_copy(update={"reading": certified})
    reading = verification.reading
    saved = desk.save("verification", verification) | (desk.save("permit", permit) if permit.certificate else {})
    told: dict[str, Any] = {"certificate": permit.certificate} if covered else {}
    desk.record(
        "reading.verified", verdict=reading.verdict, reasons=list(reading.reasons), confidence=f"{reading.confidence:.4f}", steps=saved,
        **told,
    )  # fmt: skip
    if (known or covered) and sent_back is None:
        saved = desk.save("verified", verified_order(draft, reading, corrected))
        desk.record("order.verified", corrected.person if corrected else SYSTEM, to=State.VERIFIED, steps=saved)
        if corrected is None:
            draw(desk, permit, covered)
    else:
        reason = _why_review(draft, verification, sent_back, lacks)
        open_review(desk, reason)
        desk.record("review.asked", to=State.NEEDS_REVIEW, reason=reason, standing=pending(desk))


def _why_review(draft: DraftOrder, verification: Verification, sent_back: Answer | None, lacks: str | None) -> str:
    if sent_back:
        return f"Sent back by {sent_back.person}: {sent_back.note or 'please look at the reading again'}."
    if verification.reading.verdict is Verdict.CLEAR:
        return f"It was read from a {draft.format} document ({draft.lane}), and {lacks}; a person confirms it."
    messages = [f.message for f in exceptions_of(verification.findings)]
    return " ".join(messages) or "A critical field could not be proved: " + ", ".join(verification.reading.reasons) + "."


async def vendor(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Find the supplier in the vendor master."""
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.VERIFIED and not desk.has("match"):
        order = desk.load("verified", VerifiedOrder).order
        match = runtime.context.vendors.match(order.supplier)
        with runtime.context.store.transaction():
            desk.record("vendor.matched", vendor=match.vendor_id, how=match.how, steps=desk.save("match", match))
            desk.set(vendor_id=match.vendor_id)
    return where(desk)


async def contract(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Check the order against contract, past and budget; what blocks goes to the people who own it.

    Looking back and being counted happen in one transaction, so that two orders cannot both take the last of a cap.
    """
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.VERIFIED:
        with runtime.context.store.transaction():
            _check(desk)
    return where(desk)


def _check(desk: Desk) -> None:
    services = desk.services
    verified = desk.load("verified", VerifiedOrder)
    services.store.past.release(desk.number)
    agreed, facts, found = looked(desk)
    found = advised(found, desk.find("contract_advice", ContractAdvice), services.policy)
    saved = desk.save("facts", facts) | desk.save("check", found)
    blocking = exceptions_of(found.findings)
    desk.set(contract_id=found.contract_id)
    told: dict[str, Any] = {"findings": [f.code for f in found.findings], "amended_by": list(agreed.amended) if agreed else []}
    desk.record("order.checked", policy=services.policy_hash, steps=saved, **told)
    if twin := twin_of(found):
        desk.record("case.duplicate", to=State.DUPLICATE, reason=twin.message, of=twin.evidence["reference"])
        return
    services.store.past.register(desk.number, remembered(desk, agreed, facts), found.contract_id)
    if not blocking:
        CheckedOrder(verified=verified, check=found)
        desk.record("order.accepted", to=State.CHECKED, steps=desk.save("accepted", Accepted()))
        return
    open_exceptions(desk, found)
    flagged = any(f.code in VENDOR_FLAGS for f in blocking)
    state = State.ON_HOLD if flagged else State.NEEDS_REVIEW
    reason = " ".join(f.message for f in blocking)
    desk.record("exceptions.asked", to=state, reason=reason, codes=[f.code for f in blocking], standing=pending(desk))


async def route(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Find who must sign. When nobody must, that is a decision like any other and stands in the record."""
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.CHECKED:
        checked, found = desk.checked(), route_of(desk, desk.find("routing_advice", RoutingAdvice))
        requester = requester_of(runtime.context.people, checked.verified.order)
        routed = RoutedOrder(checked=checked, route=found, requester=requester)
        with runtime.context.store.transaction(durable=True):
            _route(desk, routed)
    return where(desk)


def _route(desk: Desk, routed: RoutedOrder) -> None:
    services, found = desk.services, routed.route
    told: dict[str, Any] = {"rules": list(found.rules), "signoffs": len(found.steps), "policy": services.policy_hash}
    desk.record("order.routed", to=State.ROUTED, steps=desk.save("route", found), **told)
    if found.steps:
        open_approval(desk, found.steps[0], 0)
        desk.record("approval.asked", to=State.NEEDS_APPROVAL, reason=found.steps[0].why, step=0, standing=pending(desk))
    else:
        approved = ApprovedOrder(routed=routed)
        desk.record("order.approved", "policy", to=State.APPROVED, steps=desk.save("approvals", Approvals()), rules=list(found.rules))
        request_posting(desk, approved)


async def post(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Write the approved order to the ERP, exactly once."""
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.APPROVED:
        await post_order(desk)
    return where(desk)
