"""Order lines that are printed as blocks of labels and values, one below the other, instead of rows of a table.

    Item 1
      Part number ........ BV-25
      Quantity ........... 19 pcs
      Unit price EUR ..... 14,32

A label that comes again, or a heading that counts, begins the next block. A block is a line when it has a quantity and names an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signoff.tools.orders.labels import column_role
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import date, quantity

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
_HEADING = re.compile(r"[^\W\d_]{3,12}\.?\s*(?:n[°ºor]?\.?\s*)?#?(\d{1,5})[.:]?$")


def records(lines: Sequence[Line], style: Style) -> list[tuple[set[int], Item]]:
    """The blocks that are order lines, each with the places of its lines of text."""
    return [(taken, item) for taken, item in _blocks(lines, style) if _whole(item)]


def _whole(item: Item) -> bool:
    named = item.values.keys() & {"description", "buyer_item_id", "supplier_item_id", "standard_item_id"}
    return "quantity" in item.values and bool(named) and len(item.values.keys() - {"unit", "line_number"}) >= LEAST


def _blocks(lines: Sequence[Line], style: Style) -> Iterator[tuple[set[int], Item]]:
    item, seen, taken = Item(), set[str](), set[int]()
    for at, line in enumerate(lines):
        labelled = _labelled(line)
        heading = _HEADING.fullmatch(line.text)
        if heading or labelled is None or labelled[0] in seen:
            if not heading and labelled is None and seen and _goes_on(lines, at):
                continue
            yield taken, item
            item, seen, taken = Item(), set(), set()
        if heading:
            item.put("line_number", heading[1], line.cells[-1])
            taken.add(at)
        elif labelled is not None and (seen or taken or labelled[0] not in _DATES):  # a date above the first block is the order's
            role, cell = labelled
            seen.add(role)
            taken.add(at)
            _put(item, role, cell, style)
    yield taken, item


def _goes_on(lines: Sequence[Line], at: int) -> bool:
    """Whether a line without a label stands inside a block, as a value's second line does: the next has a label again."""
    following = _labelled(lines[at + 1]) if at + 1 < len(lines) else None
    return following is not None and lines[at].top - lines[at - 1].bottom < 1.1 * (lines[at].bottom - lines[at].top)


def _labelled(line: Line) -> tuple[str, Cell] | None:
    """The role that a line's label names and its value: two cells, or one with a colon."""
    if len(line.cells) == 2:
        label, value = line.cells
        role = column_role(label.text.rstrip(": "))
        return (role, value) if role in _ROLES and column_role(value.text) is None else None
    words = line.words
    at = next((n for n, w in enumerate(words[:5], 1) if w.text.endswith(":")), 0)
    if len(line.cells) != 1 or not 0 < at < len(words):
        return None
    role = column_role(" ".join(w.text for w in words[:at]).rstrip(": "))
    return (role, Cell(tuple(words[at:]), line.page)) if role in _ROLES else None


def _put(item: Item, role: str, cell: Cell, style: Style) -> None:
    text = cell.text
    if role in _TEXTS:
        name = {"item": "description", "details": "description"}.get(role, role)
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
        item.put(role, amount(text, style.mark), cell)
    if role in ("quantity", "unit_price", "line_amount") and role not in item.values:
        item.unread[role] = cell
