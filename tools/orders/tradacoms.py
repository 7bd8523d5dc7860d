"""TRADACOMS ORDERS (version 9): one file is ORDHDR with the two parties, an ORDERS for each order, and ORDTLR.

Source: ANA (now GS1 UK) TRADACOMS manual, 1995 edition. Prices have four implied decimals (OUCT), measures three; dates are
YYMMDD. The standard prints no currency, no line value and no total, so these stay empty.
"""

from __future__ import annotations

from signoff.domain.errors import Unreadable
from signoff.domain.order import OrderType
from signoff.domain.reading import Part, SetAside, Unread
from signoff.tools.documents import tradacoms as standard
from signoff.tools.documents.document import Document
from signoff.tools.documents.edi import Message, Segment, count
from signoff.tools.orders.segments import SegmentDraft, finished

FORMAT = "tradacoms"
KINDS = {
    "INVFIL": "invoice",
    "INVOIC": "invoice",
    "CREHDR": "credit note",
    "CREDIT": "credit note",
    "DELHDR": "delivery notification",
    "DELIVR": "delivery notification",
    "ACKHDR": "order response",
    "ACKMNT": "order response",
    "AVLHDR": "availability report",
    "PRIHDR": "price catalogue",
    "PRIINF": "price catalogue",
    "PPRHDR": "product planning",
    "PPRDET": "product planning",
    "REMHDR": "remittance advice",
    "STKHDR": "stock report",
    "UPLHDR": "uplift instruction",
    "UTLHDR": "utility bill",
    "UTLBIL": "utility bill",
}
UNITS = {"KG": "KGM", "G": "GRM", "GM": "GRM", "L": "LTR", "LT": "LTR", "ML": "MLT", "M": "MTR", "CM": "CMT", "M2": "MTK", "M3": "MTQ"}
CHANGES = {"CANCEL": OrderType.CANCELLATION, "AMEND": OrderType.CHANGE, "CHANGE": OrderType.CHANGE}


def matches(document: Document) -> bool:
    """Whether the document was opened as TRADACOMS."""
    return document.format == FORMAT and document.text is not None


def read(document: Document) -> list[Part]:
    """One part for each ORDERS message; a file of another kind is one part. Raises `Unreadable` when it has no message."""
    try:
        messages = standard.messages(document.text or "")
    except Unreadable as error:
        raise Unreadable(f"{document.name}: {error}") from error
    parts: list[Part] = []
    header: Message | None = None
    for message in messages:
        if message.kind == "ORDHDR":
            header = message
        elif message.kind == "ORDERS" or (not message.kind and any(s.tag == "ORD" for s in message.segments)):
            parts.append(_order(message, header, _orders_lost(messages)))
    return parts or [_other(messages)]


def _orders_lost(messages: list[Message]) -> str:
    """ORDTLR counts the orders of the file (OFT)."""
    counted = [s for m in messages if m.kind == "ORDTLR" for s in m.segments if s.tag == "OFT"]
    declared = [c for s in counted if (c := count(s.get(1))) is not None]
    seen = sum(m.kind == "ORDERS" for m in messages)
    return f"The trailer (OFT) counts {sum(declared)} orders, {seen} are in the file; some may be lost." if sum(declared) > seen else ""


def _other(messages: list[Message]) -> Part:
    kinds = [m.kind for m in messages if m.kind]
    if not kinds or set(kinds) <= {"ORDHDR", "ORDTLR"}:
        return Unread(format=FORMAT, reason="The TRADACOMS file has no ORDERS message; ask the sender for it again.")
    telling = next((k for k in kinds if k in KINDS), kinds[0])
    kind = KINDS.get(telling, f"TRADACOMS message {telling[:20]}")
    return SetAside(format=FORMAT, kind=kind, reason=f"The header (MHD) says that this is {telling[:20]}, not ORDERS.")


def _order(message: Message, header: Message | None, lost: str) -> Part:
    if lost:
        message.losses.append(lost)
    first = next((s for s in message.segments if s.tag == "ORD"), None)
    if first is None:
        return Unread(format=FORMAT, reason="The ORDERS message has no ORD segment, so its number is unknown; ask the sender for it again.")
    draft = SegmentDraft(FORMAT, "X12")
    draft.take("/order_number", first, 1)
    draft.when("/issue_date", first, 1, 3)
    if header is None:
        draft.notice("field_missing", "/supplier", "The file has no ORDHDR message, which names the buyer and the supplier.")
    else:
        _parties(draft, header, first)
    _body(draft, message)
    return finished(draft, message, "MTR")


