"""Several orders in one file of pages: where one ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from signoff.tools.orders.layout_cells import Line
from signoff.tools.orders.layout_header import found
from signoff.tools.orders.layout_heading import ITEMS, headings
from signoff.tools.orders.layout_kind import ORDERS, paper
from signoff.tools.orders.layout_title import numbered_title, titled
from signoff.tools.orders.layout_values import Style


def orders_of(lines: list[Line]) -> list[list[Line]]:
    """The lines of each order: a page that is titled as an order and names another number begins the next, and so does a title with
    its number between two tables."""
    starts: list[int] = []
    for at, line in enumerate(lines):
        if at == 0 or line.page != lines[at - 1].page or (numbered_title(line) and _has_table(lines[starts[-1] : at])):
            starts.append(at)  # a title with no table before it on its page is the page's own
    if len(starts) < 2:
        return [lines][: len(starts)]
    within = any(at and lines[at].page == lines[at - 1].page for at in starts)
    groups: list[list[Line]] = []
    current: str | None = None
    tabled = False
    for start, stop in pairwise([*starts, len(lines)]):
        own = lines[start:stop]
        number, has_table = _own_number(own), within and _has_table(own)
        another = number and current and number != current
        if not groups or (another and (own[0].page != groups[-1][-1].page or (tabled and has_table))):
            groups.append([])
            tabled = False
        groups[-1] += own
        current = number or current
        tabled = tabled or has_table
    return groups


def _has_table(lines: Sequence[Line]) -> bool:
    return any(heading.roles & ITEMS for heading in headings(lines))


def _own_number(lines: list[Line]) -> str | None:
    if not any(paper(c.text) in ORDERS for line in lines[:25] for c in line.cells):
        return None
    style = Style(None, None)
    numbers = [f for f in (*found(lines, set(), style, len(lines)), *titled(lines, style)) if f.pointer == "/order_number"]
    best = max(numbers, key=lambda f: f.strength, default=None)
    return str(best.value) if best and best.strength >= 0.7 else None
