"""`signoff calibrate`: from labelled readings to weights, and from labels that the weights never saw to a certificate."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from signoff.domain.autonomy import Calibration, Certificate, Point, lanes_of
from signoff.domain.checks.signals import Weights
from signoff.domain.guarantee import Drift, Labelled, Tested, capped, fewest, labels_needed, learn_then_test, tests
from signoff.domain.policy import AutonomyRules
from signoff.domain.reading import Verdict
from signoff.evals.fitting import fit
from signoff.evals.labels import Gathered, Label, observations, reread
from signoff.graph.autonomy import versions
from signoff.graph.services import Services

THRESHOLDS = 15
"""How many thresholds are tried, strictest first."""
STRICTEST = 0.4
"""The share of clear readings that the strictest of them lets pass."""


@dataclass(frozen=True)
class Outcome:
    """What a calibration came to; nothing of it is kept yet.

    `certificate` is nothing where no threshold could be shown to keep the promise; then `needed` says how many more labelled orders it
    probably takes.
    """

    gathered: Gathered
    calibration: Calibration
    tested: tuple[Labelled, ...]
    certificate: Certificate | None
    curve: tuple[Point, ...]
    needed: int


def calibrate(services: Services, gathered: Gathered, made_by: str, source: str, seed: int = 0) -> Outcome:
    """Fit on one half of the vendors, test on the other; `alpha` and `delta` are the policy's."""
    rules, now = services.policy.autonomy, services.clock()
    fitting, testing = halves(gathered.labels, seed)
    weights, fields = _fitted(fitting, services)
    calibration = Calibration(
        made_at=now, made_by=made_by, weights=weights, orders=len(fitting), fields=fields, vendors=len({x.vendor for x in fitting}),
        data_sha256=gathered.sha256,
    )  # fmt: skip
    weighed = replace(services, weights=weights)
    grid = thresholds([x.confidence for x in clear(fitting, weighed)])
    tested = capped(clear(testing, weighed), seed)
    curve = points(tested, grid, rules)
    shown = [point for point in curve if point.shown]
    certificate = _certificate(weighed, testing, tested, curve, (made_by, source, gathered.sha256)) if shown else None
    return Outcome(gathered, calibration, tuple(tested), certificate, curve, 0 if shown else needed(tested, len(gathered.labels), rules))


def halves(labels: Sequence[Label], seed: int) -> tuple[list[Label], list[Label]]:
    """One half of the vendors and the other, by a hash, so that no vendor's papers are in both."""
    parts: tuple[list[Label], list[Label]] = ([], [])
    for label in labels:
        parts[hashlib.sha256(f"{seed} {label.vendor}".encode()).digest()[0] % 2].append(label)
    return parts


def clear(labels: Sequence[Label], services: Services) -> list[Labelled]:
    """Those that could pass, with their confidence: no veto fired."""
    read = ((label, reread(label, services).reading) for label in labels)
    return [Labelled(r.confidence, bool(label.wrong), label.vendor) for label, r in read if r.verdict is Verdict.CLEAR]


def thresholds(confidences: Sequence[float]) -> list[float]:
    """Thresholds to try, fixed on the half that the weights were fitted to: from where few readings pass to where all do."""
    if not confidences:
        return []
    ordered = sorted(confidences, reverse=True)
    shares = (STRICTEST + (1 - STRICTEST) * i / (THRESHOLDS - 1) for i in range(THRESHOLDS))
    return sorted({ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in shares}, reverse=True)


def points(tested: Sequence[Labelled], grid: Sequence[float], rules: AutonomyRules) -> tuple[Point, ...]:
    """What each threshold did, and which of them the test reached."""
    shown = {t.threshold for t in learn_then_test(tested, grid, rules.alpha, rules.delta)}
    return tuple(_point(t, t.threshold in shown) for t in tests(tested, grid, rules.alpha))


def _point(t: Tested, shown: bool) -> Point:
    return Point(threshold=t.threshold, passed=t.n, errors=t.errors, p_value=round(t.p_value, 6), shown=shown)


def needed(tested: Sequence[Labelled], labels: int, rules: AutonomyRules) -> int:
    """How many more labelled orders it probably takes: only a part of them is clear, and in the half that is tested.

    As many again are named where errors stand in the way and not numbers.
    """
    more = labels_needed(tested, rules.alpha, rules.delta) or max(fewest(rules.alpha, rules.delta), len(tested))
    return math.ceil(more * labels / len(tested)) if tested else 2 * more


def _fitted(labels: Sequence[Label], services: Services) -> tuple[Weights, int]:
    seen = [each for label in labels for each in observations(label, services)]
    return fit(seen), len(seen)


def _certificate(
    services: Services, testing: Sequence[Label], tested: Sequence[Labelled], curve: tuple[Point, ...], told: tuple[str, str, str]
) -> Certificate:
    rules, now = services.policy.autonomy, services.clock()
    last = [point for point in curve if point.shown][-1]
    made_by, source, data = told
    return Certificate(
        made_at=now, made_by=made_by, expires_at=now + dt.timedelta(days=rules.days), alpha=rules.alpha, delta=rules.delta,
        orders=len(tested), vendors=len({x.vendor for x in tested}), passed=last.passed, errors=last.errors, threshold=last.threshold,
        lanes=tuple(sorted({lane for label in testing for lane in lanes_of(label.draft)})), versions=versions(services), source=source,
        data_sha256=data, curve=curve, drift=Drift(rules.alpha),
    )  # fmt: skip
