"""Order lines that are printed as blocks of labels and values, one below the other, instead of rows of a table.

    Item 1
      Part number ........ BV-25
      Quantity ........... 19 pcs
      Unit price EUR ..... 14,32

    1) Cable drum 25 m
       Quantity: 4      Unit price: 61.90      Amount: 247.60

A label that comes again, or a heading that counts, begins the next block. A block is a line when it has a quantity and names an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from signoff.tools.orders.labels import column_role
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_values import Style, code
from signoff.tools.orders.prose_words import PER
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import date, number, quantity

LEAST = 3
"""Labelled values that a block has at least."""
_TEXTS = frozenset({"description", "buyer_item_id", "supplier_item_id", "standard_item_id", "item", "details", "line_number"})
_ROLES = _TEXTS | {
    "quantity",
    "unit",
    "unit_price",
    "line_amount",
    "requested_delivery_date",
    "/requested_delivery_date",
    "price_base_quantity",
}
_DATES = frozenset({"requested_delivery_date", "/requested_delivery_date"})
_HEADING = re.compile(
    r"[^\W\d_]{3,12}\.?\s*(?:n[°ºor]?\.?\s*)?#?(?P<word>\d{1,5})(?:[.:)]?|[.:)]\s+(?P<after>\S.*))"
    r"|(?P<number>\d{1,3})[.)]\s+(?P<text>[^\W\d_].*)"
)
"""What counts a block: `Item 1`, `Pos 10: Cable drum`, `1) Cable drum`."""
_NUMBERED = re.compile(r"(?P<word>)(?P<after>)(?P<number>\d{1,4}) (?P<text>[^\W\d_].*)")
_PER = re.compile(PER + "$", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A block in the making: its item, the roles it has labels of, the places of its lines, and the line above it, which may name it."""

    item: Item = field(default_factory=Item)
    seen: set[str] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    title: tuple[int, Cell] | None = None

    def done(self) -> tuple[set[int], Item]:
        """Its lines and its item, which the line above it names where nothing in it does."""
        if self.title is not None and "description" not in self.item.values:
            at, cell = self.title
            self.item.put("description", cell.text[:1000], cell)
            self.taken.add(at)
        return self.taken, self.item


def records(lines: Sequence[Line], style: Style) -> list[tuple[set[int], Item]]:
    """The blocks that are order lines, each with the places of its lines of text."""
    return [(taken, item) for taken, item in map(Block.done, _blocks(lines, style)) if _whole(item)]


def _whole(item: Item) -> bool:
    named = item.values.keys() & {"description", "buyer_item_id", "supplier_item_id", "standard_item_id"}
    return "quantity" in item.values and bool(named) and len(item.values.keys() - {"unit", "line_number"}) >= LEAST


def _blocks(lines: Sequence[Line], style: Style) -> Iterator[Block]:
    block = Block()
    for at, line in enumerate(lines):
        pairs = _labelled(line, style)
        heading = _heading(lines, at, style) if not pairs else None
        if heading or not pairs or block.seen & pairs.keys():
            if not heading and not pairs and block.seen and _goes_on(lines, at, style):
                continue
            yield block
            block = Block()
        if heading:
            _counted(block.item, heading, line)
            block.taken.add(at)
        elif pairs and (block.taken or pairs.keys() - _DATES):  # a date above the first block is the order's
            block.title = block.title if block.taken else _title(lines, at, style)
            for role, cell in pairs.items():
                _put(block.item, role, cell, style)
            block.seen |= pairs.keys()
            block.taken.add(at)
    yield block


def _heading(lines: Sequence[Line], at: int, style: Style) -> re.Match[str] | None:
    """What counts a block; a bare number before its name does so where labels follow on the next line."""
    line = lines[at]
    found = _HEADING.fullmatch(line.text)
    if found is None and len(line.cells) == 2 and at + 1 < len(lines) and _labelled(lines[at + 1], style):
        found = _NUMBERED.fullmatch(line.text)
    return found


def _goes_on(lines: Sequence[Line], at: int, style: Style) -> bool:
    """Whether a line without a label stands inside a block, as a value's second line does: the next has a label again."""
    following = _labelled(lines[at + 1], style) if at + 1 < len(lines) else None
    return bool(following) and _close(lines[at - 1], lines[at])


def _close(above: Line, line: Line) -> bool:
    return above.page == line.page and line.top - above.bottom < 1.1 * (line.bottom - line.top)


