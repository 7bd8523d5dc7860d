"""Pages as Word documents: the parts of Office Open XML (ECMA-376) that Word needs, written by hand."""

from __future__ import annotations

from html import escape

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.sheet import Cell, Grid
from signoff.evals.generating.zipped import package

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = f"""{HEADER}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = f"""{HEADER}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""
FONTS = {"sans": "Arial", "serif": "Times New Roman", "mono": "Courier New"}
TWIPS = 9600
"""The width of the text in twentieths of a point."""
EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")


def render(grids: list[Grid], layout: Layout) -> bytes:
    body = "<w:p/>".join(_grid(grid, layout) for grid in grids)
    document = f'{HEADER}<w:document xmlns:w="{WORD}"><w:body>{body}<w:p/></w:body></w:document>'
    return package({"[Content_Types].xml": TYPES.encode(), "_rels/.rels": RELATIONS.encode(), "word/document.xml": document.encode()})


def _grid(grid: Grid, layout: Layout) -> str:
    if len(grid.shares) == 1:
        return "".join(_paragraphs(row[0], layout) for row in grid.rows)
    edges = EDGES if grid.rules == "grid" else ("insideH", "bottom") if grid.rules in ("lines", "banded", "head") else ()
    borders = "".join(f'<w:{e} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for e in edges)
    widths = [int(TWIPS * share / 100) for share in grid.shares]
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    rows = "".join("<w:tr>" + "".join(map(_cell, row, widths, [layout] * len(row))) + "</w:tr>" for row in grid.rows)
    return f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _cell(cell: Cell, width: int, layout: Layout) -> str:
    upright = "center" if layout.upright == "middle" else "top"
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="{upright}"/></w:tcPr>{_paragraphs(cell, layout)}</w:tc>'


def _paragraphs(cell: Cell, layout: Layout) -> str:
    align = '<w:pPr><w:jc w:val="right"/></w:pPr>' if cell.right else ""
    size = int(2 * (layout.size + 4 if cell.big else 1 if cell.hidden else layout.size))
    color = '<w:color w:val="FFFFFF"/>' if cell.hidden else ""
    font = FONTS[layout.font]
    looks = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>{"<w:b/>" if cell.bold else ""}{color}<w:sz w:val="{size}"/></w:rPr>'
    texts = (f'<w:r>{looks}<w:t xml:space="preserve">{escape(part, quote=False)}</w:t></w:r>' for part in cell.text.split("\n"))
    return "".join(f"<w:p>{align}{text}</w:p>" for text in texts)
