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
from signoff.tools.orders.layout_ids import coded
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_prose import WANTS
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.passages import ENTRY, Passage, body, passages
from signoff.tools.orders.prose_marks import Marks, Span, marked
from signoff.tools.orders.prose_words import (
    ARTICLES,
    BEFORE,
    COUNTED,
    ENDS,
    LABELLED,
    OWN,
    PLEASE,
    QUANTITY,
    TRAILING,
)
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import number

PACK_OR_COUNT = frozenset({"ct", "count", "cnt", "pack", "pk"})
"""Behind a name these can say how many are wanted, or how many a pack holds."""
AROUND = 160
"""How many characters before and behind a number tell whether goods are counted."""
TIME = frozenset({"HUR", "DAY", "WEE", "MON", "ANN"})
_LEADING_CODE = re.compile(r"(?P<code>(?=[^\s]*[A-Z])(?=[^\s]{5})[A-Z0-9]+(?:[-/.][A-Z0-9]+)+)\s+(?=[^\W\d_]{3})")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(
    r"\b(?:street|road|lane|avenue|drive|house|floor|suite|box|rue|avenue|via|calle|plaza|stra(?:ß|ss)e|gatan|gade|vej|veien)\b"
    r"|\d{4,6}\s+[A-ZÄÖÜ]"
)


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
        wants = WANTS.search(passage.text) or _requests(passage.text)
        sure = listing or (asking and (passage.after_colon or not passage.text[:1].isupper()))
        own = list(_items(passage, style, wants.end() if wants else 0 if sure or asking else None, sure or wants is not None))
        found += own
        listing = bool(own)
        asking = asking or wants is not None
    coded([each.item for each in found])
    return found


def _requests(text: str) -> re.Match[str] | None:
    """What asks politely for a measured quantity, without a word of ordering: `50 m hose 8 mm, please`."""
    return PLEASE.search(text) if any(m["unit"] and is_unit(m["unit"]) for m in QUANTITY.finditer(text)) else None


def _items(passage: Passage, style: Style, licence: int | None, sure: bool) -> Iterator[Ordered]:
    """The items of a passage; where nothing asks for goods before them, only such as show price, id, or `3 x`."""
    entry = ENTRY.match(passage.text)
    begin = entry.end() if entry else 0
    marks = marked(passage.text)
    anchors = [] if licence is None else list(_anchors(passage.text, begin, marks, style))
    anchors = [
        a
        for a, stop in _until(anchors, passage.text)
        if _is_strong(passage.text, a, stop, marks) or (sure and not _is_address(passage.text, a))
    ]
    if anchors and _names_before(passage.text, begin, anchors[0], marks, listed=entry is not None):
        anchors = []
    if not anchors:
        yield from _postfix(passage, begin, marks, style, licence is not None and (sure or entry is not None))
        return
    for anchor, stop in _until(anchors, passage.text):
        item = Item()
        _count(item, passage, anchor)
        if entry and entry["number"] and anchor is anchors[0]:
            item.put("line_number", entry["number"], passage.cell(entry.start("number"), entry.end("number")))
        _describe(item, passage, anchor.after, stop, marks)
        _values(item, passage, anchor.start, stop, marks, style)
        if "description" in item.values or item.values.keys() & {"supplier_item_id", "buyer_item_id"}:
            yield Ordered(passage.lines[0], item)


def _until(anchors: list[_Anchor], text: str) -> list[tuple[_Anchor, int]]:
    """Each anchor with the place where the next begins, or the text ends."""
    return list(zip(anchors, [*(a.start for a in anchors[1:]), len(text)], strict=False))


def _is_strong(text: str, anchor: _Anchor, stop: int, marks: Marks) -> bool:
    """Whether more than a number says that goods are counted: `3 x`, a unit with "of", a price or an id in the same sentence."""
    first = next(iter(marks.within(anchor.after, stop)), None)
    return anchor.marked or (first is not None and not re.search(r"[.!?]\s", text[anchor.after : first.span[0]]))


def _names_before(text: str, begin: int, anchor: _Anchor, marks: Marks, *, listed: bool) -> bool:
    """Whether the goods are named before their quantity: `Film (F-50): 60 rolls at 8.25`, so that one word behind it is a unit."""
    before = text[begin : anchor.start]
    first = next(iter(marks.within(anchor.after, len(text))), None)
    if first is None or not before.rstrip().endswith((":", "–", "—", "-", ",")) or len(text[anchor.after : first.span[0]].split()) > 1:
        return False
    return any(marks.within(begin, anchor.start)) or (listed and _LETTERS.search(before) is not None and not WANTS.search(before))


