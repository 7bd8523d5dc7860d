"""Whether a policy can be followed: holes between its rules, roles that nobody holds, amounts that nobody may sign.

Every sentence says what to do. A policy without any such sentence never stops an order for want of somebody to ask.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Sequence

from signoff.domain.checks.matching import Traits, fits
from signoff.domain.checks.policy_reach import approvers, every_approver, reach
from signoff.domain.checks.policy_rules import bands, dead, listed, shrinking
from signoff.domain.people import Directory
from signoff.domain.policy import Policy
from signoff.domain.vendor import Vendor


def check_policy(
    policy: Policy, people: Directory, vendors: Iterable[Vendor], contracts: Iterable[str] = (), today: dt.date | None = None
) -> list[str]:
    """What would go wrong under this policy, one sentence each, from today (else its date) on. Empty when all is well.

    `contracts` are the ids of those that hold.
    """
    known = list(vendors)
    found = [
        *_roles(policy, people),
        *_persons(policy, people),
        *_repeated_rules(policy),
        *dead(policy),
        *_gaps(policy, known),
        *shrinking(policy, _categories(policy, known)),
        *reach(policy, people, today or policy.dated),
        *_names(policy, known),
        *_contracts(policy, sorted(contracts)),
        *_budgets(policy),
        *_rates(policy, known),
        *_owners_of_centres(policy, people),
        *_levels(policy, people),
    ]
    return list(dict.fromkeys(found))


def _roles(policy: Policy, people: Directory) -> Iterator[str]:
    """Roles that somebody must hold: approvers, reviewers, owners of findings, and the fallback."""
    asked = [(approver.role, where) for where, approver in every_approver(policy) if approver.role]
    held = sorted({role for person in people for role in person.roles})
    for role in dict.fromkeys(role for role, _ in asked if role not in held):
        places = [where for name, where in asked if name == role]
        more = f" (as do {len(places) - 1} more)" if len(places) > 1 else ""
        yield (
            f"Nobody in people.csv has the role {role!r}, which {places[0]} asks for{_meant(role, held)}{more}; give it to somebody "
            f"or change the policy."
        )


def _meant(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _levels(policy: Policy, people: Directory) -> Iterator[str]:
    """Roles and rules that the times to answer name, and that there are none of."""
    sla, held = policy.sla, sorted({role for person in people for role in person.roles})
    rules = [rule.name for rule in policy.approvals]
    levels = (sla.review, sla.exception, sla.approval, sla.question, *sla.overrides)
    for role in dict.fromkeys(r for level in levels for r in (level.escalate_to, *getattr(level, "roles", ())) if r):
        if role not in held:
            yield f"Nobody in people.csv has the role {role!r}, which the sla names{_meant(role, held)}; give it to somebody."
    for name in dict.fromkeys(n for special in sla.overrides for n in special.rules if n not in rules):
        yield f"The sla names the rule {name!r}, and approvals has none of that name{_meant(name, rules)}."


def _persons(policy: Policy, people: Directory) -> Iterator[str]:
    ids = [p.person_id for p in people]
    for where, approver in every_approver(policy):
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
    entities: list[str | None] = [*(e.name for e in policy.company.entities)] or [None]
    for contract in ("K", None):
        for band in bands(policy.approvals):
            for entity in entities:
                plain = [Traits(band.sample, category=c, contract=contract, entity=entity) for c in categories]
                without = [t.category for t in plain if not _covered(policy, t)]
                if without:
                    some = without if len(without) < len(categories) else []
                    yield _gap(policy, (str(band), some, contract, entity))


def _gap(policy: Policy, found: tuple[str, list[str | None], str | None, str | None]) -> str:
    band, categories, contract, entity = found
    told = f" in {listed([f'category {c!r}' if c else 'no category' for c in categories])}" if categories else ""
    by = f" by {entity}" if entity else ""
    return (
        f"No approval rule covers orders {band} {policy.base_currency}{told} {'with' if contract else 'without'} a contract{by}; they "
        f"would all go to {policy.gates.fallback_approver!r}, so add a rule for them."
    )


def _covered(policy: Policy, traits: Traits) -> bool:
    return any(not rule.when.fields and fits(rule, traits) for rule in policy.approvals)


def _categories(policy: Policy, vendors: Sequence[Vendor]) -> list[str | None]:
    named = {v.category for v in vendors if v.category} | {c for rule in policy.approvals for c in rule.when.categories}
    return [None, *sorted(named)]


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


def _contracts(policy: Policy, ids: Sequence[str]) -> Iterator[str]:
    """Contracts that the policy speaks of and that are not there."""
    spoken = [(f"overrides[{i}]", (o.contract,)) for i, o in enumerate(policy.overrides) if o.contract]
    for where, named in [*spoken, *((f"The approval rule {r.name!r}", r.when.contracts) for r in policy.approvals)]:
        for contract in named:
            if contract not in ids:
                meant = _meant(contract, ids)
                yield f"{where} names the contract {contract!r}, which is not there{meant}; correct it, or import and confirm the contract."


def _budgets(policy: Policy) -> Iterator[str]:
    keys = [(b.cost_center, b.year) for b in policy.budgets]
    for centre, year in dict.fromkeys(k for k in keys if keys.count(k) > 1):
        yield f"The cost centre {centre!r} has more than one budget for {year}; keep the one that holds."


def _rates(policy: Policy, vendors: Sequence[Vendor]) -> Iterator[str]:
    """Currencies that orders will come in and that no amount could be compared in."""
    rated = {c for dated in policy.fx.table if dated.since <= policy.dated for c in dated.rates}
    for currency in sorted({v.currency for v in vendors if v.currency} - rated - {policy.base_currency}):
        of = listed([v.name for v in vendors if v.currency == currency])
        yield f"There is no exchange rate for {currency} (used by {of}) on or before {policy.dated}; add one under fx.table in policy.yaml."


def _owners_of_centres(policy: Policy, people: Directory) -> Iterator[str]:
    """An order that names no requester goes up from its cost centre's owner, if that is one person."""
    if not any(approver.management for _, approver in approvers(policy)):
        return
    for centre in sorted({c for p in people for c in p.cost_centers}):
        owners = [p.name for p in people if centre in p.cost_centers]
        if len(owners) > 1:
            yield (
                f"The cost centre {centre!r} belongs to {listed(sorted(owners))} in people.csv, so an order that names no requester does "
                f"not tell whose managers to ask; leave it with one of them."
            )
