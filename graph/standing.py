"""Who may answer a task now, and in whose place: its candidates, whoever stands in for those who are away, and those whom it was
forwarded or escalated to."""

from __future__ import annotations

from collections.abc import Iterator

from signoff.domain.checks.approvers import requesters
from signoff.domain.errors import Refused
from signoff.domain.people import Person
from signoff.domain.signoffs import Choices, Signature, at_once, by_people
from signoff.domain.stages import Route
from signoff.graph.desk import Desk
from signoff.graph.services import Services
from signoff.graph.store.rows import QUESTION, Task


def barred(desk: Desk) -> frozenset[str]:
    """Everybody who requested the order, or may have: they neither answer nor stand in for anybody."""
    draft = desk.draft()
    return frozenset(p.person_id for p in requesters(draft.order, desk.services.people)) if draft else frozenset()


def acting(desk: Desk, task: Task) -> dict[str, str | None]:
    """Who may answer an open task today, and in whose place; `None` for themselves."""
    out = frozenset[str]() if task.kind == QUESTION else barred(desk)  # a requester is asked, and decides nothing by it
    found = desk.services.people.acting(task.candidates, desk.now.date(), out)
    return found | {s.person: s.principal for s in task.standing.stand_ins if s.person not in out and s.person not in found}


def place_of(desk: Desk, task: Task, person: Person) -> Signature | None:
    """How a person would answer a task: for themselves, or in whose place; `None` when they may not."""
    who = person.person_id
    if who in task.candidates:
        return Signature(who, who)
    principal = acting(desk, task).get(who)
    return None if principal is None else Signature(who, principal)


def waits_for(services: Services, person: Person) -> Iterator[Task]:
    """The open tasks that a person may answer today, oldest first; not those that were given to somebody else."""
    principals = services.people.principals(person, services.clock().date())
    for task in services.store.tasks.waiting():
        if _offered(task, person.person_id, principals) and place_of(Desk(services, task.case), task, person):
            yield task


def _offered(task: Task, who: str, principals: frozenset[str]) -> bool:
    """Whether a task may be for somebody, told without a look at its case."""
    standing = task.standing
    if standing.holder is not None:
        return who == standing.holder
    return who in task.candidates or who in standing.places or not principals.isdisjoint(task.candidates)


def step_of(desk: Desk, task: Task) -> int:
    """Which step of the route an approval belongs to."""
    return int(task.gate.rsplit(".", 1)[1])


def needed(desk: Desk, gate: list[Task]) -> int:
    """How many tasks of a gate have to be answered: of a route's step as many as it says, of every other gate all."""
    if gate[0].kind != "approval":
        return len(gate)
    return desk.load("route", Route).steps[step_of(desk, gate[0])].needed


def allowed(desk: Desk, person: Person, mine: list[tuple[Task, Signature]]) -> list[tuple[Task, Signature]]:
    """Of the sign-offs that a person may give, those that they give at once.

    Where a route asks for different people they give one at most, and none that would leave another without anybody: that is `Refused`.
    """
    route = desk.find("route", Route)
    if route is None or mine[0][0].kind != "approval" or not any(step.apart for step in route.steps):
        return mine
    people, day, out = desk.services.people, desk.now.date(), barred(desk)
    choices = _also(desk, by_people(route.steps, lambda candidates: people.expected(candidates, day, out)), out)
    places = {_place(desk, task): (task, own) for task, own in mine}
    chosen = at_once(route.steps, _signed(desk), {place: own for place, (_, own) in places.items()}, choices)
    if chosen:
        return [places[place] for place in chosen]
    raise Refused(
        f"{person.name} cannot sign case {desk.case.case_id} here: it asks for different people, and {person.name} has signed already or "
        f"is needed for another sign-off; `signoff policy explain {desk.case.case_id}` shows who may sign."
    )


def _also(desk: Desk, known: Choices, out: frozenset[str]) -> Choices:
    """The signatures there may be, with those of people whom a sign-off was forwarded or escalated to."""
    further = {_place(desk, t): t.standing.stand_ins for t in desk.services.store.tasks.of_case(desk.number) if _signs(desk, t)}

    def choices(step: int, approver: int) -> Iterator[Signature]:
        yield from known(step, approver)
        yield from (Signature(s.person, s.principal) for s in further.get((step, approver), ()) if s.person not in out)

    return choices


def _signs(desk: Desk, task: Task) -> bool:
    return task.kind == "approval" and task.revision == desk.revision


def _place(desk: Desk, task: Task) -> tuple[int, int]:
    """The step of a sign-off and its number within the step, which its tasks were opened in the order of."""
    gate = [t.task_id for t in desk.services.store.tasks.of_gate(task.gate)]
    return step_of(desk, task), gate.index(task.task_id)


def _signed(desk: Desk) -> dict[tuple[int, int], Signature]:
    """The sign-offs that were given so far."""
    tasks = desk.services.store.tasks.of_case(desk.number)
    given = (t for t in tasks if _signs(desk, t) and t.answered_by)
    return {_place(desk, t): Signature(t.answered_by or "", t.on_behalf_of or t.answered_by or "") for t in given}
