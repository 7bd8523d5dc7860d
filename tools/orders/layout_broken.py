"""Labels of totals and charges that a narrow cell has broken over two lines, beside a figure at any height: put together as one line.

Montant                     Totaalbedra
           357,00     or               2.830,60
total                       g
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from signoff.tools.orders.labels import charge_label, header_field
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_sums import TOTALS

TIGHT, LEAST_ALIGNED = 1.5, 3.0
"""How far the lines of a label may stand apart, in heights of one, and how far their edges may differ, in points."""


def put_together(lines: Sequence[Line]) -> list[Line]:
    """The lines, each broken label with its figure as one."""
    return list(_joined(lines))


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    at = 0
    while at < len(lines):
        whole = next(((n, line) for n in (3, 2) if (line := _whole(lines[at : at + n], n)) is not None), None)
        yield whole[1] if whole else lines[at]
        at += whole[0] if whole else 1


def _whole(block: Sequence[Line], count: int) -> Line | None:
    """The block as one line, if it is a label's two parts and figures right of both that stand beside them."""
    if len(block) < count or len({line.page for line in block}) > 1 or len(block[0].cells) > 2 or len(block[-1].cells) > 2:
        return None
    cells = [(n, c) for n, line in enumerate(block) for c in line.cells]
    texts = [(n, c) for n, c in cells if not any(ch.isdigit() for ch in c.text)]
    figures = [c for _, c in cells if any(ch.isdigit() for ch in c.text)]
    beside = {n for n, c in cells if c in figures}
    if [n for n, _ in texts] != [0, count - 1] or len(beside) != 1:
        return None
    (_, upper), (_, lower) = texts
    if (_names(upper.text) and not upper.text.endswith("-")) or (beside == {0} and _names(lower.text)):
        return None
    aligned = min(abs(upper.left - lower.left), abs(upper.right - lower.right), abs(upper.middle - lower.middle)) <= LEAST_ALIGNED
    tight = 0 <= lower.top - upper.bottom <= TIGHT * max(upper.height, lower.height)
    level = all(c.left > max(upper.right, lower.right) and upper.top <= c.middle_height <= lower.bottom for c in figures)
    label = _label(upper, lower) if aligned and tight and level else None
    return Line((label, *figures), block[0].page, block[0].height_of_page) if label else None


def _label(upper: Cell, lower: Cell) -> Cell | None:
    """Both parts as one cell where they name a total or a charge together, with a blank between them or as one broken word."""
    if ":" in upper.text:
        return None
    last, first = upper.words[-1], lower.words[0]
    word = replace(last, text=last.text.rstrip("-") + first.text, right=max(last.right, first.right), bottom=first.bottom)
    ways = (Cell((*upper.words, *lower.words), upper.page), Cell((*upper.words[:-1], word, *lower.words[1:]), upper.page))
    return next((cell for cell in ways if _names(cell.text)), None)


def _names(text: str) -> bool:
    label = text.rstrip(": ")
    return header_field(label) in TOTALS or charge_label(label) is not None
