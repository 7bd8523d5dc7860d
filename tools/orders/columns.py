"""Tables in a sheet: where a heading row stands, and which column holds what.

A heading row is found wherever it is, by what its cells say (`labels.column_role`). Headings, contents and arithmetic decide
together: of several columns that could be quantity, price and amount, those win for which quantity x price = amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, permutations, product

from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.labels import column_role, is_label
from signoff.tools.orders.values import currency

ITEM_IDS = ("buyer_item_id", "supplier_item_id", "standard_item_id")
NAMING = frozenset({*ITEM_IDS, "description", "item"})
FIGURES = ("quantity", "unit_price", "line_amount")
_PER = re.compile(r"(?:per|pro|je|par|por|/)\s*\d+\b", re.IGNORECASE)
_SAMPLE, _CENT = 30, Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Table:
    """A heading row (or two) and the rows below it down to `end`. `columns` maps a role to its columns, best first."""

    grid: Grid
    top: int
    first: int
    end: int
    columns: dict[str, tuple[int, ...]]

    def place(self, row: int, role: str) -> Place | None:
        """The filled cell of a role in a row, if any."""
        return next(((row, c) for c in self.columns.get(role, ()) if self.grid.text((row, c))), None)

    def heading(self, column: int) -> str:
        return " ".join(filter(None, (self.grid.text((r, column)) for r in range(self.top, self.first))))

    @property
    def has_lines(self) -> bool:
        """Whether its rows can be order lines: something is named, and a quantity, a price or an amount stands beside it."""
        return bool(NAMING & set(self.columns)) and bool({*FIGURES, "other_quantity", "stock"} & set(self.columns))


def find_tables(grid: Grid) -> list[Table]:
    """All tables of a sheet from top to bottom."""
    heads = []
    row = 0
    while row < grid.height:
        depth = _heading_depth(grid, row)
        if depth:
            heads.append((row, row + depth))
        row += depth or 1
    ends = [*(top for top, _ in heads[1:]), grid.height][: len(heads)]
    return [
        Table(grid, top, first, end, _typed(grid, _roles(grid, range(top, first)), range(first, end)))
        for (top, first), end in zip(heads, ends, strict=True)
    ]


def _roles(grid: Grid, rows: Iterable[int]) -> dict[int, str]:
    """Column -> role by the text of the heading rows together."""
    texts: dict[int, str] = {}
    for row in rows:
        for c in grid.filled(row):
            above = texts.get(c, "")
            texts[c] = above.rstrip("-") + grid.text((row, c)) if above.endswith("-") else f"{above} {grid.text((row, c))}".strip()
    return {c: role for c, text in texts.items() if (role := column_role(text))}


def _heading_depth(grid: Grid, row: int) -> int:
    """How many rows of headings start here: 0, 1 or 2."""
    filled = grid.filled(row)
    if len(filled) < 2 or not grid.wordy((row, filled[-1])) or not _is_heading(grid, row, _roles(grid, [row])):
        return 0
    below = grid.filled(row + 1)
    worded = all(grid.wordy((row + 1, c)) and (is_label(t := grid.text((row + 1, c))) or currency(t) or _PER.match(t)) for c in below)
    joined = _roles(grid, [row, row + 1])
    return 2 if below and worded and set(below) <= set(joined) and not _is_heading(grid, row + 1, _roles(grid, [row + 1])) else 1


def _is_heading(grid: Grid, row: int, roles: dict[int, str]) -> bool:
    filled = grid.filled(row)
    if len(set(roles.values())) < 2 or not all(grid.wordy((row, c)) for c in filled):
        return False
    named = set(roles.values())
    if named & {*NAMING, "quantity"} and len({r for r in named if not r.startswith("/")}) >= 2:
        return 2 * len(roles) >= len(filled)
    repeated = "/order_number" in named and len(named) >= 3 and 2 * len(roles) > len(filled)
    return repeated and sum(bool(grid.filled(r)) for r in range(row + 1, row + 3)) == 2 and not _labelled(grid, row + 1)


def _labelled(grid: Grid, row: int) -> bool:
    return any(is_label(grid.text((row, c))) for c in grid.filled(row))


def _typed(grid: Grid, roles: dict[int, str], body: range) -> dict[str, tuple[int, ...]]:
    """Role -> columns, after contents had their say."""
    rows = [r for r in body if len(grid.filled(r)) > 1][:_SAMPLE]
    for column, role in list(roles.items()):
        roles[column] = _by_content(grid, roles, column, role, rows)
    columns: dict[str, tuple[int, ...]] = {}
    for column, role in roles.items():
        columns[role] = (*columns.get(role, ()), column)
    return _by_arithmetic(grid, columns, rows)


def _by_content(grid: Grid, roles: dict[int, str], column: int, role: str, rows: Sequence[int]) -> str:
    places = [(r, column) for r in rows if grid.text((r, column))]
    numeric = sum(grid.number(p) is not None for p in places) * 2 > len(places) > 0
    others = set(roles.values()) - {role}
    if role in ("item", "line_number"):
        return _item_role(grid, places, role, others)
    if role == "unit" and numeric:
        return "quantity" if "quantity" not in others else "unit_price" if "unit_price" not in others else role
    if role == "price_base_quantity" and places and not numeric:
        return "unit"
    if role == "description" and numeric and "item" not in others and places and not any(grid.wordy(p) for p in places):
        return "buyer_item_id"
    return role


def _item_role(grid: Grid, places: Sequence[Place], role: str, others: set[str]) -> str:
    """What a column called Item, Article or No. holds: positions, names or ids."""
    values = [grid.number(p) for p in places]
    steps = {b - a for a, b in pairwise(values) if a is not None and b is not None}
    counting = None not in values and bool(values) and len(steps) <= 1 and all(v is not None and v <= 10_000 for v in values)
    if counting and (len(values) > 1 or (values[0] or 0) <= 100) and others & {*NAMING}:
        return "line_number"
    codes = [p for p in places if re.fullmatch(r"\S*\d\S*", grid.text(p))]
    if role == "line_number":
        positions = sum(bool(re.fullmatch(r"\d{1,5}(?:[.-]\d{1,3})*[.)]?", grid.text(p))) for p in places)
        return role if 2 * positions >= len(places) or "buyer_item_id" in others else "buyer_item_id"
    return "buyer_item_id" if 2 * len(codes) > len(places) else "description"


def _by_arithmetic(grid: Grid, columns: dict[str, tuple[int, ...]], rows: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """The columns with quantity, price and amount settled by quantity x price = amount, where it holds."""
    candidates = [columns.get(role, ()) for role in FIGURES]
    if any(len(c) > 1 for c in candidates) and all(candidates):
        best = max(product(*candidates), key=lambda triple: _agreeing(grid, triple, rows))
        columns = columns | {role: (c, *(o for o in columns[role] if o != c)) for role, c in zip(FIGURES, best, strict=True)}
    elif len(candidates[1]) > 1 and not candidates[2]:
        # Two prices and no amount: the later column may be the amount under another name.
        columns = columns | _second_price(grid, columns, rows)
    named = tuple(columns[role][0] if columns.get(role) else -1 for role in FIGURES)
    if all(c >= 0 for c in named) and _agreeing(grid, named, rows) * 2 >= len(_complete(grid, named, rows)):
        return columns
    return columns | _recovered(grid, columns, rows)


def _second_price(grid: Grid, columns: dict[str, tuple[int, ...]], rows: Sequence[int]) -> dict[str, tuple[int, ...]]:
    prices, quantities = columns["unit_price"], columns.get("quantity", ())
    for q, p, a in ((q, p, a) for q in quantities for p, a in permutations(prices, 2)):
        if _proved(grid, (q, p, a), rows):
            return {"unit_price": (p,), "line_amount": (a,)}
    return {}


def _recovered(grid: Grid, columns: dict[str, tuple[int, ...]], rows: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Quantity, price and amount among all number columns, when exactly one choice is proved by every row."""
    width = max((len(grid.sheet.rows[r]) for r in rows), default=0)
    fixed = {c for role, cs in columns.items() if role not in FIGURES for c in cs}
    numeric = [c for c in range(width) if c not in fixed and sum(grid.number((r, c)) is not None for r in rows) * 2 > len(rows) > 1][:8]
    proved = [t for t in permutations(numeric, 3) if _proved(grid, t, rows) and _fits(columns, t)]
    if len(proved) != 1:
        return {}
    return {role: (c,) for role, c in zip(FIGURES, proved[0], strict=True)}


