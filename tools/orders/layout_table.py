"""The line table of laid-out text: its heading, its columns, its rows, over as many pages as it takes.

A heading is one to four printed lines whose cells name columns. The border between two columns is the place between their headings that
the fewest words of the rows cross, which holds for ruled and unruled tables, flush left or right. A row is a line with figures where
figures belong; the lines without, above or below it, are its wrapped text, cut where the wider gap is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from signoff.tools.documents.document import Word
from signoff.tools.orders.labels import charge_label, column_role, header_field
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.values import Mark, number, quantity

FIGURES = ("quantity", "unit_price", "line_amount")
NAMING = frozenset({"item", "description", "buyer_item_id", "supplier_item_id", "standard_item_id", "details", "line_number"})
MARKS: tuple[Mark, Mark] = (".", ",")
ITEMS = NAMING - {"line_number"}
TOTALS = frozenset({"/line_total", "/tax_total", "/payable_amount"})
MAX_HEADING, MOST_WORDS, NEAR = 4, 16, 2.4


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what its heading says it holds, the heading, and from where to where words belong to it."""

    role: str | None
    heading: Cell
    left: float = 0.0
    right: float = 0.0


@dataclass(slots=True)
class Row:
    """A row: its line's cells by column, and the lines of wrapped text that belong to it."""

    index: int
    cells: dict[int, Cell]
    wrapped: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """All rows under headings of one wording, and the indices of the lines that the table takes up."""

    columns: tuple[Column, ...]
    rows: list[Row]
    taken: set[int]
    body: list[int] = field(default_factory=list)

    def of(self, row: Row, role: str) -> list[Cell]:
        """The row's cells in the columns of this role, from the left."""
        return [row.cells[i] for i, c in enumerate(self.columns) if c.role == role and i in row.cells]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that covers the lines from `start` up to `stop`."""

    start: int
    stop: int
    columns: tuple[Column, ...]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(c.role for c in self.columns if c.role)


def tables(lines: Sequence[Line]) -> list[Table]:
    """Every table with rows, headings of the same wording taken together.

    A heading that names no item, of a delivery schedule say, interrupts a table: what follows is a row again when it is numbered as one.
    """
    found = list(headings(lines))
    groups: dict[frozenset[str], list[Heading]] = {}
    for heading in found:
        if heading.roles & ITEMS:
            groups.setdefault(heading.roles, []).append(heading)
    own = sorted(h.start for h in found if h.roles & ITEMS)
    inner = {h.start for h in found} - set(own)
    done = [_read(lines, group, own, inner) for group in groups.values()]
    return [t for t in done if t.rows]


def headings(lines: Sequence[Line]) -> Iterator[Heading]:
    """The headings from the top, none overlapping another: of those that share a line the one that names most."""
    parts = [[] if _no_heading(line) else [part for cell in line.cells for part in _parted(cell)] for line in lines]
    named = [any(column_role(part.text) for part in own) for own in parts]
    blocks = [(i, i + n) for i in range(len(lines)) for n in range(1, MAX_HEADING + 1) if any(named[i : i + n]) and all(parts[i : i + n])]
    possible = [h for start, stop in blocks if (h := _heading(lines, start, parts[start:stop]))]
    chosen: list[Heading] = []
    for heading in sorted(possible, key=_worth, reverse=True):
        if all(heading.stop < c.start or c.stop < heading.start for c in chosen):  # a line right below a heading is part of it
            chosen.append(heading)
    yield from sorted(chosen, key=lambda h: h.start)


def _worth(heading: Heading) -> tuple[int, int, int]:
    """Figures named, then columns named less columns unnamed, then fewer lines."""
    named = len(heading.roles) - sum(c.role is None for c in heading.columns)
    return len(heading.roles & set(FIGURES)), named, heading.start - heading.stop


def _heading(lines: Sequence[Line], start: int, parts: Sequence[list[Cell]]) -> Heading | None:
    """The heading that the lines from `start` are, given what each holds that may name a column."""
    count = len(parts)
    block = lines[start : start + count]
    if len(block) < count or any(b.page != block[0].page for b in block):
        return None
    if any(b.top - a.bottom > 1.2 * max(c.height for c in a.cells) for a, b in pairwise(block)):
        return None
    columns = tuple(Column(_role(cell), cell) for cell in _stacked([part for own in parts for part in own]))
    heading = Heading(start, start + count, columns)
    roles = heading.roles
    enough = len(roles) >= 3 or (len(roles) == 2 and len(columns) == 2)
    mostly = sum(c.role is not None for c in columns) >= 0.5 * len(columns)
    return heading if enough and mostly and roles & {"quantity", "line_amount"} else None


def _role(cell: Cell) -> str | None:
    """The role of a heading. Where stacked lines name nothing together, or each names a column of its own, the first that names one."""
    tops = sorted({round(w.top) for w in cell.words})
    if len(tops) == 1 and "/" not in cell.text:
        return column_role(cell.text)
    parts = [" ".join(w.text for w in cell.words if round(w.top) == top) for top in tops]
    roles = [role for part in parts if (role := column_role(part))]
    whole = column_role(cell.text) or next((r for part in cell.text.split("/")[1:] if (r := column_role(part))), None)
    if len(roles) > 1 and roles[0] in FIGURES and whole not in FIGURES:
        return roles[0]
    return whole or next(iter(roles), None)


def _no_heading(line: Line) -> bool:
    """Whether a line is none of headings: figures stand in it, or it is running text."""
    figures = [c for c in line.cells if any(ch.isdigit() for ch in c.text) and (number(c.text, ".") or number(c.text, ",")) is not None]
    return len(figures) > 1 or len(line.text) > 200 or (len(line.cells) == 1 and len(line.cells[0].words) > MOST_WORDS)


def _stacked(parts: Sequence[Cell]) -> list[Cell]:
    """The cells of the heading's lines, those that stand above each other as one."""
    columns: list[list[Cell]] = []
    for cell in parts:
        over = [c for c in columns if any(_overlap(cell, other) for other in c)]
        if len(over) == 1:
            over[0].append(cell)
        elif not over:
            columns.append([cell])
        else:
            max(over, key=lambda c: max(_overlap(cell, o) for o in c)).append(cell)
    done = [Cell(tuple(w for c in column for w in c.words), column[0].page) for column in columns]
    return sorted(done, key=lambda c: c.middle)


