"""What an agent read put beside what the other lanes read. It fills what they left open and contradicts, but never overwrites.

Every value that an agent supplied stands in the draft's `lanes` as such, so that a person looks at it (`agent_read`), and
whatever the other lanes noticed stays noticed.
"""

from __future__ import annotations

from typing import Any

from jsonpointer import JsonPointer, JsonPointerException
from pydantic import ValidationError

from signoff.domain.advice import Extraction, ReadField
from signoff.domain.order import Order, OrderLine
from signoff.domain.reading import DraftOrder, Evidence, Lane, Notice

EMPTY: tuple[object, ...] = (None, "", [], {})


def merged(draft: DraftOrder | None, found: Extraction, format: str) -> DraftOrder | None:
    """The draft with the agent's values where it had none, and a notice for each that differs. `None` when there is nothing."""
    base = draft or DraftOrder(format=format, lane=Lane.AGENT, order=Order())
    order, taken, differing = _filled(base.order, found.fields)
    if draft is None and not taken:
        return None
    notices = (*base.notices, *found.notices, *(_differs(f, base.order) for f in differing))
    if _lowers(order, base.order):
        less = tuple(f for f in taken if _figure(f))
        order, taken, _ = _filled(base.order, tuple(f for f in taken if f not in less))
        notices = (*notices, *(_lower(f, base.order) for f in less))
    lanes = base.lanes | {f.pointer: Lane.AGENT for f in taken}
    evidence = base.evidence | {f.pointer: f.evidence for f in taken if f.evidence is not None}
    return base.model_copy(update={"order": order, "evidence": evidence, "lanes": lanes, "notices": notices})


def agent_read(draft: DraftOrder) -> bool:
    """Whether an agent supplied any of it."""
    return draft.lane is Lane.AGENT or Lane.AGENT in draft.lanes.values()


def _lowers(filled: Order, order: Order) -> bool:
    """Whether the order would commit the buyer to less than what was read before; such figures a person gives, not an agent."""
    return order.amount is not None and (filled.amount is None or abs(filled.amount) < abs(order.amount))


def _figure(field: ReadField) -> bool:
    return field.pointer.startswith("/lines/") or field.pointer in ("/payable_amount", "/line_total")


def _filled(order: Order, fields: tuple[ReadField, ...]) -> tuple[Order, list[ReadField], list[ReadField]]:
    """The order with every value that it had no place taken by and that its type allows; those, and those that differ."""
    tree = order.model_dump(mode="json")
    taken = [f for f in fields if _put(tree, f)]
    while True:
        try:
            filled = Order.model_validate(tree)
            break
        except ValidationError as error:
            wrong = {"/" + "/".join(map(str, e["loc"])) for e in error.errors()}
            refused = [f for f in taken if f.pointer in wrong]
            if not refused:
                return order, [], []
            for field in refused:
                JsonPointer(field.pointer).set(tree, None)
            taken = [f for f in taken if f not in refused]
    given = {f.pointer for f in taken}
    return filled, taken, [f for f in fields if f.pointer not in given and _contradicts(f, order)]


def _put(tree: dict[str, Any], field: ReadField) -> bool:
    """Put a value where the order says nothing; a line may be added at the end."""
    steps = field.pointer.split("/")[1:]
    if len(steps) == 3 and steps[0] == "lines" and steps[1] == str(len(tree["lines"])):
        tree["lines"].append(OrderLine().model_dump(mode="json"))
    try:
        node, leaf = JsonPointer(field.pointer).to_last(tree)
    except JsonPointerException:
        return False
    if not isinstance(node, dict) or leaf not in node or node[leaf] is not None:
        return False
    node[leaf] = field.value
    return True


def _contradicts(field: ReadField, order: Order) -> bool:
    """Whether the order says something else there; the same value written otherwise (`2.50`, `2.5`) is the same."""
    owner, leaf = _owner(order, field.pointer)
    old = getattr(owner, leaf, None)
    if old in EMPTY or isinstance(old, tuple):
        return False
    try:
        return bool(type(owner).model_validate({leaf: field.value}).model_dump()[leaf] != old)
    except ValidationError:
        return True


def _owner(order: Order, pointer: str) -> tuple[Any, str]:
    """The part of the order that a pointer's last step is a field of."""
    *path, leaf = pointer.split("/")[1:] or [""]
    owner: Any = order
    for step in path:
        if isinstance(owner, tuple):
            owner = owner[int(step)] if step.isdecimal() and int(step) < len(owner) else None
        else:
            owner = getattr(owner, step, None)
    return owner, leaf


def _lower(field: ReadField, order: Order) -> Notice:
    message = f"{field.pointer} was read by the extraction agent as {field.value[:80]!r}; the order comes to {order.amount} without it."
    return Notice(code="readings_disagree", field=field.pointer, message=message, evidence=field.evidence or Evidence(text=field.value))


def _differs(field: ReadField, order: Order) -> Notice:
    owner, leaf = _owner(order, field.pointer)
    message = f"{field.pointer} was read as {str(getattr(owner, leaf))[:80]!r}, and by the extraction agent as {field.value[:80]!r}."
    evidence = field.evidence or Evidence(text=field.value)
    return Notice(code="readings_disagree", field=field.pointer, message=message, evidence=evidence)
