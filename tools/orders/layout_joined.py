"""An order's lines in several tables, each under headings of its own: labour and material, goods and services.

They are one order's where every line of each adds up, and a figure printed below them all is the sum of all their amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from signoff.tools.orders.layout_cells import Line, amount
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_lines import items
from signoff.tools.orders.layout_table import Table
from signoff.tools.orders.layout_values import Style

Read = tuple[Table, list[Item]]
"""A table with its items, one a row."""


def joined(best: Read, grids: Sequence[Table], lines: Sequence[Line], style: Style) -> Read:
    """The table that was chosen, with those beside it if only all of them together come to a printed sum."""
    parts = [best]
    for table in grids:
        if all(_apart(table, other) for other, _ in parts) and (own := items(table, style)) and all(i.proved for i in own):
            parts.append((table, own))
    total = sum(_sum(own) for _, own in parts)
    last = max(row.index for table, _ in parts for row in table.rows)
    if len(parts) == 1 or not any(amount(c.words[-1].text, style.mark) == total for line in lines[last + 1 :] for c in line.cells):
        return best
    for _, own in parts:
        own[-1].rest = [c for c in own[-1].rest if amount(c.text, style.mark) != _sum(own)]
    rows = sorted(((row, item) for table, own in parts for row, item in zip(table.rows, own, strict=True)), key=lambda r: r[0].index)
    taken = set[int]().union(*(table.taken | _subtotals(table, _sum(own), lines, style) for table, own in parts))
    body = sorted(set[int]().union(*(table.body for table, _ in parts)))
    return Table(best[0].columns, [row for row, _ in rows], taken, body, best[0].told), [item for _, item in rows]


def _apart(one: Table, other: Table) -> bool:
    """Whether two tables share no line of text."""
    return {row.index for row in one.rows}.isdisjoint(other.taken) and {row.index for row in other.rows}.isdisjoint(one.taken)


def _sum(own: Sequence[Item]) -> Decimal:
    return sum((i.figure("line_amount") or Decimal(0) for i in own), Decimal(0))


def _subtotals(table: Table, total: Decimal, lines: Sequence[Line], style: Style) -> set[int]:
    """The lines of a table that print the sum of its own amounts."""
    below = (n for n in table.body if n > table.rows[-1].index)
    return {n for n in below if any(amount(c.text, style.mark) == total for c in lines[n].cells)}
