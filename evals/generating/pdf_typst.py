"""Pages as PDF by Typst, in the fonts that it carries."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.sheet import Cell, Grid

FONTS = {"sans": "New Computer Modern", "serif": "Libertinus Serif", "mono": "DejaVu Sans Mono"}
TEMPLATE = Path(__file__).with_name("pages.typ")


@lru_cache(1)
def _compiler() -> Any:
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), ignore_system_fonts=True)


def render(grids: list[Grid], layout: Layout) -> bytes:
    """The same bytes for the same grids."""
    data = {"font": FONTS[layout.font], "size": layout.size, "upright": layout.upright, "grids": [_grid(g) for g in grids]}
    made: bytes = _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data)})
    return made


def _grid(grid: Grid) -> dict[str, Any]:
    return {"shares": grid.shares, "rules": grid.rules, "heads": grid.heads, "rows": [[_cell(c) for c in row] for row in grid.rows]}


def _cell(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "right": cell.right, "bold": cell.bold, "big": cell.big, "hidden": cell.hidden}
