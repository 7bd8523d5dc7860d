"""A row of a price list -> an agreed price: ids, unit and pack, what the price is for, tiers, quantities, validity.

A price per box of twelve becomes twelve pieces at that price (`price_base_quantity` 12, one `BX` holds 12), so nothing is divided.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from signoff.domain.agreement import FoundPrice
from signoff.domain.contract import PriceLine, Tier
from signoff.tools.agreements.price_words import IDS, PACKAGES, counted, pack, price_rank, role, step
from signoff.tools.orders.cells import Grid
from signoff.tools.orders.labels import price_base
from signoff.tools.orders.values import currency, number

ONE = Decimal(1)
PIECE = "C62"
_PER = re.compile(r"(.*\d.*?)\s*(?:/|per|pro|je|par|por|à)\s*(\d*\s*[^\W\d_]*\.?)", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """The columns of a list: role -> columns, and the columns of prices with the quantity from which each holds.

    `base` is what prices are for, where a heading says so; `unit` what it prices by (`Price per kg`). Of several prices the agreed one
    is read and not the list's; `net` says that a discount is taken off already.
    """

    row: int
    columns: dict[str, list[int]] = field(default_factory=dict)
    steps: dict[int, Decimal] = field(default_factory=dict)
    base: Decimal | None = None
    unit: str | None = None
    currency: str | None = None
    net: bool = False
    note: str | None = None


@dataclass(slots=True)
class Frame:
    """What holds for every row of a list unless the row says otherwise."""

    currency: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    page: int | None = None


@dataclass(slots=True)
class Entry:
    """A row as it was read: the line, the quantity from which its price holds where a column says so, and what was assumed."""

    line: PriceLine
    start: Decimal | None
    where: str
    quote: str
    currency: str | None
    note: str | None


def head(grid: Grid, row: int) -> Head | None:
    """The row as headings of a price list: something is named, and a price stands beside it."""
    texts = {c: grid.text((row, c)) for c in grid.filled(row)}
    found = Head(row)
    for column, text in texts.items():
        start = step(text) if grid.wordy((row, column)) or "-" in text else None
        name = "unit_price" if start is not None else role(text)
        if start is not None:
            found.steps[column] = start
        elif name:
            found.columns.setdefault(name, []).append(column)
        if name == "unit_price":
            _of_heading(found, text)
    _choose(found, texts)
    named = {*IDS, "item", "description"} & found.columns.keys()
    known = sum(map(len, found.columns.values())) + len(found.steps)
    return found if named and ("unit_price" in found.columns or found.steps) and 2 * known >= len(texts) else None


def _choose(found: Head, texts: dict[int, str]) -> None:
    """Put the agreed price first among several; where none is told from the others, say so."""
    ranked = sorted(found.columns.get("unit_price", ()), key=lambda c: price_rank(texts[c]))
    if len(ranked) < 2:
        return
    found.columns["unit_price"] = ranked
    first, second = (price_rank(texts[c]) for c in ranked[:2])
    found.net = first < second
    found.note = None if first < second else f"of several prices the one under {texts[ranked[0]]!r} was read"


def _of_heading(found: Head, text: str) -> None:
    found.base = found.base or price_base(text)
    found.currency = found.currency or currency(text)
    per = _PER.fullmatch(text if any(c.isdigit() for c in text) else f"1 {text}")
    of = counted(per[2]) if per and per[2].strip() else None
    if of is not None and of[1].isupper():
        found.unit = found.unit or of[1]


def entry(grid: Grid, head: Head, row: int, frame: Frame, above: Entry | None) -> Entry | None:
    """What a row says; nothing where it names no item or prints no price. A row without an item continues the tiers of the one above."""
    at = _Row(grid, head, row)
    plain, start = at.priced(), at.figure("from_quantity")
    steps = sorted((step_, one) for c, step_ in head.steps.items() if (one := at.price(c)))
    names = at.names()
    goes_on = above if not names and plain is not None and start is not None else None
    if (not names and goes_on is None) or (plain is None and not steps):
        return None
    measure = _measured(goes_on) if goes_on else _measure(at, head, (plain or steps[0][1]).per)
    said = (_named(goes_on) if goes_on else names) | measure.said | _priced(at, plain, steps, measure)
    said |= {"valid_from": at.day("valid_from") or frame.valid_from, "valid_to": at.day("valid_to") or frame.valid_to}
    if any(p.per is not None and p.per[0] != measure.base for _, p in steps):
        return None  # a tier for another quantity than the price is for
    try:
        line = PriceLine.model_validate(said)
    except ValidationError:
        return None
    money = (plain.currency if plain else None) or at.currency() or head.currency or frame.currency
    note = "; ".join(filter(None, (measure.note, head.note))) or None
    quote = " | ".join(grid.text((row, c)) for c in grid.filled(row))
    where = f"{grid.sheet.name}!{row + grid.sheet.first_row}"
    return Entry(line, None if start is None else start * measure.many, where, quote, money, note)


def _priced(at: _Row, plain: _Price | None, steps: Sequence[tuple[Decimal, _Price]], measure: _Measure) -> dict[str, Any]:
    """Price, tiers, and how much may be ordered, in the unit of the price. The quantity from which the first price holds is the least."""
    first, lowest = (plain, ONE) if plain else (steps[0][1], steps[0][0])
    said: dict[str, Any] = {name: v * measure.many for name in ("minimum", "multiple", "maximum") if (v := at.figure(name))}
    if lowest > ONE:
        said.setdefault("minimum", lowest * measure.many)
    tiers = tuple(Tier(from_quantity=s * measure.many, price=p.value) for s, p in steps if s > lowest)
    discount = None if at.head.net else at.percent("discount_percent")
    return said | {"price": first.value, "tiers": tiers, "discount_percent": discount}


def _named(entry: Entry) -> dict[str, str]:
    return {name: value for name in (*IDS, "description") if (value := getattr(entry.line, name))}


@dataclass(frozen=True, slots=True)
class _Price:
    value: Decimal
    per: tuple[Decimal, str] | None = None
    currency: str | None = None

    def __lt__(self, other: _Price) -> bool:
        return self.value < other.value


class _Row:
    """The cells of a row by role."""

    def __init__(self, grid: Grid, head: Head, row: int) -> None:
        self.grid, self.head, self.row = grid, head, row
        found = pack(self.text("unit") or "") or pack(self.text("package") or "")
        self.pack = found
        size = self.figure("pack_size")
        word = counted(self.text("package") or "") if size and not found else None
        if found is None and size and size > ONE and word and word[1] in PACKAGES:
            self.pack = (word[1], size)

    @property
    def pack_unit(self) -> str | None:
        """The package that the row's quantities are counted in: the one that is also its unit."""
        unit_ = counted(self.text("unit") or "")
        return self.pack[0] if self.pack and (pack(self.text("unit") or "") or (unit_ and unit_[1] == self.pack[0])) else None

    def text(self, name: str) -> str | None:
        return next((t for c in self.head.columns.get(name, ()) if (t := self.grid.text((self.row, c)))), None)

    def names(self) -> dict[str, str]:
        return {name: text for name in (*IDS, "description") if (text := self.text(name))} | self.item()

    def item(self) -> dict[str, str]:
        """What stands under Item or Material: a code, or the name where nothing else names it."""
        text = self.text("item")
        if not text:
            return {}
        code = bool(re.fullmatch(r"\S*\d\S*", text))
        name = "supplier_item_id" if code else "description"
        return {} if self.text(name) else {name: text}

    def figure(self, name: str) -> Decimal | None:
        for c in self.head.columns.get(name, ()):
            found = self.grid.quantity((self.row, c))
            if found is not None and found[0] > 0:
                return found[0]
            if (start := step(self.grid.text((self.row, c)))) is not None:
                return start
        return None

    def day(self, name: str) -> dt.date | None:
        return next((d for c in self.head.columns.get(name, ()) if (d := self.grid.date((self.row, c)))), None)

    def percent(self, name: str) -> Decimal | None:
        return next((abs(v) for c in self.head.columns.get(name, ()) if (v := self.grid.percent((self.row, c)))), None)

    def currency(self) -> str | None:
        return currency(self.text("/currency") or "")

    def priced(self) -> _Price | None:
        return next((p for c in self.head.columns.get("unit_price", ()) if (p := self.price(c))), None)

    def price(self, column: int) -> _Price | None:
        """A price as it is printed: `12.50`, `EUR 12.50`, `12,50 / 100 Stk`."""
        text = self.grid.text((self.row, column))
        value = self.grid.number((self.row, column))
        if value is not None:
            return _Price(value, None, currency(text)) if value >= 0 else None
        per = _PER.fullmatch(text)
        value = number(per[1], self.grid.habits.mark) if per else None
        if per is None or value is None or value < 0:
            return None
        of = per[2].strip()
        return _Price(value, (Decimal(of), "") if of.isdecimal() else counted(of), currency(per[1]))


