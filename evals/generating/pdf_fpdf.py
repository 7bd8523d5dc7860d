"""Pages as PDF by fpdf2's tables, in the core fonts."""

from __future__ import annotations

import datetime as dt

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, TableCellFillMode

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.sheet import Cell, Grid

FONTS = {"sans": "helvetica", "serif": "times", "mono": "courier"}
BORDERS = {
    "grid": TableBordersLayout.ALL,
    "lines": TableBordersLayout.HORIZONTAL_LINES,
    "head": TableBordersLayout.SINGLE_TOP_LINE,
}
DAY = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)


def render(grids: list[Grid], layout: Layout) -> bytes:
    """The same bytes for the same grids."""
    page = FPDF(format="A4")
    page.set_creation_date(DAY)
    page.set_auto_page_break(True, 18)
    page.add_page()
    for grid in grids:
        page.set_font(FONTS[layout.font], size=layout.size)
        _table(page, grid, layout)
        page.ln(3)
    return bytes(page.output())


def _table(page: FPDF, grid: Grid, layout: Layout) -> None:
    looks = {
        "borders_layout": BORDERS.get(grid.rules, TableBordersLayout.NONE),
        "num_heading_rows": grid.heads,
        "first_row_as_headings": bool(grid.heads),
    }
    if grid.rules == "banded":
        looks |= {"cell_fill_color": 235, "cell_fill_mode": TableCellFillMode.ROWS}
    plain = FontFace(emphasis="BOLD")
    with page.table(col_widths=grid.shares, line_height=layout.size * 0.5, padding=0.6, headings_style=plain, **looks) as table:
        for row in grid.rows:
            made = table.row()
            for cell in row:
                made.cell(_latin(cell.text), align="R" if cell.right else "L", style=_face(cell, layout), v_align=layout.upright.upper())


def _latin(text: str) -> str:
    """The core fonts know the letters of western Europe."""
    return text.replace("€", "EUR").encode("latin-1", "replace").decode("latin-1")


def _face(cell: Cell, layout: Layout) -> FontFace:
    size = layout.size + 4 if cell.big else 2 if cell.hidden else layout.size
    return FontFace(emphasis="BOLD" if cell.bold else None, size_pt=size, color=(255, 255, 255) if cell.hidden else None)
