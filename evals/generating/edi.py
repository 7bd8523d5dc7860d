"""Orders as electronic messages: ASC X12 850 and 860 (release 004010), UN/EDIFACT ORDERS and ORDCHG (D.96A, EANCOM)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from textwrap import wrap

from signoff.evals.generating.paper import Line, Order, Party

X12_UNITS = {"MTR": "MR", "KGM": "KG", "LTR": "LT", "SET": "ST"}
Segment = list[str | list[str]]


def x12_said(order: Order) -> Order:
    """An 850 prints no amount of a line."""
    return replace(order, ship_to=None, lines=tuple(replace(line, amount_shown=False) for line in order.lines))


def edifact_said(order: Order) -> Order:
    """These messages name no cost centre."""
    return replace(order, ship_to=None, cost_center=None)


def x12(orders: Sequence[Order], marks: str) -> bytes:
    """One interchange with a transaction an order. `marks` are the element and component separators and the segment's end."""
    element, component, end = tuple(marks)
    first = orders[0]
    kind, group = ("860", "PC") if first.kind == "change" else ("850", "PO")
    day, control = f"{first.date:%Y%m%d}", _control(first)
    sender, receiver = first.buyer.id or "BUYER", first.supplier.id or "SUPPLIER"
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{sender:<15}", "ZZ", f"{receiver:<15}", day[2:], "0830"]
    rows = [[*isa, "U", "00401", control, "0", "P", component], ["GS", group, sender, receiver, day, "0830", "1", "X", "004010"]]
    for n, order in enumerate(orders, 1):
        body = _purchase(order)
        rows += [["ST", kind, f"{n:04}"], *body, ["SE", str(len(body) + 2), f"{n:04}"]]
    rows += [["GE", str(len(orders)), "1"], ["IEA", "1", control]]
    line_feed = "" if end == "\n" else "\n"
    cleared = str.maketrans(element + end, "  ")
    written = (element.join(part.translate(cleared) for part in row).rstrip(element) + end + line_feed for row in rows)
    return "".join(written).encode("latin-1", "replace")


def _control(order: Order) -> str:
    digits = "".join(c for c in order.number or "" if c.isdigit())
    return f"{digits[-6:]:0>9}"


def _purchase(order: Order) -> list[list[str]]:
    day = f"{order.date:%Y%m%d}"
    number = order.number or ""
    if order.kind == "change":
        rows = [["BCH", "04", "SA", order.reference or "", "", "1", day, "", "", "", "", day]]
    else:
        rows = [["BEG", "00", "SA", number, "", day]]
    rows.append(["CUR", "BY", order.currency])
    rows += [["REF", code, value] for code, value in (("CT", order.contract_ref), ("DP", order.cost_center)) if value]
    if order.requester:
        rows.append(["PER", "BD", order.requester])
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        rows.append(["FOB", "DF", "", "", "01", code, "CI", place])
    rows += [["SAC", "C", "D240", "", "", str(int(c.amount * 100)), *[""] * 6, "06", "", "", c.reason] for c in order.charges]
    if order.payment_terms:
        rows.append(["ITD", "05", "3", "", "", "", "", order.payment_terms])
    if order.delivery_date:
        rows.append(["DTM", "002", f"{order.delivery_date:%Y%m%d}"])
    if order.tax is not None:
        rows.append(["TXI", "VA", f"{order.tax:f}"])
    rows += [["N9", "ZZ", "NOTE"], *(["MSG", note] for note in order.notes)] if order.notes else []
    for code, who in (("BY", order.buyer), ("SU", order.supplier)):
        rows += _x12_party(code, who)
    rows += [row for line in order.lines for row in _x12_line(order, line)]
    hashed = sum((line.qty for line in order.lines), Decimal(0))
    return [*rows, ["CTT", str(len(order.lines)), f"{hashed:f}"], ["AMT", "TT", f"{order.total:f}"]]


def _x12_party(code: str, who: Party) -> list[list[str]]:
    row = ["N1", code, who.name, *(("UL", who.id) if who.id else ())]
    return [row, *([["N3", who.street]] if who.street else []), ["N4", who.city, "", who.postcode, who.country]]


def _x12_line(order: Order, line: Line) -> list[list[str]]:
    unit = X12_UNITS.get(line.unit, line.unit)
    each, basis = (line.price, "") if line.base == 1 else (line.price, "HP" if line.base == 100 else "")
    ids = [part for qualifier, value in (("VN", line.part), ("BP", line.buyer_part)) if value for part in (qualifier, value)]
    figures = [f"{line.qty:f}", unit, f"{each:f}", basis]
    head = ["POC", line.number, "QI", figures[0], figures[0], *figures[1:]] if order.kind == "change" else ["PO1", line.number, *figures]
    return [[*head, *ids], ["PID", "F", "", "", "", line.description]]


