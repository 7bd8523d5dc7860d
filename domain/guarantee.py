"""The mathematics of earned autonomy: a threshold with a guarantee, and a test that says when it no longer holds.

Of the orders whose confidence reaches the threshold at most `alpha` are wrong, with probability 1 - `delta`: Learn-then-Test with a
fixed sequence of exact binomial tests (Angelopoulos, Bates, Candès, Jordan, Lei: Learn then Test, 2021, arXiv:2110.01052, section 4).
It holds for orders like those that were labelled, drawn alike; many papers of one vendor are alike without being as many.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil, exp, lgamma, log, log1p

PER_VENDOR = 5
"""Papers of one vendor that count; more of them look like evidence and are not."""
START = 1.3
"""How many times the fewest orders that could pass a test the strictest threshold must select: with fewer the sequence would end there."""
ALARM = 20.0
"""The wealth at which an e-process stops: false alarms, ever, are at most 1 in 20 (Ville's inequality)."""
WORSE = (1.5, 2.0, 3.0, 5.0, 8.0)
"""How many times alpha the error rates are that the e-process bets on, in equal parts."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One order that a person has judged: its confidence (0..1), whether anything critical in it was wrong, and whose paper it is."""

    confidence: float
    wrong: bool
    vendor: str


@dataclass(frozen=True, slots=True)
class Tested:
    """A threshold of the sequence: orders at or above it, those of them that are wrong, and the p-value of `more than alpha are wrong`."""

    threshold: float
    n: int
    errors: int
    p_value: float


def binomial_cdf(errors: int, n: int, rate: float) -> float:
    """The probability of at most so many errors among n at this rate (0 < rate < 1)."""
    odds, rest = log(rate), log1p(-rate)
    terms = (lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * odds + (n - k) * rest for k in range(min(errors, n) + 1))
    return min(1.0, sum(exp(t) for t in terms))


def fewest(alpha: float, delta: float) -> int:
    """How many orders without a single error it takes at least to show that at most alpha are wrong."""
    return ceil(log(delta) / log1p(-alpha))


def capped(labelled: Iterable[Labelled], seed: int, most: int = PER_VENDOR) -> list[Labelled]:
    """At most so many papers of each vendor, drawn by the seed without a look at their labels."""
    by_vendor: dict[str, list[Labelled]] = defaultdict(list)
    for each in labelled:
        by_vendor[each.vendor].append(each)
    draw = random.Random(seed)
    return [one for vendor in sorted(by_vendor) for one in draw.sample(by_vendor[vendor], min(most, len(by_vendor[vendor])))]


def learn_then_test(labelled: Sequence[Labelled], grid: Iterable[float], alpha: float, delta: float) -> list[Tested]:
    """The thresholds that passed, strictest first; the last is the one to use, and none means that none is shown.

    `grid` and the confidences must have been fixed before these labels were seen.
    """
    least = START * log(delta) / log1p(-alpha)
    enough = (each for each in tests(labelled, grid, alpha) if each.n >= least)
    return list(takewhile(lambda each: each.p_value <= delta, enough))


def tests(labelled: Sequence[Labelled], grid: Iterable[float], alpha: float) -> Iterator[Tested]:
    """Each threshold by itself, strictest first."""
    for threshold in sorted(set(grid), reverse=True):
        chosen = [each for each in labelled if each.confidence >= threshold]
        errors = sum(each.wrong for each in chosen)
        yield Tested(threshold, len(chosen), errors, binomial_cdf(errors, len(chosen), alpha))


def labels_needed(labelled: Sequence[Labelled], alpha: float, delta: float) -> int:
    """How many more labelled orders it probably takes until a threshold at half of the orders could pass, without errors among them."""
    chosen = len(labelled) // 2
    return max(0, 2 * (ceil(START * fewest(alpha, delta)) - chosen))


@dataclass(frozen=True, slots=True)
class Drift:
    """An e-process on audits of what passed: grows when more than alpha are wrong, and may be looked at after every audit.

    `wealth` has one entry for each of `WORSE` (Ramdas, Grünwald, Vovk, Shafer: Game-theoretic statistics, 2023, arXiv:2210.01948).
    """

    alpha: float
    wealth: tuple[float, ...] = (1.0,) * len(WORSE)
    audits: int = 0
    errors: int = 0

    @property
    def e_value(self) -> float:
        return sum(self.wealth) / len(self.wealth)

    @property
    def alarm(self) -> bool:
        """Whether what was certified no longer holds."""
        return self.e_value >= ALARM

    def audited(self, wrong: bool) -> Drift:
        """The process after one more audit."""
        rates = [min(factor * self.alpha, 0.9) for factor in WORSE]
        grown = tuple(w * (r / self.alpha if wrong else (1 - r) / (1 - self.alpha)) for w, r in zip(self.wealth, rates, strict=True))
        return Drift(self.alpha, grown, self.audits + 1, self.errors + wrong)
