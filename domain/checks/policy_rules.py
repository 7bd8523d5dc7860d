"""Rules that never do anything, and thresholds above which fewer people sign than below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from signoff.domain.approvals import Rule, When
from signoff.domain.checks.matching import Traits, among, fits
from signoff.domain.findings import Code, Severity
from signoff.domain.policy import Policy

LISTS = ("categories", "cost_centers", "vendors", "currencies", "entities", "contracts", "lanes", "formats")
"""What a rule states by a list of words, one of which the order must have."""


@dataclass(frozen=True, slots=True)
class Band:
    """The amounts above `above` (from 0 on when `None`) up to and including `up_to` (all of them when `None`)."""

    above: Decimal | None
    up_to: Decimal | None

    @property
    def sample(self) -> Decimal:
        """An amount in the band: within it every rule says the same for all of them."""
        return self.up_to if self.up_to is not None else (self.above or Decimal(0)) + 1

    def __str__(self) -> str:
        if self.above is None:
            return "of any amount" if self.up_to is None else f"up to {self.up_to:,f}"
        return f"above {self.above:,f}" + ("" if self.up_to is None else f" up to {self.up_to:,f}")


def bands(rules: Iterable[Rule]) -> list[Band]:
    """The amounts between one threshold of the rules and the next."""
    whens = [rule.when for rule in rules]
    marks = sorted({t for w in whens for t in (w.amount_above, w.amount_up_to) if t is not None and t >= 0})
    return [Band(above, up_to) for above, up_to in zip([None, *marks], [*marks, None], strict=True)]


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def together(one: When, other: When) -> bool:
    """Whether an order may meet both: no two things they state rule each other out."""
    for name in LISTS:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs and not any(among(word, theirs) for word in mine):
            return False
    if None not in (one.no_contract, other.no_contract) and one.no_contract is not other.no_contract:
        return False
    return not (_ends_below(one, other) or _ends_below(other, one))


def _ends_below(one: When, other: When) -> bool:
    return one.amount_up_to is not None and other.amount_above is not None and one.amount_up_to <= other.amount_above


def within(narrow: When, wide: When) -> bool:
    """Whether whatever meets the one meets the other; `False` where that is not plain to see."""
    lists = all(not getattr(wide, n) or (getattr(narrow, n) and all(among(w, getattr(wide, n)) for w in getattr(narrow, n))) for n in LISTS)
    above = wide.amount_above is None or (narrow.amount_above is not None and narrow.amount_above >= wide.amount_above)
    up_to = wide.amount_up_to is None or (narrow.amount_up_to is not None and narrow.amount_up_to <= wide.amount_up_to)
    found = not wide.findings or (bool(narrow.findings) and set(narrow.findings) <= set(wide.findings))
    grave = wide.severity is None or (narrow.severity is not None and narrow.severity.rank >= wide.severity.rank)
    contract = wide.no_contract is None or narrow.no_contract is wide.no_contract
    fields = all(narrow.fields.get(name) == condition for name, condition in wide.fields.items())
    return lists and above and up_to and found and grave and contract and fields


def dead(policy: Policy) -> Iterator[str]:
    """Rules that no order can ever meet, and those that change nothing because of another."""
    for number, rule in enumerate(policy.approvals):
        if (why := _never(policy, rule.when)) is not None:
            yield f"The approval rule {rule.name!r} can never hold: {why}; correct it or take it out."
        elif rule.nobody and (hider := _hider(policy, number)) is not None:
            yield (
                f"The approval rule {rule.name!r} changes nothing, because every order that it fits also fits {hider.name!r}, "
                f"{'which says the same' if hider.nobody else 'which asks for sign-offs'}; take one of them out or change when it holds."
            )


def _hider(policy: Policy, number: int) -> Rule | None:
    """The rule that makes a rule that passes orders meaningless: one that asks for people, or an earlier one that passes them too."""
    rule = policy.approvals[number]
    others = (r for i, r in enumerate(policy.approvals) if i != number and (i < number or not r.nobody))
    return next((r for r in others if within(rule.when, r.when)), None)


def _never(policy: Policy, when: When) -> str | None:
    """Why nothing can meet it."""
    if when.amount_above is not None and when.amount_up_to is not None and when.amount_up_to <= when.amount_above:
        return f"no amount is above {when.amount_above:,f} and at most {when.amount_up_to:,f}"
    if when.amount_up_to is not None and when.amount_up_to < 0:
        return "no amount is below zero, as a credit counts like an order of the same sum"
    if when.no_contract and (when.contracts or any(n.startswith("contract.") and not c.missing for n, c in when.fields.items())):
        return "it asks for a contract and for none"
    if when.findings and all(_off(policy, code) for code in when.findings):
        return f"{', '.join(when.findings)} {'is' if len(when.findings) == 1 else 'are'} switched off under severities"
    known = [e.name for e in (policy.company, *policy.company.entities)]
    if when.entities and not any(among(e, known) for e in when.entities):
        return f"{listed(when.entities)} is no company under company.entities"
    return None


def _off(policy: Policy, code: Code) -> bool:
    again = (o.severities.get(code, Severity.OFF) for o in policy.overrides)
    return policy.severities.get(code) is Severity.OFF and all(severity is Severity.OFF for severity in again)


def shrinking(policy: Policy, categories: Sequence[str | None]) -> Iterator[str]:
    """Thresholds above which an order without findings asks for fewer sign-offs than one below."""
    steps = bands(policy.approvals)
    told: set[str] = set()
    for low, high in pairwise(steps):
        for contract in ("K", None):
            for category in categories:
                fewer = _count(policy, Traits(high.sample, category=category, contract=contract))
                more = _count(policy, Traits(low.sample, category=category, contract=contract))
                sentence = (
                    f"An order {high} {policy.base_currency} asks for fewer sign-offs than one {low} ({fewer} instead of {more}); leave "
                    f"amount_up_to out of rules that ask for people, or ask for as many above."
                )
                if fewer < more and sentence not in told:
                    told.add(sentence)
                    yield sentence


def _count(policy: Policy, traits: Traits) -> int:
    """How many sign-offs the rules ask for at least, with one of the fallback role where no rule fits."""
    rules = [r for r in policy.approvals if not r.when.fields and fits(r, traits)]
    wanted: dict[str, int] = {}
    for step in (step for rule in rules for step in rule.steps):
        for approver in {a.label for a in step.approvers}:
            own = sum(a.label == approver for a in step.approvers)
            name = approver if not (step.any_of or step.of) else f"{step.approvers} {step.quorum}"
            wanted[name] = max(wanted.get(name, 0), (step.quorum or 1) if step.of else 1 if step.any_of else own)
    return sum(wanted.values()) if rules else 1
