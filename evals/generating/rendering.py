"""An order as a file of a family's format. What is imported for one engine only is imported when that engine is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from signoff.domain.errors import BadInput
from signoff.evals.generating import cxml, docx, edi, html, mail, plain, spreadsheet, ubl
from signoff.evals.generating.layout import Family
from signoff.evals.generating.paper import Order, stream
from signoff.evals.generating.sheet import compose, printed

EXTENSIONS = {"ubl": "xml", "cxml": "xml", "edifact": "edi"}
SEVERAL = ("x12", "edifact")
"""Formats whose files may hold more than one order."""


def extension(family: Family, data: bytes) -> str:
    """What such a file's name ends in; a scan is a picture or a PDF."""
    if family.format == "scan":
        return "pdf" if data.startswith(b"%PDF") else "jpg"
    return EXTENSIONS.get(family.format, family.format)


def said(order: Order, family: Family) -> Order:
    """The order as a paper of this family says it."""
    if family.format == "csv":
        return spreadsheet.flat(order, family.layout)
    if family.format == "ubl":
        return order
    if family.format in ("x12", "edifact", "cxml"):
        return SAID[family.format](order)
    return printed(order, family.layout)


SAID: dict[str, Callable[[Order], Order]] = {"x12": edi.x12_said, "edifact": edi.edifact_said, "cxml": cxml.said}
"""What messages leave out."""


def render(orders: Sequence[Order], family: Family, seed: int) -> bytes:
    """The file's bytes, the same for the same seed. `orders` are as `said`; only some formats hold several."""
    first, kind = orders[0], family.format
    if kind == "ubl":
        return ubl.render(first, family.engine)
    if kind == "x12":
        return edi.x12(orders, family.engine)
    if kind == "edifact":
        return edi.edifact(orders, family.engine)
    if kind == "cxml":
        return cxml.render(first, family.engine)
    if kind == "csv":
        return spreadsheet.flat_csv(first, family.layout)
    return _page(first, family, seed)


def _page(order: Order, family: Family, seed: int) -> bytes:
    grids, layout = compose(order, family.layout), family.layout
    if family.format in ("txt", "docx", "html", "xlsx"):
        engine = {"txt": plain.render, "docx": docx.render, "html": html.render, "xlsx": spreadsheet.xlsx}[family.format]
        return engine(grids, layout)
    if family.format == "eml":
        attach = (f"{layout.word('title')}.pdf", pdf(order, family, "reportlab")) if family.index % 2 else None
        return mail.render(order, layout, plain.render(grids, layout), attach)
    page = pdf(order, family, family.engine)
    if family.format == "pdf":
        return page
    from signoff.evals.generating.scan import degrade

    return degrade(page, stream(seed, "scan", order.number, order.date))


def pdf(order: Order, family: Family, engine: str) -> bytes:
    """The order's pages as drawn by one of the engines. Raises `BadInput` where its library is not installed."""
    grids = compose(order, family.layout)
    try:
        if engine == "typst":
            from signoff.evals.generating import pdf_typst

            return pdf_typst.render(grids, family.layout)
        if engine == "fpdf":
            from signoff.evals.generating import pdf_fpdf

            return pdf_fpdf.render(grids, family.layout)
        from signoff.evals.generating import pdf_reportlab

        return pdf_reportlab.render(grids, family.layout)
    except ModuleNotFoundError as missing:
        raise BadInput(
            f"Papers are drawn with {missing.name}, which is not installed: install signoff[eval], or run `make .venv/dev.done`."
        ) from None
