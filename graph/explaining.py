"""Why a case is signed by whom: its route with what is signed already, who may sign now, and the rules that do not apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from signoff.domain.checks.matching import traits_of, why_not
from signoff.domain.errors import BadInput
from signoff.domain.policy import Policy
from signoff.domain.signoffs import RouteApprover, RouteStep
from signoff.domain.stages import Route
from signoff.graph.desk import Desk
from signoff.graph.gates import APPROVE, gate_name
from signoff.graph.routing import setting_of
from signoff.graph.services import Services
from signoff.graph.standing import acting
from signoff.graph.store.rows import Task


@dataclass(frozen=True, slots=True)
class SignOff:
    """One sign-off: whom it asks, who gave it, and, while it is open, who may give it today and in whose place (else `None`)."""

    approver: RouteApprover
    task: Task | None
    may: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Explained:
    """One step of the route; `standing` is `signed`, `now` or `later`."""

    number: int
    step: RouteStep
    standing: str
    sign_offs: tuple[SignOff, ...]


class Explanation:
    """The route of a case, explained under the policy it was made with. Raises `BadInput` for a case that has none."""

    def __init__(self, services: Services, number: int) -> None:
        self.services, self.desk = services, Desk(services, number)
        route = self.desk.find("route", Route)
        if route is None:
            case = self.desk.case
            raise BadInput(f"Case {case.case_id} has not been routed; it is {case.state}. `signoff why {case.case_id}` tells its story.")
        self.route = route

    @cached_property
    def policy(self) -> Policy:
        """The policy that the case was routed by."""
        kept = self.services.store.masters.policy(self.route.policy_hash)
        return Policy.model_validate_json(kept[1]) if kept else self.services.policy

    def steps(self) -> Iterator[Explained]:
        """Every step, with how far it is."""
        for number, step in enumerate(self.route.steps):
            tasks = [t for t in self.services.store.tasks.of_gate(gate_name(self.desk, APPROVE, number)) if t.kind == "approval"]
            given = sum(t.answered_by is not None for t in tasks)
            standing = "signed" if tasks and given >= step.needed else "now" if tasks else "later"
            own = (*tasks, *[None] * (len(step.approvers) - len(tasks)))
            sign_offs = (SignOff(a, t, self._may(t)) for a, t in zip(step.approvers, own, strict=False))
            yield Explained(number + 1, step, standing, tuple(sign_offs))

    def _may(self, task: Task | None) -> dict[str, str | None]:
        return acting(self.desk, task) if task and task.status == "open" else {}

    def others(self) -> Iterator[tuple[str, str]]:
        """The rules that do not apply, each with what is not so."""
        checked = self.desk.checked()
        traits = traits_of(checked, self.policy.company, setting_of(self.desk, checked))
        for rule in self.policy.approvals:
            if rule.name not in self.route.rules:
                yield rule.name, why_not(rule, traits, self.policy.base_currency) or "it would apply today; the route was found before that"
