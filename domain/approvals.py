"""Who signs what, as policy says it: approvers, steps of a route, the rules that ask for them, and who looks at readings and findings."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from signoff.domain.conditions import Condition, misfit, misfits
from signoff.domain.fields import field
from signoff.domain.findings import Code, Severity
from signoff.domain.reading import Lane
from signoff.domain.record import Number, Record, Text


class Approver(Record):
    """Who signs: anyone with a role, one named person, who owns the order's cost centre, or the requester's managers.

    `management` goes up until a limit covers the amount, with `up_to_level` no further than that many managers.
    """

    role: Text | None = None
    person: Text | None = None
    cost_center_owner: bool = False
    management: bool = False
    up_to_level: int | None = Field(default=None, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        """`compliance` is short for `{role: compliance}`."""
        return {"role": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def _one(self) -> Approver:
        if self._kinds != 1:
            raise ValueError("an approver is exactly one of role, person, cost_center_owner, management")
        if self.up_to_level is not None and not self.management:
            raise ValueError("up_to_level goes with management only")
        return self

    @property
    def _kinds(self) -> int:
        return sum((self.role is not None, self.person is not None, self.cost_center_owner, self.management))

    @property
    def label(self) -> str:
        """`role:finance`, `person:P-2`, `cost_center_owner`, `management`."""
        if self.role is not None:
            return f"role:{self.role}"
        return f"person:{self.person}" if self.person is not None else "management" if self.management else "cost_center_owner"


class Step(Approver):
    """One step of a route: a single approver, or several in parallel of whom all, any one or a `quorum` must sign.

    With `quorum` that many different people sign: of `of`, or of those who hold the role. `distinct` is the four-eyes rule: whoever
    signs this step signs no other sign-off of the order.
    """

    all_of: tuple[Approver, ...] = ()
    any_of: tuple[Approver, ...] = ()
    of: tuple[Approver, ...] = ()
    quorum: int | None = Field(default=None, ge=1)
    distinct: bool = False

    @model_validator(mode="after")
    def _one(self) -> Step:
        groups = (self.all_of, self.any_of, self.of)
        if self._kinds + sum(map(bool, groups)) != 1:
            raise ValueError("a step is exactly one of role, person, cost_center_owner, management, all_of, any_of, quorum with of")
        if any(a.management for group in groups for a in group):
            raise ValueError("management goes up step by step, so it cannot stand in all_of, any_of or of")
        if self.up_to_level is not None and not self.management:
            raise ValueError("up_to_level goes with management only")
        self._check_quorum()
        return self

    def _check_quorum(self) -> None:
        if self.of and self.quorum is None:
            raise ValueError("of needs a quorum: how many of them sign")
        if self.quorum is not None and not (self.of or self.role or self.cost_center_owner):
            raise ValueError("a quorum goes with of, role or cost_center_owner")
        if self.of and (self.quorum or 0) > len(self.of):
            raise ValueError(f"a quorum of {self.quorum} of {len(self.of)} can never be reached")

    @property
    def approvers(self) -> tuple[Approver, ...]:
        """Who is asked; a role with a quorum that many times."""
        if self.all_of or self.any_of or self.of:
            return self.all_of or self.any_of or self.of
        own = {name: getattr(self, name) for name in Approver.model_fields}
        return (Approver(**own),) * (self.quorum or 1)


def _fitting(name: str) -> str:
    try:
        field(name)
    except ValueError as error:
        raise misfit((), str(error)) from None
    return name


FieldName = Annotated[Text, AfterValidator(_fitting)]
"""The name of a field that there is; see `domain.fields`."""


class When(Record):
    """What an approval rule matches on; everything that is stated must hold. Empty matches every order.

    `severity` is that of the gravest finding, at least. `fields` are conditions on any typed field of the order, the vendor and
    the contract.
    """

    amount_above: Number | None = None
    amount_up_to: Number | None = None
    categories: tuple[Text, ...] = ()
    cost_centers: tuple[Text, ...] = ()
    vendors: tuple[Text, ...] = ()
    currencies: tuple[Text, ...] = ()
    entities: tuple[Text, ...] = ()
    contracts: tuple[Text, ...] = ()
    lanes: tuple[Lane, ...] = ()
    formats: tuple[Text, ...] = ()
    findings: tuple[Code, ...] = ()
    severity: Severity | None = None
    no_contract: bool | None = None
    fields: dict[FieldName, Condition] = {}

    @model_validator(mode="after")
    def _fits(self) -> When:
        if self.severity is Severity.OFF:
            raise ValueError("severity: off is every order; leave it out")
        for name, condition in self.fields.items():
            for word, problem in misfits(field(name), condition):
                raise misfit(("fields", name, word), problem)
        return self


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
    """Who looks: at readings, and at findings by their owner; `owners` maps a finding code to a role, a person or the managers."""

    reviewers: Text = "buyer"
    default_owner: Text = "buyer"
    owners: dict[Code, Approver] = {}
    fallback_approver: Text = "procurement_manager"

    def owner(self, code: Code) -> Approver:
        """Who answers for findings with this code."""
        return self.owners.get(code) or Approver(role=self.default_owner)
