"""Lines that hold quantity, price and amount, proved by arithmetic, in a document whose table has no heading that can be read.

A line without such a triple is not invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from signoff.tools.documents.document import Word
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_figures import figure
from signoff.tools.orders.layout_heading import FIGURES
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_roles import LEAD, agrees, counts
from signoff.tools.orders.layout_values import Style, code
from signoff.tools.orders.values import Mark, number


def triples(lines: Sequence[Line], taken: set[int], style: Style) -> Iterator[tuple[int, Item]]:
    """Lines that hold quantity, price and amount, proved by arithmetic, where no heading says so."""
    for index, line in enumerate(lines):
        figures = [(w, v) for w in line.words if (v := number(w.text, style.mark)) is not None and v > 0]
        if index in taken or not 3 <= len(figures) <= 12:
            continue
        item = _triple(line, figures, style.mark)
        if item is not None:
            _context(item, lines, index)
            yield index, item


def _triple(line: Line, figures: list[tuple[Word, Decimal]], mark: Mark | None) -> Item | None:
    count = len(figures)
    for k in range(count - 1, 1, -1):
        for i in range(k):
            for j in range(i + 1, k):
                q, p, a = figures[i][1], figures[j][1], figures[k][1]
                if agrees(q * p, a) and a != q and a != p and "." in str(a):
                    lead = _counts(line, figures[i][0], mark) - _counts(line, figures[j][0], mark)
                    item = Item(told=abs(lead) >= LEAD)
                    for name, at in zip(FIGURES, (i, j, k) if lead >= 0 else (j, i, k), strict=True):
                        item.put(name, figures[at][1], Cell((figures[at][0],), line.page))
                    return item
    return None


def _counts(line: Line, figure: Word, mark: Mark | None) -> float:
    """How much a figure looks like a quantity, with the words that touch it: its unit, or its currency."""
    at = line.words.index(figure)
    beside = [[w] for w in (*line.words[max(at - 1, 0) : at], *line.words[at + 1 : at + 2]) if not any(c.isdigit() for c in w.text)]
    phrases = [[figure], *(sorted([figure, *near], key=lambda w: w.left) for near in beside)]
    scores = [counts(" ".join(w.text for w in phrase), mark) for phrase in phrases]
    return min(scores) if min(scores) < 0 else max(scores)


def _context(item: Item, lines: Sequence[Line], index: int) -> None:
    """Line number, item id, unit and description from the line itself, or the one above it."""
    for line in (lines[index], *lines[index - 1 : index]):
        texts = [c for c in line.cells if sum(ch.isalpha() for ch in c.text) >= 3 and not figure(c.text, "quantity")]
        if texts and line.page == lines[index].page:
            item.put("description", texts[0].text, texts[0])
        ids = [c for c in line.cells[:3] if c not in texts and len(c.words) == 1 and code(c.text) and len(c.text) > 5]
        if ids:
            item.put("buyer_item_id", ids[0].text, ids[0])
        first = line.cells[0]
        if first.words[0].text.isdigit() and len(first.words[0].text) <= 5:
            item.put("line_number", first.words[0].text, first)