def _anchors(text: str, begin: int, marks: Marks, style: Style) -> Iterator[_Anchor]:
    for match in QUANTITY.finditer(text, begin):
        start = match.start()
        if marks.across(start, start + 1):
            continue
        at = match.end("x") if match["x"] else match.end("n") if match["n"] else match.end("spelled")
        measured = match["unit"] is not None and (is_unit(match["unit"]) or match["unit"].lower().rstrip(".") in PACK_OR_COUNT)
        value = number(match["n"], style.mark) if match["n"] else Decimal(COUNTED[match["spelled"].lower()])
        of = match["of"] if match["of"] and not marks.across(*match.span("of")) else None  # the "à" of a price is none
        counts = measured and of is not None
        if value is None or value <= 0 or (match["spelled"] and match["spelled"].lower() in ARTICLES and not measured):
            continue
        if not (counts or match["x"] or start == begin or _opens(text[max(begin, start - AROUND) : start])):
            continue
        after = (match.end("of") if of else match.end("unit")) if measured else _behind_of(text, at)
        span = match.span("n") if match["n"] else match.span("spelled")
        ahead = ENDS.split(text[after : after + AROUND], maxsplit=1)[0]
        if _LETTERS.search(re.sub(r"(?i)\b(?:each|je|cada|per)\b", "", ahead)) or marks.within(after, after + 3):
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


def _describe(item: Item, passage: Passage, start: int, stop: int, marks: Marks) -> None:
    """The name: from `start` to what ends it, without what is marked as something else at its end."""
    spans = [m.span for m in marks.within(start - 3, stop)]
    leads = [(a, b) for a, b in spans if not passage.text[start:a].strip(" ,(:-")]
    begin = max((b for _, b in leads if b <= stop), default=start)
    text = passage.text[begin : min((a for a, b in spans if (a, b) not in leads and a > begin), default=stop)]
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


def _values(item: Item, passage: Passage, start: int, stop: int, marks: Marks, style: Style) -> None:
    """Id, price and amount that stand in the item's part of the passage."""
    for each in marks.within(start, stop):
        match = each.match
        if each.name == "id":
            own = OWN.match(match.groupdict().get("cue") or "")
            item.put("buyer_item_id" if own else "supplier_item_id", match["code"], passage.cell(*match.span("code")))
        elif each.name == "amount":
            item.put("line_amount", amount(match["money"], style.mark), passage.cell(*match.span("money")))
        else:
            which = "money" if match["money"] else "bare"
            item.put("unit_price", amount(match[which], style.mark), passage.cell(*match.span(which)))
            base = match["base"] or match["base_bare"]
            if base and base != "1":
                item.put("price_base_quantity", Decimal(base), passage.cell(*match.span()))


def _postfix(passage: Passage, begin: int, marks: Marks, style: Style, licensed: bool) -> Iterator[Ordered]:
    """The item whose quantity stands behind its name: `Ball valve DN25: 12 pcs`, `Enveloppes C5 : quantité 4`."""
    text = passage.text
    match = next((m for m in LABELLED.finditer(text, begin) if not marks.across(*m.span())), None)
    trailing = None
    if match is None and licensed:
        counted = [m for m in TRAILING.finditer(text, begin) if not marks.across(*m.span()) and _counts(m, marks)]
        priced = [m for m in counted if _before_price(m, marks)]
        match = trailing = next(iter(priced or counted[-1:]), None)
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
    printed, doubt = groups.get("unit"), None
    if printed and (is_unit(printed) or trailing is not None):
        item.put("unit", unit(printed), passage.cell(*match.span("unit")))
    _describe(item, passage, start, match.start(), marks)
    _values(item, passage, start, len(text), marks, style)
    if "description" in item.values:
        if trailing is not None and printed and printed.lower().rstrip(".") in PACK_OR_COUNT:
            doubt = f"{match[which]} {printed} can be the quantity or the size of a pack; ask, or enter it by hand."
        elif trailing is not None and not priced and len(counted) > 1:
            doubt = f"{' and '.join(m[0].strip(' ,;:(=–—-') for m in counted)} can each be the quantity; ask, or enter it by hand."
        yield Ordered(passage.lines[0], item, doubt)


def _counts(match: re.Match[str], marks: Marks) -> bool:
    """Whether a number behind a name counts it: `x 12`, or with a unit at its end or before a price; before one any word is a unit."""
    if match["times"] is not None:
        return True
    known = is_unit(match["unit"]) or match["unit"].lower().rstrip(".") in PACK_OR_COUNT
    return _before_price(match, marks) or (known and match["end"] is not None)


def _before_price(match: re.Match[str], marks: Marks) -> bool:
    return any(m.name == "price" for m in marks.within(match.end(), match.end() + 3))