def _parties(draft: SegmentDraft, header: Message, first: Segment) -> None:
    """ORDHDR: SDT supplier, CDT customer, TYP what kind of file it is."""
    for segment in header.segments:
        if segment.tag in ("SDT", "CDT"):
            _party(draft, "/supplier" if segment.tag == "SDT" else "/buyer", segment)
        elif segment.tag == "TYP":
            _kind(draft, segment, first)


def _kind(draft: SegmentDraft, segment: Segment, first: Segment) -> None:
    """TYP: 01 code, 02 words. 0430 is a new order; anything else is told by its words or by a person."""
    words = segment.get(2).upper()
    kind = next((k for stem, k in CHANGES.items() if stem in words), None)
    if kind:
        draft.say("/order_type", kind, segment, 2)
        draft.take("/order_reference", first, 1)
    elif segment.get(1) != "0430":
        where = segment.where(1)
        message = f"The file type {segment.get(1)!r} in {where} is not that of new orders (0430); say what the document asks for."
        draft.notice("field_missing", "/order_type", message, text=segment.get(1) or segment.get(2), where=where)


def _party(draft: SegmentDraft, at: str, segment: Segment) -> None:
    """SDT, CDT and CLO: 01.1 GLN, 01.2 the code that the other side uses, 02 name, 03 address, 04 VAT number."""
    element = 1 if segment.get(1) else 2
    draft.take(f"{at}/id", segment, 1, element)
    if segment.get(1):
        draft.put(f"{at}/id_scheme", "GLN")
    draft.take(f"{at}/name", segment, 2)
    if segment.tag != "CLO":
        draft.take(f"{at}/tax_id", segment, 4)


def _body(draft: SegmentDraft, message: Message) -> None:
    lines = 0
    for segment in message.segments:
        if segment.tag == "CLO":
            _party(draft, "/ship_to", segment)
        elif segment.tag == "DIN":
            # 01 earliest, 02 latest day of delivery; the latest is what the supplier has to keep.
            draft.when("/requested_delivery_date", segment, 2 if segment.get(2) else 1)
            draft.note(" ".join(segment.get(4, c) for c in range(1, 5)), segment.where(4))
        elif segment.tag == "OLD":
            _line(draft, f"/lines/{lines}", segment)
            lines += 1
        elif segment.tag in ("DNA", "DNB", "DNC"):
            element = {"DNA": 4, "DNB": 5, "DNC": 6}[segment.tag]
            draft.note(" ".join(segment.get(element, c) for c in range(1, 5)), segment.where(element))
        elif segment.tag == "OTR" and (printed := count(segment.get(1))) is not None:
            draft.controls["line_count"] = printed
    if not lines and not draft.has("/order_type"):
        draft.notice("rows_missing", "/lines", "The order has no lines (OLD).")


def _line(draft: SegmentDraft, at: str, segment: Segment) -> None:
    """OLD: 01 number, 02 supplier's item (GTIN, code, DUN-14), 03 consumer unit, 04 customer's item, 05 pack, 06 quantity,
    07 price of the ordering unit, 10 description."""
    draft.take(f"{at}/line_number", segment, 1)
    for element, component in ((2, 1), (2, 3), (3, 1)):
        draft.take(f"{at}/standard_item_id", segment, element, component)
    if draft.has(f"{at}/standard_item_id"):
        draft.put(f"{at}/standard_item_scheme", "GTIN")
    draft.take(f"{at}/supplier_item_id", segment, 2, 2)
    draft.take(f"{at}/buyer_item_id", segment, 4, 2 if segment.get(4, 2) else 1)
    words = " ".join(segment.get(10, c) for c in (1, 2))
    draft.text(f"{at}/description", words, where=segment.where(10))
    _quantity(draft, at, segment)
    draft.amount(f"{at}/unit_price", segment, 7, implied=4)


def _quantity(draft: SegmentDraft, at: str, segment: Segment) -> None:
    """OQTY: 06.1 ordering units, or 06.2 a measure with three decimals in the unit 06.3. OUCT 07.2 is the unit of the price."""
    unit = segment.get(6, 3)
    if segment.get(6):
        draft.amount(f"{at}/quantity", segment, 6)
    elif segment.get(6, 2):
        draft.amount(f"{at}/quantity", segment, 6, 2, implied=3)
        if unit:
            draft.say(f"{at}/unit", UNITS.get(unit, unit), segment, 6, 3)
    if segment.get(7, 2) and (segment.get(6) or segment.get(7, 2) != unit):
        where = segment.where(7, 2)
        message = f"Line {segment.get(1)} is priced per {segment.get(7, 2)}, which is not the unit it is ordered in; check the price."
        draft.notice("readings_disagree", f"{at}/unit_price", message, text=segment.get(7, 2), where=where)
