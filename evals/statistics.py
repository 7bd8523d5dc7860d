"""Counts and what they prove: precision, recall, F1, Wilson's interval for a share, AUROC, and a bootstrap over clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import TypeVar

from signoff.domain.shares import Z95 as Z95
from signoff.domain.shares import wilson as wilson

R = TypeVar("R")
Interval = tuple[float, float]
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found against what there is: `right` and `wrong` of what was found, `met` and `missed` of what there is.

    For single values `right` and `met` are the same; for passages one that was found may meet two, or two meet one.
    """

    right: int = 0
    wrong: int = 0
    met: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.met + other.met, self.missed + other.missed)

    @property
    def found(self) -> int:
        return self.right + self.wrong

    @property
    def wanted(self) -> int:
        return self.met + self.missed

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; nothing where nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of what there is that was found; nothing where there is nothing."""
        return self.met / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        precision, recall = self.precision, self.recall
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def auroc(scored: Sequence[tuple[float, bool]]) -> float | None:
    """The chance that a right one has a higher score than a wrong one, ties half; nothing where all are right, or all wrong.

    >>> auroc([(0.9, True), (0.8, False), (0.7, True)])
    0.5
    """
    right, n = sum(ok for _, ok in scored), len(scored)
    if right in (0, n):
        return None
    ordered, ranks, start = sorted(scored, key=lambda s: s[0]), 0.0, 0
    for _, tied in groupby(ordered, key=lambda s: s[0]):
        same = list(tied)
        ranks += sum(ok for _, ok in same) * (start + (len(same) + 1) / 2)
        start += len(same)
    return (ranks - right * (right + 1) / 2) / (right * (n - right))


def clustered(
    rows: Sequence[R], cluster: Callable[[R], str], figure: Callable[[Sequence[R]], float | None], seed: int = 0
) -> Interval | None:
    """The 95 % interval of a figure over rows whose clusters are drawn anew, whole (percentile bootstrap); nothing below two clusters."""
    of: dict[str, list[R]] = {}
    for row in rows:
        of.setdefault(cluster(row), []).append(row)
    groups, rng = list(of.values()), Random(seed)
    if len(groups) < 2:
        return None
    drawn = ((row for group in rng.choices(groups, k=len(groups)) for row in group) for _ in range(RESAMPLES))
    found = sorted(value for rows_ in drawn if (value := figure(list(rows_))) is not None)
    if not found:
        return None
    return found[int(0.025 * (len(found) - 1))], found[int(0.975 * (len(found) - 1) + 0.5)]
