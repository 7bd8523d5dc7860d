"""All checks of an order against vendor, contract and past, judged by policy: one `Check`.

A rule is a function of a `Subject` that yields findings, in the file of its matter, with its name in that file's `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from signoff.domain.checks import contract, order, prices, quantities
from signoff.domain.checks.figures import bounded
from signoff.domain.checks.subject import Subject
from signoff.domain.findings import Finding
from signoff.domain.order import OrderType
from signoff.domain.stages import Check

Rule = Callable[[Subject], Iterable[Finding]]

ALWAYS: tuple[Rule, ...] = order.ALWAYS
RULES: tuple[Rule, ...] = (*contract.RULES, *prices.RULES, *quantities.RULES, *order.RULES)


def check(subject: Subject, more: Iterable[Finding] = ()) -> Check:
    """What the rules find, and `more` (the vendor's findings), with the severities of the policy, gravest first."""
    vendor, agreed = subject.vendor, subject.contract
    vendor_id, category = (vendor.vendor_id, vendor.category) if vendor else (None, None)
    contract_id = agreed.contract_id if agreed else None
    rules = ALWAYS if subject.order.order_type is OrderType.CANCELLATION else (*ALWAYS, *RULES)
    raised = [*more, *(found for rule in rules for found in rule(subject))]
    judged = (subject.policy.judge(found, vendor_id, category, contract_id) for found in raised)
    findings = sorted((f for f in judged if f), key=lambda f: (-f.severity.rank, f.code, f.field, f.message))
    return Check(
        match=subject.match, contract_id=contract_id, category=category, base_amount=bounded(subject.base_amount), findings=tuple(findings)
    )
