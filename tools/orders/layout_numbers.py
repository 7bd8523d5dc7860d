"""Line numbers: which of the numbers printed at the left of a table count its rows (1, 2, 3 or 10, 20, 30)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

MOST_STEPS, WIDEST = 10, 100
"""Steps that a count leaves out at most, and the widest gap that is looked for."""


def counting(numbers: Sequence[int]) -> list[int]:
    """The places of the numbers that make the longest count: each higher than the one before, by ten of its usual steps at most."""
    rises = Counter(b - a for a, b in pairwise(numbers) if b > a)
    gap = min(MOST_STEPS * rises.most_common(1)[0][0], WIDEST) if rises else 1
    longest: dict[int, int] = {}
    lengths, before = [1] * len(numbers), [-1] * len(numbers)
    for at, number in enumerate(numbers):
        earlier = [longest[n] for n in range(number - 1, number - gap - 1, -1) if n in longest]
        if earlier:
            before[at] = max(earlier, key=lambda n: lengths[n])
            lengths[at] = lengths[before[at]] + 1
        if number not in longest or lengths[longest[number]] < lengths[at]:
            longest[number] = at
    at = max(range(len(numbers)), key=lambda n: lengths[n], default=-1)
    found: list[int] = []
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]
