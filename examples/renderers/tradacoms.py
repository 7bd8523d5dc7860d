"""TRADACOMS ORDERS, version 9: header, one message for each order, trailer (ANA/GS1 UK TRADACOMS manual of standards)."""

from __future__ import annotations

from decimal import Decimal

from source import Paper, Place, compact

from signoff.domain.order import Order, OrderLine


def render(paper: Paper) -> bytes:
    """One transmission; prices carry four implied decimals, dates are YYMMDD."""
    first = paper.orders[0]
    day = compact(first.issue_date)[2:]
    buyer, supplier = first.buyer, first.supplier
    messages = [_header(paper, first, day), *(_order(o, paper) for o in paper.orders), [["OFT", str(len(paper.orders))]]]
    rows = [f"STX=ANA:1+{buyer.id}:{buyer.name}+{supplier.id}:{supplier.name}+{day}:083000+{(first.order_number or '')[-6:]}++ORDHDR"]
    kinds = ["ORDHDR", *["ORDERS"] * len(paper.orders), "ORDTLR"]
    for number, (kind, body) in enumerate(zip(kinds, messages, strict=True), 1):
        rows += [f"MHD={number}+{kind}:9", *(f"{s[0]}={'+'.join(s[1:]).rstrip('+')}" for s in body), f"MTR={len(body) + 2}"]
    rows.append(f"END={len(kinds)}")
    return "".join(row + "'\n" for row in rows).encode("latin-1")


def _header(paper: Paper, order: Order, day: str) -> list[list[str]]:
    return [
        ["TYP", "0430", "NEW-ORDERS"],
        ["SDT", order.supplier.id or "", _escaped(order.supplier.name), _address(paper.place(order.supplier))],
        ["CDT", order.buyer.id or "", _escaped(order.buyer.name), _address(paper.place(order.buyer))],
        ["FIL", "1", "1", day],
    ]


def _address(place: Place) -> str:
    return ":".join(_escaped(p) for p in (place.street, place.city, place.postcode) if p)


def _escaped(text: str | None) -> str:
    return "".join("?" + c if c in "=+:'?" else c for c in text or "")


def _order(order: Order, paper: Paper) -> list[list[str]]:
    delivery = compact(order.requested_delivery_date)[2:]
    rows = [
        ["CLO", order.ship_to.id or "", _escaped(order.ship_to.name), _address(paper.place(order.ship_to))],
        ["ORD", f"{order.order_number}::{compact(order.issue_date)[2:]}"],
    ]
    if delivery:
        rows.append(["DIN", delivery, delivery])
    rows += [_line(number, line) for number, line in enumerate(order.lines, 1)]
    return [*rows, ["OTR", str(len(order.lines))]]


def _line(number: int, line: OrderLine) -> list[str]:
    price = str(int((line.unit_price or Decimal(0)) * 10000))
    supplier_code = f"{line.standard_item_id or ''}:{line.supplier_item_id or ''}"
    buyer_code = f":{line.buyer_item_id}" if line.buyer_item_id else ""
    return ["OLD", str(number), supplier_code, "", buyer_code, "1", f"{line.quantity:f}", price, "", "", _escaped(line.description)]
