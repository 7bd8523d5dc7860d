"""Two runs over the same papers, order by order: what is better, what is worse, and what cannot be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signoff.domain.errors import BadInput
from signoff.evals.statistics import Interval, clustered

Row = dict[str, Any]
Pair = tuple[Row, Row]
Key = tuple[str, int]
ON_PAPER: dict[str, Callable[[Row], float]] = {
    "read right": lambda r: float(not r["wrong"]),
    "lines right": lambda r: 2 * r["exact_lines"] / ((r["read_lines"] + r["there_lines"]) or 1),
    "as expected at first": lambda r: float(r["expected"] is None or r["expected"] == r["outcome"]),
}
"""What is asked of orders that are on the papers."""
OF_ALL: dict[str, Callable[[Row], float]] = {
    "clear": lambda r: float(r["verdict"] == "clear"),
    "clear and wrong": lambda r: float(r["verdict"] == "clear" and bool(r["wrong"])),
    "touches": lambda r: float(sum(r["touches"].values())),
}
"""What is asked of those, too, that were taken from a paper that does not hold them."""
LESS_IS_BETTER = frozenset({"clear and wrong", "touches"})


@dataclass(frozen=True, slots=True)
class Run:
    """A run's folder: what it was run over, and its orders by paper and place."""

    folder: Path
    dataset: Mapping[str, Any]
    orders: Mapping[Key, Row]


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of one figure over `orders` in both runs, and of their differences with its 95 % interval over vendors."""

    name: str
    orders: int
    vendors: int
    before: float
    after: float
    interval: Interval | None

    @property
    def verdict(self) -> str:
        """`better` or `worse` where the interval leaves out zero, `same` where nothing differs, else `not distinguishable`."""
        if self.interval == (0, 0):
            return "same"
        if self.interval is None or self.interval[0] <= 0 <= self.interval[1]:
            return "not distinguishable"
        return "better" if (self.after > self.before) != (self.name in LESS_IS_BETTER) else "worse"


@dataclass(frozen=True, slots=True)
class Changed:
    """An order with another end than before: what was wrong with it and what became of it at first, in both runs."""

    paper: str
    order: int
    before: tuple[str, str]
    after: tuple[str, str]


def load(folder: Path) -> Run:
    """A run. Raises `BadInput` where there is none."""
    orders, figures = folder / "orders.jsonl", folder / "figures.json"
    if not orders.is_file() or not figures.is_file():
        raise BadInput(f"{folder} is no run; it needs orders.jsonl and figures.json, which signoff eval run writes.")
    rows = map(json.loads, orders.read_text(encoding="utf-8").splitlines())
    dataset = json.loads(figures.read_text(encoding="utf-8"))["dataset"]
    return Run(folder, dataset, {(row["paper"], row["order"]): row for row in rows})


def paired(before: Run, after: Run) -> list[Pair]:
    """The orders of both runs; one that only one of them took, from a paper that does not hold it, is put beside nothing.

    Raises `BadInput` where the papers, or the truth beside them, are not the same.
    """
    if before.dataset != after.dataset:
        raise BadInput(f"The runs are over {_named(before)} and {_named(after)}; compare runs over the same papers and truth.")
    keys = sorted(before.orders.keys() | after.orders.keys())
    return [(before.orders.get(key) or _nothing(after.orders[key]), after.orders.get(key) or _nothing(before.orders[key])) for key in keys]


def _named(run: Run) -> str:
    return f"{run.dataset['name']} ({run.dataset['papers']} papers, {run.dataset['sha256'][:12]})"


def _nothing(other: Row) -> Row:
    """What stands beside an order that the other run alone has."""
    return other | {"outcome": "", "verdict": None, "wrong": [], "touches": {}, "exact_lines": 0, "read_lines": 0}


def differences(pairs: Sequence[Pair]) -> Iterator[Difference]:
    """Each measure over the pairs."""
    on_paper = [pair for pair in pairs if pair[0]["there"]]
    for measures, own in ((ON_PAPER, on_paper), (OF_ALL, pairs)):
        for name, of in measures.items():
            yield _difference(name, of, own)


def _difference(name: str, of: Callable[[Row], float], pairs: Sequence[Pair]) -> Difference:
    def mean(own: Sequence[Pair]) -> float | None:
        return sum(of(b) - of(a) for a, b in own) / len(own) if own else None

    before, after = (sum(of(pair[side]) for pair in pairs) / (len(pairs) or 1) for side in (0, 1))
    vendors = {str(pair[0]["vendor"]) for pair in pairs}
    return Difference(name, len(pairs), len(vendors), before, after, clustered(pairs, lambda pair: str(pair[0]["vendor"]), mean))


def changed(pairs: Sequence[Pair]) -> list[Changed]:
    """The orders of which something else is wrong, or of which something else became at first."""
    return [Changed(a["paper"], a["order"], _end(a), _end(b)) for a, b in pairs if _end(a) != _end(b)]


def _end(row: Row) -> tuple[str, str]:
    return ", ".join(row["wrong"]), row["outcome"]
