"""Order lines in running text: "please send 20 boxes of nails (art. 4711) at 4.10 each", "- 3x Ball valve DN25 @ 12,50".

A quantity begins an item where a sentence can begin to count: behind a verb of ordering, a comma, an "and", a bullet. Its name runs on to
the next item, or to what ends a name. Prices, amounts and ids are taken by the words that mark them. What could be the quantity or the
size of a pack leaves a notice; "the usual" is no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from signoff.tools.orders.layout_cells import Line, amount
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_prose import WANTS
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.passages import ENTRY, Passage, body, passages
from signoff.tools.orders.prose_words import (
    AMOUNT,
    ARTICLES,
    BEFORE,
    COUNTED,
    ENDS,
    IN_BRACKETS,
    ITEM_ID,
    LABELLED,
    PRICE,
    QUANTITY,
    TRAILING,
)
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import number

PACK_OR_COUNT = frozenset({"ct", "count", "cnt", "pack", "pk"})
"""Behind a name these can say how many are wanted, or how many a pack holds."""
TIME = frozenset({"HUR", "DAY", "WEE", "MON", "ANN"})
_LEADING_CODE = re.compile(r"(?P<code>(?=[^\s]*[A-Z])(?=[^\s]{5})[A-Z0-9]+(?:[-/.][A-Z0-9]+)+)\s+(?=[^\W\d_]{3})")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(
    r"\b(?:street|road|lane|avenue|drive|house|floor|suite|box|rue|avenue|via|calle|plaza|stra(?:ß|ss)e|gatan|gade|vej|veien)\b"
    r"|\d{4,6}\s+[A-ZÄÖÜ]"
)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ordered:
    """An item with the place of its line in the text; `doubt` says what in it could mean two things."""

    line: int
    item: Item
    doubt: str | None = None

    @property
    def priced(self) -> bool:
        """Whether the text gives the item's price: more than a word of ordering next to a quantity."""
        return "unit_price" in self.item.values


@dataclass(slots=True)
class _Anchor:
    """Where a quantity stands: the text before is no part of the item, the name begins at `after`."""

    start: int
    after: int
    value: Decimal
    number: Span
    unit: Span | None
    marked: bool


def ordered(lines: Sequence[Line], style: Style) -> list[Ordered]:
    """The items that a message asks for, from its text before the farewell."""
    found: list[Ordered] = []
    asking = listing = False
    for passage in passages(body(lines)[0]):
        wants = WANTS.search(passage.text)
        sure = listing or (asking and (passage.after_colon or not passage.text[:1].isupper()))
        own = list(_items(passage, style, wants.end() if wants else 0 if sure or asking else None, sure or wants is not None))
        found += own
        listing = bool(own)
        asking = asking or wants is not None
    return found


def _items(passage: Passage, style: Style, licence: int | None, sure: bool) -> Iterator[Ordered]:
    """The items of a passage; where nothing asks for goods before them, only such as show price, id, or `3 x`."""
    entry = ENTRY.match(passage.text)
    begin = entry.end() if entry else 0
    taken = _marked(passage.text)
    spans = [s for _, s, _ in taken]
    anchors = [] if licence is None else list(_anchors(passage.text, begin, spans, style))
    anchors = [
        a
        for a, stop in _until(anchors, passage.text)
        if _is_strong(passage.text, a, stop, spans) or (sure and not _is_address(passage.text, a))
    ]
    if not anchors:
        yield from _postfix(passage, begin, taken, style, licence is not None and (sure or entry is not None))
        return
    for anchor, stop in _until(anchors, passage.text):
        item = Item()
        _count(item, passage, anchor)
        if entry and entry["number"] and anchor is anchors[0]:
            item.put("line_number", entry["number"], passage.cell(entry.start("number"), entry.end("number")))
        _describe(item, passage, anchor.after, stop, spans)
        _values(item, passage, anchor.start, stop, taken, style)
        if "description" in item.values or item.values.keys() & {"supplier_item_id", "buyer_item_id"}:
            yield Ordered(passage.lines[0], item)


def _until(anchors: list[_Anchor], text: str) -> list[tuple[_Anchor, int]]:
    """Each anchor with the place where the next begins, or the text ends."""
    return list(zip(anchors, [*(a.start for a in anchors[1:]), len(text)], strict=False))


