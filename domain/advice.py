"""What agents propose, as typed values that code can check. Advice adds scrutiny, it never takes any away.

An advice that could not be had says so in `failed`; whoever uses it lets a person know, and is none the surer for it.
"""

from __future__ import annotations

from pydantic import model_validator

from signoff.domain.findings import Finding
from signoff.domain.reading import Evidence, Notice
from signoff.domain.record import Record, Text


class ReadField(Record):
    """A field as an agent read it: its value as text, and the evidence that code found for the agent's quote, if it did."""

    pointer: str
    value: Text
    evidence: Evidence | None = None


class Extraction(Record):
    """What the extraction agent read of a document where the other lanes left something open."""

    fields: tuple[ReadField, ...] = ()
    notices: tuple[Notice, ...] = ()
    failed: Text | None = None


class ItemMatch(Record):
    """An order line (from 0) that the contract agent takes for an agreed item, named by its place in the contract (from 0), and why."""

    line: int
    item: int
    why: Text


class ContractAdvice(Record):
    """Findings that the contract agent proposes, each with a quote that code found in the contract, and the matches it sees.

    What follows from a match (a price, a unit, a quantity that differs) is worked out by code and stands in `findings`.
    """

    matches: tuple[ItemMatch, ...] = ()
    findings: tuple[Finding, ...] = ()
    failed: Text | None = None


class Reviewer(Record):
    """Somebody whom the routing agent wants to look as well: a role or a person id of the people file, and why."""

    role: Text | None = None
    person: Text | None = None
    why: Text

    @model_validator(mode="after")
    def _one(self) -> Reviewer:
        if (self.role is None) == (self.person is None):
            raise ValueError("a reviewer is either a role or a person")
        return self


class RoutingAdvice(Record):
    """What the routing agent makes of an order: category and cost centre from its words, further reviewers, and a brief.

    `brief` is for everybody who signs: what, why, what is unusual, what it would cost to be wrong.
    """

    category: Text | None = None
    cost_center: Text | None = None
    reviewers: tuple[Reviewer, ...] = ()
    brief: Text = ""
    failed: Text | None = None
