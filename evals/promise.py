"""Does a certificate keep its promise? Calibrations simulated many times over, against a population whose error rates are known.

A cell is one combination of alpha, delta and the number of labels, in one of four worlds: `exchangeable`, as the guarantee asks;
`clustered`, where papers of one vendor go wrong together, and at most five of each count; `uncapped`, the same where all of them count;
`lenient`, where reviewers miss a third of the errors.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import exp, sqrt
from typing import Literal

from signoff.domain.guarantee import PER_VENDOR, Labelled, capped, learn_then_test

World = Literal["exchangeable", "clustered", "uncapped", "lenient"]
ALPHAS, DELTAS, LABELS = (0.01, 0.02, 0.05), (0.05, 0.10), (300, 1000, 3000)
GRID = tuple(1 - 0.5 ** (i / 2 + 1) for i in range(15))
MISSED = 1 / 3
"""The share of errors that a lenient reviewer lets pass."""
VENDORS, PAPERS = 4000, 50
"""Vendors of the population, and papers of each."""
SENDERS = 120
"""Vendors among the labels, where papers of one go wrong together."""


@dataclass(frozen=True)
class Cell:
    """What a calibration is simulated with."""

    world: World
    alpha: float
    delta: float
    labels: int


@dataclass(frozen=True)
class Kept:
    """How often a certificate was issued in so many runs, and how often more than alpha passed wrong under it."""

    cell: Cell
    runs: int
    issued: int
    broken: int

    @property
    def rate(self) -> float:
        return self.broken / self.runs

    @property
    def most(self) -> float:
        """delta, and two standard errors of a rate that is delta."""
        return self.cell.delta + 2 * sqrt(self.cell.delta * (1 - self.cell.delta) / self.runs)


def cells(world: World) -> Iterator[Cell]:
    """The eighteen combinations."""
    for alpha, delta, labels in product(ALPHAS, DELTAS, LABELS):
        yield Cell(world, alpha, delta, labels)


def simulated(cell: Cell, runs: int, seed: int) -> Kept:
    """Calibrate so many times, each time on other orders of the population."""
    draw, alike = random.Random(f"{seed} {cell}"), cell.world in ("clustered", "uncapped")
    risks = _risks(seed, alike)
    found = [_threshold(cell, seed, draw) for _ in range(runs)]
    issued = [threshold for threshold in found if threshold is not None]
    return Kept(cell, runs, len(issued), sum(risks[threshold] > cell.alpha for threshold in issued))


def _threshold(cell: Cell, seed: int, draw: random.Random) -> float | None:
    passed = learn_then_test(_labelled(cell, seed, draw), GRID, cell.alpha, cell.delta)
    return passed[-1].threshold if passed else None


def _labelled(cell: Cell, seed: int, draw: random.Random) -> list[Labelled]:
    if cell.world in ("clustered", "uncapped"):
        population = _population(seed, True)
        senders = [draw.randrange(VENDORS) for _ in range(SENDERS)]
        some = [population[draw.choice(senders) * PAPERS + draw.randrange(PAPERS)] for _ in range(cell.labels)]
        return some if cell.world == "uncapped" else capped(some, draw.randrange(2**32), PER_VENDOR)
    some = draw.sample(_population(seed, False), cell.labels)
    if cell.world == "lenient":
        return [replace(each, wrong=False) if each.wrong and draw.random() < MISSED else each for each in some]
    return some


@lru_cache(maxsize=4)
def _population(seed: int, alike: bool) -> list[Labelled]:
    """All orders there are. Their confidence overstates itself; where papers are alike, each vendor has its own luck."""
    draw = random.Random(f"{seed} {alike}")
    orders = []
    for vendor in range(VENDORS):
        luck = draw.gauss(0, 1.5) if alike else 0.0
        for _ in range(PAPERS):
            sure = draw.gauss(4.5, 2.0)
            wrong = draw.random() > 1 / (1 + exp(-(0.8 * sure + luck + (0.6 if alike else 0.0))))
            orders.append(Labelled(1 / (1 + exp(-sure)), wrong, f"V-{vendor}"))
    return orders


@lru_cache(maxsize=4)
def _risks(seed: int, alike: bool) -> dict[float, float]:
    """How many of all orders at each threshold are wrong: what a certificate promises about."""
    risks = {}
    for threshold in GRID:
        chosen = [order.wrong for order in _population(seed, alike) if order.confidence >= threshold]
        risks[threshold] = sum(chosen) / len(chosen) if chosen else 0.0
    return risks
