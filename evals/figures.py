"""All figures of a run from its orders: reading, confidence, findings, routing, end state, and the other two worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from signoff.evals import baseline
from signoff.evals.measured import Measured, cell_counts, f1, header_counts
from signoff.evals.statistics import Counts, auroc, clustered, wilson

if TYPE_CHECKING:
    from signoff.evals.calibrating import Outcome

Rows = Sequence[Measured]
Figure = Callable[[Rows], float | None]
PICTURES = frozenset({"png", "jpg", "jpeg", "tif", "tiff", "bmp", "gif", "webp"})
NAIVE = 0.8
"""The confidence beyond which a simple rule would let pass."""
COVERAGE = 0.8
BINS = 10
FEWER = (("errors", "alone"), ("touches", "hand"), ("looks", "hand"), ("minutes", "hand"))
"""What is compared, and with which of the other worlds."""


def figures(rows: Rows, calibrated: Outcome | None = None) -> dict[str, Any]:
    """Plain data, as `figures.json` holds it; shares with their counts and 95 % intervals."""
    orders, besides = [r for r in rows if r.there], [r for r in rows if not r.there]
    found: dict[str, Any] = {
        "orders": len(orders), "papers": len({r.paper for r in rows}), "vendors": len({r.vendor for r in orders}),
        "reading": reading(orders), "by_format": {name: reading(own) for name, own in _by(orders, lambda r: r.format)},
        "look_alikes": {"papers": len(besides), "taken": sum(r.read for r in besides)},
        "confidence": confidence(rows), "passing": passing(rows),
    }  # fmt: skip
    if any(r.expected for r in orders):
        found |= {"findings": findings(rows), "routing": routing(rows), "end": end_state(rows), "worlds": worlds(rows)}
    found["spent"] = {
        "model_calls": sum(r.model_calls for r in rows), "cost": sum(float(r.cost) for r in rows),
        "ms": sorted(r.duration_ms for r in rows)[len(rows) // 2] if rows else 0,
    }  # fmt: skip
    if calibrated:
        found["certificate"] = _certificate(calibrated)
    return found


def _by(rows: Rows, key: Callable[[Measured], str]) -> Iterable[tuple[str, Rows]]:
    names = sorted({key(r) or "not read" for r in rows})
    return [(name, [r for r in rows if (key(r) or "not read") == name]) for name in names]


def share(right: int, n: int) -> dict[str, Any]:
    """A share with what it was counted of, and Wilson's interval."""
    return {"n": n, "of": right, "share": right / n if n else None, "interval": wilson(right, n)}


def over(rows: Rows, figure: Figure) -> dict[str, Any]:
    """A figure that is made of fields or lines, with an interval over vendors drawn anew."""
    return {"value": figure(rows), "interval": clustered(rows, lambda r: r.vendor, figure), "clusters": len({r.vendor for r in rows})}


def header_f1(rows: Rows) -> float | None:
    return f1(header_counts(rows).values())


def line_f1(rows: Rows) -> float | None:
    return f1(cell_counts(rows).values())


def line_orders(rows: Rows) -> float | None:
    """The mean over orders of how many cells of their lines agree."""
    own = [found if (found := f1(r.cells.values())) is not None else 1.0 for r in rows]
    return sum(own) / len(own) if own else None


def reading(rows: Rows) -> dict[str, Any]:
    """How well orders are read, and how many are clear; a clear one with a wrong critical field is a false pass."""
    clear = [r for r in rows if r.clear]
    return {
        "orders": len(rows), "read": share(sum(r.read for r in rows), len(rows)),
        "header_f1": over(rows, header_f1), "line_f1": over(rows, line_f1),
        "line_orders": over(rows, line_orders), "exact": share(sum(r.right for r in rows), len(rows)),
        "clear": share(len(clear), len(rows)), "false_pass": share(sum(not r.right for r in clear), len(clear)),
        "fields": header_counts(rows), "cells": cell_counts(rows),
    }  # fmt: skip


def scored(rows: Iterable[Measured]) -> list[tuple[float, bool]]:
    """The document's score and whether it was right: what was read by a lane that searches. Vetoes come before confidence."""
    return [(_score(r), r.right) for r in rows if r.read and r.lane != "structured" and r.confidence is not None]


def _score(row: Measured) -> float:
    return (row.confidence or 0.0) + (1.0 if row.clear else 0.0)


def has_text(row: Measured) -> bool:
    """Whether its words stood in the file; pictures and scans have been recognised."""
    return row.lane != "ocr" and row.format not in PICTURES


def confidence(rows: Rows) -> dict[str, Any]:
    """How well the score tells right from wrong, by lane and format; and how right the best of them are."""
    mine = [r for r in rows if r.read and r.lane != "structured" and r.confidence is not None]
    text = sorted(scored(r for r in mine if has_text(r)), key=lambda s: -s[0])
    kept = text[: round(COVERAGE * len(text))]
    return {
        "n": len(mine), "auroc": over(mine, lambda own: auroc(scored(own))),
        "auroc_of_confidence_alone": auroc([(r.confidence or 0, r.right) for r in mine]),
        "by_lane": {name: auroc(scored(own)) for name, own in _by(mine, lambda r: r.lane or "")},
        "by_format": {name: auroc(scored(own)) for name, own in _by(mine, lambda r: r.format)},
        "at_coverage": share(sum(ok for _, ok in kept), len(kept)) | {"coverage": COVERAGE},
        "bins": bins(mine), "ece": _ece(mine), "curve": curve(scored(mine)),
    }  # fmt: skip


