"""A change order beside the order it is about, line by line: what is added, removed, or other than it was approved."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from signoff.domain.checks.content import loose, words
from signoff.domain.checks.figures import NOTHING, kept, per_one, plain, price_text
from signoff.domain.checks.units import canonical
from signoff.domain.facts import PastLine
from signoff.domain.order import Order, OrderLine, line_amount

_DELETED = frozenset({"2", "di", "delete", "deleted"})
"""How a change order marks a line that falls away: UN/EDIFACT 1229, X12 element 670, UBL and plain words."""


def deleted(line: OrderLine) -> bool:
    """Whether a change takes the line away."""
    return (line.action or "").casefold() in _DELETED


@dataclass(frozen=True)
class LineChange:
    """One difference. `what` is `added`, `removed`, `quantity`, `unit`, `price` or `date`; `pointer` is the line in the document,
    `None` where it says nothing of the line any more."""

    line: str
    what: str
    was: str
    now: str
    pointer: str | None

    @property
    def text(self) -> str:
        """For people: `line 2 (GL-9): quantity 10, now 12`."""
        if self.what in ("added", "removed"):
            return f"{self.line} {self.what}"
        return f"{self.line}: {self.what} {self.was or 'not stated'}, now {self.now or 'not stated'}"

    def shown(self) -> dict[str, Any]:
        """For evidence."""
        return {"line": self.line, "what": self.what, "was": self.was, "is": self.now, "order": self.pointer}


@dataclass(frozen=True)
class Comparison:
    """What a change makes of an order. `partial`: the document names only the lines it changes, the others stay.

    `after` are the lines once it holds, `difference` by how much they come to more than before, `None` where an amount is not known.
    """

    changes: tuple[LineChange, ...]
    after: tuple[PastLine, ...]
    difference: Decimal | None
    partial: bool


def past_line(line: OrderLine) -> PastLine:
    """The line as it is remembered, before anything is known of what it draws on."""
    return PastLine(
        line_number=line.line_number, item_ids=line.item_ids, description=line.description, quantity=line.quantity, unit=line.unit,
        unit_price=kept(per_one(line)), amount=kept(line_amount(line)), requested_delivery_date=line.requested_delivery_date,
    )  # fmt: skip


def compared(order: Order, before: Sequence[PastLine]) -> Comparison:
    """The change beside the lines of the order it is about; linear in both."""
    pairs = _pairs(order, before)
    met = {at for at in pairs if at is not None}
    partial = any(line.action for line in order.lines) and len(met) < len(before)
    changes: list[LineChange] = []
    after: list[PastLine] = []
    difference: Decimal | None = NOTHING
    for i, (line, at) in enumerate(zip(order.lines, pairs, strict=True)):
        old, new = None if at is None else before[at], None if deleted(line) else past_line(line)
        changes += _changes(old, new, f"/lines/{i}", i)
        after += [new] if new else []
        difference = _added(difference, old, new)
    for at, left in enumerate(before):
        if at in met:
            continue
        if partial:
            after.append(left)
        else:
            changes += _changes(left, None, None, at)
            difference = _added(difference, left, None)
    return Comparison(tuple(changes), tuple(after), difference, partial)


def _added(so_far: Decimal | None, old: PastLine | None, new: PastLine | None) -> Decimal | None:
    amounts = [NOTHING if line is None else line.amount for line in (old, new)]
    if so_far is None or amounts[0] is None or amounts[1] is None:
        return None
    return so_far + amounts[1] - amounts[0]


def _changes(old: PastLine | None, new: PastLine | None, pointer: str | None, at: int) -> Iterator[LineChange]:
    line = new or old
    if line is None:
        return
    item = next(iter(line.item_ids), line.description)
    label = f"line {line.line_number or at + 1}" + (f" ({item[:40]})" if item else "")
    if old is None or new is None:
        was, now = (_brief(side) for side in (old, new))
        yield LineChange(label, "removed" if new is None else "added", was, now, pointer)
        return
    sides = (
        ("quantity", _number(old.quantity), _number(new.quantity)),
        ("unit", canonical(old.unit or ""), canonical(new.unit or "")),
        ("price", _price(old.unit_price), _price(new.unit_price)),
        ("date", _day(old.requested_delivery_date), _day(new.requested_delivery_date)),
    )
    for what, was, now in sides:
        # A change that is silent on a value leaves it as it was.
        if now and was != now:
            yield LineChange(label, what, was, now, pointer)


def _brief(line: PastLine | None) -> str:
    if line is None:
        return ""
    price = f" at {_price(line.unit_price)}" if line.unit_price is not None else ""
    return f"{_number(line.quantity)} {line.unit or ''}".strip() + price


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _price(value: Decimal | None) -> str:
    return "" if value is None else price_text(value)


def _day(value: dt.date | None) -> str:
    return "" if value is None else str(value)


def _pairs(order: Order, before: Sequence[PastLine]) -> list[int | None]:
    """For each line of the change the earlier line it is about: by its number where the item is the same, else by its item."""
    numbers: dict[str, int] = {}
    for at, line in enumerate(before):
        if line.line_number:
            numbers.setdefault(loose(line.line_number), at)
    pairs: list[int | None] = []
    met: set[int] = set()
    for new in order.lines:
        by_number = numbers.get(loose(new.line_number)) if new.line_number else None
        same = by_number is not None and by_number not in met and _same_item(new, before[by_number])
        pairs.append(by_number if same else None)
        met |= {by_number} if same and by_number is not None else set()
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for place, line in enumerate(before):
        if place not in met:
            waiting[_item(line.item_ids, line.description)].append(place)
    for i, new in enumerate(order.lines):
        queue = waiting.get(_item(new.item_ids, new.description)) if pairs[i] is None else None
        if queue:
            pairs[i] = queue.popleft()
    return pairs


def _same_item(new: OrderLine, old: PastLine) -> bool:
    """Whether nothing says that they are two items."""
    ours, theirs = ({loose(i) for i in ids} for ids in (new.item_ids, old.item_ids))
    if ours and theirs:
        return bool(ours & theirs)
    return not (new.description and old.description) or bool(ours or theirs) or words(new.description) == words(old.description)


def _item(ids: Iterable[str], description: str | None) -> str:
    return next((loose(i) for i in ids), "") or f"words {words(description or '')}"
