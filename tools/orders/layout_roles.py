"""What the columns of a line table hold: headings weigh, arithmetic decides.

Where the figures under the headings do not add up, every pair of columns of numbers is tried as quantity and price, and every other as the
amount; the assignment under which quantity x price / base, less the discount, is the amount to the cent for most rows is taken. Which of
the two factors is the quantity a product cannot tell: headings, printed units, decimals and the order of columns do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from itertools import combinations

from signoff.tools.orders.layout_cells import Cell, amount
from signoff.tools.orders.layout_figures import measured
from signoff.tools.orders.layout_heading import FIGURES
from signoff.tools.orders.layout_table import Row, Table
from signoff.tools.orders.values import Mark, currency, number, quantity

CENT, HUNDRED = Decimal("0.01"), Decimal(100)
SAMPLE, PROBE, MOST_COLUMNS, MOSTLY, ENOUGH = 40, 4, 16, 0.8, 0.6
TEXT = 6
"""Letters that a description has on the average at least."""
FIXED = frozenset(
    {"line_number", "buyer_item_id", "supplier_item_id", "standard_item_id", "requested_delivery_date", "tax_percent", "discount_percent"}
)
"""Columns that are no figure of the product, whatever stands in them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure: its cell and value, the unit at a quantity, and the quantity that a price is for."""

    cell: Cell
    value: Decimal
    unit: str | None = None
    base: Decimal | None = None


def agrees(exact: Decimal, printed: Decimal) -> bool:
    """Whether a printed amount is the exact one, rounded or cut off to the digits that are printed (at least to the cent)."""
    step = min(CENT, Decimal(1).scaleb(int(printed.as_tuple().exponent)))
    return abs(exact - printed) <= step / 2 or printed in (exact.quantize(CENT), exact.quantize(step, ROUND_DOWN))


def figure_in(role: str, cell: Cell, mark: Mark | None) -> Figure | None:
    """The figure of a cell with the unit and the base quantity printed at it: `510/EA`, `4.61/Ea`, `7.53 / 100`, `12 Stk`, `4 (M)`."""
    text = cell.text
    plain = number(text, mark) if role == "quantity" else amount(text, mark)
    if plain is not None:
        return Figure(cell, plain)
    before, slash, after = (part.strip() for part in text.partition("/"))
    if slash and (value := amount(before, mark)) is not None:
        return _per(role, Figure(cell, value), after, mark)
    counted = measured(text, mark) if role == "quantity" else None
    return Figure(cell, counted[0], counted[1]) if counted else None


def _per(role: str, found: Figure, after: str, mark: Mark | None) -> Figure:
    """A figure with what stands behind its slash: a unit at a quantity, a base quantity at a price."""
    per = quantity(after, mark) if any(c.isdigit() for c in after) else None
    if role == "unit_price":
        return replace(found, base=per[0] if per and per[0] > 0 else None)
    return replace(found, unit=per[1] if per else after if after.isalpha() else None)


IDS = frozenset({"buyer_item_id", "supplier_item_id", "standard_item_id"})
_WORD = re.compile(r"[A-Z]{2,40}|(?=.*[\d-])[^\W_][\w./+-]{1,39}")
_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?\s*%")


def settled(table: Table, mark: Mark | None) -> Table:
    """The table with what its columns hold: figures by arithmetic, line numbers, rates of tax and descriptions by what they look like."""
    return _described(_coded(_taxed(_numbered(decided(table, mark)))))


def decided(table: Table, mark: Mark | None) -> Table:
    """The table with the roles that its figures prove, or as it was where they prove none better than its headings."""
    sample = table.rows[:SAMPLE]
    stated = sum(_adds_up(table, row, mark) for row in sample)
    if not sample or stated >= MOSTLY * len(sample):
        return table
    values = {i: [_number(row.cells.get(i), mark) for row in sample] for i in _numeric(table, sample, mark)}
    best, found = None, max(stated, int(ENOUGH * len(sample)) if len(sample) > 1 else 0)
    for x, y, a in _assignments(table, sorted(values)):
        probed = any(_product(row, values, n, (x, y, a), table, mark) for n, row in enumerate(sample[:PROBE]))
        proved = sum(_product(row, values, n, (x, y, a), table, mark) for n, row in enumerate(sample)) if probed else 0
        if proved > found or (proved == found and best is not None and _heard(table, (x, y, a)) > _heard(table, best)):
            best, found = (x, y, a), proved
    return _assigned(table, best, sample, mark) if best is not None else table


def _numbered(table: Table) -> Table:
    at = next((i for i, c in enumerate(table.columns) if c.role == "line_number"), None)
    if at is not None:
        return table if any(c.role in IDS for c in table.columns) or not _scattered(table, at) else _headed(table, at, "buyer_item_id")
    for i, column in enumerate(table.columns):
        texts = [row.cells[i].text if i in row.cells else "" for row in table.rows]
        if column.role in ("item", "buyer_item_id") and all(re.fullmatch(r"\d{1,5}", t) for t in texts):
            steps = [int(t) for t in texts]
            if steps in ([n + 1 for n in range(len(steps))], [10 * n + 10 for n in range(len(steps))]):
                return _headed(table, i, "line_number")
    return table


def _headed(table: Table, at: int, role: str) -> Table:
    return replace(table, columns=tuple(replace(c, role=role) if n == at else c for n, c in enumerate(table.columns)))


def _scattered(table: Table, at: int) -> bool:
    """Whether numbers under "No." follow no order, or are too long for it: then they are the items'."""
    numbers = [int(t) for row in table.rows if at in row.cells and (t := row.cells[at].text).isdigit()]
    return bool(numbers) and (sorted(set(numbers)) != numbers or min(numbers) >= 10_000)


