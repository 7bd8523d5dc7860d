"""Streams of orders (of one vendor, category, folder, format), and whether one runs so steadily that it needs nobody.

The rule: an order is *troubled* when something about it was wrong: a finding had to be decided, a field corrected, it was rejected, or it
failed. A planned sign-off or a look at a reading is no trouble. Of the shares of troubled and of corrected orders only what is shown
counts: the interval of Wilson (domain/shares.py), not the share itself. An order that waits for a person may still go either way: it counts
as one without trouble where trouble is to be shown, and not at all where its absence is.

* `stable`: no more than `TROUBLED` are troubled and no more than `CORRECTED` are corrected, with 97.5 % certainty each;
* `needs people`: more than that, with the same certainty; or the last `RECENT_DAYS` days are worse than the time before;
* `not enough orders yet`: neither is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from signoff.domain.shares import wilson

TROUBLED = 0.05
CORRECTED = 0.03
FEWEST = 30
"""Orders below which nothing is said of a stream, however they went."""
RECENT_DAYS = 30


class Standing(StrEnum):
    """What a stream is ready for."""

    STABLE = "stable"
    NEEDS_PEOPLE = "needs people"
    TOO_FEW = "not enough orders yet"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; `open` of them may yet be counted, too."""

    count: int
    n: int
    open: int = 0

    @property
    def value(self) -> float | None:
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 %; all is possible where there is none. Below as if no open one were counted, above as if there were none."""
        return wilson(self.count, self.n)[0], wilson(self.count, self.n - self.open)[1]

    def __str__(self) -> str:
        low, high = self.interval
        waiting = f", {self.open} more wait" if self.open else ""
        return f"{self.count} of {self.n} ({low:.1%} to {high:.1%}{waiting})"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a stream is ready for, and why, in sentences."""

    standing: Standing
    reasons: tuple[str, ...]


def judged(troubled: Share, corrected: Share, recent: Share, before: Share) -> Judged:
    """By the rule above; `recent` and `before` are the troubled orders of the last days and of the time before them."""
    if troubled.n < FEWEST:
        return Judged(Standing.TOO_FEW, (f"{troubled.n} orders; at least {FEWEST} are needed before anything can be said.",))
    limits = ((troubled, TROUBLED, "troubled"), (corrected, CORRECTED, "corrected"))
    over = [f"{share} were {word}, which is more than {limit:.0%}." for share, limit, word in limits if share.interval[0] > limit]
    if recent.interval[0] > before.interval[1]:
        over.append(f"In the last {RECENT_DAYS} days {recent} were troubled, before that {before}.")
    if over:
        return Judged(Standing.NEEDS_PEOPLE, tuple(over))
    unshown = [
        f"{share} were {word}; that it is at most {limit:.0%} is not shown." for share, limit, word in limits if share.interval[1] > limit
    ]
    if unshown:
        return Judged(Standing.TOO_FEW, tuple(unshown))
    return Judged(Standing.STABLE, tuple(f"{share} were {word}, at most {limit:.0%}." for share, limit, word in limits))