def _fits(columns: dict[str, tuple[int, ...]], triple: tuple[int, ...]) -> bool:
    """A quantity is never taken for a price or the reverse: only price and amount are mixed up by headings, or have none."""
    quantity, price, amount = triple
    named = {c: role for role in FIGURES for c in columns.get(role, ())}
    return named.get(quantity, "quantity") == "quantity" and "quantity" not in (named.get(price), named.get(amount))


def _complete(grid: Grid, triple: Sequence[int], rows: Sequence[int]) -> list[tuple[Decimal, Decimal, Decimal]]:
    found = []
    for row in rows:
        quantity = grid.quantity((row, triple[0]))
        price, amount = grid.number((row, triple[1])), grid.number((row, triple[2]))
        if quantity and price is not None and amount is not None:
            found.append((quantity[0], price, amount))
    return found


def _agreeing(grid: Grid, triple: Sequence[int], rows: Sequence[int]) -> int:
    return sum(abs(q * p - a) <= _CENT for q, p, a in _complete(grid, triple, rows))


def _proved(grid: Grid, triple: Sequence[int], rows: Sequence[int]) -> bool:
    """Every complete row agrees, and at least two of them are no mere 1 x price = price."""
    complete = _complete(grid, triple, rows)
    telling = sum(q not in (0, 1) and p not in (0, 1) for q, p, _ in complete)
    return telling >= 2 and _agreeing(grid, triple, rows) == len(complete)


def agreement(table: Table) -> int:
    """How many rows of a table satisfy quantity x price = amount."""
    named = [table.columns[role][0] if table.columns.get(role) else -1 for role in FIGURES]
    return _agreeing(table.grid, named, range(table.first, table.end)) if min(named) >= 0 else 0
