"""The line items of X12 orders: PO1 (850), POC (860) and G68 (875, 876) with the segments that follow them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from signoff.tools.documents.edi import Segment
from signoff.tools.orders import x12_codes as codes
from signoff.tools.orders.segments import SegmentDraft, day, decimal

# Where a line segment keeps its line number, quantity, unit, price and price basis, and where its product ids begin.
LAYOUT = {"PO1": (1, 2, 3, 4, 5, 6), "IT1": (1, 2, 3, 4, 5, 6), "POC": (1, 3, 5, 6, 7, 8), "G68": (0, 1, 2, 3, 0, 5)}
RETAIL_PRICES = frozenset({"RTL", "MSR", "RES", "SLP", "SRP", "RSH", "RSP", "PRP"})


class Line:
    """One line item being read; `at` is its JSON Pointer."""

    def __init__(self, draft: SegmentDraft, index: int, segment: Segment) -> None:
        self.draft, self.segment = draft, segment
        self.at = f"/lines/{index}"
        self.charges = 0
        self.schedules: list[Segment] = []
        self.dates: list[Segment] = []
        self.loop = ""
        self.cost_centers: list[Segment] = []
        self.unit: str | None = None
        self.quantity: Decimal | None = None
        self._open(segment)

    @property
    def label(self) -> str:
        number = LAYOUT[self.segment.tag][0]
        return (self.segment.get(number) if number else "") or str(int(self.at.rsplit("/", 1)[1]) + 1)

    def _open(self, segment: Segment) -> None:
        number, quantity, unit, price, basis, ids = LAYOUT[segment.tag]
        draft, at = self.draft, self.at
        if number:
            draft.take(at + "/line_number", segment, number)
        if segment.tag == "POC" and segment.get(2):
            draft.say(at + "/action", codes.ACTIONS.get(segment.get(2), segment.get(2)), segment, 2)
        self.quantity = draft.amount(at + "/quantity", segment, quantity)
        self._unit(segment, unit)
        draft.amount(at + "/unit_price", segment, price)
        if segment.tag == "G68" and segment.get(4):
            draft.take(at + "/standard_item_id", segment, 4)
            draft.put(at + "/standard_item_scheme", "GTIN")
        self._ids(segment, ids)
        self._basis(segment, basis)

    def _unit(self, segment: Segment, element: int) -> None:
        printed = segment.get(element)
        if printed:
            self.unit = codes.UNITS.get(printed, printed)
            self.draft.say(self.at + "/unit", self.unit, segment, element)

    def _ids(self, segment: Segment, first: int) -> None:
        """Pairs of qualifier and id. A maker's part number stands in only where there is no standard number."""
        last = 8 if segment.tag == "G68" else len(segment.elements)
        pairs = [(q, e + 1) for e in range(first, last, 2) if (q := segment.get(e)) and segment.get(e + 1)]
        for qualifier, element in pairs:
            if qualifier in codes.SUPPLIER_IDS:
                self.draft.take(self.at + "/supplier_item_id", segment, element)
            elif qualifier in codes.BUYER_IDS:
                self.draft.take(self.at + "/buyer_item_id", segment, element)
            elif qualifier == "PD":
                self.draft.take(self.at + "/description", segment, element)
        for wanted, scheme in ((codes.STANDARD_IDS, "GTIN"), (codes.MAKER_IDS, "MPN")):
            found = next(((q, e) for q, e in pairs if q in wanted), None)
            if found and not self.draft.has(self.at + "/standard_item_id"):
                self.draft.take(self.at + "/standard_item_id", segment, found[1])
                self.draft.put(self.at + "/standard_item_scheme", codes.SCHEMES.get(found[0], scheme))

    def _basis(self, segment: Segment, element: int) -> None:
        """What the price is for. A price per a unit that is not the ordered one cannot be extended and needs a person."""
        code = segment.get(element) if element else ""
        if not code or code in codes.PLAIN_BASES:
            return
        base = codes.PER.get(code)
        per = codes.PER_UNIT.get(code)
        if per == "DZN" and self.unit in codes.SINGLE:
            base = 12
        if base:
            self.draft.say(self.at + "/price_base_quantity", Decimal(base), segment, element)
        elif per is None or per != self.unit:
            what = f"is per {per}, the order in {self.unit}" if per else "is for a quantity that the standard does not name"
            message = f"The price basis {code!r} of line {self.label} {what}; check the price."
            self.draft.notice("field_missing", self.at + "/price_base_quantity", message, text=code, where=segment.where(element))

    def read(self, segment: Segment) -> None:
        """A segment of this line's loop."""
        draft, at, tag = self.draft, self.at, segment.tag
        if tag in ("N1", "SLN"):
            # The parties and sub-lines of a line have dates, texts and prices of their own.
            self.loop = tag
            self._sub_line(segment)
        elif tag == "SCH":
            self.loop = ""
            self.schedules.append(segment)
        elif self.loop == "SLN" or (self.loop and tag != "CTP"):
            return
        elif tag == "PID" and segment.get(1) in ("F", "X", "") and segment.get(5):
            self._describe(segment, 5)
        elif tag == "G69":
            draft.take(at + "/description", segment, 1)
        elif tag == "LIN":
            self._ids(segment, 2)
        elif tag == "CTP" and segment.get(3) and segment.get(2) not in RETAIL_PRICES:
            self._price(segment)
        elif tag == "AMT" and segment.get(1) == "1":
            draft.amount(at + "/line_amount", segment, 2)
        elif tag in ("TXI", "TAX") and segment.get(3):
            self._tax(segment)
        elif tag == "REF" and segment.get(1) == "CT":
            draft.take(at + "/contract_reference", segment, 2)
        elif tag == "DTM":
            self.dates.append(segment)
        elif tag in ("MSG", "NTE", "MTX", "N9"):
            self._note(segment)

    def _sub_line(self, segment: Segment) -> None:
        """SLN: 01 number, 03 relation (I included, O for information), 04 quantity, 05 unit, 06 price, from 09 the ids.

        What a line consists of is not ordered on top of it; what is priced, added or taken away changes what is bought.
        """
        if segment.tag != "SLN" or not (segment.get(4) or segment.get(6)):
            return
        ids = ", ".join(segment.get(e) for e in range(10, len(segment.elements) + 1, 2) if segment.get(e))
        what = f"{segment.get(4)} {segment.get(5)} {ids}".strip()
        if segment.get(3) in ("I", "O") and not segment.get(6):
            self.draft.note(f"Line {self.label} includes {what}", segment.where(4))
            return
        message = f"Line {self.label} has a sub-line ({segment.where(4)}: {what}) that is not in the order; read it in the document."
        self.draft.notice("rows_missing", self.at, message, text=what, where=segment.where(4))

    def _tax(self, segment: Segment) -> None:
        if segment.tag == "TXI" and not self.draft.has(self.at + "/tax_percent"):
            self.draft.amount(self.at + "/tax_percent", segment, 3)

    def _describe(self, segment: Segment, element: int) -> None:
        """The first free-form description; what else the line says of its product is a note."""
        if self.draft.has(self.at + "/description"):
            self.draft.note(f"Line {self.label}: {segment.get(element)}", segment.where(element))
        else:
            self.draft.take(self.at + "/description", segment, element)

    def _price(self, segment: Segment) -> None:
        if not self.draft.has(self.at + "/unit_price"):
            self.draft.amount(self.at + "/unit_price", segment, 3)
            self._basis(segment, 9)

    def _note(self, segment: Segment) -> None:
        element = {"MSG": 1, "N9": 3}.get(segment.tag, 2)
        if segment.get(element):
            self.draft.note(f"Line {self.label}: {segment.get(element)}", segment.where(element))

    def close(self) -> None:
        """When the line's loop is over: its delivery date, and whether its schedule adds up."""
        wanted = codes.DELIVERY_DATES
        for segment in sorted((s for s in self.dates if s.get(1) in wanted), key=lambda s: wanted.index(s.get(1))):
            self.draft.when(self.at + "/requested_delivery_date", segment, 2)
        dated = [(found, s, e) for s in self.schedules for e in self._date_elements(s) if (found := day(s.get(e)))]
        if dated:
            first = min(dated, key=lambda d: d[0])
            self.draft.dated(self.at + "/requested_delivery_date", first[0], first[1], first[2])
        self._scheduled(dated)

    @staticmethod
    def _date_elements(segment: Segment) -> Iterator[int]:
        yield from (e for q, e in ((5, 6), (8, 9)) if segment.get(q) in codes.DELIVERY_DATES)

    def _scheduled(self, dated: list[tuple[dt.date, Segment, int]]) -> None:
        """SCH: 01 quantity, 02 unit. The parts of a split delivery must add up to the ordered quantity."""
        parts = [decimal(s.get(1), "X12") for s in self.schedules if codes.UNITS.get(s.get(2), s.get(2)) == self.unit]
        known = [p for p in parts if p is not None]
        if not known or len(known) != len(self.schedules):
            return
        total = sum(known, Decimal(0))
        if self.quantity is not None and total != self.quantity:
            message = f"The schedule of line {self.label} adds up to {total}, its quantity is {self.quantity}."
            self.draft.notice("arithmetic_mismatch", self.at + "/quantity", message)
        elif self.quantity is None and len(known) == 1:
            self.draft.amount(self.at + "/quantity", self.schedules[0], 1)
        if len({found for found, _, _ in dated}) > 1:
            shown = "; ".join(f"{s.get(1)} on {found}" for found, s, _ in dated)
            self.draft.note(f"Line {self.label} is to be delivered in parts: {shown}.")
