"""Look-alikes: what else waits for a person that is just like what they have before them, so that one look may settle all of it.

Alike is the same question (the same rule, step and kind of task) about an order of the same kind to the same vendor with the same
findings, none of them blocking, over about as much money. Policy says how far that goes (`bulk`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from signoff.domain.checks.verify import Verification
from signoff.domain.errors import NeedsPerson, Refused
from signoff.domain.findings import Severity
from signoff.domain.order import Order
from signoff.domain.people import Person
from signoff.domain.policy import Bulk
from signoff.domain.reading import Verdict
from signoff.domain.stages import Check, Route
from signoff.graph.decisions import Decision
from signoff.graph.desk import Desk
from signoff.graph.record import findings
from signoff.graph.services import Services
from signoff.graph.standing import place_of, step_of, waits_for
from signoff.graph.store.rows import Task


@dataclass(frozen=True, slots=True)
class Item:
    """One open task as it was looked at. `amount` is in base currency; `features` are what alike tasks have in common."""

    task: Task
    order: Order
    amount: Decimal
    features: tuple[object, ...]

    def decision(self, person: Person, note: str, like: str) -> Decision:
        """The approval of this task, as it was seen and not otherwise, because of a case that is like it."""
        return Decision(person=person.person_id, decision="approve", note=note, task=self.task.task_id, seen=self.task.version, alike=like)


@dataclass(frozen=True, slots=True)
class Alikes:
    """What a person has before them, and what is like it; `more` when there is more than policy lets be approved together."""

    first: Item
    others: tuple[Item, ...]
    more: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        return (self.first, *self.others)


def alikes(services: Services, person: Person, number: int) -> Alikes:
    """What waits for a person like their task at a case. Raises `Refused` where that one cannot be approved together with others."""
    desk, bulk = Desk(services, number), services.policy.bulk
    mine = [t for t in services.store.tasks.of_case(number) if t.pending and place_of(desk, t, person)]
    if not mine:
        raise Refused(f"Case {desk.case.case_id} asks nothing of {person.name}.")
    if len(mine) > 1:
        raise Refused(f"Case {desk.case.case_id} asks {person.name} more than one thing; answer it with signoff decide.")
    item = looked_at(desk, mine[0])
    if isinstance(item, str):
        raise Refused(f"Case {desk.case.case_id} is not approved together with others: {item}.")
    found = list(islice(_like(services, person, item), bulk.most))
    return Alikes(item, tuple(found[: bulk.most - 1]), more=len(found) == bulk.most)


def looked_at(desk: Desk, task: Task) -> Item | str:
    """A task as what it has in common with others; the reason where it wants a look of its own."""
    services = desk.services
    if task.kind not in services.policy.bulk.kinds:
        return f"policy.yaml does not allow it for a task of the kind {task.kind} (bulk.kinds)"
    if task.standing.paused_at is not None:
        return "a question about it is open"
    found = findings(desk)
    if any(f.severity is Severity.BLOCKING for f in found):
        return "something about it was found that blocks it"
    if task.kind == "review" and desk.load("verification", Verification).reading.verdict is not Verdict.CLEAR:
        return "its reading is doubtful"
    order = desk.drafted().order
    vendor = desk.case.vendor_id or services.vendors.match(order.supplier).vendor_id
    amount = _amount(desk, order)
    if vendor is None or amount is None:
        return "its vendor or its amount is not known"
    codes = tuple(sorted({str(f.code) for f in found}))
    return Item(task, order, amount, (*_question(desk, task), vendor, order.order_type, order.currency, codes))


def _like(services: Services, person: Person, first: Item) -> Iterator[Item]:
    """The other tasks of a person that are like this one."""
    vendor = Desk(services, first.task.case).case.vendor_id
    for task in waits_for(services, person):
        if not task.pending or task.case == first.task.case or (task.kind, task.label) != (first.task.kind, first.task.label):
            continue
        desk = Desk(services, task.case)
        item = looked_at(desk, task) if desk.case.vendor_id == vendor else None
        if isinstance(item, Item) and item.features == first.features and _about_as_much(services.policy.bulk, first, item):
            yield item


def _about_as_much(bulk: Bulk, first: Item, other: Item) -> bool:
    small = bulk.amount_up_to is not None and max(abs(first.amount), abs(other.amount)) <= bulk.amount_up_to
    return small or abs(other.amount - first.amount) * 100 <= abs(first.amount) * bulk.percent


def _question(desk: Desk, task: Task) -> tuple[object, ...]:
    """What is asked: for a sign-off the rules behind the route and the step."""
    if task.kind != "approval":
        return task.kind, task.label
    route, step = desk.load("route", Route), step_of(desk, task)
    return task.kind, task.label, route.rules, step, route.steps[step].rule


def _amount(desk: Desk, order: Order) -> Decimal | None:
    """What the order is worth in base currency; before it was checked, by the rate of its day."""
    if check := desk.find("check", Check):
        return check.base_amount
    policy = desk.services.policy
    if order.amount is None or order.currency is None:
        return None
    try:
        return policy.fx.convert(order.amount, order.currency, policy.base_currency, order.issue_date or desk.now.date())
    except NeedsPerson:
        return None
