"""Tables of prices on pages: lines of cells under a line of headings, as sheets. Headings may go over two lines, rows over pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from signoff.tools.agreements.price_rows import head
from signoff.tools.documents.document import Sheet
from signoff.tools.orders.cells import Grid, Habits
from signoff.tools.orders.layout_borders import bordered
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_heading import Column

UNKNOWN = Habits(None, None)
PROSE = 6
"""A cell of more words than this that lies across columns is a sentence: the table has ended."""

Cells = tuple[str | None, ...]


def page_sheets(lines: Sequence[Line]) -> Iterator[tuple[Sheet, int]]:
    """Every table of prices, a sheet for each page it is on, with the page; its first row holds the headings."""
    heads = list(_headings(lines))
    ends = [*(start for start, _, _ in heads[1:]), len(lines)]
    for (_, first, cells), end in zip(heads, ends, strict=False):
        body = [line for line in lines[first:end] if line.cells]
        columns = bordered(tuple(Column(None, cell) for cell in cells), body[:200])
        top: Cells = tuple(c.heading.text for c in columns)
        rows = list(_rows(body, columns))
        for page, own in groupby(rows, key=lambda row: row[0]):
            yield Sheet(f"page {page}", (top, *(texts for _, texts in own)), first_row=0), page


def _headings(lines: Sequence[Line]) -> Iterator[tuple[int, int, list[Cell]]]:
    """Where headings stand, where their rows begin, and their cells; two lines where that names more columns than one."""
    at = 0
    while at < len(lines):
        one = list(lines[at].cells)
        two = _stacked(lines[at], lines[at + 1]) if at + 1 < len(lines) else one
        known, more = _named(one), _named(two)
        if more > known:
            yield at, at + 2, two
            at += 2
        elif known:
            yield at, at + 1, one
            at += 1
        else:
            at += 1


def _named(cells: Sequence[Cell]) -> int:
    """How many columns the cells name; 0 where they are no headings of prices."""
    found = head(Grid(Sheet("", (tuple(c.text for c in cells),)), UNKNOWN), 0) if len(cells) > 1 else None
    return (
        len({name for name in found.columns if name != "unit_price"}) + len(found.steps) + ("unit_price" in found.columns) if found else 0
    )


def _stacked(upper: Line, lower: Line) -> list[Cell]:
    """The cells of two lines, those that stand above each other as one; the upper line's where the lower one has figures."""
    if lower.page != upper.page or lower.top - upper.bottom > 1.2 * upper.cells[0].height or any(_figure(c.text) for c in lower.cells):
        return list(upper.cells)
    done = list(upper.cells)
    for cell in lower.cells:
        above = next((i for i, c in enumerate(done) if min(c.right, cell.right) > max(c.left, cell.left)), None)
        if above is None:
            done.append(cell)
        else:
            done[above] = Cell((*done[above].words, *cell.words), cell.page)
    return sorted(done, key=lambda c: c.middle)


def _figure(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdigit()


def _rows(body: Sequence[Line], columns: Sequence[Column]) -> Iterator[tuple[int, Cells]]:
    """Page and cells of each row. A line that stands under one column of words alone goes on with the row above."""
    last: tuple[int, list[str | None]] | None = None
    for line in body:
        if any(len(c.words) > PROSE and sum(col.left < c.right and col.right > c.left for col in columns) > 2 for c in line.cells):
            break
        texts = _placed(line, columns)
        alone = [i for i, text in enumerate(texts) if text]
        if last is not None and len(alone) == 1 and alone[0] > 0 and last[1][alone[0]] and not _figure(texts[alone[0]] or ""):
            last[1][alone[0]] = f"{last[1][alone[0]]} {texts[alone[0]]}"
            continue
        if last is not None:
            yield last[0], tuple(last[1])
        last = (line.page, texts)
    if last is not None:
        yield last[0], tuple(last[1])


def _placed(line: Line, columns: Sequence[Column]) -> list[str | None]:
    """The line's words by the column that they stand in."""
    parts: list[list[str]] = [[] for _ in columns]
    for word in line.words:
        middle = (word.left + word.right) / 2
        at = next((i for i, c in enumerate(columns) if c.left <= middle < c.right), len(columns) - 1)
        parts[at].append(word.text)
    return [" ".join(part) or None for part in parts]
