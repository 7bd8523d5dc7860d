"""What a count proves about a share."""

from __future__ import annotations

import math

Z95 = 1.959964
"""The normal quantile of a two-sided interval of 95 %."""


def wilson(right: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The interval of a share, `right` of `n` (E. B. Wilson, 1927); (0, 1) where nothing was counted.

    >>> [round(x, 3) for x in wilson(8, 10)]
    [0.49, 0.943]
    """
    if n == 0:
        return 0.0, 1.0
    share, square = right / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
