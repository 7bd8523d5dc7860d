"""Answers of people: who may give them, which one counts, and what they change. One durable transaction each.

Of many people answering at once one wins by compare-and-set on the task; the others are told who did.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter, field_validator

from signoff.domain.checks.verify import Verification
from signoff.domain.errors import Refused
from signoff.domain.people import Person
from signoff.domain.reading import DraftOrder
from signoff.domain.record import Record
from signoff.domain.signoffs import Signature
from signoff.domain.stages import Accepted, Answer, Approvals, ApprovedOrder, Check, CheckedOrder, Decided, VerifiedOrder
from signoff.domain.states import WAITING, State
from signoff.graph.clockwork import pending
from signoff.graph.conversing import close_moot
from signoff.graph.corrections import corrected
from signoff.graph.desk import Desk, verified_order
from signoff.graph.gates import exceptions_of, open_approval
from signoff.graph.lore import remember, studied
from signoff.graph.posting import request_posting
from signoff.graph.rights import require_decide
from signoff.graph.services import Services
from signoff.graph.standing import allowed, needed, place_of, step_of
from signoff.graph.store.rows import QUESTION, Task

_DECIDED: TypeAdapter[Decided] = TypeAdapter(Decided)


class Decision(Record):
    """What a person says; `edits` maps JSON Pointers to new values, and is taken in their order, however it was typed.

    With `task` the answer is to that task and counts for no other, however the case has moved on since it was seen. With `seen` it
    counts only while the task has that version. `alike` is the case that was looked at, where this one is approved because it is like it.
    """

    person: str
    decision: Decided
    edits: dict[str, str] = {}
    note: str = ""
    task: int | None = None
    seen: int | None = None
    alike: str = ""

    @field_validator("edits")
    @classmethod
    def _in_order(cls, edits: dict[str, str]) -> dict[str, str]:
        return dict(sorted(edits.items(), key=lambda edit: [(not part.isdigit(), part.zfill(9)) for part in edit[0].split("/")]))


def decide(services: Services, number: int, said: Decision) -> str:
    """Take the answer; returns a sentence on what it did. Raises `Refused` when it does not count, and says why.

    When the answer settles the gate, a `resume` job for the case is queued in the same transaction.
    """
    person = services.people.find(said.person)
    if person is None:
        raise Refused(f"{said.person} is not in people.csv; import the people file, or decide as somebody who is in it.")
    lesson = studied(services, number, said.edits, person.person_id) if said.decision == "edit" else None
    with services.store.transaction(durable=True):
        desk = Desk(services, number)
        signing = _tasks_for(desk, person, said.task)
        if said.decision == "approve":
            signing = allowed(desk, person, signing)
        for principal in dict.fromkeys(own.principal for _, own in signing):
            if services.access is not None:
                require_decide(services.access, services, person, number, None if principal == person.person_id else principal)
        if said.seen is not None and any(task.version != said.seen for task, _ in signing):
            raise Refused(f"Case {desk.case.case_id} has changed since it was looked at: signoff show {desk.case.case_id}")
        answers = [_answer(task, own, said) for task, own in signing]
        mine = [task for task, _ in signing]
        for task, answer in zip(mine, answers, strict=True):
            if not services.store.tasks.answer(task, answer, desk.now):
                raise Refused(_taken(desk, task.gate))
        told: dict[str, Any] = {"decision": said.decision, "note": said.note, "edits": said.edits}
        told |= {"on_behalf_of": {a.task_id: a.on_behalf_of for a in answers if a.on_behalf_of}}
        told |= {"alike": said.alike} if said.alike else {}
        desk.record("task.answered", person.person_id, tasks=[t.task_id for t in mine], **told)
        sentence = ANSWERS[said.decision](desk, mine, answers[0], said)
        close_moot(desk)
        if lesson is not None:
            remember(desk, lesson, person.person_id)
        return sentence


def _answer(task: Task, own: Signature, said: Decision) -> Answer:
    """The answer to one task, in whose place it is given."""
    behalf = None if own.principal == own.person else own.principal
    return Answer(task_id=str(task.task_id), person=own.person, decision=said.decision, note=said.note, on_behalf_of=behalf)


def _tasks_for(desk: Desk, person: Person, only: int | None) -> list[tuple[Task, Signature]]:
    """The open tasks of the case that the person may answer, and in whose place, or the reason why there are none."""
    every = desk.services.store.tasks.of_case(desk.number)
    tasks = [t for t in every if t.kind != QUESTION]
    if any(t.task_id == only and t.kind == QUESTION for t in every):
        raise Refused(f"Task {only} is a question; answer it with: signoff answer {desk.case.case_id} --as {person.person_id} --text ...")
    if only is not None:
        meant = [t for t in tasks if t.task_id == only]
        if not meant:
            raise Refused(f"Case {desk.case.case_id} has no task {only}; `signoff show {desk.case.case_id}` lists its tasks.")
        if meant[0].status != "open":
            raise Refused(_taken(desk, meant[0].gate))
    waiting = [t for t in tasks if t.pending]
    asked = [t for t in waiting if only in (None, t.task_id)]
    mine = [(t, own) for t in asked if (own := place_of(desk, t, person)) is not None]
    if desk.case.state not in WAITING or not waiting:
        raise Refused(_taken(desk, tasks[-1].gate if tasks else ""))
    if mine:
        return mine
    if any(t.gate == waiting[0].gate and t.answered_by == person.person_id for t in tasks):
        raise Refused(f"{person.name} has answered already; case {desk.case.case_id} now waits for {_names(desk, waiting)}.")
    raise Refused(f"{person.name} may not decide this; case {desk.case.case_id} waits for {_names(desk, waiting)}.")


def _names(desk: Desk, tasks: list[Task]) -> str:
    people = desk.services.people
    ids = dict.fromkeys(p for t in tasks for p in t.candidates)
    return " or ".join(person.name if (person := people.get(i)) else i for i in ids)


def _taken(desk: Desk, gate: str) -> str:
    """Who was first."""
    for task in desk.services.store.tasks.of_gate(gate):
        if task.answered_by:
            person = desk.services.people.get(task.answered_by)
            name = person.name if person else task.answered_by
            when = f"{task.decision}, {task.answered_at}"
            return f"Case {desk.case.case_id} was already decided by {name} ({when}); it is now {desk.case.state}."
    return f"Case {desk.case.case_id} waits for nobody; it is {desk.case.state}."


def _approve(desk: Desk, mine: list[Task], answer: Answer, said: Decision) -> str:
    gate = desk.services.store.tasks.of_gate(mine[0].gate)
    left = [t for t in gate if t.pending]
    if left and sum(t.answered_by is not None for t in gate) < needed(desk, gate):
        return f"Noted. Case {desk.case.case_id} still waits for {_names(desk, left)}."
    desk.services.store.tasks.close(mine[0].gate, desk.now)
    return SETTLED[mine[0].kind](desk, mine[0], answer)


def _reviewed(desk: Desk, task: Task, answer: Answer) -> str:
    draft = desk.drafted()
    reading = desk.load("verification", Verification).reading
    verified = verified_order(draft, reading, answer)
    desk.record("order.verified", answer.person, to=State.VERIFIED, steps=desk.save("verified", verified))
    return _resume(desk, task, "The reading is accepted")


def _accepted(desk: Desk, task: Task, answer: Answer) -> str:
    """All owners accepted: each blocking finding is bound to the answer of the one who owns it."""
    check = desk.load("check", Check)
    by_role = {t.label: _answer_of(t) for t in desk.services.store.tasks.of_gate(task.gate)}
    owner = desk.services.policy.gates.owner
    accepted = {f.code: by_role.get(owner(f.code).label, answer) for f in exceptions_of(check.findings)}
    CheckedOrder(verified=desk.load("verified", VerifiedOrder), check=check, accepted=accepted)
    desk.record("order.accepted", answer.person, to=State.CHECKED, steps=desk.save("accepted", Accepted(answers=accepted)))
    return _resume(desk, task, "The exceptions are accepted")


def _signed(desk: Desk, task: Task, answer: Answer) -> str:
    """A step of the route is signed: open the next one, or the order is approved."""
    routed = desk.routed()
    following = step_of(desk, task) + 1
    if following < len(routed.route.steps):
        open_approval(desk, routed.route.steps[following], following)
        desk.record("approval.asked", step=following, standing=pending(desk))
        waiting = [t for t in desk.services.store.tasks.of_case(desk.number) if t.pending]
        return f"Signed. Case {desk.case.case_id} now waits for {_names(desk, waiting)}."
    tasks = [t for t in desk.services.store.tasks.of_case(desk.number) if t.kind == "approval" and t.revision == desk.revision]
    approvals = Approvals(answers=tuple(_answer_of(t) for t in tasks if t.answered_by))
    approved = ApprovedOrder(routed=routed, approvals=approvals.answers)
    saved = desk.save("approvals", approvals)
    desk.record("order.approved", answer.person, to=State.APPROVED, steps=saved, rules=list(routed.route.rules))
    request_posting(desk, approved)
    return _resume(desk, task, "The order is approved")


SETTLED: dict[str, Callable[[Desk, Task, Answer], str]] = {"review": _reviewed, "exception": _accepted, "approval": _signed}


def _answer_of(task: Task) -> Answer:
    return Answer(
        task_id=str(task.task_id), person=task.answered_by or "", decision=_DECIDED.validate_python(task.decision), note=task.note or "",
        on_behalf_of=task.on_behalf_of,
    )  # fmt: skip


def _reject(desk: Desk, mine: list[Task], answer: Answer, said: Decision) -> str:
    desk.services.store.tasks.close(mine[0].gate, desk.now)
    desk.services.store.past.release(desk.number)
    reason = f"Rejected by {answer.person}" + (f": {said.note}" if said.note else ".")
    desk.record("case.rejected", answer.person, to=State.REJECTED, reason=reason)
    return _resume(desk, mine[0], "The order is rejected")


def _edit(desk: Desk, mine: list[Task], answer: Answer, said: Decision) -> str:
    draft = corrected(desk.drafted(), said.edits, answer.person)
    return _again(desk, mine, draft, ("corrected", answer), f"Corrected {', '.join(said.edits)}; the order is checked again")


def _send_back(desk: Desk, mine: list[Task], answer: Answer, said: Decision) -> str:
    if mine[0].kind == "review":
        raise Refused(f"Case {desk.case.case_id} is in review already: correct it with --edit, accept it with --approve, or --reject it.")
    return _again(desk, mine, desk.drafted(), ("sent_back", answer), "Sent back to review")


def _again(desk: Desk, mine: list[Task], draft: DraftOrder, because: tuple[str, Answer], sentence: str) -> str:
    """Start a new revision at verification: what was decided about the old one no longer counts."""
    desk.services.store.tasks.close(mine[0].gate, desk.now)
    desk.services.store.past.release(desk.number)
    revision = desk.revision + 1
    saved = desk.save("draft", draft, revision) | desk.save(because[0], because[1], revision)
    desk.set(revision=revision, order_number=draft.order.order_number)
    desk.revision = revision
    desk.record("order.revised", because[1].person, to=State.READ, steps=saved, because=because[0])
    return _resume(desk, mine[0], sentence)


ANSWERS: dict[str, Callable[[Desk, list[Task], Answer, Decision], str]] = {
    "approve": _approve, "reject": _reject, "edit": _edit, "send_back": _send_back
}  # fmt: skip


def _resume(desk: Desk, task: Task, sentence: str) -> str:
    desk.services.store.jobs.enqueue(f"resume:{task.gate}", desk.number, "resume")
    return f"{sentence}."
