"""The company's policy as typed values: `policy.yaml`, validated. Its hash stands in every decision.

Every amount is in `base_currency` unless it says otherwise. The loader that turns YAML errors into sentences is in
`tools/masterdata/policy.py`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from signoff.domain.approvals import Gates, Rule
from signoff.domain.findings import Code, Finding, Group, Severity
from signoff.domain.money import Rates
from signoff.domain.record import Number, Record, Text
from signoff.domain.sla import Sla
from signoff.domain.working_time import Calendar


class Entity(Record):
    """One of our companies, where several order: told from the others by the buyer that an order names."""

    name: Text
    aliases: tuple[Text, ...] = ()
    ids: tuple[Text, ...] = ()
    tax_ids: tuple[Text, ...] = ()


class Company(Entity):
    """Who we are: to tell the buyer from the supplier, and orders that are not ours. All that its `entities` are called is ours."""

    entities: tuple[Entity, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is ours."""
        return tuple(name for e in (self, *self.entities) for name in (e.name, *e.aliases))

    @property
    def every_id(self) -> tuple[str, ...]:
        """Every number that is ours."""
        return tuple(i for e in (self, *self.entities) for i in e.ids)

    @property
    def every_tax_id(self) -> tuple[str, ...]:
        """Every tax number that is ours."""
        return tuple(i for e in (self, *self.entities) for i in e.tax_ids)


class Tolerances(Record):
    """How far a value may be off before it is a finding. Percentages are of the expected value.

    `near_duplicate_percent` is how much of two orders' value must be the same lines for them to look like one.
    """

    price_percent: Number = Field(default=Decimal(0), ge=0)
    price_amount: Number = Field(default=Decimal("0.005"), ge=0)
    total_amount: Number = Field(default=Decimal("0.01"), ge=0)
    quantity_percent: Number = Field(default=Decimal(0), ge=0)
    lead_time_days: int = Field(default=0, ge=0)
    cap_percent: Number = Field(default=Decimal(0), ge=0)
    budget_percent: Number = Field(default=Decimal(0), ge=0)
    history_price_percent: Number = Field(default=Decimal(25), ge=0)
    near_duplicate_days: int = Field(default=30, ge=0)
    near_duplicate_percent: Number = Field(default=Decimal(90), gt=0, le=100)
    split_window_days: int = Field(default=7, ge=0)
    contract_expiring_days: int = Field(default=30, ge=0)
    critical_confidence: float = Field(default=0.8, ge=0, le=1)


OF_READING = frozenset({"critical_confidence"})
"""Tolerances of the reading itself, which is judged before anybody knows whose order it is."""


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
        if early := set(self.tolerances) & OF_READING:
            raise ValueError(f"{sorted(early)[0]} holds before vendor and contract are known; set it under tolerances, for all")
        if read := [code for code in self.severities if code.group is Group.READING and code is not Code.FIELD_MISSING]:
            raise ValueError(f"{read[0]} is found before vendor and contract are known; set it under severities, for all")
        try:
            Tolerances.model_validate(self.tolerances)
        except ValidationError as error:
            wrong = error.errors()[0]
            raise ValueError(f"the tolerance {wrong['loc'][0]}: {wrong['msg'].lower()}") from error
        return self


Shared = Literal["vendor", "requester", "cost_center"]
BY_DEFAULT: tuple[tuple[Shared, Shared], ...] = (("vendor", "requester"), ("vendor", "cost_center"), ("requester", "cost_center"))


def _two_of_three(pairs: tuple[tuple[Shared, Shared], ...]) -> tuple[tuple[Shared, Shared], ...]:
    """Each pair names two things, in the order they usually have."""
    known = {frozenset(pair): pair for pair in BY_DEFAULT}
    if any(frozenset(pair) not in known for pair in pairs):
        raise ValueError("orders are compared by two of vendor, requester and cost_center; name two different ones")
    return tuple(known[frozenset(pair)] for pair in pairs)


class Budget(Record):
    """What a cost centre may commit in a calendar year."""

    cost_center: Text
    year: int
    amount: Number


class Bulk(Record):
    """What may be approved together after one of them was looked at: at most so many, alike in amount or up to a sum each.

    `kinds` are the tasks it is allowed for, none to switch it off. An order with a blocking finding is never among them.
    """

    kinds: tuple[Literal["review", "approval"], ...] = ("review", "approval")
    most: int = Field(default=50, ge=1, le=1000)
    percent: Number = Field(default=Decimal(20), ge=0)
    amount_up_to: Number | None = Field(default=None, ge=0)


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


class AutonomyRules(Record):
    """What may pass without a person: of the orders that do, at most `alpha` are wrong, with probability 1 - `delta`.

    `audit_percent` of them is drawn for a look afterwards; a certificate holds for so many `days`. Nothing but structured orders
    passes without a certificate.
    """

    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    delta: float = Field(default=0.10, gt=0, lt=0.5)
    audit_percent: float = Field(default=10, ge=5, le=100)
    days: int = Field(default=90, ge=1, le=730)


class AccessRules(Record):
    """How people are known: `trusted` believes `--as PERSON`, `required` asks for a password or a token. Rights are in access.cedar."""

    sign_in: Literal["trusted", "required"] = "trusted"


class Policy(Record):
    """All that the company has decided.

    `split_orders`: what orders must have in common to count together as one that was split; the third of the three may vary, and
    where that is the vendor, its category stays.
    """

    version: Literal[1]
    dated: dt.date
    company: Company
    base_currency: Text = Field(pattern="^[A-Z]{3}$")
    fx: Rates = Rates()
    required_fields: tuple[Text, ...] = ("/order_number", "/supplier", "/lines")
    tolerances: Tolerances = Tolerances()
    severities: dict[Code, Severity] = {}
    overrides: tuple[Override, ...] = ()
    split_orders: Annotated[tuple[tuple[Shared, Shared], ...], AfterValidator(_two_of_three)] = BY_DEFAULT
    gates: Gates = Gates()
    approvals: tuple[Rule, ...]
    budgets: tuple[Budget, ...] = ()
    calendar: Calendar = Calendar()
    sla: Sla = Sla()
    bulk: Bulk = Bulk()
    agents: AgentRules = AgentRules()
    autonomy: AutonomyRules = AutonomyRules()
    access: AccessRules = AccessRules()

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
