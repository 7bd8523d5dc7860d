"""What an order commits from now on, as the past remembers it: its money, and what its lines take of contracts and blanket orders."""

from __future__ import annotations

from decimal import Decimal

from signoff.domain.checks.bought import BoughtLine
from signoff.domain.checks.changes import past_line
from signoff.domain.checks.content import digest
from signoff.domain.checks.figures import kept
from signoff.domain.checks.releases import Release, release_of
from signoff.domain.checks.subject import Subject, item_key
from signoff.domain.facts import PastLine, PastOrder
from signoff.domain.order import OrderType


def committed(subject: Subject, reference: str) -> PastOrder:
    """The order as one of the past. A cancellation commits nothing, a change what is ordered once it holds."""
    order, vendor, release = subject.order, subject.vendor, release_of(subject)
    cancels = order.order_type is OrderType.CANCELLATION
    amount = None if cancels else kept(subject.amount)
    return PastOrder(
        reference=reference,
        vendor_id=subject.match.vendor_id,
        order_number=order.order_number,
        release_number=order.release_number,
        about=None if order.order_type is OrderType.ORDER else order.order_reference or order.order_number,
        buyer=order.buyer.name,
        issue_date=subject.day,
        requester=order.requester,
        cost_center=order.cost_center,
        category=vendor.category if vendor else None,
        currency=order.currency,
        amount=amount,
        base_amount=None if cancels else kept(_base_amount(subject, amount)),
        contract_amount=kept(_drawn_amount(subject, amount)),
        content=digest(order),
        cancels=cancels,
        blanket=release.owner if release else None,
        lines=() if cancels else _lines(subject, release),
    )


def _base_amount(subject: Subject, amount: Decimal | None) -> Decimal | None:
    """In base currency; what a change leaves standing counts with it."""
    if amount is None or amount == subject.order.amount or not subject.order.amount:
        return subject.base_amount
    return subject.converted(amount, subject.policy.base_currency)


def _drawn_amount(subject: Subject, amount: Decimal | None) -> Decimal | None:
    """In the currency of what it draws on: the blanket order of a release, else the contract."""
    blanket, contract = subject.facts.blanket, subject.contract
    money = blanket.currency if blanket else contract.currency if contract else None
    return None if amount is None or money is None else subject.converted(amount, money)


def _lines(subject: Subject, release: Release | None) -> tuple[PastLine, ...]:
    """The lines with what they draw on; those that a partial change leaves alone go on drawing as they did."""
    lines = [_drawing(bought, release) for bought in subject.lines]
    found, past = subject.comparison, subject.replaced
    if found and past and found.partial:
        lines += [line for line in found.after if any(line is old for old in past.lines)]
    return tuple(lines)


def _drawing(bought: BoughtLine, release: Release | None) -> PastLine:
    line = past_line(bought.line)
    if release:
        drawn = release.drawn(bought.line)
        return line.model_copy(update={"owner": release.owner, "item": drawn[0], "drawn": kept(drawn[1])}) if drawn else line
    if bought.agreed is None or bought.quantity is None:
        return line
    owner, item = item_key(bought)
    return line.model_copy(update={"owner": owner, "item": item, "drawn": kept(bought.quantity)})
