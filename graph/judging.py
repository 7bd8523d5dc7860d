"""The check of an order against vendor, contract, past and policy: a pure function, and what it needs from the store."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Protocol

from signoff.domain.advice import ContractAdvice
from signoff.domain.checks.checking import check
from signoff.domain.checks.committed import committed
from signoff.domain.checks.selection import select
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.vendor import vendor_findings
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.contract import Contract
from signoff.domain.errors import NeedsPerson
from signoff.domain.facts import Facts, PastOrder
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import Order, OrderType
from signoff.domain.policy import Policy, Tolerances
from signoff.domain.stages import Check, VerifiedOrder
from signoff.domain.vendor import Vendor, VendorMatch
from signoff.graph.desk import Desk
from signoff.tools.looking_back import Agreed, Looking


class Known(Protocol):
    """What is judged with: the policy, the vendors and their contracts."""

    @property
    def policy(self) -> Policy: ...
    @property
    def vendors(self) -> VendorBook: ...
    def contracts_of(self, vendor_id: str | None, day: dt.date | None = None) -> tuple[Contract, ...]: ...


def agreed_with(desk: Desk, order: Order, match: VendorMatch) -> Contract | None:
    """The contract that holds for the order, if one does."""
    services, today = desk.services, desk.now.date()
    own = services.contracts_of(match.vendor_id, order.issue_date or today)
    return select(order, services.vendors.get(match.vendor_id or ""), own, today)


def looked(desk: Desk) -> tuple[Contract | None, Facts, Check]:
    """The contract, what the past says, and what the checks make of the case's verified order. Writes nothing."""
    services, today = desk.services, desk.now.date()
    order, match = desk.load("verified", VerifiedOrder).order, desk.load("match", VendorMatch)
    agreed, supplier = agreed_with(desk, order, match), services.vendors.get(match.vendor_id or "")
    looking = Looking(services.store.past, _tolerances(services, supplier, agreed), today, desk.number)
    contracts = services.contracts_of(match.vendor_id, order.issue_date or today)
    facts = looking.facts(order, Agreed(supplier, agreed, contracts))
    return agreed, facts, judged(services, order, match, agreed, facts)


def judged(services: Known, order: Order, match: VendorMatch, agreed: Contract | None, facts: Facts) -> Check:
    """The check as a pure function of order, match, contract, facts and policy."""
    subject, assumed = _subject(services, order, match, agreed, facts)
    order = subject.order
    found = check(subject, [*assumed, *vendor_findings(order, match, subject.vendor, services.policy, facts.today)])
    return found.model_copy(update={"currency": order.currency})


def advised(found: Check, advice: ContractAdvice | None, policy: Policy) -> Check:
    """The check with what the contract agent found besides, as policy judges it. Nothing that code found is ever left out."""
    if advice is None:
        return found
    proposed = [*advice.findings, *_could_not(advice.failed)]
    ruled = (policy.judge(f, found.match.vendor_id, found.category, found.contract_id) for f in proposed)
    return found.model_copy(update={"findings": (*found.findings, *(f for f in ruled if f is not None))})


def _could_not(failed: str | None) -> list[Finding]:
    """An advice that could not be had is a warning: a check that could not run did not pass."""
    if failed is None:
        return []
    told = finding(Code.LOW_CONFIDENCE, f"The contract agent could not look at this order: {failed}")
    return [told.model_copy(update={"severity": Severity.WARNING})]


def twin_of(found: Check) -> Finding | None:
    """The finding that says the very same order is here already."""
    return next((f for f in found.findings if f.code is Code.DUPLICATE_ORDER and f.evidence.get("same_content")), None)


def remembered(desk: Desk, agreed: Contract | None, facts: Facts) -> PastOrder:
    """The case's verified order as later ones look back on it: what it commits, and what it takes of contracts."""
    order, match = desk.load("verified", VerifiedOrder).order, desk.load("match", VendorMatch)
    return committed(_subject(desk.services, order, match, agreed, facts)[0], desk.case.case_id)


def _subject(services: Known, order: Order, match: VendorMatch, agreed: Contract | None, facts: Facts) -> tuple[Subject, list[Finding]]:
    """What the checks look at, and what had to be assumed to make it."""
    policy, supplier = services.policy, services.vendors.get(match.vendor_id or "")
    order, assumed = _in_currency(order, agreed, supplier)
    base_amount, unrated = _base_amount(policy, order, facts.today)
    subject = Subject(
        order=order, match=match, vendor=supplier, contract=agreed,
        contracts=services.contracts_of(match.vendor_id, order.issue_date or facts.today),
        facts=facts, policy=policy, tolerances=_tolerances(services, supplier, agreed), base_amount=base_amount,
    )  # fmt: skip
    return subject, [*assumed, *unrated]


def _tolerances(services: Known, supplier: Vendor | None, agreed: Contract | None) -> Tolerances:
    """Those that hold for the vendor, its category and the contract."""
    vendor, category = (supplier.vendor_id, supplier.category) if supplier else (None, None)
    return services.policy.tolerances_for(vendor, category, agreed.contract_id if agreed else None)


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
            evidence = {kind: name, "order": "/currency"}
            told = finding(Code.FIELD_MISSING, message, field="/currency", expected=currency, evidence=evidence)
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
