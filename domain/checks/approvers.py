"""Who may give a sign-off that policy asks for: people for roles, managers, cost centres, without whoever requested the order.

A sign-off that this leaves empty, or that only people could give who are away with nobody in their place, goes to the next manager
up, then to the fallback role, and is never dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from signoff.domain.approvals import Approver
from signoff.domain.checks.figures import plain, stake
from signoff.domain.checks.matching import among
from signoff.domain.errors import NeedsPerson
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.money import shown
from signoff.domain.order import Order
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.signoffs import RouteApprover, RouteStep, by_people, signable


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


def covering(chain: Iterable[Person], amount: Decimal | None, categories: Iterable[str | None] = (None,)) -> tuple[list[Person], bool]:
    """The managers of a chain who sign for the amount, nearest first, and whether the last of them may sign all of it."""
    signing: list[Person] = []
    named = tuple(categories)
    for manager in chain:
        limit = manager.limit_for(named)
        if limit is None:
            continue
        signing.append(manager)
        if amount is not None and limit >= amount:
            return signing, True
    return signing, False


@dataclass
class Signers:
    """One order's sign-offs in the making: who may stand where, and what was noticed on the way.

    `categories` are what is bought; a manager's limit must cover the amount in each of them.
    """

    policy: Policy
    people: Directory
    order: Order
    amount: Decimal | None
    categories: tuple[str | None, ...] = (None,)
    day: dt.date | None = None
    barred: dict[str, Person] = field(default_factory=dict)
    chain: tuple[Person, ...] | None = None
    passed_over: set[str] = field(default_factory=set)
    uncovered: bool = False

    def __post_init__(self) -> None:
        asked_by = requesters(self.order, self.people)
        self.barred = {p.person_id: p for p in asked_by}
        start = asked_by[0] if len(asked_by) == 1 else self._owner()
        if start is not None:
            self.chain = tuple(self.people.managers(start))

    def _owners(self) -> list[Person]:
        return [p for p in self.people if p.cost_centers and among(self.order.cost_center, p.cost_centers)]

    def _owner(self) -> Person | None:
        """The one person who owns the order's cost centre; several owners do not say who is meant."""
        owners = self._owners()
        return owners[0] if len(owners) == 1 else None

    def sign_offs(self, approver: Approver, why: str) -> Iterator[tuple[RouteApprover, str]]:
        """The sign-offs that an approver of the policy stands for here, each with its reason."""
        if approver.management:
            yield from self._management(why, approver.up_to_level)
        elif approver.role is not None:
            yield self._filled(approver.role, self.people.with_role(approver.role), why)
        elif approver.person is not None:
            person = self.people.get(approver.person)
            yield self._filled(person.name if person else approver.person, [person] if person else [], why)
        else:
            yield self._filled(f"owner of cost centre {self.order.cost_center or '(none stated)'}", self._owners(), why)

    def answering(self, approver: Approver, why: str) -> RouteApprover:
        """Who answers alone for a finding; of the managers the nearest whose limit covers the amount."""
        return list(self.sign_offs(approver, why))[-1][0]

    def _management(self, why: str, level: int | None) -> Iterator[tuple[RouteApprover, str]]:
        if self.chain is None:
            yield self.fallback(f"{why}; the order does not tell whose managers to ask")
            return
        signing, covered = covering(self._there(self.chain[:level]), self.amount, self.categories)
        for manager in signing:
            yield RouteApprover(label=manager.name, candidates=(manager.person_id,)), why
        if not covered:
            self.uncovered = True
            within = f" within {level} level{'s' if level > 1 else ''}" if level else ""
            yield self.fallback(f"{why}; no manager{within} may sign {self._sum()}")

    def _there(self, some: Iterable[Person]) -> list[Person]:
        """Those who may sign and are there, or have somebody in their place."""
        return [p for p in some if p.person_id not in self.barred and self.people.reachable(p, self.day, self.barred)]

    def _sum(self) -> str:
        return "an unknown amount" if self.amount is None else shown(self.amount, self.policy.base_currency)

    def _filled(self, label: str, wanted: Sequence[Person], why: str) -> tuple[RouteApprover, str]:
        """The sign-off with everybody who may give it; the next manager up or the fallback role where nobody is left."""
        free = self._free(wanted)
        if free and self._there(wanted):
            return RouteApprover(label=label, candidates=free), why
        why = f"{why}; {self._away(wanted)}" if free else why
        manager = next(iter(self._there(self.chain or ())), None)
        if wanted and manager:
            told = "the next manager up does" if free else f"nobody but the requester may sign as {label}, so the next manager up does"
            return RouteApprover(label=f"{manager.name} in place of {label}", candidates=(manager.person_id,)), f"{why}; {told}"
        return self.fallback(why if free else f"{why}; nobody else may sign as {label}", instead_of=label)

    def _away(self, some: Iterable[Person]) -> str:
        names = " and ".join(p.name for p in some if p.person_id not in self.barred)
        return f"{names} {'are' if ' and ' in names else 'is'} away on {self.day} and nobody stands in"

    def fallback(self, why: str, instead_of: str = "") -> tuple[RouteApprover, str]:
        """The fallback role's sign-off. Raises `NeedsPerson` when nobody is left who may give it."""
        role = self.policy.gates.fallback_approver
        holders = self.people.with_role(role)
        free = self._free(holders)
        if not self._there(holders) and holders:
            # Whoever is only away comes back; before that, the managers who are there may sign.
            manager = next(iter(self._there(self.chain or ())), None)
            free = (manager.person_id,) if manager else free or self._free((self.chain or ())[:1])
        if not free:
            left = "but for the requester nobody" if holders else "nobody"
            raise NeedsPerson(
                f"The order cannot be routed: {left} in people.csv has the role {role!r}, which policy.yaml names under "
                f"gates.fallback_approver; give it to somebody or name another role there."
            )
        return RouteApprover(label=f"{role} in place of {instead_of}" if instead_of and instead_of != role else role, candidates=free), why

    def _free(self, wanted: Iterable[Person]) -> tuple[str, ...]:
        ids = {p.person_id for p in wanted}
        self.passed_over |= ids & set(self.barred)
        return tuple(sorted(ids - set(self.barred)))

    def enough(self, steps: tuple[RouteStep, ...]) -> tuple[RouteStep, ...]:
        """The steps with enough different people for each: where too few hold a role, managers and then the fallback role join them.

        Raises `NeedsPerson` where even all of them are too few, or away without an end.
        """
        if self._can(steps):
            return steps
        apart = [number for number, step in enumerate(steps) if step.apart]
        for widened in (*([number] for number in apart), apart):
            wider = steps
            for further in self._further():
                wider = tuple(_joined(step, further) if number in widened else step for number, step in enumerate(wider))
                if self._can(wider):
                    return wider
        raise NeedsPerson(self._too_few([step for step in steps if step.apart]))

    def _can(self, steps: tuple[RouteStep, ...]) -> bool:
        """Whether those who are there, or come back, or whoever stands in for them, can sign all of it."""
        return signable(steps, by_people(steps, lambda candidates: self.people.expected(candidates, self.day, self.barred)))

    def _too_few(self, apart: Sequence[RouteStep]) -> str:
        role = self.policy.gates.fallback_approver
        if not apart:
            return (
                f"The order cannot be routed: everybody who could sign it is away without an end, those with the role {role!r}, too; name "
                f"delegates with `signoff people delegate`."
            )
        rules = " and ".join(dict.fromkeys(repr(step.rule) for step in apart))
        return (
            f"The order cannot be routed: {rules} asks for more different people than may sign; give the roles it names, or {role!r}, to "
            f"more people in people.csv."
        )

    def _further(self) -> Iterator[list[Person]]:
        """Who may join where there are too few: each manager on the way up, then the fallback role."""
        yield from ([m] for m in self._there(self.chain or ()))
        yield [p for p in self.people.with_role(self.policy.gates.fallback_approver) if p.person_id not in self.barred]

    def findings(self) -> tuple[Finding, ...]:
        """What was noticed, with the severities that policy gives."""
        found = []
        if self.passed_over:
            names = " and ".join(self.barred[i].name for i in sorted(self.passed_over))
            message = f"{names} requested this order and so was passed over as approver."
            told = {"people": sorted(self.passed_over), "order": "/requester"}
            sides = {"expected": "an approver who did not request it", "actual": self.order.requester or names}
            amount = self._at_stake()
            found.append(finding(Code.REQUESTER_IS_APPROVER, message, field="/requester", evidence=told, amount=amount, **sides))
        if self.uncovered:
            found.append(self._uncovered())
        return tuple(found)

    def _uncovered(self) -> Finding:
        limits = [m.limit_for(self.categories) for m in self.chain or () if m.person_id not in self.barred]
        highest = max((limit for limit in limits if limit is not None), default=None)
        most = "none of them has a limit" if highest is None else f"the highest limit is {shown(highest, self.policy.base_currency)}"
        message = f"No manager above the requester may sign {self._sum()}: {most}; {self.policy.gates.fallback_approver} signs instead."
        told = {"people": [m.person_id for m in self.chain or ()], "policy": "gates.fallback_approver", "order": "/payable_amount"}
        sides = {"expected": plain(highest) if highest is not None else "a manager with a limit", "actual": self._sum()}
        return finding(Code.APPROVER_LIMIT, message, field="/payable_amount", evidence=told, amount=self._at_stake(), **sides)

    def _at_stake(self) -> Decimal | None:
        """The whole order, in its currency."""
        return stake(self.order.amount, self.order.currency)


def _joined(step: RouteStep, further: Sequence[Person]) -> RouteStep:
    """The step with further people beside those who hold its roles."""
    if not further:
        return step
    names = " or ".join(p.name for p in further)
    ids = {p.person_id for p in further}
    approvers = tuple(
        a.model_copy(update={"label": f"{a.label} or {names}", "candidates": tuple(sorted({*a.candidates, *ids}))}) for a in step.approvers
    )
    return step.model_copy(update={"approvers": approvers, "why": f"{step.why}; too few different people may sign, so {names} may as well"})
