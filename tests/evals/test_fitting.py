"""The fit of the signals' weights: it finds what labels say, stays near the priors where they say little, and turns no evidence around."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from signoff.domain.checks.signals import PRIORS, Signals, Weights, confidence
from signoff.domain.reading import Lane
from signoff.evals.fitting import fit

TRUE = replace(PRIORS, layout=0.2, proved=3.5, labelled=0.4, witness=0.9)
KINDS = [
    Signals(Lane.LAYOUT, True, proved, labelled, witnesses)
    for proved in (True, False)
    for labelled in (True, False)
    for witnesses in (0, 1, 2)
]


def labelled(weights: Weights, count: int, seed: int = 1) -> list[tuple[Signals, bool]]:
    draw = random.Random(seed)
    seen = [draw.choice(KINDS) for _ in range(count)]
    return [(each, draw.random() < confidence(each, weights)) for each in seen]


def test_nothing_observed_leaves_the_priors() -> None:
    assert fit([]) == PRIORS
    assert fit([(Signals(Lane.PERSON, True, True), True)] * 100) == PRIORS


def test_many_labels_find_the_weights() -> None:
    found = fit(labelled(TRUE, 40_000))
    assert [found.layout, found.proved, found.labelled, found.witness] == pytest.approx([0.2, 3.5, 0.4, 0.9], abs=0.15)
    assert (found.tabular, found.ocr, found.not_grounded) == pytest.approx((PRIORS.tabular, PRIORS.ocr, PRIORS.not_grounded), abs=1e-6)


def test_few_labels_stay_near_the_priors() -> None:
    found = fit(labelled(TRUE, 10))
    assert abs(found.proved - PRIORS.proved) < abs(TRUE.proved - PRIORS.proved)


def test_evidence_never_counts_against_a_field() -> None:
    upside_down = [(each, not (each.proved or each.labelled or each.witnesses)) for each, _ in labelled(TRUE, 2000)]
    found = fit(upside_down)
    assert min(found.proved, found.labelled, found.witness, found.quality) >= 0
    assert found.not_grounded <= 0


def test_order_and_grouping_of_labels_do_not_matter() -> None:
    seen = labelled(TRUE, 500)
    assert fit(seen) == fit(reversed(seen)) == fit(sorted(seen, key=repr))
