"""ASC X12 purchase orders: 850 and its changes 860 (release 004010), grocery orders 875, and the 855 as a look-alike."""

from __future__ import annotations

from decimal import Decimal

from source import Paper, compact

from signoff.domain.order import Order, OrderLine, Party

SETS = {"850": "PO", "860": "PC", "855": "PR", "875": "OG"}
UNITS = {"HUR": "HR", "MTR": "MR", "XCS": "CA"}


def render(paper: Paper) -> bytes:
    """One interchange with one functional group and a transaction for each order."""
    options = paper.options
    element, component, end = options.get("separators", "*>~")[:3]
    line_feed = "" if end == "\n" or options.get("one_line") else "\n"
    kind = str(options.get("set", "850"))
    rows: list[list[str]] = []
    for number, order in enumerate(paper.orders, 1):
        body = _grocery(order) if kind == "875" else _purchase(order, kind)
        control = f"{number:04}"
        rows += [["ST", kind, control], *body, ["SE", str(len(body) + 2), control]]
    first = paper.orders[0]
    envelope = [*_opening(first, kind, component), *rows, ["GE", str(len(paper.orders)), "1"], ["IEA", "1", _control(first)]]
    return "".join(element.join(row).rstrip(element) + end + line_feed for row in envelope).encode("latin-1")


def _control(order: Order) -> str:
    digits = "".join(c for c in order.order_number or "" if c.isdigit())
    return f"{digits[-6:]:0>9}"


def _opening(order: Order, kind: str, component: str) -> list[list[str]]:
    day = compact(order.issue_date)
    sender, receiver = f"{order.buyer.id:<15}", f"{order.supplier.id:<15}"
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", sender, "ZZ", receiver, day[2:], "0830", "U", "00401", _control(order), "0", "P"]
    return [[*isa, component], ["GS", SETS[kind], sender.strip(), receiver.strip(), day, "0830", "1", "X", "004010"]]


def _purchase(order: Order, kind: str) -> list[list[str]]:
    rows = [_beginning(order, kind)]
    if order.currency and kind != "855":
        rows.append(["CUR", "BY", order.currency])
    if order.contract_reference:
        rows.append(["REF", "CT", order.contract_reference])
    if order.cost_center:
        rows.append(["REF", "DP", order.cost_center])
    if order.requester:
        rows.append(["PER", "BD", order.requester])
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        rows.append(["FOB", "DF", "", "", "01", code, "CI", place])
    rows += [_sac(a.charge, a.amount, a.reason) for a in order.allowances_charges]
    if order.payment_terms:
        rows.append(["ITD", "05", "3", "", "", "", "", order.payment_terms.split(" ")[0]])
    if order.requested_delivery_date:
        rows.append(["DTM", "002", compact(order.requested_delivery_date)])
    rows += [["N9", "ZZ", "NOTE"], *(["MSG", n] for n in order.notes)] if order.notes else []
    for code, party in (("BY", order.buyer), ("SU", order.supplier), ("ST", order.ship_to)):
        rows += _party(code, party)
    for line in order.lines:
        rows += _line(line, kind)
    hash_total = sum((line.quantity or Decimal(0) for line in order.lines), Decimal(0))
    rows.append(["CTT", str(len(order.lines)), f"{hash_total:f}"])
    if order.payable_amount is not None and kind != "855":
        rows.append(["AMT", "TT", f"{order.payable_amount:f}"])
    return rows


def _beginning(order: Order, kind: str) -> list[str]:
    number, day = order.order_number or "", compact(order.issue_date)
    if kind == "855":
        return ["BAK", "00", "AD", number, day]
    if kind == "860":
        return ["BCH", "04", "SA", order.order_reference or number, "", "1", "", "", "", "", "", day]
    return ["BEG", "00", "SA", number, "", day]


def _sac(charge: bool, amount: Decimal | None, reason: str | None) -> list[str]:
    cents = str(int((amount or Decimal(0)) * 100))
    return ["SAC", "C" if charge else "A", "D240", "", "", cents, "", "", "", "", "", "", "06", "", "", reason or ""]


def _party(code: str, party: Party) -> list[list[str]]:
    rows = [["N1", code, party.name or "", "UL", party.id or ""]]
    if party.city:
        rows.append(["N4", party.city, "", "", party.country or ""])
    return rows


def _line(line: OrderLine, kind: str) -> list[list[str]]:
    unit = UNITS.get(line.unit or "", line.unit or "")
    numbers = (("VN", line.supplier_item_id), ("BP", line.buyer_item_id))
    ids = [part for qualifier, value in numbers if value for part in (qualifier, value)]
    figures = [f"{line.quantity:f}", unit, f"{line.unit_price:f}", ""]
    if kind == "860":
        row = ["POC", line.line_number or "", "QI", figures[0], figures[0], *figures[1:], *ids]
    else:
        row = ["PO1", line.line_number or "", *figures, *ids]
    rows: list[list[str]] = [row, ["PID", "F", "", "", "", line.description or ""]]
    if kind == "855":
        rows.append(["ACK", "IA", figures[0], unit])
    return rows


def _grocery(order: Order) -> list[list[str]]:
    """The body of an 875: its lines carry the U.P.C., the case price and no extension; G76 counts cases."""
    rows = [["G50", "N", compact(order.issue_date), order.order_number or ""]]
    if order.requested_delivery_date:
        rows.append(["G62", "02", compact(order.requested_delivery_date)])
    rows.append(["NTE", "GEN", f"CONTRACT {order.contract_reference}"])
    for code, party in (("BY", order.buyer), ("VN", order.supplier), ("ST", order.ship_to)):
        rows += _party(code, party)
    for line in order.lines:
        rows.append(
            [
                "G68",
                f"{line.quantity:f}",
                UNITS.get(line.unit or "", line.unit or ""),
                f"{line.unit_price:f}",
                line.standard_item_id or "",
                "VN",
                line.supplier_item_id or "",
            ]
        )
        rows.append(["G69", line.description or ""])
    cases = sum((line.quantity or Decimal(0) for line in order.lines), Decimal(0))
    rows.append(["G76", f"{cases:f}", "CA"])
    return rows
