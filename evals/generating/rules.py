"""A small model of what the generated company decided, written for itself: who answers for what, and who signs how much.

It says what `policy.yaml` of the dataset says (see `writing`), and shares no code with Signoff's routing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_UP, Decimal

from signoff.evals.generating.company import RATES, Company, Person, Vendor
from signoff.evals.generating.paper import CENT, Expected, Order

OWNERS = {
    "compliance": "vendor_unknown vendor_on_hold vendor_blocked vendor_lookalike bank_details_changed certificate_expired",
    "legal": "contract_expired contract_not_started",
    "procurement_manager": "spend_cap_exceeded split_order",
    "controlling": "budget_exceeded",
    "planner": "below_minimum above_maximum not_a_multiple unit_mismatch lead_time_too_short",
}
"""Who answers for a finding; buyers for all others."""
WARNINGS = [
    "item_off_contract",
    "contract_missing",
    "discount_missed",
    "below_minimum",
    "above_maximum",
    "not_a_multiple",
    "payment_terms_differ",
    "delivery_terms_differ",
    "lead_time_too_short",
    "near_duplicate_order",
    "order_changed",
    "split_order",
    "certificate_expired",
]
"""Findings that an order needs a sign-off for; `INFO` are only shown, and all others stop it."""
INFO = ("price_below_contract", "requester_is_approver")
SMALL, LARGE = Decimal(1000), Decimal(50000)


def owner(code: str) -> str:
    return next((role for role, codes in OWNERS.items() if code in codes.split()), "buyer")


def base_amount(order: Order) -> Decimal:
    """What the order costs in euros, rounded up to the cent."""
    return (order.total * RATES[order.currency]).quantize(CENT, ROUND_UP)


def managers(company: Company, requester: Person, amount: Decimal) -> list[str]:
    """The requester's managers who have a limit, up to the first whose limit covers the amount."""
    signing: list[str] = []
    above = requester.manager
    while above:
        boss = company.person(above)
        signing += [boss.person_id] if boss.limit is not None else []
        if boss.limit is not None and boss.limit >= amount:
            break
        above = boss.manager
    return signing


def route(company: Company, order: Order, vendor: Vendor | None, findings: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The sign-offs one after another: people by number, roles by name; those in one step at the same time."""
    amount, found = base_amount(order), [f for f in findings if f in WARNINGS]
    requester = next(p for p in company.people if p.name == order.requester)
    under = vendor is not None and vendor.special != "no_contract"
    steps: list[tuple[str, ...]] = []
    if under and found:
        steps.append(tuple(dict.fromkeys(owner(f) for f in found)))
    if amount > SMALL:
        steps += [(p,) for p in managers(company, requester, amount)]
    if amount > LARGE:
        steps.append(("cfo",))
    if vendor is not None and vendor.category == "it":
        steps.append(("it_security", "buyer"))
    if vendor is not None and vendor.category == "chemicals":
        steps.append(("compliance",))
    if not under:
        steps.append(("procurement_manager",))
    if "order_changed" in found:
        steps.append(("buyer",))
    return _once(company, requester, steps)


def _once(company: Company, requester: Person, steps: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Each sign-off at its last place; a role that only one person holds is that person, never the requester."""
    seen: set[str] = set()
    kept: list[tuple[str, ...]] = []
    for step in reversed(steps):
        who = [w for w in (_who(company, requester, s) for s in step) if w not in seen]
        seen |= set(who)
        kept += [tuple(who)] if who else []
    return tuple(reversed(kept))


def _who(company: Company, requester: Person, sign_off: str) -> str:
    holders = company.holding(sign_off)
    if not holders:
        return sign_off
    free = [p.person_id for p in holders if p is not requester]
    if not free:
        return requester.manager
    return free[0] if len(free) == 1 else sign_off


def expect(company: Company, order: Order, vendor: Vendor | None, made: Expected) -> Expected:
    """What becomes of the order: who is asked for what, by the codes that were put in.

    Doubt about the paper comes first, then blocking findings, then sign-offs; nothing of these, and it is posted unseen.
    """
    stopping = [f for f in made.findings if f not in WARNINGS and f not in INFO]
    asked = made.asked or tuple(dict.fromkeys(owner(f) for f in stopping))
    steps = () if asked else route(company, order, vendor, made.findings)
    outcome = "review" if made.asked else "exception" if stopping else "approval" if steps else "posted_unseen"
    return Expected(made.kind, made.findings, made.flags, outcome, asked, steps, made.posted)
