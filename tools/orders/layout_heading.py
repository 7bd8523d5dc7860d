"""Headings of line tables in laid-out text: one to four printed lines whose cells name columns.

A heading of two lines may name each column over two lines ("Unit" over "price"), or name a row of columns each, where an item takes two
lines; both are read, and the rows decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from signoff.tools.orders.labels import column_role, price_base
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.values import number

FIGURES = ("quantity", "unit_price", "line_amount")
NAMING = frozenset({"item", "description", "buyer_item_id", "supplier_item_id", "standard_item_id", "details", "line_number"})
ITEMS = NAMING - {"line_number"}
MAX_HEADING, MOST_WORDS = 4, 16
SIZE = 4
"""Letters that the name of a size has at most: `XXL`, `42`, `10.5`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, its heading, from where to where words belong to it, and on which line of an item it stands."""

    role: str | None
    heading: Cell
    left: float = 0.0
    right: float = 0.0
    band: int = 0

    @property
    def base(self) -> Decimal | None:
        """How many units its prices are for, where the heading says so."""
        return price_base(self.heading.text) if self.role == "unit_price" else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that covers the lines from `start` up to `stop`; `layers` when each of its lines names columns of its own."""

    start: int
    stop: int
    columns: tuple[Column, ...]
    layers: tuple[tuple[Column, ...], ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        return _named(self.columns)

    @property
    def most(self) -> frozenset[str]:
        """What it names read in the better of its two ways."""
        layered = _named([c for layer in self.layers for c in layer])
        return max(self.roles, layered, key=len)


def _named(columns: Sequence[Column]) -> frozenset[str]:
    return frozenset(c.role for c in columns if c.role)


def headings(lines: Sequence[Line]) -> Iterator[Heading]:
    """The headings from the top, none overlapping another: of those that share a line the one that names most."""
    parts = [[] if _no_heading(line) else [part for cell in line.cells for part in _parted(cell)] for line in lines]
    named = [sum(column_role(part.text) is not None for part in own) for own in parts]
    sizes = range(1, MAX_HEADING + 1)
    blocks = [(i, i + n) for i in range(len(lines)) for n in sizes if sum(named[i : i + n]) > 1 and all(parts[i : i + n])]
    possible = [h for start, stop in blocks if (h := _heading(lines, start, parts[start:stop]))]
    chosen: list[Heading] = []
    claimed: set[int] = set()
    for heading in sorted(possible, key=_worth, reverse=True):
        own = range(heading.start, heading.stop + 1)  # a line right below a heading is part of it
        if claimed.isdisjoint(own) and heading.start - 1 not in claimed:
            chosen.append(heading)
            claimed.update(range(heading.start, heading.stop))
    for heading in sorted(chosen, key=lambda h: h.start):
        yield _with_sizes(heading, lines, claimed)


def _with_sizes(heading: Heading, lines: Sequence[Line], claimed: set[int]) -> Heading:
    """The heading with the names of sizes (`S`, `M`, `L` or 36, 38, 40) that stand on the line below it, in columns of their own."""
    if heading.stop >= len(lines) or heading.stop in claimed:
        return heading
    line, last = lines[heading.stop], lines[heading.stop - 1]
    over = [c for c in heading.columns if any(_overlap(c.heading, cell) for cell in line.cells)]
    spans = all(sum(bool(_overlap(c.heading, cell)) for cell in line.cells) > 1 for c in over)  # "Sizes" over all of them
    own = spans and all(len(c.text) <= SIZE for c in line.cells)
    near = line.page == last.page and line.top - last.bottom <= 1.2 * max(c.height for c in last.cells)
    if not (own and near and len(line.cells) >= 3):
        return heading
    kept = [c for c in heading.columns if c not in over]
    columns = sorted([*kept, *(Column(None, c) for c in line.cells)], key=lambda c: c.heading.middle)
    return Heading(heading.start, heading.stop + 1, tuple(columns))


def _worth(heading: Heading) -> tuple[int, int, int]:
    """Figures named, then columns named less columns unnamed, then fewer lines."""
    named = len(heading.most) - sum(c.role is None and len(c.heading.text) > SIZE for c in heading.columns)
    return len(heading.most & set(FIGURES)), named, heading.start - heading.stop


def _heading(lines: Sequence[Line], start: int, parts: Sequence[list[Cell]]) -> Heading | None:
    """The heading that the lines from `start` are, given what each holds that may name a column."""
    count = len(parts)
    block = lines[start : start + count]
    if len(block) < count or any(b.page != block[0].page for b in block):
        return None
    if any(b.top - a.bottom > 1.2 * max(c.height for c in a.cells) for a, b in pairwise(block)):
        return None
    columns = tuple(Column(_role(cell), cell) for cell in _stacked([part for own in parts for part in own]))
    heading = Heading(start, start + count, columns, _layers(parts))
    roles = heading.roles
    enough = len(roles) >= 3 or (len(roles) == 2 and len(columns) == 2)
    headed = [c for c in columns if c.role or len(c.heading.text) > SIZE]
    mostly = sum(c.role is not None for c in columns) >= 0.5 * len(headed)
    return heading if enough and mostly and roles & {"quantity", "line_amount"} else None


def _layers(parts: Sequence[list[Cell]]) -> tuple[tuple[Column, ...], ...]:
    """The columns of each line, where every line names two or more and no two lines the same."""
    layers = tuple(tuple(Column(_role(cell), cell, band=n) for cell in own) for n, own in enumerate(parts))
    roles = [[c.role for c in layer if c.role] for layer in layers]
    whole = all(len(own) >= 2 and len(own) > 0.6 * len(layer) for own, layer in zip(roles, layers, strict=True))
    return layers if len(layers) == 2 and whole and not set(roles[0]) & set(roles[1]) else ()


def _role(cell: Cell) -> str | None:
    """The role of a heading. Where stacked lines name nothing together, or each names a column of its own, the first that names one."""
    if ":" in cell.text:
        return None  # a label with its value
    tops = sorted({round(w.top) for w in cell.words})
    if len(tops) == 1 and "/" not in cell.text:
        return column_role(cell.text) or ("details" if column_role(cell.words[-1].text) == "details" else None)
    parts = [" ".join(w.text for w in cell.words if round(w.top) == top) for top in tops]
    roles = [role for part in parts if (role := column_role(part))]
    whole = column_role(cell.text) or next((r for part in cell.text.split("/")[1:] if (r := column_role(part))), None)
    if len(roles) > 1 and roles[0] in FIGURES and whole not in FIGURES:
        return roles[0]
    return whole or next(iter(roles), None) or column_role("".join(parts))  # a word that a narrow column has broken


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
    for cut in range(1, len(words)):
        if column_role(" ".join(words[:cut])) in FIGURES and column_role(" ".join(words[cut:])) == "description":
            return (*_cuts(words[:cut]), cut)
    if column_role(" ".join(words)):
        return ()
    for cut in range(len(words) - 1, 0, -1):
        if column_role(" ".join(words[:cut])):
            cuts = (cut, *(cut + c for c in _cuts(words[cut:])))
            roles = [column_role(" ".join(words[a:b])) for a, b in pairwise([0, *cuts, len(words)])]
            if all(roles) and len(set(roles)) == len(roles):
                return cuts
    return ()


def _overlap(a: Cell, b: Cell) -> float:
    common = min(a.right, b.right) - max(a.left, b.left)
    return max(0.0, common) / max(min(a.right - a.left, b.right - b.left), 1.0) if common > 0 else 0.0
