"""How what was read of a contract agrees with the experts. A scorer is a function of the terms found and the answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from signoff.domain.agreement import Agreement, TermKind
from signoff.domain.checks.names import words
from signoff.domain.term_values import BY_AGREEMENT
from signoff.evals.contract_answers import PASSAGES, Expected, months_of
from signoff.evals.statistics import Counts

OVERLAP, LEAST_WORDS = 0.5, 5
"""A passage meets an expert's where at least this share of the shorter one's words, and this many, stand in the other one."""


def score(agreement: Agreement, kind: TermKind, expected: Expected) -> Counts:
    """The counts of one kind in one contract; nothing is counted where the experts' answer is unclear."""
    if expected.unclear:
        return Counts()
    found = [term.value for term in agreement.found(kind)]
    if kind in PASSAGES:
        return passages([term.quote for term in agreement.found(kind)], expected.values)
    if kind is TermKind.PARTY:
        return names(found, expected.values)
    return any_of([months_of(v) for v in found if v != BY_AGREEMENT], expected.values)


def any_of(found: Sequence[str], accepted: Sequence[str]) -> Counts:
    """One value is wanted, and each accepted one is it."""
    told = set(found)
    met = bool(told & set(accepted))
    return Counts(int(met), len(told - set(accepted)), int(met), int(bool(accepted) and not met))


def names(found: Sequence[str], wanted: Sequence[str]) -> Counts:
    """Each name is wanted; case, accents, punctuation and how a legal form is written do not count, its presence does."""
    told, there = {_name(n) for n in found}, {_name(n) for n in wanted}
    met = len(told & there)
    return Counts(met, len(told - there), met, len(there - told))


def all_names(found: Sequence[str], wanted: Sequence[str]) -> Counts:
    """The contract as one: right where every name that was found is a party, met where every party was found."""
    every = names(found, wanted)
    return Counts(
        int(bool(every.found) and not every.wrong),
        int(every.wrong > 0),
        int(bool(every.wanted) and not every.missed),
        int(every.missed > 0),
    )


def _name(name: str) -> str:
    return "".join(w for w in words(name) if w != "the")


def passages(found: Sequence[str], wanted: Sequence[str]) -> Counts:
    """Passages meet by their words; see `OVERLAP`."""
    told, there = [_bag(p) for p in found], [_bag(p) for p in wanted]
    right = sum(any(_meet(f, w) for w in there) for f in told)
    met = sum(any(_meet(f, w) for f in told) for w in there)
    return Counts(right, len(told) - right, met, len(there) - met)


def by_contract(agreement: Agreement, kind: TermKind, expected: Expected) -> Counts:
    """One count a contract: whether all parties are right, or whether there is such a passage at all."""
    if kind is TermKind.PARTY:
        return Counts() if expected.unclear else all_names([t.value for t in agreement.found(kind)], expected.values)
    return any_of(["yes"] if agreement.found(kind) else [], ["yes"] if expected.values else [])


def _bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _meet(one: Counter[str], other: Counter[str]) -> bool:
    common, shorter = (one & other).total(), min(one.total(), other.total())
    return common >= min(LEAST_WORDS, shorter) and common >= OVERLAP * shorter > 0
