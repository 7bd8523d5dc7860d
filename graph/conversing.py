"""What people say to each other about a case: remarks, tasks given on, questions and their answers. None of it settles a gate.

Each is written in one transaction with its event. A question lets the time of the task that it is asked for stand still.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Person
from signoff.domain.record import Record
from signoff.domain.sla import StandIn, Standing, resumed
from signoff.domain.stages import Check
from signoff.graph.clockwork import opened, restand, standings
from signoff.graph.desk import Desk
from signoff.graph.rights import require, require_decide
from signoff.graph.services import Services
from signoff.graph.standing import barred, place_of
from signoff.graph.store.rows import QUESTION, Task
from signoff.graph.telling import asked, order_of, tell
from signoff.tools import access

LONGEST = 4000
"""Characters of a remark, a question or an answer."""


class Remark(Record):
    """Something a person says about a case."""

    person: str
    text: str


class Handover(Record):
    """A person gives a task to another; without a task all that they are asked."""

    person: str
    to: str
    task: int | None = None
    note: str = ""


class Inquiry(Record):
    """A person asks another something about a case; without a task, for the first that they are asked."""

    person: str
    to: str
    text: str
    task: int | None = None


class Reply(Record):
    """The answer to a question; without a task, to the first that the person is asked."""

    person: str
    text: str
    task: int | None = None


Saying = Remark | Handover | Inquiry | Reply


def say(services: Services, number: int, said: Saying) -> str:
    """Take what a person says about a case; returns a sentence on what it did. Raises `Refused` or `BadInput`, and says why."""
    match said:
        case Remark():
            return comment(services, number, said)
        case Handover():
            return forward(services, number, said)
        case Inquiry():
            return ask(services, number, said)
        case Reply():
            return answer(services, number, said)


def comment(services: Services, number: int, said: Remark) -> str:
    """Keep a remark with the case."""
    person, text = _person(services, said.person), _said(said.text)
    with services.store.transaction(durable=True):
        desk = Desk(services, number)
        _may_speak(desk, person)
        desk.record("case.commented", person.person_id, text=text)
    return f"Noted with case {desk.case.case_id}."


def forward(services: Services, number: int, said: Handover) -> str:
    """Give tasks on: the other answers in the place of whoever was asked."""
    person, other = _person(services, said.person), _person(services, said.to)
    with services.store.transaction(durable=True):
        desk = Desk(services, number)
        mine = _asked_of(desk, person, said.task)
        for _, principal in mine:
            if services.access is not None:
                require_decide(services.access, services, person, number, None if principal == person.person_id else principal)
        tasks = [_handed(desk, task, person, other, principal) for task, principal in mine]
        words = "\n".join([*([f"{said.note}\n"] if said.note else []), *(asked(desk, task, other) for task in tasks)])
        told = tell(desk, [other.person_id], f"{person.name} asks you to answer in their place: {order_of(desk)}", words)
        desk.record(
            "task.forwarded", person.person_id, tasks=[t.task_id for t in tasks], person=other.person_id, note=said.note, told=told,
            standing=standings(tasks),
        )  # fmt: skip
    return f"{other.name} is asked in place of {person.name}."


def ask(services: Services, number: int, said: Inquiry) -> str:
    """Ask somebody a question, the requester too; the asker's task stays open and its time stands still until the answer."""
    person, other, text = _person(services, said.person), _person(services, said.to), _said(said.text)
    if person.person_id == other.person_id:
        raise BadInput(f"{person.name} cannot ask themself; name somebody else with --to.")
    with services.store.transaction(durable=True):
        desk = Desk(services, number)
        _may_speak(desk, person)
        about = _asked_of(desk, person, said.task)[0][0]
        question = _question(desk, person, other, about, text)
        since = about.standing.paused_at or desk.now.replace(microsecond=0)
        paused = restand(desk, about, about.standing.model_copy(update={"paused_at": since}))
        told = tell(desk, [other.person_id], f"{person.name} asks about {order_of(desk)}", asked(desk, question, other))
        desk.record(
            "question.asked", person.person_id, task=question.task_id, about=about.task_id, person=other.person_id, text=text, told=told,
            standing=standings([paused, question]),
        )  # fmt: skip
    return f"{other.name} is asked (task {question.task_id}). Case {desk.case.case_id} still waits for {person.name}."


def answer(services: Services, number: int, said: Reply) -> str:
    """Answer a question; whoever asked is told, and the time of their task goes on."""
    person, text = _person(services, said.person), _said(said.text)
    with services.store.transaction(durable=True):
        desk = Desk(services, number)
        _may_speak(desk, person)
        task, principal = _asked_of(desk, person, said.task, question=True)[0]
        behalf = None if principal == person.person_id else principal
        done = services.store.tasks.reply(task, person.person_id, text, behalf, desk.now)
        assert done, "the task was read in this transaction"
        asker = task.standing.asked_by or ""
        words = f"{task.summary}\n\n{person.name}: {text}\n"
        told = tell(desk, [asker], f"{person.name} answered your question about {order_of(desk)}", words)
        desk.record(
            "question.answered", person.person_id, task=task.task_id, text=text, on_behalf_of=behalf, told=told,
            standing=standings(_going_on(desk, [task])),
        )  # fmt: skip
    return f"{_name(desk, asker)} has the answer."


def close_moot(desk: Desk) -> None:
    """Close the questions whose asker's task is settled: nobody waits for their answer any more."""
    every = {t.task_id: t for t in desk.services.store.tasks.of_case(desk.number)}
    moot = [t for t in questions(every.values()) if every[t.standing.about or 0].status != "open"]
    for task in moot:
        desk.services.store.tasks.close(task.gate, desk.now)
    if moot:
        desk.record("question.closed", tasks=[t.task_id for t in moot])


