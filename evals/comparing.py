"""Two runs over the same papers, order by order: what is better, what is worse, and what cannot be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signoff.domain.errors import BadInput
from signoff.evals.statistics import Interval, clustered

Row = dict[str, Any]
Pair = tuple[Row, Row]
MEASURES: dict[str, Callable[[Row], float]] = {
    "orders read right": lambda r: float(r["there"] and not r["wrong"]),
    "orders clear": lambda r: float(r["verdict"] == "clear"),
    "false passes": lambda r: float(r["verdict"] == "clear" and bool(r["wrong"])),
    "lines right": lambda r: 2 * r["exact_lines"] / ((r["read_lines"] + r["there_lines"]) or 1),
    "as expected at first": lambda r: float(r["expected"] is None or r["expected"] == r["outcome"]),
    "touches": lambda r: float(sum(r["touches"].values())),
}
LESS_IS_BETTER = frozenset({"false passes", "touches"})


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of one figure in both runs, and of their differences with its 95 % interval over vendors."""

    name: str
    before: float
    after: float
    interval: Interval | None

    @property
    def verdict(self) -> str:
        """`better` or `worse` where the interval leaves out zero, else `not distinguishable`."""
        if self.interval is None or self.interval[0] <= 0 <= self.interval[1]:
            return "not distinguishable"
        return "better" if (self.after > self.before) != (self.name in LESS_IS_BETTER) else "worse"


def orders(run: Path) -> dict[tuple[str, int], Row]:
    """The orders of a run's folder. Raises `BadInput` where there is none."""
    path = run / "orders.jsonl"
    if not path.is_file():
        raise BadInput(f"{run} is no run; it needs orders.jsonl, which signoff eval run writes.")
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {(row["paper"], row["order"]): row for row in rows}


def paired(before: Path, after: Path) -> list[Pair]:
    """The orders that stand in both runs. Raises `BadInput` where there are none."""
    one, other = orders(before), orders(after)
    pairs = [(one[key], other[key]) for key in sorted(one.keys() & other.keys())]
    if not pairs:
        raise BadInput(f"{before} and {after} have no order in common; compare runs over the same dataset.")
    return pairs


def differences(pairs: Sequence[Pair]) -> Iterator[Difference]:
    """Each measure over the pairs."""
    for name, of in MEASURES.items():

        def difference(own: Sequence[Pair], of: Callable[[Row], float] = of) -> float:
            return sum(of(b) - of(a) for a, b in own) / len(own)

        before, after = (sum(of(pair[side]) for pair in pairs) / len(pairs) for side in (0, 1))
        yield Difference(name, before, after, clustered(pairs, lambda pair: str(pair[0]["vendor"]), difference))


def changed(pairs: Sequence[Pair]) -> list[tuple[str, str, str]]:
    """The papers of which an order is right in one run only: the paper, and what was wrong before and is now."""
    return [(a["paper"], ", ".join(a["wrong"]), ", ".join(b["wrong"])) for a, b in pairs if bool(a["wrong"]) != bool(b["wrong"])]
