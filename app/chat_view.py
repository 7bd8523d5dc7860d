"""What an ability found, as people see it: short columns where there are many, everything where there is one.

Texts of documents pass through `clean` first. Lists fit the width of the terminal: what has no room is left out or cut with `…`, and
stands in full with the one (`/case C00042`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from signoff.app.listing import case_sheet
from signoff.app.preview import Preview
from signoff.app.terminal import plain, status
from signoff.domain.states import State

GAP = 2
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a list: at most `most` cells wide, left out on terminals narrower than `since`."""

    name: str
    most: int = 200
    right: bool = False
    since: int = 0


WAITING = (
    Column("case", 8), Column("asks", 9), Column("order", 16, since=110), Column("supplier", 24), Column("amount", 18, right=True),
    Column("why"),
)  # fmt: skip
CASES = (
    Column("case", 8), Column("order", 18), Column("supplier", 24), Column("amount", 18, right=True), Column("status", 12),
    Column("reason", since=110),
)  # fmt: skip
VENDORS = (
    Column("vendor_id", 10), Column("name", 32), Column("status", 10), Column("category", 12), Column("currency", 8),
    Column("payment_terms", 16, since=110), Column("status_reason", since=110),
)  # fmt: skip
CONTRACTS = (
    Column("contract_id", 12), Column("vendor", 26), Column("title", 30), Column("starts", 10, since=110), Column("ends", 10),
    Column("currency", 8, since=110), Column("payment_terms", 16, since=110),
)  # fmt: skip
PRICES = (
    Column("supplier_item_id", 14), Column("buyer_item_id", 14, since=110), Column("description", 40), Column("unit", 4),
    Column("price", 12, right=True), Column("price_base_quantity", 5, right=True), Column("terms"),
)  # fmt: skip
SPEND = (Column("vendor", 12), Column("cost_center", 20), Column("category", 20), Column("month", 7), Column("name", 34))
SUMS = (Column("orders", 6, right=True), Column("spent", 24, right=True))
POLICY = (Column("name", 44), Column("when", 36), Column("who"))
HEADS = {"price_base_quantity": "per", "supplier_item_id": "item", "buyer_item_id": "our item", "who": "who signs"}


def view(name: str, value: Any, width: int) -> RenderableType:
    """What the ability of this name found, for a terminal so many cells wide."""
    if value in ([], {}, ""):
        return EMPTY.get(name, "Nothing found.")
    more = value.pop()["more"] if isinstance(value, list) and isinstance(value[-1], dict) and "more" in value[-1] else None
    shown = VIEWS.get(name, _any)(value, width)
    return Group(shown, Text(more, style="dim")) if more else shown


def told(preview: Preview) -> RenderableType:
    """What is going to happen, before the yes."""
    made = _grid()
    for name, value in preview.rows:
        made.add_row(Text(name, style="dim"), Text(plain(value)))
    return made


def _waiting(rows: list[Row], width: int) -> RenderableType:
    return _list(rows, WAITING, width)


def _cases(rows: list[Row], width: int) -> RenderableType:
    short = [r | {"status": Text.from_markup(status(State(r["status"]), short=True)), "order": r["order"] or _file(r)} for r in rows]
    return _list(short, CASES, width)


def _file(row: Row) -> str:
    return str(row["file"]).rsplit("/", 1)[-1]


def _case(record: Row, width: int) -> RenderableType:
    return case_sheet(record)


def _why(rows: list[Row], width: int) -> RenderableType:
    made = _grid()
    for row in rows:
        made.add_row(Text(row["at"], style="dim"), Text(row["what"]))
    return made


def _vendors(rows: list[Row], width: int) -> RenderableType:
    return _list(rows, VENDORS, width) if len(rows) > 1 else _any(rows[0], width)


def _contracts(rows: list[Row], width: int) -> RenderableType:
    if len(rows) > 1:
        return _list(rows, CONTRACTS, width)
    terms = _any({k: v for k, v in rows[0].items() if k != "prices"}, width)
    prices = [{"price_base_quantity": "1"} | p | {"terms": _terms(p)} for p in rows[0].get("prices", ())]
    return Group(terms, "", _list(prices, PRICES, width)) if prices else terms


def _terms(price: Row) -> str:
    """What holds for an agreed item besides its price: `from 500: 3.90, multiple 50`."""
    said = [f"from {t['from_quantity']}: {t['price']}" for t in price.get("tiers", ())]
    said += [f"{k} {price[k]}" for k in ("minimum", "multiple", "maximum") if k in price]
    said += [f"{price['discount_percent']} % off"] if "discount_percent" in price else []
    said += [f"1 {unit} = {count} {price['unit']}" for unit, count in price.get("units", {}).items()]
    return ", ".join([*said, *(f"{w} {price[k]}" for w, k in (("from", "valid_from"), ("until", "valid_to")) if k in price)])


