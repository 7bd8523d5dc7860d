"""Gates: where a case pauses for people. Opening one puts its tasks before them; `graph/decisions.py` takes their answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from signoff.domain.advice import RoutingAdvice
from signoff.domain.approvals import Approver
from signoff.domain.checks.approvers import Signers
from signoff.domain.findings import Code, Finding, Severity
from signoff.domain.signoffs import RouteStep
from signoff.domain.stages import Check, VerifiedOrder
from signoff.graph.clockwork import opened
from signoff.graph.desk import Desk
from signoff.graph.store.rows import Task

REVIEW, EXCEPTIONS, APPROVE = "review", "exceptions", "approve"

VENDOR_FLAGS = frozenset(
    {Code.VENDOR_ON_HOLD, Code.VENDOR_BLOCKED, Code.VENDOR_SANCTIONED, Code.VENDOR_LOOKALIKE, Code.BANK_DETAILS_CHANGED}
)


def gate_name(desk: Desk, gate: str, step: int = 0) -> str:
    """A gate of one revision of a case, e.g. `C00042.0.approve.1`."""
    return f"{desk.case.case_id}.{desk.revision}.{gate}.{step}"


def open_review(desk: Desk, summary: str) -> None:
    """Ask a reviewer to look at the reading."""
    services = desk.services
    signers = Signers(services.policy, services.people, desk.drafted().order, None, day=desk.now.date())
    _open(desk, (REVIEW, "review"), signers, Approver(role=services.policy.gates.reviewers), summary)


def open_exceptions(desk: Desk, check: Check) -> None:
    """Ask the owner of each blocking finding, one task for each owner; all of them must accept."""
    services = desk.services
    amount = None if check.base_amount is None else abs(check.base_amount)
    order = desk.load("verified", VerifiedOrder).order
    signers = Signers(services.policy, services.people, order, amount, (check.category,), desk.now.date())
    by_owner: dict[Approver, list[Finding]] = defaultdict(list)
    for found in check.blocking:
        by_owner[services.policy.gates.owner(found.code)].append(found)
    for owner, findings in by_owner.items():
        _open(desk, (EXCEPTIONS, "exception"), signers, owner, " ".join(f.message for f in findings))


def open_approval(desk: Desk, step: RouteStep, index: int) -> None:
    """Ask for the sign-offs of one step of the route, with the routing agent's brief where there is one."""
    advice = desk.find("routing_advice", RoutingAdvice)
    summary = f"{step.why}\nBrief of the routing agent: {advice.brief}" if advice and advice.brief else step.why
    for approver in step.approvers:
        every = step.needed == len(step.approvers)
        task = _task(desk, gate_name(desk, APPROVE, index), "approval", approver.label, approver.candidates, summary, every)
        desk.services.store.tasks.open(opened(desk, task, step.rule))


def exceptions_of(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity is Severity.BLOCKING]


def _open(desk: Desk, gate: tuple[str, str], signers: Signers, owner: Approver, summary: str) -> None:
    """Put a question before whoever answers for it, at a gate of this name and kind."""
    candidates = signers.answering(owner, summary).candidates
    desk.services.store.tasks.open(opened(desk, _task(desk, gate_name(desk, gate[0]), gate[1], owner.label, candidates, summary, True)))


def _task(desk: Desk, gate: str, kind: str, label: str, candidates: tuple[str, ...], summary: str, needs_all: bool) -> Task:  # noqa: PLR0913 - the columns of a task
    return Task(
        task_id=0, case=desk.number, revision=desk.revision, gate=gate, kind=kind, label=label, candidates=candidates,
        needs_all=needs_all, summary=summary, status="open", version=0, answered_by=None, decision=None, note=None,
        created_at=desk.now.isoformat(), answered_at=None,
    )  # fmt: skip
