"""The threshold with a guarantee, and the alarm when it no longer holds."""

from __future__ import annotations

import random
from math import comb
from statistics import median

import pytest

from signoff.domain.guarantee import Drift, Labelled, binomial_cdf, capped, fewest, labels_needed, learn_then_test

GRID = [i / 20 for i in range(20)]


@pytest.mark.parametrize(("errors", "n", "rate"), [(0, 10, 0.1), (3, 40, 0.05), (7, 7, 0.3), (12, 300, 0.02)])
def test_the_binomial_is_exact(errors: int, n: int, rate: float) -> None:
    exact = sum(comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(errors + 1))
    assert binomial_cdf(errors, n, rate) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(("alpha", "delta", "n"), [(0.05, 0.1, 45), (0.05, 0.05, 59), (0.02, 0.1, 114), (0.01, 0.05, 299)])
def test_the_fewest_orders_without_an_error(alpha: float, delta: float, n: int) -> None:
    assert fewest(alpha, delta) == n
    assert binomial_cdf(0, n, alpha) <= delta < binomial_cdf(0, n - 1, alpha)


def orders(n: int, draw: random.Random, per_vendor: int = 1) -> list[Labelled]:
    """Orders that are wrong the more often, the less sure they are: 15 % in all."""
    confidences = [draw.random() for _ in range(n)]
    return [Labelled(c, draw.random() < 0.6 * (1 - c) ** 3, f"V-{i // per_vendor}") for i, c in enumerate(confidences)]


def risk(threshold: float) -> float:
    """The true share of wrong ones among the orders of `orders` at or above a threshold."""
    return 0.15 * (1 - threshold) ** 3


def test_at_most_delta_of_the_thresholds_are_too_low() -> None:
    draw = random.Random(7)
    runs, alpha, delta = 300, 0.05, 0.1
    found = [learn_then_test(orders(600, draw), GRID, alpha, delta) for _ in range(runs)]
    given = [passed[-1].threshold for passed in found if passed]
    assert len(given) > 0.9 * runs
    assert sum(risk(t) > alpha for t in given) / runs <= delta + 2 * (delta * (1 - delta) / runs) ** 0.5


def test_errors_end_the_sequence_and_too_few_orders_begin_none() -> None:
    right = [Labelled(0.9, False, f"V-{i}") for i in range(100)]
    assert [t.n for t in learn_then_test(right, [0.95, 0.8], 0.05, 0.1)] == [100]
    assert learn_then_test(right[:50], [0.8], 0.05, 0.1) == []
    assert labels_needed(right[:50], 0.05, 0.1) == 68
    wrong = [Labelled(0.9, i % 10 == 0, f"V-{i}") for i in range(100)]
    assert learn_then_test(wrong, [0.8], 0.05, 0.1) == []


def test_a_vendor_counts_five_times_at_most() -> None:
    many = [*(Labelled(0.9, False, "V-1") for _ in range(90)), *(Labelled(0.8, False, f"V-{i}") for i in range(2, 12))]
    kept = capped(many, seed=3)
    assert len(kept) == 15
    assert kept == capped(many, seed=3)


def audits(rate: float, most: int, draw: random.Random, alpha: float) -> int | None:
    """After how many audits the alarm is raised, if it is."""
    drift = Drift(alpha)
    for n in range(1, most + 1):
        drift = drift.audited(draw.random() < rate)
        if drift.alarm:
            return n
    return None


def test_the_alarm_comes_soon_and_seldom_falsely() -> None:
    draw, alpha = random.Random(11), 0.02
    late = [audits(3 * alpha, 5000, draw, alpha) for _ in range(200)]
    assert all(late)
    assert median(n for n in late if n) <= 150
    assert sum(audits(alpha, 1000, draw, alpha) is not None for _ in range(200)) < 0.05 * 200
