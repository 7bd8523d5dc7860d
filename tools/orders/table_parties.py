"""The parties of a sheet that no label names: an order's letterhead is its buyer's, and names stand with numbers and addresses."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from signoff.domain.reading import Region
from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.labels import header_field, is_label, split_label
from signoff.tools.orders.layout_blocks import same_name
from signoff.tools.orders.layout_kind import paper
from signoff.tools.orders.layout_parties import is_address
from signoff.tools.orders.layout_values import name
from signoff.tools.orders.party_words import COMPANY, DESK

_HEAD, _LONGEST = 8, 8
"""Rows that a letterhead may take, and words of a name."""
_BETWEEN = re.compile(r"\s+[-–—|·•]\s+")
_NUMBERED = re.compile(r"(?P<id>\d{3,12}|[A-Z]{1,3}-?\d{2,10})\s+(?:[-–:]\s*)?(?P<name>[^\W\d_].*)", re.DOTALL)


def numbered(text: str) -> tuple[str | None, str]:
    """`0000104471 Muster GmbH` -> ("0000104471", "Muster GmbH"); a company's name alone has no number before it."""
    match = _NUMBERED.fullmatch(text)
    whole = match and (COMPANY.search(match["name"]) or len(match["id"]) >= 6)
    return (match["id"], match["name"]) if match and whole else (None, text)


def party_name(text: str) -> str:
    """A name without the address that follows it in the same cell."""
    return name(text) or text


def put_parties(draft: Draft, grids: Sequence[Grid], values: Container[Place], table_top: int) -> None:
    """The buyer where none is labelled: whom the invoice goes to, else the letterhead, for buyers issue orders.

    Where no supplier is labelled either, it is the one company to whom a letter with that head is addressed.
    """
    stated = {p: str(draft.tree.get(p, {}).get("name") or "") for p in ("buyer", "supplier", "invoice_to", "ship_to")}
    if stated["buyer"]:
        return
    if stated["invoice_to"]:
        draft.put("/buyer/name", stated["invoice_to"], draft.evidence.get("/invoice_to/name"))
        return
    grid = grids[0]
    heads = [(p, text) for p, text in _names(grid, values, min(table_top, _HEAD)) if not _same(text, stated["supplier"])]
    formed = [head for head in heads if COMPANY.search(head[1])]
    head = next(iter(formed), None) or next((h for h in heads[:1] if _leads(grid, h[0])), None)
    if head is None:
        return
    draft.put("/buyer/name", head[1][:4000], grid.evidence(head[0], Region.HEADER))
    others = [o for o in formed if not any(_same(o[1], name) for name in (head[1], *stated.values()))]
    if not stated["supplier"] and len(others) == 1 and others[0][0] > head[0]:
        place, name = others[0]
        draft.put("/supplier/name", name[:4000], grid.evidence(place, Region.HEADER, label="addressee"))
        message = f"No label says who supplies; {name[:60]!r} is whom the sheet seems to be addressed to."
        draft.notice("field_missing", "/supplier", message, text=name[:200], where=grid.where(place), region=Region.HEADER)


def _same(text: str, name: str) -> bool:
    return bool(name) and same_name(text, name)


def _leads(grid: Grid, place: Place) -> bool:
    """Whether nothing but titles stands before a cell, and one does stand in the sheet's head."""
    before = [grid.text((r, c)) for r in range(place[0] + 1) for c in grid.filled(r) if (r, c) < place]
    head = [grid.text((r, c)) for r in range(min(grid.height, _HEAD)) for c in grid.filled(r)]
    titled = any(
        paper(t) or header_field(t) == "/order_number" or header_field((split_label(t) or ("",))[0]) == "/order_number" for t in head
    )
    return titled and all(paper(t) for t in before)


def _names(grid: Grid, values: Container[Place], rows: int) -> Iterator[tuple[Place, str]]:
    """The cells above the table that may be a company's name, each without what follows behind a dash."""
    for row in range(rows):
        for column in grid.filled(row):
            text = _BETWEEN.split(grid.text((row, column)).split("\n")[0])[0].strip()
            if (row, column) not in values and grid.wordy((row, column)) and not _labelled(grid, row, column) and _is_name(text):
                yield (row, column), text


def _labelled(grid: Grid, row: int, column: int) -> bool:
    """Whether a label stands left of a cell, or heads its column of text."""
    left = [c for c in grid.filled(row) if c < column]
    if left and is_label(grid.text((row, left[-1]))) and paper(grid.text((row, left[-1]))) is None:
        return True
    above = row - 1
    while above >= 0 and grid.text((above, column)):
        if is_label(grid.text((above, column))) and paper(grid.text((above, column))) is None:
            return True
        above -= 1
    return False


def _is_name(text: str) -> bool:
    if name(text) is None or is_label(text) or split_label(text) is not None or DESK.match(text) or text.endswith(":"):
        return False
    sentence = len(text.split()) > _LONGEST or (text.endswith((".", "!", "?")) and not COMPANY.search(text))
    coded = len(text.split()) == 1 and any(c.isdigit() for c in text)
    return not (sentence or coded or is_address(text))
