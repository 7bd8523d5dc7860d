"""A page as grids of cells, the same for every engine: letterhead, title, labels, parties, items, sums, notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from signoff.evals.generating import words
from signoff.evals.generating.layout import Layout
from signoff.evals.generating.paper import Line, Order, Party

RIGHT = ("qty", "price", "base", "amount")
SHARES = {"pos": 5, "part": 13, "buyer_part": 11, "description": 32, "qty": 9, "unit": 8, "price": 12, "base": 7, "amount": 13}


@dataclass(frozen=True)
class Cell:
    """Printed text, perhaps of several lines. `value` is the number behind it, for spreadsheets. `hidden` is not meant to be seen."""

    text: str = ""
    right: bool = False
    bold: bool = False
    big: bool = False
    value: Decimal | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Grid:
    """Rows of cells; `shares` are the widths of the columns, which add up to the page's. `rules`: none, grid, lines, banded, head."""

    rows: tuple[tuple[Cell, ...], ...]
    shares: tuple[float, ...]
    rules: str = "none"
    heads: int = 0


def compose(order: Order, layout: Layout) -> list[Grid]:
    """The paper of an order in a layout. It prints what the order says, and nothing else."""
    return [
        *_letterhead(order, layout),
        *_pairs(layout, _facts(order, layout)),
        *_parties(order, layout),
        *_pairs(layout, _terms(order, layout), across=1),
        *_items(order, layout),
        *_notes(order, layout),
    ]


def printed(order: Order, layout: Layout) -> Order:
    """The order as this layout prints it: what it does not show is `None`."""
    shows = layout.shows
    bare = {name: None for name in ("contract_ref", "cost_center", "payment_terms", "delivery_terms", "delivery_date") if name not in shows}
    numbered = "buyer_part" in layout.columns
    lines = tuple(line if numbered else replace(line, buyer_part="") for line in order.lines)
    ship_to = order.ship_to if "ship_to" in shows else None
    if layout.detail == "delivery":
        lines = tuple(replace(line, delivery=order.delivery_date) for line in lines)
    kept = replace(order, lines=lines, ship_to=ship_to, buyer=_shown(order.buyer, shows), supplier=_shown(order.supplier, shows))
    return replace(kept, **bare)  # type: ignore[arg-type]  # all of these may be None


def _shown(party: Party, shows: frozenset[str]) -> Party:
    return replace(party, id="", tax_id=party.tax_id if "ids" in shows else "")


def _one(cell: Cell) -> Grid:
    return Grid(((cell,),), (100,))


def _letterhead(order: Order, layout: Layout) -> Iterator[Grid]:
    """Who writes (for an order the buyer, for an answer the supplier), and the title."""
    own = order.supplier if order.kind in ("invoice", "quotation", "response") else order.buyer
    title = layout.word("title") if order.kind == "order" else layout.word(order.kind)
    head = Cell(own.name, bold=True, big=True)
    address = Cell(" · ".join(own.address))
    if layout.head == "left":
        yield Grid(((head, Cell(title, right=True, bold=True, big=True)), (address, Cell())), (60, 40))
    elif layout.head == "right":
        yield Grid(((Cell(title, bold=True, big=True), replace(head, right=True)), (Cell(), replace(address, right=True))), (40, 60))
    else:
        yield from (Grid(((head,), (address,)), (100,)), _one(Cell(title, bold=True, big=True)))


def _facts(order: Order, layout: Layout) -> list[tuple[str, str]]:
    told = [("date", _day(order.date, layout)), ("reference", order.reference), ("contract_ref", order.contract_ref)]
    told += [("requester", order.requester), ("cost_center", order.cost_center)]
    if layout.money == "pair" or (layout.money == "sign" and order.currency not in words.SIGNS):
        told.append(("currency", order.currency))
    number = [(_number_label(order, layout), order.number)] if order.number else []
    return number + [(layout.word(name), value) for name, value in told if value]


def _number_label(order: Order, layout: Layout) -> str:
    """`Invoice No.` on what is no order."""
    return layout.word("number") if order.kind in ("order", "change") else f"{layout.word(order.kind)} {words.NUMBER[layout.language]}"


def _terms(order: Order, layout: Layout) -> list[tuple[str, str]]:
    net = words.NET[layout.language].format(order.payment_terms) if order.payment_terms else None
    wanted = _day(order.delivery_date, layout) if order.delivery_date and layout.detail != "delivery" else None
    told = [("payment_terms", net), ("delivery_terms", order.delivery_terms), ("delivery_date", wanted), ("bank", order.supplier.bank)]
    return [(layout.word(name), value) for name, value in told if value]


def _day(value: dt.date, layout: Layout) -> str:
    return words.day(value, layout.date, layout.language)


def _pairs(layout: Layout, pairs: list[tuple[str, str]], across: int | None = None) -> Iterator[Grid]:
    """Labels with their values: left of them, above them, or before a colon."""
    across = across or layout.pairs_across
    if not pairs:
        return
    if layout.pairs == "above":
        for at in range(0, len(pairs), 4):
            some = pairs[at : at + 4]
            yield Grid(
                (tuple(Cell(label, bold=True) for label, _ in some), tuple(Cell(v) for _, v in some)), (100 / len(some),) * len(some)
            )
        return
    cells: list[tuple[Cell, ...]]
    if layout.pairs == "colon":
        cells = [(Cell(f"{label}: {value}"),) for label, value in pairs]
        shares: tuple[float, ...] = (100,)
    else:
        cells = [(Cell(label, bold=True), Cell(value)) for label, value in pairs]
        shares = (26, 74) if across == 1 else (40, 60)
    blank = tuple(Cell() for _ in cells[0])
    rows = [cells[at : at + across] for at in range(0, len(cells), across)]
    whole = [tuple(c for pair in [*row, *[blank] * (across - len(row))] for c in pair) for row in rows]
    yield Grid(tuple(whole), tuple(s / across for _ in range(across) for s in shares))


