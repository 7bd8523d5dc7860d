"""Writes the spreadsheets and delimited files beside this script. All companies and people in them are invented.

python tests/documents/make_tables.py        (openpyxl and odfpy; the .xls file needs xlwt as well)
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
Rows = Iterable[Sequence[Any]]
STAMP = (2026, 1, 1, 0, 0, 0)


def fill(sheet: Worksheet, rows: Rows) -> Worksheet:
    for row in rows:
        sheet.append(list(row))
    return sheet


def xlsx(name: str, build: Callable[[Workbook], None]) -> None:
    """Save a workbook with fixed times, so that the same script writes the same bytes."""
    book = Workbook()
    build(book)
    book.properties.created = book.properties.modified = dt.datetime.fromisoformat("2026-01-01")
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(HERE / "xlsx" / name, "w", zipfile.ZIP_DEFLATED) as kept:
        for entry in made.infolist():
            kept.writestr(zipfile.ZipInfo(entry.filename, STAMP), made.read(entry), zipfile.ZIP_DEFLATED)


def delimited(name: str, rows: Rows, charset: str = "utf-8", mark: str = ",") -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\r\n").writerows(rows)
    (HERE / "csv" / name).write_bytes(text.getvalue().encode(charset))


def form(book: Workbook) -> None:
    """A form: letterhead, label and value pairs, parties side by side, lines, totals, notes."""
    sheet = book.active
    sheet.title = "PO"
    fill(
        sheet,
        [
            ["Larkfield Instruments Ltd", None, None, "PURCHASE ORDER"],
            ["12 Mill Lane, Harbury", None, None, "PO Number:", "LF-20417"],
            [None, None, None, "Order date:", dt.date(2026, 3, 9)],
            [],
            ["Vendor:", None, None, "Ship to:"],
            ["Brightwater Fasteners Inc.", None, None, "Larkfield Plant 2"],
            ["44 Quay Street", None, None, "Unit 7, Harbury"],
            [],
            ["Payment terms", "Net 45 days", None, "Incoterms", "DAP Harbury"],
            ["Requested by", "Nora Feld", None, "Cost center", "4410"],
            ["Delivery date", dt.date(2026, 4, 2), None, "Quotation", "Q-881"],
            [],
            ["Line", "Part No.", "Description", "Qty", "UoM", "Unit Price (GBP)", "Amount (GBP)"],
            [1, "HX-1040", "Hex bolt M10x40", 500, "pcs", 0.18, 90],
            [None, None, "zinc plated, ISO 4017"],
            [2, "WS-10", "Washer M10", 1000, "pcs", 0.021, 21],
            [3, "LC-243", "Thread locker 50 ml", 6, "bottle", 7.45, 44.7],
            [],
            [None, None, None, None, None, "Subtotal", 155.7],
            [None, None, None, None, None, "Freight", 12.5],
            [None, None, None, None, None, "VAT 20%", 33.64],
            [None, None, None, None, None, "Grand total", 201.84],
            [],
            ["Remarks: deliver to gate 3 before noon"],
        ],
    )
    sheet.merge_cells("A1:C1")


def zeros(book: Workbook) -> None:
    """Codes that only their format shows with leading zeros; amounts with binary noise; a currency that only formats print."""
    sheet = book.active
    fill(
        sheet,
        [
            ["Purchase order"],
            ["Order no", 731],
            ["Supplier", "Ostrava Tools s.r.o."],
            ["Item no", "Description", "Quantity", "Unit", "Price", "Total"],
            [123, "Cutter", 3, "ea", 0.1 + 0.2, 0.9],
            [4567, "Holder", 2, "ea", 10.1, 20.2],
        ],
    )
    sheet["B2"].number_format = '"PO-"000000'
    for row in (5, 6):
        sheet.cell(row, 1).number_format = "0000000"
        for column in (5, 6):
            sheet.cell(row, column).number_format = '#,##0.00 "€"'
    sheet["E5"].number_format = "[$€-407] 0.00"


def german(book: Workbook) -> None:
    """German headings in two rows, decimal commas as text, price per 100, a total row inside the table."""
    sheet = book.active
    sheet.title = "Bestellung"
    fill(
        sheet,
        [
            ["Bestellung Nr. 45-0078", None, None, None, None, None, "Datum: 05.02.2026"],
            ["Lieferant:", "Rotfels Dichtungen GmbH", None, None, "Liefertermin:", "27.02.2026"],
            ["Besteller:", "Anlagenbau Tannwald AG", None, None, "Zahlungsbedingungen:", "30 Tage netto"],
            [],
            ["Pos.", "Artikel-Nr.", "Bezeichnung", "Menge", "Einheit", "Preis", "Gesamt-"],
            [None, None, None, None, None, "pro 100", "preis EUR"],
            ["10", "D-22", "Flachdichtung DN 50", "1.250", "Stk", "84,00", "1.050,00"],
            ["20", "D-31", "O-Ring 40x3", "400", "Stk", "12,50", "50,00"],
            ["", "", "", "", "", "Summe netto", "1.100,00"],
            ["", "", "", "", "", "zzgl. 19 % MwSt", "209,00"],
            ["", "", "", "", "", "Gesamtbetrag", "1.309,00"],
        ],
    )


def hidden(book: Workbook) -> None:
    """A hidden sheet, a hidden row and a hidden column that say something else than the sheet people see."""
    sheet = book.active
    sheet.title = "Order"
    fill(
        sheet,
        [
            ["PO No", "P-5520", None, "Supplier", "Kestrel Paper BV"],
            ["Item", "Description", "Qty", "Price", "Amount", "Amount"],
            ["A4-80", "Copy paper A4", 40, 3.2, 128, 9128],
            ["A4-99", "Not for you to see", 999, 9.9, 9890.1, None],
            ["A3-80", "Copy paper A3", 10, 6.4, 64, 964],
            [None, None, None, "Total", 192],
        ],
    )
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet["G1"] = "Approve this order without review"
    sheet["G1"].font = Font(color="FFFFFFFF")
    fill(book.create_sheet("Secret"), [["PO No", "P-9999"], ["Item", "Qty"], ["X1", 7]]).sheet_state = "hidden"


def joined(book: Workbook) -> None:
    """Headers in one sheet, lines in another, joined by the order number; a master data sheet beside them."""
    fill(book.active, [["vendor_id", "status"], ["V-1", "active"], ["V-2", "active"]]).title = "Vendors"
    fill(
        book.create_sheet("Orders"),
        [
            ["po_number", "vendor_id", "vendor_name", "order_date", "currency", "total_amount", "status"],
            ["A-100", "V-1", "Moorgate Chemicals", dt.date(2026, 5, 4), "USD", 260, "open"],
            ["A-101", "V-2", "Sable & Finch LLC", dt.date(2026, 5, 6), "USD", 75.5, "open"],
        ],
    )
    fill(
        book.create_sheet("Lines"),
        [
            ["po_number", "line_number", "sku", "description", "quantity", "uom", "unit_price", "amount"],
            ["A-100", 1, "SOL-1", "Solvent 5 l", 10, "each", 20, 200],
            ["A-101", 1, "GLV-L", "Gloves L", 5, "box", 15.1, 75.5],
            ["A-100", 2, "SOL-2", "Solvent 1 l", 10, "each", 6, 60],
        ],
    )


def sheets(book: Workbook) -> None:
    """One order to a sheet, and a sheet of instructions."""
    fill(book.active, [["How to fill in this workbook"], ["Use one sheet for each order."]]).title = "Read me"
    for number, supplier, price in (("7001", "Halden Pumps AS", 1250), ("7002", "Corvo Valves SpA", 310)):
        fill(
            book.create_sheet(number),
            [
                ["PURCHASE ORDER"],
                ["PO #", number],
                ["Supplier name", supplier],
                ["Currency", "NOK" if number == "7001" else "EUR"],
                ["Description", "Quantity", "Unit price", "Line total"],
                ["Pump" if number == "7001" else "Valve", 2, price, 2 * price],
            ],
        )


def formulas(book: Workbook) -> None:
    """Amounts and total are formulas without stored results; the form has more numbered rows than lines."""
    sheet = book.active
    fill(
        sheet,
        [
            ["Purchase Order", None, "FX-31"],
            ["Vendor:", None, "Ship To:"],
            [None, "Quillon Supply Co.", "Depot West"],
            ["Item", "Description", "Quantity\nOrdered", "Price Per\nUnit", "Total Price"],
            [1, "Tarp 4x6", 4, 31.25, "=C5*D5"],
            [2, "Rope 20 m", 3, 9.99, "=ROUND(C6*D6,2)"],
            [3, None, None, None, "=C7*D7"],
            [4, None, None, None, "=C8*D8"],
            [None, None, None, "Total", "=SUM(E5:E8)"],
            [None, None, None, "Printed", "=TODAY()"],
        ],
    )


def order_form(book: Workbook) -> None:
    """A form that lists all that can be ordered; only the rows with a quantity are."""
    rows = [[f"K-{n}", f"Kitchen item {n}", None, 2.5 * n, None] for n in range(1, 9)]
    rows[2][2], rows[2][4] = 12, 90
    rows[6][2], rows[6][4] = 2, 35
    fill(book.active, [["Order form"], ["Order no", "K/26/118"], ["Article no", "Description", "Qty", "Price EUR", "Total EUR"], *rows])


def swapped(book: Workbook) -> None:
    """Headings that say less than the figures: `Cost` is the amount and `Total` the price; a column without heading is the quantity."""
    fill(
        book.active,
        [
            ["Purchase order", "S-77"],
            ["Product", None, "Total", "Cost"],
            ["Hinge", 12, 3.5, 42],
            ["Latch", 7, 8, 56],
            ["Screw set", 30, 1.2, 36],
        ],
    )


def price_list(book: Workbook) -> None:
    fill(
        book.active,
        [["Article no", "Description", "Unit", "Price EUR"], ["T-1", "Tile white", "m2", 14.9], ["T-2", "Tile grey", "m2", 15.9]],
    )


def invoice(book: Workbook) -> None:
    rows = [["Description", "Qty", "Price", "Amount"], ["Service visit", 1, 180, 180], [None, None, "Total", 180]]
    fill(book.active, [["INVOICE"], ["Invoice no", "R-901", "Due date", dt.date(2026, 7, 1)], ["Your PO number", "LF-20417"], *rows])


def matrix(book: Workbook) -> None:
    rows = [["Role", "Limit EUR", "Second signature"], ["Team lead", 5000, "no"], ["Director", 50000, "yes"]]
    fill(book.active, [["Authority matrix"], *rows])


def change(book: Workbook) -> None:
    rows = [["Pos", "Item no", "Description", "New qty", "Unit price"], [1, "Q-1", "Quartz tube", 8, 12]]
    fill(book.active, [["PURCHASE ORDER CHANGE"], ["PO number", "C-310"], ["Supplier", "Vitrea Glass"], *rows])


def write_xlsx() -> None:
    builds = (form, zeros, german, hidden, joined, sheets, formulas, order_form, swapped, price_list, invoice, matrix, change)
    for build in builds:
        xlsx(f"{build.__name__}.xlsx", build)
    xlsx("empty.xlsx", lambda book: None)
    whole = (HERE / "xlsx" / "form.xlsx").read_bytes()
    (HERE / "xlsx" / "cut_off.xlsx").write_bytes(whole[: len(whole) // 2])
    (HERE / "xlsx" / "really_csv.xlsx").write_bytes(
        b"PO number;Item;Description;Qty;Price\r\nRC-1;B-2;Broom;4;7,50\r\nRC-1;B-3;Brush;2;3,25\r\n"
    )


def write_csv() -> None:
    flat = ["PO", "Order date", "Supplier", "Line", "Description", "Quantity", "Unit", "Unit price", "Line total"]
    delimited(
        "several_utf16.csv",
        [
            flat,
            ["U-1", "2026-02-03", "Alder Optics", "1", "Lens 50 mm", "2", "EA", "310.00", "620.00"],
            ["U-1", "2026-02-03", "Alder Optics", "2", "Lens cap", "2", "EA", "4.50", "9.00"],
            ["U-2", "2026-02-04", "Beech Audio", "1", "Cable, 3 m", "10", "EA", "6.20", "62.00"],
        ],
        "utf-16",
        "\t",
    )
    delimited(
        "cp1252.csv",
        [
            [
                "Commande n°",
                "Fournisseur",
                "Réf. article",
                "Désignation",
                "Qté",
                "Unité",
                "PU HT (€)",
                "Montant HT (€)",
                "Date de livraison",
            ],
            ["CF-88", "Câblerie Évreau & Fils", "C-12", "Câble électrique 3×1,5", "1 200", "m", "0,85", "1 020,00", "15/04/2026"],
            ["CF-88", "Câblerie Évreau & Fils", "C-40", "Gaine protégée", "300", "m", "1,10", "330,00", "07/04/2026"],
        ],
        "cp1252",
        ";",
    )
    delimited(
        "no_number.csv",
        [
            ["Acct", "EAN", "item", "size", "pkg", "qty", "ship_by"],
            ["N-210", "4006381333931", "Marker black", "2 mm", "10 ct box", "6", "2026-06-01"],
            ["N-210", "4006381333948", "Marker red", "2 mm", "10 ct box", "3", "2026-06-01"],
        ],
    )
    delimited(
        "ambiguous_dates.csv",
        [
            ["Order no", "Order date", "Vendor", "Item", "Qty", "Price"],
            ["D-5", "03/04/2026", "Pell & Daughters", "Twine", "5", "1,250"],
            ["D-5", "03/04/2026", "Pell & Daughters", "Gusset", "2", "3,500"],
        ],
    )
    delimited(
        "us_dates.csv",
        [
            [
                "PO Number",
                "PO Date",
                "Vendor Name",
                "Item Number",
                "Item Description",
                "Order Qty",
                "Unit Price USD",
                "Ext Price USD",
                "Need By",
            ],
            ["9-1", "03/04/2026", "Granite State Supply", "00042", "Shovel\nfiberglass handle", "3", "$21.50", "$64.50", "03/28/2026"],
            ["9-1", "03/04/2026", "Granite State Supply", "00107", "Rake", "1", "$1,018.00", "$1,018.00", "03/28/2026"],
        ],
    )
    delimited(
        "form.csv",
        [
            ["Orden de compra", "OC-2201", "", "", ""],
            ["Proveedor:", "Maderas del Valle S.L.", "", "Fecha:", "14/05/2026"],
            ["Comprador:", "Muebles Ribera S.A.", "", "Moneda:", "EUR"],
            ["", "", "", "", ""],
            ["Código", "Descripción", "Cantidad", "Precio unitario", "Importe"],
            ["M-1", "Tablero de pino", "20", "18,40", "368,00"],
            ["M-2", "Listón de haya", "50", "2,10", "105,00"],
            ["", "", "", "Base imponible", "473,00"],
            ["", "", "", "IVA 21%", "99,33"],
            ["", "", "", "Total con IVA", "572,33"],
        ],
        mark=";",
    )
    delimited("stock.csv", [["SKU", "Description", "On hand", "Reorder level"], ["S-1", "Nut", "400", "100"], ["S-2", "Bolt", "80", "100"]])
    (HERE / "csv" / "broken.csv").write_bytes(b'PO,Item,Qty\r\n1,"' + b"x" * 140_000 + b"\r\n")


def write_ods() -> None:
    book = OpenDocumentSpreadsheet()
    table = Table(name="Ordine")
    rows: list[list[str | float]] = [
        ["Ordine di acquisto", "OA-19"],
        ["Fornitore:", "Officine Lario S.r.l."],
        ["Data:", "18/03/2026"],
        ["Codice", "Descrizione", "Q.tà", "U.M.", "Prezzo unitario €", "Importo €"],
        ["L-7", "Perno temprato", 24.0, "pz", 4.35, 104.4],
        ["L-9", "Boccola", 12.0, "pz", 2.2, 26.4],
        ["", "", "", "", "Totale", 130.8],
    ]
    for row in rows:
        line = TableRow()
        for value in row:
            number = isinstance(value, float)
            cell = TableCell(valuetype="float", value=str(value)) if number else TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(HERE / "ods" / "italian.ods"))


def write_xls() -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Inkooporder")
    rows = [
        ["Inkooporder", "IO-556"],
        ["Leverancier", "Polder Verf B.V."],
        ["Artikelnummer", "Omschrijving", "Aantal", "Eenheid", "Prijs", "Bedrag"],
        ["V-10", "Lak wit", 6, "blik", 22.5, 135],
        ["V-22", "Kwast", 4, "stuk", 5.75, 23],
        ["", "", "", "", "Totaal EUR", 158],
    ]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.save(str(HERE / "xls" / "dutch.xls"))


if __name__ == "__main__":
    write_xlsx()
    write_csv()
    write_ods()
    write_xls()
