"""UN/EDIFACT ORDERS and ORDCHG, D.96A with EANCOM 1997 codes, and the ORDRSP as a look-alike."""

from __future__ import annotations

from decimal import Decimal

from source import Paper, compact

from signoff.domain.order import Order, OrderLine, Party

Segment = list[str | list[str]]


def render(paper: Paper) -> bytes:
    """One interchange with a message for each order. `una` in the options gives the service string advice."""
    una = paper.options.get("una", "")
    marks = una or ":+.? '"
    kind = paper.options.get("message", "ORDERS")
    first = paper.orders[0]
    day = compact(first.issue_date)[2:]
    reference = (first.order_number or "")[-6:]
    segments: list[Segment] = [
        ["UNB", ["UNOC", "3"], [first.buyer.id or "", "14"], [first.supplier.id or "", "14"], [day, "0830"], reference],
    ]
    for number, order in enumerate(paper.orders, 1):
        body = _message(order, kind, marks[2])
        head: Segment = ["UNH", str(number), [kind, "D", "96A", "UN", "EAN008"]]
        segments += [head, *body, ["UNT", str(len(body) + 2), str(number)]]
    segments.append(["UNZ", str(len(paper.orders)), reference])
    line_feed = "\n" if paper.options.get("line_feeds", True) else ""
    text = "".join(_written(s, marks) + line_feed for s in segments)
    return ((f"UNA{una}{line_feed}" if una else "") + text).encode("latin-1")


def _written(segment: Segment, marks: str) -> str:
    component, element, release, end = marks[0], marks[1], marks[3], marks[5]

    def escaped(text: str) -> str:
        return "".join(release + c if c in (component, element, release, end) else c for c in text)

    parts = [escaped(e) if isinstance(e, str) else component.join(escaped(c) for c in e).rstrip(component) for e in segment]
    return element.join(parts).rstrip(element) + end


def _message(order: Order, kind: str, mark: str) -> list[Segment]:
    """The segments between UNH and UNT; numbers with the interchange's decimal mark."""

    def number(value: Decimal | None) -> str:
        return f"{value:f}".replace(".", mark)

    change = kind == "ORDCHG"
    name, function = ("230", "4") if change else ("231", "29") if kind == "ORDRSP" else ("220", "9")
    rows: list[Segment] = [["BGM", name, order.order_number or "", function], ["DTM", ["137", compact(order.issue_date), "102"]]]
    if order.requested_delivery_date:
        rows.append(["DTM", ["2", compact(order.requested_delivery_date), "102"]])
    rows += [["FTX", "PUR", "", "", note] for note in order.notes]
    if order.order_reference:
        rows.append(["RFF", ["ON", order.order_reference]])
    if order.contract_reference:
        rows.append(["RFF", ["CT", order.contract_reference]])
    for code, party in (("BY", order.buyer), ("SU", order.supplier), ("DP", order.ship_to)):
        rows += _party(code, party, order)
    rows.append(["CUX", ["2", order.currency or "", "9"]])
    days = (order.payment_terms or "").split(" ")[0]
    if days.isdigit():
        rows.append(["PAT", "1", "", ["5", "3", "D", days]])
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        rows += [["TOD", "6", "", [code, "", "", place]]]
    for charge in order.allowances_charges:
        rows += [
            ["ALC", "C" if charge.charge else "A", "", "", "", ["FC", "", "", charge.reason or ""]],
            ["MOA", ["8", number(charge.amount)]],
        ]
    for line in order.lines:
        rows += _line(line, number, change)
    rows.append(["UNS", "S"])
    if order.line_total is not None:
        rows += [["MOA", ["79", number(order.line_total)]], ["MOA", ["86", number(order.payable_amount)]]]
    return [*rows, ["CNT", ["2", str(len(order.lines))]]]


def _party(code: str, party: Party, order: Order) -> list[Segment]:
    place: Segment = ["NAD", code, [party.id or "", "", "9"], "", party.name or "", "", party.city or "", "", "", party.country or ""]
    rows: list[Segment] = [place]
    if party.tax_id:
        rows.append(["RFF", ["VA", party.tax_id]])
    if code == "BY" and order.requester:
        rows.append(["CTA", "OC", ["", order.requester]])
    return rows


def _line(line: OrderLine, number: object, change: bool) -> list[Segment]:
    assert callable(number)
    item: list[str] = [line.standard_item_id, "EN"] if line.standard_item_id else [""]
    rows: list[Segment] = [["LIN", line.line_number or "", "3" if change else "", item]]
    for qualifier, value in (("SA", line.supplier_item_id), ("IN", line.buyer_item_id)):
        if value:
            rows.append(["PIA", "5" if qualifier == "SA" else "1", [value, qualifier]])
    rows.append(["IMD", "F", "", ["", "", "", *_halves(line.description or "")]])
    rows.append(["QTY", ["21", number(line.quantity), line.unit or ""]])
    if line.line_amount is not None:
        rows.append(["MOA", ["203", number(line.line_amount)]])
    price = ["AAA", number(line.unit_price)]
    if line.price_base_quantity != 1:
        price += ["", "", number(line.price_base_quantity), line.unit or ""]
    return [*rows, ["PRI", price]]


def _halves(text: str) -> list[str]:
    """An item description holds two texts of 35 characters each; it is broken between words."""
    if len(text) <= 35:
        return [text]
    at = text.rindex(" ", 0, 36)
    return [text[:at], text[at + 1 : at + 36]]
