"""Who may answer a task now, and in whose place: its candidates, and whoever stands in for those who are away."""

from __future__ import annotations

from collections.abc import Iterator

from signoff.domain.checks.approvers import requesters
from signoff.domain.errors import Refused
from signoff.domain.people import Person
from signoff.domain.signoffs import Signature, at_once, by_people
from signoff.domain.stages import Route
from signoff.graph.desk import Desk
from signoff.graph.services import Services
from signoff.graph.store.port import Task


def barred(desk: Desk) -> frozenset[str]:
    """Everybody who requested the order, or may have: they neither answer nor stand in for anybody."""
    draft = desk.draft()
    return frozenset(p.person_id for p in requesters(draft.order, desk.services.people)) if draft else frozenset()


def acting(desk: Desk, task: Task) -> dict[str, str | None]:
    """Who may answer an open task today, and in whose place; `None` for themselves."""
    return desk.services.people.acting(task.candidates, desk.now.date(), barred(desk))


def place_of(desk: Desk, task: Task, person: Person) -> Signature | None:
    """How a person would answer a task: for themselves, or in whose place; `None` when they may not."""
    who = person.person_id
    if who in task.candidates:
        return Signature(who, who)
    principal = acting(desk, task).get(who)
    return None if principal is None else Signature(who, principal)


def waits_for(services: Services, person: Person) -> Iterator[Task]:
    """The open tasks that a person may answer today, oldest first."""
    principals = services.people.principals(person, services.clock().date())
    for task in services.store.tasks.waiting():
        own = person.person_id in task.candidates
        if own or (not principals.isdisjoint(task.candidates) and place_of(Desk(services, task.case), task, person)):
            yield task


def step_of(desk: Desk, task: Task) -> int:
    """Which step of the route an approval belongs to."""
    return int(task.gate.rsplit(".", 1)[1])


def allowed(desk: Desk, person: Person, mine: list[tuple[Task, Signature]]) -> list[tuple[Task, Signature]]:
    """Of the sign-offs that a person may give, those that they give at once.

    Where a route asks for different people they give one at most, and none that would leave another without anybody: that is `Refused`.
    """
    route = desk.find("route", Route)
    if route is None or mine[0][0].kind != "approval" or not any(step.apart for step in route.steps):
        return mine
    people, day, out = desk.services.people, desk.now.date(), barred(desk)
    choices = by_people(route.steps, lambda candidates: people.expected(candidates, day, out))
    places = {_place(desk, task): (task, own) for task, own in mine}
    chosen = at_once(route.steps, _signed(desk), {place: own for place, (_, own) in places.items()}, choices)
    if chosen:
        return [places[place] for place in chosen]
    raise Refused(
        f"{person.name} cannot sign case {desk.case.case_id} here: it asks for different people, and {person.name} has signed already or "
        f"is needed for another sign-off; `signoff policy explain {desk.case.case_id}` shows who may sign."
    )


def _place(desk: Desk, task: Task) -> tuple[int, int]:
    """The step of a sign-off and its number within the step, which its tasks were opened in the order of."""
    gate = [t.task_id for t in desk.services.store.tasks.of_gate(task.gate)]
    return step_of(desk, task), gate.index(task.task_id)


def _signed(desk: Desk) -> dict[tuple[int, int], Signature]:
    """The sign-offs that were given so far."""
    tasks = desk.services.store.tasks.of_case(desk.number)
    given = (t for t in tasks if t.kind == "approval" and t.revision == desk.revision and t.answered_by)
    return {_place(desk, t): Signature(t.answered_by or "", t.on_behalf_of or t.answered_by or "") for t in given}
