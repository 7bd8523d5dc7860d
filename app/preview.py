"""What an answer is going to do, told before anybody says yes: who acts, on which order, what it settles, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jsonpointer import resolve_pointer

from signoff.domain.checks.verify import Verification
from signoff.domain.errors import Refused
from signoff.domain.people import Person
from signoff.domain.stages import Check, Decided, Route
from signoff.graph.corrections import corrected
from signoff.graph.desk import Desk
from signoff.graph.gates import exceptions_of
from signoff.graph.services import Services
from signoff.graph.standing import allowed, needed, place_of, step_of
from signoff.graph.store.rows import Task


@dataclass(frozen=True)
class Preview:
    """What is going to happen, as rows of a name and what it is. `tasks` are those that the answer is to, and no others."""

    rows: tuple[tuple[str, str], ...]
    tasks: tuple[int, ...] = ()


class Answering:
    """One person's answer to one case, before it is given. Raises `Refused` where the case asks nothing of them."""

    def __init__(self, seen: Services, person: Person, number: int) -> None:
        self.seen, self.person, self.desk = seen, person, Desk(seen, number)
        self.open = [t for t in seen.store.tasks.of_case(number) if t.pending]
        self.signing = [(t, own) for t in self.open if (own := place_of(self.desk, t, person)) is not None]
        self.mine = [t for t, _ in self.signing]
        if not self.mine:
            raise Refused(f"Case {self.desk.case.case_id} asks nothing of {person.name}. {standing(seen, number)}")

    def told(self, decision: Decided, note: str, order: Iterable[tuple[str, str]], edits: dict[str, str]) -> Preview:
        """`order` says in rows which order it is. Raises `Refused` or `BadInput` for an answer that would not be taken."""
        if decision == "approve":
            self.mine = [t for t, _ in allowed(self.desk, self.person, self.signing)]
        does, follows = self._outcome(decision, edits)
        who = f"{self.person.name} ({self.person.person_id})"
        rows = (("who", who), ("does", does), *order, ("note", note), ("then", follows))
        return Preview(tuple(row for row in rows if row[1]), tuple(t.task_id for t in self.mine))

    def _outcome(self, decision: Decided, edits: dict[str, str]) -> tuple[str, str]:
        """What the answer does, and what follows."""
        if decision == "approve":
            return self._settles(), self._after_approval()
        if decision == "reject":
            return "reject the order", "The case ends; nothing is posted."
        if decision == "edit":
            return self._edits(edits), "The order is checked again from the start; what was decided about it no longer counts."
        if self.mine[0].kind == "review":
            raise Refused(f"Case {self.desk.case.case_id} is in review already: edit it, approve its reading, or reject it.")
        return "send the order back to review", "Its reading is looked at again; what was decided about it no longer counts."

    def _settles(self) -> str:
        return "; and ".join(dict.fromkeys(map(self._settled, self.mine)))

    def _settled(self, task: Task) -> str:
        """What the approval of a task says yes to, by name."""
        if task.kind == "review":
            reading = self.desk.load("verification", Verification).reading
            doubts = f", doubtful for {', '.join(reading.reasons)}" if reading.reasons else ""
            return f"accept the reading{doubts}"
        if task.kind == "exception":
            owner = self.seen.policy.gates.owner
            findings = exceptions_of(self.desk.load("check", Check).findings)
            own = [f for f in findings if owner(f.code).label == task.label] or findings
            stakes = (f"\n{f.code}: {f.message}" + (f" At stake: {f.amount}." if f.amount is not None else "") for f in own)
            return f"accept the findings{''.join(stakes)}"
        return f"sign the approval: {task.summary}"

    def _edits(self, edits: dict[str, str]) -> str:
        draft = self.desk.drafted()
        corrected(draft, edits, self.person.person_id)
        tree = draft.order.model_dump(mode="json")
        return "; ".join(f"set {p} from {resolve_pointer(tree, p, None) or 'empty'} to {v or 'empty'}" for p, v in edits.items())

    def _more_needed(self) -> bool:
        """Whether the gate asks for further answers after these."""
        gate = self.seen.store.tasks.of_gate(self.mine[0].gate)
        given = sum(t.answered_by is not None for t in gate) + len(self.mine)
        return given < needed(self.desk, gate)

    def _after_approval(self) -> str:
        others = [t for t in self.open if t not in self.mine]
        if others and self._more_needed():
            return f"The case still waits for {names(self.seen, others)}."
        if self.mine[0].kind == "review":
            return "The order is checked against vendor, contract, earlier orders and budget, and goes on from there."
        if self.mine[0].kind == "exception":
            return "The order goes to those who must sign it by policy; where nobody must, it is posted to the ERP."
        following = self.desk.load("route", Route).steps[step_of(self.desk, self.mine[0]) + 1 :]
        if not following:
            return "Nobody else has to sign: the order is approved and posted to the ERP."
        return f"Next to sign: {(' or ' if following[0].any_of else ' and ').join(a.label for a in following[0].approvers)}."


def standing(seen: Services, number: int) -> str:
    """Where a case stands, and whom it waits for, in a sentence."""
    case = Desk(seen, number).case
    waiting = [t for t in seen.store.tasks.of_case(number) if t.pending]
    if not waiting:
        return f"Case {case.case_id} is {case.state.replace('_', ' ')}."
    return f"Case {case.case_id} waits for {names(seen, waiting)} ({', '.join(dict.fromkeys(t.kind for t in waiting))})."


def names(seen: Services, tasks: list[Task]) -> str:
    """Whom tasks ask; ids where the people may not be read."""
    groups: dict[tuple[str, ...], Any] = dict.fromkeys(t.candidates for t in tasks)
    return ", and ".join(" or ".join(p.name if (p := seen.people.get(i)) else i for i in group) for group in groups)
