"""The line table of laid-out text: its columns and its rows, over as many pages as it takes.

The border between two columns is the place between their headings that the fewest words of the rows cross, which holds for ruled and
unruled tables, flush left or right. A row is a line with figures where figures belong; the lines without, above or below it, are its
wrapped text, cut where the wider gap is. Where an item takes two lines with headings of their own, the other line joins the row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from signoff.tools.documents.document import Word
from signoff.tools.orders.labels import column_role, header_field
from signoff.tools.orders.layout_borders import band_of, bordered
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_figures import figure
from signoff.tools.orders.layout_heading import FIGURES, ITEMS, NAMING, Column, Heading, headings
from signoff.tools.orders.layout_numbers import counting
from signoff.tools.orders.layout_sums import TOTALS, figures, sums

NEAR, BESIDE = 2.4, 12.0
"""The widest gap between the lines of a row, in heights of type by two; how far left of the headings another text ends, in points."""


@dataclass(slots=True)
class Row:
    """A row: its line's cells by column, and the lines of wrapped text that belong to it; `start` is the first line of its cells."""

    index: int
    cells: dict[int, Cell]
    wrapped: list[Line] = field(default_factory=list)
    start: int = 0


@dataclass(slots=True)
class Table:
    """All rows under headings of one wording, and the indices of the lines that the table takes up.

    `told` unless the figures add up and nothing says which column is the quantity and which the price.
    """

    columns: tuple[Column, ...]
    rows: list[Row]
    taken: set[int]
    body: list[int] = field(default_factory=list)
    told: bool = True

    def of(self, row: Row, role: str) -> list[Cell]:
        """The row's cells in the columns of this role, from the left."""
        return [row.cells[i] for i, c in enumerate(self.columns) if c.role == role and i in row.cells]


def tables(lines: Sequence[Line]) -> list[Table]:
    """Every table with rows, headings of the same wording taken together; one whose heading can be read in two ways is there twice.

    A heading that names no item, of a delivery schedule say, interrupts a table: what follows is a row again when it is numbered as one,
    or has every figure.
    """
    found = list(headings(lines))
    groups: dict[frozenset[str], list[Heading]] = {}
    for heading in found:
        if _of_items(heading):
            groups.setdefault(heading.roles, []).append(heading)
    own = sorted(h.start for h in found if _of_items(h))
    inner = sorted({h.start for h in found} - set(own))
    done = [_read(lines, group, own, inner) for group in groups.values()]
    for group in groups.values():
        layered = [replace(h, columns=tuple(c for layer in h.layers for c in layer)) for h in group if h.layers]
        done += [_read(lines, layered, own, inner)] if layered else []
    return [t for t in done if t.rows]


def _of_items(heading: Heading) -> bool:
    """Whether a heading is one of order lines: it names an item, or quantity, price and amount."""
    return bool(heading.roles & ITEMS) or heading.roles >= set(FIGURES)


@dataclass(slots=True)
class Section:
    """What stands below one heading: the lines that may hold rows, those that belong to the section besides, its columns, and its rows."""

    body: list[int]
    whole: range
    columns: tuple[Column, ...]
    rows: list[Row]


def _read(lines: Sequence[Line], group: list[Heading], starts: list[int], inner: list[int]) -> Table:
    """The rows below each heading of the group, up to the totals, another heading, or the end."""
    spans = [range(h.stop, next((s for s in starts if s >= h.stop), len(lines))) for h in group]
    totals = [sums(lines, span) for span in spans]
    shown: dict[tuple[int, ...], list[Line]] = {}
    for heading, span, found in zip(group, spans, totals, strict=True):
        shown.setdefault(_places(heading), []).extend(_sample(lines, heading, min(found, default=span.stop)))
    first = {_places(h): h for h in reversed(group)}
    columns = {places: bordered(h.columns, shown[places]) for places, h in first.items()}
    sections = [_section(lines, h, span, found, columns[_places(h)], inner) for h, span, found in zip(group, spans, totals, strict=True)]
    _numbered_only(sections)
    rows: list[Row] = []
    taken: set[int] = set()
    for heading, section in zip(group, sections, strict=True):
        own = _with_text(lines, section)
        rows += own
        at = {id(lines[i]): i for i in section.whole}
        taken.update(range(heading.start, heading.stop), *({r.index, r.start} for r in own))
        taken.update(at[id(line)] for r in own for line in r.wrapped if id(line) in at)
    return Table(sections[-1].columns, rows, taken, [i for section in sections for i in section.whole])


def _places(heading: Heading) -> tuple[int, ...]:
    """Where the headings stand; those of a table that goes on over pages stand in the same places, and share their borders."""
    return tuple(round(c.heading.left) for c in heading.columns)


