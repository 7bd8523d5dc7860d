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
from signoff.domain.signoffs import RouteStep, Signature, given_by, signable
from signoff.domain.vendor import VendorMatch

Decided = Literal["approve", "reject", "edit", "send_back"]


class Answer(Record):
    """A person's answer to a task: who, what, why; `on_behalf_of` is whose place they took, as a delegate or when it was forwarded."""

    task_id: str
    person: str
    decision: Decided
    note: str = ""
    on_behalf_of: str | None = None


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


class Route(Record):
    """The sign-offs an order needs, step after step; no step means it passes by itself, and `rules` says by which.

    `barred` are those who requested the order, or may have: they neither sign nor stand in for anybody who does.
    """

    steps: tuple[RouteStep, ...] = ()
    barred: tuple[str, ...] = ()
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
                if not approver.candidates or self.barred.intersection(approver.candidates):
                    raise ValueError(f"the step {step.rule!r} has nobody who may sign")
        if not signable(self.route.steps):
            raise ValueError("the route asks for more different people than may sign")
        return self

    @property
    def barred(self) -> frozenset[str]:
        """Who must not sign, as they requested it."""
        return frozenset((*self.route.barred, *([self.requester] if self.requester else [])))


class Approvals(Record):
    """The sign-offs that were given."""

    answers: tuple[Answer, ...] = ()


class ApprovedOrder(Record):
    """A routed order that has every sign-off its route asks for. The only thing an ERP accepts."""

    routed: RoutedOrder
    approvals: tuple[Answer, ...] = ()

    @model_validator(mode="after")
    def _promise(self) -> ApprovedOrder:
        given = [Signature(a.person, a.on_behalf_of or a.person) for a in self.approvals if a.decision == "approve"]
        if any(self.routed.barred.intersection(signature) for signature in given):
            raise ValueError("nobody approves what they requested, nor through a delegate")
        steps = self.routed.route.steps
        for step in steps:
            if not signable([step], given_by([step], given)):
                raise ValueError(f"the step {step.rule!r} lacks a sign-off")
        if not signable(steps, given_by(steps, given)):
            raise ValueError("one person signed where several have to")
        return self

    @property
    def order(self) -> Order:
        """The order as it is posted: in the currency that was checked."""
        checked = self.routed.checked
        return checked.verified.order.model_copy(update={"currency": checked.check.currency})
