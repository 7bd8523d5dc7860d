"""A past case decided again on its recorded inputs, under whatever policy: what is asked of whom. Nothing is written, no model called.

What came from outside stays as it was: the paper, the past, the vendors, contracts and people of that day, what agents advised. A
reading that is doubted and a finding that blocks count as accepted, so that the sign-offs behind them can be told too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from pydantic import ValidationError

from signoff.domain.advice import ContractAdvice, Extraction, RoutingAdvice
from signoff.domain.approvals import Approver
from signoff.domain.checks.approvers import Signers
from signoff.domain.checks.complete import stated
from signoff.domain.checks.merging import merged
from signoff.domain.checks.routing import route
from signoff.domain.checks.selection import select
from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput, NeedsPerson
from signoff.domain.facts import Facts
from signoff.domain.findings import Code
from signoff.domain.reading import DraftOrder
from signoff.domain.record import Record
from signoff.domain.stages import Answer, Check, CheckedOrder, Route, RoutedOrder, VerifiedOrder
from signoff.domain.vendor import VendorMatch
from signoff.graph.desk import requester_of
from signoff.graph.judging import advised, judged, twin_of
from signoff.graph.kept import Company, KeptCompanies
from signoff.graph.proving import certain, proved
from signoff.graph.routing import setting
from signoff.graph.rulings import Ruling, out_of_reach
from signoff.graph.store.port import Cases
from signoff.graph.store.rows import Dossier, Event

R = TypeVar("R", bound=Record)

STEPS = ("verified", "match", "facts", "check", "contract_advice", "routing_advice", "corrected", "sent_back", "route")
EVENTS = ("reading.verified", "order.checked", "order.routed")
ACCEPTED = Answer(task_id="0", person="whoever was asked", decision="approve")


@dataclass(frozen=True, slots=True)
class Asked:
    """A task: its kind (`review`, `exception`, `approval`), its label, and the ids of those who may answer."""

    kind: str
    label: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """The sign-offs of an order; with `why` nobody could give them."""

    asked: tuple[Asked, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is asked of people, and which findings block. A `duplicate` goes no further; with `why` nobody could sign."""

    asked: tuple[Asked, ...] = ()
    blocking: frozenset[Code] = frozenset()
    duplicate: bool = False
    why: str = ""

    @property
    def unseen(self) -> bool:
        """Whether it is posted without that a person looks at it."""
        return not (self.asked or self.duplicate or self.why)


@dataclass(frozen=True)
class Rules:
    """By which policies a case was decided; they differ where the policy changed on its way."""

    reading: Ruling
    checking: Ruling
    routing: Ruling

    @classmethod
    def all_by(cls, ruling: Ruling) -> Rules:
        return cls(ruling, ruling, ruling)


