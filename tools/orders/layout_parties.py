"""The parties of laid-out text: labelled blocks, and for an order that a buyer issued its letterhead.

"Buyer" labels the buying company on one form and the purchasing agent on another: what has the form of a company, or is named again as the
one who is billed, is the company.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signoff.domain.reading import Region
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.labels import column_role, header_field
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_header import Found, label_of
from signoff.tools.orders.layout_kind import paper
from signoff.tools.orders.layout_values import name

COMPANY = re.compile(
    r"\b(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|company|co|plc|llp|lp|gmbh|ag|kg|ohg|mbh|se|e\.?v|sarl|sas|s\.?a\.?s?"
    r"|s\.?r\.?l|s\.?p\.?a|s\.?l|bv|b\.v|nv|n\.v|as|a/s|aps|ab|oy|oyj|pty|pvt|w\.?l\.?l|fze|ltda|kft|s\.?r\.?o|sp\.? ?z ?o\.?o|d\.?o\.?o"
    r"|group|holdings?|industries|manufacturing|university|hospital|stadt|city of|county|gruppe|werke?)\b\.?",
    re.IGNORECASE,
)
"""Legal forms, and words that institutions bear in their names."""

_BETWEEN = frozenset("-–—·•|")
PARTIES = ("supplier", "buyer", "ship_to", "invoice_to")


def parties(draft: Draft, lines: Sequence[Line], values: list[Found], table_top: int) -> None:
    """Put every party that the document names, and the requester."""
    for party in PARTIES:
        for field in ("name", "id", "tax_id", "bank_account"):
            pointer = f"/{party}/{field}"
            ranked = sorted((v for v in values if v.pointer == pointer), key=lambda v: -v.strength)
            ranked = [v for v in ranked if not (pointer == "/buyer/name" and _person(v))]
            if ranked:
                draft.put(pointer, ranked[0].value, ranked[0].cell.evidence(ranked[0].region))
    _requester(draft, values)
    tree = draft.tree
    if "name" not in tree.get("buyer", {}):
        names = letterhead(lines, table_top, {str(tree.get("supplier", {}).get("name", "")).lower()})
        company = next((c for c in names if COMPANY.search(c.text)), None)
        billed = next((v for v in values if v.pointer == "/invoice_to/name"), None)
        if company is None and billed is not None:
            draft.put("/buyer/name", billed.value, billed.cell.evidence(billed.region))
        elif company is not None or names:
            head = company or names[0]
            draft.put("/buyer/name", head.text, head.evidence(Region.HEADER))
    if "name" not in tree.get("supplier", {}):
        addressee = _addressee(lines, table_top, str(tree.get("buyer", {}).get("name", "")))
        if addressee is not None:
            draft.put("/supplier/name", addressee.text, addressee.evidence(Region.HEADER))


def _addressee(lines: Sequence[Line], table_top: int, buyer: str) -> Cell | None:
    """The one to whom the paper is addressed: a name without a label over lines with digits, in the left half, below the letterhead.

    An order is a letter, and a letter's addressee stands there (DIN 5008, ISO 11180); when two blocks could be it, none is.
    """
    own = [line for line in lines[:table_top] if line.page == lines[0].page and line.top < 0.45 * line.height_of_page]
    right = max((w.right for line in own for w in line.words), default=0.0)
    first = {line.cells[0].text: line.cells[0] for line in own[1:] if line.cells[0].left < right / 2}
    cells = [c for line in own for c in line.cells]
    found = [c for c in first.values() if c.text.lower() not in buyer.lower() and _is_name(c) and _heads_address(c, cells)]
    return found[0] if len(found) == 1 else None


def _heads_address(cell: Cell, cells: list[Cell]) -> bool:
    """Whether the cell begins a block of lines, with digits in the next three, and without labels."""
    column = [c for c in cells if abs(c.left - cell.left) < 4]
    below = [c for c in column if 0 < c.top - cell.bottom < 5 * cell.height]
    begins = not any(0 < cell.top - c.bottom < 1.2 * cell.height for c in column)
    digits = any(ch.isdigit() for c in below[:3] for ch in c.text)
    return begins and digits and len(below) > 1 and not any(label_of(c) for c in below[:2])


def _person(value: Found) -> bool:
    """Whether a value labelled "buyer" is a person's name rather than a company's."""
    text = str(value.value)
    words = text.replace(",", " ").split()
    named = all(w[:1].isupper() and w.replace(".", "").replace("-", "").isalpha() for w in words)
    return named and 2 <= len(words) <= 3 and not COMPANY.search(text)


def _requester(draft: Draft, values: list[Found]) -> None:
    labelled = [v for v in values if v.pointer == "/requester"]
    buyers = [v for v in values if v.pointer == "/buyer/name" and _person(v)]
    best = max(labelled or buyers, key=lambda v: v.strength, default=None)
    if best is not None:
        draft.put("/requester", best.value, best.cell.evidence(best.region))


def letterhead(lines: Sequence[Line], table_top: int, others: set[str]) -> list[Cell]:
    """What may be the name at the head of the paper, from the top; nothing that stands at a label counts."""
    labels = [
        (c, label.pointer) for line in lines[: max(table_top, 12)] for c in line.cells if paper(c.text) is None and (label := label_of(c))
    ]
    head = [line for line in lines[:table_top] if line.page == lines[0].page and line.top < 0.3 * line.height_of_page][:14]
    cells = [(_sender(c), line) for line in head for c in line.cells]
    return [c for c, line in cells if _is_name(c) and c.text.lower() not in others and not _labelled(c, line, labels)]


def _sender(cell: Cell) -> Cell:
    """The sender's name where its line goes on behind a dash, a point or a bar with the address (DIN 5008) or the paper's title."""
    marks = [n for n, w in enumerate(cell.words) if w.text in _BETWEEN]
    first, rest = (cell.cut(0, marks[0]), cell.cut(marks[0] + 1)) if marks else (None, None)
    if first is None or rest is None or not (paper(rest.text) or any(c.isdigit() for c in rest.text)):
        return cell
    return first


def _is_name(cell: Cell) -> bool:
    text = cell.text
    if name(text) is None or any(ch.isdigit() for ch in text) or len(cell.words) > 7 or text.endswith((":", ",", "!", ".com")):
        return False
    return column_role(text) is None and header_field(text) is None and paper(text) is None and label_of(cell) is None


def _labelled(cell: Cell, line: Line, labels: list[tuple[Cell, str]]) -> bool:
    """Whether a label stands left of the cell on its line or above it, so that the name is that party's."""
    for label, _ in labels:
        beside = abs((label.top + label.bottom) - (cell.top + cell.bottom)) / 2 < 0.6 * cell.height and label.right <= cell.left + 1
        above = 0 < cell.top - label.top < 7 * max(cell.height, 6) and label.left - 30 < cell.left < label.right + 30
        if label is not cell and (beside or above):
            return True
    return False
