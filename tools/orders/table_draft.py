"""One order out of its rows and fields: values converted, each with the cell it was read from.

A value that cannot be converted, or could mean two things, stays `None` and leaves a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from signoff.domain.reading import DraftOrder, Evidence, Lane, Notice, Region
from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.columns import Table
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.labels import is_label, split_label, title_kind
from signoff.tools.orders.table_form import DATES, FormField, fits
from signoff.tools.orders.table_line import put_date, put_line
from signoff.tools.orders.table_rows import SUMS
from signoff.tools.orders.table_totals import put_totals
from signoff.tools.orders.values import currency

# Repeated on each row and different from row to row, these concern the line, not the order.
_OF_LINES = (
    "/ship_to/name",
    "/ship_to/id",
    "/cost_center",
    "/requester",
    "/customer_reference",
    "/quotation_reference",
    "/contract_reference",
)
_MOST_NOTES = 50


@dataclass(slots=True)
class Bundle:
    """What belongs to one order: header rows, line rows with their continuations, fields around the tables, and the sheets."""

    title: str = "order"
    number: str | None = None
    headers: list[tuple[Table, int]] = field(default_factory=list)
    rows: list[tuple[Table, int]] = field(default_factory=list)
    more: dict[int, list[tuple[Table, int]]] = field(default_factory=dict)
    fields: list[tuple[Grid, FormField]] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    alone: bool = True
    printed: int = 0

    @property
    def tables(self) -> list[Table]:
        return list({(id(t.grid), t.top): t for t, _ in self.rows}.values())


def draft_order(format: str, bundle: Bundle, notices: Iterable[Notice]) -> DraftOrder:
    """The draft of one order, with the notices of its document."""
    draft = Draft(format, Lane.TABULAR)
    draft.notices.extend(notices)
    for index, (table, row) in enumerate(bundle.rows):
        put_line(draft, f"/lines/{index}", table, row, bundle.more.get(index, ()))
    figures = list(bundle.fields)
    for table, row in bundle.headers:
        figures += _header_row(draft, table, row)
    _repeated(draft, bundle)
    for grid, found in bundle.fields:
        if found.pointer not in SUMS and found.pointer not in ("charge", "allowance"):
            put_field(draft, grid, found.pointer, found.text, found.place)
    put_totals(draft, figures)
    _currency(draft, bundle)
    _buyer(draft, bundle)
    if bundle.title in ("change", "cancellation"):
        draft.put("/order_type", bundle.title)
        draft.put("/order_reference", draft.tree.get("order_number"), draft.evidence.get("/order_number"))
    draft.controls["printed_rows"] = bundle.printed
    return draft.done()


def put_field(draft: Draft, grid: Grid, pointer: str, text: str, place: Place) -> None:
    """A field of the whole order, converted to its kind."""
    folded = " ".join(text.split())[:4000]
    if pointer in DATES:
        put_date(draft, pointer, grid, place, folded, Region.HEADER)
    elif pointer == "/currency":
        draft.put(pointer, currency(text), grid.evidence(place, Region.HEADER, folded))
    elif pointer == "/notes":
        count = len(draft.tree.get("notes", []))
        if count < _MOST_NOTES and folded not in draft.tree.get("notes", []):
            draft.put(f"/notes/{count}", folded, grid.evidence(place, Region.NOTE, folded))
    elif pointer.endswith("/name"):
        first = next((" ".join(line.split()).strip(" ,;") for line in text.split("\n") if line.strip(" ,;")), "")
        draft.put(pointer, first[:4000] or None, grid.evidence(place, Region.HEADER, first or folded))
    else:
        draft.put(pointer, folded or None, grid.evidence(place, Region.HEADER, folded))


def _header_row(draft: Draft, table: Table, row: int) -> Iterator[tuple[Grid, FormField]]:
    """Put the fields of a row that describes a whole order; its figures are left to the totals."""
    sums = {"line_amount": "/payable_amount", "tax_amount": "/tax_total"}
    for role in table.columns:
        place = table.place(row, role)
        pointer = f"/{role}" if role in ("requested_delivery_date", "contract_reference") else role
        if place and role in sums:
            yield table.grid, FormField(sums[role], table.grid.text(place), place, table.heading(place[1]))
        elif place and pointer.startswith("/") and fits(table.grid, pointer, table.grid.text(place)):
            put_field(draft, table.grid, pointer, table.grid.text(place), place)


def _repeated(draft: Draft, bundle: Bundle) -> None:
    """Fields of the order that stand in columns of the table of lines: put once, where all rows agree."""
    roles = dict.fromkeys(role for t in bundle.tables for role in t.columns)
    for role in (r for r in roles if r.startswith("/") or r in ("requested_delivery_date", "contract_reference")):
        pointer = role if role.startswith("/") else f"/{role}"
        cells = [(t.grid, p) for t, r in bundle.rows if (p := t.place(r, role))]
        texts = dict.fromkeys(" ".join(g.text(p).split()) for g, p in cells)
        if pointer == "/notes" or len(texts) == 1:
            for grid, place in {g.text(p): (g, p) for g, p in reversed(cells)}.values():
                _if_fits(draft, grid, pointer, place)
        elif len(texts) > 1 and role.startswith("/") and role not in _OF_LINES:
            shown = ", ".join(repr(t[:60]) for t in list(texts)[:3])
            draft.notice("readings_disagree", pointer, f"The rows of one order say different things: {shown}.")


def _if_fits(draft: Draft, grid: Grid, pointer: str, place: Place) -> None:
    text = grid.text(place)
    if pointer == "/requested_delivery_date" and grid.date(place) is None:
        return  # each line has said so already
    if fits(grid, pointer, text) or pointer.endswith(("/id", "/order_number")):
        put_field(draft, grid, pointer, text, place)


def _currency(draft: Draft, bundle: Bundle) -> None:
    """The currency, where no field states it: printed in headings, beside amounts, in labels of totals, or by number formats."""
    if "currency" in draft.tree:
        return
    found: dict[str, Evidence] = {}
    for table, row in bundle.rows:
        for column in (c for role in ("unit_price", "line_amount") for c in table.columns.get(role, ())[:1]):
            for place in ((table.first - 1, column), (table.top, column), (row, column)):
                code = currency(table.grid.text(place))
                if code:
                    found.setdefault(code, table.grid.evidence(place, Region.TABLE))
    for grid, total in bundle.fields:
        code = (currency(total.label) or currency(total.text)) if total.pointer in SUMS else None
        if code:
            found.setdefault(code, grid.evidence(total.place, Region.TOTALS, f"{total.label} {total.text}"))
    for grid in bundle.grids:
        if grid.sheet.currency and not found:
            found[grid.sheet.currency] = Evidence(text=grid.sheet.currency, where=f"{grid.sheet.name}, number formats")
    if len(found) == 1:
        draft.put("/currency", *found.popitem())
    elif found:
        draft.notice("readings_disagree", "/currency", f"The document prints amounts in {' and '.join(sorted(found))}.")


def _buyer(draft: Draft, bundle: Bundle) -> None:
    """The buyer where none is labelled: whom the invoice goes to, else the letterhead, for buyers issue orders."""
    tree = draft.tree
    if tree.get("buyer"):
        return
    billed = tree.get("invoice_to", {}).get("name")
    if billed:
        draft.put("/buyer/name", billed, draft.evidence.get("/invoice_to/name"))
        return
    for grid in bundle.grids[:1]:
        place = _letterhead(grid, {f.place for g, f in bundle.fields if g is grid}) if bundle.alone else None
        if place and grid.text(place).lower() != str(tree.get("supplier", {}).get("name")).lower():
            put_field(draft, grid, "/buyer/name", grid.text(place), place)


def _letterhead(grid: Grid, known_values: set[Place]) -> Place | None:
    """The first cell of a sheet that is titled an order, when it is a name: words, and neither title, label nor sentence."""
    places = [(r, c) for r in range(min(grid.height, 6)) for c in grid.filled(r)]
    titled = any(title_kind(grid.text(p)) in ("order", "change", "cancellation") for p in places)
    named = next((p for p in places if title_kind(grid.text(p)) is None), None)
    if named in known_values:
        return None
    text = grid.text(named) if named else ""
    known = is_label(text.split("\n")[0]) or split_label(text) is not None
    coded = len(text.split()) == 1 and any(c.isdigit() for c in text)
    fitting = (
        named
        and grid.wordy(named)
        and not known
        and not coded
        and len(text.split("\n")[0].split()) <= 6
        and not text.rstrip().endswith((".", ":"))
    )
    return named if titled and fitting else None