def _section(
    lines: Sequence[Line], heading: Heading, span: range, totals: set[int], columns: tuple[Column, ...], inner: list[int]
) -> Section:
    totals = {i for i in totals if not _numbered(lines[i], columns)}  # "tax" with a line number, a quantity and a price is an item
    near = range(span.start, min(totals, default=span.stop))
    further = range(near.stop, span.stop)
    body = range(span.start, max([near.stop, *(i + 1 for i in further if _goes_on(lines[i], columns, i, totals))]))
    page = lines[heading.start].page
    broken = next((i for i in body if lines[i].page != page), len(lines))
    broken = next((i for i in inner if heading.stop <= i < broken), broken)
    own = [i for i in body if i not in totals]
    return Section(own, body, columns, _rows(lines, own, columns, broken))


def _sample(lines: Sequence[Line], heading: Heading, stop: int) -> list[Line]:
    """The lines that show where the columns end: those of the heading's page, for the next page begins with other things."""
    near = [lines[i] for i in range(heading.stop, stop)]
    own = [line for line in near if line.page == lines[heading.start].page]
    return own if any(figures(line) > 1 for line in own) else near


def _numbered_only(sections: Sequence[Section]) -> None:
    """Where rows are numbered, what has no number and lacks a figure is none: more text, a delivery, tax or freight below the goods."""
    texts = [(row, text) for section in sections for row in section.rows if (text := _line_number(row, section.columns))]
    counts = [(row, int(text)) for row, text in texts if text.isdigit()]
    counted = {id(counts[at][0]) for at in counting([n for _, n in counts])}
    if any(c.role == "line_number" for c in sections[0].columns):
        counted |= {id(row) for row, text in texts if not text.isdigit()}
    elif 2 * len(counted) <= len(texts) or [n for row, n in counts if id(row) in counted][:1] not in ([1], [10]):
        return
    if len(counted) < 2:
        return
    for section in sections:
        section.rows = [row for row in section.rows if id(row) in counted or _whole(row.cells, section.columns)]


def _line_number(row: Row, columns: Sequence[Column]) -> str | None:
    """What stands where rows are numbered, under a heading for it or for items: `1`, `010`, `2.`, `L3`, `01.0020`."""
    at = next((i for role in ("line_number", "item") for i, c in enumerate(columns) if c.role == role), None)
    text = row.cells[at].text.rstrip(".") if at in row.cells else ""
    return text if re.fullmatch(r"[\w.-]{1,10}", text) and any(ch.isdigit() for ch in text) else None


def _goes_on(line: Line, columns: tuple[Column, ...], index: int, totals: set[int]) -> bool:
    """Whether a line below a total is a row still: what stood above it was a subtotal, or carried forward."""
    row = _row(line, index, columns) if index not in totals else None
    return row is not None and _whole(row.cells, columns)


def _numbered(line: Line, columns: tuple[Column, ...]) -> bool:
    """Whether a line begins with a number and has every figure, as an item has and a total has not."""
    cells = _parsed(line, columns, _main_band(columns))
    return line.cells[0].text.rstrip(".").isdigit() and _whole(cells, columns)


def _rows(lines: Sequence[Line], body: list[int], columns: tuple[Column, ...], broken: int) -> list[Row]:
    """The rows of the body; from the line `broken` on, behind another table or a new page's head, only numbered or whole ones."""
    bands = {c.band for c in columns}
    at = {i: band_of(lines[i], columns) for i in body} if len(bands) > 1 else {}
    main = _main_band(columns)
    rows: list[Row] = []
    for i in body:
        row = _row(lines[i], i, columns) if at.get(i, main) == main else None
        if row is None or (i >= broken and not (_counted(row.cells, columns) or _whole(row.cells, columns) or _alike(row, rows))):
            continue
        if at:
            _join_bands(row, lines, columns, at, rows[-1].index if rows else -1)
        rows.append(row)
    return rows


def _with_text(lines: Sequence[Line], section: Section) -> list[Row]:
    """The section's rows with the lines of wrapped text around each."""
    rows, body = section.rows, section.body
    edge = min((c.heading.left for c in section.columns if c.role and not c.role.startswith("/")), default=0.0)
    for before, after in pairwise([*rows, None]):
        if before is not None:
            _wrap(lines, before, after, body[-1] + 1, edge)
    if rows:
        _wrap_first(lines, body[0], rows[0])
    return rows


def _main_band(columns: Sequence[Column]) -> int:
    """The line of an item that holds most of its figures."""
    held = Counter({c.band: 0 for c in columns}) + Counter(c.band for c in columns if c.role in FIGURES)
    return max(sorted(held, reverse=True), key=lambda band: held[band]) if held else 0


def _join_bands(row: Row, lines: Sequence[Line], columns: tuple[Column, ...], at: dict[int, int], last: int) -> None:
    """Add the cells of the item's other line: the nearest one above, or for a heading that puts it below, the next one."""
    main, other = at[row.index], next(c.band for c in columns if c.band != at[row.index])
    step = -1 if other < main else 1
    i = row.index + step
    while i in at and i > last and abs(i - row.index) <= 4 and lines[i].page == lines[row.index].page:
        if at[i] == other:
            row.cells.update(_parsed(lines[i], columns, other))
            row.start = min(row.start, i)
            return
        i += step


