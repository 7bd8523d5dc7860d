"""What speaks for a field and against it: the signals that verification sees, and what each weighs.

A field's confidence is logistic regression over these signals (the sum of log-odds, then the logistic function). The weights are
priors, not a measurement: until labelled cases allow a fit they only order readings and hold weak ones back. In odds: a
label that names the value trebles them, so does nearly every witness; an identity that ties the value to others read independently
makes them ten times as good; a text that does not say the value takes almost all away.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf
from typing import NamedTuple

from signoff.domain.reading import Evidence, Lane, Witness

LANE = {
    Lane.STRUCTURED: 4.6,
    Lane.TABULAR: 2.6,
    Lane.LAYOUT: 1.1,
    Lane.OCR: 0.4,
    Lane.AGENT: 0.0,
    Lane.PERSON: inf,
}
"""Log-odds that a field of this lane is right when nothing else is known: 0.99, 0.93, 0.75, 0.60, 0.50, and 1."""
NOT_GROUNDED, PROVED, LABELLED, WITNESS = -5.0, 2.3, 1.1, 1.4
QUALITY, USUAL_QUALITY = 8.0, 0.95
"""The weight of recognition quality above or below what is usual on a good scan."""
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
def confidence(seen: Signals) -> float:
    """The probability that the field is right."""
    odds = LANE[seen.lane] + WITNESS * seen.witnesses
    odds += (PROVED if seen.proved and seen.grounded else 0.0) + (LABELLED if seen.labelled else 0.0)
    odds += 0.0 if seen.grounded else NOT_GROUNDED
    odds += 0.0 if seen.quality is None else QUALITY * (seen.quality - USUAL_QUALITY)
    return round(1 / (1 + exp(-odds)), 6)