def _is_strong(text: str, anchor: _Anchor, stop: int, taken: list[Span]) -> bool:
    """Whether more than a number says that goods are counted: `3 x`, a unit with "of", a price or an id in the same sentence."""
    return anchor.marked or any(anchor.after <= a < stop and not re.search(r"[.!?]\s", text[anchor.after : a]) for a, _ in taken)


Marked = tuple[str, Span, re.Match[str]]


def _marked(text: str) -> list[Marked]:
    """The ids, amounts and prices of a passage, none inside another."""
    found: list[Marked] = []
    for name, pattern in (("id", ITEM_ID), ("id", IN_BRACKETS), ("amount", AMOUNT), ("price", PRICE)):
        for match in pattern.finditer(text):
            span = match.span()
            if (name != "price" or _is_price(match)) and not any(span[0] < b and a < span[1] for _, (a, b), _ in found):
                found.append((name, span, match))
    return sorted(found, key=lambda f: f[1])


def _is_price(match: re.Match[str]) -> bool:
    """A number behind a weak word such as "at" is a price when it shows cents, a currency, or what it is per."""
    if match["weak"] is None:
        return match["bare"] is None or _shows_money(match["bare"])
    return _shows_money(match["money"]) or match["each"] is not None


def _shows_money(text: str) -> bool:
    return bool(re.search(r"[.,]\d\d?(?!\d)|[^\d.,\s]", text))


def _anchors(text: str, begin: int, taken: list[Span], style: Style) -> Iterator[_Anchor]:
    for match in QUANTITY.finditer(text, begin):
        start = match.start()
        if any(a <= start < b for a, b in taken):
            continue
        at = match.end("x") if match["x"] else match.end("n") if match["n"] else match.end("spelled")
        measured = match["unit"] is not None and (is_unit(match["unit"]) or match["unit"].lower().rstrip(".") in PACK_OR_COUNT)
        value = number(match["n"], style.mark) if match["n"] else Decimal(COUNTED[match["spelled"].lower()])
        counts = measured and match["of"] is not None
        if value is None or value <= 0 or (match["spelled"] and match["spelled"].lower() in ARTICLES and not measured):
            continue
        if not (counts or match["x"] or start == begin or _opens(text[begin:start])):
            continue
        after = (match.end("of") if match["of"] else match.end("unit")) if measured else _behind_of(text, at)
        span = match.span("n") if match["n"] else match.span("spelled")
        ahead = ENDS.split(text[after:], maxsplit=1)[0]
        if _LETTERS.search(re.sub(r"(?i)\b(?:each|je|cada|per)\b", "", ahead)) or any(after <= a < after + 3 for a, _ in taken):
            yield _Anchor(start, after, value, span, match.span("unit") if measured else None, bool(match["x"]) or counts)


def _opens(before: str) -> bool:
    """Whether a sentence can begin to count behind this text: a mark, a filler word, or a word of ordering."""
    wants = [m.end() for m in WANTS.finditer(before)]
    return bool(BEFORE.search(before)) or bool(wants and not before[wants[-1] :].strip(" :"))


def _behind_of(text: str, at: int) -> int:
    """`12 de Válvula`: the name begins behind the preposition."""
    match = re.compile(r"\s+(?:of|von|de|di|van)\s+|\s+d['’]", re.IGNORECASE).match(text, at)
    return match.end() if match else at


def is_unit(word: str) -> bool:
    """Whether a word is a unit of measure that the trade prints."""
    low = word.lower()
    return unit(low) != low and unit(low) not in TIME and low not in ("to", "an", "un", "a", "time", "tim", "or", "ora", "t", "u", "h")


def _is_address(text: str, anchor: _Anchor) -> bool:
    return bool(_ADDRESS.search(text[anchor.start : anchor.after + 30].lower()) or _ADDRESS.match(text[anchor.start :]))


def _count(item: Item, passage: Passage, anchor: _Anchor) -> None:
    cell = passage.cell(*anchor.number)
    item.put("quantity", anchor.value, cell)
    if anchor.unit is not None:
        item.put("unit", unit(passage.text[slice(*anchor.unit)]), passage.cell(*anchor.unit))


