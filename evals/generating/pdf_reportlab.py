"""Pages as PDF by reportlab's flowing tables, in the fonts that every reader has."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.sheet import Cell, Grid

FONTS = {"sans": "Helvetica", "serif": "Times-Roman", "mono": "Courier"}
BOLD = {"sans": "Helvetica-Bold", "serif": "Times-Bold", "mono": "Courier-Bold"}
MARGIN = 45.0
GREY = Color(0.93, 0.93, 0.93)


def render(grids: list[Grid], layout: Layout) -> bytes:
    """The same bytes for the same grids."""
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN, invariant=1
    )
    flow = [part for grid in grids for part in (_table(grid, layout), Spacer(1, 10))]
    document.build(flow)
    return out.getvalue()


def _table(grid: Grid, layout: Layout) -> Table:
    width = A4[0] - 2 * MARGIN
    rows = [[_text(cell, layout) for cell in row] for row in grid.rows]
    table = Table(rows, colWidths=[width * share / 100 for share in grid.shares], repeatRows=grid.heads)
    table.setStyle(TableStyle(_rules(grid, layout)))
    return table


def _text(cell: Cell, layout: Layout) -> Paragraph:
    size = layout.size + 4 if cell.big else 3 if cell.hidden else layout.size - (1 if layout.font == "mono" else 0)
    style = ParagraphStyle(
        "cell",
        fontName=(BOLD if cell.bold else FONTS)[layout.font],
        fontSize=size,
        leading=size * 1.2,
        alignment=2 if cell.right else 0,
        textColor=white if cell.hidden else black,
    )
    return Paragraph(escape(cell.text).replace("\n", "<br/>"), style)


def _rules(grid: Grid, layout: Layout) -> list[tuple[object, ...]]:
    whole = ((0, 0), (-1, -1))
    looks: list[tuple[object, ...]] = [("VALIGN", *whole, layout.upright.upper()), ("TOPPADDING", *whole, 2), ("BOTTOMPADDING", *whole, 2)]
    looks += [("LEFTPADDING", *whole, 2), ("RIGHTPADDING", *whole, 2)]
    if grid.rules == "grid":
        looks.append(("GRID", *whole, 0.5, black))
    elif grid.rules == "lines":
        looks.append(("LINEBELOW", *whole, 0.3, black))
    elif grid.rules == "head":
        looks += [("LINEABOVE", (0, 0), (-1, 0), 0.8, black), ("LINEBELOW", (0, 0), (-1, 0), 0.8, black)]
    elif grid.rules == "banded":
        looks.append(("ROWBACKGROUNDS", (0, 1), (-1, -1), [GREY, white]))
    return looks
