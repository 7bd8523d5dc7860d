"""The title of laid-out text: whether it is an order's, and the number that stands with it.

PURCHASE ORDER 4711        Bestellung Nr. 4711 vom 12.01.2026        PURCHASE ORDER
                                                                            No. 4711
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from signoff.domain.reading import Region
from signoff.tools.orders.labels import fold
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_header import APART, Found, behind, found
from signoff.tools.orders.layout_kind import ORDERS, paper
from signoff.tools.orders.layout_labels import any_label
from signoff.tools.orders.layout_prose import HEAD_LINES
from signoff.tools.orders.layout_values import Style, code
from signoff.tools.orders.values import date

MOST_CELLS, TITLE_LINES, MOST_WORDS = 4, 40, 6
BEST, NEAR, STEP, BARE = 2.3, 0.9, 0.1, 0.6
"""How well a title labels the number in it, one near it, what each place further off costs, and how well the bare label "number" does."""
_UNDER = frozenset(
    ["under", "against", "zum", "zu", "gemass", "gem", "laut", "lt", "per", "sur", "selon", "suivant", "segun", "conforme", "secondo",
     "volgens", "onder", "enligt", "ifolge", "til", "till"]
)  # fmt: skip
"""What an order is placed under follows these."""
_BARS = frozenset("|·•")
_DATED = frozenset({"vom", "dated", "du", "del", "d d", "fra", "fran", "av", "of"})


def titled(lines: Sequence[Line], style: Style) -> Iterator[Found]:
    """The number that stands at an order's title: in it, beside or below it, or labelled with nothing but "number"."""
    for index, line in enumerate(lines[:TITLE_LINES]):
        for position, cell in enumerate(line.cells):
            yield from _bare(line, index, position)
            yield from _grid(lines, index, position)
            yield from _dated(cell, index, style)
            yield from _placed(cell, index, style)
            title, rest = _title(cell)
            if title is None:
                continue
            near = [c for c in (rest, *line.cells[position + 1 : position + 2], *_under(lines, index, title)) if c is not None]
            for place, value_cell in enumerate(near):
                value = _number(value_cell)
                if value is not None:
                    strength = BEST if value_cell is rest else NEAR - STEP * place
                    yield Found("/order_number", value, value_cell, strength, Region.HEADER, index, title)
                    dated = behind(value_cell, style)
                    if dated is not None:
                        yield Found("/issue_date", dated[1], dated[0], strength if dated[1] else 0.0, Region.HEADER, index, title)
                    break


def numbered_title(line: Line) -> bool:
    """Whether the line is an order's title with its number: `Order 4711`."""
    title, rest = _title(line.cells[0]) if len(line.cells) <= MOST_CELLS else (None, None)
    return title is not None and rest is not None and _number(rest) is not None


def _title(cell: Cell) -> tuple[Cell | None, Cell | None]:
    """The part of a cell that is an order's title, and what follows in the cell; the first word with a digit begins the number."""
    at = next((n for n, w in enumerate(cell.words) if any(c.isdigit() for c in w.text)), len(cell.words))
    before = cell.words[at - 1].text if 1 < at < len(cell.words) else ""
    if (
        before.isalpha()
        and before.isupper()
        and len(before) <= 4
        and fold(before) != "no"
        and paper(" ".join(w.text for w in cell.words[: at - 1]))
    ):
        at -= 1  # a prefix of the number: `AB 0098761`
    title = cell.cut(0, at) if at else None
    if title is None or len(title.words) > MOST_WORDS or title.text.islower() or paper(title.text) not in ORDERS:
        return None, None
    return title, cell.cut(at)


def _number(cell: Cell) -> str | None:
    """The number a cell begins with, if nothing but a date follows it, or what the order is placed under (`4711 under contract 12`)."""
    upto = next((n for n, w in enumerate(cell.words) if n and (w.text in _BARS or fold(w.text) in _UNDER)), None)
    cell = cell.cut(0, upto) or cell
    value = code(cell.text) if len(cell.words) <= 2 or behind(cell, Style(None, None)) else None
    if value is None or sum(ch.isdigit() for ch in value) < 3 or date(value, "dmy") or date(value, "mdy"):
        return None
    return value


def _bare(line: Line, index: int, position: int) -> Iterator[Found]:
    """What the bare label "number" labels: `No.: 4711`."""
    cell = line.cells[position]
    if fold(cell.words[0].text) != "no" or not cell.words[0].text.endswith(":"):
        return
    value_cell = cell.cut(1) or next(iter(line.cells[position + 1 : position + 2]), None)
    if value_cell is not None and (value := code(value_cell.text)):
        yield Found("/order_number", value, value_cell, BARE, Region.HEADER, index, cell)


