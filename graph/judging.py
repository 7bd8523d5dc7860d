"""The check of an order against vendor, contract, past and policy: a pure function, and what it needs from the store."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from signoff.domain.checks.checking import check
from signoff.domain.checks.selection import select
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.vendor import vendor_findings
from signoff.domain.contract import Contract
from signoff.domain.errors import NeedsPerson
from signoff.domain.facts import Facts
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import Order, OrderType
from signoff.domain.policy import Policy
from signoff.domain.stages import Check, VerifiedOrder
from signoff.domain.vendor import Vendor, VendorMatch
from signoff.graph.desk import Desk
from signoff.graph.services import Services
from signoff.tools.history import Looking


def agreed_with(desk: Desk, order: Order, match: VendorMatch) -> Contract | None:
    """The contract that holds for the order, if one does."""
    services = desk.services
    return select(order, services.vendors.get(match.vendor_id or ""), services.contracts_of(match.vendor_id), desk.now.date())


def looked(desk: Desk) -> tuple[Contract | None, Facts, Check]:
    """The contract, what the past says, and what the checks make of the case's verified order. Writes nothing."""
    services = desk.services
    order, match = desk.load("verified", VerifiedOrder).order, desk.load("match", VendorMatch)
    agreed = agreed_with(desk, order, match)
    facts = Looking(services.store.past, services.policy, desk.now.date(), desk.number).facts(order, match.vendor_id, agreed)
    return agreed, facts, judged(services, order, match, agreed, facts)


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
