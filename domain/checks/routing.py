"""Who must sign an order: a pure function of typed values, policy and people.

All rules that match contribute their steps, in the order of the file; the same sign-off is asked for once, at the latest
place where it stands. Scrutiny only rises (`approve < review < block`):

* no rule matches: the fallback role signs; a rule that says `nobody` gives way to any step and to any warning;
* an unknown amount counts as larger than every threshold, and a credit counts as large as the sum that it moves;
* `management` is signed by every manager on the way up who has a limit, up to the first whose limit covers the amount;
  where none covers it the fallback role signs last, with the finding `approver_limit`;
* a role signs whatever the limit of the person, because the role is the authority;
* the requester is no candidate anywhere; a sign-off that this leaves empty goes to the next manager up, then to the
  fallback role, and is never dropped. A requester's name that fits several people rules out all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from signoff.domain.advice import RoutingAdvice
from signoff.domain.errors import NeedsPerson
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.money import shown
from signoff.domain.order import Order
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Approver, Policy, Rule, Step, When
from signoff.domain.stages import CheckedOrder, Route, RouteApprover, RouteStep

NO_RULE = "no rule matched"
ADVISED = "the routing agent"


@dataclass(frozen=True, slots=True)
class Traits:
    """What approval rules look at. `amount` is in base currency, `None` when it cannot be told."""

    amount: Decimal | None
    category: str | None = None
    cost_center: str | None = None
    vendor: str | None = None
    currency: str | None = None
    contract: str | None = None
    findings: frozenset[Code] = frozenset()


def traits_of(checked: CheckedOrder) -> Traits:
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
    )


def holds(when: When, traits: Traits) -> bool:
    """Whether everything that the rule states is so."""
    return all(
        (
            when.amount_above is None or traits.amount is None or traits.amount > when.amount_above,
            when.amount_up_to is None or (traits.amount is not None and traits.amount <= when.amount_up_to),
            not when.categories or _among(traits.category, when.categories),
            not when.cost_centers or _among(traits.cost_center, when.cost_centers),
            not when.vendors or _among(traits.vendor, when.vendors),
            not when.currencies or _among(traits.currency, when.currencies),
            not when.findings or not traits.findings.isdisjoint(when.findings),
            when.no_contract is None or when.no_contract is (traits.contract is None),
        )
    )


def _among(word: str | None, words: Sequence[str]) -> bool:
    return word is not None and word.strip().casefold() in {w.strip().casefold() for w in words}


def because(rule: Rule, traits: Traits, currency: str) -> str:
    """`amount 12,400.00 EUR is above 1,000 (rule 'Managers sign above 1,000')`."""
    when = rule.when
    amount = "an unknown amount counts as" if traits.amount is None else f"amount {shown(traits.amount, currency)} is"
    present = ", ".join(c for c in when.findings if c in traits.findings)
    reasons = (
        when.amount_above is not None and f"{amount} above {_plain(when.amount_above)}",
        when.amount_up_to is not None and f"{amount} at most {_plain(when.amount_up_to)}",
        when.categories and f"category is {traits.category}",
        when.cost_centers and f"cost centre is {traits.cost_center}",
        when.vendors and f"vendor is {traits.vendor}",
        when.currencies and f"currency is {traits.currency}",
        when.findings and f"found: {present}",
        when.no_contract is not None and ("no contract covers the order" if when.no_contract else "a contract covers the order"),
    )
    return f"{' and '.join(r for r in reasons if r) or 'it holds for every order'} (rule {rule.name!r})"


def _plain(amount: Decimal) -> str:
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def requesters(order: Order, people: Directory) -> tuple[Person, ...]:
    """Everyone whom the order may mean by its requester: by id, name or e-mail, else by a name or e-mail in its text.

    `Lee, Ann (Lab 2)` means Ann Lee. Several are returned when the text fits several; the order of the file does not count.
    """
    text = " ".join((order.requester or "").casefold().split())
    if not text:
        return ()
    exact = people.called(text)
    return exact or tuple(sorted((p for p in people if _mentioned(p, text)), key=lambda p: p.person_id))


def _mentioned(person: Person, text: str) -> bool:
    name = set(re.findall(r"\w+", person.name.casefold()))
    addresses = re.findall(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+", text)
    return (bool(name) and name <= set(re.findall(r"\w+", text))) or (person.email or "-").casefold() in addresses


def covering(chain: Sequence[Person], amount: Decimal | None) -> tuple[list[Person], bool]:
    """The managers of a chain who sign for the amount, nearest first, and whether the last of them may sign all of it."""
    signing: list[Person] = []
    for manager in chain:
        if manager.limit is None:
            continue
        signing.append(manager)
        if amount is not None and manager.limit >= amount:
            return signing, True
    return signing, False


@dataclass
class Desk:
    """One order's sign-offs in the making: who may stand where, and what was noticed on the way."""

    policy: Policy
    people: Directory
    order: Order
    amount: Decimal | None
    barred: dict[str, Person] = field(default_factory=dict)
    chain: tuple[Person, ...] | None = None
    passed_over: set[str] = field(default_factory=set)
    uncovered: bool = False

    def __post_init__(self) -> None:
        asked_by = requesters(self.order, self.people)
        self.barred = {p.person_id: p for p in asked_by}
        start = asked_by[0] if len(asked_by) == 1 else self._owner()
        if start is not None:
            self.chain = tuple(m for m in self.people.managers(start) if m.person_id not in self.barred)

    def _owner(self) -> Person | None:
        """The one person who owns the order's cost centre; several owners do not say who is meant."""
        centre = self.order.cost_center
        owners = [p for p in self.people if _among(centre, p.cost_centers)]
        return owners[0] if len(owners) == 1 else None

    def sign_offs(self, approver: Approver, why: str) -> Iterator[tuple[RouteApprover, str]]:
        """The sign-offs that an approver of the policy stands for here, each with its reason."""
        if approver.management:
            yield from self._management(why)
        elif approver.role is not None:
            yield self._filled(approver.role, self.people.with_role(approver.role), why)
        elif approver.person is not None:
            person = self.people.get(approver.person)
            yield self._filled(person.name if person else approver.person, [person] if person else [], why)

    def _management(self, why: str) -> Iterator[tuple[RouteApprover, str]]:
        if self.chain is None:
            yield self.fallback(f"{why}; the order does not tell whose managers to ask")
            return
        signing, covered = covering(self.chain, self.amount)
        for manager in signing:
            yield self._filled(manager.name, [manager], why)
        if not covered:
            self.uncovered = True
            yield self.fallback(f"{why}; no manager may sign {self._sum()}")

    def _sum(self) -> str:
        return "an unknown amount" if self.amount is None else shown(self.amount, self.policy.base_currency)

    def _filled(self, label: str, wanted: Sequence[Person], why: str) -> tuple[RouteApprover, str]:
        """The sign-off with everybody who may give it; the next manager up or the fallback role where nobody is left."""
        free = self._free(wanted)
        if free:
            return RouteApprover(label=label, candidates=free), why
        if wanted and self.chain:
            manager = self.chain[0]
            why = f"{why}; nobody but the requester may sign as {label}, so the next manager up does"
            return RouteApprover(label=f"{manager.name} in place of {label}", candidates=(manager.person_id,)), why
        return self.fallback(f"{why}; nobody else may sign as {label}", instead_of=label)

    def fallback(self, why: str, instead_of: str = "") -> tuple[RouteApprover, str]:
        """The fallback role's sign-off. Raises `NeedsPerson` when nobody is left who may give it."""
        role = self.policy.gates.fallback_approver
        holders = self.people.with_role(role)
        free = self._free(holders)
        if not free and holders and self.chain:
            free = (self.chain[0].person_id,)
        if not free:
            left = "but for the requester nobody" if holders else "nobody"
            raise NeedsPerson(
                f"The order cannot be routed: {left} in people.csv has the role {role!r}, which policy.yaml names under "
                f"gates.fallback_approver; give it to somebody or name another role there."
            )
        return RouteApprover(label=f"{role} in place of {instead_of}" if instead_of and instead_of != role else role, candidates=free), why

    def _free(self, wanted: Sequence[Person]) -> tuple[str, ...]:
        ids = {p.person_id for p in wanted}
        self.passed_over |= ids & set(self.barred)
        return tuple(sorted(ids - set(self.barred)))

    def findings(self) -> tuple[Finding, ...]:
        """What was noticed, with the severities that policy gives."""
        found = []
        if self.passed_over:
            names = " and ".join(self.barred[i].name for i in sorted(self.passed_over))
            message = f"{names} requested this order and so was passed over as approver."
            found.append(finding(Code.REQUESTER_IS_APPROVER, message, field="/requester", actual=self.order.requester or ""))
        if self.uncovered:
            highest = max((m.limit for m in self.chain or () if m.limit is not None), default=None)
            most = "none of them has a limit" if highest is None else f"the highest limit is {shown(highest, self.policy.base_currency)}"
            message = f"No manager above the requester may sign {self._sum()}: {most}; {self.policy.gates.fallback_approver} signs instead."
            found.append(finding(Code.APPROVER_LIMIT, message, field="/payable_amount", expected=highest or "", actual=self._sum()))
        return tuple(found)