def _taxed(table: Table) -> Table:
    """A column of rates that is no discount, headed as tax or not at all that we know, is the rate of the tax."""
    if any(c.role == "tax_percent" for c in table.columns):
        return table
    for i, column in enumerate(table.columns):
        texts = [row.cells[i].text for row in table.rows if i in row.cells]
        if column.role in (None, "tax_amount") and len(texts) == len(table.rows) and all(_RATE.fullmatch(t) for t in texts):
            return _headed(table, i, "tax_percent")
    return table


def _coded(table: Table) -> Table:
    """A column of items beside one of descriptions that holds one word in every row, each another, that is
    set in capitals or with a digit or a hyphen, is one of their ids."""
    for i, column in enumerate(table.columns):
        texts = {row.cells[i].text for row in table.rows if i in row.cells}
        if column.role == "item" and any(c.role == "description" for c in table.columns) and len(texts) == len(table.rows) > 1:
            return _headed(table, i, "supplier_item_id") if all(_WORD.fullmatch(t) for t in texts) else table
    return table


def _described(table: Table) -> Table:
    """Where no heading says what the items are called, the column with the most text in it does, under a heading that we do not know."""
    if any(c.role in ("description", "item") for c in table.columns):
        return table
    texts = [[row.cells[i].text for row in table.rows if i in row.cells] for i in range(len(table.columns))]
    letters = [sum(ch.isalpha() for text in own for ch in text) for own in texts]
    unknown = [
        i
        for i, c in enumerate(table.columns)
        if c.role is None and letters[i] >= TEXT * len(table.rows) and 2 * len(set(texts[i])) > len(texts[i])
    ]
    return _headed(table, max(unknown, key=lambda i: letters[i]), "description") if unknown else table


def _heard(table: Table, assignment: tuple[int, int, int]) -> int:
    """How many of the three columns are headed as what they are taken for."""
    x, y, a = (table.columns[i].role for i in assignment)
    return len({x, y} & {"quantity", "unit_price"}) + (a == "line_amount")