def questions(tasks: Iterable[Task]) -> list[Task]:
    """Those of the tasks that are open questions."""
    return [t for t in tasks if t.kind == QUESTION and t.status == "open"]


def _going_on(desk: Desk, settled: list[Task]) -> list[Task]:
    """The tasks that these questions were asked for, with their time going on unless another question is open."""
    every = desk.services.store.tasks.of_case(desk.number)
    waiting = {t.standing.about for t in questions(every)}
    wanted = {t.standing.about for t in settled} - waiting
    calendar = desk.services.policy.calendar
    paused = [t for t in every if t.task_id in wanted and t.pending and t.standing.paused_at]
    return [restand(desk, t, resumed(t.standing, calendar, desk.now)) for t in paused]


def _question(desk: Desk, person: Person, other: Person, about: Task, text: str) -> Task:
    """A question, opened."""
    store = desk.services.store.tasks
    gate = f"{desk.case.case_id}.{desk.revision}.{QUESTION}.{len([t for t in store.of_case(desk.number) if t.kind == QUESTION])}"
    task = Task(
        task_id=0, case=desk.number, revision=desk.revision, gate=gate, kind=QUESTION, label=other.name, candidates=(other.person_id,),
        needs_all=True, summary=f"{person.name} asks: {text}", status="open", version=0, answered_by=None, decision=None, note=None,
        created_at=desk.now.isoformat(), answered_at=None, standing=Standing(asked_by=person.person_id, about=about.task_id),
    )  # fmt: skip
    task = opened(desk, task)
    return replace(task, task_id=store.open(task))


def _asked_of(desk: Desk, person: Person, only: int | None, question: bool = False) -> list[tuple[Task, str]]:
    """The open tasks of the case that a person may answer, and in whose place; of several that ask for the same, the first."""
    case, what = desk.case.case_id, "question" if question else "task"
    every = [t for t in desk.services.store.tasks.of_case(desk.number) if (t.kind == QUESTION) is question and t.status == "open"]
    found = [(t, own.principal) for t in every if only in (None, t.task_id) and (own := place_of(desk, t, person))]
    if found:
        return list({(t.gate, t.label): (t, principal) for t, principal in reversed(found)}.values())[::-1]
    number = f" with the number {only}" if only is not None else ""
    hint = "" if question else f"; to say something all the same: signoff comment {case} --as {person.person_id} --text ..."
    raise Refused(f"Case {case} has no open {what}{number} for {person.name}{hint}.")


def _handed(desk: Desk, task: Task, person: Person, other: Person, principal: str) -> Task:
    """The task with the other as its holder, who answers in the place of whoever was asked."""
    if reason := _why_not(desk, task, principal, other):
        raise Refused(f"{person.name} cannot give task {task.task_id} to {other.name}: {reason}.")
    standing = task.standing.model_copy(update={"holder": other.person_id, "tell_at": None})
    if other.person_id not in (*task.candidates, *standing.places):
        further = StandIn(person=other.person_id, principal=principal)
        standing = standing.model_copy(update={"stand_ins": (*standing.stand_ins, further)})
    return restand(desk, task, standing)


def _why_not(desk: Desk, task: Task, principal: str, other: Person) -> str | None:
    """Why somebody may not answer a task in a person's place; nothing when they may."""
    day = desk.now.date()
    if other.person_id in barred(desk):
        return "nobody decides on what they requested"
    if other.absent(day):
        return f"{other.name} is away until {other.absent_until or 'further notice'}"
    if task.standing.holder == other.person_id:
        return f"{other.name} has it already"
    if other.person_id in task.candidates or _entitled(desk, task, principal, other):
        return None
    needs = f"the role {role}, or be" if (role := _role(desk, task, principal)) else "a limit that covers the amount, or be"
    return f"{other.name} would need {needs} a manager of {_name(desk, principal)}"


def _entitled(desk: Desk, task: Task, principal: str, other: Person) -> bool:
    """Whether somebody has the role that is asked, a limit that covers the amount where none is, or stands above."""
    own = desk.services.people.get(principal)
    if own is not None and other in desk.services.people.managers(own):
        return True
    if role := _role(desk, task, principal):
        return role in other.roles
    check = desk.find("check", Check)
    limit = other.limit_for((check.category,)) if check else None
    return check is not None and check.base_amount is not None and limit is not None and limit >= abs(check.base_amount)


def _role(desk: Desk, task: Task, principal: str) -> str | None:
    """The role by which somebody is asked, also where they are in the place of those who have it; nothing for a person's own task."""
    own = desk.services.people.get(principal)
    named = re.split(" in place of | or ", task.label.removeprefix("role:"))
    roles = [word for word in named if desk.services.people.with_role(word)]
    return next((role for role in roles if own and role in own.roles), roles[0] if roles else None)


def _person(services: Services, word: str) -> Person:
    person = services.people.find(word)
    if person is None:
        raise BadInput(f"{word} is not in people.csv; give the id, the name or the e-mail address of somebody who was imported.")
    return person


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise BadInput("There is nothing in the text; say it with --text.")
    if len(text) > LONGEST:
        raise BadInput(f"The text has {len(text)} characters; {LONGEST} are the most. Put the rest into another remark.")
    return text


def _may_speak(desk: Desk, person: Person) -> None:
    if desk.services.access is not None:
        require(desk.services.access, access.person(person), "comment", access.case(desk.case.case_id))


def _name(desk: Desk, person_id: str) -> str:
    person = desk.services.people.get(person_id)
    return person.name if person else person_id
