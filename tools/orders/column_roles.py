"""What the columns of a table hold: contents and arithmetic have their say after the headings.

Of several columns that could be quantity, price and amount, those win for which quantity x price = amount. A column whose heading nobody
knows, or that has none, is told by what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise, permutations, product

from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.labels import header_field, is_label
from signoff.tools.orders.values import currency

ITEM_IDS = ("buyer_item_id", "supplier_item_id", "standard_item_id")
NAMING = frozenset({*ITEM_IDS, "description", "item"})
FIGURES = ("quantity", "unit_price", "line_amount")
SUMS = ("/line_total", "/tax_total", "/payable_amount")
Columns = dict[str, tuple[int, ...]]
"""Role -> its columns, best first."""
_SAMPLE, _MOST, _CENT = 30, 8, Decimal("0.02")
_CODE = re.compile(r"(?=.*[^\W_])[\w./+#-]{2,40}")
_DATED = ("/issue_date", "/requested_delivery_date")


def typed(grid: Grid, headings: dict[int, str], roles: dict[int, str], body: Iterable[int]) -> Columns:
    """Role -> columns, after contents had their say. `headings` are the texts over all columns, `roles` what they say."""
    rows = [r for r in body if len(grid.filled(r)) > 1][:_SAMPLE]
    for column, role in list(roles.items()):
        told = _by_content(grid, roles, column, role, headings.get(column, ""), rows)
        if told is None:
            del roles[column]
        else:
            roles[column] = told
    widest = max((len(grid.filled(r)) for r in rows), default=0)
    whole = [r for r in rows if 2 * len(grid.filled(r)) > widest]
    roles |= _unheaded(grid, headings, roles, whole)
    columns: Columns = {}
    for column, role in sorted(roles.items()):
        columns[role] = (*columns.get(role, ()), column)
    settled = _by_arithmetic(grid, columns, rows)
    return settled or columns | _recovered(grid, columns, whole, bare=not headings)


def _by_content(grid: Grid, roles: dict[int, str], column: int, role: str, heading: str, rows: Sequence[int]) -> str | None:
    """The role that a column's contents allow it; `None` when they are of another kind than its heading says."""
    places = [(r, column) for r in rows if grid.text((r, column))]
    numeric = sum(grid.number(p) is not None for p in places) * 2 > len(places) > 0
    others = set(roles.values()) - {role}
    if role in FIGURES and places and sum(grid.date(p) is not None for p in places) * 2 > len(places) and not numeric:
        dated = header_field(heading)  # Ordered: how many, or when
        return dated if dated in _DATED else None
    if role in ("item", "line_number"):
        return _item_role(grid, places, role, others)
    if role == "unit" and numeric:
        return "quantity" if "quantity" not in others else "unit_price" if "unit_price" not in others else role
    if role == "details" and len(places) > 1 and not {*ITEM_IDS, "item"} & others and _codes([grid.text(p) for p in places]):
        return "supplier_item_id"
    if role == "price_base_quantity" and places and not numeric:
        return "unit"
    if role == "description" and numeric and "item" not in others and places and not any(grid.wordy(p) for p in places):
        return "buyer_item_id"
    return role


def _item_role(grid: Grid, places: Sequence[Place], role: str, others: set[str]) -> str:
    """What a column called Item, Article or No. holds: positions, names or ids."""
    counting = _counts([grid.number(p) for p in places])
    first = grid.number(places[0]) if places else None
    if counting and (len(places) > 1 or (first or 0) <= 100) and others & {*NAMING}:
        return "line_number"
    codes = [p for p in places if re.fullmatch(r"\S*\d\S*", grid.text(p))]
    if role == "line_number":
        positions = sum(bool(re.fullmatch(r"\d{1,5}(?:[.-]\d{1,3})*[.)]?", grid.text(p))) for p in places)
        return role if 2 * positions >= len(places) or "buyer_item_id" in others else "buyer_item_id"
    return "buyer_item_id" if 2 * len(codes) > len(places) else "description"


