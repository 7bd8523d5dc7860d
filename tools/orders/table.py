"""Tables -> orders: spreadsheets and delimited text, as forms with a table of lines, as flat exports, or as both joined.

A sheet may be a form (labels, then lines, then totals), a flat table whose rows repeat order number and supplier (one order
for each number), or part of a workbook that keeps headers and lines apart, joined by the order number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from signoff.domain.reading import Part, SetAside, Unread
from signoff.tools.documents.document import Document
from signoff.tools.orders.cells import Grid, Habits, habits
from signoff.tools.orders.column_roles import ITEM_IDS
from signoff.tools.orders.columns import Table, agreement, find_tables
from signoff.tools.orders.table_draft import Bundle, draft_order
from signoff.tools.orders.table_form import FormField, form_fields
from signoff.tools.orders.table_kind import look_alike, titles
from signoff.tools.orders.table_records import head_fields
from signoff.tools.orders.table_rows import Row, classified, printed_rows

FORMAT = "table"

_FORMATS = ("xlsx", "xlsb", "xls", "ods", "csv")
# What the head of a sheet may say for all its orders, and what tells two orders apart that have no numbers.
_COMMON = ("/buyer", "/invoice_to", "/ship_to", "/currency", "/payment_terms", "/delivery_terms")
_PARTIES = ("/supplier/id", "/supplier/name", "/buyer/id", "/buyer/name")


def matches(document: Document) -> bool:
    """Whether the document was opened as a table."""
    return document.format in _FORMATS


def read(document: Document) -> list[Part]:
    """One draft for each order; a single `SetAside` when no sheet holds one."""
    pages = _pages(document)
    bundles = _bundles(pages)
    if not any(b.rows for b in bundles):
        return [_set_aside(document, pages)]
    return [_part(document, b) for b in bundles if b.rows or (b.number and b.printed)]


def _part(document: Document, bundle: Bundle) -> Part:
    if bundle.rows:
        return draft_order(document.format, bundle, document.notices)
    return Unread(
        format=document.format, reason=f"None of the {bundle.printed} rows of order {bundle.number!r} can be read as an order line."
    )


@dataclass(slots=True)
class _Page:
    """A sheet that people see: its tables, the fields around them, and why it is no order, if so."""

    grid: Grid
    tables: list[Table]
    rows: list[dict[int, Row]]
    fields: list[FormField]
    kind: tuple[str, str] | None
    title: str = "order"
    headed: list[tuple[str, Table, int]] = field(default_factory=list)
    starts: list[tuple[int, str]] = field(default_factory=list)

    def number(self, row: int) -> str | None:
        """The order number that stands above a row, or the sheet's first."""
        at = bisect_right([start for start, _ in self.starts], row)
        return self.starts[max(at - 1, 0)][1] if self.starts else None

    def common(self, row: int) -> bool:
        """Whether a row stands above all orders of the sheet."""
        return not self.starts or row < self.starts[0][0]


def _pages(document: Document) -> list[_Page]:
    shown = [s for s in document.sheets if not s.hidden and any(c is not None for row in s.rows for c in row)]
    said = habits(shown)
    if said.mark is None:
        said = _proved(document, said)
    return [_page(Grid(sheet, said)) for sheet in shown]


def _proved(document: Document, said: Habits) -> Habits:
    """The habits with the decimal mark under which quantity x price = amount holds, when the texts alone leave it open."""
    scores = {}
    for mark in (".", ","):
        grids = [Grid(s, Habits(mark, said.order)) for s in document.sheets if not s.hidden]
        scores[mark] = sum(agreement(t) for g in grids for t in find_tables(g) if t.has_lines)
    if scores["."] == scores[","]:
        return said
    return Habits("." if scores["."] > scores[","] else ",", said.order)


def _page(grid: Grid) -> _Page:
    found = find_tables(grid)
    tables = [t for t in found if not _restates(t, found)]
    rows = [classified(t) if t.has_lines else {} for t in tables]
    taken = {r for t in tables for r in range(t.top, t.first)}
    taken |= {r for table_rows in rows for r, kind in table_rows.items() if kind in (Row.LINE, Row.MORE)}
    taken |= {r for t in found if not t.has_lines or t not in tables for r in range(t.top, t.end)}
    marked = next((t.records for t in tables if t.records), None)
    fields = (
        list(form_fields(grid, taken)) if marked is None else [f for r in marked.heads for f in head_fields(grid, r, marked.head_title)]
    )
    stated = {f.pointer for f in fields} | {role for t in tables for role in t.columns}
    stated |= {"lines" for own in rows if Row.LINE in own.values()}
    page = _Page(grid, tables, rows, fields, look_alike(grid, tables, taken, stated))
    page.starts = starts(fields, [r for own in rows for r, kind in own.items() if kind is not Row.OTHER])
    page.title = next((kind for kind, _ in titles(grid, taken)), "order")
    page.headed = [
        (grid.text(place), t, r)
        for t in tables
        if not t.has_lines
        for r in range(t.first, t.end)
        if (place := t.place(r, "/order_number")) and len(grid.filled(r)) > 1
    ]
    return page


