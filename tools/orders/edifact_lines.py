"""The line items of EDIFACT orders (LIN and what follows it), and the allowances, charges and dates they share with the header."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from stdnum import ean
from stdnum.exceptions import ValidationError as BadNumber

from signoff.tools.documents.edi import Segment
from signoff.tools.orders import edifact_codes as codes
from signoff.tools.orders.segments import Place, SegmentDraft, day, decimal

CCYYMMDD = frozenset({"102", "203", "204", "205", "303", "304"})
YYMMDD = frozenset({"101", "201", "202", "301", "302"})
DDMMYY = {"2": "%d%m%y", "3": "%m%d%y", "4": "%d%m%Y"}
PERIODS = {"718": 8, "719": 12, "711": 8, "713": 10, "717": 6}


def date_of(segment: Segment) -> dt.date | None:
    """The day of a DTM (01.2) by its format (01.3, element 2379); of a period the last day. `None` when it is no day."""
    text, form = segment.get(1, 2), segment.get(1, 3)
    if form in CCYYMMDD:
        return day(text[:8])
    if form in YYMMDD or form in ("713", "717"):
        return day(text.split("-")[-1][:6] if "-" in text or form in YYMMDD else text[PERIODS[form] :][:6])
    if form in PERIODS:
        digits = text.replace("-", "")
        return day(digits[PERIODS[form] :][:8])
    if form in DDMMYY:
        try:
            return dt.datetime.strptime(text, DDMMYY[form]).date()
        except ValueError:
            return None
    # Early directories leave the format out; eight digits and more are then CCYYMMDD, six YYMMDD (ISO 9735).
    return day(text if len(text) == 6 else text[:8]) if not form and len(text) in (6, 8, 12) else None


def put_date(draft: SegmentDraft, pointer: str, segment: Segment) -> None:
    """Put the day of a DTM; a week or a month is no day and becomes a note."""
    if not segment.get(1, 2):
        return
    if segment.get(1, 3) in ("616", "610", "615", "609"):
        draft.note(f"{pointer.rsplit('/', 1)[-1].replace('_', ' ')}: {segment.get(1, 2)} (a week or a month)", segment.where(1, 2))
        return
    draft.dated(pointer, date_of(segment), segment, 1, 2)


class Charge:
    """ALC: 01 allowance or charge, 02.1 number, 05.1 code, 05.4 words; its amount and percent stand in the MOA and PCD after it."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.money: Segment | None = None
        self.percent = ""

    def take(self, segment: Segment) -> None:
        best = codes.CHARGE_AMOUNTS
        if segment.get(1) in best and (self.money is None or best.index(segment.get(1)) < best.index(self.money.get(1))):
            self.money = segment

    def put(self, draft: SegmentDraft, at: str) -> None:
        draft.say(f"{at}/charge", self.segment.get(1) == "C", self.segment, 1)
        if self.money:
            draft.amount(f"{at}/amount", self.money, 1, 2)
        words = " ".join(self.segment.get(5, c) for c in (4, 5)).strip() or self.segment.get(2) or self.segment.get(5)
        percent = f" {self.percent} %" if self.percent and not self.money else ""
        draft.text(f"{at}/reason", words + percent, where=self.segment.where(5 if self.segment.get(5) else 2))

    def signed(self, mark: str) -> Decimal | None:
        value = decimal(self.money.get(1, 2), mark) if self.money else None
        return value if value is None or self.segment.get(1) == "C" else -value


