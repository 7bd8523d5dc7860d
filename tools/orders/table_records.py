"""Records: rows of several kinds in one file, told apart by a mark in the first column (`H` for a header, `L` for a line).

Each kind may have its own row of headings. Where it has none, what a header's cells are is told by what only one of them can be: the one
code is the order's number, the one name the supplier's, for whoever exports an order knows who buys.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from signoff.tools.orders.cells import Grid
from signoff.tools.orders.labels import column_role, header_field
from signoff.tools.orders.table_form import FormField, fits
from signoff.tools.orders.values import currency

_LEAST, _MOST_KINDS, _LONGEST = 3, 4, 6
_CODE = re.compile(r"(?=\S*\d)[\w./-]{3,40}")


@dataclass(frozen=True, slots=True)
class Records:
    """The rows that head an order, and those that are its lines; for each kind the row of its headings, if any."""

    heads: tuple[int, ...]
    lines: tuple[int, ...]
    head_title: int | None = None
    line_title: int | None = None


def records(grid: Grid) -> Records | None:
    """The kinds of rows of a sheet whose first column marks them; `None` when it does not."""
    rows = [r for r in range(grid.height) if len(grid.filled(r)) >= _LEAST]
    marks = {r: grid.text((r, grid.filled(r)[0])) for r in rows}
    counted = Counter(marks.values())
    if len({grid.filled(r)[0] for r in rows}) != 1 or not 2 <= len(counted) <= _MOST_KINDS or any(len(m) > _LONGEST for m in counted):
        return None
    titles = {m: r for r, m in reversed(marks.items()) if _titles(grid, r)}
    head = marks[rows[0]]
    line = max((m for m in counted if m != head), key=lambda m: counted[m])
    heads, lines = (tuple(r for r in rows if marks[r] == m and r != titles.get(m)) for m in (head, line))
    if len(lines) < max(2, len(heads)) or not heads or not _alike(grid, lines):
        return None
    return Records(heads, lines, titles.get(head), titles.get(line))


def _titles(grid: Grid, row: int) -> bool:
    """Whether a row holds nothing but words behind its mark, most of them headings."""
    own = grid.filled(row)[1:]
    named = sum(bool(column_role(t) or header_field(t)) for t in (grid.text((row, c)) for c in own))
    return all(grid.wordy((row, c)) for c in own) and 2 * named > len(own)


def _alike(grid: Grid, rows: tuple[int, ...]) -> bool:
    """Whether the rows have numbers in the same columns."""
    shapes = Counter(tuple(c for c in grid.filled(r)[1:] if grid.number((r, c)) is not None) for r in rows)
    return max(shapes.values()) >= 0.8 * len(rows)


def head_fields(grid: Grid, row: int, title: int | None) -> Iterator[FormField]:
    """What a header row says of its order, under its headings or without."""
    if title is not None:
        labels = {c: grid.text((title, c)) for c in grid.filled(row)[1:]}
        named = {c: header_field(label) or column_role(label) for c, label in labels.items()}
        found = ((pointer, grid.text((row, c)), c) for c, pointer in named.items() if pointer and pointer.startswith("/"))
        yield from (FormField(pointer, text, (row, c), labels[c]) for pointer, text, c in found if fits(grid, pointer, text))
        return
    yield from _told(grid, row)


def _told(grid: Grid, row: int) -> Iterator[FormField]:
    places = [(row, c) for c in grid.filled(row)[1:]]
    days = sorted((d, p) for p in places if (d := grid.date(p)))
    codes = [p for p in places if grid.date(p) is None and _CODE.fullmatch(t := grid.text(p)) and not re.search(r"\d[.,]\d", t)]
    names = [p for p in places if p not in codes and grid.wordy(p) and len(grid.text(p)) > _LEAST and currency(grid.text(p)) is None]
    found = {"/order_number": codes, "/supplier/name": names, "/currency": [p for p in places if currency(grid.text(p))]}
    found["/payable_amount"] = [p for p in places if p not in codes and grid.number(p) is not None]
    found |= {"/issue_date": [days[0][1]]} if days else {}
    found |= {"/requested_delivery_date": [days[1][1]]} if len(days) == 2 else {}
    for pointer, own in found.items():
        if len(own) == 1:
            yield FormField(pointer, grid.text(own[0]), own[0], "")
