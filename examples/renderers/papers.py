"""Orders as office documents: DOCX (Office Open XML, written by hand so that it is reproducible), HTML and plain text."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from html import escape
from io import BytesIO

from source import Paper

from renderers.pages import address, english
from signoff.domain.order import Order

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""
HEADS = ("Line", "Item", "Description", "Quantity", "Unit", "Unit price", "Amount")


def header(order: Order) -> list[tuple[str, str]]:
    """Labels and values, as printed; what the order does not say is left out."""
    pairs = [
        ("Order number", order.order_number),
        ("Order date", order.issue_date),
        ("Currency", order.currency),
        ("Requested by", order.requester),
        ("Cost centre", order.cost_center),
        ("Contract", order.contract_reference),
        ("Payment terms", order.payment_terms),
        ("Delivery terms", order.delivery_terms),
        ("Delivery date", order.requested_delivery_date),
    ]
    return [(label, str(value)) for label, value in pairs if value]


def table(order: Order) -> list[list[str]]:
    """The lines and, last, the total."""
    rows = []
    for n, line in enumerate(order.lines, 1):
        each = (line.unit_price or Decimal(0)) / line.price_base_quantity
        ids = [str(n), line.supplier_item_id or "", line.description or ""]
        rows.append([*ids, english(line.quantity), line.unit or "", english(each), english(line.line_amount)])
    return rows


def render_docx(paper: Paper) -> bytes:
    """A document with a heading, label tables and a table of lines."""
    order = paper.orders[0]
    pairs = [[label, value] for label, value in [("Supplier", order.supplier.name or ""), *header(order)]]
    total = ["", "", "", "", "", "Total", english(order.payable_amount)]
    body = [_paragraph(order.buyer.name or ""), _paragraph("Purchase Order"), _grid(pairs), _paragraph("")]
    body += [_grid([list(HEADS), *table(order), total]), *map(_paragraph, order.notes)]
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{WORD}"><w:body>{"".join(body)}</w:body></w:document>'
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", xml)):
            info = zipfile.ZipInfo(name, (2026, 10, 1, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return out.getvalue()


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _grid(rows: list[list[str]]) -> str:
    cells = ["".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def render_html(paper: Paper) -> bytes:
    """An order as a purchasing portal sends it."""
    order = paper.orders[0]
    pairs = [("Supplier", order.supplier.name or ""), *header(order)]
    rows = "".join(f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>\n" for label, value in pairs)
    heads = "".join(f"<th>{h}</th>" for h in HEADS)
    lines = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>\n" for row in table(order))
    total = f'<tr><td colspan="6">Total</td><td>{english(order.payable_amount)}</td></tr>'
    html = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Purchase order {escape(order.order_number or "")}</title></head><body>
<p>{"<br>".join(escape(t) for t in address(paper, order.buyer) if t)}</p>
<h1>Purchase order</h1>
<table>
{rows}</table>
<table>
<tr>{heads}</tr>
{lines}{total}
</table>
</body></html>
"""
    return html.encode()


def render_text(paper: Paper) -> bytes:
    """An order typed with a fixed-width font."""
    return text(paper).encode()


def text(paper: Paper) -> str:
    """The same as text, for the body of a mail."""
    order = paper.orders[0]
    widths = (5, 10, 42, 10, 6, 12, 12)
    pairs = [f"{label + ':':<18}{value}" for label, value in [("Supplier", order.supplier.name or ""), *header(order)]]
    rows = [list(HEADS), *table(order)]
    grid = ["".join(f"{c:>{w}}" if i in (3, 5, 6) else f" {c:<{w}}" for i, (c, w) in enumerate(zip(r, widths, strict=True))) for r in rows]
    total = f"{'Total ' + (order.currency or ''):>{sum(widths) - 8}}{english(order.payable_amount):>12}"
    head = ["PURCHASE ORDER", *(t for t in address(paper, order.buyer) if t), ""]
    return "\n".join([*head, *pairs, "", *(r.rstrip() for r in grid), "", total, "", *order.notes]) + "\n"
