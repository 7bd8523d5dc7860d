"""CSV (RFC 4180, UTF-8, comma): one row for each line, with the order's fields on every row. Signoff's reader of tables reads it too.

A cancellation repeats the lines it takes back. `Document Type` says what a file is; the last columns are Signoff's own marks.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

from signoff.domain.order import Order, OrderLine, OrderType, Party, line_amount
from signoff.tools.erp.marks import Marks, Written

SUFFIX = ".csv"
HEADER = {
    "PO Number": "order_number", "Original PO": "order_reference", "Order Date": "issue_date", "Currency": "currency",
    "Requester": "requester", "Cost Center": "cost_center", "Payment Terms": "payment_terms", "Delivery Terms": "delivery_terms",
}  # fmt: skip
LINE = {
    "Line": "line_number", "Item No": "buyer_item_id", "Supplier Item No": "supplier_item_id", "GTIN": "standard_item_id",
    "Description": "description", "Quantity": "quantity", "Unit": "unit", "Unit Price": "unit_price",
    "Price Base Quantity": "price_base_quantity", "Line Amount": "line_amount", "Delivery Date": "requested_delivery_date",
}  # fmt: skip
VENDOR, BUYER, TYPE = "Vendor No", "Buyer", "Document Type"
MARKS = ("Posting Key", "Posting Content", "Posting Order", "Posting Revision")
COLUMNS = (TYPE, *HEADER, VENDOR, "Vendor Name", BUYER, *LINE, *MARKS)
_DATES, _NUMBERS = ("issue_date", "requested_delivery_date"), ("quantity", "unit_price", "price_base_quantity", "line_amount")


def write(order: Order, marks: Marks, today: dt.date) -> bytes:
    """The file. Charges and allowances of the whole order have no column; the lines' amounts are what is compared."""
    kept = order.model_copy(update={"issue_date": order.issue_date or today, "order_number": order.order_number or marks.key})
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for position, line in enumerate(order.lines, 1):
        writer.writerow(_row(kept, line, position, marks))
    return out.getvalue().encode()


def _row(order: Order, line: OrderLine, position: int, marks: Marks) -> dict[str, str]:
    values = {column: _text(getattr(order, field)) for column, field in HEADER.items()}
    values |= {
        TYPE: order.order_type.value,
        VENDOR: marks.vendor_id,
        "Vendor Name": _text(order.supplier.name),
        BUYER: _text(order.buyer.name),
    }
    values |= {column: _text(getattr(line, field)) for column, field in LINE.items()}
    values |= {"Line": line.line_number or str(position), "Line Amount": _text(line_amount(line))}
    values["Delivery Date"] = _text(line.requested_delivery_date or order.requested_delivery_date)
    return values | dict(zip(MARKS, (marks.key, marks.content, marks.order, str(marks.revision)), strict=True))


def _text(value: object) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def read(data: bytes) -> Written | None:
    """The file as it stands on disk; `None` when it is not one of Signoff's."""
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    if not rows or set(rows[0]) != set(COLUMNS):
        return None
    first = rows[0]
    kind = OrderType(first[TYPE])
    head = {field: _value(field, first[column]) for column, field in HEADER.items()}
    order = Order.model_validate(
        head
        | {"order_type": kind, "supplier": Party(name=first["Vendor Name"] or None), "buyer": Party(name=first[BUYER] or None)}
        | {"lines": tuple(_line(row) for row in rows)}
    )
    key, content, number, revision = (first[column] for column in MARKS)
    marks = Marks(key=key, content=content, order=number, revision=int(revision), kind=kind, vendor_id=first[VENDOR])
    return Written(order=order, marks=marks)


def _line(row: dict[str, str]) -> OrderLine:
    values = {field: _value(field, row[column]) for column, field in LINE.items()}
    return OrderLine.model_validate({field: value for field, value in values.items() if value is not None})


def _value(field: str, said: str) -> object:
    if not said:
        return None
    return Decimal(said) if field in _NUMBERS else dt.date.fromisoformat(said) if field in _DATES else said
