"""Orders that together pass an approval threshold which each of them stays below.

Looked for in every span of days of the policy's length that holds the order's day: among what one person orders from the vendor, what
one cost centre orders from it, and what one person orders for one cost centre from vendors of the same category, as far as policy
says so (`split_orders`). So each of vendor, requester and cost centre may vary while the other two stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from signoff.domain.approvals import Rule
from signoff.domain.checks.duplicates import MOST_TOLD, name_of
from signoff.domain.checks.figures import NOTHING, money_text, plain, stake
from signoff.domain.checks.releases import release_of
from signoff.domain.checks.subject import Subject
from signoff.domain.facts import PastOrder
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import OrderType


class Sharing(NamedTuple):
    """Orders that have two things in common with this one; `name` for evidence, `words` for people."""

    name: str
    words: str
    orders: list[PastOrder]


class Split(NamedTuple):
    """A threshold that orders pass together."""

    limit: Decimal
    total: Decimal
    rule: Rule
    sharing: Sharing
    orders: list[PastOrder]


def split(subject: Subject) -> Iterator[Finding]:
    """The highest threshold that is passed together, with the orders that do, and what they share.

    Releases are parts of what was signed as a whole.
    """
    amount = subject.base_amount
    if subject.order.order_type is not OrderType.ORDER or amount is None or amount <= 0 or release_of(subject):
        return
    found = [s for limit, rule in _thresholds(subject) if amount <= limit for s in _splits(subject, amount, limit, rule)]
    if found:
        top = max(s.limit for s in found)
        yield _finding(subject, next(s for s in found if s.limit == top))


def _splits(subject: Subject, amount: Decimal, limit: Decimal, rule: Rule) -> Iterator[Split]:
    for sharing in _sharings(subject):
        below = [p for p in sharing.orders if p.base_amount is not None and 0 < p.base_amount <= limit]
        orders = _fullest(below, subject.day, subject.tolerances.split_window_days)
        total = amount + sum((p.base_amount or NOTHING for p in orders), NOTHING)
        if orders and total > limit:
            yield Split(limit, total, rule, sharing, orders)


def _sharings(subject: Subject) -> Iterator[Sharing]:
    """What this order has in common with earlier ones, two things at a time as policy says; what is not known is shared with nobody."""
    for pair in subject.policy.split_orders:
        fits = [FITS[name](subject) for name in (*pair, *(() if "vendor" in pair else ("category",)))]
        if all(words for words, _ in fits):
            orders = [p for p in subject.facts.window if all(fit(p) for _, fit in fits)]
            yield Sharing(" and ".join(pair).replace("_", " "), " ".join(words for words, _ in fits), orders)


Fit = tuple[str, Callable[[PastOrder], bool]]
"""What is shared in words, empty when it is not known of this order, and whether an earlier order shares it."""


def _vendor(subject: Subject) -> Fit:
    return "to this vendor", lambda past: past.vendor_id == subject.match.vendor_id


def _requester(subject: Subject) -> Fit:
    who = subject.order.requester
    return f"of {who}" if who else "", lambda past: past.requester == who


def _cost_center(subject: Subject) -> Fit:
    where = subject.order.cost_center
    return f"for cost centre {where}" if where else "", lambda past: past.cost_center == where


def _category(subject: Subject) -> Fit:
    category = subject.vendor.category if subject.vendor else None
    return f"to vendors of {category}" if category else "", lambda past: past.category == category


FITS: dict[str, Callable[[Subject], Fit]] = {
    "vendor": _vendor, "requester": _requester, "cost_center": _cost_center, "category": _category
}  # fmt: skip


def _fullest(orders: list[PastOrder], day: dt.date, days: int) -> list[PastOrder]:
    """Of the spans of so many days that hold the day, the orders of the one that comes to most; linear once sorted."""
    span = dt.timedelta(days=days)
    dated = sorted((o for o in orders if abs((o.issue_date or day) - day) <= span), key=lambda o: o.issue_date or day)
    best: tuple[Decimal, int, int] = (NOTHING, 0, 0)
    total, end = NOTHING, 0
    for start in range(len(dated)):
        first = min(dated[start].issue_date or day, day)
        while end < len(dated) and (dated[end].issue_date or day) <= max(first + span, day):
            total += dated[end].base_amount or NOTHING
            end += 1
        best = max(best, (total, -start, end))
        total -= dated[start].base_amount or NOTHING
    return dated[-best[1] : best[2]]


def _finding(subject: Subject, found: Split) -> Finding:
    base, names = subject.policy.base_currency, ", ".join(name_of(p) for p in found.orders[:MOST_TOLD])
    more = f" and {len(found.orders) - MOST_TOLD} more" if len(found.orders) > MOST_TOLD else ""
    text = f"This order and {names}{more}, {found.sharing.words}, come to {money_text(found.total, base)} together; each stays below the "
    return finding(
        Code.SPLIT_ORDER,
        text + f"{money_text(found.limit, base)} of the rule {found.rule.name!r}.",
        field=subject.amount_field,
        expected=plain(found.limit),
        actual=plain(found.total),
        evidence={
            "history": found.orders[0].reference, "references": [p.reference for p in found.orders], "sum": plain(found.total),
            "threshold": plain(found.limit), "rule": found.rule.name, "same": found.sharing.name, "order": subject.amount_field,
        },
        amount=stake(subject.order.amount, subject.order.currency),
    )  # fmt: skip


def _thresholds(subject: Subject) -> list[tuple[Decimal, Rule]]:
    """The amounts at which approval rules that could meet this order begin or end, lowest first."""
    rules = [r for r in subject.policy.approvals if _meets(subject, r)]
    limits = [(limit, r) for r in rules for limit in (r.when.amount_above, r.when.amount_up_to) if limit is not None]
    return sorted(limits, key=lambda pair: (pair[0], pair[1].name))


def _meets(subject: Subject, rule: Rule) -> bool:
    when, vendor, order = rule.when, subject.vendor, subject.order
    pairs = (
        (when.vendors, vendor.vendor_id if vendor else None),
        (when.categories, vendor.category if vendor else None),
        (when.cost_centers, order.cost_center),
        (when.currencies, order.currency),
    )
    return all(not named or value in named for named, value in pairs)


RULES = (split,)
