"""UN/EDIFACT ORDERS (purchase order) and ORDCHG (order change), D.93A to D.01B and EANCOM.

Source: UNTDID message types ORDERS and ORDCHG; EANCOM 1997 and 2002. Segments belong to the group that the last trigger
segment opened (RFF, NAD, CTA, CUX, PAT, TOD, ALC, LOC ...); a line begins with LIN, the summary with UNS.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from signoff.domain.errors import Unreadable
from signoff.domain.order import OrderType
from signoff.domain.reading import Part, SetAside, Unread
from signoff.tools.documents import edifact as standard
from signoff.tools.documents.document import Document
from signoff.tools.documents.edi import Message, Segment
from signoff.tools.orders import edifact_codes as codes
from signoff.tools.orders.edifact_lines import Charge, Line, date_of, put_date
from signoff.tools.orders.segments import Place, SegmentDraft, decimal, finished

FORMAT = "edifact"
TRIGGERS = frozenset({"RFF", "NAD", "TAX", "CUX", "PAT", "TDT", "TOD", "PAC", "EQD", "SCC", "APR", "ALC", "RCS", "DGS"})


def matches(document: Document) -> bool:
    """Whether the document was opened as EDIFACT."""
    return document.format == FORMAT and document.text is not None


def read(document: Document) -> list[Part]:
    """One part for each message. Raises `Unreadable` when the file has none."""
    try:
        return [_part(message) for message in standard.messages(document.text or "")]
    except Unreadable as error:
        raise Unreadable(f"{document.name}: {error}") from error


def _part(message: Message) -> Part:
    first = next((s for s in message.segments if s.tag == "BGM"), None)
    name = first.get(1) if first else ""
    kind = message.kind or _kind(name)
    if kind not in ("ORDERS", "ORDCHG"):
        return _other(message, kind)
    if first is None:
        reason = f"The {kind} message has no BGM segment, so its number is unknown; ask the sender for it again."
        return Unread(format=FORMAT, reason=reason)
    if name in codes.OTHER_DOCUMENTS:
        named = codes.OTHER_DOCUMENTS[name]
        return SetAside(format=FORMAT, kind=named, reason=f"{first.where(1)} names document type {name}, {named}, in an {kind} message.")
    return finished(_Order(message, first, kind).fill(), message, "UNT")


def _kind(name: str) -> str:
    """The message type by its document name, where the header (UNH) is lost."""
    if name in codes.ORDER_DOCUMENTS:
        return "ORDERS"
    return "ORDCHG" if name in codes.CHANGE_DOCUMENTS else ""


def _other(message: Message, kind: str) -> Part:
    if not kind:
        return Unread(format=FORMAT, reason="A message has lost its header (UNH) and does not say that it is an order; ask for it again.")
    named = codes.KINDS.get(kind, f"EDIFACT message {kind[:20]}")
    return SetAside(format=FORMAT, kind=named, reason=f"The header (UNH) says that this is {kind[:20]}, not ORDERS or ORDCHG.")


class _Order:
    """One message being read. `group` is the trigger segment that is open, `party` the role of the NAD that is."""

    def __init__(self, message: Message, first: Segment, kind: str) -> None:
        self.message, self.first, self.kind = message, first, kind
        self.draft = SegmentDraft(FORMAT, message.mark)
        self.lines: list[Line] = []
        self.line: Line | None = None
        self.sublines: list[Line] = []
        self.group = ""
        self.party: str | None = None
        self.named: set[str] = set()
        self.charges: list[Charge] = []
        self.dates: list[Segment] = []
        self.amounts: list[Segment] = []
        self.terms: list[str] = []
        self.terms_at = ""
        self.incoterm: Segment | None = None
        self.place: Place | None = None
        self.cost_center: Place | None = None
        self.contacts: list[Segment] = []

    def fill(self) -> SegmentDraft:
        self._begin()
        nads = [s.get(1) for s in self.message.segments if s.tag == "NAD"]
        # A stand-in (consignee for delivery party ...) counts only when nobody has the role itself.
        self.roles = codes.ROLES | {q: r for q, r in codes.STAND_INS.items() if not {n for n in nads if codes.ROLES.get(n) == r}}
        for segment in self.message.segments:
            if segment.tag == "LIN":
                self._item(segment)
            elif segment.tag == "UNS":
                self.line, self.group, self.party = None, "UNS", None
            elif segment.tag == "CNT":
                self._count(segment)
            elif self.line is not None:
                self.line.read(segment)
            else:
                self._header(segment)
        self._close()
        return self.draft

    def _begin(self) -> None:
        """BGM: 01 document name, 02 number, 03 function."""
        draft, first = self.draft, self.first
        draft.take("/order_number", first, 2)
        function = first.get(3)
        if function in codes.CANCELS:
            draft.say("/order_type", OrderType.CANCELLATION, first, 3)
        elif function in codes.CHANGES or self.kind == "ORDCHG" or first.get(1) in codes.CHANGE_DOCUMENTS:
            draft.say("/order_type", OrderType.CHANGE, first, 3 if function else 1)
        elif function not in codes.ORDERS:
            where = first.where(3)
            message = f"The function {function!r} in {where} is not one that an order has; say what the document asks for."
            draft.notice("field_missing", "/order_type", message, text=function, where=where)
        draft.note(codes.FUNCTIONS.get(function, ""), first.where(3))
        draft.note(codes.NAMES.get(first.get(1), "").capitalize(), first.where(1))

    def _item(self, segment: Segment) -> None:
        """LIN. 04 marks a sub-line, which tells what another line consists of and is not ordered on top of it."""
        self.group, self.party = "", None
        if segment.get(4) == "1" and segment.get(4, 2):
            self.draft.note(f"Line {segment.get(1)} is part of line {segment.get(4, 2)}: {segment.get(3)}", segment.where(3))
            self.line = Line(SegmentDraft(FORMAT, self.message.mark), 0, segment)
            self.sublines.append(self.line)
            return
        self.line = Line(self.draft, len(self.lines), segment)
        self.lines.append(self.line)

    def _header(self, segment: Segment) -> None:
        if segment.tag in TRIGGERS:
            self.group = segment.tag
        if handler := HEADER.get(segment.tag):
            handler(self, segment)

    def date(self, segment: Segment) -> None:
        """DTM of the message itself. A delivery date is the order's wherever in the header it stands, for nothing else has one."""
        if self.group in ("", "UNS", "NAD") or segment.get(1) in ("2", "63", "64", "69"):
            self.dates.append(segment)
        elif self.group == "PAT" and segment.get(1) in ("12", "13"):
            found = date_of(segment)
            self.terms += [f"{'discount until' if segment.get(1) == '12' else 'due on'} {found}"] if found else []

    def reference(self, segment: Segment) -> None:
        """RFF: 01.1 what it is, 01.2 the number; after a NAD it is the party's."""
        what = segment.get(1)
        if self.party is not None or "NAD" in self.named:
            if self.party and what in codes.TAX_REFERENCES:
                self.draft.take(f"/{self.party}/tax_id", segment, 1, 2)
            elif what == "CT":
                self.draft.take("/contract_reference", segment, 1, 2)
            elif what in codes.COST_CENTERS and self.party == "buyer":
                self.cost_center = self.cost_center or Place(segment, 1, 2)
        elif what in codes.COST_CENTERS:
            self.cost_center = self.cost_center or Place(segment, 1, 2)
        elif what in codes.REFERENCES:
            self.draft.take(codes.REFERENCES[what], segment, 1, 2)
        elif what in ("ON", "PW") and self.draft.has("/order_type"):
            self.draft.take("/order_reference", segment, 1, 2)

    def name(self, segment: Segment) -> None:
        """NAD: 01 role, 02 id with agency, 03 unstructured, 04 name, 05 street, 06 city, 08 postcode, 09 country."""
        role = self.roles.get(segment.get(1))
        self.party = None if role in self.named else role
        # From the first NAD on, RFF, CTA and COM belong to a party.
        self.named.add("NAD")
        if role is None or role in self.named:
            return
        self.named.add(role)
        draft, at = self.draft, f"/{role}"
        if segment.get(2):
            draft.take(f"{at}/id", segment, 2)
            draft.put(f"{at}/id_scheme", codes.AGENCIES.get(segment.get(2, 3)))
        element = 4 if segment.get(4) else 3
        # A name that fills its 35 characters goes on in the next component.
        full = element == 4 and len(segment.elements[3][0]) == 35
        draft.text(f"{at}/name", segment.get(element) + (segment.get(4, 2) if full else ""), where=segment.where(element))
        draft.take(f"{at}/city", segment, 6)
        draft.take(f"{at}/country", segment, 9)

    def contact(self, segment: Segment) -> None:
        """CTA: 01 function, 02.1 id and 02.2 name of the person; the buyer's is the requester, the order contact first."""
        if self.party == "buyer" and segment.get(1) not in codes.OTHER_CONTACTS:
            self.contacts.append(segment)

    def address(self, segment: Segment) -> None:
        """COM: 01.1 the address, 01.2 EM for mail."""
        if self.party and segment.get(1, 2) == "EM":
            self.draft.take(f"/{self.party}/email", segment, 1)

    def account(self, segment: Segment) -> None:
        if self.party:
            self.draft.take(f"/{self.party}/bank_account", segment, 2)

    def currency(self, segment: Segment) -> None:
        """CUX: 01.1 2 = reference currency, 01.2 the currency."""
        if segment.get(1) in ("2", "1", ""):
            self.draft.take("/currency", segment, 1, 2)

    def payment(self, segment: Segment) -> None:
        """PAT: 02.4 terms in words, else 03 so many periods after a date; 22 is a discount, whose percent follows."""
        words = " ".join(segment.get(2, c) for c in (4, 5)).strip()
        if not words and segment.get(3, 4):
            period = codes.PERIODS.get(segment.get(3, 3), segment.get(3, 3))
            words = f"{segment.get(3, 4)} {period} after {codes.STARTS.get(segment.get(3), 'the agreed date')}"
            words = f"discount within {words}" if segment.get(1) == "22" else words
        self.terms_at = self.terms_at or segment.where(3 if segment.get(3) else 2)
        self.terms += [words] if words else []

    def percentage(self, segment: Segment) -> None:
        if self.group == "PAT" and self.terms:
            self.terms[-1] = f"{segment.get(1, 2)} % {self.terms[-1]}"
        elif self.group == "ALC" and self.charges:
            self.charges[-1].percent = segment.get(1, 2)

    def delivery(self, segment: Segment) -> None:
        """TOD: 03.1 Incoterm, 03.4 and 03.5 words, which with an Incoterm are its place; a LOC after it names the place too."""
        if self.incoterm is None or (segment.get(3) and not self.incoterm.get(3)):
            self.incoterm, self.place = segment, None

    def location(self, segment: Segment) -> None:
        if self.group == "TOD" and self.incoterm and not self.place:
            component = next((c for c in (4, 1) if segment.get(2, c)), 0)
            self.place = Place(segment, 2, component) if component else None

    def _delivery_terms(self, terms: Segment) -> None:
        """The Incoterm with its place, or the words alone where they say the Incoterm again (`CIF:::CIF Oslo`)."""
        code = terms.get(3)
        words = " ".join(terms.get(3, c) for c in (4, 5)).strip()
        if self.place and code:
            words = self.place.text
        said = words if words.upper().startswith(code.upper()) else f"{code} {words}"
        self.draft.text("/delivery_terms", said, where=terms.where(3, 1 if code else 4))

    def charge(self, segment: Segment) -> None:
        self.charges.append(Charge(segment))

    def amount(self, segment: Segment) -> None:
        if self.group == "ALC" and self.charges:
            self.charges[-1].take(segment)
        elif self.group != "TAX" or segment.get(1) in codes.TOTALS["/tax_total"]:
            self.amounts.append(segment)

    def text(self, segment: Segment) -> None:
        """FTX: 01 subject, 04 up to five lines. AAB are terms of payment, all else is a note."""
        words = " ".join(segment.get(4, c) for c in range(1, 6)).strip()
        if segment.get(1) == "AAB" and words:
            self.draft.text("/payment_terms", words, where=segment.where(4))
        self.draft.note(words, segment.where(4))

    def _count(self, segment: Segment) -> None:
        """CNT: 01.1 2 = number of lines, 1 = total of the quantities; sub-lines are counted with the lines."""
        value = decimal(segment.get(1, 2), self.message.mark)
        if value is None:
            return
        if segment.get(1) == "2" and value == value.to_integral_value() and value < Decimal(10) ** 9:
            both = len(self.lines) + len(self.sublines)
            self.draft.controls["line_count"] = len(self.lines) if value == both else int(value)
        elif segment.get(1) == "1":
            self.draft.controls["quantity_total"] = value

    def _close(self) -> None:
        draft = self.draft
        for line in self.lines:
            line.close()
        wanted = {"/requested_delivery_date": codes.DELIVERY_DATES, "/valid_to": codes.VALID_TO_DATES, "/issue_date": codes.ISSUE_DATES}
        for pointer, qualifiers in wanted.items():
            for segment in sorted((d for d in self.dates if d.get(1) in qualifiers), key=lambda d: qualifiers.index(d.get(1))):
                put_date(draft, pointer, segment)
        for pointer, kinds in codes.TOTALS.items():
            self._stated(pointer, kinds)
        for i, charge in enumerate(self.charges):
            charge.put(draft, f"/allowances_charges/{i}")
        draft.text("/payment_terms", "; ".join(self.terms), where=self.terms_at)
        if self.incoterm:
            self._delivery_terms(self.incoterm)
        for contact in sorted(self.contacts, key=lambda c: c.get(1) not in codes.BUYING_CONTACTS):
            draft.take("/requester", contact, 2, 2 if contact.get(2, 2) else 1)
        draft.cost_center(self.cost_center, [(line.label, line.cost_center) for line in self.lines if line.cost_center], len(self.lines))
        for line in self.sublines:
            if line.prices:
                message = f"Line {line.label} is part of another line and has a price of its own, which is not in the order."
                draft.notice("rows_missing", "/lines", message, text=line.prices[0].get(1, 2), where=line.prices[0].where(1, 2))
        if draft.has("/order_type") and self.kind == "ORDERS":
            draft.take("/order_reference", self.first, 2)
        if not self.lines and not draft.has("/order_type"):
            draft.notice("rows_missing", "/lines", "The order has no line items.")

    def _stated(self, pointer: str, kinds: tuple[str, ...]) -> None:
        """The best kind of amount that is printed. Several different ones of a kind, such as a tax for each rate, give no total."""
        best = next((k for k in kinds if any(a.get(1) == k for a in self.amounts)), "")
        printed = [a for a in self.amounts if a.get(1) == best]
        if len({decimal(a.get(1, 2), self.message.mark) for a in printed}) > 1:
            places = ", ".join(a.where(1, 2) for a in printed)
            message = f"The order prints {len(printed)} different amounts of kind {best} ({places}) and no total of them."
            self.draft.notice("field_missing", pointer, message)
        elif printed:
            self.draft.amount(pointer, printed[0], 1, 2)


HEADER: dict[str, Callable[[_Order, Segment], None]] = {
    "DTM": _Order.date,
    "RFF": _Order.reference,
    "NAD": _Order.name,
    "CTA": _Order.contact,
    "COM": _Order.address,
    "FII": _Order.account,
    "CUX": _Order.currency,
    "PAT": _Order.payment,
    "PCD": _Order.percentage,
    "TOD": _Order.delivery,
    "LOC": _Order.location,
    "ALC": _Order.charge,
    "MOA": _Order.amount,
    "FTX": _Order.text,
}
