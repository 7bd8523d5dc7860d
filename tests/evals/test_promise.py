"""The promise of a certificate, simulated: it holds where the guarantee says so; where it does not, the figures are printed."""

from __future__ import annotations

import random
from statistics import median

import pytest

from signoff.domain.guarantee import Drift
from signoff.evals.promise import Cell, Kept, World, cells, simulated


def shown(kept: Kept) -> str:
    cell = kept.cell
    return (
        f"{cell.world:<13}alpha {cell.alpha:.2f}  delta {cell.delta:.2f}  {cell.labels:>4} labels  "
        f"issued {kept.issued / kept.runs:>4.0%}  broken {kept.rate:>6.1%}  (at most {kept.most:.1%})"
    )


@pytest.mark.parametrize(("alpha", "delta", "labels"), [(0.05, 0.10, 300), (0.05, 0.05, 1000), (0.02, 0.10, 1000)])
def test_it_holds_for_orders_drawn_alike(alpha: float, delta: float, labels: int) -> None:
    kept = simulated(Cell("exchangeable", alpha, delta, labels), 60, seed=4)
    assert kept.issued > 20
    assert kept.rate <= kept.most


def test_many_papers_of_few_vendors_and_reviewers_who_miss_errors_are_told_apart() -> None:
    lenient = simulated(Cell("lenient", 0.05, 0.10, 1000), 30, seed=4)
    assert lenient.rate > lenient.most
    capped, not_capped = (simulated(Cell(w, 0.05, 0.10, 3000), 60, seed=4) for w in ("clustered", "uncapped"))
    assert capped.rate < not_capped.rate


@pytest.mark.slow
@pytest.mark.parametrize("world", ["exchangeable", "clustered", "uncapped", "lenient"])
def test_five_hundred_calibrations_of_each_kind(world: World) -> None:
    every = [simulated(cell, 500, seed=1) for cell in cells(world)]
    print("\n" + "\n".join(map(shown, every)))
    assert len(every) == 18
    if world == "exchangeable":
        assert [shown(kept) for kept in every if kept.rate > kept.most] == []
        assert sum(kept.issued for kept in every) > 2000


def audits(rate: float, alpha: float, most: int, draw: random.Random) -> int | None:
    """After how many audits the alarm comes, if it does."""
    drift = Drift(alpha)
    for number in range(1, most + 1):
        drift = drift.audited(draw.random() < rate)
        if drift.alarm:
            return number
    return None


@pytest.mark.slow
def test_the_alarm_comes_within_150_audits_and_seldom_falsely() -> None:
    alpha, draw = 0.05, random.Random(2)
    late = [audits(3 * alpha, alpha, 5000, draw) or 5000 for _ in range(200)]
    false = sum(audits(alpha, alpha, 5000, draw) is not None for _ in range(200))
    print(f"\nat 3 alpha the alarm comes after {median(late):.0f} audits (median of 200); falsely in {false} of 200 runs of 5,000")
    assert median(late) <= 150
    assert false < 0.05 * 200
