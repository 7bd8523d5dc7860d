"""Whether an approval rule fits an order, and why or why not: one entry in `TESTS` for each thing that a rule may look at.

What is not known satisfies no rule, so that a rule means what it says; but an amount that is not known counts as above every
threshold, because it may be. For a rule that lets orders pass (`nobody`) it counts as nothing at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from signoff.domain.approvals import Rule, When
from signoff.domain.checks.names import key
from signoff.domain.conditions import satisfied, spelled
from signoff.domain.contract import Contract
from signoff.domain.fields import Root, field
from signoff.domain.findings import Code, Finding, Severity
from signoff.domain.money import shown
from signoff.domain.order import Order, Party
from signoff.domain.policy import Company
from signoff.domain.record import Record
from signoff.domain.stages import CheckedOrder
from signoff.domain.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Setting:
    """What an order is routed by besides itself: its vendor and contract, the format of its document, and the day.

    Without a day nobody counts as absent.
    """

    vendor: Vendor | None = None
    contract: Contract | None = None
    format: str | None = None
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What approval rules look at. `amount` is in base currency, `None` when it cannot be told; `graver` the worst finding's severity."""

    amount: Decimal | None
    category: str | None = None
    cost_center: str | None = None
    vendor: str | None = None
    currency: str | None = None
    contract: str | None = None
    findings: frozenset[Code] = frozenset()
    gravest: Severity = Severity.OFF
    entity: str | None = None
    lane: str | None = None
    order: Order | None = None
    setting: Setting = Setting()

    def record(self, root: Root) -> Record | None:
        """Where the fields of the order, the vendor or the contract stand."""
        return self.order if root == "order" else self.setting.vendor if root == "vendor" else self.setting.contract


def traits_of(checked: CheckedOrder, company: Company | None = None, setting: Setting = Setting()) -> Traits:
    """The traits of a checked order."""
    check, order = checked.check, checked.verified.order
    return Traits(
        amount=None if check.base_amount is None else abs(check.base_amount),
        category=check.category,
        cost_center=order.cost_center,
        vendor=check.match.vendor_id,
        currency=order.currency,
        contract=check.contract_id,
        findings=frozenset(f.code for f in check.findings),
        gravest=gravest(check.findings),
        entity=entity_of(order.buyer, company) if company else None,
        lane=checked.verified.lane,
        order=order,
        setting=setting,
    )


def gravest(findings: Iterable[Finding]) -> Severity:
    """The severity of the worst finding; `off` without any."""
    return max((f.severity for f in findings), key=lambda s: s.rank, default=Severity.OFF)


def entity_of(buyer: Party, company: Company) -> str | None:
    """Which of our companies the buyer is, by number, tax number or name; `None` when none or several fit."""
    for mine, theirs in (
        ((buyer.id,), lambda e: e.ids),
        ((buyer.tax_id,), lambda e: e.tax_ids),
        ((buyer.name and key(buyer.name),), lambda e: tuple(key(n) for n in (e.name, *e.aliases))),
    ):
        found = [e.name for e in (*company.entities, company) if mine[0] and mine[0] in theirs(e)]
        if found:
            return found[0] if len(set(found)) == 1 else None
    return None


def among(word: str | None, words: Sequence[str]) -> bool:
    """Whether it is one of them, whatever its case; what is not known is none of any."""
    return word is not None and word.strip().casefold() in {w.strip().casefold() for w in words}


@dataclass(frozen=True, slots=True)
class Test:
    """One thing a rule may look at: whether the rule states it, whether it is so (`counting` what is not known), and both in words."""

    stated: Callable[[When], bool]
    so: Callable[[When, Traits, bool], bool]
    met: Callable[[When, Traits, str], str]
    unmet: Callable[[When, Traits, str], str]


def _listed(words: str, told: str, trait: Callable[[Traits], str | None]) -> Test:
    """A test that a trait is one of the words in a list of the rule."""

    def unmet(when: When, traits: Traits, _: str) -> str:
        own = trait(traits)
        return f"{told} is {own or 'not known'}, not {' or '.join(getattr(when, words))}"

    return Test(
        stated=lambda when: bool(getattr(when, words)),
        so=lambda when, traits, _: among(trait(traits), getattr(when, words)),
        met=lambda _, traits, __: f"{told} is {trait(traits)}",
        unmet=unmet,
    )


