"""How closely an order is looked at, and whether that became less: what agents may never do.

posted < needs_approval (whose sign-offs are counted) < needs_review, on_hold (whom is asked is counted) < an end without posting
"""

from __future__ import annotations

from dataclasses import dataclass

from office import Office

from signoff.domain.checks.merging import agent_read
from signoff.domain.stages import Route
from signoff.domain.states import WAITING, State
from signoff.graph.desk import Desk
from signoff.graph.store.rows import Case


@dataclass(frozen=True)
class Outcome:
    """Where a case stands, what is asked of whom, whose sign-offs its route asks for, and whether agents read it and nobody looked."""

    state: State
    asked: frozenset[tuple[str, str, tuple[str, ...]]]
    signers: frozenset[tuple[str, ...]]
    unseen: bool

    @property
    def reading_asked(self) -> bool:
        """Whether a reviewer looks at the reading, which comes before anything else is asked."""
        return any(kind == "review" for kind, *_ in self.asked)

    def lowered(self, before: Outcome) -> str | None:
        """How this is less than there was before; `None` when nobody is asked less."""
        if self.unseen:
            return "what an agent read passed without a person"
        if before.state in WAITING and self.state in (State.APPROVED, State.POSTED):
            return f"it waited as {before.state} and is {self.state}"
        asks_first = self.reading_asked and not before.reading_asked
        if before.state in (State.NEEDS_REVIEW, State.ON_HOLD) and not (ended(self.state) or asks_first or before.asked <= self.asked):
            return f"{before.asked - self.asked} are asked no more"
        if self.state in (State.NEEDS_APPROVAL, State.APPROVED, State.POSTED) and not before.signers <= self.signers:
            return f"{before.signers - self.signers} sign no more"
        return None


def ended(state: State) -> bool:
    """Whether it ended without an order in the ERP."""
    return state in (State.FAILED, State.REJECTED, State.DUPLICATE, State.NOT_AN_ORDER)


def outcome(office: Office, case: Case) -> Outcome:
    desk = Desk(office.services, case.number)
    asked = frozenset((t.kind, t.label, t.candidates) for t in office.waiting(case))
    route, draft = desk.find("route", Route), desk.draft()
    signers = frozenset(a.candidates for step in (route.steps if route else ()) for a in step.approvers)
    unseen = draft is not None and agent_read(draft) and "order.verified" in office.told(case) and not reviewed(office, case)
    return Outcome(case.state, asked, signers, unseen)


def reviewed(office: Office, case: Case) -> bool:
    """Whether a person answered a question about it."""
    return any(task.status != "open" for task in office.store.tasks.of_case(case.number))
