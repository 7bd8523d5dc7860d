"""The fingerprint of a layout: its labels, headings and titles with their left edges, which other data and other rows leave where they are.

Two papers are of one layout when they share most of their marks, and the sender of the one is named on the other: forms of the same ERP
look alike whoever sends them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from signoff.domain.layouts import ALIKE, Layout, Mark, alike, letters
from signoff.domain.order import Order
from signoff.tools.orders.labels import column_role, fold, title_kind
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_labels import any_label

LEAST_MARKS, LEAST_NAME, MOST_PAGES = 4, 4, 10
"""Fewer marks tell no layout, fewer letters no sender; pages behind the tenth tell nothing new."""


def marks_of(lines: Sequence[Line]) -> tuple[Mark, ...]:
    """The marks of a paper, given its lines with labels cut off (`layout_labels.parted`)."""
    named = ((_named(cell), cell) for line in lines if line.page <= MOST_PAGES for cell in line.cells)
    return tuple(sorted({(text, round(cell.left)) for text, cell in named if text}))


def _named(cell: Cell) -> str:
    """The words of a label, heading or title, folded and without figures; else nothing."""
    label = any_label(cell)
    text = label.cell.text if label else cell.text if column_role(cell.text) or title_kind(cell.text) else ""
    return " ".join(re.sub(r"\d+", " ", fold(text.partition(":")[0])).split())


def known(memory: Sequence[Layout], order: Order, lines: Sequence[Line]) -> Layout | None:
    """The learned layout that a paper is of: the likest of those whose sender it names, and not as its supplier."""
    buyer, supplier = letters(order.buyer.name or ""), letters(order.supplier.name or "")
    printed = letters(" ".join(line.text for line in lines if line.page == lines[0].page)) if lines else ""
    own = [
        layout
        for layout in memory
        if (sender := letters(layout.sender)) != supplier and (sender == buyer or (len(sender) >= LEAST_NAME and sender in printed))
    ]
    marks = marks_of(lines) if own else ()
    rated = [(alike(layout.marks, marks), layout) for layout in own]
    best = max(rated, key=lambda r: r[0], default=None)
    return best[1] if best is not None and best[0] >= ALIKE else None


def tells(marks: tuple[Mark, ...], sender: str) -> bool:
    """Whether the marks and the name are enough to know the layout again."""
    return len(Counter(text for text, _ in marks)) >= LEAST_MARKS and len(letters(sender)) >= LEAST_NAME
