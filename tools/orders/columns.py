"""Tables in a sheet: where a heading row stands, and which column holds what.

A heading row is found wherever it is, by what its cells say (`labels.column_role`). Headings, contents and arithmetic decide
together (`column_roles`). Where no table has headings, rows in which quantity x price = amount are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from signoff.domain.reading import Evidence, Region
from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.column_roles import FIGURES, NAMING, Columns, agreeing, typed
from signoff.tools.orders.labels import column_role, header_field, is_label
from signoff.tools.orders.table_records import Records, records
from signoff.tools.orders.table_sizes import size_columns, size_names
from signoff.tools.orders.values import currency

_PER = re.compile(r"(?:per|pro|je|par|por|/)\s*\d+\b", re.IGNORECASE)
_SUMS = {"/line_total": "line_amount", "/payable_amount": "line_amount", "/tax_total": "tax_amount"}
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Table:
    """A heading row (or two) and the rows below it down to `end`. `columns` maps a role to its columns, best first.

    `sizes` are columns of quantities, one for each size of the item; `size` is the one that this view of the table reads.
    `apart` are rows among its own that are something else, where the sheet holds `records`.
    """

    grid: Grid
    top: int
    first: int
    end: int
    columns: Columns
    sizes: tuple[int, ...] = ()
    size: str = ""
    apart: frozenset[int] = frozenset()
    records: Records | None = None

    def place(self, row: int, role: str) -> Place | None:
        """The filled cell of a role in a row, if any."""
        for column in self.columns.get(role, ()):
            if self.grid.text((row, column)):
                return row, column
        return None

    def heading(self, column: int) -> str:
        return " ".join(filter(None, (self.grid.text((r, column)) for r in range(self.top, self.first))))

    def evidence(self, place: Place, text: str | None = None) -> Evidence:
        """A cell of the table as evidence, under its heading."""
        return self.grid.evidence(place, Region.TABLE, text, self.heading(place[1]))

    @property
    def has_lines(self) -> bool:
        """Whether its rows can be order lines: something is named, and a quantity, a price or an amount stands beside it."""
        return bool(NAMING & set(self.columns)) and bool({*FIGURES, "other_quantity", "stock"} & set(self.columns))

    @property
    def bare(self) -> bool:
        """Whether it has no headings, so that contents alone told its columns."""
        return self.top == self.first

    def in_sizes(self, row: int) -> list[Table]:
        """The table as each line of a row reads it: itself, or a view for each size that is ordered; the amount is that of all."""
        ordered = [c for c in self.sizes if (n := self.grid.number((row, c))) is not None and n != 0]
        if not ordered:
            return [self]
        apart = self.columns if len(ordered) == 1 else {role: own for role, own in self.columns.items() if role != "line_amount"}
        return [replace(self, columns=apart | {"quantity": (c,)}, size=self.grid.text((self.first - 1, c))) for c in ordered]


def find_tables(grid: Grid) -> list[Table]:
    """All tables of a sheet from top to bottom."""
    found = records(grid)
    table = _recorded(grid, found) if found else None
    if table:
        return [table]
    heads = []
    row = 0
    while row < grid.height:
        depth = _heading_depth(grid, row)
        if depth:
            heads.append((row, row + depth))
        row += depth or 1
    ends = [*(top for top, _ in heads[1:]), grid.height][: len(heads)]
    tables = [_table(grid, top, first, end) for (top, first), end in zip(heads, ends, strict=True)]
    bare = None if any(t.has_lines for t in tables) else _bare(grid, range(grid.height))
    return [*tables, bare] if bare else tables


def _recorded(grid: Grid, found: Records) -> Table | None:
    """The lines among rows of several kinds as one table."""
    first = found.lines[0]
    apart = frozenset(range(first, found.lines[-1] + 1)) - set(found.lines)
    if found.line_title is None:
        bare = _bare(grid, found.lines)
        return replace(bare, apart=apart, records=found) if bare else None
    headings = _texts(grid, [found.line_title])
    table = Table(grid, found.line_title, found.line_title + 1, found.lines[-1] + 1, typed(grid, headings, _roles(headings), found.lines))
    return replace(table, apart=apart | set(range(found.line_title + 1, first)), records=found) if table.has_lines else None


def _table(grid: Grid, top: int, first: int, end: int) -> Table:
    headings = _texts(grid, range(top, first))
    roles, body = _roles(headings), range(first, end)
    sizes = size_columns(grid, first - 1, roles, body)
    columns = typed(grid, headings | dict.fromkeys(sizes, "size"), {c: r for c, r in roles.items() if c not in sizes}, body)
    if sizes and "quantity" not in columns:
        columns["quantity"] = sizes
    return Table(grid, top, first, end, columns, sizes)


def _bare(grid: Grid, among: Iterable[int]) -> Table | None:
    """A table without headings: the rows with several cells, where quantity x price = amount in the same columns for nearly all of them."""
    rows = [r for r in among if len(grid.filled(r)) > _LEAST and sum(grid.number((r, c)) is not None for c in grid.filled(r)) >= _LEAST]
    if len(rows) < 2:
        return None
    columns = typed(grid, {}, {}, rows)
    named = [columns.get(role, (-1,))[0] for role in FIGURES]
    if min(named) < 0 or not NAMING & set(columns) or agreeing(grid, columns, named, rows) < max(2, 0.8 * len(rows)):
        return None
    return Table(grid, rows[0], rows[0], rows[-1] + 1, columns)


def _texts(grid: Grid, rows: Iterable[int]) -> dict[int, str]:
    """Column -> the text of the heading rows together."""
    texts: dict[int, str] = {}
    for row in rows:
        for c in grid.filled(row):
            above = texts.get(c, "")
            texts[c] = above.rstrip("-") + grid.text((row, c)) if above.endswith("-") else f"{above} {grid.text((row, c))}".strip()
    return texts


def _roles(texts: dict[int, str]) -> dict[int, str]:
    return {c: role for c, text in texts.items() if (role := _role(text))}


def _role(text: str) -> str | None:
    """What a heading says: as a whole, as a label of the order's fields, or by what stands before a stroke (`Supplier/Plant`)."""
    role = column_role(text) or header_field(text)
    if role is None and "/" in text:
        role = column_role(text.split("/")[0])
    return _SUMS.get(role or "", role)


