"""X12 850 Purchase Order, 860 Purchase Order Change, 875 Grocery Purchase Order and 876, its change.

Source: ASC X12 transaction sets 850, 860, 875 and 876, versions 002040 to 008060, which agree in what is read here. An amount is
read only where the document prints one: AMT, TXI, SAC; a total that nobody printed stays empty.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from signoff.domain.errors import Unreadable
from signoff.domain.order import OrderType
from signoff.domain.reading import Part, SetAside, Unread
from signoff.tools.documents import x12 as standard
from signoff.tools.documents.document import Document
from signoff.tools.documents.edi import Message, Segment
from signoff.tools.orders import x12_codes as codes
from signoff.tools.orders.segments import Place, SegmentDraft, finished
from signoff.tools.orders.x12_charges import allowance, grocery_allowance, summed
from signoff.tools.orders.x12_lines import LAYOUT, Line

FORMAT = "x12"
BEGIN = {"850": "BEG", "860": "BCH", "875": "G50", "876": "G92"}
NAMES = {
    "850": "purchase order",
    "860": "purchase order change",
    "875": "grocery purchase order",
    "876": "grocery purchase order change",
}


def matches(document: Document) -> bool:
    """Whether the document was opened as X12."""
    return document.format == FORMAT and document.text is not None


def read(document: Document) -> list[Part]:
    """One part for each transaction set. Raises `Unreadable` when the file has none."""
    try:
        return [_part(message) for message in standard.messages(document.text or "")]
    except Unreadable as error:
        raise Unreadable(f"{document.name}: {error}") from error


def _part(message: Message) -> Part:
    begin = BEGIN.get(message.kind)
    if begin is None:
        return _other(message)
    first = next((s for s in message.segments if s.tag == begin), None)
    if first is None:
        reason = f"The {NAMES[message.kind]} ({message.kind}) has no {begin} segment, so its number is unknown; ask for it again."
        return Unread(format=FORMAT, reason=reason)
    purpose = _purpose(first)
    if purpose in codes.NOT_FOR_ACTION:
        kind = codes.NOT_FOR_ACTION[purpose]
        return SetAside(format=FORMAT, kind=kind, reason=f"{first.where(1)} says {first.get(1)!r}: {kind}, nothing is ordered by it.")
    return finished(_Order(message, first, purpose).fill(), message, "SE")


def _purpose(first: Segment) -> str:
    """Element 353, whichever code the beginning segment says it in."""
    if first.tag == "G50":
        return codes.STATUSES.get(first.get(1), first.get(1))
    if first.tag == "G92":
        return "01" if first.get(1) == "CF" else "04"
    return first.get(1)


def _other(message: Message) -> Part:
    if not message.kind.isdecimal():
        return Unread(format=FORMAT, reason="A transaction set has lost its header (ST); ask the sender for it again.")
    kind = codes.KINDS.get(message.kind, f"X12 transaction set {message.kind}")
    return SetAside(format=FORMAT, kind=kind, reason=f"The header (ST) says that this is an X12 {message.kind}, not a purchase order.")


class _Order:
    """One transaction set being read, segment after segment. `line` is the line item, `party` the N1 loop it is in."""

    def __init__(self, message: Message, first: Segment, purpose: str) -> None:
        self.message, self.first, self.purpose = message, first, purpose
        self.draft = SegmentDraft(FORMAT, "X12")
        self.lines: list[Line] = []
        self.line: Line | None = None
        self.party: str | None = ""
        self.charges = 0
        self.dates: list[tuple[str, Segment]] = []
        self.taxes: list[Segment] = []
        self.contacts: list[Segment] = []
        self.named: set[str] = set()
        self.vendor: Segment | None = None
        self.cost_centers: list[Segment] = []

    def fill(self) -> SegmentDraft:
        self._begin()
        for segment in self.message.segments:
            if segment.tag in LAYOUT:
                self._item(segment)
            elif segment.tag in ("CTT", "G76"):
                self.party, self.line = "", None
                self._total(segment)
            elif self.line is not None:
                self._detail(self.line, segment)
            elif handler := HEADER.get(segment.tag):
                handler(self, segment)
        for line in self.lines:
            line.close()
        self._close()
        return self.draft

    def _item(self, segment: Segment) -> None:
        """The lines of an 876 say nothing of what is to be done with them, for its beginning says it for all."""
        self.party, self.line = "", Line(self.draft, len(self.lines), segment)
        if self.first.tag == "G92" and (action := codes.ACTIONS.get(self.first.get(1))):
            self.draft.say(self.line.at + "/action", action, self.first, 1)
        self.lines.append(self.line)

    def _begin(self) -> None:
        """BEG, BCH, G50 or G92. A change or cancellation keeps the order's number and is about that order."""
        draft, first = self.draft, self.first
        draft.take("/order_number", first, 3)
        changes = self.message.kind in ("860", "876") or self.purpose in codes.CHANGES
        cancels = self.purpose in codes.CANCELS
        if cancels or changes:
            draft.say("/order_type", OrderType.CANCELLATION if cancels else OrderType.CHANGE, first, 1)
            draft.take("/order_reference", first, 3)
        elif self.purpose not in codes.ORDERS:
            printed, where = first.get(1), first.where(1)
            message = f"The purpose {printed!r} in {where} is not one that an order has; say what the document asks for."
            draft.notice("field_missing", "/order_type", message, text=printed, where=where)
        draft.note(codes.PURPOSES.get(self.purpose, ""), first.where(1))
        if self.message.kind in ("875", "876"):
            draft.when("/issue_date", first, 2)
            return
        date, contract = (5, 6) if self.message.kind == "850" else (6, 8)
        if first.get(11) and self.message.kind == "860":
            draft.when("/issue_date", first, 11)
        draft.when("/issue_date", first, date)
        draft.take("/contract_reference", first, contract)
        if first.get(4):
            draft.note(f"Release {first.get(4)}", first.where(4))
        if self.message.kind == "860" and first.get(5):
            draft.note(f"Change {first.get(5)}", first.where(5))

    def currency(self, segment: Segment) -> None:
        self.draft.take("/currency", segment, 2)

    def reference(self, segment: Segment) -> None:
        """REF: 01 what it is, 02 the number. In an N1 loop it belongs to the party."""
        what = segment.get(1)
        if self.party:
            if what in codes.TAX_REFERENCES:
                self.draft.take(f"/{self.party}/tax_id", segment, 2)
            elif what in codes.COST_CENTERS and self.party == "buyer":
                self.cost_centers.append(segment)
        elif self.party is None:
            return
        elif what in codes.COST_CENTERS:
            self.cost_centers.append(segment)
        elif what in codes.REFERENCES:
            self.draft.take(codes.REFERENCES[what], segment, 2)
        elif what == "IA":
            self.vendor = segment

    def contact(self, segment: Segment) -> None:
        """PER: 01 function, 02 name, then pairs of kind and number. The orderer's contact is the requester."""
        if self.party in ("", "buyer") and segment.get(1) not in codes.OTHER_CONTACTS:
            self.contacts.append(segment)
        if self.party:
            self._mail(segment, self.party)

    def _mail(self, segment: Segment, party: str) -> None:
        for element in (3, 5, 7):
            if segment.get(element) == "EM":
                self.draft.take(f"/{party}/email", segment, element + 1)

    def tax_exemption(self, segment: Segment) -> None:
        self.draft.take("/buyer/tax_id", segment, 1)

    def terms(self, segment: Segment) -> None:
        """ITD: 12 says it in words; else discount percent (03) and days (05), net days (07), due date (06)."""
        if segment.get(12):
            self.draft.take("/payment_terms", segment, 12)
            return
        said = [f"{segment.get(3)} % {segment.get(5)} days"] if segment.get(3) and segment.get(5) else []
        said += [f"net {segment.get(7)} days"] if segment.get(7) else []
        said += [f"net due {segment.get(6)}"] if segment.get(6) and not segment.get(7) else []
        element = next((e for e in (7, 5, 6) if segment.get(e)), 0)
        if said and element:
            self.draft.text("/payment_terms", ", ".join(said), where=segment.where(element))

    def delivery_terms(self, segment: Segment) -> None:
        """FOB: 05 Incoterm with the place (03 or 07), else the location words, else who pays the freight (01)."""
        words = " ".join(w for w in (segment.get(5), segment.get(3) or segment.get(7)) if w)
        words = words or codes.FREIGHT.get(segment.get(1), segment.get(1))
        element = next((e for e in (5, 3, 7, 1) if segment.get(e)), 1)
        self.draft.text("/delivery_terms", words, where=segment.where(element))

    def date(self, segment: Segment) -> None:
        self.dates.append((segment.get(1), segment))

    def grocery_date(self, segment: Segment) -> None:
        self.dates.append((codes.GROCERY_DATES.get(segment.get(1), ""), segment))

    def name(self, segment: Segment) -> None:
        """N1: 01 role, 02 name, 03 what kind of id, 04 the id. A role that is named again does not mix with the first."""
        role = codes.ROLES.get(segment.get(1))
        # None: a loop of a party that the order has no place for, whose N2, PER and REF are not the header's.
        self.party = None if role in self.named else role
        if role is None or role in self.named:
            return
        self.named.add(role)
        self.draft.take(f"/{role}/name", segment, 2)
        if not segment.get(4):
            return
        if segment.get(3) in codes.TAX_SCHEMES:
            self.draft.take(f"/{role}/tax_id", segment, 4)
            return
        self.draft.take(f"/{role}/id", segment, 4)
        self.draft.put(f"/{role}/id_scheme", codes.PARTY_SCHEMES.get(segment.get(3)))

    def more_name(self, segment: Segment) -> None:
        if self.party and not self.draft.has(f"/{self.party}/name"):
            self.draft.take(f"/{self.party}/name", segment, 1)

    def place(self, segment: Segment) -> None:
        if self.party:
            self.draft.take(f"/{self.party}/city", segment, 1)
            self.draft.take(f"/{self.party}/country", segment, 4)

    def charge(self, segment: Segment) -> None:
        self.charges += allowance(self.draft, f"/allowances_charges/{self.charges}", segment)

    def tax(self, segment: Segment) -> None:
        self.taxes.append(segment)

    def message_text(self, segment: Segment) -> None:
        self.draft.note(segment.get(1), segment.where(1))

    def note(self, segment: Segment) -> None:
        self.draft.note(segment.get(2), segment.where(2))

    def allowance_note(self, segment: Segment) -> None:
        self.draft.note(grocery_allowance(segment), segment.where(1))

    def reference_note(self, segment: Segment) -> None:
        """N9 opens a loop of its own, which ends the one of the party before it."""
        self.party = ""
        self.reference(segment)
        self.draft.note(segment.get(3), segment.where(3))

    def amount(self, segment: Segment) -> None:
        """AMT: TT total of the transaction, 1 total of the line items, T tax."""
        pointer = {"TT": "/payable_amount", "1": "/line_total", "T": "/tax_total"}.get(segment.get(1))
        if pointer:
            self.draft.amount(pointer, segment, 2)

    def _total(self, segment: Segment) -> None:
        """CTT: 01 number of line items, 02 hash total of the quantities. G76: 01 total quantity, 08 amount in cents."""
        if segment.tag == "G76":
            self.draft.amount("/payable_amount", segment, 8, implied=2)
        quantity = segment.get(2 if segment.tag == "CTT" else 1)
        if segment.tag == "CTT" and segment.get(1).isdecimal():
            self.draft.controls["line_count"] = int(segment.get(1)[:9])
        if quantity.replace(".", "", 1).isdecimal() and len(quantity) <= 28:
            self.draft.controls["quantity_total"] = Decimal(quantity)

    def _detail(self, line: Line, segment: Segment) -> None:
        if segment.tag == "SAC":
            line.charges += allowance(self.draft, f"{line.at}/allowances_charges/{line.charges}", segment)
        elif segment.tag == "G72":
            self.draft.note(f"Line {line.label}: {grocery_allowance(segment)}", segment.where(1))
        elif segment.tag == "REF" and segment.get(1) in codes.COST_CENTERS and not line.loop:
            line.cost_centers.append(segment)
        else:
            line.read(segment)

    def _cost_center(self) -> None:
        """A cost allocation reference goes before a department number."""
        own = min(self.cost_centers, key=_rank, default=None)
        lined = [(line.label, Place(min(line.cost_centers, key=_rank), 2)) for line in self.lines if line.cost_centers]
        self.draft.cost_center(Place(own, 2) if own else None, lined, len(self.lines))

    def _close(self) -> None:
        draft = self.draft
        for pointer, wanted in (("/requested_delivery_date", codes.DELIVERY_DATES), ("/valid_to", codes.VALID_TO_DATES)):
            for segment in sorted((s for q, s in self.dates if q in wanted), key=lambda s: wanted.index(_qualifier(s))):
                draft.when(pointer, segment, 2)
        for qualifier, segment in self.dates:
            if qualifier == "004":
                draft.when("/issue_date", segment, 2)
        self._cost_center()
        for segment in sorted(self.contacts, key=lambda s: s.get(1) not in codes.BUYING_CONTACTS):
            draft.take("/requester", segment, 2)
            self._mail(segment, "buyer")
        summed(draft, "/tax_total", self.taxes)
        if self.vendor and not draft.has("/supplier/id"):
            draft.take("/supplier/id", self.vendor, 2)
            draft.put("/supplier/id_scheme", codes.PARTY_SCHEMES["92"])
        if not self.lines and not draft.has("/order_type"):
            draft.notice("rows_missing", "/lines", "The order has no line items.")


def _qualifier(segment: Segment) -> str:
    return codes.GROCERY_DATES.get(segment.get(1), "") if segment.tag == "G62" else segment.get(1)


def _rank(segment: Segment) -> int:
    return codes.COST_CENTERS.index(segment.get(1))


HEADER: dict[str, Callable[[_Order, Segment], None]] = {
    "CUR": _Order.currency,
    "REF": _Order.reference,
    "PER": _Order.contact,
    "G61": _Order.contact,
    "TAX": _Order.tax_exemption,
    "ITD": _Order.terms,
    "FOB": _Order.delivery_terms,
    "DTM": _Order.date,
    "G62": _Order.grocery_date,
    "N1": _Order.name,
    "N2": _Order.more_name,
    "N4": _Order.place,
    "SAC": _Order.charge,
    "G72": _Order.allowance_note,
    "TXI": _Order.tax,
    "MSG": _Order.message_text,
    "MTX": _Order.note,
    "NTE": _Order.note,
    "N9": _Order.reference_note,
    "AMT": _Order.amount,
}
