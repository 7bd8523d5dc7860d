"""Where the columns of a line table end: between two headings, at the place that the fewest words of the rows cross.

That holds for ruled and unruled tables, flush left or right. Where an item takes two lines, each line of the heading has its own borders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from signoff.tools.documents.document import Word
from signoff.tools.orders.labels import column_role
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_figures import figure
from signoff.tools.orders.layout_heading import Column

SAMPLE, EDGE = 3000, 3.0
"""Words looked at, and how far two edges that are flush may differ, in points."""
RARE = 20
"""One line among so many that is set otherwise moves no border."""
FIRST = frozenset({"line_number", "quantity", "buyer_item_id"})
"""Roles that a heading set close to the next one may have: `Line Item`, `Qty Description`."""


def bordered(columns: tuple[Column, ...], lines: list[Line]) -> tuple[Column, ...]:
    """The columns with their borders, each at the least crossed place between two headings of its line."""
    bands = sorted({c.band for c in columns})
    done: list[Column] = []
    for band in bands:
        own = [c for c in columns if c.band == band]
        mine = [line for line in lines if len(bands) == 1 or band_of(line, columns) == band]
        shaped = [line for line in mine if _figured(line)] or mine
        sample = [w for line in shaped for w in line.words][:SAMPLE]
        own = [part for c in own for part in _split(c, shaped[:60])]
        borders = [_border(a.heading, b.heading, sample, 1 + len(shaped) // RARE) for a, b in pairwise(own)]
        edges = [-1e9, *borders, 1e9]
        done += [replace(c, left=edges[i], right=edges[i + 1]) for i, c in enumerate(own)]
    return tuple(done)


def band_of(line: Line, columns: Sequence[Column]) -> int:
    """The line of the heading that a line is set under: the one with which most edges of its cells, or of its words if few, are flush."""
    parts: Sequence[Cell | Word] = line.cells if len(line.cells) > 2 else line.words
    flush = Counter({c.band: 0 for c in columns})
    for column in columns:
        head = column.heading
        near = any(abs(p.left - head.left) < EDGE or abs(p.right - head.right) < EDGE for p in parts)
        flush[column.band] += near or any(head.left < c.middle < head.right for c in line.cells)
    return max(sorted(flush, reverse=True), key=lambda band: flush[band])


def _figured(line: Line) -> bool:
    return sum(figure(c.text, "quantity") for c in line.cells) >= 2


def _split(column: Column, lines: Sequence[Line]) -> list[Column]:
    """Two columns where the words of a heading stand over two cells of most rows: `Line Item` over `1   495-92415`."""
    words = column.heading.words
    for cut in range(1, len(words)):
        a, b = column.heading.cut(0, cut), column.heading.cut(cut)
        if a is None or b is None or a.right > b.left or column_role(a.text) not in FIRST or column_role(b.text) is None:
            continue
        two = sum(_over(a, line) is not _over(b, line) for line in lines if _over(a, line) and _over(b, line))
        if lines and two >= 0.6 * len(lines):
            return [
                replace(column, role=column_role(a.text), heading=a),
                *_split(replace(column, role=column_role(b.text), heading=b), lines),
            ]
    return [column]


def _over(heading: Cell, line: Line) -> Cell | None:
    """The cell of a line that is flush with a heading."""
    return next((c for c in line.cells if abs(c.left - heading.left) < EDGE or abs(c.right - heading.right) < EDGE), None)


def _border(a: Cell, b: Cell, words: list[Word], weight: int) -> float:
    """The middle of the stretch that the fewest words cross, of several the one with the most room between the two headings.

    To cut through a heading weighs as much as to cut through `weight` words.
    """
    start, stop = int(a.middle), max(int(b.middle), int(a.middle) + 1)
    crossed: Counter[int] = Counter()
    for w in words:
        for x in range(max(start, int(w.left)), min(stop, int(w.right) + 1) + 1):
            crossed[x] += 1
    for head in (a, b):
        for x in range(max(start, int(head.left)), min(stop, int(head.right)) + 1):
            crossed[x] += weight
    least = min(crossed[x] for x in range(start, stop + 1))
    runs: list[list[int]] = [[]]
    for x in range(start, stop + 1):
        if crossed[x] == least:
            runs[-1].append(x)
        elif runs[-1]:
            runs.append([])
    best = max(filter(None, runs), key=lambda run: (min(run[-1], b.left) - max(run[0], a.right), len(run)))
    return (best[0] + best[-1]) / 2