class Line:
    """One line item being read; `at` is its JSON Pointer. What depends on several segments is settled in `close`."""

    def __init__(self, draft: SegmentDraft, index: int, segment: Segment) -> None:
        self.draft, self.segment, self.at = draft, segment, f"/lines/{index}"
        self.group = ""
        self.prices: list[Segment] = []
        self.quantities: list[Segment] = []
        self.charges: list[Charge] = []
        self.dates: list[Segment] = []
        self.split: list[tuple[Segment, dt.date | None]] = []
        self.words: list[tuple[str, str, Segment]] = []
        self.maker: tuple[Segment, int] | None = None
        self.cost_center: Place | None = None
        draft.take(self.at + "/line_number", segment, 1)
        if segment.get(2) in codes.ACTIONS:
            draft.say(self.at + "/action", codes.ACTIONS[segment.get(2)], segment, 2)
        self._id(segment, 3, lead=True)

    @property
    def label(self) -> str:
        return self.segment.get(1) or str(int(self.at.rsplit("/", 1)[1]) + 1)

    def _id(self, segment: Segment, element: int, *, lead: bool = False) -> None:
        """C212: .1 number, .2 type. In LIN itself a number of another type counts as the standard one."""
        number, kind = segment.get(element), segment.get(element, 2)
        if not number:
            return
        if kind in codes.SUPPLIER_IDS:
            self.draft.take(self.at + "/supplier_item_id", segment, element)
        elif kind in codes.BUYER_IDS:
            self.draft.take(self.at + "/buyer_item_id", segment, element)
        elif kind in codes.MAKER_IDS:
            self.maker = self.maker or (segment, element)
        elif (kind in codes.STANDARD_IDS or lead) and not self.draft.has(self.at + "/standard_item_id"):
            self.draft.take(self.at + "/standard_item_id", segment, element)
            scheme = codes.STANDARD_IDS.get(kind) or ("GTIN" if _is_gtin(number) else kind)
            self.draft.put(self.at + "/standard_item_scheme", scheme or None)

    def read(self, segment: Segment) -> None:
        """A segment of this line's group."""
        tag = segment.tag
        if tag in ("RFF", "NAD", "TAX", "ALC", "LOC", "SCC", "PAC", "TDT", "TOD", "PRI", "CUX", "LIN", "PAT", "MEA"):
            self.group = tag if tag not in ("PRI", "MEA") else self.group
        if tag == "PIA" and segment.get(1) in ("1", "5", ""):
            for element in range(2, min(6, len(segment.elements)) + 1):
                self._id(segment, element)
        elif tag == "IMD":
            text = (segment.get(3, 4) + " " + segment.get(3, 5)).strip()
            self.words += [(segment.get(1), text, segment)] if text else []
        elif tag == "QTY":
            self._quantity(segment)
        elif tag == "DTM":
            self._date(segment)
        elif tag == "MOA":
            self._money(segment)
        elif tag == "PRI" and segment.get(1, 2):
            self.prices.append(segment)
        elif tag == "RFF" and segment.get(1) == "CT":
            self.draft.take(self.at + "/contract_reference", segment, 1, 2)
        elif tag == "RFF" and segment.get(1) in codes.COST_CENTERS:
            self.cost_center = self.cost_center or Place(segment, 1, 2)
        elif tag == "GIR":
            fund = next((Place(segment, e) for e in range(2, 7) if segment.get(e, 2) in codes.FUNDS), None)
            self.cost_center = self.cost_center or fund
        elif tag == "TAX" and segment.get(5, 4) and not self.draft.has(self.at + "/tax_percent"):
            self.draft.amount(self.at + "/tax_percent", segment, 5, 4)
        elif tag == "ALC":
            self.charges.append(Charge(segment))
        elif tag == "PCD" and self.group == "ALC":
            self.charges[-1].percent = segment.get(1, 2)
        elif tag == "FTX":
            self._text(segment)

    def _quantity(self, segment: Segment) -> None:
        if self.group in ("LOC", "SCC") or (segment.get(1) == "11" and self.group in ("LOC", "SCC", "NAD", "TDT", "PAC")):
            self.split.append((segment, None))
        elif self.group != "ALC" and segment.get(1) in codes.QUANTITIES:
            self.quantities.append(segment)

    def _date(self, segment: Segment) -> None:
        if segment.get(1) not in codes.DELIVERY_DATES or self.group in ("RFF", "CUX", "PAT", "ALC"):
            return
        self.dates.append(segment)
        if self.split and self.split[-1][1] is None:
            self.split[-1] = (self.split[-1][0], date_of(segment))

    def _money(self, segment: Segment) -> None:
        if self.group == "ALC":
            self.charges[-1].take(segment)
        elif segment.get(1) == "203":
            self.draft.amount(self.at + "/line_amount", segment, 1, 2)

    def _text(self, segment: Segment) -> None:
        text = " ".join(segment.get(4, c) for c in range(1, 6)).strip()
        if segment.get(1) in ("PRD", "AFM", "AAA") and text:
            self.words.append(("text", text, segment))
        elif text:
            self.draft.note(f"Line {self.label}: {text}", segment.where(4))

    def close(self) -> None:
        """Settle what has several candidates: description, quantity, price, delivery date, allowances."""
        self._describe()
        self._count()
        self._price()
        if self.maker and not self.draft.has(self.at + "/standard_item_id"):
            self.draft.take(self.at + "/standard_item_id", *self.maker)
            self.draft.put(self.at + "/standard_item_scheme", "MPN")
        dated = [(found, s) for s in self.dates if (found := date_of(s))]
        best = min((codes.DELIVERY_DATES.index(s.get(1)) for _, s in dated), default=None)
        for found, segment in sorted((d for d in dated if codes.DELIVERY_DATES.index(d[1].get(1)) == best), key=lambda d: d[0]):
            self.draft.dated(self.at + "/requested_delivery_date", found, segment, 1, 2)
        for segment in self.dates:
            if date_of(segment) is None:
                put_date(self.draft, self.at + "/requested_delivery_date", segment)
        self._allowances()
        self._splits()

    def _describe(self) -> None:
        """IMD in free form (F) as one text, else the first IMD, else the free text of the line."""
        free = [w for w in self.words if w[0] in ("F", "E", "B")] or [w for w in self.words if w[0] != "text"][:1] or self.words[:1]
        same = [w for w in free if w[2].get(2) == free[0][2].get(2)] if free else []
        if same:
            element = 4 if same[0][0] == "text" else 3
            where = same[0][2].where(element, 4 if element == 3 else 1)
            self.draft.text(self.at + "/description", " ".join(w[1] for w in same), where=where)
        for _, text, segment in self.words:
            if (text, segment) not in [(w[1], w[2]) for w in same]:
                self.draft.note(f"Line {self.label}: {text}", segment.where(4 if segment.tag == "FTX" else 3))

    def _count(self) -> None:
        for segment in sorted(self.quantities, key=lambda q: codes.QUANTITIES.index(q.get(1)))[:1]:
            self.draft.amount(self.at + "/quantity", segment, 1, 2)
            self.draft.take(self.at + "/unit", segment, 1, 3)

    def _price(self) -> None:
        """PRI: 01.1 kind, 01.2 price, 01.5 for how many, 01.6 of which unit."""
        known = sorted((p for p in self.prices if p.get(1) in codes.PRICES), key=lambda p: codes.PRICES.index(p.get(1)))
        if not known:
            return
        price = self.price = known[0]
        self.draft.amount(self.at + "/unit_price", price, 1, 2)
        base = decimal(price.get(1, 5), self.draft.mark) if price.get(1, 5) else None
        if price.get(1, 5) and (base is None or base <= 0):
            message = f"The price of line {self.label} is for {price.get(1, 5)!r} units, which is no quantity."
            self.draft.notice("field_missing", self.at + "/price_base_quantity", message)
        elif base is not None:
            self.draft.amount(self.at + "/price_base_quantity", price, 1, 5)
        self._same_unit(price)

    def _same_unit(self, price: Segment) -> None:
        """A price for another unit than the ordered one can be extended only if the printed amount shows that it can."""
        per, unit = price.get(1, 6), self._value("unit")
        extended = self._extended()
        if per and unit and per != unit and (extended is None or extended != self._value("line_amount")):
            message = f"Line {self.label} is ordered in {unit} and priced per {per}; check the price."
            self.draft.notice("readings_disagree", self.at + "/unit_price", message, text=per, where=price.where(1, 6))

    def _value(self, name: str) -> object:
        return self.draft.line(self.at).get(name)

    def _extended(self) -> Decimal | None:
        quantity, price, base = self._value("quantity"), self._value("unit_price"), self._value("price_base_quantity") or Decimal(1)
        if isinstance(quantity, Decimal) and isinstance(price, Decimal) and isinstance(base, Decimal) and base:
            return quantity * price / base
        return None

    def _allowances(self) -> None:
        """A net price (AAA) holds the line's allowances already; they are put only where the printed amount needs them."""
        if not self.charges:
            return
        net = self._value("unit_price") is not None and self.price.get(1) in codes.NET_PRICES
        extended, amount = self._extended(), self._value("line_amount")
        signed = [c.signed(self.draft.mark) for c in self.charges]
        known = [s for s in signed if s is not None]
        needed = extended is not None and len(known) == len(signed) and extended + sum(known, Decimal(0)) == amount and extended != amount
        if net and not needed:
            self.draft.note(f"Line {self.label}: the net price includes {len(self.charges)} allowances or charges.")
            return
        for i, charge in enumerate(self.charges):
            charge.put(self.draft, f"{self.at}/allowances_charges/{i}")

    def _splits(self) -> None:
        """The parts that go to several places or on several days must add up to the ordered quantity."""
        parts = [decimal(s.get(1, 2), self.draft.mark) for s, _ in self.split if s.get(1) in ("11", "21", "1")]
        known = [p for p in parts if p is not None]
        if not known or len(known) != len(parts):
            return
        total, quantity = sum(known, Decimal(0)), self._value("quantity")
        if quantity is None and len(known) == 1:
            self.draft.amount(self.at + "/quantity", self.split[0][0], 1, 2)
        elif quantity is not None and total != quantity:
            message = f"The parts of line {self.label} add up to {total}, its quantity is {quantity}."
            self.draft.notice("arithmetic_mismatch", self.at + "/quantity", message)
        if len(known) > 1:
            shown = "; ".join(s.get(1, 2) + (f" on {on}" if on else "") for s, on in self.split)
            self.draft.note(f"Line {self.label} is to be delivered in parts: {shown}.")


def _is_gtin(number: str) -> bool:
    try:
        ean.validate(number)
    except BadNumber:
        return False
    return True