def _counts(values: Sequence[Decimal | None]) -> bool:
    """Whether the values count up by one step, as positions do."""
    steps = {b - a for a, b in pairwise(values) if a is not None and b is not None}
    return None not in values and bool(values) and len(steps) <= 1 and all(v is not None and v <= 10_000 for v in values)


def _unheaded(grid: Grid, headings: dict[int, str], roles: dict[int, str], rows: Sequence[int]) -> dict[int, str]:
    """What the columns hold whose heading says nothing: a role that no other column has, each once, from the left."""
    found: dict[int, str] = {}
    width = max((grid.filled(r)[-1] + 1 for r in rows), default=0)
    free = [c for c in range(width) if c not in roles and not is_label(headings.get(c, ""))]
    texts = {c: [t for r in rows if (t := grid.text((r, c)))] for c in free}
    full = [c for c in free if 2 * len(texts[c]) > len(rows)]
    taken = set(roles.values())
    if "item" in taken or not rows:
        return {}
    for column in full:
        role = _content_role(grid, column, texts[column], rows, bool(headings.get(column)))
        if role and role not in taken and not (role == "buyer_item_id" and set(ITEM_IDS) & taken):
            found[column] = role
            taken.add(role)
    worded = [c for c in full if c not in found and all(grid.wordy((r, c)) for r in rows if grid.text((r, c)))]
    named = [c for c in worded if any(len(t.split()) > 1 for t in texts[c])]
    if "description" not in taken and named:
        found[max(named, key=lambda c: len(set(texts[c])) * sum(map(len, texts[c])))] = "description"
    return found


def _content_role(grid: Grid, column: int, texts: Sequence[str], rows: Sequence[int], headed: bool) -> str | None:
    """What a column holds by its looks; under a heading that nobody knows, a code at most."""
    values = [grid.number((r, column)) for r in rows]
    if not headed and all(re.fullmatch("[A-Z]{3}", t) and currency(t) for t in texts):
        return "/currency"
    if not headed and column and all(re.fullmatch(r"[^\W\d_]{1,6}\.?", t) for t in texts):
        return "unit"
    if not headed and len(rows) > 1 and _counts(values) and values[0] in (Decimal(1), Decimal(10)) and len(set(values)) > 1:
        return "line_number"
    measured = any(grid.date((r, column)) for r in rows) or any("." in t and v is not None for t, v in zip(texts, values, strict=False))
    return "buyer_item_id" if _codes(texts) and not measured else None


def _codes(texts: Sequence[str]) -> bool:
    """Whether the texts are one word each, with digits or in capitals, and no two alike, as numbers of articles are."""
    return len(set(texts)) == len(texts) and all(_CODE.fullmatch(t) and (t.isupper() or any(map(str.isdigit, t))) for t in texts)


def _by_arithmetic(grid: Grid, columns: Columns, rows: Sequence[int]) -> Columns | None:
    """The columns with quantity, price and amount settled by quantity x price = amount; `None` where it does not hold for half the rows."""
    candidates = [columns.get(role, ()) for role in FIGURES]
    if any(len(c) > 1 for c in candidates) and all(candidates):
        best = max(product(*candidates), key=lambda triple: agreeing(grid, columns, triple, rows))
        columns = columns | {role: (c, *(o for o in columns[role] if o != c)) for role, c in zip(FIGURES, best, strict=True)}
    elif len(candidates[1]) > 1 and not candidates[2]:
        # Two prices and no amount: the later column may be the amount under another name.
        columns = columns | _second_price(grid, columns, rows)
    named = tuple(columns[role][0] if columns.get(role) else -1 for role in FIGURES)
    if all(c >= 0 for c in named) and agreeing(grid, columns, named, rows) * 2 >= len(_complete(grid, columns, named, rows)):
        return columns
    return None