def _parted(cell: Cell) -> list[Cell]:
    """Headings that stand too close together to be told apart by the gap: cut so that every part names a column."""
    cuts = _cuts(tuple(w.text for w in cell.words)) if 1 < len(cell.words) <= MOST_WORDS else ()
    return [part for a, b in pairwise([0, *cuts, len(cell.words)]) if (part := cell.cut(a, b))] if cuts else [cell]


@lru_cache(16_384)
def _cuts(words: tuple[str, ...]) -> tuple[int, ...]:
    """Before which words to cut; nowhere when the whole names a column, or no cut leaves parts that all do."""
    if len(words) < 2:
        return ()
    if column_role(words[0]) == "quantity" and column_role(" ".join(words[1:])) in ("unit", "unit_price", "line_amount"):
        return (1,)
    if column_role(" ".join(words)):
        return ()
    for cut in range(len(words) - 1, 0, -1):
        if column_role(" ".join(words[:cut])):
            cuts = (cut, *(cut + c for c in _cuts(words[cut:])))
            if all(column_role(" ".join(words[a:b])) for a, b in pairwise([*cuts, len(words)])):
                return cuts
    return ()


def _overlap(a: Cell, b: Cell) -> float:
    common = min(a.right, b.right) - max(a.left, b.left)
    return max(0.0, common) / max(min(a.right - a.left, b.right - b.left), 1.0) if common > 0 else 0.0


def _read(lines: Sequence[Line], group: list[Heading], starts: list[int], inner: set[int]) -> Table:
    """The rows below each heading of the group, up to a total, another heading, or the end."""
    rows: list[Row] = []
    taken: set[int] = set()
    whole: list[int] = []
    columns = group[0].columns
    for heading in group:
        stop = next((s for s in starts if s >= heading.stop), len(lines))
        body = _body(lines, heading.stop, stop)
        columns = _bordered(heading.columns, [w for i in body for w in lines[i].words if _figured(lines[i])])
        own = _rows(lines, body, columns, min((i for i in inner if i in body), default=len(lines)))
        rows += own
        whole += body
        taken.update(range(heading.start, heading.stop), *({r.index} for r in own))
        taken.update(i for i in body if any(lines[i] in r.wrapped for r in own))
    return Table(columns, rows, taken, whole)


def _body(lines: Sequence[Line], start: int, stop: int) -> list[int]:
    """The lines below a heading up to the first that begins the totals."""
    end = next((i for i in range(start, stop) if is_total(lines[i])), stop)
    return list(range(start, end))


def is_total(line: Line) -> bool:
    """Whether the line names a total, or a charge on the whole order, and says a figure and little else."""
    words = [c for c in line.cells if any(ch.isalpha() for ch in c.text)]
    figures = sum(figure(c.text) for c in line.cells)
    if not words or figures > 4 or (figures > 2 and len(words) > 1):
        return False
    labels = [c.text.partition(":")[0] for c in words] + [_without_figures(c) for c in words]
    named = [t for t in labels if header_field(t) in TOTALS]
    return bool(named) or (charge_label(labels[0]) is not None and len(words) == 1 and len(line.cells) == 2)


def _without_figures(cell: Cell) -> str:
    return " ".join(w.text for w in cell.words if not any(ch.isdigit() for ch in w.text) and len(w.text) > 1)


def _figured(line: Line) -> bool:
    return sum(figure(c.text, "quantity") for c in line.cells) >= 2


def _bordered(columns: tuple[Column, ...], words: list[Word]) -> tuple[Column, ...]:
    """The columns with their borders, each at the least crossed place between two headings."""
    sample = words[:3000]
    borders = [_border(a.heading, b.heading, sample) for a, b in pairwise(columns)]
    edges = [-1e9, *borders, 1e9]
    return tuple(replace(c, left=edges[i], right=edges[i + 1]) for i, c in enumerate(columns))


