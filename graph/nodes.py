"""The steps of a case. Each does its one thing, writes it down with its event in one transaction, and may run again:
after a crash it finds in the store what it had done. Where a case goes next is read from the store, in `where`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, TypedDict

from langgraph.graph import END
from langgraph.runtime import Runtime

from signoff.domain.checks.checking import check
from signoff.domain.checks.content import digest
from signoff.domain.checks.routing import route as route_order
from signoff.domain.checks.selection import select
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.vendor import vendor_findings
from signoff.domain.checks.verify import Verification
from signoff.domain.checks.verify import verify as verify_reading
from signoff.domain.contract import Contract
from signoff.domain.errors import NeedsPerson
from signoff.domain.facts import Facts, PastOrder
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import Order, OrderType
from signoff.domain.policy import Policy
from signoff.domain.reading import DraftOrder, Lane, SetAside, Unread, Verdict, Witness
from signoff.domain.stages import Accepted, Answer, Approvals, ApprovedOrder, Check, CheckedOrder, Route, RoutedOrder, VerifiedOrder
from signoff.domain.states import ENDED, State
from signoff.domain.vendor import Vendor, VendorMatch
from signoff.graph.desk import SYSTEM, Desk, requester_of, verified_order
from signoff.graph.gates import VENDOR_FLAGS, exceptions_of, open_approval, open_exceptions, open_review
from signoff.graph.posting import post_order, request_posting
from signoff.graph.services import Services
from signoff.graph.store.port import case_id
from signoff.tools.history import Looking


class CaseState(TypedDict):
    """What LangGraph carries: which case, and where it goes next. Everything else lives in the store."""

    case: int
    next: str


NEXT = {
    State.RECEIVED: "read",
    State.READ: "verify",
    State.CHECKED: "route",
    State.NEEDS_APPROVAL: "approve",
    State.ON_HOLD: "exceptions",
    State.APPROVED: "post",
}


def where(desk: Desk) -> CaseState:
    """Where the case goes next, from what the store says of it."""
    state = desk.case.state
    if state in ENDED:
        return {"case": desk.number, "next": END}
    if state is State.VERIFIED:
        return {"case": desk.number, "next": "contract" if desk.has("match") else "vendor"}
    if state is State.NEEDS_REVIEW:
        return {"case": desk.number, "next": "exceptions" if desk.has("check") else "review"}
    return {"case": desk.number, "next": NEXT[state]}


async def read(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Take what intake found on the paper: a draft goes on, what is no order or cannot be read ends here."""
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.RECEIVED:
        with runtime.context.store.transaction():
            _read(desk)
    return where(desk)


def _read(desk: Desk) -> None:
    if desk.case.lane is None:
        _end(desk)
    elif earlier := desk.services.store.cases.earlier_document(desk.case):
        reason = f"The same document was taken in before, as case {case_id(earlier)}."
        saved = desk.save("verification", _verified(desk))
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
        with runtime.context.store.transaction():
            _verify(desk)
    return where(desk)


def _verify(desk: Desk) -> None:
    draft, verification = desk.load("draft", DraftOrder), _verified(desk)
    reading = verification.reading
    saved = desk.save("verification", verification)
    corrected = desk.find("corrected", Answer) if desk.revision else None
    sent_back = desk.find("sent_back", Answer) if desk.revision else None
    certain = draft.lane is Lane.STRUCTURED or reading.certified or corrected is not None
    desk.record(
        "reading.verified", verdict=reading.verdict, reasons=list(reading.reasons), confidence=f"{reading.confidence:.4f}", steps=saved
    )
    if reading.verdict is Verdict.CLEAR and certain and sent_back is None:
        saved = desk.save("verified", verified_order(draft, reading, corrected))
        desk.record("order.verified", corrected.person if corrected else SYSTEM, to=State.VERIFIED, steps=saved)
    else:
        reason = _why_review(draft, verification, sent_back)
        open_review(desk, reason)
        desk.record("review.asked", to=State.NEEDS_REVIEW, reason=reason)


def _verified(desk: Desk) -> Verification:
    """The verdict on the draft; the vendor master is a witness where it knows a supplier of whom the paper gives only a number."""
    draft = desk.load("draft", DraftOrder)
    supplier = draft.order.supplier
    if not supplier.name and desk.services.vendors.match(supplier).vendor_id:
        known = (*draft.witnesses.get("/supplier", ()), Witness.VENDOR_MASTER)
        draft = draft.model_copy(update={"witnesses": draft.witnesses | {"/supplier": known}})
    return verify_reading(draft, desk.services.policy)


