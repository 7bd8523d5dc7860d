"""Whether every sign-off can be given: chains whose limits do not reach, quorums without enough people, absences, delegates in circles.

Where nothing is said here, every order has a path that can be signed, whoever requests it and whoever is away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from signoff.domain.approvals import Approver, Rule, When
from signoff.domain.checks.approvers import Signers, covering
from signoff.domain.checks.policy_rules import listed, together
from signoff.domain.checks.routing import asked_of, once, steps_of
from signoff.domain.errors import NeedsPerson
from signoff.domain.findings import Code
from signoff.domain.order import Order
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.signoffs import RouteStep, signable

NEVER = dt.date.max
"""The day by which everybody is back who comes back."""


def reach(policy: Policy, people: Directory, today: dt.date) -> Iterator[str]:
    """What cannot be signed, from today on, a sentence each."""
    days = sorted({today, NEVER, *(p.absent_from for p in people if p.absent_from and p.absent_from > today)})
    yield from _chains(policy, people)
    yield from _traps(policy, people)
    yield from _quorums(policy, people)
    yield from _apart(policy, people, days)
    yield from _away(policy, people, days)
    yield from _last_resort(policy, people, days)
    yield from _delegates(people, days)


def approvers(policy: Policy) -> Iterator[tuple[str, Approver]]:
    """Every approver of every rule, with the words for where it stands."""
    for rule in policy.approvals:
        for number, step in enumerate(rule.steps, start=1):
            for approver in step.approvers:
                yield f"step {number} of the approval rule {rule.name!r}", approver


def every_approver(policy: Policy) -> Iterator[tuple[str, Approver]]:
    """The same with those of the gates."""
    yield from approvers(policy)
    yield from ((f"gates.owners.{code}", owner) for code, owner in policy.gates.owners.items())
    yield from ((f"gates.{n}", Approver(role=getattr(policy.gates, n))) for n in ("default_owner", "reviewers", "fallback_approver"))


def holders(approver: Approver, people: Directory) -> list[Person]:
    """Who may sign for a role or as a person."""
    if approver.role:
        return people.with_role(approver.role)
    person = people.get(approver.person or "")
    return [person] if person else []


def _chains(policy: Policy, people: Directory) -> Iterator[str]:
    """Requesters whose managers, all together, may not sign what a rule sends up to them.

    Who stands at the top has nobody above; their own orders go to the fallback role by design.
    """
    heads = {p.manager for p in people if p.manager}
    asking = sorted((p for p in people if p.manager or p.person_id not in heads), key=lambda p: p.person_id)
    special = sorted({category for p in people for category in p.limits})
    for rule in policy.approvals:
        for approver in {a for step in rule.steps for a in step.approvers if a.management}:
            categories: tuple[str | None, ...] = rule.when.categories or (None, *special)
            for category in categories:
                stuck = [p for p in asking if not _reaches(people.managers(p)[: approver.up_to_level], rule.when, category)]
                if stuck:
                    sum_ = f"{_asked(rule.when)} {policy.base_currency}" + (f" for {category!r}" if category else "")
                    names = listed([p.name for p in stuck]) + (f", within {level} levels," if (level := approver.up_to_level) else "")
                    yield (
                        f"The approval rule {rule.name!r} goes up to the managers, but nobody above {names} may sign {sum_}; give a "
                        f"manager above them a higher limit in people.csv."
                    )
                    break


def _reaches(chain: Sequence[Person], when: When, category: str | None) -> bool:
    """Whether the chain covers the whole rule, or, for a rule without an upper end, at least its beginning."""
    if when.amount_up_to is not None:
        return covering(chain, when.amount_up_to, (category,))[1]
    limits = (m.limit_for((category,)) for m in chain)
    return any(limit is not None and limit > (when.amount_above or 0) for limit in limits)


def _asked(when: When) -> str:
    if when.amount_up_to is not None:
        return f"{when.amount_up_to:,f}"
    return f"more than {when.amount_above or 0:,f}"


def _traps(policy: Policy, people: Directory) -> Iterator[str]:
    """Sign-offs that one person alone can give, and where nobody steps in when that person is the requester."""
    fallback = people.with_role(policy.gates.fallback_approver)
    for where, approver in every_approver(policy):
        signers = holders(approver, people)
        alone = signers[0] if len(signers) == 1 else None
        if alone and not people.managers(alone) and all(p.person_id == alone.person_id for p in fallback):
            yield (
                f"Only {alone.name} can sign {where}, and nobody could when {alone.name} is the requester; give the role "
                f"{policy.gates.fallback_approver!r} to a second person, or give {alone.name} a manager in people.csv."
            )
    for several in _namesakes(people):
        if fallback and {p.person_id for p in fallback} <= {p.person_id for p in several}:
            yield (
                f"Everybody with the role {policy.gates.fallback_approver!r} is called {several[0].name}, so nobody could sign an order "
                f"that names them as its requester; give the role to somebody else as well."
            )


def _namesakes(people: Directory) -> list[tuple[Person, ...]]:
    """People whom a document cannot tell apart by their name."""
    return [several for several in _groups(people) if len(several) > 1]


def _groups(people: Directory) -> list[tuple[Person, ...]]:
    """Everybody, and everybody of the same name, as an order may name its requester."""
    found = (people.called(word) for p in people for word in (p.person_id, p.name))
    return list({tuple(p.person_id for p in group): group for group in found}.values())


def _alike(policy: Policy, people: Directory) -> list[list[tuple[Person, ...]]]:
    """The groups, those together for whom the same people sign: whoever is asked nothing differs by their managers only."""
    asked = {approver.person for _, approver in every_approver(policy)}
    asked |= {word for p in people for word in (p.manager, p.delegate)}
    asked |= {p.person_id for p in people if p.roles or p.cost_centers}
    found: dict[tuple[str | None, ...], list[tuple[Person, ...]]] = {}
    for group in _groups(people):
        apart = len(group) > 1 or group[0].person_id in asked
        found.setdefault(tuple(p.person_id for p in group) if apart else ("", group[0].manager), []).append(group)
    return list(found.values())


def _quorums(policy: Policy, people: Directory) -> Iterator[str]:
    """Rules that ask for more different people than those whom they name."""
    for rule in policy.approvals:
        small = list(_small(rule, people))
        yield from small
        if not small and not _signable(policy, people, rule):
            yield (
                f"The approval rule {rule.name!r} asks for more different people than those whom it names; give one of its roles to "
                f"somebody else in people.csv, or ask for fewer."
            )


def _small(rule: Rule, people: Directory) -> Iterator[str]:
    for number, step in enumerate(rule.steps, start=1):
        count = len(people.with_role(step.role)) if step.role and step.quorum else 0
        if 0 < count < (step.quorum or 0):
            yield (
                f"Step {number} of the approval rule {rule.name!r} asks for {step.quorum} people with the role {step.role!r}, but only "
                f"{count} {'has' if count == 1 else 'have'} it; give it to more people in people.csv or ask for fewer."
            )


def _signable(policy: Policy, people: Directory, rule: Rule) -> bool:
    """Whether the people whom a rule names are enough, whoever else may step in."""
    signers = Signers(policy, people, Order(), None)
    try:
        return signable(once([made for step in rule.steps if not step.management for made in steps_of(signers, rule, step)]))
    except NeedsPerson:
        return True  # nobody has a role that it names, which is said of the role


def _apart(policy: Policy, people: Directory, days: Sequence[dt.date]) -> Iterator[str]:
    """Rules that ask for different people, and requesters with whom there are too few, alone or with the rules that may hold besides."""
    everybody: list[list[tuple[Person, ...]]] = [[()], *_alike(policy, people)]
    for rule in policy.approvals:
        if not any(step.distinct or step.quorum for step in rule.steps):
            continue
        rules = [r for r in policy.approvals if r.steps and (r is rule or together(r.when, rule.when))]
        stuck = [who for alike in everybody if any(not _signed(policy, people, rules, alike[0], day) for day in days) for who in alike]
        if stuck:
            names = listed(list(dict.fromkeys(p.name for who in stuck for p in who))) or "nobody in particular"
            yield (
                f"The approval rule {rule.name!r} asks for different people, and there are too few of them when {names} requests the "
                f"order; give its roles, or {policy.gates.fallback_approver!r}, to more people in people.csv."
            )


def _signed(policy: Policy, people: Directory, rules: Sequence[Rule], who: Sequence[Person], day: dt.date) -> bool:
    """Whether an order that meets all of these rules can be signed when one of these people requests it on that day.

    Where a rule asks for nobody, the owners of warnings sign besides.
    """
    signers = _asking(policy, people, who, day)
    passing = next((rule.name for rule in policy.approvals if rule.nobody), None)
    try:
        warned = asked_of(signers, passing, "", map(policy.gates.owner, Code)) if passing else []
        signers.enough(once([*warned, *(made for rule in rules for step in rule.steps for made in steps_of(signers, rule, step))]))
    except NeedsPerson:
        return False
    return True


def _asking(policy: Policy, people: Directory, who: Sequence[Person], day: dt.date | None) -> Signers:
    """Who signs on that day what one of these people, who share a name, requests; nobody in particular where there are none."""
    order = Order(requester=who[0].name if len(who) > 1 else who[0].person_id) if who else Order()
    return Signers(policy, people, order, None, day=day)


def _away(policy: Policy, people: Directory, days: Sequence[dt.date]) -> Iterator[str]:
    """Sign-offs for which, on some day, nobody is there and nobody stands in."""
    for where, approver in every_approver(policy):
        own = holders(approver, people)
        day = next((d for d in days if own and not any(people.reachable(p, d) for p in own)), None)
        if day is not None:
            are = "is" if len(own) == 1 else "are all"
            yield (
                f"{listed([p.name for p in own])} {are} away {_when(day)} with nobody who is there to stand in, so nobody can sign "
                f"{where}; name a delegate with `signoff people delegate`."
            )


def _last_resort(policy: Policy, people: Directory, days: Sequence[dt.date]) -> Iterator[str]:
    """Requesters who are themselves, or stand in for, all who are left on some day to sign what nobody else may."""
    role = policy.gates.fallback_approver
    for alike in _alike(policy, people):
        day = next((d for d in days if not _left(policy, people, alike[0], d)), None)
        if day is None or not people.with_role(role) or not _left(policy, people, alike[0], None):
            continue
        for who in alike:
            yield (
                f"Others with the role {role!r} are away {_when(day)}; nobody could sign what {who[0].name} requests, who would be left "
                f"to sign for them; give the role to somebody else as well, or name another delegate with `signoff people delegate`."
            )


def _left(policy: Policy, people: Directory, who: Sequence[Person], day: dt.date | None) -> bool:
    """Whether somebody can sign in the last resort what one of these people requests; without a day, were nobody away."""
    signers = _asking(policy, people, who, day)
    try:
        approver, why = signers.fallback("")
        signers.enough((RouteStep(approvers=(approver,), rule="", why=why),))
    except NeedsPerson:
        return False
    return True


def _delegates(people: Directory, days: Sequence[dt.date]) -> Iterator[str]:
    """Delegates who are away themselves, and so on to nobody, or round in a circle."""
    for person in people:
        own = [d for d in days if person.absent(d)] if person.delegate else []
        day = next((d for d in own if people.stand_in(person, d) is None), None)
        if day is not None:
            delegate = people.get(person.delegate or "")
            name = delegate.name if delegate else person.delegate
            yield (
                f"{person.name} is away {_when(day)} and has {name} stand in, who is away then, too, and leads to nobody who is there; "
                f"name somebody else with `signoff people delegate`."
            )


def _when(day: dt.date) -> str:
    return "without an end" if day == NEVER else f"on {day}"