@dataclass(frozen=True, slots=True)
class _Measure:
    """The unit, what the price is for, what packages hold, how many units one of the row's quantities is, and what was assumed."""

    unit: str
    base: Decimal
    units: dict[str, Decimal]
    many: Decimal = ONE
    note: str | None = None

    @property
    def said(self) -> dict[str, Any]:
        return {"unit": self.unit, "price_base_quantity": self.base, "units": self.units}


def _measured(above: Entry) -> _Measure:
    line = above.line
    return _Measure(line.unit, line.price_base_quantity, dict(line.units), note=above.note)


def _measure(at: _Row, head: Head, per: tuple[Decimal, str] | None) -> _Measure:
    """How a row measures its item."""
    stated = counted(at.text("unit") or "")
    told = counted(at.text("base") or "")
    base = per[0] if per else at.figure("base") or head.base or (stated[0] if stated else ONE)
    unit_ = (per[1] if per else "") or (stated[1] if stated else "") or head.unit or (told[1] if told else "")
    units = {at.pack[0]: at.pack[1]} if at.pack else {}
    if at.pack is not None and at.pack_unit is not None:
        return _Measure(PIECE, base * at.pack[1], units, many=at.pack[1])
    return _Measure(unit_ or PIECE, base, units, note=None if unit_ else "no unit is printed; read as pieces")


