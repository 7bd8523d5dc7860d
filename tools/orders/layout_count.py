"""How many rows a line table prints, counted from its lines of text without the reading of rows.

Where rows are numbered (1, 2, 3 or 10, 20, 30) the numbers count them: a row that was lost leaves its number. Else the lines count that end
in a figure flush with most others and hold another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from signoff.tools.orders.layout_cells import Line, amount
from signoff.tools.orders.layout_figures import MARKS, figure
from signoff.tools.orders.layout_table import Table, is_total

FLUSH = 2.5
LONGEST = 5
"""Digits of a line number at most."""


def numbered(body: Sequence[Line], table: Table) -> int | None:
    """How many line numbers follow each other at the left of the table; none when its rows are not numbered."""
    column = next((c for c in table.columns if c.role == "line_number"), None)
    words = [line.words[0] for line in body if column is not None or _figures(line) > 2]
    first = [(w.left, w.right, int(t)) for w in words if (t := w.text.rstrip(".")).isdigit() and len(t) <= LONGEST]
    if column is not None:
        first = [f for f in first if column.left <= (f[0] + f[1]) / 2 < column.right]
    run = _run(_flush(first))
    steps = Counter(b - a for a, b in pairwise(run))
    if column is None and (len(run) < 2 or steps.most_common(1)[0][0] not in (1, 10)):
        return None
    return len(run) or None


def _flush(found: Sequence[tuple[float, float, int]]) -> list[int]:
    """The numbers whose left or right edges are those of most."""
    if not found:
        return []
    lefts, rights = (Counter(round(f[side]) for f in found).most_common(1)[0] for side in (0, 1))
    side, edge = (0, lefts[0]) if lefts[1] >= rights[1] else (1, rights[0])
    return [f[2] for f in found if abs(f[side] - edge) <= FLUSH]


def _run(numbers: Sequence[int]) -> list[int]:
    """The numbers that rise from the first one, none more than ten steps at once."""
    run = list(numbers[:1])
    step = next((b - a for a, b in pairwise(numbers) if b > a), 1)
    for n in numbers[1:]:
        if run[-1] < n <= run[-1] + 10 * step:
            run.append(n)
    return run


def rows_with_figures(body: Sequence[Line], total: Decimal) -> int:
    """How many lines hold two figures or more, the last flush right with that of most others and no total of them."""
    ends = [line.cells[-1] for line in body if figure(line.cells[-1].text) and _figures(line) > 1 and not is_total(line)]
    edge = most(c.right for c in ends)
    flush = [c for c in ends if edge is not None and abs(c.right - edge) <= FLUSH]
    return len(flush) if len(flush) < 2 else sum(not _is(c.text, total) for c in flush)


def zeros(body: Sequence[Line], edge: float) -> int:
    """How many lines with two figures or more hold one, flush right at `edge`, that is nothing: free of charge."""
    return sum(any(abs(c.right - edge) <= FLUSH and _is(c.text, Decimal(0)) for c in line.cells) for line in body if _figures(line) > 1)


def most(edges: Iterable[float]) -> float | None:
    """The edge that most share, in whole points."""
    found = Counter(round(e) for e in edges)
    return float(found.most_common(1)[0][0]) if found else None


def _figures(line: Line) -> int:
    return sum(figure(c.text, "quantity") for c in line.cells)


def _is(text: str, value: Decimal) -> bool:
    return any(amount(text, mark) == value for mark in MARKS)