def _grid(lines: Sequence[Line], index: int, position: int) -> Iterator[Found]:
    """What the bare label "number" labels in a row of labels with a date: `Number | Date` over `4711 | 1 Feb 2026`."""
    line, cell = lines[index], lines[index].cells[position]
    if fold(cell.text) != "no" or not any(label.pointer == "/issue_date" for c in line.cells if (label := any_label(c))):
        return
    for below in lines[index + 1 : index + 3]:
        under = next((c for c in below.cells if abs(c.left - cell.left) < 30 and below.page == line.page), None)
        if under is not None:
            value = _number(under)
            if value is not None:
                yield Found("/order_number", value, under, BARE, Region.HEADER, index, cell)
            return


def _dated(cell: Cell, index: int, style: Style) -> Iterator[Found]:
    """The day in a cell of its own behind the word that dates an order: `du 01/02/2026`."""
    rest = cell.cut(1) if fold(cell.words[0].text) in _DATED and len(cell.words) <= 6 else None
    if rest is not None and (day := date(rest.text, style.order)) is not None:
        yield Found("/issue_date", day, rest, BARE, Region.HEADER, index)


def alone(lines: Sequence[Line], labelled: Sequence[Found], style: Style) -> Iterator[Found]:
    """The day right below the order's number, or the only one that stands by itself in the head of a paper that nothing dates, as on a
    letter; not below or behind words."""
    if any(v.pointer == "/issue_date" for v in labelled):
        return
    taken = {(v.cell.page, v.cell.left, v.cell.top) for v in labelled}
    days: dict[dt.date, Found] = {}
    for index, line in enumerate(lines[1:], 1):
        for position, cell in enumerate(line.cells if line.page == lines[0].page else ()):
            day = date(cell.text, style.order) if any(c.isdigit() for c in cell.text) and len(cell.words) <= 5 else None
            if day is not None and (cell.page, cell.left, cell.top) not in taken and not _worded(lines[index - 1], line, position):
                days.setdefault(day, Found("/issue_date", day, cell, BARE, Region.HEADER, index))
    below = [f for f in days.values() if any(v.pointer == "/order_number" and _flush(f.cell, v.cell) for v in labelled)]
    yield from below[:1] or (days.values() if len(days) == 1 else ())


def _flush(cell: Cell, above: Cell) -> bool:
    """Whether a cell stands right below another, flush left or right with it."""
    near = cell.page == above.page and 0 < cell.top - above.bottom < 1.5 * cell.height
    return near and min(abs(cell.left - above.left), abs(cell.right - above.right)) < 4


def _worded(above: Line, line: Line, position: int) -> bool:
    """Whether words stand close above a cell or left of it, that could be its label in a language that we do not know."""
    cell = line.cells[position]
    over = [c for c in above.cells if cell.top - c.bottom < cell.height and c.left < cell.right and c.right > cell.left]
    left = [c for c in line.cells[:position][-1:] if cell.left - c.right < APART * cell.height]
    return any(not any(ch.isdigit() for ch in c.text) and paper(c.text) not in ORDERS for c in (*over, *left))


def _placed(cell: Cell, index: int, style: Style) -> Iterator[Found]:
    """The day of a letter behind its place: `Leeds, 1 February 2026`, `Ulm, den 1.2.2026`."""
    comma = next((n for n, w in enumerate(cell.words[:4]) if w.text.endswith(",")), None)
    if comma is None or len(cell.words) > comma + 8 or any(ch.isdigit() for w in cell.words[: comma + 1] for ch in w.text):
        return
    for start in (comma + 1, comma + 2):
        rest = cell.cut(start)
        day = date(rest.text.rstrip("."), style.order) if rest is not None and len(cell.words) > start else None
        if rest is not None and day is not None:
            yield Found("/issue_date", day, rest, BARE, Region.HEADER, index)
            return


def names_order(lines: Sequence[Line]) -> bool:
    """Whether the head of the first page is titled as an order, or labels an order's number."""
    head = [line for line in lines[:HEAD_LINES] if line.page == lines[0].page]
    titles = [c for line in head if len(line.cells) <= MOST_CELLS for c in line.cells if not c.text.islower()]
    if any(paper(c.text) in ORDERS for c in titles):
        return True
    return any(f.pointer == "/order_number" and f.value for f in found(head, set(), Style(None, None), len(head)))


def _under(lines: Sequence[Line], index: int, title: Cell) -> Iterator[Cell]:
    """Cells below a title and near it, up to a label of something else; behind the bare label "number", what it labels."""
    for line in lines[index + 1 : index + 12]:
        if line.top - title.bottom > 4 * title.height + 12:
            return
        for at, cell in enumerate(line.cells):
            if line.page != title.page or cell.right <= title.left - 20 or cell.left >= title.right + 60:
                continue
            if fold(cell.words[0].text) == "no":
                value = cell.cut(1) or next(iter(line.cells[at + 1 : at + 2]), None)
                if value is not None:
                    yield value
            elif any_label(cell) is None and (at == 0 or any_label(line.cells[at - 1]) is None):
                yield cell
