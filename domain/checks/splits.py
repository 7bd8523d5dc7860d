"""Orders that together pass an approval threshold which each of them stays below.

Looked for in every span of days of the policy's length that holds the order's day, three times over: what one person orders from the
vendor, what one cost centre orders from it, and what one person orders for one cost centre from vendors of the same category. So
each of vendor, requester and cost centre may vary while the other two stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from signoff.domain.checks.duplicates import MOST_TOLD, name_of
from signoff.domain.checks.figures import NOTHING, money_text, plain, stake
from signoff.domain.checks.subject import Subject
from signoff.domain.facts import PastOrder
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import OrderType
from signoff.domain.policy import Rule


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
    """The highest threshold that is passed together, with the orders that do, and what they share."""
    amount = subject.base_amount
    if subject.order.order_type is not OrderType.ORDER or amount is None or amount <= 0:
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
    """In what the earlier orders are like this one; what is not known is shared with nobody."""
    order, vendor = subject.order, subject.vendor
    who, where, category = order.requester, order.cost_center, vendor.category if vendor else None

    def same(fits: Callable[[PastOrder], bool]) -> list[PastOrder]:
        return [p for p in subject.facts.window if fits(p)]

    def from_vendor(past: PastOrder) -> bool:
        return past.vendor_id is None or past.vendor_id == subject.match.vendor_id

    if who:
        yield Sharing("vendor and requester", f"of {who} to this vendor", same(lambda p: from_vendor(p) and p.requester == who))
    if where:
        words = f"for cost centre {where} to this vendor"
        yield Sharing("vendor and cost centre", words, same(lambda p: from_vendor(p) and p.cost_center == where))
    if who and where and category:
        words = f"of {who} for cost centre {where} to vendors of {category}"
        alike = same(lambda p: (p.requester, p.cost_center, p.category) == (who, where, category))
        yield Sharing("requester and cost centre", words, alike)


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