def _clauses(rows: list[Row], width: int) -> RenderableType:
    made = _grid()
    for row in rows:
        place = " ".join(str(row[k]) for k in ("number", "heading") if k in row) + (f" (page {row['page']})" if "page" in row else "")
        made.add_row(Text(place, style="dim"), Text(row["text"]))
    return made


def _spend(rows: list[Row], width: int) -> RenderableType:
    return _list(rows, (*(c for c in SPEND if c.name in rows[0]), *SUMS), width)


def _policy(found: list[Row] | Row, width: int) -> RenderableType:
    if not isinstance(found, list) or "name" not in found[0]:
        return _any(found, width)
    rules = [{"name": r["name"], "when": when(r.get("when", {})), "who": who_signs(r)} for r in found]
    return _list(rules, POLICY, width, fold=True)


def when(conditions: Row) -> str:
    """When a rule holds, in words; `conditions` are those of a policy's rule that are set."""
    said = []
    for name, value in conditions.items():
        if name in ("amount_above", "amount_up_to"):
            said.append(f"{'above' if name == 'amount_above' else 'up to'} {Decimal(value):,f}")
        elif name == "no_contract":
            said.append("no contract" if value else "under a contract")
        else:
            said.append(f"{NAMED[name]} {' or '.join(value)}")
    return ", ".join(said) or "every order"


NAMED = {"categories": "category", "cost_centers": "cost centre", "vendors": "vendor", "currencies": "currency", "findings": "finding"}


def who_signs(rule: Row) -> str:
    """Who signs by a rule, step after step."""
    return "nobody" if rule.get("nobody") else ", then ".join(map(_step, rule["steps"]))


def _step(step: Row) -> str:
    for joint, several in (("and", step.get("all_of")), ("or", step.get("any_of"))):
        if several:
            return f" {joint} ".join(map(_step, several))
    return "managers, up to the limit that covers it" if step.get("management") else str(step.get("role") or step.get("person"))


def _any(value: Any, width: int) -> RenderableType:
    """Whatever it is: rows as a list, names and values one below the other."""
    if isinstance(value, list) and isinstance(value[0], dict):
        return _list(value, [Column(name) for name in dict.fromkeys(k for row in value for k in row)], width, fold=True)
    if not isinstance(value, dict):
        return Text(str(value))
    made = _grid()
    for name, inner in value.items():
        if inner not in (None, "", [], {}):
            made.add_row(Text(str(name).replace("_", " "), style="dim"), Text(words(inner)))
    return made


def words(value: Any) -> str:
    """A value of several parts, a line for each that has a name."""
    if isinstance(value, dict):
        return "\n".join(f"{k}: {words(v)}" for k, v in value.items() if v not in (None, "", [], {}))
    return ", ".join(map(words, value)) if isinstance(value, list) else str(value)


def _grid() -> Table:
    return Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))


def _list(rows: Sequence[Row], columns: Sequence[Column], width: int, fold: bool = False) -> Table:
    """A line a row, or with `fold` as many as it takes. Where there is no room for all columns, the widest give way."""
    fitting = [c for c in columns if width >= c.since and any(r.get(c.name) for r in rows)]
    heads = [HEADS.get(c.name, c.name.replace("_", " ").removesuffix(" id")) for c in fitting]
    cells = [[_cell(r.get(c.name)) for c in fitting] for r in rows]
    wide = [min(c.most, max(cell_len(heads[i]), *(row[i].cell_len for row in cells))) for i, c in enumerate(fitting)]
    while sum(wide) + GAP * len(wide) > max(width, 10 * len(wide)):
        wide[wide.index(max(wide))] -= 1
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    for column, head, cells_wide in zip(fitting, heads, wide, strict=True):
        made.add_column(
            head, width=cells_wide, justify="right" if column.right else "left", no_wrap=not fold, overflow="fold" if fold else "ellipsis"
        )
    for row in cells:
        made.add_row(*row)
    return made


def _cell(value: Any) -> Text:
    if isinstance(value, Text):
        return value
    return Text(" ".join(words("" if value is None else value).split()))


EMPTY = {"waiting": "Nothing waits for you."}
VIEWS: dict[str, Callable[[Any, int], RenderableType]] = {
    "waiting": _waiting, "cases": _cases, "case": _case, "why": _why, "vendors": _vendors, "contracts": _contracts,
    "clauses": _clauses, "spend": _spend, "policy": _policy,
}  # fmt: skip