def bins(rows: Rows) -> list[dict[str, Any]]:
    """Orders by confidence, in ten equal bins: how many, their mean confidence, and how many were right."""
    made = []
    for n in range(BINS):
        own = [r for r in rows if min(BINS - 1, int((r.confidence or 0) * BINS)) == n]
        mean = sum(r.confidence or 0 for r in own) / len(own) if own else None
        made.append({"from": n / BINS, "n": len(own), "confidence": mean, "right": sum(r.right for r in own)})
    return made


def _ece(rows: Rows) -> float | None:
    """Expected calibration error over the bins that hold anything; it says little without the AUROC beside it."""
    if not rows:
        return None
    return float(sum(b["n"] * abs(b["right"] / b["n"] - b["confidence"]) for b in bins(rows) if b["n"]) / len(rows))


def curve(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Coverage and the share of errors in it, the surest first; at most 200 points."""
    ordered, errors, points = sorted(pairs, key=lambda s: -s[0]), 0, []
    for n, (_, ok) in enumerate(ordered, 1):
        errors += not ok
        points.append((n / len(ordered), errors / n))
    return points[:: max(1, len(points) // 200)]


def passing(rows: Rows) -> dict[str, Any]:
    """What would pass without a person by each rule, and how much of it is wrong: ours, and two that anybody would try."""
    read = [r for r in rows if r.read]
    rules: dict[str, Callable[[Measured], bool]] = {
        "clear": lambda r: r.clear,
        "structured, or certified": lambda r: r.clear and (r.lane == "structured" or r.certified),
        f"confidence > {NAIVE}": lambda r: (r.confidence or 0) > NAIVE,
        "all fields present, sums right": lambda r: r.complete,
    }
    return {name: _passed([r for r in read if rule(r)], rows) for name, rule in rules.items()}


def _passed(passed: Rows, rows: Rows) -> dict[str, Any]:
    return {"passed": share(len(passed), len(rows)), "false": share(sum(not r.right for r in passed), len(passed))}


def findings(rows: Rows) -> dict[str, Any]:
    """By code: how often it was expected and found. Codes of the reading's own doubt are not counted, a dataset does not say them."""
    told = [r for r in rows if r.expected_findings is not None]
    codes = sorted({c for r in told for c in r.expected_findings or ()})
    return {c: _code([(c in r.findings, c in (r.expected_findings or ())) for r in told if r.read]) for c in codes}


def _code(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    both, found, there = sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs)
    counts = Counts(both, found - both, both, there - both)
    return {"expected": there, "found": found, "right": both, "precision": counts.precision, "recall": counts.recall}


def routing(rows: Rows) -> dict[str, Any]:
    """What became of orders at first against what was expected."""
    told = [r for r in rows if r.expected]
    confusion = Counter((str(r.expected), r.outcome) for r in told)
    return {
        "same": share(sum(r.expected == r.outcome for r in told), len(told)),
        "confusion": [{"expected": a, "got": b, "orders": n} for (a, b), n in sorted(confusion.items())],
        "passed_unexpected": share(sum(r.outcome == "posted_unseen" and r.expected != "posted_unseen" for r in told), len(told)),
    }


def end_state(rows: Rows) -> dict[str, Any]:
    """Whether the ERP holds what it should in the end."""
    told = [r for r in rows if r.expected_end]
    same = [r for r in told if _ended(r)]
    return {
        "same": share(len(same), len(told)),
        "missing": sum(bool((r.expected_end or {}).get("posted")) and not r.end.get("posted") for r in told),
        "too_many": sum(not (r.expected_end or {}).get("posted") and bool(r.end.get("posted")) for r in told),
        "waiting": sum(r.status in ("needs_review", "needs_approval", "on_hold") and not r.end for r in told),
    }


def _ended(row: Measured) -> bool:
    wanted = row.expected_end or {}
    if bool(wanted.get("posted")) != bool(row.end.get("posted")):
        return False
    return not wanted.get("posted") or wanted.get("vendor") == row.end.get("vendor")


def worlds(rows: Rows) -> dict[str, Any]:
    """Signoff beside automation alone and people alone, with intervals over vendors."""
    each = [baseline.signoff(rows), baseline.alone(rows), baseline.by_hand(rows)]
    fewer = {k: partial(baseline.fewer, ours=k, theirs=v) for k, v in FEWER}
    return {
        "each": [{k: getattr(w, k) for k in ("name", "orders", "posted", "errors", "touches", "looks", "minutes")} for w in each],
        "fewer": {name: over(rows, figure) for name, figure in fewer.items()},
        "minutes": baseline.MINUTES,
    }


def _certificate(outcome: Outcome) -> dict[str, Any]:
    made = outcome.certificate
    return {
        "labels": len(outcome.gathered.labels), "left_out": outcome.gathered.left_out, "tested": len(outcome.tested),
        "needed": outcome.needed, "issued": made is not None, "threshold": made.threshold if made else None,
        "alpha": made.alpha if made else None,
        "delta": made.delta if made else None, "errors": made.errors if made else None, "passed": made.passed if made else None,
        "curve": [point.model_dump() for point in outcome.curve],
    }  # fmt: skip
