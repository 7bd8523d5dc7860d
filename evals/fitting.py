"""The weights of the signals, fitted to labelled fields: logistic regression with the priors as its mean.

Signals take few values, so fields that look the same are counted together; Newton's method on what is left takes milliseconds. With few
labels the weights stay near the priors (a normal distribution around each, `SPREAD` log-odds wide); no fit makes evidence count against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, fields

import numpy as np
from numpy.typing import NDArray

from signoff.domain.checks.signals import PRIORS, Signals, Weights, features
from signoff.domain.reading import Lane

Array = NDArray[np.float64]
SPREAD = 1.5
NAMES = tuple(f.name for f in fields(Weights))
FOR = ("proved", "labelled", "witness", "quality")
ROUNDS = 50


def fit(observations: Iterable[tuple[Signals, bool]]) -> Weights:
    """The most probable weights; the priors where nothing was observed."""
    counted: Counter[tuple[tuple[tuple[str, float], ...], bool]] = Counter()
    for seen, right in observations:
        if seen.lane is not Lane.PERSON:
            counted[features(_rounded(seen)), right] += 1
    if not counted:
        return PRIORS
    rows: Array = np.zeros((len(counted), len(NAMES)))
    for row, (told, _right) in enumerate(counted):
        for name, value in told:
            rows[row, NAMES.index(name)] += value
    labels: Array = np.array([float(right) for _, right in counted])
    return _named(_newton(rows, labels, np.array(list(counted.values()), dtype=float)))


def _rounded(seen: Signals) -> Signals:
    """Recognition quality to the percent, so that alike fields are counted together."""
    return seen if seen.quality is None else seen._replace(quality=round(seen.quality, 2))


def _newton(rows: Array, right: Array, counts: Array) -> Array:
    prior = np.array([getattr(PRIORS, name) for name in NAMES])
    precision = np.full(len(NAMES), 1 / SPREAD**2)
    weights = prior.copy()
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (counts * (right - p)) - precision * (weights - prior)
        curvature = (rows * (counts * p * (1 - p))[:, None]).T @ rows + np.diag(precision)
        step = np.clip(np.linalg.solve(curvature, gradient), -2, 2)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _named(weights: Array) -> Weights:
    told = {name: round(float(value), 6) for name, value in zip(NAMES, weights, strict=True)}
    told |= {name: max(told[name], 0.0) for name in FOR}
    return Weights(**(asdict(PRIORS) | told | {"not_grounded": min(told["not_grounded"], 0.0)}))
