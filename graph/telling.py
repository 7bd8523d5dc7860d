"""What people are told of their tasks, as messages that are written with the event they belong to and sent by the worker."""

from __future__ import annotations

from collections.abc import Iterable

from signoff.domain.money import shown
from signoff.domain.people import Person
from signoff.graph.desk import Desk
from signoff.graph.store.rows import Task


def tell(desk: Desk, people: Iterable[str], subject: str, words: str) -> list[str]:
    """Write a message to each of them who has an e-mail address; who was told, by id."""
    known = [p for i in dict.fromkeys(people) if (p := desk.services.people.get(i)) and p.email]
    for person in known:
        desk.services.store.notices.add(desk.number, person.person_id, f"{subject} ({desk.case.case_id})", words, desk.now)
    return [p.person_id for p in known]


def order_of(desk: Desk) -> str:
    """`order 4711 to Borealis Metall over 1,250.00 EUR`, as far as it is known."""
    draft = desk.draft()
    if draft is None:
        return f"the paper {desk.case.source}"
    order = draft.order
    vendor = desk.services.vendors.get(desk.case.vendor_id or "")
    supplier = order.supplier.name or (vendor and vendor.name)
    parts = (order.order_type, order.order_number, f"to {supplier}" if supplier else "")
    return " ".join(filter(None, (*parts, f"over {shown(order.amount, order.currency)}" if order.amount is not None else "")))


def asked(desk: Desk, task: Task, person: Person | None = None) -> str:
    """What a task asks, by when, and how to answer it."""
    calendar = desk.services.policy.calendar
    due = task.standing.due_at
    told = "Please answer by" if due and due > desk.now else "It was to be answered by"
    by = f"{told} {calendar.local(due):%Y-%m-%d %H:%M} ({calendar.time_zone}).\n" if due else ""
    who = person.person_id if person else "PERSON"
    if task.kind == "question":
        how = f"signoff answer {desk.case.case_id} --as {who} --task {task.task_id} --text ..."
    else:
        how = f"signoff decide {desk.case.case_id} --as {who} --task {task.task_id} --approve   (or --reject, --edit, --send-back)"
    what = f"Case {desk.case.case_id}, {order_of(desk)}.\n\n{task.summary}"
    return f"{what}\n\n{by}To look: signoff show {desk.case.case_id}\nTo answer: {how}\n"
