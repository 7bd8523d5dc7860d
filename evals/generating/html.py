"""Pages as HTML tables, as portals and mail programs send them."""

from __future__ import annotations

from html import escape

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.sheet import Cell, Grid

STYLE = (
    "body{{font-family:{font};font-size:{size}pt}}table{{width:100%;border-collapse:collapse;margin-bottom:10px}}"
    "td,th{{{rule}padding:2px;vertical-align:{upright}}}"
)
FONTS = {"sans": "Arial, sans-serif", "serif": "Georgia, serif", "mono": "monospace"}


def render(grids: list[Grid], layout: Layout) -> bytes:
    rule = "border:1px solid #444;" if layout.rules == "grid" else ""
    style = STYLE.format(font=FONTS[layout.font], size=layout.size, rule=rule, upright=layout.upright)
    body = "\n".join(_table(grid) for grid in grids)
    return f"""<!DOCTYPE html>
<html lang="{layout.language}"><head><meta charset="utf-8"><title>{escape(layout.word("title"))}</title><style>{style}</style></head>
<body>
{body}
</body></html>
""".encode()


def _table(grid: Grid) -> str:
    if len(grid.shares) == 1:
        return "\n".join(f"<p>{_text(row[0])}</p>" for row in grid.rows)
    rows = ["".join(_cell(cell, "th" if n < grid.heads else "td") for cell in row) for n, row in enumerate(grid.rows)]
    return "<table>\n" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "\n</table>"


def _cell(cell: Cell, tag: str) -> str:
    align = ' style="text-align:right"' if cell.right else ""
    return f"<{tag}{align}>{_text(cell)}</{tag}>"


def _text(cell: Cell) -> str:
    text = escape(cell.text).replace("\n", "<br>")
    if cell.hidden:
        return f'<span style="color:#ffffff;font-size:1px">{text}</span>'
    return f"<b>{text}</b>" if cell.bold else text
