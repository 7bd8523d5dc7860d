"""A release against its blanket order: it draws on the quantities and the amount that were ordered under one number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from signoff.domain.checks.bought import BoughtLine
from signoff.domain.checks.content import loose, words
from signoff.domain.checks.figures import HUNDRED, NOTHING, money_text, plain, stake
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.units import ONE, canonical, ratio
from signoff.domain.facts import PastLine, PastOrder
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import OrderLine, line_amount


@dataclass(frozen=True)
class Release:
    """An order under the number of a blanket order. `owner` is what its quantities are counted under."""

    blanket: PastOrder
    owner: str

    def meant(self, line: OrderLine) -> PastLine | None:
        """The line of the blanket order with the same item."""
        names = [*map(loose, line.item_ids), *([words(line.description)] if line.description else [])]
        return next((self._lines[n] for n in names if n in self._lines), None)

    def drawn(self, line: OrderLine) -> tuple[str, Decimal] | None:
        """The item, and how much the line takes of it in the unit of the blanket order; `None` when that cannot be told."""
        ordered = self.meant(line)
        into = ratio(line.unit, ordered.unit) if ordered and line.unit and ordered.unit else ONE
        if ordered is None or line.quantity is None or into is None:
            return None
        return item_of(ordered), into.of(line.quantity)

    @cached_property
    def ordered(self) -> dict[str, Decimal]:
        """How much of each item the blanket order is for; an item that it names without a quantity has no limit."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        endless = {item_of(line) for line in self.blanket.lines if line.quantity is None}
        for line in self.blanket.lines:
            sums[item_of(line)] += line.quantity or NOTHING
        return {item: most for item, most in sums.items() if item not in endless}

    @cached_property
    def _lines(self) -> dict[str, PastLine]:
        found: dict[str, PastLine] = {}
        for line in self.blanket.lines:
            for name in (*map(loose, line.item_ids), *([words(line.description)] if line.description else [])):
                found.setdefault(name, line)
        return found


def item_of(line: PastLine) -> str:
    """An item of a blanket order under one name, with the unit that it is counted in."""
    item = next((loose(i) for i in line.item_ids), "") or words(line.description or "")
    return f"{item} in {canonical(line.unit or '')}"


def blanket_owner(vendor_id: str, order_number: str) -> str:
    """What the releases under a blanket order's number are counted under."""
    return f"blanket {vendor_id} {loose(order_number)}"


def release_of(subject: Subject) -> Release | None:
    """The release that the order is, where the blanket order is known."""
    blanket, vendor = subject.facts.blanket, subject.vendor
    if blanket is None or vendor is None or not blanket.order_number:
        return None
    return Release(blanket, blanket_owner(vendor.vendor_id, blanket.order_number))


def released(subject: Subject) -> Iterator[Finding]:
    """All releases together stay within what the blanket order is for: its amount, and the quantity of each item."""
    release = release_of(subject)
    if release is None:
        return
    yield from _amount(subject, release)
    sums: dict[str, tuple[Decimal, BoughtLine]] = {}
    for bought in subject.lines:
        drawn = release.drawn(bought.line)
        if drawn is not None:
            so_far, first = sums.get(drawn[0], (NOTHING, bought))
            sums[drawn[0]] = so_far + drawn[1], first
        elif release.meant(bought.line) is None and release.blanket.lines and bought.line.quantity is not None:
            yield _other(subject, release, bought)
    for item, (quantity, first) in sums.items():
        yield from _quantity(subject, release, first, (item, quantity))


def _amount(subject: Subject, release: Release) -> Iterator[Finding]:
    blanket, amount = release.blanket, subject.amount
    if blanket.amount is None or amount is None or (blanket.currency or "") != (subject.order.currency or ""):
        return
    spent = max((subject.facts.blanket_spend or NOTHING) - subject.replaced_amount, NOTHING)
    total = spent + amount
    if total <= blanket.amount * (1 + subject.tolerances.cap_percent / HUNDRED):
        return
    money = blanket.currency
    text = f"With this release {money_text(total, money)} are drawn on the blanket order {blanket.order_number}, which is for "
    yield finding(
        Code.SPEND_CAP_EXCEEDED,
        text + f"{money_text(blanket.amount, money)}.",
        field=subject.amount_field,
        expected=plain(blanket.amount),
        actual=plain(total),
        evidence=_evidence(release, subject.amount_field, drawn=plain(spent)),
        amount=stake(min(total - blanket.amount, max(amount, NOTHING)), money),
    )


def _quantity(subject: Subject, release: Release, first: BoughtLine, drawn: tuple[str, Decimal]) -> Iterator[Finding]:
    item, quantity = drawn
    most, taken = release.ordered.get(item), subject.taken((release.owner, item), "term")
    if most is None or taken + quantity <= most * (1 + subject.tolerances.quantity_percent / HUNDRED):
        return
    total = taken + quantity
    over, each = min(total - most, quantity), _each(release, first)
    number = release.blanket.order_number
    yield finding(
        Code.ABOVE_MAXIMUM,
        f"{first.label} takes what was released to {plain(total)}; the blanket order {number} is for {plain(most)}.",
        field=f"{first.pointer}/quantity",
        expected=plain(most),
        actual=plain(total),
        evidence=_evidence(release, first.pointer, item=item, drawn=plain(taken)),
        amount=stake(None if each is None else over * each, subject.order.currency),
    )


def _each(release: Release, bought: BoughtLine) -> Decimal | None:
    """What one of the blanket order's unit costs here."""
    drawn, quantity = release.drawn(bought.line), bought.line.quantity
    return bought.price * quantity / drawn[1] if bought.price is not None and quantity and drawn and drawn[1] else None


def _other(subject: Subject, release: Release, bought: BoughtLine) -> Finding:
    line = bought.line
    return finding(
        Code.ITEM_OFF_CONTRACT,
        f"{bought.label} is not an item of the blanket order {release.blanket.order_number}.",
        field=bought.pointer,
        expected="an item of the blanket order",
        actual=" / ".join(line.item_ids) or line.description or "",
        evidence=_evidence(release, bought.pointer),
        amount=stake(line_amount(line), subject.order.currency),
    )


def _evidence(release: Release, pointer: str, **more: str) -> dict[str, str]:
    return {"history": release.blanket.reference, "blanket_order": release.blanket.order_number or "", "order": pointer, **more}


RULES = (released,)
