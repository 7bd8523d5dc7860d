"""Gates: where a case pauses for people. Opening one puts its tasks before them; `graph/decisions.py` takes their answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from signoff.domain.advice import RoutingAdvice
from signoff.domain.findings import Code, Finding, Severity
from signoff.domain.stages import RouteStep
from signoff.graph.desk import Desk
from signoff.graph.store.port import Task

REVIEW, EXCEPTIONS, APPROVE = "review", "exceptions", "approve"

VENDOR_FLAGS = frozenset(
    {Code.VENDOR_ON_HOLD, Code.VENDOR_BLOCKED, Code.VENDOR_SANCTIONED, Code.VENDOR_LOOKALIKE, Code.BANK_DETAILS_CHANGED}
)


def gate_name(desk: Desk, gate: str, step: int = 0) -> str:
    """A gate of one revision of a case, e.g. `C00042.0.approve.1`."""
    return f"{desk.case.case_id}.{desk.revision}.{gate}.{step}"


def open_review(desk: Desk, summary: str) -> None:
    """Ask a reviewer to look at the reading."""
    policy = desk.services.policy
    _open(desk, REVIEW, "review", f"role:{policy.gates.reviewers}", holders(desk, policy.gates.reviewers), summary)


def open_exceptions(desk: Desk, blocking: Iterable[Finding], requester: str | None) -> None:
    """Ask the owner of each blocking finding, one task for each role; all of them must accept."""
    gates = desk.services.policy.gates
    by_role: dict[str, list[Finding]] = defaultdict(list)
    for found in blocking:
        by_role[gates.owner(found.code)].append(found)
    for role, findings in by_role.items():
        people = holders(desk, role)
        others = tuple(p for p in people if p != requester) or holders(desk, gates.fallback_approver)
        summary = " ".join(f.message for f in findings)
        _open(desk, EXCEPTIONS, "exception", f"role:{role}", others, summary)


def open_approval(desk: Desk, step: RouteStep, index: int) -> None:
    """Ask for the sign-offs of one step of the route, with the routing agent's brief where there is one."""
    advice = desk.find("routing_advice", RoutingAdvice)
    summary = f"{step.why}\nBrief of the routing agent: {advice.brief}" if advice and advice.brief else step.why
    for approver in step.approvers:
        task = _task(desk, gate_name(desk, APPROVE, index), "approval", approver.label, approver.candidates, summary, not step.any_of)
        desk.services.store.tasks.open(task)


def exceptions_of(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity is Severity.BLOCKING]


def holders(desk: Desk, role: str) -> tuple[str, ...]:
    """Who holds a role; those of the fallback role when nobody does, so that no task is without people."""
    people = desk.services.people
    found = people.with_role(role) or people.with_role(desk.services.policy.gates.fallback_approver)
    return tuple(p.person_id for p in found)


def _open(desk: Desk, gate: str, kind: str, label: str, candidates: tuple[str, ...], summary: str) -> None:
    desk.services.store.tasks.open(_task(desk, gate_name(desk, gate), kind, label, candidates, summary, True))


def _task(desk: Desk, gate: str, kind: str, label: str, candidates: tuple[str, ...], summary: str, needs_all: bool) -> Task:  # noqa: PLR0913
    return Task(
        task_id=0, case=desk.number, revision=desk.revision, gate=gate, kind=kind, label=label, candidates=candidates,
        needs_all=needs_all, summary=summary, status="open", version=0, answered_by=None, decision=None, note=None,
        created_at=desk.now.isoformat(), answered_at=None,
    )  # fmt: skip
