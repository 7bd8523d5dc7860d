"""The route of a case: what `domain/checks/routing.py` says of its checked order, with the vendor, contract and day it is routed by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from signoff.domain.advice import RoutingAdvice
from signoff.domain.checks.matching import Setting
from signoff.domain.checks.routing import route
from signoff.domain.contract import Contract
from signoff.domain.facts import Facts
from signoff.domain.stages import CheckedOrder, Route
from signoff.domain.vendor import Vendor
from signoff.graph.desk import Desk


def route_of(desk: Desk, advice: RoutingAdvice | None = None) -> Route:
    """The sign-offs that the case needs. Raises `NeedsPerson` when policy leaves nobody to ask."""
    services, checked = desk.services, desk.checked()
    return route(checked, services.policy, services.people, services.policy_hash, advice, setting_of(desk, checked))


def setting_of(desk: Desk, checked: CheckedOrder) -> Setting:
    """What the case is routed by besides its order; the contract as it stood on the order's day."""
    services, check = desk.services, checked.check
    known = services.contracts_of(check.match.vendor_id, checked.verified.order.issue_date or desk.load("facts", Facts).today)
    return setting(checked, services.vendors.get(check.match.vendor_id or ""), known, desk.case.format, desk.now.date())


def setting(checked: CheckedOrder, vendor: Vendor | None, known: Iterable[Contract], format: str, day: dt.date) -> Setting:
    """The same of an order and its vendor, `known` being that vendor's contracts as they stood on the order's day."""
    contract = next((c for c in known if c.contract_id == checked.check.contract_id), None)
    return Setting(vendor=vendor, contract=contract, format=format, day=day)
