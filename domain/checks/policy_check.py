"""Whether a policy can be followed: holes between its rules, roles that nobody holds, amounts that nobody may sign.

Every sentence says what to do. A policy without any such sentence never stops an order for want of somebody to ask.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from signoff.domain.checks.routing import Traits, covering, holds
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Approver, Policy, Rule, When
from signoff.domain.vendor import Vendor


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


def check_policy(policy: Policy, people: Directory, vendors: Iterable[Vendor]) -> list[str]:
    """What would go wrong under this policy, one sentence each. Empty when all is well."""
    known = list(vendors)
    found = [
        *_roles(policy, people),
        *_persons(policy, people),
        *_repeated_rules(policy),
        *_gaps(policy, known),
        *_chains(policy, people),
        *_traps(policy, people),
        *_names(policy, known),
        *_budgets(policy),
        *_rates(policy, known),
        *_owners_of_centres(policy, people),
    ]
    return list(dict.fromkeys(found))


def _approvers(policy: Policy) -> Iterator[tuple[str, Approver]]:
    """Every approver of every rule, with the words for where it stands."""
    for rule in policy.approvals:
        for number, step in enumerate(rule.steps, start=1):
            for approver in step.approvers:
                yield f"step {number} of the approval rule {rule.name!r}", approver


def _roles(policy: Policy, people: Directory) -> Iterator[str]:
    """Roles that somebody must hold: approvers, reviewers, owners of findings, and the fallback."""
    gates = policy.gates
    asked = [(approver.role, where) for where, approver in _approvers(policy) if approver.role]
    asked += [(gates.reviewers, "gates.reviewers"), (gates.default_owner, "gates.default_owner")]
    asked += [(role, f"gates.owners.{code}") for code, role in gates.owners.items()]
    asked.append((gates.fallback_approver, "gates.fallback_approver"))
    held = sorted({role for person in people for role in person.roles})
    for role, where in asked:
        if role not in held:
            meant = _meant(role, held)
            yield f"Nobody in people.csv has the role {role!r}, which {where} asks for{meant}; give it to somebody or change the policy."


def _meant(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _persons(policy: Policy, people: Directory) -> Iterator[str]:
    ids = [p.person_id for p in people]
    for where, approver in _approvers(policy):
        if approver.person and people.get(approver.person) is None:
            meant = _meant(approver.person, ids)
            yield f"{where[0].upper()}{where[1:]} names {approver.person!r}, who is not a person_id in people.csv{meant}; mend either."


def _repeated_rules(policy: Policy) -> Iterator[str]:
    names = [rule.name for rule in policy.approvals]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        yield f"Two approval rules are called {name!r}, so a decision could not say which one it followed; rename one."


def _gaps(policy: Policy, vendors: Sequence[Vendor]) -> Iterator[str]:
    """Plain orders, without findings, that no rule is made for; they all land at the fallback role."""
    categories = _categories(policy, vendors)
    for contract in ("K", None):
        for band in _bands(policy.approvals):
            without = [c for c in categories if not _covered(policy, Traits(band.sample, category=c, contract=contract))]
            if not without:
                continue
            told = "" if len(without) == len(categories) else f" in {_listed([f'category {c!r}' if c else 'no category' for c in without])}"
            kind = "with a contract" if contract else "without a contract"
            yield (
                f"No approval rule covers orders {band} {policy.base_currency}{told} {kind}; they would all go to "
                f"{policy.gates.fallback_approver!r}, so add a rule for them."
            )


def _covered(policy: Policy, traits: Traits) -> bool:
    return any(holds(rule.when, traits) for rule in policy.approvals)


def _bands(rules: Iterable[Rule]) -> list[Band]:
    """The amounts between one threshold of the rules and the next."""
    whens = [rule.when for rule in rules]
    marks = sorted({t for w in whens for t in (w.amount_above, w.amount_up_to) if t is not None and t >= 0})
    return [Band(above, up_to) for above, up_to in zip([None, *marks], [*marks, None], strict=True)]


def _categories(policy: Policy, vendors: Sequence[Vendor]) -> list[str | None]:
    named = {v.category for v in vendors if v.category} | {c for rule in policy.approvals for c in rule.when.categories}
    return [None, *sorted(named)]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _chains(policy: Policy, people: Directory) -> Iterator[str]:
    """Requesters whose managers, all together, may not sign what a rule sends up to them.

    Who stands at the top has nobody above; their own orders go to the fallback role by design.
    """
    heads = {p.manager for p in people if p.manager}
    asking = sorted((p for p in people if p.manager or p.person_id not in heads), key=lambda p: p.person_id)
    for rule in policy.approvals:
        if any(approver.management for step in rule.steps for approver in step.approvers):
            stuck = [p for p in asking if not _reaches(people.managers(p), rule.when)]
            if stuck:
                yield (
                    f"The approval rule {rule.name!r} goes up to the managers, but nobody above {_listed([p.name for p in stuck])} may "
                    f"sign {_asked(rule.when)} {policy.base_currency}; give a manager above them a higher limit in people.csv."
                )


def _reaches(chain: Sequence[Person], when: When) -> bool:
    """Whether the chain covers the whole rule, or, for a rule without an upper end, at least its beginning."""
    if when.amount_up_to is not None:
        return covering(chain, when.amount_up_to)[1]
    return any(m.limit is not None and m.limit > (when.amount_above or 0) for m in chain)


def _asked(when: When) -> str:
    if when.amount_up_to is not None:
        return f"{when.amount_up_to:,f}"
    return f"more than {when.amount_above or 0:,f}"


def _traps(policy: Policy, people: Directory) -> Iterator[str]:
    """Steps that only one person can sign, and where nobody steps in when that person is the requester."""
    fallback = people.with_role(policy.gates.fallback_approver)
    asked = list(_approvers(policy))
    asked += [(f"gates.owners.{code}", Approver(role=role)) for code, role in policy.gates.owners.items()]
    asked += [(f"gates.{n}", Approver(role=getattr(policy.gates, n))) for n in ("default_owner", "fallback_approver")]
    for where, approver in asked:
        signers = _signers(approver, people)
        alone = signers[0] if len(signers) == 1 else None
        if alone and not people.managers(alone) and all(p.person_id == alone.person_id for p in fallback):
            yield (
                f"Only {alone.name} can sign {where}, and nobody could when {alone.name} is the requester; give the role "
                f"{policy.gates.fallback_approver!r} to a second person, or give {alone.name} a manager in people.csv."
            )


def _signers(approver: Approver, people: Directory) -> list[Person]:
    if approver.role:
        return people.with_role(approver.role)
    person = people.get(approver.person or "")
    return [person] if person else []


def _names(policy: Policy, vendors: Sequence[Vendor]) -> Iterator[str]:
    """Vendors and categories that the policy speaks of and the vendor master does not know."""
    ids = [v.vendor_id for v in vendors]
    categories = sorted({v.category for v in vendors if v.category})
    spoken = [(f"overrides[{i}]", (o.vendor,), (o.category,)) for i, o in enumerate(policy.overrides)]
    for where, vendor_ids, names in [
        *spoken,
        *((f"The approval rule {r.name!r}", r.when.vendors, r.when.categories) for r in policy.approvals),
    ]:
        for vendor in vendor_ids:
            if vendor and vendor not in ids:
                yield f"{where} names the vendor {vendor!r}, who is not in vendors.csv{_meant(vendor, ids)}; correct it or add the vendor."
        for name in names:
            if name and name not in categories:
                meant = _meant(name, categories)
                yield f"{where} names the category {name!r}, which no vendor has{meant}; correct it here or in vendors.csv."


def _budgets(policy: Policy) -> Iterator[str]:
    keys = [(b.cost_center, b.year) for b in policy.budgets]
    for centre, year in dict.fromkeys(k for k in keys if keys.count(k) > 1):
        yield f"The cost centre {centre!r} has more than one budget for {year}; keep the one that holds."


def _rates(policy: Policy, vendors: Sequence[Vendor]) -> Iterator[str]:
    """Currencies that orders will come in and that no amount could be compared in."""
    rated = {c for dated in policy.fx.table if dated.since <= policy.dated for c in dated.rates}
    for currency in sorted({v.currency for v in vendors if v.currency} - rated - {policy.base_currency}):
        of = _listed([v.name for v in vendors if v.currency == currency])
        yield f"There is no exchange rate for {currency} (used by {of}) on or before {policy.dated}; add one under fx.table in policy.yaml."


def _owners_of_centres(policy: Policy, people: Directory) -> Iterator[str]:
    """An order that names no requester goes up from its cost centre's owner, if that is one person."""
    if not any(approver.management for _, approver in _approvers(policy)):
        return
    for centre in sorted({c for p in people for c in p.cost_centers}):
        owners = [p.name for p in people if centre in p.cost_centers]
        if len(owners) > 1:
            yield (
                f"The cost centre {centre!r} belongs to {_listed(sorted(owners))} in people.csv, so an order that names no requester does "
                f"not tell whose managers to ask; leave it with one of them."
            )
