"""Orders in spreadsheets: a form with a table below, and flat tables in which each row repeats its order's number."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.styles import Font
from source import Paper

from signoff.domain.order import Order, OrderLine

Row = list[Any]
WHEN = (2026, 10, 1, 8, 0, 0)

WORDS = {
    "en": ("Order number", "Order date", "Supplier", "Currency", "Requested by", "Cost centre", "Contract", "Payment terms", "Total"),
    "de": (
        "Bestellnummer",
        "Bestelldatum",
        "Lieferant",
        "Währung",
        "Anforderer",
        "Kostenstelle",
        "Rahmenvertrag",
        "Zahlungsbedingungen",
        "Gesamtbetrag",
    ),
}
COLUMNS = {
    "en": ("Line", "Supplier item no.", "Description", "Quantity", "Unit", "Unit price", "Amount"),
    "de": ("Pos.", "Lieferantenartikelnummer", "Bezeichnung", "Menge", "Einheit", "Einzelpreis", "Betrag"),
}


def form(order: Order, language: str = "en") -> list[Row]:
    """Label and value rows, then the table of lines, then the total."""
    values: Row = [order.order_number, order.issue_date, order.supplier.name, order.currency, order.requester, order.cost_center]
    values += [order.contract_reference, order.payment_terms]
    title = "Purchase order" if language == "en" else "Bestellung"
    rows: list[Row] = [[order.buyer.name], [title], []]
    rows += [[label, value] for label, value in zip(WORDS[language], values, strict=False) if value]
    rows += [[], list(COLUMNS[language])]
    rows += [_cells(n, line) for n, line in enumerate(order.lines, 1)]
    return [*rows, ["", "", "", "", "", WORDS[language][-1], order.payable_amount]]


def flat(orders: tuple[Order, ...], language: str = "en") -> list[Row]:
    """One row for each line of each order."""
    words = WORDS[language]
    rows: list[Row] = [[*words[:4], *COLUMNS[language]]]
    for o in orders:
        rows += [[o.order_number, o.issue_date, o.supplier.name, o.currency, *_cells(n, line)] for n, line in enumerate(o.lines, 1)]
    return rows


def _cells(number: int, line: OrderLine) -> Row:
    base = line.price_base_quantity
    each = (line.unit_price or Decimal(0)) / base if base != 1 else line.unit_price
    return [number, line.supplier_item_id, line.description, line.quantity, line.unit, each, line.line_amount]


def _rows(paper: Paper) -> list[Row]:
    language = paper.options.get("language", "en")
    return flat(paper.orders, language) if paper.options.get("layout") == "flat" else form(paper.orders[0], language)


def render_csv(paper: Paper) -> bytes:
    """A CSV; `delimiter`, `decimal` and `encoding` in the options say how the sender's office program writes it."""
    options = paper.options
    out = StringIO()
    writer = csv.writer(out, delimiter=options.get("delimiter", ","), lineterminator="\r\n")
    for row in _rows(paper):
        writer.writerow([_printed(cell, options) for cell in row])
    return out.getvalue().encode(options.get("encoding", "utf-8"))


def _printed(cell: Any, options: dict[str, Any]) -> str:
    if isinstance(cell, dt.date):
        return cell.strftime(options.get("date", "%Y-%m-%d"))
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", options.get("decimal", "."))
    return "" if cell is None else str(cell)


def render_xlsx(paper: Paper) -> bytes:
    """A workbook with one sheet; its time stamps are fixed."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = str(paper.options.get("sheet", "Order"))
    for row in _rows(paper):
        sheet.append([_excel(cell) for cell in row])
    for cells in sheet.iter_rows(min_col=2, max_col=2):
        for cell in cells:
            if isinstance(cell.value, dt.date):
                cell.number_format = "yyyy-mm-dd"
    sheet["A1"].font = Font(bold=True)
    book.properties.created = book.properties.modified = dt.datetime(*WHEN)  # noqa: DTZ001
    out = BytesIO()
    book.save(out)
    return _stamped(out.getvalue())


def _excel(cell: Any) -> Any:
    """Excel has only binary numbers: whole ones stay whole, the others have at most two to four digits and survive."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell


def render_ods(paper: Paper) -> bytes:
    """An OpenDocument spreadsheet."""
    book = OpenDocumentSpreadsheet()
    table = Table(name=str(paper.options.get("sheet", "Order")))
    for row in _rows(paper):
        line = TableRow()
        for cell in row:
            line.addElement(_ods(cell))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    out = BytesIO()
    book.write(out)
    return _stamped(out.getvalue())


def _ods(cell: Any) -> TableCell:
    if isinstance(cell, dt.date):
        node = TableCell(valuetype="date", datevalue=cell.isoformat())
    elif isinstance(cell, (Decimal, int)):
        node = TableCell(valuetype="float", value=f"{cell:f}" if isinstance(cell, Decimal) else str(cell))
    else:
        node = TableCell(valuetype="string")
    node.addElement(P(text=_printed(cell, {})))
    return node


def _stamped(archive: bytes) -> bytes:
    """The same archive with fixed time stamps, also in its metadata."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            stamp = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
            data = old.read(name)
            if name in ("docProps/core.xml", "meta.xml"):
                data = stamp.sub(b"2026-10-01T08:00:00Z", data)
            new.writestr(info, data)
    return out.getvalue()