def _amount(traits: Traits, currency: str) -> str:
    return "an unknown amount counts as" if traits.amount is None else f"amount {shown(traits.amount, currency)} is"


def _fields_unmet(when: When, traits: Traits, counting: bool) -> list[str]:
    """The conditions on fields that are not so, in words."""
    named = ((field(name), condition) for name, condition in when.fields.items())
    return [f"{f.name} {spelled(c)}" for f, c in named if not satisfied(f, c, traits.record(f.root), counting)]


TESTS: tuple[Test, ...] = (
    Test(
        stated=lambda when: when.amount_above is not None,
        so=lambda when, traits, counting: counting if traits.amount is None else traits.amount > (when.amount_above or 0),
        met=lambda when, traits, currency: f"{_amount(traits, currency)} above {plain(when.amount_above)}",
        unmet=lambda when, traits, currency: f"{_amount(traits, currency)} not above {plain(when.amount_above)}",
    ),
    Test(
        stated=lambda when: when.amount_up_to is not None,
        so=lambda when, traits, _: traits.amount is not None and traits.amount <= (when.amount_up_to or 0),
        met=lambda when, traits, currency: f"{_amount(traits, currency)} at most {plain(when.amount_up_to)}",
        unmet=lambda when, traits, currency: f"{_amount(traits, currency)} above {plain(when.amount_up_to)}",
    ),
    _listed("categories", "category", lambda t: t.category),
    _listed("cost_centers", "cost centre", lambda t: t.cost_center),
    _listed("vendors", "vendor", lambda t: t.vendor),
    _listed("currencies", "currency", lambda t: t.currency),
    _listed("entities", "the ordering company", lambda t: t.entity),
    _listed("contracts", "contract", lambda t: t.contract),
    _listed("lanes", "the way it was read", lambda t: t.lane),
    _listed("formats", "the document's format", lambda t: t.setting.format),
    Test(
        stated=lambda when: bool(when.findings),
        so=lambda when, traits, _: not traits.findings.isdisjoint(when.findings),
        met=lambda when, traits, _: f"found: {', '.join(c for c in when.findings if c in traits.findings)}",
        unmet=lambda when, _, __: f"none of {', '.join(when.findings)} was found",
    ),
    Test(
        stated=lambda when: when.severity is not None,
        so=lambda when, traits, _: traits.gravest.rank >= (when.severity or Severity.OFF).rank,
        met=lambda _, traits, __: f"the gravest finding is of severity {traits.gravest}",
        unmet=lambda when, _, __: f"no finding is of severity {when.severity} or above",
    ),
    Test(
        stated=lambda when: when.no_contract is not None,
        so=lambda when, traits, _: when.no_contract is (traits.contract is None),
        met=lambda when, _, __: "no contract covers the order" if when.no_contract else "a contract covers the order",
        unmet=lambda when, _, __: "a contract covers the order" if when.no_contract else "no contract covers the order",
    ),
    Test(
        stated=lambda when: bool(when.fields),
        so=lambda when, traits, counting: not _fields_unmet(when, traits, counting),
        met=lambda when, _, __: " and ".join(f"{name} {spelled(c)}" for name, c in when.fields.items()),
        unmet=lambda when, traits, _: " and ".join(f"not so: {told}" for told in _fields_unmet(when, traits, True)),
    ),
)  # fmt: skip


def fits(rule: Rule, traits: Traits) -> bool:
    """Whether everything that the rule states is so."""
    return all(test.so(rule.when, traits, not rule.nobody) for test in TESTS if test.stated(rule.when))


def because(rule: Rule, traits: Traits, currency: str) -> str:
    """`amount 12,400.00 EUR is above 1,000 (rule 'Managers sign above 1,000')`."""
    reasons = [test.met(rule.when, traits, currency) for test in TESTS if test.stated(rule.when)]
    return f"{' and '.join(reasons) or 'it holds for every order'} (rule {rule.name!r})"


def why_not(rule: Rule, traits: Traits, currency: str) -> str:
    """What of the rule is not so: `amount 400.00 EUR is not above 1,000`; empty where it fits."""
    counting = not rule.nobody
    failed = [test for test in TESTS if test.stated(rule.when) and not test.so(rule.when, traits, counting)]
    return "; ".join(test.unmet(rule.when, traits, currency) for test in failed)


def plain(amount: Decimal | None) -> str:
    """`1,000`, `0.5`."""
    text = f"{amount or 0:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