def route(checked: CheckedOrder, policy: Policy, people: Directory, policy_hash: str, advice: RoutingAdvice | None = None) -> Route:
    """The sign-offs this order needs. Raises `NeedsPerson` when policy leaves nobody to ask.

    `advice` only adds: rules that hold for the category and cost centre it names, and the reviewers it asks for, before the others.
    """
    traits = traits_of(checked)
    desk = Desk(policy, people, checked.verified.order, traits.amount)
    matched = [rule for rule in policy.approvals if holds(rule.when, traits)]
    steps = _ruled(desk, matched, traits)
    if not matched:
        steps = _unmatched(desk)
    elif not steps:
        steps = _warned(desk, matched[0].name, checked.check.findings)
    further, added = _advised(desk, matched, traits, advice) if advice else ([], [])
    noticed = tuple(judged for f in desk.findings() if (judged := policy.judge(f, traits.vendor, traits.category, traits.contract)))
    rules = tuple(r.name for r in (*matched, *further)) or (NO_RULE,)
    if advice and advice.failed and not steps:
        steps = _unmatched(desk, f"the routing agent could not look at the order: {advice.failed}")
    return Route(steps=once([*added, *steps]), rules=rules, findings=noticed, policy_hash=policy_hash)


def _ruled(desk: Desk, rules: Sequence[Rule], traits: Traits) -> list[RouteStep]:
    """The steps of rules, in their order."""
    return [
        made
        for rule in rules
        for step in rule.steps
        for made in _steps(desk, rule.name, because(rule, traits, desk.policy.base_currency), step)
    ]