def _border(a: Cell, b: Cell, words: list[Word]) -> float:
    """The middle of the widest stretch that the fewest words cross, one between the two headings before one under a heading."""
    start, stop = int(a.middle), max(int(b.middle), int(a.middle) + 1)
    crossed: Counter[int] = Counter()
    for w in words:
        for x in range(max(start, int(w.left)), min(stop, int(w.right) + 1) + 1):
            crossed[x] += 1
    least = min(crossed[x] for x in range(start, stop + 1))
    runs: list[list[int]] = [[]]
    for x in range(start, stop + 1):
        if crossed[x] == least:
            runs[-1].append(x)
        elif runs[-1]:
            runs.append([])
    best = max(filter(None, runs), key=lambda run: (run[0] < b.left and run[-1] > a.right, len(run)))
    return (best[0] + best[-1]) / 2


def _rows(lines: Sequence[Line], body: list[int], columns: tuple[Column, ...], broken: int) -> list[Row]:
    """The rows of the body; from the line `broken` on, where another table stands between, only rows with a line number."""
    rows = [row for i in body if (row := _row(lines[i], i, columns)) and (i < broken or _counted(row.cells, columns))]
    for before, after in pairwise([*rows, None]):
        if before is not None:
            _wrap(lines, before, after, body[-1] + 1)
    if rows:
        _wrap_first(lines, body[0], rows[0])
    return rows


def _row(line: Line, index: int, columns: tuple[Column, ...]) -> Row | None:
    """The line as a row, when figures stand where figures belong."""
    parts: dict[int, list[Word]] = {}
    for word in line.words:
        middle = (word.left + word.right) / 2
        at = next((i for i, c in enumerate(columns) if c.left <= middle < c.right), len(columns) - 1)
        parts.setdefault(at, []).append(word)
    cells = {i: Cell(tuple(words), line.page) for i, words in parts.items()}
    return Row(index, cells) if _is_row(cells, columns) else None


def _is_row(cells: dict[int, Cell], columns: tuple[Column, ...]) -> bool:
    possible = {c.role for c in columns} & set(FIGURES)
    figures = {r for i, c in cells.items() if (r := columns[i].role) in FIGURES and figure(c.text, str(r))}
    named = any(columns[i].role in NAMING for i in cells)
    if "quantity" not in figures and any(columns[i].role in NAMING and _names_total(c.text) for i, c in cells.items()):
        return False
    if len(possible) == 1 or _counted(cells, columns):
        return bool(figures) and named
    return len(figures) >= 2 or ("quantity" in figures and any(columns[i].role in NAMING - {"description", "details"} for i in cells))


def _counted(cells: dict[int, Cell], columns: tuple[Column, ...]) -> bool:
    return any(columns[i].role == "line_number" and c.text.rstrip(".").isdigit() for i, c in cells.items())


def _names_total(text: str) -> bool:
    return any(header_field(t) in TOTALS for t in (text, text.split()[-1]))


def figure(text: str, role: str = "line_amount") -> bool:
    """Whether a cell of a figure's column holds one: a number, perhaps with a currency, a quantity perhaps with a unit."""
    bare = text.partition("/")[0].strip()
    if not bare or len(bare) > 60 or re.fullmatch(r"0\d+", bare):
        return False
    return any(amount(bare, m) is not None or (role == "quantity" and quantity(bare, m) is not None) for m in MARKS)


def _wrap(lines: Sequence[Line], before: Row, after: Row | None, end: int) -> None:
    """Give the lines between two rows to the one they stand closer to, cut at the widest gap."""
    stop = after.index if after else end
    between = [lines[i] for i in range(before.index + 1, stop) if lines[i].page == lines[before.index].page]
    close = _chain(lines[before.index], between)
    if after is None or lines[after.index].page != lines[before.index].page or len(close) < len(between):
        before.wrapped += close
        if after is not None and len(close) < len(between) and lines[after.index].page == lines[before.index].page:
            after.wrapped[:0] = list(reversed(_chain(lines[after.index], list(reversed(between[len(close) :])))))
        return
    steps = [b.top - a.top for a, b in pairwise([lines[before.index], *close, lines[after.index]])]
    cut = max(range(len(steps)), key=lambda i: steps[i])
    cut = cut if steps[cut] > 1.25 * min(steps) else len(close)
    before.wrapped += close[:cut]
    after.wrapped[:0] = close[cut:]


def _wrap_first(lines: Sequence[Line], start: int, first: Row) -> None:
    """Text right above the first row, where rows are set around the middle of wrapped text."""
    above = [lines[i] for i in range(start, first.index) if lines[i].page == lines[first.index].page]
    above = [line for line in above if not all(column_role(c.text) or header_field(c.text) for c in line.cells)]
    first.wrapped[:0] = list(reversed(_chain(lines[first.index], list(reversed(above)))))


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
