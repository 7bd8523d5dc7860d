"""What time does to a task: its deadlines when it is opened, word of it, reminders, and escalation to further people.

Whoever a task is escalated to answers in the place of somebody who was asked, so no sign-off is lost and separation of duties holds.
What is done is a function of the task, the policy, the people and the moment; a replay does the same at the moment on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from signoff.domain.checks.verify import Verification
from signoff.domain.findings import Severity
from signoff.domain.people import Person
from signoff.domain.sla import About, Kind, Level, StandIn, Standing, begun
from signoff.domain.stages import Check, Route
from signoff.graph.desk import Desk
from signoff.graph.services import Services
from signoff.graph.standing import acting, barred, step_of
from signoff.graph.store.rows import QUESTION, Task
from signoff.graph.telling import asked, order_of, tell


@dataclass(frozen=True, slots=True)
class Tended:
    """What was done about a task, and who was told or asked by it."""

    what: str
    task: Task
    people: tuple[str, ...]


def opened(desk: Desk, task: Task, rule: str | None = None) -> Task:
    """A task that is about to be opened, with its deadlines. A sign-off is asked for by a rule."""
    level = desk.services.policy.sla.level(_about(desk, task, rule))
    times = begun(level, desk.services.policy.calendar, desk.now)
    more: dict[str, Any] = {"asked_by": task.standing.asked_by, "about": task.standing.about}
    if task.kind == QUESTION:
        more["tell_at"] = None  # whoever is asked a question is told when it is asked
    return replace(task, standing=times.model_copy(update=more))


def standings(tasks: Iterable[Task]) -> dict[str, Any]:
    """How tasks stand, as an event about them says it."""
    return {str(t.task_id): t.standing.model_dump(mode="json", exclude_defaults=True) for t in tasks}


def pending(desk: Desk) -> dict[str, Any]:
    """The same of all that the case waits for."""
    return standings(t for t in desk.services.store.tasks.of_case(desk.number) if t.pending)


def restand(desk: Desk, task: Task, standing: Standing) -> Task:
    """Set how an open task stands; the task as it then is."""
    done = desk.services.store.tasks.stand(task, standing)
    assert done, "the task was read in this transaction"
    return replace(task, standing=standing, version=task.version + 1)


def due(services: Services) -> Iterator[Task]:
    """The tasks that time may have done something to: deadlines that passed, and those whose people are all away."""
    tasks = {t.task_id: t for t in services.store.tasks.due(services.clock())}
    day = services.clock().date()
    if any(p.absent(day) for p in services.people):
        there = {p.person_id for p in services.people if not p.absent(day)}
        tasks |= {t.task_id: t for t in services.store.tasks.waiting() if there.isdisjoint((*t.candidates, *t.standing.places))}
    yield from (tasks[number] for number in sorted(tasks))


def tend(services: Services, number: int, task_id: int) -> Tended | None:
    """Do what is due about a task of a case; nothing when it is not open any more, or somebody else did it meanwhile."""
    with services.store.transaction(durable=True):
        desk = Desk(services, number)
        task = next((t for t in services.store.tasks.of_case(number) if t.task_id == task_id and t.status == "open"), None)
        if task is None or task.standing.paused_at is not None:
            return None
        standing = task.standing
        if standing.escalate_at is not None and standing.escalate_at <= desk.now:
            return _escalate(desk, task, "overdue")
        if not _attended(desk, task):
            return _escalate(desk, task, "absent")
        if standing.tell_at is not None and standing.tell_at <= desk.now:
            return _tell(desk, task)
        if standing.remind_at is not None and standing.remind_at <= desk.now:
            return _remind(desk, task)
    return None


def answerable(desk: Desk, task: Task) -> list[str]:
    """Who is there today and may answer a task; its holder alone, where it has one."""
    there = [i for i in acting(desk, task) if (p := desk.services.people.get(i)) and not p.absent(desk.now.date())]
    return [task.standing.holder] if task.standing.holder in there else there


def _attended(desk: Desk, task: Task) -> bool:
    return bool(answerable(desk, task))


def _about(desk: Desk, task: Task, rule: str | None = None) -> About:
    if rule is None and task.kind == "approval":
        rule = desk.load("route", Route).steps[step_of(desk, task)].rule
    return About(kind=cast(Kind, task.kind), rule=rule, role=task.label.removeprefix("role:"), severity=_gravest(desk))


def _gravest(desk: Desk) -> Severity | None:
    """The severity of the gravest finding of the case as it stands."""
    sources = (desk.find("verification", Verification), desk.find("check", Check), desk.find("route", Route))
    found = [f.severity for source in sources if source for f in source.findings]
    return max(found, key=lambda s: s.rank, default=None)


def _level(desk: Desk, task: Task) -> Level:
    return desk.services.policy.sla.level(_about(desk, task))


def _tell(desk: Desk, task: Task) -> Tended:
    """Let whoever is asked know of a task that is new to them."""
    task = restand(desk, task, task.standing.model_copy(update={"tell_at": None}))
    people = answerable(desk, task)
    told = _told(desk, task, people, f"For you: {order_of(desk)} waits for your {task.kind}")
    desk.record("task.told", task=task.task_id, people=people, told=told, standing=standings([task]))
    return Tended("told", task, tuple(people))


def _remind(desk: Desk, task: Task) -> Tended:
    every, calendar = _level(desk, task).remind_every, desk.services.policy.calendar
    again = calendar.after(desk.now, every) if every else None
    task = restand(desk, task, task.standing.model_copy(update={"remind_at": again}))
    waits = "is to be answered" if task.kind == QUESTION else f"waits for your {task.kind}"
    people = answerable(desk, task)
    told = _told(desk, task, people, f"Reminder: {order_of(desk)} {waits}")
    desk.record("task.reminded", task=task.task_id, people=people, told=told, standing=standings([task]))
    return Tended("reminded", task, tuple(people))


def _escalate(desk: Desk, task: Task, because: str) -> Tended | None:
    level, calendar = _level(desk, task), desk.services.policy.calendar
    further = _further(desk, task, level)
    if not further and because == "absent":
        return None  # nobody is left to ask, and nothing changes until somebody is back
    spans = {"remind_at": level.remind_after, "escalate_at": level.escalate_after if further else None}
    times = {name: calendar.after(desk.now, span) if span else None for name, span in spans.items()}
    stand_ins = (*task.standing.stand_ins, *further)
    standing = task.standing.model_copy(update={**times, "tell_at": None, "holder": None, "stand_ins": stand_ins})
    task = restand(desk, task, standing)
    people = [s.person for s in further]
    why = "was not answered in time" if because == "overdue" else "waits for people who are away"
    told = _told(desk, task, people, f"Escalated: {order_of(desk)} {why}")
    desk.record("task.escalated", task=task.task_id, because=because, people=people, told=told, standing=standings([task]))
    return Tended("escalated", task, tuple(people))


def _told(desk: Desk, task: Task, people: list[str], subject: str) -> list[str]:
    """Tell each of them what the task asks; who was told."""
    return [told for who in people for told in tell(desk, [who], subject, asked(desk, task, desk.services.people.get(who)))]


def _further(desk: Desk, task: Task, level: Level) -> tuple[StandIn, ...]:
    """Who else may answer from now on: the role that policy names, else the next managers up; where nobody has any, the fallback role."""
    places = {c: c for c in task.candidates} | dict(task.standing.places)
    asked_now = places.keys() | acting(desk, task).keys()
    first = task.candidates[0]

    def held(role: str | None) -> Iterator[tuple[Person, str]]:
        return ((p, first) for p in desk.services.people.with_role(role or "") if role)

    fallback = None if task.kind == QUESTION or task.standing.stand_ins else desk.services.policy.gates.fallback_approver
    for wanted in (held(level.escalate_to), _managers(desk, task, places), held(fallback)):
        found = [s for person, place in wanted if (s := _there(desk, task, person, place)) and s.person not in asked_now]
        if found:
            return tuple({s.person: s for s in reversed(found)}.values())[::-1]
    return ()


def _managers(desk: Desk, task: Task, places: dict[str, str]) -> Iterator[tuple[Person, str]]:
    """The next manager above each of those who may answer, who is there."""
    people = desk.services.people
    for who, principal in places.items():
        person = people.get(who)
        above = people.managers(person) if person else []
        if manager := next((m for m in above if _there(desk, task, m, principal)), None):
            yield manager, principal


def _there(desk: Desk, task: Task, person: Person, principal: str) -> StandIn | None:
    """The person, or whoever acts for them today, in the place of somebody who was asked; nobody who requested the order."""
    day, out = desk.now.date(), frozenset[str]() if task.kind == QUESTION else barred(desk)
    actor = desk.services.people.stand_in(person, day) if person.absent(day) else person
    if actor is None or {actor.person_id, person.person_id} & out:
        return None
    return StandIn(person=actor.person_id, principal=principal)
