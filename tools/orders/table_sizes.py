"""Sizes as columns: one row orders an item in several sizes (S, M, L or 36, 38, 40), a quantity under each."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from decimal import Decimal
from itertools import pairwise

from signoff.tools.orders.cells import Grid

_SIZE = re.compile(r"\d?X{0,4}[SML]|X{2,4}L|[SML]/[SML]|\d{1,3}(?:[.,]5)?(?:[/-]\d{1,3})?[A-Z]{0,2}|TU|OS|UNI", re.IGNORECASE)
_LEAST, _LONGEST, _SAMPLE = 3, 7, 30


def size_names(grid: Grid, row: int) -> tuple[int, ...]:
    """The columns of a row that stand beside each other and hold names of sizes: three or more, numbers among them ascending."""
    best: tuple[int, ...] = ()
    run: list[int] = []
    for column in [*grid.filled(row), -1]:
        text = grid.text((row, column)) if column >= 0 else ""
        fits = 0 < len(text) <= _LONGEST and bool(_SIZE.fullmatch(text))
        if not fits or (run and column != run[-1] + 1):
            best = max(best, tuple(run), key=len) if _ascending(grid, row, run) else best
            run = []
        if fits:
            run.append(column)
    return best


def _ascending(grid: Grid, row: int, run: list[int]) -> bool:
    values = [v for c in run if (v := grid.number((row, c))) is not None]
    return len(run) >= _LEAST and all(a < b for a, b in pairwise(values))


def size_columns(grid: Grid, heading: int, roles: dict[int, str], body: Iterable[int]) -> tuple[int, ...]:
    """The columns of sizes under a heading row: nothing but numbers, which make up the row's quantity where one is printed."""
    named = size_names(grid, heading)
    rows = [r for r in body if any(grid.text((r, c)) for c in named) and len(grid.filled(r)) > 1][:_SAMPLE]
    if not rows or any(grid.text((r, c)) and grid.number((r, c)) is None for r in rows for c in named):
        return ()
    totals = [c for c, role in roles.items() if role == "quantity" and c not in named]
    return named if not totals or any(_adds_up(grid, c, named, rows) for c in totals) else ()


def _adds_up(grid: Grid, total: int, sizes: Container[int], rows: Iterable[int]) -> bool:
    stated = [
        (sum((grid.number((r, c)) or Decimal(0) for c in grid.filled(r) if c in sizes), Decimal(0)), grid.number((r, total))) for r in rows
    ]
    return all(total is None or made == total for made, total in stated)
