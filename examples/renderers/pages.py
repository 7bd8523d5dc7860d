"""Printed orders and a printed quotation as PDF: three layouts, with a text layer and embedded fonts (reportlab, invariant)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from source import Paper

from signoff.domain.order import Order, OrderLine, Party

WIDTH, HEIGHT = A4
LEFT, RIGHT = 50.0, WIDTH - 50.0
registerFont(TTFont("Vera", "Vera.ttf"))
registerFont(TTFont("VeraBd", "VeraBd.ttf"))


def render(paper: Paper) -> bytes:
    """One page in the layout that the options name."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(f"{paper.options.get('title', 'Order')} {paper.orders[0].order_number}")
    LAYOUTS[paper.options.get("layout", "letter")](Sheet(canvas), paper, paper.orders[0])
    canvas.save()
    return out.getvalue()


class Sheet:
    """A page to write on; `y` counts down from the top."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def text(self, x: float, y: float, text: object, size: float = 9, bold: bool = False) -> None:
        self.canvas.setFont("VeraBd" if bold else "Vera", size)
        self.canvas.drawString(x, HEIGHT - y, str(text))

    def right(self, x: float, y: float, text: object, bold: bool = False) -> None:
        self.canvas.setFont("VeraBd" if bold else "Vera", 9)
        self.canvas.drawRightString(x, HEIGHT - y, str(text))

    def rule(self, y: float, left: float = LEFT, right: float = RIGHT) -> None:
        self.canvas.setLineWidth(0.5)
        self.canvas.line(left, HEIGHT - y, right, HEIGHT - y)

    def block(self, x: float, y: float, lines: list[str], size: float = 9) -> None:
        for n, line in enumerate(t for t in lines if t):
            self.text(x, y + n * 12, line, size)


def english(value: Decimal | None) -> str:
    """1,234.56"""
    return f"{value:,f}" if value is not None else ""


def german(value: Decimal | None) -> str:
    """1.234,56"""
    return english(value).translate(str.maketrans(",.", ".,"))


def address(paper: Paper, party: Party) -> list[str]:
    """Name, street, place and country of a party, as printed."""
    place = paper.place(party)
    return [party.name or "", place.street, f"{place.postcode} {place.city}".strip(), place.country]


def _pairs(sheet: Sheet, x: float, y: float, pairs: list[tuple[str, object]], gap: float = 95) -> None:
    for n, (label, value) in enumerate(p for p in pairs if p[1]):
        sheet.text(x, y + n * 13, label, bold=True)
        sheet.text(x + gap, y + n * 13, value)


def _letter(sheet: Sheet, paper: Paper, order: Order) -> None:
    """Letterhead, label and value pairs, a ruled table, totals below (English)."""
    title = paper.options.get("title", "Purchase Order")
    sheet.text(LEFT, 60, order.buyer.name, 14, bold=True)
    sheet.block(LEFT, 75, address(paper, order.buyer)[1:], 8)
    sheet.text(340, 60, title.upper(), 14, bold=True)
    day = f"{order.issue_date:%d %b %Y}" if order.issue_date else ""
    due = f"{order.requested_delivery_date:%d %b %Y}" if order.requested_delivery_date else ""
    number = "Quotation No." if "uotation" in title else "PO Number"
    _pairs(sheet, 340, 82, [(number, order.order_number), ("Date", day), ("Delivery date", due), ("Contract", order.contract_reference)])
    sheet.text(LEFT, 150, "Supplier", bold=True)
    sheet.block(LEFT, 164, [*address(paper, order.supplier), f"VAT {order.supplier.tax_id}" if order.supplier.tax_id else ""])
    sheet.text(340, 150, "Ship to", bold=True)
    sheet.block(340, 164, address(paper, order.ship_to))
    terms = [("Requested by", order.requester), ("Cost centre", order.cost_center)]
    _pairs(sheet, LEFT, 245, [*terms, ("Payment terms", order.payment_terms), ("Delivery terms", order.delivery_terms)])
    heads = ("Line", "Item", "Description", "Qty", "Unit", f"Price ({order.currency})", f"Amount ({order.currency})")
    y = _table(sheet, 315, heads, order, english)
    _totals(sheet, y, order, english, ("Subtotal", "VAT", "Total"))
    sheet.block(LEFT, y + 70, list(order.notes), 8)


def _bestellung(sheet: Sheet, paper: Paper, order: Order) -> None:
    """A German letter: address window, information block at the right, decimal commas."""
    sheet.text(LEFT, 50, " · ".join(t for t in address(paper, order.buyer) if t), 7)
    sheet.text(LEFT, 100, "Lieferant", 7)
    sheet.block(LEFT, 114, address(paper, order.supplier), 10)
    day = f"{order.issue_date:%d.%m.%Y}" if order.issue_date else ""
    due = f"{order.requested_delivery_date:%d.%m.%Y}" if order.requested_delivery_date else ""
    pairs: list[tuple[str, object]] = [("Bestellnummer", order.order_number), ("Bestelldatum", day), ("Liefertermin", due)]
    pairs += [("Besteller", order.requester), ("Kostenstelle", order.cost_center), ("Rahmenvertrag", order.contract_reference)]
    _pairs(sheet, 330, 114, pairs, 100)
    sheet.text(LEFT, 225, "Bestellung", 14, bold=True)
    sheet.text(LEFT, 245, "Wir bestellen zu den Bedingungen des Rahmenvertrags:")
    heads = ("Pos.", "Artikel", "Bezeichnung", "Menge", "ME", "Preis EUR", "Betrag EUR")
    y = _table(sheet, 275, heads, order, german)
    _totals(sheet, y, order, german, ("Nettosumme", "MwSt.", "Gesamtbetrag"))
    _pairs(sheet, LEFT, y + 60, [("Zahlungsbedingungen", "30 Tage netto"), ("Lieferbedingungen", order.delivery_terms)], 130)
    site = [t for t in address(paper, order.ship_to) if t]
    _pairs(sheet, LEFT, y + 86, [("Lieferadresse", ", ".join(site))], 130)


def _boxes(sheet: Sheet, paper: Paper, order: Order) -> None:
    """Labels in a row with their values below them, and a table without vertical rules."""
    sheet.text(LEFT, 55, f"{order.buyer.name} - PURCHASE ORDER", 13, bold=True)
    labels = ("Order No", "Order Date", "Currency", "Buyer Contact", "Agreement")
    values = (order.order_number, order.issue_date, order.currency, order.requester, order.contract_reference)
    sheet.rule(75)
    for n, (label, value) in enumerate(zip(labels, values, strict=True)):
        sheet.text(LEFT + n * 100, 88, label, 8, bold=True)
        sheet.text(LEFT + n * 100, 102, value or "")
    sheet.rule(110)
    sheet.text(LEFT, 130, "Vendor:", bold=True)
    sheet.block(LEFT + 60, 130, address(paper, order.supplier))
    sheet.text(320, 130, "Deliver to:", bold=True)
    sheet.block(390, 130, address(paper, order.ship_to))
    heads = ("No.", "Part No", "Description", "Quantity", "UoM", "Unit Price", "Net Amount")
    y = _table(sheet, 205, heads, order, english)
    _totals(sheet, y, order, english, ("Net total", "Tax", f"Order total {order.currency}"))
    sheet.block(LEFT, y + 70, [f"Payment terms: {order.payment_terms}", *order.notes])


def _table(sheet: Sheet, y: float, heads: tuple[str, ...], order: Order, number: Callable[[Decimal | None], str]) -> float:
    """The lines under a head; returns where the table ends."""
    texts, figures = (LEFT, LEFT + 34, LEFT + 105), (365.0, 372.0, 460.0, RIGHT)
    sheet.rule(y - 11)
    for x, head in zip(texts, heads[:3], strict=True):
        sheet.text(x, y, head, bold=True)
    sheet.right(figures[0], y, heads[3], bold=True)
    sheet.text(figures[1], y, heads[4], bold=True)
    sheet.right(figures[2], y, heads[5], bold=True)
    sheet.right(figures[3], y, heads[6], bold=True)
    sheet.rule(y + 5)
    for n, line in enumerate(order.lines, 1):
        y += 16
        for x, cell in zip(texts, (n, line.supplier_item_id or "", line.description or ""), strict=True):
            sheet.text(x, y, cell, 8)
        sheet.right(figures[0], y, number(line.quantity))
        sheet.text(figures[1], y, line.unit or "")
        sheet.right(figures[2], y, number(_each(line)))
        sheet.right(figures[3], y, number(line.line_amount))
    sheet.rule(y + 6)
    return y


def _each(line: OrderLine) -> Decimal | None:
    return line.unit_price / line.price_base_quantity if line.unit_price is not None else None


def _totals(sheet: Sheet, y: float, order: Order, number: Callable[[Decimal | None], str], words: tuple[str, str, str]) -> None:
    rows = [(words[0], order.line_total), (words[1], order.tax_total), (words[2], order.payable_amount)]
    for n, (label, amount) in enumerate(r for r in rows if r[1] is not None):
        sheet.text(370, y + 22 + n * 13, label, bold=True)
        sheet.right(RIGHT, y + 22 + n * 13, number(amount), bold=True)


LAYOUTS: dict[str, Callable[[Sheet, Paper, Order], None]] = {"letter": _letter, "bestellung": _bestellung, "boxes": _boxes}
