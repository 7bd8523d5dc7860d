"""The road of an order as types, each of which can only be made from the one before and only when its promise holds.

    DraftOrder -> VerifiedOrder -> CheckedOrder -> RoutedOrder -> ApprovedOrder

The promise is checked every time such a value comes into being, also when it is loaded from the store, so nothing
downstream can be handed an order that was not validated.
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from signoff.domain.findings import Code, Finding, Severity
from signoff.domain.order import Order
from signoff.domain.reading import Lane, Reading, Verdict
from signoff.domain.record import Number, Record
from signoff.domain.vendor import VendorMatch

Decided = Literal["approve", "reject", "edit", "send_back"]


class Answer(Record):
    """A person's answer to a task: who, what, why."""

    task_id: str
    person: str
    decision: Decided
    note: str = ""


class VerifiedOrder(Record):
    """An order whose reading is clear and needs nobody, or that a person has accepted as read."""

    order: Order
    lane: Lane
    reading: Reading
    reviewed: Answer | None = None

    @model_validator(mode="after")
    def _promise(self) -> VerifiedOrder:
        decision = self.reviewed.decision if self.reviewed else None
        if decision in ("reject", "send_back"):
            raise ValueError("a reading that a person neither accepted nor corrected is not verified")
        if decision == "approve":
            return self
        if self.reading.verdict is not Verdict.CLEAR:
            raise ValueError("a doubtful reading needs a person's answer")
        if self.reviewed is None and self.lane is not Lane.STRUCTURED and not self.reading.certified:
            raise ValueError(f"a {self.lane} reading without a certificate needs a person's answer")
        return self


class Check(Record):
    """What vendor, contract and order checks found. `base_amount` is in the policy's base currency.

    `currency` is what the money is in: the order's, else the contract's, else the vendor's; a finding says when it is
    not the order's own.
    """

    match: VendorMatch
    currency: str | None = None
    contract_id: str | None = None
    category: str | None = None
    base_amount: Number | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.BLOCKING)


class Accepted(Record):
    """Who accepted which blocking finding."""

    answers: dict[Code, Answer] = {}


class CheckedOrder(Record):
    """A verified order with its findings, every blocking one of them accepted by a person."""

    verified: VerifiedOrder
    check: Check
    accepted: dict[Code, Answer] = {}

    @model_validator(mode="after")
    def _promise(self) -> CheckedOrder:
        for found in self.check.blocking:
            answer = self.accepted.get(found.code)
            if answer is None or answer.decision != "approve":
                raise ValueError(f"the blocking finding {found.code} has not been accepted by a person")
        return self


class RouteApprover(Record):
    """One sign-off that is asked for. `candidates` are the person ids who may give it; the first answer counts."""

    label: str
    candidates: tuple[str, ...]


class RouteStep(Record):
    """Sign-offs asked for at the same time: all of them, or any one. `rule` and `why` say where it comes from."""

    approvers: tuple[RouteApprover, ...]
    any_of: bool = False
    rule: str
    why: str


class Route(Record):
    """The sign-offs an order needs, step after step; no step means it passes by itself, and `rules` says by which."""

    steps: tuple[RouteStep, ...] = ()
    rules: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    policy_hash: str

    @model_validator(mode="after")
    def _promise(self) -> Route:
        if not self.rules:
            raise ValueError("a route names the rule that it follows")
        return self


class RoutedOrder(Record):
    """A checked order with its route; every step can be satisfied."""

    checked: CheckedOrder
    route: Route
    requester: str | None = None

    @model_validator(mode="after")
    def _promise(self) -> RoutedOrder:
        for step in self.route.steps:
            if not step.approvers:
                raise ValueError(f"the step {step.rule!r} asks for nobody")
            for approver in step.approvers:
                if not approver.candidates or self.requester in approver.candidates:
                    raise ValueError(f"the step {step.rule!r} has nobody who may sign")
        return self


class Approvals(Record):
    """The sign-offs that were given."""

    answers: tuple[Answer, ...] = ()


class ApprovedOrder(Record):
    """A routed order that has every sign-off its route asks for. The only thing an ERP accepts."""

    routed: RoutedOrder
    approvals: tuple[Answer, ...] = ()

    @model_validator(mode="after")
    def _promise(self) -> ApprovedOrder:
        signed = {a.person for a in self.approvals if a.decision == "approve"}
        if self.routed.requester in signed:
            raise ValueError("nobody approves what they requested")
        for step in self.routed.route.steps:
            given = [bool(signed & set(a.candidates)) for a in step.approvers]
            if not (any(given) if step.any_of else all(given)):
                raise ValueError(f"the step {step.rule!r} lacks a sign-off")
        return self

    @property
    def order(self) -> Order:
        """The order as it is posted: in the currency that was checked."""
        checked = self.routed.checked
        return checked.verified.order.model_copy(update={"currency": checked.check.currency})
