"""The company's policy as typed values: `policy.yaml`, validated. Its hash stands in every decision.

Every amount is in `base_currency` unless it says otherwise. The loader that turns YAML errors into sentences is in
`tools/masterdata/policy.py`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from signoff.domain.findings import Code, Finding, Severity
from signoff.domain.money import Rates
from signoff.domain.record import Number, Record, Text


class Company(Record):
    """Who we are: to tell the buyer from the supplier, and orders that are not ours."""

    name: Text
    aliases: tuple[Text, ...] = ()
    ids: tuple[Text, ...] = ()
    tax_ids: tuple[Text, ...] = ()


class Tolerances(Record):
    """How far a value may be off before it is a finding. Percentages are of the expected value."""

    price_percent: Number = Decimal(0)
    price_amount: Number = Decimal("0.005")
    total_amount: Number = Decimal("0.01")
    history_price_percent: Number = Decimal(25)
    near_duplicate_days: int = 30
    split_window_days: int = 7
    contract_expiring_days: int = 30
    critical_confidence: float = 0.8


class Override(Record):
    """Severities and tolerances that hold for one vendor, category or contract only; later ones win."""

    vendor: Text | None = None
    category: Text | None = None
    contract: Text | None = None
    severities: dict[Code, Severity] = {}
    tolerances: dict[str, Number] = {}

    @model_validator(mode="after")
    def _aimed(self) -> Override:
        if not (self.vendor or self.category or self.contract):
            raise ValueError("an override names a vendor, a category or a contract")
        unknown = set(self.tolerances) - set(Tolerances.model_fields)
        if unknown:
            raise ValueError(f"unknown tolerance {sorted(unknown)[0]!r}")
        return self


class Approver(Record):
    """Who signs: anyone with a role, one named person, or the requester's managers until a limit covers the amount."""

    role: Text | None = None
    person: Text | None = None
    management: bool = False

    @model_validator(mode="after")
    def _one(self) -> Approver:
        if sum((self.role is not None, self.person is not None, self.management)) != 1:
            raise ValueError("an approver is exactly one of role, person, management")
        return self


class Step(Record):
    """One step of a route: a single approver, or several in parallel of whom all (or any one) must sign."""

    role: Text | None = None
    person: Text | None = None
    management: bool = False
    all_of: tuple[Approver, ...] = ()
    any_of: tuple[Approver, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> Step:
        single = sum((self.role is not None, self.person is not None, self.management))
        if single + bool(self.all_of) + bool(self.any_of) != 1:
            raise ValueError("a step is exactly one of role, person, management, all_of, any_of")
        if any(a.management for a in (*self.all_of, *self.any_of)):
            raise ValueError("management goes up step by step, so it cannot stand in all_of or any_of")
        return self

    @property
    def approvers(self) -> tuple[Approver, ...]:
        if self.all_of or self.any_of:
            return self.all_of or self.any_of
        return (Approver(role=self.role, person=self.person, management=self.management),)


class When(Record):
    """What an approval rule matches on; everything that is stated must hold. Empty matches every order."""

    amount_above: Number | None = None
    amount_up_to: Number | None = None
    categories: tuple[Text, ...] = ()
    cost_centers: tuple[Text, ...] = ()
    vendors: tuple[Text, ...] = ()
    currencies: tuple[Text, ...] = ()
    findings: tuple[Code, ...] = ()
    no_contract: bool | None = None


class Rule(Record):
    """An approval rule. `nobody: true` lets an order pass without a sign-off, unless another rule or a finding asks for one."""

    name: Text
    when: When = When()
    steps: tuple[Step, ...] = ()
    nobody: bool = False

    @model_validator(mode="after")
    def _says(self) -> Rule:
        if bool(self.steps) == self.nobody:
            raise ValueError("a rule has either steps or nobody: true")
        return self


class Gates(Record):
    """Who looks: at readings, and at findings by their owner; `owners` maps a finding code to a role."""

    reviewers: Text = "buyer"
    default_owner: Text = "buyer"
    owners: dict[Code, Text] = {}
    fallback_approver: Text = "procurement_manager"

    def owner(self, code: Code) -> str:
        """The role that answers for findings with this code."""
        return self.owners.get(code, self.default_owner)


class Budget(Record):
    """What a cost centre may commit in a calendar year."""

    cost_center: Text
    year: int
    amount: Number


class Spending(Record):
    """The most that agents may use of a model: calls, tokens in and out, US dollars, seconds of waiting. `None` sets no limit."""

    calls: int | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)
    cost: Number | None = Field(default=None, ge=0)
    seconds: int | None = Field(default=None, ge=0)


class AgentRules(Record):
    """Where agents may help, what they may spend, and what of their calls is kept. They add scrutiny, never take it away.

    `contract_check`: where code left lines unmatched or words unweighed (`when_open`), for every order under a contract
    (`always`), or `never`. `routing`: a brief for those who sign (`when_signed`), for every order (`always`), or `never`.
    `bodies`: `redacted` keeps hashes of what a model was told in place of the words.
    """

    extraction: bool = True
    contract_check: Literal["never", "when_open", "always"] = "when_open"
    routing: Literal["never", "when_signed", "always"] = "when_signed"
    per_case: Spending = Spending(calls=12, tokens=200_000, cost=Decimal(1), seconds=300)
    per_batch: Spending = Spending()
    bodies: Literal["full", "redacted"] = "full"


class Policy(Record):
    """All that the company has decided."""

    version: Literal[1]
    dated: dt.date
    company: Company
    base_currency: Text = Field(pattern="^[A-Z]{3}$")
    fx: Rates = Rates()
    required_fields: tuple[Text, ...] = ("/order_number", "/supplier", "/lines")
    tolerances: Tolerances = Tolerances()
    severities: dict[Code, Severity] = {}
    overrides: tuple[Override, ...] = ()
    gates: Gates = Gates()
    approvals: tuple[Rule, ...]
    budgets: tuple[Budget, ...] = ()
    agents: AgentRules = AgentRules()

    def tolerances_for(self, vendor: str | None = None, category: str | None = None, contract: str | None = None) -> Tolerances:
        """The tolerances that hold for this vendor, category and contract."""
        values: dict[str, object] = {}
        for o in self._overrides(vendor, category, contract):
            values.update(o.tolerances)
        return Tolerances.model_validate(self.tolerances.model_dump() | values) if values else self.tolerances

    def judge(self, found: Finding, vendor: str | None = None, category: str | None = None, contract: str | None = None) -> Finding | None:
        """The finding with the severity that policy gives it, or `None` when policy has switched the code off."""
        severity = self.severities.get(found.code, found.severity)
        for o in self._overrides(vendor, category, contract):
            severity = o.severities.get(found.code, severity)
        if severity is Severity.OFF:
            return None
        return found if severity is found.severity else found.model_copy(update={"severity": severity})

    def _overrides(self, vendor: str | None, category: str | None, contract: str | None) -> list[Override]:
        facts = {"vendor": vendor, "category": category, "contract": contract}
        return [o for o in self.overrides if all(getattr(o, k) in (None, v) for k, v in facts.items())]
