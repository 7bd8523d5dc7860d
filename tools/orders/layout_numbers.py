"""Line numbers: which of the numbers printed at the left of a table count its rows (1, 2, 3 or 10, 20, 30)."""

from __future__ import annotations

from collections.abc import Sequence

STARTS, MOST_STEPS = 3, 10
"""Numbers from which a count is tried, for the first may be none of it, and the steps it may leave out at once."""


def counting(numbers: Sequence[int]) -> list[int]:
    """The places of the numbers that rise from one of the first, none by more than ten steps: the longest such count."""
    return max((_run(numbers, start) for start in range(min(STARTS, len(numbers)))), key=len, default=[])


def _run(numbers: Sequence[int], start: int) -> list[int]:
    found = [start]
    step = next((b - a for a, b in zip(numbers[start:], numbers[start + 1 :], strict=False) if b > a), 1)
    for at in range(start + 1, len(numbers)):
        if numbers[found[-1]] < numbers[at] <= numbers[found[-1]] + MOST_STEPS * step:
            found.append(at)
    return found