def _counted(item: Item, heading: re.Match[str], line: Line) -> None:
    """The line number of a heading, and the name of the item behind it."""
    item.put("line_number", heading["word"] or heading["number"], line.cells[0 if heading["number"] else -1])
    words = (heading["after"] or heading["text"] or "").split()
    if words:
        item.put("description", " ".join(words)[:1000], Cell(tuple(line.words[-len(words) :]), line.page))


def _title(lines: Sequence[Line], at: int, style: Style) -> tuple[int, Cell] | None:
    """The line right above a block that is no label, as the name of its item is set."""
    above = lines[at - 1] if at else None
    if above is None or len(above.cells) != 1 or not _close(above, lines[at]) or ":" in above.text or _labelled(above, style):
        return None
    return at - 1, above.cells[0]


def _labelled(line: Line, style: Style) -> dict[str, Cell]:
    """The role that each label of a line names, and its value, in the label's cell or the next; nothing where it holds anything else."""
    named: dict[str, Cell] = {}
    cells = list(line.cells)
    while cells:
        cell = cells.pop(0)
        pair = _pair(cell, style)
        if pair is None and cells:
            pair = _beside(cell, cells.pop(0), style, len(line.cells) > 2)
        if pair is None:
            return {}
        named.setdefault(*pair)
    return named if _ROLES & named.keys() else {}


def _beside(label: Cell, value: Cell, style: Style, among_others: bool) -> tuple[str, Cell] | None:
    """A label and its value in the next cell; among others in the line a figure must be one."""
    value = (value.cut(1) or value) if value.words[0].text == ":" else value
    role = column_role(label.text.rstrip(": "))
    if role not in _ROLES or column_role(value.text) is not None or _pair(value, style) is not None:
        return None
    figures = among_others and role not in _TEXTS - {"item"} and role not in _DATES and role != "unit"
    return None if role is None or (figures and not _is_value(role, value.text, style)) else (role, value)


def _pair(cell: Cell, style: Style) -> tuple[str, Cell] | None:
    """A label and its value in one cell: behind a colon, or a figure or a code behind a word that names it (`Qty 14 EA`)."""
    words = [w.text for w in cell.words]
    colon = next((n for n, w in enumerate(words[:5], 1) if w.endswith(":")), 0)
    for cut in (colon,) if colon else range(min(len(words) - 1, 3), 0, -1):
        role = _role(" ".join(words[:cut]).rstrip(": "))
        value = cell.cut(cut)
        if cut and role and value is not None and (colon or (role in _ROLES and _is_value(role, value.text, style))):
            return role, value
    return None


def _role(label: str) -> str | None:
    """What a label names, of several with strokes between them the first that is known: `Hours/Qty`."""
    parts = (label, *label.split("/")) if "/" in label else (label,)
    return next((role for part in parts if (role := column_role(part))), None)


def _is_value(role: str, text: str, style: Style) -> bool:
    """Whether a text is of the role's kind, as a figure or a code is without a doubt."""
    if role == "quantity":
        return quantity(text, style.mark) is not None
    if role in ("unit_price", "line_amount"):
        return amount(text, style.mark) is not None
    return (role == "item" or role.endswith("_id")) and code(text) == text


def _put(item: Item, role: str, cell: Cell, style: Style) -> None:
    text = cell.text
    if role in _TEXTS:
        coded = role == "item" and code(text) == text
        name = "supplier_item_id" if coded else {"item": "description", "details": "description"}.get(role, role)
        item.put(name, text if len(text) <= (60 if name.endswith("_id") else 1000) else None, cell)
    elif role == "quantity":
        measured = quantity(text, style.mark)
        item.put(role, measured[0] if measured else None, cell)
        item.put("unit", unit(measured[1]) if measured and measured[1] else None, cell)
    elif role == "unit":
        item.put(role, unit(text), cell)
    elif role.endswith("requested_delivery_date"):
        item.put("requested_delivery_date", date(text, style.order), cell)
    else:
        per = _PER.search(text) if role == "unit_price" else None
        item.put(role, amount(text[: per.start()] if per else text, style.mark), cell)
        item.put("price_base_quantity", number(per["base"], style.mark) if per and per["base"] else None, cell)
    if role in ("quantity", "unit_price", "line_amount") and role not in item.values:
        item.unread[role] = cell
