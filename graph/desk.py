"""A case on the desk: its steps, its state and its events, so that a node reads like what it does.

Every write happens inside a transaction of the store, together with the event that says why. A step's body is bound to
its event by a SHA-256, which `signoff audit verify` compares.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any, TypeVar

from signoff.domain.checks.routing import requesters
from signoff.domain.errors import BadInput
from signoff.domain.order import Order
from signoff.domain.people import Directory
from signoff.domain.reading import DraftOrder, Reading
from signoff.domain.record import Record
from signoff.domain.stages import Accepted, Answer, Approvals, ApprovedOrder, Check, CheckedOrder, Route, RoutedOrder, VerifiedOrder
from signoff.domain.states import State
from signoff.graph.drafts import draft_of, parsed
from signoff.graph.services import Services
from signoff.graph.store.rows import case_id

R = TypeVar("R", bound=Record)

SYSTEM = "signoff"


class Desk:
    """One case in one revision."""

    def __init__(self, services: Services, number: int) -> None:
        case = services.store.cases.get(number)
        if case is None:
            raise BadInput(f"There is no case {case_id(number)}; `signoff list` shows the cases.")
        self.services, self.case = services, case
        self.number, self.revision = number, case.revision
        self.now: dt.datetime = services.clock()

    def load(self, step: str, kind: type[R]) -> R:
        """What a step of this revision came to. Raises `BadInput` when it was not done."""
        found = self.find(step, kind)
        if found is None:
            raise BadInput(f"Case {self.case.case_id} has no step {step!r} in revision {self.revision}.")
        return found

    def find(self, step: str, kind: type[R]) -> R | None:
        body = self.services.store.cases.step(self.number, self.revision, step)
        return None if body is None else parsed(kind, body)

    def has(self, step: str) -> bool:
        return self.services.store.cases.step(self.number, self.revision, step) is not None

    def save(self, step: str, value: Record, revision: int | None = None) -> dict[str, str]:
        """Keep what a step came to; returns what its event says of it, `{step: sha256 of the body}`."""
        body = value.model_dump_json(exclude_defaults=True)
        self.services.store.cases.save_step(self.number, self.revision if revision is None else revision, step, body)
        return {step: hashlib.sha256(body.encode()).hexdigest()}

    def draft(self) -> DraftOrder | None:
        """What was read, with what an agent added to it; `None` when there is nothing."""
        return draft_of(self.services.store, replace(self.case, revision=self.revision))

    def drafted(self) -> DraftOrder:
        """The same, where there must be one. Raises `BadInput` when there is none."""
        draft = self.draft()
        return self.load("draft", DraftOrder) if draft is None else draft

    def checked(self) -> CheckedOrder:
        """The checked order, put together from its steps; its promise is checked again."""
        accepted = self.load("accepted", Accepted)
        return CheckedOrder(verified=self.load("verified", VerifiedOrder), check=self.load("check", Check), accepted=accepted.answers)

    def routed(self) -> RoutedOrder:
        """The routed order, likewise."""
        checked = self.checked()
        requester = requester_of(self.services.people, checked.verified.order)
        return RoutedOrder(checked=checked, route=self.load("route", Route), requester=requester)

    def approved(self) -> ApprovedOrder:
        """The approved order, likewise."""
        return ApprovedOrder(routed=self.routed(), approvals=self.load("approvals", Approvals).answers)

    def record(
        self,
        type: str,
        actor: str = SYSTEM,
        to: State | None = None,
        reason: str | None = None,
        steps: dict[str, str] | None = None,
        **body: Any,
    ) -> None:
        """Add an event about this case; with `to`, the event also takes the case to another state, for that reason.

        `steps` are the steps written with it, as `save` returned them.
        """
        body |= {"revision": self.revision, "steps": steps or {}, "basis": self.services.basis}
        if to is not None:
            body |= {"state": to, "reason": reason}
            self.services.store.cases.move(self.number, to, self.now, reason)
            self.case = replace(self.case, state=to, reason=reason)
        self.services.store.events.append(type, actor, body, self.now, self.number)

    def set(self, **columns: Any) -> None:
        self.services.store.cases.set(self.number, **columns)
        self.case = replace(self.case, **columns)


def requester_of(people: Directory, order: Order) -> str | None:
    """The person id of the requester, when the order names one whom we know; namesakes are nobody."""
    found = requesters(order, people)
    return found[0].person_id if len(found) == 1 else None


def verified_order(draft: DraftOrder, reading: Reading, answer: Answer | None) -> VerifiedOrder:
    """The verified order without the confidence of each field, which stays with the verification."""
    return VerifiedOrder(order=draft.order, lane=draft.lane, reading=reading.model_copy(update={"confidences": {}}), reviewed=answer)
