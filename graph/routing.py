"""The route of a case: what `domain/checks/routing.py` says of its checked order, with the vendor, contract and day it is routed by."""

from __future__ import annotations

from signoff.domain.advice import RoutingAdvice
from signoff.domain.checks.matching import Setting
from signoff.domain.checks.routing import route
from signoff.domain.facts import Facts
from signoff.domain.stages import CheckedOrder, Route
from signoff.graph.desk import Desk


def route_of(desk: Desk, advice: RoutingAdvice | None = None) -> Route:
    """The sign-offs that the case needs. Raises `NeedsPerson` when policy leaves nobody to ask."""
    services, checked = desk.services, desk.checked()
    return route(checked, services.policy, services.people, services.policy_hash, advice, setting_of(desk, checked))


def setting_of(desk: Desk, checked: CheckedOrder) -> Setting:
    """What the case is routed by besides its order; the contract as it stood on the order's day."""
    services, check = desk.services, checked.check
    day = checked.verified.order.issue_date or desk.load("facts", Facts).today
    known = services.contracts_of(check.match.vendor_id, day)
    return Setting(
        vendor=services.vendors.get(check.match.vendor_id or ""),
        contract=next((c for c in known if c.contract_id == check.contract_id), None),
        format=desk.case.format,
        day=desk.now.date(),
    )