def _assignments(table: Table, columns: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    for a in reversed(columns[:MOST_COLUMNS]):
        for x, y in combinations([i for i in columns[:MOST_COLUMNS] if i != a], 2):
            yield x, y, a


def _numeric(table: Table, rows: Sequence[Row], mark: Mark | None) -> Iterator[int]:
    """The columns of numbers that may be a figure of the product."""
    for i, column in enumerate(table.columns):
        cells = [row.cells[i] for row in rows if i in row.cells]
        held = sum(_number(cell, mark) is not None for cell in cells)
        if column.role not in FIXED and cells and held >= MOSTLY * len(cells) and held >= 0.5 * len(rows):
            yield i


def _number(cell: Cell | None, mark: Mark | None) -> Decimal | None:
    found = figure_in("quantity", cell, mark) or figure_in("unit_price", cell, mark) if cell is not None else None
    return found.value if found else None


def _product(
    row: Row, values: dict[int, list[Decimal | None]], n: int, assignment: tuple[int, int, int], table: Table, mark: Mark | None
) -> bool:
    x, y, a = (values[i][n] for i in assignment)
    if x is None or y is None or a is None:
        return False
    return any(agrees(x * y * rate / base, a) for base in _bases(table, row, mark) for rate in _rates(table, row, mark))


def _adds_up(table: Table, row: Row, mark: Mark | None) -> bool:
    """Whether the row's figures add up under the headings, in one of the columns of each role."""
    q, p, a = ([f for c in table.of(row, role) if (f := figure_in(role, c, mark))] for role in FIGURES)
    return any(product_of(x, y, z, table, row, mark) is not None for x in q for y in p for z in a)


def product_of(q: Figure, p: Figure, a: Figure, table: Table, row: Row, mark: Mark | None) -> tuple[Decimal, Decimal] | None:
    """The base quantity and the rate that is paid (1 without a discount) under which the figures add up."""
    bases = [p.base] if p.base else _bases(table, row, mark)
    return next(((b, r) for b in bases for r in _rates(table, row, mark) if agrees(q.value * p.value * r / b, a.value)), None)


def _bases(table: Table, row: Row, mark: Mark | None) -> list[Decimal]:
    stated = [v for c in table.of(row, "price_base_quantity") if (v := _number(c, mark)) and v > 0]
    return [*stated, *(c.base for c in table.columns if c.base), Decimal(1)]


def _rates(table: Table, row: Row, mark: Mark | None) -> list[Decimal]:
    percent = [v for c in table.of(row, "discount_percent") if (v := percentage(c, mark)) is not None]
    return [*(1 - abs(v) / HUNDRED for v in percent if 0 < abs(v) <= HUNDRED), Decimal(1)]


def percentage(cell: Cell, mark: Mark | None) -> Decimal | None:
    """A rate printed with or without its sign: `15`, `7,5 %`, `10.000- %`; several that follow each other as one: `10+5` is 14.5."""
    steps = [number(part.strip(" -"), mark) for part in cell.text.replace("%", "").split("+")]
    left = HUNDRED
    for step in steps:
        if step is None:
            return None
        left -= left * abs(step) / HUNDRED
    return HUNDRED - left


def _assigned(table: Table, assignment: tuple[int, int, int], rows: Sequence[Row], mark: Mark | None) -> Table:
    x, y, a = assignment
    lead = _like_quantity(table, x, rows, mark) - _like_quantity(table, y, rows, mark)
    swap = lead < 0  # the left one where both are alike
    roles = {(y if swap else x): "quantity", (x if swap else y): "unit_price", a: "line_amount"}
    columns = [replace(c, role=roles.get(i, None if c.role in FIGURES else c.role)) for i, c in enumerate(table.columns)]
    return replace(table, columns=tuple(columns), told=abs(lead) >= LEAD)


def _like_quantity(table: Table, i: int, rows: Sequence[Row], mark: Mark | None) -> float:
    """How much a column looks like one of quantities: by its heading, and by what is printed in it."""
    cells = [row.cells[i] for row in rows if i in row.cells]
    role = table.columns[i].role
    headed = 3.0 if role == "quantity" else -3.0 if role == "unit_price" else -1.0 if role else 0.0
    return headed + sum(counts(c.text, mark) for c in cells) / len(cells)


LEAD = 0.5
"""By how much one factor must look more like a quantity than the other, to be taken for it without a doubt."""
_MONEY = re.compile(r"[$€£¥₹]|\d(?:[.,]-|[.,]–)")


@lru_cache(16_384)
def counts(text: str, mark: Mark | None) -> float:
    """How much a figure looks like a count of something: it has a unit, no currency, and is printed without decimals."""
    if _MONEY.search(text) or currency(text):
        return -3.0
    counted = measured(text, mark)
    value = counted[0] if counted else number(text, mark)
    whole = value is not None and int(value.as_tuple().exponent) >= 0
    return 2.0 * bool(counted and counted[1]) + whole
