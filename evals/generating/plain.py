"""Pages as plain text of fixed width."""

from __future__ import annotations

from itertools import zip_longest

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.sheet import Cell, Grid

WIDTH = 118


def render(grids: list[Grid], layout: Layout) -> bytes:
    return text(grids, layout).encode()


def text(grids: list[Grid], layout: Layout) -> str:
    """Columns of characters; a table's head is underlined where the layout rules its tables."""
    return "\n\n".join("\n".join(_grid(grid)) for grid in grids) + "\n"


def _grid(grid: Grid) -> list[str]:
    widths = _widths(grid)
    lines: list[str] = []
    for n, row in enumerate(grid.rows):
        lines += _row(row, widths)
        if n + 1 == grid.heads and grid.rules != "none":
            lines.append("-" * (sum(widths) + 2 * len(widths) - 2))
    return lines


def _widths(grid: Grid) -> list[int]:
    """The share of the page, and more where a cell needs it."""
    needed = [max(len(part) for row in grid.rows for part in row[n].text.split("\n")) for n in range(len(grid.shares))]
    return [max(int(WIDTH * share / 100) - 2, need) for share, need in zip(grid.shares, needed, strict=True)]


def _row(row: tuple[Cell, ...], widths: list[int]) -> list[str]:
    parts = [cell.text.split("\n") for cell in row]
    return [
        "  ".join(f"{part:>{w}}" if cell.right else f"{part:<{w}}" for part, cell, w in zip(each, row, widths, strict=True)).rstrip()
        for each in zip_longest(*parts, fillvalue="")
    ]