def _parsed(line: Line, columns: tuple[Column, ...], band: int) -> dict[int, Cell]:
    """The line's words by the column of this band that they stand in."""
    own = [(i, c) for i, c in enumerate(columns) if c.band == band]
    parts: dict[int, list[Word]] = {}
    for word in line.words:
        middle = (word.left + word.right) / 2
        at = next((i for i, c in own if c.left <= middle < c.right), own[-1][0])
        parts.setdefault(at, []).append(word)
    return {i: Cell(tuple(words), line.page) for i, words in parts.items()}


def _row(line: Line, index: int, columns: tuple[Column, ...]) -> Row | None:
    """The line as a row, when figures stand where figures belong."""
    cells = _parsed(line, columns, _main_band(columns))
    labelled = line.cells[0].text.endswith(":") and "quantity" not in _filled(cells, columns)  # `Discount 2 %:` and its amount
    return Row(index, cells, start=index) if _is_row(cells, columns) and not labelled else None


def _filled(cells: dict[int, Cell], columns: tuple[Column, ...]) -> set[str]:
    return {r for i, c in cells.items() if (r := columns[i].role) in FIGURES and figure(c.text, str(r))}


def _is_row(cells: dict[int, Cell], columns: tuple[Column, ...]) -> bool:
    possible = {c.role for c in columns} & set(FIGURES)
    figures = _filled(cells, columns)
    names = {i: c.text for i, c in cells.items() if columns[i].role in NAMING and not c.text.endswith(":")}
    if "quantity" not in figures and any(_names_total(text) for text in names.values()):
        return False
    if len({c.band for c in columns}) > 1:
        return len(figures) >= min(2, len(possible))
    if len(possible) == 1 or _counted(cells, columns):
        return bool(figures) and bool(names)
    return len(figures) >= 2 or ("quantity" in figures and any(columns[i].role in NAMING - {"description", "details"} for i in names))


def _whole(cells: dict[int, Cell], columns: tuple[Column, ...]) -> bool:
    """Whether every figure that the columns can hold is there, two at least."""
    possible = {c.role for c in columns} & set(FIGURES)
    return len(possible) > 1 and possible == _filled(cells, columns)


def _alike(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row fills the columns that the first one does."""
    return bool(rows) and len(rows[0].cells) > 2 and row.cells.keys() >= rows[0].cells.keys()


def _counted(cells: dict[int, Cell], columns: tuple[Column, ...]) -> bool:
    """Whether a line number stands in the row."""
    return any(columns[i].role == "line_number" and c.text.rstrip(".").isdigit() for i, c in cells.items())


def _names_total(text: str) -> bool:
    return any(header_field(t) in TOTALS for t in (text, text.split()[-1]))


def _wrap(lines: Sequence[Line], before: Row, after: Row | None, end: int, edge: float) -> None:
    """Give the lines between two rows to the one they stand closer to, cut at the widest gap; what ends left of the table is beside it."""
    stop = after.start if after else end
    own = [lines[i] for i in range(before.index + 1, stop) if lines[i].page == lines[before.index].page]
    between = [line for line in own if line.cells[-1].right > edge - BESIDE]
    close = _chain(lines[before.index], between)
    first = lines[after.start] if after else None
    if first is None or first.page != lines[before.index].page or len(close) < len(between) or after is None or after.start < after.index:
        before.wrapped += close
        if after is not None and first is not None and len(close) < len(between) and first.page == lines[before.index].page:
            after.wrapped[:0] = list(reversed(_chain(first, list(reversed(between[len(close) :])))))
        return
    steps = [b.top - a.top for a, b in pairwise([lines[before.index], *close, first])]
    cut = max(i for i, step in enumerate(steps) if step >= 0.9 * max(steps))  # of gaps alike, the one above the next row
    cut = cut if steps[cut] > 1.25 * min(steps) else len(close)
    before.wrapped += close[:cut]
    after.wrapped[:0] = close[cut:]


def _wrap_first(lines: Sequence[Line], start: int, first: Row) -> None:
    """Text right above the first row, where rows are set around the middle of wrapped text."""
    above = [lines[i] for i in range(start, first.start) if lines[i].page == lines[first.start].page]
    above = [line for line in above if not all(column_role(c.text) or header_field(c.text) for c in line.cells)]
    first.wrapped[:0] = list(reversed(_chain(lines[first.start], list(reversed(above)))))


def _chain(start: Line, lines: Sequence[Line]) -> list[Line]:
    """The lines that follow each other without a gap wider than an empty line."""
    chain: list[Line] = []
    for line in lines:
        last = chain[-1] if chain else start
        gap = max(line.top - last.bottom, last.top - line.bottom)
        if gap > NEAR / 2 * max(c.height for c in (*last.cells, *line.cells)) + 2:
            break
        chain.append(line)
    return chain