def _parties(order: Order, layout: Layout) -> Iterator[Grid]:
    """Supplier, buyer and where the goods go, side by side or one below the other."""
    blocks = [("supplier", order.supplier), ("buyer", order.buyer), *([("ship_to", order.ship_to)] if order.ship_to else [])]
    if layout.parties != "side":
        blocks = blocks[1:2] + blocks[:1] + blocks[2:]
    told = [(layout.word(role), "\n".join(_address(who, layout))) for role, who in blocks]
    if layout.parties == "stacked":
        yield from (Grid(((Cell(label, bold=True), Cell(text)),), (22, 78)) for label, text in told)
    else:
        yield Grid(
            (tuple(Cell(label, bold=True) for label, _ in told), tuple(Cell(text) for _, text in told)), (100 / len(told),) * len(told)
        )


def _address(who: Party, layout: Layout) -> list[str]:
    return [who.name, *who.address, *([f"{layout.word('tax_id')} {who.tax_id}"] if who.tax_id else [])]


def _items(order: Order, layout: Layout) -> Iterator[Grid]:
    """The table of items, and the sums in it or below it."""
    columns = [c for c in layout.columns if c != layout.detail]
    if any(line.base != 1 for line in order.lines):
        columns.insert(columns.index("price") + 1, "base")
    weights = [SHARES[c] for c in columns]
    shares = tuple(100 * w / sum(weights) for w in weights)
    heads = tuple(Cell(_head(c, order, layout), right=c in RIGHT, bold=True) for c in columns)
    body = [row for line in order.lines for row in _rows(line, columns, layout)]
    sums = _sums(order, layout)
    if layout.totals == "table":
        at = columns.index("amount")
        body += [_footer(label, cell, at, len(columns)) for label, cell in sums]
    yield Grid((heads, *body), shares, layout.rules, heads=1)
    if layout.totals != "table":
        left = layout.totals == "left"
        rows = tuple((Cell(label, bold=True), cell) if left else (Cell(), Cell(label, bold=True), cell) for label, cell in sums)
        yield Grid(rows, (30, 70) if left else (55, 27, 18))


def _footer(label: str, cell: Cell, at: int, width: int) -> tuple[Cell, ...]:
    """A row of the table whose amount stands below the amounts, and its label just before it, or first."""
    row = [Cell() for _ in range(width)]
    row[at] = cell
    row[max(0, at - 1)] = Cell(label, bold=True, right=True)
    return tuple(row)


def _head(column: str, order: Order, layout: Layout) -> str:
    name = layout.word(column)
    return f"{name} ({order.currency})" if layout.money == "head" and column in ("price", "amount") else name


def _rows(line: Line, columns: list[str], layout: Layout) -> Iterator[tuple[Cell, ...]]:
    yield tuple(_cell(line, column, layout) for column in columns)
    if layout.detail:
        under = columns.index("description") if "description" in columns else columns.index("part")
        text = _detail(line, layout)
        if text:
            yield tuple(Cell(text if n == under else "") for n in range(len(columns)))


def _detail(line: Line, layout: Layout) -> str:
    if layout.detail == "delivery":
        return f"{layout.word('delivery_date')}: {_day(line.delivery, layout)}" if line.delivery else ""
    if layout.detail == "part":
        return f"{layout.word('part')}: {line.part}"
    return line.description


def _cell(line: Line, column: str, layout: Layout) -> Cell:
    if column == "unit":
        return Cell(layout.unit(line.unit))
    texts = {"pos": line.number, "part": line.part, "buyer_part": line.buyer_part, "description": line.description}
    if column in texts:
        return Cell(texts[column])
    value = {"qty": line.qty, "price": line.price, "base": line.base, "amount": line.amount}[column]
    if value is None:
        return Cell()
    places = {"qty": (None, None, 2)[layout.wording % 3], "base": None}.get(column, max(2, -int(value.as_tuple().exponent)))
    return Cell(words.number(value, layout.marks, places), right=True, value=value)


def _sums(order: Order, layout: Layout) -> list[tuple[str, Cell]]:
    """Subtotal, freight, tax, total; a paper without freight and tax may print the total alone."""
    told: list[tuple[str, Decimal]] = []
    if order.charges or order.tax is not None or layout.wording % 2:
        told.append((layout.word("net"), order.net))
    told += [(layout.word("freight"), c.amount) for c in order.charges]
    if order.tax is not None:
        told.append((f"{layout.word('tax')} {order.tax_percent} %", order.tax))
    sums = [(label, _sum(amount, layout)) for label, amount in told]
    return [*sums, (_total_label(order, layout), _sum(order.total, layout, order.currency))]


def _total_label(order: Order, layout: Layout) -> str:
    plain = words.LABELS[layout.language]["total"][0]
    name = layout.word("total") if order.kind == "order" else plain
    return f"{name} {order.currency}" if layout.money in ("head", "total") else name


def _sum(amount: Decimal, layout: Layout, currency: str = "") -> Cell:
    """A sum, with the sign of its currency where the layout prints signs."""
    sign = words.SIGNS.get(currency, "") if layout.money == "sign" else ""
    text = words.number(amount, layout.marks, 2)
    return Cell(f"{sign} {text}".strip(), right=layout.totals != "left", value=amount)


def _notes(order: Order, layout: Layout) -> Iterator[Grid]:
    for note in order.notes:
        yield _one(Cell(note))
    if order.hidden:
        yield _one(Cell(order.hidden, hidden=True))
