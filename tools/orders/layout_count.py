"""How many rows a line table prints, counted from its lines of text without the reading of rows.

Where rows are numbered (1, 2, 3 or 10, 20, 30) the numbers count them: a row that was lost leaves its number. Else the lines count that end
in a figure flush with most others and hold another one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from signoff.tools.orders.draft import Draft, plain
from signoff.tools.orders.labels import column_role, fold
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.layout_figures import MARKS, figure
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_numbers import counting
from signoff.tools.orders.layout_sums import is_total
from signoff.tools.orders.layout_table import Table
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.values import quantity

FLUSH, REACH = 2.5, 12
_SUM = re.compile(r"\b(?:total\w*|sum\w*|gesamt\w*|totaal|totaale?|samlet|yhteensa)\b|^gesamt")
LONGEST = 5
"""Digits of a line number at most."""


def numbered(body: Sequence[Line], table: Table) -> int | None:
    """How many line numbers follow each other at the left of the table; none when its rows are not numbered."""
    column = next((c for c in table.columns if c.role == "line_number"), None)
    words = [line.words[0] for line in body if column is not None or _figures(line) > 2]
    first = [(w.left, w.right, int(t)) for w in words if (t := w.text.rstrip(".")).isdigit() and len(t) <= LONGEST]
    if column is not None:
        first = [f for f in first if column.left <= (f[0] + f[1]) / 2 < column.right]
    numbers = _flush(first)
    run = [numbers[at] for at in counting(numbers)]
    steps = Counter(b - a for a, b in pairwise(run))
    if column is None and (len(run) < 2 or steps.most_common(1)[0][0] not in (1, 10)):
        return None
    return len(run) or None


def _flush(found: Sequence[tuple[float, float, int]]) -> list[int]:
    """The numbers whose left or right edges are those of most."""
    if not found:
        return []
    lefts, rights = (Counter(round(f[side]) for f in found).most_common(1)[0] for side in (0, 1))
    side, edge = (0, lefts[0]) if lefts[1] >= rights[1] else (1, rights[0])
    return [f[2] for f in found if abs(f[side] - edge) <= FLUSH]


def rows_with_figures(body: Sequence[Line], total: Decimal) -> int:
    """How many lines hold two figures or more, the last flush right with that of most others and no total of them."""
    ends = [line.cells[-1] for line in body if figure(line.cells[-1].text) and _figures(line) > 1 and not is_total(line)]
    edge = most(c.right for c in ends)
    flush = [c for c in ends if edge is not None and abs(c.right - edge) <= FLUSH]
    return len(flush) if len(flush) < 2 else sum(not _is(c.text, total) for c in flush)


def zeros(body: Sequence[Line], edge: float) -> int:
    """How many lines with two figures or more hold one, flush right at `edge`, that is nothing: free of charge."""
    return sum(any(abs(c.right - edge) <= FLUSH and _is(c.text, Decimal(0)) for c in line.cells) for line in body if _figures(line) > 1)


def most(edges: Iterable[float]) -> float | None:
    """The edge that most share, in whole points."""
    found = Counter(round(e) for e in edges)
    return float(found.most_common(1)[0][0]) if found else None


def _figures(line: Line) -> int:
    return sum(figure(c.text, "quantity") for c in line.cells)


def _is(text: str, value: Decimal) -> bool:
    return any(amount(text, mark) == value for mark in MARKS)


def put_quantities(draft: Draft, below: Sequence[Line], items: Sequence[Item], style: Style) -> None:
    """The printed sum of the quantities: labelled so, or under the quantities on the line of the sum of the amounts."""
    total = sum((i.figure("line_amount") or Decimal(0) for i in items), Decimal(0))
    for line in below[:REACH]:
        figures = [c for c in line.cells if figure(c.text, "quantity")]
        under = (
            figures[:1]
            if total and len(figures) == 2 and _flush_as(figures, items) and amount(figures[1].text, style.mark) == total
            else []
        )
        found = next((v for c in (*under, *_labelled(line)) if (v := quantity(c.text, style.mark))), None)
        if found is not None:
            draft.controls["quantity_total"] = plain(found[0])
            return


def _flush_as(figures: Sequence[Cell], items: Sequence[Item]) -> bool:
    """Whether two figures stand flush right under the quantities and the amounts."""
    for cell, name in zip(figures, ("quantity", "line_amount"), strict=True):
        edge = most(i.values[name][1].right for i in items if name in i.values)
        if edge is None or abs(cell.right - edge) > FLUSH:
            return False
    return True


def _labelled(line: Line) -> list[Cell]:
    """The value behind a label such as `Total quantity` or `Gesamtmenge:`."""
    words = line.cells[0].words
    at = next((n for n, w in enumerate(words, 1) if w.text.endswith(":")), len(words))
    label, rest = " ".join(w.text for w in words[:at]), line.cells[0].cut(at)
    if column_role(label.rstrip(": ")) != "quantity" or not _SUM.search(fold(label)):
        return []
    return [rest] if rest is not None else list(line.cells[1:2])
