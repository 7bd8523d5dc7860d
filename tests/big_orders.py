"""One order of 2,000 lines in four formats: a PDF of 60 pages, a workbook, a UBL order and an X12 interchange.

Written here and now for the tests and the benchmark; the figures are made up from the line number, and every amount is exact.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

NUMBER, BUYER, SUPPLIER = "4500099001", "Brackwater Shipyard Ltd", "Ostrava Fasteners Ltd"
WORDS = ("Hexagon bolt", "Flange gasket", "Ball valve", "Cable gland", "Bearing", "Threaded rod", "Washer", "Hose clamp", "Locknut")
ROWS = 34


@dataclass(frozen=True)
class Row:
    """A line of the order; `price` has two decimals."""

    number: int
    item: str
    description: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


def rows(count: int) -> list[Row]:
    """The first lines of the order."""
    return [
        Row(
            n,
            f"OF-{70000 + n * 7}",
            f"{WORDS[n % len(WORDS)]} DN{10 + n % 90} form {n % 4}",
            1 + n * 13 % 480,
            Decimal(5 + n * 37 % 9900) / 100,
        )
        for n in range(1, count + 1)
    ]


def total(lines: list[Row]) -> Decimal:
    return sum((row.amount for row in lines), Decimal(0))


def pdf(lines: list[Row]) -> bytes:
    """Thirty-four lines a page, with the headings on each."""
    out = io.BytesIO()
    page = Canvas(out, A4, invariant=1)
    for start in range(0, len(lines), ROWS):
        _head(page, start // ROWS + 1)
        top = 640.0
        for row in lines[start : start + ROWS]:
            top -= 16
            for x, text in ((50, str(row.number)), (85, row.item), (160, row.description)):
                page.drawString(x, top, text)
            for x, figure in ((400, f"{row.quantity}"), (470, f"{row.price:,.2f}"), (545, f"{row.amount:,.2f}")):
                page.drawRightString(x, top, figure)
            page.drawString(405, top, "pcs")
        if start + ROWS >= len(lines):
            page.drawRightString(470, top - 20, "Total EUR")
            page.drawRightString(545, top - 20, f"{total(lines):,.2f}")
        page.showPage()
    page.save()
    return out.getvalue()


def _head(page: Canvas, number: int) -> None:
    page.setFont("Helvetica-Bold", 14)
    page.drawString(50, 790, BUYER)
    page.drawString(400, 790, "PURCHASE ORDER")
    page.setFont("Helvetica", 9)
    for y, text in ((760, f"PO Number: {NUMBER}"), (748, "Date: 14 January 2026"), (736, f"Page: {number}")):
        page.drawString(400, y, text)
    page.drawString(50, 760, f"Supplier: {SUPPLIER}")
    page.setFont("Helvetica-Bold", 9)
    for x, text in ((50, "Line"), (85, "Item No."), (160, "Description"), (405, "Unit")):
        page.drawString(x, 645, text)
    for x, text in ((400, "Qty"), (470, "Unit Price"), (545, "Amount")):
        page.drawRightString(x, 645, text)
    page.setFont("Helvetica", 9)


def xlsx(lines: list[Row]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Order")
    for label, value in (("Purchase Order", NUMBER), ("Date", "2026-01-14"), ("Buyer", BUYER), ("Supplier", SUPPLIER), ("Currency", "EUR")):
        sheet.append([label, value])
    sheet.append([])
    sheet.append(["Line", "Item No.", "Description", "Unit", "Qty", "Unit Price", "Amount"])
    for row in lines:
        sheet.append([row.number, row.item, row.description, "pcs", row.quantity, float(row.price), float(row.amount)])
    sheet.append([None, None, None, None, None, "Total", float(total(lines))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-01-14</cbc:IssueDate>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:BuyerCustomerParty><cac:Party><cac:PartyName><cbc:Name>{buyer}</cbc:Name></cac:PartyName></cac:Party></cac:BuyerCustomerParty>
<cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>{supplier}</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
<cac:AnticipatedMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">{total}</cbc:LineExtensionAmount>
<cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount></cac:AnticipatedMonetaryTotal>
{lines}</Order>"""
_UBL_LINE = """<cac:OrderLine><cac:LineItem><cbc:ID>{n}</cbc:ID><cbc:Quantity unitCode="C62">{q}</cbc:Quantity>
<cbc:LineExtensionAmount currencyID="EUR">{a}</cbc:LineExtensionAmount>
<cac:Price><cbc:PriceAmount currencyID="EUR">{p}</cbc:PriceAmount></cac:Price>
<cac:Item><cbc:Name>{d}</cbc:Name><cac:SellersItemIdentification><cbc:ID>{i}</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>"""


def ubl(lines: list[Row]) -> bytes:
    body = "\n".join(_UBL_LINE.format(n=r.number, q=r.quantity, a=r.amount, p=r.price, d=r.description, i=r.item) for r in lines)
    return _UBL.format(number=NUMBER, buyer=BUYER, supplier=SUPPLIER, total=total(lines), lines=body).encode()


def x12(lines: list[Row]) -> bytes:
    segments = [
        "ISA*00*          *00*          *ZZ*BRACKWATER     *ZZ*OSTRAVA        *260114*0930*U*00401*000000901*0*P*>",
        "GS*PO*BRACKWATER*OSTRAVA*20260114*0930*901*X*004010",
    ]
    message = [
        "ST*850*0001",
        f"BEG*00*NE*{NUMBER}**20260114",
        "CUR*BY*EUR",
        f"N1*BY*{BUYER}",
        f"N1*SE*{SUPPLIER}",
        *(s for r in lines for s in (f"PO1*{r.number}*{r.quantity}*EA*{r.price}**VN*{r.item}", f"PID*F****{r.description}")),
        f"CTT*{len(lines)}*{sum(r.quantity for r in lines)}",
        f"AMT*TT*{total(lines)}",
    ]
    segments += [*message, f"SE*{len(message) + 1}*0001", "GE*1*901", "IEA*1*000000901"]
    return "~\n".join([*segments, ""]).encode()


FORMATS: dict[str, Callable[[list[Row]], bytes]] = {"pdf": pdf, "xlsx": xlsx, "xml": ubl, "edi": x12}
