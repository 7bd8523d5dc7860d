"""What stands among the rows of the line table and belongs to no line: sums carried over a page break, charges without a label that we
know, and what nobody can place.

Nothing between the first row and the last may be lost in silence. A figure that stands flush in a column of figures is a line's value, or
repeats a figure that is known, or is a sum of those above; any other may be a line that was overlooked, and keeps the reading from being
clear. Text of its own goes with the order's notes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, takewhile

from signoff.domain.reading import Region
from signoff.tools.orders.draft import Draft, plain
from signoff.tools.orders.labels import charge_label, header_field
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.layout_figures import measured
from signoff.tools.orders.layout_header import Found
from signoff.tools.orders.layout_heading import FIGURES
from signoff.tools.orders.layout_item import IDS, Item
from signoff.tools.orders.layout_sums import is_total
from signoff.tools.orders.layout_table import Table
from signoff.tools.orders.layout_values import Style

FLUSH = 3.0
"""How far the edges of figures in one column may differ, in points."""
ZERO = Decimal(0)
MOST_NOTES, MOST_TOLD, LETTERS = 50, 5, 3
"""Texts among the lines that are kept as notes, figures of no line that are told one by one, and letters that make a text."""
TOTALS_OF = ("line_total", "tax_total", "payable_amount")
_MARKED = re.compile(r"\d[.,]\d")
Spans = tuple[tuple[float, float], ...]
"""The left and the right edge that most figures of a column share, for each column."""


def carried(lines: Sequence[Line], items: Sequence[Item], style: Style) -> set[int]:
    """The places of lines between two rows that hold one figure, the sum of the amounts above: carried forward, or a subtotal."""
    ends = [(i.values["line_amount"][1], i.figure("line_amount") or ZERO) for i in items if "line_amount" in i.values]
    sums = [ZERO, *accumulate(value for _, value in ends)]
    places = [(cell.page, cell.top) for cell, _ in ends]
    found: set[int] = set()
    for index, line in enumerate(lines):
        above = bisect_left(places, (line.page, line.top - FLUSH))
        if not 0 < above < len(ends) or places[above] <= (line.page, line.bottom):
            continue
        figures = [v for c in line.cells if (v := amount(c.text, style.mark)) is not None]
        if figures == [sums[above]]:
            found.add(index)
    return found


def put_extras(draft: Draft, below: Sequence[Line], items: Sequence[Item], values: Sequence[Found], style: Style) -> None:
    """Charges and allowances below the rows whose words we do not know: figures with a text that lead from the lines to a printed total."""
    own = draft.tree.get("allowances_charges", [])
    total = sum((i.figure("line_amount") or ZERO for i in items), ZERO)
    found = [extra for extra in _extras(below, _edges(items, ("line_amount",)), style) if extra[2] != total]
    total += sum((Decimal(a["amount"]) * (1 if a["charge"] else -1) for a in own if "amount" in a), ZERO)
    if not found or total + sum(v for _, _, v in found) not in _goals(values):
        return
    for n, (label, cell, value) in enumerate(found, len(own)):
        draft.put(f"/allowances_charges/{n}/charge", value > 0)
        draft.put(f"/allowances_charges/{n}/amount", plain(abs(value)), cell.evidence(Region.TOTALS, label.text))
        draft.put(f"/allowances_charges/{n}/reason", label.text.rstrip(": ")[:200], label.evidence(Region.TOTALS))


def _extras(below: Sequence[Line], edges: Spans, style: Style) -> Iterator[tuple[Cell, Cell, Decimal]]:
    """The lines with a text and one figure, flush with the amounts, that no label names: text, cell and value."""
    for line in takewhile(lambda line: line.page == below[0].page and not is_total(line), below):
        texts = [c for c in line.cells if sum(ch.isalpha() for ch in c.text) >= LETTERS]
        figures = [(c, v) for c in line.cells if (v := amount(c.text, style.mark)) is not None]
        named = any(header_field(c.text) or charge_label(c.text.rstrip(": ")) is not None for c in texts)
        if texts and len(figures) == 1 and _flush(figures[0][0], edges) and figures[0][1] and not named:
            yield texts[0], *figures[0]


def _goals(values: Sequence[Found]) -> set[Decimal]:
    """What the lines and all charges may come to: a printed net total, or a total to pay without the tax."""
    by = {name: [v.value for v in values if v.pointer == f"/{name}" and isinstance(v.value, Decimal)] for name in TOTALS_OF}
    taxes = {ZERO, *by["tax_total"], sum(by["tax_total"], ZERO)}
    return {*by["line_total"], *(p - t for p in by["payable_amount"] for t in taxes)}


def put_rest(draft: Draft, lines: Sequence[Line], table: Table | None, items: Sequence[Item], taken: set[int], style: Style) -> None:
    """A notice for each figure among the rows that belongs to no line and repeats none, and the other texts among them as notes."""
    if table is None or not items:
        return
    known = _known(draft, items)
    edges = _edges(items, FIGURES)
    spans = (*edges, *((c.left, c.right) for c in table.columns if c.role in FIGURES))
    sums = {id(c) for n in carried(lines, items, style) for c in lines[n].cells}
    lost = [c for item in items for c in item.rest if id(c) not in sums and _unknown(c, spans, known | _own(item), style)]
    starts = [row.index for row in table.rows]
    for n in table.body:
        if starts[0] <= n <= starts[-1] and n not in taken and not is_total(lines[n]):
            above = items[bisect_left(starts, n) - 1]
            lost += [c for c in lines[n].cells if _unknown(c, edges, known | _own(above), style)]
    for cell in lost[:MOST_TOLD]:
        message = f"The figure {cell.text[:40]!r} stands among the lines and belongs to none of them; a line may be missing."
        draft.notice("rows_missing", "/lines", message, text=cell.text[:200], page=cell.page)
    for n, item in enumerate(items):
        if not item.values.keys() & {"description", *IDS}:
            draft.notice("field_missing", f"/lines/{n}/description", f"Line {n + 1} names no item; enter by hand what is ordered.")
    _notes(draft, items, lost)


def _known(draft: Draft, items: Sequence[Item]) -> set[Decimal]:
    """The sums that are printed besides the lines: of amounts, tax, charges and quantities."""
    told = [draft.tree.get(name) for name in TOTALS_OF] + [draft.controls.get("quantity_total")]
    told += [a.get("amount") for a in draft.tree.get("allowances_charges", [])]
    return {Decimal(v) for v in told if v is not None} | {sum((i.figure("line_amount") or ZERO for i in items), ZERO)}


def _own(item: Item) -> set[Decimal]:
    return {value for name in FIGURES if (value := item.figure(name)) is not None}


def _unknown(cell: Cell, edges: Spans, known: set[Decimal], style: Style) -> bool:
    counted = measured(cell.text, style.mark)
    value = amount(cell.text, style.mark) if counted is None else counted[0]
    return value is not None and value != 0 and value not in known and _flush(cell, edges)


def _edges(items: Sequence[Item], roles: Sequence[str]) -> Spans:
    cells = {role: [i.values[role][1] for i in items if role in i.values] for role in roles}
    return tuple((_most([c.left for c in own]), _most([c.right for c in own])) for own in cells.values() if own)


def _most(edges: Sequence[float]) -> float:
    return float(Counter(round(e) for e in edges).most_common(1)[0][0])


def _flush(cell: Cell, edges: Spans) -> bool:
    """Whether a cell is flush with the figures of a column on one side, or has decimals and stands between its edges."""
    marked = _MARKED.search(cell.text) is not None
    return any(abs(cell.left - a) <= FLUSH or abs(cell.right - b) <= FLUSH or (marked and a < cell.middle < b) for a, b in edges)


def _notes(draft: Draft, items: Sequence[Item], lost: Sequence[Cell]) -> None:
    """The texts among the rows that nothing claims; a label with its value is none, nor is what most rows repeat."""
    figures = {id(c) for c in lost}
    rest = [c for n, item in enumerate(items) for c in item.rest if id(c) not in figures and (n or c.top > _top(item))]
    told = [(c, re.sub(r"\W|\d", "", c.text)) for c in rest]
    often = Counter(text for _, text in told)
    for cell, text in told:
        at = len(draft.tree.get("notes", []))
        if len(text) >= LETTERS and ":" not in cell.text and 2 * often[text] <= max(len(items), 2) and at < MOST_NOTES:
            draft.put(f"/notes/{at}", cell.text[:500], cell.evidence(Region.NOTE))


def _top(item: Item) -> float:
    return min(cell.top for _, cell in item.values.values())