def merged(entries: Sequence[Entry]) -> list[Entry]:
    """Rows of one item with rising quantities as one line with tiers; other rows as they are."""
    done: list[Entry] = []
    for one in entries:
        last = done[-1] if done else None
        if last is not None and last.start is not None and one.start is not None and one.start > last.start and _same(last.line, one.line):
            tier = Tier(from_quantity=one.start, price=one.line.price)
            line = last.line.model_copy(update={"tiers": (*last.line.tiers, tier)})
            done[-1] = Entry(line, one.start, last.where, f"{last.quote}\n{one.quote}", last.currency, last.note)
        else:
            first = one.start is not None and one.start > ONE and one.line.minimum is None
            line = one.line.model_copy(update={"minimum": one.start}) if first else one.line
            done.append(Entry(line, one.start, one.where, one.quote, one.currency, one.note))
    return done


def _same(one: PriceLine, other: PriceLine) -> bool:
    told = ("supplier_item_id", "buyer_item_id", "standard_item_id", "unit", "price_base_quantity", "valid_from", "valid_to")
    alike = all(getattr(one, name) == getattr(other, name) for name in told)
    return alike and (any(getattr(one, name) for name in IDS) or one.description == other.description)


def found(one: Entry, page: int | None) -> FoundPrice:
    """The entry as an agreed price that was found."""
    return FoundPrice(price=one.line, quote=one.quote, where=None if page else one.where, page=page, currency=one.currency, note=one.note)
