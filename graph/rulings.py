"""A policy with what of it decides where: the reading of a paper, the check of an order, its route."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from signoff.domain.errors import BadInput
from signoff.domain.findings import Code, Group, finding
from signoff.domain.policy import Policy, Tolerances
from signoff.domain.stages import Check

OF_CHECK = frozenset({"company", "base_currency", "fx", "tolerances", "severities", "overrides", "budgets"})
"""What of a policy the checks of an order depend on; whether it looks split also hangs on its rules and on what counts as split."""


@dataclass(frozen=True)
class Ruling:
    """A policy, its hash, and as texts what the reading and the checks depend on: equal texts, equal results."""

    policy: Policy
    hash: str

    @cached_property
    def reading(self) -> str:
        """The required fields, whose effect can be told from the order alone, are left out."""
        policy = self.policy
        codes = {code: severity for code, severity in policy.severities.items() if code.group is Group.READING}
        return json.dumps([str(policy.tolerances.total_amount), policy.tolerances.critical_confidence, sorted(codes.items())])

    @cached_property
    def checking(self) -> str:
        return self.policy.model_dump_json(include=set(OF_CHECK))

    @cached_property
    def splitting(self) -> str:
        return self.policy.model_dump_json(include={"approvals", "split_orders"})


def out_of_reach(old: Policy, new: Policy, check: Check) -> None:
    """Raises `BadInput` where the record of an order, which was checked by the old policy, does not hold what the new one looks at."""
    if old.base_currency != new.base_currency:
        raise BadInput(f"It was decided in {old.base_currency}, as were limits and the past; the new policy counts in {new.base_currency}.")
    names = (check.match.vendor_id, check.category, check.contract_id)
    then, now = old.tolerances_for(*names), new.tolerances_for(*names)
    for code, told in _further(then, now):
        if check.match.vendor_id and new.judge(finding(code, ""), *names):
            raise BadInput(told)


def _further(then: Tolerances, now: Tolerances) -> list[tuple[Code, str]]:
    """The findings for which more of the past is needed, and what of it is not on record."""
    alike, days = Code.NEAR_DUPLICATE_ORDER, "the new policy looks back"
    asked = [
        (now.split_window_days > then.split_window_days, Code.SPLIT_ORDER,
         f"The record holds {then.split_window_days} days for split orders; {days} {now.split_window_days}."),
        (now.near_duplicate_days > then.near_duplicate_days, alike,
         f"The record holds {then.near_duplicate_days} days for near duplicates; {days} {now.near_duplicate_days}."),
        (now.near_duplicate_percent < then.near_duplicate_percent, alike,
         f"The record holds orders {then.near_duplicate_percent} % alike; the new policy asks for {now.near_duplicate_percent} %."),
    ]  # fmt: skip
    return [(code, told) for further, code, told in asked if further]