def _why_review(draft: DraftOrder, verification: Verification, sent_back: Answer | None) -> str:
    if sent_back:
        return f"Sent back by {sent_back.person}: {sent_back.note or 'please look at the reading again'}."
    if verification.reading.verdict is Verdict.CLEAR:
        return f"It was read from a {draft.format} document ({draft.lane}); a person confirms what no structured format says."
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
    match = desk.load("match", VendorMatch)
    order, today = verified.order, desk.now.date()
    agreed = select(order, services.vendors.get(match.vendor_id or ""), services.contracts_of(match.vendor_id), today)
    services.store.past.release(desk.number)
    facts = Looking(services.store.past, services.policy, today, desk.number).facts(order, match.vendor_id, agreed)
    found = judged(services, order, match, agreed, facts)
    saved = desk.save("facts", facts) | desk.save("check", found)
    blocking = exceptions_of(found.findings)
    desk.set(contract_id=found.contract_id)
    desk.record("order.checked", findings=[f.code for f in found.findings], policy=services.policy_hash, steps=saved)
    if twin := _twin(found):
        desk.record("case.duplicate", to=State.DUPLICATE, reason=twin.message, of=twin.evidence["reference"])
        return
    services.store.past.register(desk.number, _past(desk, order, found), found.contract_id)
    if not blocking:
        CheckedOrder(verified=verified, check=found)
        desk.record("order.accepted", to=State.CHECKED, steps=desk.save("accepted", Accepted()))
        return
    open_exceptions(desk, blocking, requester_of(services.people, order))
    flagged = any(f.code in VENDOR_FLAGS for f in blocking)
    state = State.ON_HOLD if flagged else State.NEEDS_REVIEW
    desk.record("exceptions.asked", to=state, reason=" ".join(f.message for f in blocking), codes=[f.code for f in blocking])


def judged(services: Services, order: Order, match: VendorMatch, agreed: Contract | None, facts: Facts) -> Check:
    """The check as a pure function of order, match, contract, facts and policy."""
    policy = services.policy
    supplier = services.vendors.get(match.vendor_id or "")
    order, assumed = _in_currency(order, agreed, supplier)
    base_amount, unrated = _base_amount(policy, order, facts.today)
    tolerances = policy.tolerances_for(match.vendor_id, supplier.category if supplier else None, agreed.contract_id if agreed else None)
    subject = Subject(
        order=order, match=match, vendor=supplier, contract=agreed, contracts=services.contracts_of(match.vendor_id),
        facts=facts, policy=policy, tolerances=tolerances, base_amount=base_amount,
    )  # fmt: skip
    found = check(subject, [*assumed, *unrated, *vendor_findings(order, match, supplier, policy, facts.today)])
    return found.model_copy(update={"currency": order.currency})


def _in_currency(order: Order, agreed: Contract | None, supplier: Vendor | None) -> tuple[Order, list[Finding]]:
    """The order in its currency. A silent one is in the contract's, else the vendor's, and a person is told so.

    EDI orders between partners in one country usually name none (X12 850 without CUR).
    """
    if order.currency or order.order_type is OrderType.CANCELLATION:
        return order, []
    sources = (
        ("contract", agreed and agreed.contract_id, agreed and agreed.currency),
        ("vendor", supplier and supplier.vendor_id, supplier and supplier.currency),
    )
    for kind, name, currency in sources:
        if currency:
            message = f"The document states no currency; its amounts are taken as {currency}, the currency of {kind} {name}."
            told = finding(Code.FIELD_MISSING, message, field="/currency", expected=currency, evidence={kind: name})
            return order.model_copy(update={"currency": currency}), [told.model_copy(update={"severity": Severity.WARNING})]
    return order, [
        finding(Code.FIELD_MISSING, "The document states no currency, and neither contract nor vendor has one.", field="/currency")
    ]


def _base_amount(policy: Policy, order: Order, today: dt.date) -> tuple[Decimal | None, list[Finding]]:
    """What the order commits in base currency; a cancellation commits nothing."""
    if order.order_type is OrderType.CANCELLATION:
        return Decimal(0), []
    if order.amount is None or order.currency is None:
        return None, []
    try:
        return policy.fx.convert(order.amount, order.currency, policy.base_currency, order.issue_date or today), []
    except NeedsPerson as error:
        return None, [finding(Code.FIELD_MISSING, str(error), field="/currency", actual=order.currency)]


def _twin(found: Check) -> Finding | None:
    """The finding that says the very same order is here already."""
    return next((f for f in found.findings if f.code is Code.DUPLICATE_ORDER and f.evidence.get("same_content")), None)


def _past(desk: Desk, order: Order, found: Check) -> PastOrder:
    return PastOrder(
        reference=desk.case.case_id, vendor_id=found.match.vendor_id, order_number=order.order_number, buyer=order.buyer.name,
        issue_date=order.issue_date or desk.now.date(), requester=order.requester, cost_center=order.cost_center,
        currency=found.currency, amount=order.amount, base_amount=found.base_amount, content=digest(order),
    )  # fmt: skip


async def route(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Find who must sign. When nobody must, that is a decision like any other and stands in the record."""
    desk = Desk(runtime.context, state["case"])
    if desk.case.state is State.CHECKED:
        with runtime.context.store.transaction(durable=True):
            _route(desk)
    return where(desk)


def _route(desk: Desk) -> None:
    services = desk.services
    checked = desk.checked()
    found: Route = route_order(checked, services.policy, services.people, services.policy_hash)
    routed = RoutedOrder(checked=checked, route=found, requester=requester_of(services.people, checked.verified.order))
    told: dict[str, Any] = {"rules": list(found.rules), "signoffs": len(found.steps), "policy": services.policy_hash}
    desk.record("order.routed", to=State.ROUTED, steps=desk.save("route", found), **told)
    if found.steps:
        open_approval(desk, found.steps[0], 0)
        desk.record("approval.asked", to=State.NEEDS_APPROVAL, reason=found.steps[0].why, step=0)
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