def _heading_depth(grid: Grid, row: int) -> int:
    """How many rows of headings start here: 0, 1 or 2."""
    filled = grid.filled(row)
    other = [c for c in filled if not grid.wordy((row, c))]
    sizes = size_names(grid, row) if len(filled) > _LEAST and 2 * len(other) <= len(filled) else ()
    if len(filled) < 2 or not set(other) <= set(sizes):
        return 0
    if not _is_heading(grid, row, _roles(_texts(grid, [row])), len(sizes)):
        return 0
    below = grid.filled(row + 1)
    named = size_names(grid, row + 1)
    worded = all(c in named or (grid.wordy((row + 1, c)) and _heads(grid.text((row + 1, c)))) for c in below)
    joined = _roles(_texts(grid, [row, row + 1]))
    again = _is_heading(grid, row + 1, _roles(_texts(grid, [row + 1])), len(named))
    return 2 if below and worded and set(below) <= {*joined, *named} and not again else 1


def _heads(text: str) -> bool:
    return bool(is_label(text) or currency(text) or _PER.match(text))


def _is_heading(grid: Grid, row: int, roles: dict[int, str], sizes: int) -> bool:
    named = set(roles.values())
    if len(named) < 2:
        return False
    headed = len(grid.filled(row)) - sizes
    if named & {*NAMING, "quantity"} and len({r for r in named if not r.startswith("/")}) >= 2:
        return 2 * len(roles) >= headed
    repeated = "/order_number" in named and len(named) >= 3 and 2 * len(roles) > headed
    return repeated and sum(bool(grid.filled(r)) for r in range(row + 1, row + 3)) == 2 and not _labelled(grid, row + 1)


def _labelled(grid: Grid, row: int) -> bool:
    return any(is_label(grid.text((row, c))) for c in grid.filled(row))


def agreement(table: Table) -> int:
    """How many rows of a table satisfy quantity x price = amount."""
    named = [table.columns[role][0] if table.columns.get(role) else -1 for role in FIGURES]
    return agreeing(table.grid, table.columns, named, range(table.first, table.end)) if min(named) >= 0 else 0
