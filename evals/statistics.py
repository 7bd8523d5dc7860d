"""Counts and what they prove: precision, recall, F1, and Wilson's interval for a share."""

from __future__ import annotations

from dataclasses import dataclass

from signoff.domain.shares import Z95 as Z95
from signoff.domain.shares import wilson as wilson


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