class PastCase:
    """Raises `BadInput` where the record does not hold what the case was decided on."""

    def __init__(self, dossier: Dossier, kept: KeptCompanies, cases: Cases) -> None:
        self.case, self._bodies, self._cases = dossier.case, dossier.steps, cases
        last = {e.type: e for e in dossier.events if e.body.get("revision") == dossier.case.revision}
        self._checked = last["order.checked"]
        self._read, self._routed = last.get("reading.verified", self._checked), last.get("order.routed", self._checked)
        self.company, self._router, self._reader = (_company(kept, e) for e in (self._checked, self._routed, self._read))
        self.was = Rules(self._reader.ruling, self.company.ruling, self._router.ruling)

    def step(self, step: str, kind: type[R]) -> R:
        found = self.find(step, kind)
        if found is None:
            raise BadInput(f"The step {step!r} is missing from the record.")
        return found

    def find(self, step: str, kind: type[R]) -> R | None:
        body = self._bodies.get(step)
        return None if body is None else kind.model_validate_json(body)

    @cached_property
    def verified(self) -> VerifiedOrder:
        return self.step("verified", VerifiedOrder)

    @cached_property
    def facts(self) -> Facts:
        return self.step("facts", Facts)

    @cached_property
    def match(self) -> VendorMatch:
        return self.step("match", VendorMatch)

    @cached_property
    def recorded(self) -> Check:
        """The check on record."""
        return self.step("check", Check)

    @cached_property
    def _contracts(self) -> tuple[Contract, ...]:
        return self.company.contracts_of(self.match.vendor_id, self._term_day)

    @property
    def _term_day(self) -> dt.date:
        """The day whose terms hold."""
        return self.verified.order.issue_date or self.facts.today

    def check(self, by: Ruling, fresh: bool = False) -> Check:
        """What the checks find: what is on record where nothing that matters to them differs, unless it is to be found afresh."""
        was = self.was.checking
        splits = bool(self.facts.window) and by.splitting != was.splitting
        if not fresh and by.checking == was.checking and not splits:
            return self.recorded
        out_of_reach(was.policy, by.policy, self.recorded)
        order, vendor = self.verified.order, self.company.vendors.get(self.match.vendor_id or "")
        agreed = select(order, vendor, self._contracts, self.facts.today)
        found = judged(replace(self.company, policy=by.policy), order, self.match, agreed, self.facts)
        return advised(found, self.find("contract_advice", ContractAdvice), by.policy)

    def outcome(self, by: Rules, check: Check, signed: Signed) -> Outcome:
        """All that is asked under rules that come to this check and these sign-offs."""
        if twin_of(check):
            return Outcome(duplicate=True)
        blocking = frozenset(f.code for f in check.blocking)
        try:
            asked = (*self._reviewing(by.reading), *self._excepting(by.checking, check), *signed.asked)
        except NeedsPerson as error:
            return Outcome(blocking=blocking, why=str(error))
        return Outcome(asked, blocking, why=signed.why)

    def _reviewing(self, by: Ruling) -> Iterator[Asked]:
        if self._doubted(by):
            owner = Approver(role=by.policy.gates.reviewers)
            signers = Signers(by.policy, self._reader.people, self.verified.order, None, day=_day(self._read))
            yield Asked("review", owner.label, signers.answering(owner, "").candidates)

    def _doubted(self, by: Ruling) -> bool:
        """Whether a person has to look at the reading."""
        verified, was = self.verified, self.was.reading
        required = set(by.policy.required_fields) ^ set(was.policy.required_fields)
        if by.reading == was.reading and all(stated(verified.order, pointer) for pointer in required):
            return verified.reviewed is not None and verified.reviewed.decision == "approve"
        draft = self._draft()
        reading = proved(draft, self._reader.vendors, by.policy).reading
        return "sent_back" in self._bodies or not certain(draft, reading, "corrected" in self._bodies)

    def _draft(self) -> DraftOrder:
        bodies = (self._cases.step(self.case.number, self.case.revision, step) for step in ("draft", "extracted"))
        read, added = bodies
        draft = DraftOrder.model_validate_json(read) if read else None
        draft = merged(draft, Extraction.model_validate_json(added), self.case.format) if added else draft
        if draft is None:
            raise BadInput("The step 'draft' is missing from the record.")
        return draft

    def _excepting(self, by: Ruling, check: Check) -> Iterator[Asked]:
        if not check.blocking:
            return
        amount = None if check.base_amount is None else abs(check.base_amount)
        signers = Signers(by.policy, self.company.people, self.verified.order, amount, (check.category,), _day(self._checked))
        for owner in dict.fromkeys(by.policy.gates.owner(f.code) for f in check.blocking):
            yield Asked("exception", owner.label, signers.answering(owner, "").candidates)

    def signed(self, by: Ruling, check: Check) -> Signed:
        """The sign-offs that the policy asks for."""
        accepted = dict.fromkeys((f.code for f in check.blocking), ACCEPTED)
        checked = CheckedOrder(verified=self.verified, check=check, accepted=accepted)
        company, people, vendor = self._router, self._router.people, self.match.vendor_id
        known = company.contracts_of(vendor, self._term_day)
        how = setting(checked, company.vendors.get(vendor or ""), known, self.case.format, _day(self._routed))
        try:
            found = route(checked, by.policy, people, by.hash, self.find("routing_advice", RoutingAdvice), how)
            RoutedOrder(checked=checked, route=found, requester=requester_of(people, self.verified.order))
        except NeedsPerson as error:
            return Signed(why=str(error))
        except ValidationError as error:
            return Signed(why=f"{error.errors()[0]['msg'].removeprefix('Value error, ').capitalize()}.")
        return _signed(found)

    def recorded_signed(self) -> Signed | None:
        """The sign-offs on record, where the case was routed."""
        found = self.find("route", Route)
        return None if found is None else _signed(found)


def _signed(found: Route) -> Signed:
    return Signed(tuple(Asked("approval", a.label, a.candidates) for step in found.steps for a in step.approvers))


def _company(kept: KeptCompanies, event: Event) -> Company:
    """Whose policy and master data an event was decided with."""
    return kept.of(".".join(str(event.body.get("basis", "")).split(".")[:4]))


def _day(event: Event) -> dt.date:
    return dt.datetime.fromisoformat(event.at).date()
