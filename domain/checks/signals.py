"""What speaks for a field and against it: the signals that verification sees, and what each weighs.

A field's confidence is logistic regression over these signals (the sum of log-odds, then the logistic function). The weights are
priors until `signoff calibrate` has fitted them to labelled readings: they order readings and hold weak ones back. In odds: a
label that names the value trebles them, so does nearly every witness; an identity that ties the value to others read independently
makes them ten times as good; a text that does not say the value takes almost all away.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import exp
from typing import NamedTuple

from signoff.domain.reading import Evidence, Lane, Witness


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds. Those of a lane hold when nothing else is known: as priors 0.99, 0.93, 0.75, 0.60 and 0.50; what a person wrote is certain.

    `quality` is for recognition quality (0..1) above or below what is usual on a good scan.
    """

    structured: float = 4.6
    tabular: float = 2.6
    layout: float = 1.1
    ocr: float = 0.4
    agent: float = 0.0
    not_grounded: float = -5.0
    proved: float = 2.3
    labelled: float = 1.1
    witness: float = 1.4
    quality: float = 8.0

    @property
    def text(self) -> str:
        """As they are kept: JSON with sorted names."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


PRIORS = Weights()
USUAL_QUALITY = 0.95
SELF_NAMING = frozenset({"/currency"})
"""Kinds whose text says itself what it is: an ISO 4217 code or a currency sign needs no label."""


class Signals(NamedTuple):
    """What is known about one field. `witnesses`: how many independent places say the same; `quality`: of the recognised text."""

    lane: Lane
    grounded: bool
    proved: bool
    labelled: bool = False
    witnesses: int = 0
    quality: float | None = None


def signals(kind: str, lane: Lane, evidence: Evidence | None, witnesses: tuple[Witness, ...], *, grounded: bool, proved: bool) -> Signals:
    """The signals of a field of this kind."""
    labelled = evidence is not None and (bool(evidence.label) or kind in SELF_NAMING)
    return Signals(lane, grounded, proved, labelled, len(witnesses), evidence.quality if evidence else None)


@lru_cache(maxsize=4096)
def confidence(seen: Signals, weights: Weights = PRIORS) -> float:
    """The probability that the field is right."""
    if seen.lane is Lane.PERSON:
        return 1.0 if seen.grounded else 0.0
    odds = sum(getattr(weights, name) * value for name, value in features(seen))
    return round(1 / (1 + exp(-odds)), 6)


def features(seen: Signals) -> tuple[tuple[str, float], ...]:
    """What of the weights counts for a field, and how much of each."""
    quality = 0.0 if seen.quality is None else seen.quality - USUAL_QUALITY
    told = (
        ("not_grounded", not seen.grounded), ("proved", seen.proved and seen.grounded), ("labelled", seen.labelled),
        ("witness", seen.witnesses), ("quality", quality),
    )  # fmt: skip
    return ((seen.lane.value, 1.0), *((name, float(value)) for name, value in told if value))