def _restates(table: Table, tables: Sequence[Table]) -> bool:
    """Whether a table without prices only says more of items that a table with prices orders, as a schedule of deliveries does."""
    priced = [t for t in tables if t is not table and t.has_lines and _items(t) and {"unit_price", "line_amount"} & set(t.columns)]
    return not {"unit_price", "line_amount"} & set(table.columns) and any(_items(table) <= _items(t) for t in priced)


def _items(table: Table) -> set[str]:
    places = (
        next(filter(None, (table.place(row, role) for role in (*ITEM_IDS, "description"))), None) for row in range(table.first, table.end)
    )
    return {table.grid.text(p) for p in places if p}


def _bundles(pages: Sequence[_Page]) -> list[Bundle]:
    """The orders of a workbook, in the order in which they appear; rows and headers with one number belong together."""
    found: dict[tuple[str, ...], Bundle] = {}
    for page in pages:
        own: list[Bundle] = []
        for number, table, row in page.headed:
            found.setdefault(("no", number), Bundle(page.title, number)).headers.append((table, row))
        if page.kind is None:
            for table, rows in zip(page.tables, page.rows, strict=True):
                own += _gather(page, table, rows, found)
        _give_fields(page, list({id(b): b for b in own}.values()))
    return list(found.values())


def _gather(page: _Page, table: Table, rows: dict[int, Row], found: dict[tuple[str, ...], Bundle]) -> list[Bundle]:
    """Put each line of a table into its order. A row without a number of its own belongs to the order above it."""
    touched: list[Bundle] = []
    printed = set(printed_rows(table))
    last: dict[str, str] = {}
    for row in sorted({*rows, *printed}):
        kind = rows.get(row)
        if kind is Row.MORE and touched:
            touched[-1].more.setdefault(len(touched[-1].rows) - 1, []).append((table, row))
        elif kind is Row.LINE or row in printed:
            last |= {role: table.grid.text(place) for role in ("/order_number", *_PARTIES) if (place := table.place(row, role))}
            key = _key(page, last, row)
            bundle = found.setdefault(key, Bundle(page.title, key[1] if key[0] == "no" else None))
            views = table.in_sizes(row)
            bundle.printed += len(views) * (row in printed)
            if kind is Row.LINE:
                bundle.rows += [(view, row) for view in views]
                touched.append(bundle)
    return touched


def _key(page: _Page, last: dict[str, str], row: int) -> tuple[str, ...]:
    number = last.get("/order_number") or page.number(row)
    if number:
        return ("no", number)
    if len({number for number, _, _ in page.headed}) == 1:
        return ("no", page.headed[0][0])
    return ("sheet", page.grid.sheet.name, *(last.get(role, "") for role in _PARTIES))


def starts(fields: Sequence[FormField], rows: Sequence[int]) -> list[tuple[int, str]]:
    """Where the orders of a sheet begin, with their numbers: each number that is not the one before and has lines between."""
    found: list[tuple[int, str]] = []
    lines = sorted(rows)
    for row, number in ((f.place[0], f.text) for f in fields if f.pointer == "/order_number"):
        above = bisect_right(lines, row)
        begins = lines[above - 1] + 1 if above else 0
        if not found or (number != found[-1][1] and begins > found[-1][0] and bisect_right(lines, found[-1][0]) < above):
            found.append((begins if found else row, number))
    return found


def _give_fields(page: _Page, own: Sequence[Bundle]) -> None:
    """The fields around the tables: all to a sheet's only order; to several those of their own part, and what may be common to them."""
    for bundle in own:
        mine = [f for f in page.fields if _belongs(page, f, bundle, alone=len(own) == 1)]
        stated = {f.pointer for f in mine}
        shared = [f for f in page.fields if len(page.starts) > 1 and page.common(f.place[0]) and f.pointer.startswith(_COMMON)]
        bundle.fields += [(page.grid, f) for f in [*mine, *(f for f in shared if f.pointer not in stated)]]
        bundle.grids.append(page.grid)


def _belongs(page: _Page, found: FormField, bundle: Bundle, alone: bool) -> bool:
    if len(page.starts) > 1:
        return page.number(found.place[0]) == bundle.number
    return alone or not _single(found.pointer)


def _single(pointer: str) -> bool:
    """Whether a field can belong to one order only."""
    return pointer in (
        "/order_number",
        "/line_total",
        "/tax_total",
        "/payable_amount",
        "charge",
        "allowance",
        "/notes",
        "/quotation_reference",
    )


def _set_aside(document: Document, pages: Sequence[_Page]) -> SetAside:
    """The most telling reason of all sheets."""
    kinds = [p.kind for p in pages if p.kind]
    if any(p.headed for p in pages) and all(kind == "other" for kind, _ in kinds):
        return SetAside(
            format=document.format, kind="order register", reason="The table lists orders with their totals but no order lines."
        )
    kind, reason = next((k for k in kinds if k[0] != "other"), kinds[0] if kinds else ("other", "Every sheet is hidden or empty."))
    return SetAside(format=document.format, kind=kind, reason=reason)
