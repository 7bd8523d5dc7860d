"""Checks of the order against the past and against limits: duplicates, changes, split orders, budgets, earlier prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from signoff.domain.checks.bought import BoughtLine
from signoff.domain.checks.content import digest, loose, tight
from signoff.domain.checks.figures import HUNDRED, NOTHING, money_text, plain, price_text, stake
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.units import ONE, Ratio, ratio
from signoff.domain.facts import PastOrder, PastPrice
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import OrderType
from signoff.domain.policy import Budget, Rule


def duplicate(subject: Subject) -> Iterator[Finding]:
    """An order with this number from this buyer to this vendor exists already, with the same lines or with others."""
    order, past = subject.order, subject.facts.same_number
    if order.order_type is not OrderType.ORDER or not past:
        return
    content = digest(order)
    first = next((p for p in past if p.content == content), past[0])
    same = first.content == content
    text = f"The order {order.order_number} was received before ({first.reference}), " + (
        "with the same lines." if same else "with other lines."
    )
    yield finding(
        Code.DUPLICATE_ORDER,
        text,
        field="/order_number",
        actual=order.order_number or "",
        evidence={"reference": first.reference, "same_content": same, "references": [p.reference for p in past]},
        amount=_stake(subject),
    )


def near_duplicate(subject: Subject) -> Iterator[Finding]:
    """Another order number with the same lines at the same vendor."""
    order = subject.order
    if order.order_type is not OrderType.ORDER:
        return
    known = {p.reference for p in subject.facts.same_number}
    number = tight(order.order_number or "")
    past = [p for p in subject.facts.same_content if p.reference not in known and (not number or tight(p.order_number or "") != number)]
    if not past:
        return
    names = ", ".join(_name(p) for p in past[:5])
    yield finding(
        Code.NEAR_DUPLICATE_ORDER,
        f"The same lines were ordered from this vendor before under another number: {names}.",
        field="/order_number",
        actual=order.order_number or "",
        evidence={"reference": past[0].reference, "references": [p.reference for p in past]},
        amount=_stake(subject),
    )


def changed(subject: Subject) -> Iterator[Finding]:
    """A change or cancellation names the order it is about. One whose order is not known always stops."""
    order, past = subject.order, subject.facts.original
    if order.order_type is OrderType.ORDER:
        return
    verb = "cancels" if order.order_type is OrderType.CANCELLATION else "changes"
    stated = order.order_reference or order.order_number or ""
    if past is None:
        about = f"the order {stated}" if stated else "an order that it does not name"
        text = f"The document {verb} {about}, which is not known here; find the order it is about."
        lost = finding(
            Code.ORDER_CHANGED, text, field="/order_reference", actual=stated, evidence={"reference": None}, amount=_stake(subject)
        )
        yield lost.model_copy(update={"severity": Severity.BLOCKING})
        return
    worth = "" if past.amount is None else f" of {money_text(past.amount, past.currency)}"
    yield finding(
        Code.ORDER_CHANGED,
        f"The document {verb} the order {_name(past)}{worth}.",
        field="/order_reference",
        expected="" if past.amount is None else plain(past.amount),
        actual="" if order.amount is None else plain(order.amount),
        evidence={"reference": past.reference, "order_number": past.order_number, "erp_id": past.erp_id},
        amount=_stake(subject),
    )


def split(subject: Subject) -> Iterator[Finding]:
    """Orders within the window that together pass an approval threshold which each of them stays below."""
    amount = subject.base_amount
    if subject.order.order_type is not OrderType.ORDER or amount is None or amount <= 0:
        return
    found: tuple[Decimal, Decimal, Rule, list[PastOrder]] | None = None
    for limit, rule in _thresholds(subject):
        below = [p for p in subject.facts.window if p.base_amount is not None and 0 < p.base_amount <= limit]
        total = amount + sum((p.base_amount or NOTHING for p in below), NOTHING)
        if below and amount <= limit < total:
            found = (limit, total, rule, below)
    if found is None:
        return
    limit, total, rule, below = found
    base, names = subject.policy.base_currency, ", ".join(_name(p) for p in below[:5])
    text = f"This order and {names} come to {money_text(total, base)} together; each stays below the {money_text(limit, base)} of the rule "
    yield finding(
        Code.SPLIT_ORDER,
        text + f"{rule.name!r}.",
        field=subject.amount_field,
        expected=plain(limit),
        actual=plain(total),
        evidence={"references": [p.reference for p in below], "sum": plain(total), "threshold": plain(limit), "rule": rule.name},
        amount=_stake(subject),
    )


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


def budget(subject: Subject) -> Iterator[Finding]:
    """What the cost centre has committed this year and this order stay within its budget, in base currency."""
    amount, owned = subject.base_amount, _budget(subject)
    if owned is None or amount is None:
        return
    spent = subject.facts.budget_spend or NOTHING
    total = spent + amount - min(subject.replaced_base_amount, spent)
    if total <= owned.amount:
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
        evidence={"cost_center": owned.cost_center, "year": owned.year, "committed": plain(spent), "over": plain(over), "currency": base},
        amount=stake(over, base) if subject.order.currency == base else None,
    )


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
        amount=stake(None if quantity is None else (price - last) * quantity, subject.order.currency),
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


def _name(past: PastOrder) -> str:
    return f"{past.order_number} ({past.reference})" if past.order_number and past.order_number != past.reference else past.reference


def _stake(subject: Subject) -> Decimal | None:
    return stake(subject.order.amount, subject.order.currency)


RULES = (duplicate, near_duplicate, split, budget, price_jump)
ALWAYS = (changed,)
"""These hold for cancellations as well, which commit no money."""
