"""Checks of the order against the budget of its cost centre and the prices that were paid before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from signoff.domain.checks.bought import BoughtLine
from signoff.domain.checks.content import loose, tight
from signoff.domain.checks.figures import HUNDRED, NOTHING, money_text, plain, price_text, stake
from signoff.domain.checks.releases import release_of
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.units import ONE, Ratio, ratio
from signoff.domain.facts import PastPrice
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.policy import Budget


def budget(subject: Subject) -> Iterator[Finding]:
    """What the cost centre has committed this year and this order stay within its budget, in base currency.

    A release commits nothing more: its blanket order did.
    """
    owned, amount = _budget(subject), _base_amount(subject)
    if owned is None or amount is None or release_of(subject):
        return
    spent = subject.facts.budget_spend or NOTHING
    total = spent + amount - min(subject.replaced_base_amount, spent)
    if total <= owned.amount * (1 + subject.tolerances.budget_percent / HUNDRED):
        return
    base = subject.policy.base_currency
    text = f"With this order the cost centre {owned.cost_center} commits {money_text(total, base)} in {owned.year}; its budget is "
    over = min(total - owned.amount, max(amount, NOTHING))
    yield finding(
        Code.BUDGET_EXCEEDED,
        text + f"{money_text(owned.amount, base)}.",
        field="/cost_center",
        expected=plain(owned.amount),
        actual=plain(total),
        evidence={
            "policy": f"budgets: {owned.cost_center} in {owned.year}", "cost_center": owned.cost_center, "year": owned.year,
            "committed": plain(spent), "over": plain(over), "currency": base, "order": "/cost_center",
        },
        amount=_in_order_currency(subject, over),
    )  # fmt: skip


def _base_amount(subject: Subject) -> Decimal | None:
    """What is ordered once the document holds, in base currency."""
    if subject.amount == subject.order.amount or subject.amount is None:
        return subject.base_amount
    return subject.converted(subject.amount, subject.policy.base_currency)


def _in_order_currency(subject: Subject, over: Decimal) -> Decimal | None:
    """An amount of base currency in the order's, by the rate that the order itself was converted with."""
    amount, base = subject.order.amount, subject.base_amount
    if subject.order.currency == subject.policy.base_currency:
        return stake(over, subject.order.currency)
    return stake(over * amount / base, subject.order.currency) if amount is not None and base else None


def _budget(subject: Subject) -> Budget | None:
    center = tight(subject.order.cost_center or "")
    fits = [b for b in subject.policy.budgets if center and tight(b.cost_center) == center and b.year == subject.day.year]
    return fits[-1] if fits else None


def price_jump(subject: Subject) -> Iterator[Finding]:
    """An item without a contract price costs about what was last paid for it."""
    percent, paid = subject.tolerances.history_price_percent, _paid(subject)
    for bought in subject.lines:
        past = None if bought.agreed or bought.price is None else _last_paid(bought, paid)
        if past is None or bought.price is None:
            continue
        last = past[1].of(past[0].unit_price)
        if abs(bought.price - last) * HUNDRED > abs(last) * percent:
            yield _jump(subject, bought, past[0], last)


def _paid(subject: Subject) -> dict[str, list[PastPrice]]:
    """Earlier prices in the order's currency by item, latest first."""
    money = (subject.order.currency or "").upper()
    table: dict[str, list[PastPrice]] = defaultdict(list)
    for past in sorted(subject.facts.prices, key=lambda p: str(p.issue_date or ""), reverse=True):
        if not money or not past.currency or past.currency.upper() == money:
            table[loose(past.item_id)].append(past)
    return table


def _jump(subject: Subject, bought: BoughtLine, past: PastPrice, last: Decimal) -> Finding:
    price, quantity = bought.price or NOTHING, bought.line.quantity
    when = f" of {past.issue_date}" if past.issue_date else ""
    return finding(
        Code.HISTORY_PRICE_JUMP,
        f"{bought.label} costs {price_text(price)}; last paid was {price_text(last)} ({past.reference}{when}).",
        field=f"{bought.pointer}/unit_price",
        expected=price_text(last),
        actual=price_text(price),
        evidence={"history": past.reference, "item": past.item_id, "date": str(past.issue_date or ""), "order": bought.pointer},
        amount=stake(None if quantity is None else abs((price - last) * quantity), subject.order.currency),
    )


def _last_paid(bought: BoughtLine, paid: dict[str, list[PastPrice]]) -> tuple[PastPrice, Ratio] | None:
    """The latest price of the item whose unit compares, and what turns it into the order's unit."""
    line = bought.line
    for item in line.item_ids or (line.description or "",):
        for past in paid.get(loose(item), ()):
            into = ratio(line.unit, past.unit) if line.unit and past.unit else ONE
            if into:
                return past, into
    return None


RULES = (budget, price_jump)