def edifact(orders: Sequence[Order], marks: str) -> bytes:
    """One interchange with a message an order. `marks` is the service string advice, as `:+.? '`."""
    first = orders[0]
    reference = _control(first)[-6:]
    opening: Segment = [
        "UNB",
        ["UNOC", "3"],
        [first.buyer.id, "14"],
        [first.supplier.id, "14"],
        [f"{first.date:%y%m%d}", "0830"],
        reference,
    ]
    segments: list[Segment] = [opening]
    for n, order in enumerate(orders, 1):
        body = _message(order, marks[2])
        kind = "ORDCHG" if order.kind == "change" else "ORDERS"
        segments += [["UNH", str(n), [kind, "D", "96A", "UN", "EAN008"]], *body, ["UNT", str(len(body) + 2), str(n)]]
    segments.append(["UNZ", str(len(orders)), reference])
    return (f"UNA{marks}\n" + "".join(_written(s, marks) + "\n" for s in segments)).encode("latin-1", "replace")


def _written(segment: Segment, marks: str) -> str:
    component, element, release, end = marks[0], marks[1], marks[3], marks[5]

    def escaped(text: str) -> str:
        return "".join(release + c if c in (component, element, release, end) else c for c in text)

    parts = [escaped(e) if isinstance(e, str) else component.join(escaped(c) for c in e).rstrip(component) for e in segment]
    return element.join(parts).rstrip(element) + end


def _message(order: Order, mark: str) -> list[Segment]:
    def number(value: Decimal) -> str:
        return f"{value:f}".replace(".", mark)

    change = order.kind == "change"
    rows: list[Segment] = [["BGM", "230" if change else "220", order.number or "", "4" if change else "9"]]
    rows.append(["DTM", ["137", f"{order.date:%Y%m%d}", "102"]])
    if order.delivery_date:
        rows.append(["DTM", ["2", f"{order.delivery_date:%Y%m%d}", "102"]])
    rows += [["FTX", "PUR", "", "", wrap(note, 70)] for note in order.notes]
    rows += [["RFF", [code, value]] for code, value in (("ON", order.reference), ("CT", order.contract_ref)) if value]
    for code, who in (("BY", order.buyer), ("SU", order.supplier)):
        rows += _edifact_party(code, who, order)
    rows.append(["CUX", ["2", order.currency, "9"]])
    if order.payment_terms:
        rows.append(["PAT", "1", "", ["5", "3", "D", order.payment_terms]])
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        rows.append(["TOD", "6", "", [code, "", "", place]])
    for charge in order.charges:
        rows += [["ALC", "C", "", "", "", ["FC", "", "", charge.reason]], ["MOA", ["8", number(charge.amount)]]]
    for line in order.lines:
        rows += _edifact_line(line, number, change)
    rows += [["UNS", "S"], ["MOA", ["79", number(order.net)]]]
    if order.tax is not None:
        rows.append(["MOA", ["124", number(order.tax)]])
    return [*rows, ["MOA", ["86", number(order.total)]], ["CNT", ["2", str(len(order.lines))]]]


def _edifact_party(code: str, who: Party, order: Order) -> list[Segment]:
    rows: list[Segment] = [
        ["NAD", code, [who.id, "", "9"] if who.id else "", "", who.name, who.street, who.city, "", who.postcode, who.country]
    ]
    if who.tax_id:
        rows.append(["RFF", ["VA", who.tax_id]])
    if code == "BY" and order.requester:
        rows.append(["CTA", "OC", ["", order.requester]])
    return rows


def _edifact_line(line: Line, number: object, change: bool) -> list[Segment]:
    assert callable(number)
    rows: list[Segment] = [["LIN", line.number, "3" if change else "", [""]]]
    rows += [["PIA", code, [value, kind]] for code, value, kind in (("5", line.part, "SA"), ("1", line.buyer_part, "IN")) if value]
    rows.append(["IMD", "F", "", ["", "", "", line.description[:35]]])
    rows.append(["QTY", ["21", number(line.qty), line.unit]])
    if line.amount is not None:
        rows.append(["MOA", ["203", number(line.amount)]])
    price = ["AAA", number(line.price), *(["", "", number(line.base), line.unit] if line.base != 1 else [])]
    return [*rows, ["PRI", price]]