def _advised(desk: Desk, matched: Sequence[Rule], traits: Traits, advice: RoutingAdvice) -> tuple[list[Rule], list[RouteStep]]:
    """Rules that hold besides if the agent is right about category and cost centre, and their steps with the reviewers it wants."""
    seen = replace(traits, category=advice.category or traits.category, cost_center=advice.cost_center or traits.cost_center)
    further = [r for r in desk.policy.approvals if r.steps and r not in matched and holds(r.when, seen)]
    steps = _ruled(desk, further, seen)
    for reviewer in advice.reviewers:
        wanted = Step(role=reviewer.role, person=reviewer.person)
        steps += _steps(desk, ADVISED, f"the routing agent asks for it: {reviewer.why}", wanted)
    return further, steps


def _steps(desk: Desk, rule: str, why: str, step: Step) -> Iterator[RouteStep]:
    """A step as route steps: one after another for management, one with everybody in it otherwise."""
    made = [pair for approver in step.approvers for pair in desk.sign_offs(approver, why)]
    if step.all_of or step.any_of:
        reasons = list(dict.fromkeys(reason for _, reason in made))
        yield RouteStep(approvers=tuple(a for a, _ in made), any_of=bool(step.any_of), rule=rule, why="; ".join(reasons))
    else:
        yield from (RouteStep(approvers=(a,), rule=rule, why=reason) for a, reason in made)


def _unmatched(desk: Desk, because: str = "no approval rule of the policy matches this order") -> list[RouteStep]:
    approver, why = desk.fallback(because)
    return [RouteStep(approvers=(approver,), rule=NO_RULE, why=why)]


def _warned(desk: Desk, rule: str, findings: Sequence[Finding]) -> list[RouteStep]:
    """Rules that ask for nobody hold only for an order without warnings; otherwise the findings' owners sign, each of them."""
    serious = [f for f in findings if f.severity.rank >= Severity.WARNING.rank]
    if not serious:
        return []
    roles = list(dict.fromkeys(desk.policy.gates.owner(f.code) for f in serious))
    messages = " ".join(dict.fromkeys(f.message for f in serious))
    why = f"{messages} The rule {rule!r} passes only orders without warnings."
    return list(_steps(desk, rule, why, Step(all_of=tuple(Approver(role=role) for role in roles))))


def once(steps: Sequence[RouteStep]) -> tuple[RouteStep, ...]:
    """The steps with each sign-off asked for once, at the latest place where it stands.

    The people who may give it say what it is: two roles held by the same one person are one sign-off. A choice (`any_of`)
    is one sign-off as a whole.
    """
    seen: set[frozenset[frozenset[str]]] = set()
    kept: list[RouteStep] = []
    for step in reversed(steps):
        if step.any_of:
            mine = frozenset(frozenset(a.candidates) for a in step.approvers)
            if mine not in seen:
                kept.append(step)
            seen.add(mine)
            continue
        approvers: list[RouteApprover] = []
        for approver in step.approvers:
            own = frozenset({frozenset(approver.candidates)})
            if own not in seen:
                approvers.append(approver)
            seen.add(own)
        if approvers:
            kept.append(step.model_copy(update={"approvers": tuple(approvers)}))
    return tuple(reversed(kept))
