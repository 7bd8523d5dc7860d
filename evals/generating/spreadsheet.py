"""Orders as spreadsheets: XLSX with numbers as numbers, and CSV in the dialects that programs write."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.paper import Line, Order, Party
from signoff.evals.generating.sheet import Cell, Grid
from signoff.evals.generating.words import SIGNS
from signoff.evals.generating.zipped import package

CORE = "docProps/core.xml"
STAMP, DAY = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), b"2026-01-05T08:00:00Z"


def xlsx(grids: list[Grid], layout: Layout) -> bytes:
    """One sheet, the grids one below the other; amounts are numbers with two decimals shown."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = layout.word("title")[:31]
    at = 1
    for grid in grids:
        for row in grid.rows:
            for n, cell in enumerate(row, 1):
                if cell.text:
                    _write(page.cell(at, n), cell)
            at += 1
        at += 1
    for n in range(1, 10):
        page.column_dimensions[get_column_letter(n)].width = 16
    out = BytesIO()
    book.save(out)
    return _fixed(out.getvalue())


def _write(where: Any, cell: Cell) -> None:
    """The number behind a cell, with the sign of its currency in its format, or its text."""
    if cell.value is None:
        where.value, where.number_format = cell.text, "@"
    else:
        sign = f'"{cell.text[0]}" ' if cell.text[0] in SIGNS.values() else ""
        where.value = cell.value
        where.number_format = sign + ("#,##0.00" if cell.value.as_tuple().exponent else "0")
    where.font = Font(bold=cell.bold)
    where.alignment = Alignment(horizontal="right" if cell.right else "left", wrap_text="\n" in cell.text)


def _fixed(data: bytes) -> bytes:
    """The package with the day of writing taken out."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return package(parts | {CORE: STAMP.sub(DAY, parts[CORE])})


FLAT = (
    "number",
    "date",
    "supplier",
    "contract_ref",
    "requester",
    "currency",
    "pos",
    "part",
    "description",
    "qty",
    "unit",
    "price",
    "amount",
)


def flat_csv(order: Order, layout: Layout) -> bytes:
    """A row a line, the order's fields repeated on each, as ERP systems export."""
    decimal = layout.marks[1]
    separator = ";" if decimal == "," else (",", "\t", ";")[layout.wording % 3]
    out = StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    names = [n for n in FLAT if n != "contract_ref" or "contract_ref" in layout.shows]
    names = [*names, "base"] if any(line.base != 1 for line in order.lines) else names
    writer.writerow([layout.word(name) for name in names])
    for line in order.lines:
        writer.writerow([_flat(name, order, line, layout) for name in names])
    encoding = ("utf-8-sig", "utf-8", "cp1252")[layout.wording % 3]
    return out.getvalue().encode(encoding)


def _flat(name: str, order: Order, line: Line, layout: Layout) -> str:
    numbers = {"qty": line.qty, "price": line.price, "amount": line.amount, "base": line.base}
    value = numbers.get(name)
    if value is not None:
        return f"{value:f}".replace(".", layout.marks[1])
    texts = {
        "number": order.number, "date": order.date.isoformat(), "supplier": order.supplier.name, "contract_ref": order.contract_ref,
        "requester": order.requester, "currency": order.currency, "pos": line.number, "part": line.part, "description": line.description,
        "unit": line.unit,
    }  # fmt: skip
    return texts[name] or ""


def flat(order: Order, layout: Layout) -> Order:
    """The order as such a CSV says it."""
    bare = replace(
        order,
        total_shown=False,
        buyer=Party(""),
        cost_center=None,
        payment_terms=None,
        delivery_terms=None,
        delivery_date=None,
        ship_to=None,
        charges=(),
        tax_percent=None,
    )
    lines = tuple(replace(line, buyer_part="") for line in order.lines)
    named = order.contract_ref if "contract_ref" in layout.shows else None
    return replace(bare, lines=lines, contract_ref=named, supplier=Party(order.supplier.name))