def _describe(item: Item, passage: Passage, start: int, stop: int, taken: list[Span]) -> None:
    """The name: from `start` to what ends it, without what is marked as something else at its end."""
    ends = [a for a, _ in taken if start <= a < stop and passage.text[start:a].strip(" ,(:-")]
    begin = max([b for a, b in taken if start - 3 <= a < b <= stop and not passage.text[start:a].strip(" ,(:-")], default=start)
    text = passage.text[begin : min([stop, *[e for e in ends if e > begin]])]
    cut = ENDS.search(text, 1) if len(text) > 1 else None
    name = re.sub(
        r"(?:\s+(?:and|und|et|y|e|en|og|och|ja|plus|each|also"
        r"|y también))+$",
        "",
        (text[: cut.start()] if cut else text).rstrip(" ,;:(-–—"),
    )
    name = name.strip(" ,;:()-–—\t*")
    own = _LEADING_CODE.match(name)
    if own:
        at = passage.text.index(name, begin)
        item.put("supplier_item_id", own["code"], passage.cell(at, at + own.end("code")))
        name = name[own.end() :]
    if _LETTERS.search(name):
        at = passage.text.index(name, begin)
        item.put("description", name[:1000], passage.cell(at, at + len(name)))


def _values(item: Item, passage: Passage, start: int, stop: int, taken: list[Marked], style: Style) -> None:
    """Id, price and amount that stand in the item's part of the passage."""
    for name, (a, b), match in taken:
        if not start <= a < stop:
            continue
        if name == "id":
            own = re.match(r"our|unser|notre|nuestr|nostr|onze", (match.groupdict().get("cue") or ""), re.IGNORECASE)
            item.put("buyer_item_id" if own else "supplier_item_id", match["code"], passage.cell(*match.span("code")))
        elif name == "amount":
            item.put("line_amount", amount(match["money"], style.mark), passage.cell(*match.span("money")))
        else:
            which = "money" if match["money"] else "bare"
            item.put("unit_price", amount(match[which], style.mark), passage.cell(*match.span(which)))
            base = match["base"] or match["base_bare"]
            if base and base != "1":
                item.put("price_base_quantity", Decimal(base), passage.cell(a, b))


def _postfix(passage: Passage, begin: int, taken: list[Marked], style: Style, licensed: bool) -> Iterator[Ordered]:
    """The item whose quantity stands behind its name: `Ball valve DN25: 12 pcs`, `Enveloppes C5 : quantité 4`."""
    text = passage.text
    spans = [s for _, s, _ in taken]
    match = next((m for m in LABELLED.finditer(text, begin) if not _inside(m, spans)), None)
    trailing = None
    if match is None and licensed:
        match = trailing = next((m for m in TRAILING.finditer(text, begin) if not _inside(m, spans) and _counts(m)), None)
    if match is None:
        return
    groups = match.groupdict()
    which = "times" if groups.get("times") else "n"
    value = number(match[which], style.mark)
    wants = [m.end() for m in WANTS.finditer(text[: match.start()])]
    start = wants[-1] if wants else begin
    if value is None or value <= 0:
        return
    item = Item()
    item.put("quantity", value, passage.cell(*match.span(which)))
    printed = groups.get("unit")
    if printed and is_unit(printed):
        item.put("unit", unit(printed), passage.cell(*match.span("unit")))
    _describe(item, passage, start, match.start(), spans)
    _values(item, passage, start, len(text), taken, style)
    if "description" in item.values:
        doubt = None
        if trailing is not None and printed and printed.lower().rstrip(".") in PACK_OR_COUNT:
            doubt = f"{match[which]} {printed} can be the quantity or the size of a pack; ask, or enter it by hand."
        yield Ordered(passage.lines[0], item, doubt)


def _inside(match: re.Match[str], spans: list[Span]) -> bool:
    return any(a < match.end() and match.start() < b for a, b in spans)


def _counts(match: re.Match[str]) -> bool:
    return match["times"] is not None or is_unit(match["unit"]) or match["unit"].lower().rstrip(".") in PACK_OR_COUNT