def _second_price(grid: Grid, columns: Columns, rows: Sequence[int]) -> Columns:
    prices, quantities = columns["unit_price"], columns.get("quantity", ())
    for q, p, a in ((q, p, a) for q in quantities for p, a in permutations(prices, 2)):
        if _proved(grid, columns, (q, p, a), rows):
            return {"unit_price": (p,), "line_amount": (a,)}
    return {}


def _recovered(grid: Grid, columns: Columns, rows: Sequence[int], bare: bool) -> Columns:
    """Quantity, price and amount among all number columns, when exactly one choice is proved by every row.

    Which factor is the quantity a product cannot tell: it is the one of whole numbers; without any heading, else, the left one.
    """
    width = max((len(grid.sheet.rows[r]) for r in rows), default=0)
    fixed = {c for role, cs in columns.items() if role not in FIGURES for c in cs}
    numeric = [c for c in range(width) if c not in fixed and sum(grid.number((r, c)) is not None for r in rows) * 2 > len(rows) > 1][:_MOST]
    proved = [t for t in permutations(numeric, 3) if _proved(grid, columns, t, rows) and _fits(columns, t)]
    if len(proved) == 2 and set(proved[0][:2]) == set(proved[1][:2]):
        whole = [t for t in proved if _whole(grid, t[0], rows) and not _whole(grid, t[1], rows)]
        proved = whole or (proved[:1] if bare else [])
    if len(proved) != 1:
        return {}
    return {role: (c,) for role, c in zip(FIGURES, proved[0], strict=True)}


def _whole(grid: Grid, column: int, rows: Sequence[int]) -> bool:
    """Whether a column prints whole numbers only, as most counts and few prices are."""
    return all(t.isdigit() for r in rows if (t := grid.text((r, column))))


def _fits(columns: Columns, triple: tuple[int, ...]) -> bool:
    """A quantity is never taken for a price or the reverse: only price and amount are mixed up by headings, or have none."""
    quantity, price, amount = triple
    named = {c: role for role in FIGURES for c in columns.get(role, ())}
    return named.get(quantity, "quantity") == "quantity" and "quantity" not in (named.get(price), named.get(amount))


def _complete(grid: Grid, columns: Columns, triple: Sequence[int], rows: Iterable[int]) -> list[tuple[Decimal, Decimal, Decimal]]:
    """(quantity, price, amount) of the rows that have all three; the price is that of one unit, once for each price that is due."""
    found = []
    for row in rows:
        quantity = grid.quantity((row, triple[0]))
        price, amount = grid.number((row, triple[1])), grid.number((row, triple[2]))
        if quantity and price is not None and amount is not None:
            factor = _factor(grid, columns, row)
            exact = abs(quantity[0] * price * factor - amount) <= _CENT
            found.append((quantity[0], price * factor if exact else price, amount))
    return found


def _factor(grid: Grid, columns: Columns, row: int) -> Decimal:
    """What a price is multiplied with to be that of one unit less its discount, by the columns for both."""
    base = next((v for c in columns.get("price_base_quantity", ()) if (v := grid.number((row, c)))), Decimal(1))
    off = next((v for c in columns.get("discount_percent", ()) if (v := grid.percent((row, c)))), Decimal(0))
    return (1 - abs(off) / 100) / base


def agreeing(grid: Grid, columns: Columns, triple: Sequence[int], rows: Iterable[int]) -> int:
    """How many rows satisfy quantity x price / base, less the discount, = amount in three columns."""
    return sum(abs(q * p - a) <= _CENT for q, p, a in _complete(grid, columns, triple, rows))


def _proved(grid: Grid, columns: Columns, triple: Sequence[int], rows: Sequence[int]) -> bool:
    """Every complete row agrees, and at least two of them are no mere 1 x price = price."""
    complete = _complete(grid, columns, triple, rows)
    telling = sum(q not in (0, 1) and p not in (0, 1) for q, p, _ in complete)
    return telling >= 2 and agreeing(grid, columns, triple, rows) == len(complete)
