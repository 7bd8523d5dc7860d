"""`signoff list --waiting-for PERSON` and `--overdue`: open tasks, the oldest and most valuable first, with age and due time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rich.markup import escape
from rich.table import Table

from signoff.app.terminal import plain, table
from signoff.domain.money import shown
from signoff.domain.people import Person
from signoff.domain.stages import Check
from signoff.graph.desk import Desk
from signoff.graph.services import Services
from signoff.graph.standing import waits_for
from signoff.graph.store.rows import Task
from signoff.graph.telling import order_of

ASKS = {"review": "look at the reading", "exception": "decide a finding", "approval": "sign", "question": "answer a question"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task with its case. `worth` is in base currency, 0 where it is not known."""

    task: Task
    desk: Desk
    worth: Decimal

    @property
    def since(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.task.created_at)


def waiting(services: Services, person: Person | None, overdue: bool) -> list[Waiting]:
    """The open tasks that ask a person (or anybody), or of these the overdue ones: day by day, of a day the most valuable first."""
    now = services.clock()
    tasks = waits_for(services, person) if person else services.store.tasks.waiting()
    found = [_waiting(services, t) for t in tasks if not overdue or t.standing.overdue(now)]
    zone = services.policy.calendar
    return sorted(found, key=lambda w: (not w.task.standing.overdue(now), zone.local(w.since).date(), -w.worth, w.task.task_id))


def _waiting(services: Services, task: Task) -> Waiting:
    desk = Desk(services, task.case)
    check, draft = desk.find("check", Check), desk.draft()
    amount = check.base_amount if check else draft.order.amount if draft else None
    return Waiting(task, desk, abs(amount or Decimal(0)))


def waiting_table(services: Services, found: Iterable[Waiting]) -> Table:
    """One line a task."""
    now, calendar = services.clock(), services.policy.calendar
    made = table("case", "task", "order", "asks to", "amount", "since", "due", "", right=("amount",))
    for w in found:
        standing, draft = w.task.standing, w.desk.draft()
        amount = shown(draft.order.amount, draft.order.currency) if draft else ""
        due = f"{calendar.local(standing.due_at):%a %d %b %H:%M}" if standing.due_at else ""
        due = f"[red]{due}, overdue[/red]" if standing.overdue(now) else due
        asks = ASKS[w.task.kind] if w.task.kind != "question" else f"answer: {w.task.summary}"
        cells = (order_of(w.desk).partition(" over ")[0], asks)
        made.add_row(
            w.desk.case.case_id, str(w.task.task_id), *(escape(plain(c)) for c in cells), amount, age(now - w.since), due,
            escape(remark(services, w.task)),
        )  # fmt: skip
    return made


def remark(services: Services, task: Task) -> str:
    """What else there is to know of an open task: a question that is open, who gave it on, that others were asked too."""
    standing = task.standing
    if standing.paused_at is not None:
        return f"waits for an answer of {_asked(services, task)}"
    if standing.holder is not None:
        return f"given to {_name(services, standing.holder)}"
    return f"also asked: {', '.join(_name(services, p) for p in standing.places)}" if standing.stand_ins else ""


def age(span: dt.timedelta) -> str:
    """`3 d`, `5 h` or `12 min`."""
    if span.days:
        return f"{span.days} d"
    hours, rest = divmod(span.seconds, 3600)
    return f"{hours} h" if hours else f"{rest // 60} min"


def _asked(services: Services, task: Task) -> str:
    """Whoever has not answered yet what they were asked for a task."""
    tasks = services.store.tasks.of_case(task.case)
    names = (t.label for t in tasks if t.status == "open" and t.standing.about == task.task_id)
    return " and ".join(dict.fromkeys(names))


def _name(services: Services, person_id: str) -> str:
    person = services.people.get(person_id)
    return person.name if person else person_id
