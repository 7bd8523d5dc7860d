"""One order out of its rows and fields: values converted, each with the cell it was read from.

A value that cannot be converted, or could mean two things, stays `None` and leaves a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from signoff.domain.reading import DraftOrder, Evidence, Lane, Notice, Region, Witness
from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.column_roles import SUMS
from signoff.tools.orders.columns import Table
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.labels import header_field
from signoff.tools.orders.layout_dates import american_texts
from signoff.tools.orders.table_form import DATES, FormField, fits
from signoff.tools.orders.table_line import put_date, put_line
from signoff.tools.orders.table_parties import numbered, party_name, put_parties
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
_WITNESSED = ("/order_number", "/supplier/name", "/buyer/name")
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
    figures += _order_totals(bundle)
    _repeated(draft, bundle)
    for grid, found in bundle.fields:
        if found.pointer not in SUMS and found.pointer not in ("charge", "allowance"):
            put_field(draft, grid, found)
    _witnesses(draft, bundle)
    put_totals(draft, figures)
    _currency(draft, bundle)
    put_parties(draft, bundle.grids, {f.place for _, f in bundle.fields}, min((t.top for t in bundle.tables), default=0))
    if bundle.title in ("change", "cancellation"):
        draft.put("/order_type", bundle.title)
        draft.put("/order_reference", draft.tree.get("order_number"), draft.evidence.get("/order_number"))
    draft.controls["printed_rows"] = bundle.printed
    if any(t.bare for t in bundle.tables):
        draft.notice(
            "field_missing", "/lines", "The table has no headings; what its columns hold was told by their contents and arithmetic."
        )
    return draft.done()


def put_field(draft: Draft, grid: Grid, found: FormField) -> None:
    """A field of the whole order, converted to its kind. The same value at a second place bears witness to the first."""
    pointer, place = found.pointer, found.place
    folded = " ".join(found.text.split())[:4000]
    said = grid.evidence(place, Region.NOTE if pointer == "/notes" else Region.HEADER, folded, found.label)
    if pointer in DATES:
        put_date(draft, pointer, grid, place, folded, said)
    elif pointer == "/currency":
        draft.put(pointer, currency(found.text), said)
    elif pointer == "/notes":
        count = len(draft.tree.get("notes", []))
        if count < _MOST_NOTES and folded not in draft.tree.get("notes", []):
            draft.put(f"/notes/{count}", folded, said)
    elif pointer.endswith("/name"):
        _put_name(draft, pointer, found.text, said)
    else:
        draft.put(pointer, folded or None, said)


def _put_name(draft: Draft, pointer: str, text: str, said: Evidence) -> None:
    """A party's name, without the number before it and the address behind it."""
    first = next((" ".join(line.split()).strip(" ,;") for line in text.split("\n") if line.strip(" ,;")), "")
    number, name = numbered(first)
    if number:
        draft.put(pointer.replace("/name", "/id"), number, replace(said, text=first))
    draft.put(pointer, party_name(name)[:4000] or None, replace(said, text=first or said.text))


def _header_row(draft: Draft, table: Table, row: int) -> Iterator[tuple[Grid, FormField]]:
    """Put the fields of a row that describes a whole order; its figures are left to the totals."""
    sums = {"line_amount": "/payable_amount", "tax_amount": "/tax_total"}
    for role in table.columns:
        place = table.place(row, role)
        pointer = f"/{role}" if role in ("requested_delivery_date", "contract_reference") else role
        if place and role in sums:
            yield table.grid, _in_column(table, sums[role], place)
        elif place and pointer.startswith("/") and fits(table.grid, pointer, table.grid.text(place)):
            put_field(draft, table.grid, _in_column(table, pointer, place))


def _in_column(table: Table, pointer: str, place: Place) -> FormField:
    return FormField(pointer, table.grid.text(place), place, table.heading(place[1]))


def _repeated(draft: Draft, bundle: Bundle) -> None:
    """Fields of the order that stand in columns of the table of lines: put once, where all rows agree."""
    roles = dict.fromkeys(role for t in bundle.tables for role in t.columns)
    for role in (r for r in roles if r.startswith("/") or r in ("requested_delivery_date", "contract_reference")):
        pointer = role if role.startswith("/") else f"/{role}"
        cells = [(t, p) for t, r in bundle.rows if (p := t.place(r, role))]
        texts = dict.fromkeys(" ".join(t.grid.text(p).split()) for t, p in cells)
        if pointer == "/notes" or len(texts) == 1:
            for table, place in {t.grid.text(p): (t, p) for t, p in reversed(cells)}.values():
                _if_fits(draft, table, pointer, place)
            if len({p for _, p in cells}) > 1 and pointer in _WITNESSED and pointer in draft.evidence:
                draft.witness(pointer, Witness.REPEATED)
        elif len(texts) > 1 and role.startswith("/") and role not in _OF_LINES:
            shown = ", ".join(repr(t[:60]) for t in list(texts)[:3])
            draft.notice("readings_disagree", pointer, f"The rows of one order say different things: {shown}.")


def _order_totals(bundle: Bundle) -> Iterator[tuple[Grid, FormField]]:
    """The total that an export repeats on each row of an order, in a column beside that of the lines' amounts."""
    for column in {c for t in bundle.tables for c in t.columns.get("line_amount", ())[1:]}:
        table, row = bundle.rows[0]
        pointer = header_field(table.heading(column))
        texts = {t.grid.text((r, column)) for t, r in bundle.rows}
        if pointer in SUMS and len(texts) == 1 and "" not in texts and len(bundle.tables) == 1:
            yield table.grid, _in_column(table, pointer, (row, column))


def _if_fits(draft: Draft, table: Table, pointer: str, place: Place) -> None:
    grid, text = table.grid, table.grid.text(place)
    if pointer == "/requested_delivery_date" and grid.date(place) is None:
        return  # each line has said so already
    if fits(grid, pointer, text) or pointer.endswith(("/id", "/order_number")):
        put_field(draft, grid, _in_column(table, pointer, place))


def _witnesses(draft: Draft, bundle: Bundle) -> None:
    """What is said twice: by another labelled cell, or by the name of the sheet."""
    for pointer in _WITNESSED:
        said = draft.evidence.get(pointer)
        places = {(id(g), f.place) for g, f in bundle.fields if said and f.pointer == pointer and f.text.split() == said.text.split()}
        named = (
            said is not None
            and draft.format != "csv"
            and pointer == "/order_number"
            and any(said.text in g.sheet.name for g in bundle.grids)
        )
        if len(places) > 1 or named:
            draft.witness(pointer, Witness.REPEATED)


def _currency(draft: Draft, bundle: Bundle) -> None:
    """The currency, where no field states it: printed in headings, beside amounts, in labels of totals, or by number formats."""
    if "currency" in draft.tree:
        return
    found: dict[str, Evidence] = {}
    for table, row in bundle.rows:
        for column in (c for role in ("unit_price", "line_amount") for c in table.columns.get(role, ())[:1]):
            for place in ((table.first - 1, column), (table.top, column), (row, column)):
                code = _money(table.grid.text(place))
                if code:
                    found.setdefault(code, table.grid.evidence(place, Region.TABLE))
    for grid, total in bundle.fields:
        code = (_money(total.label) or _money(total.text)) if total.pointer in SUMS else None
        if code:
            found.setdefault(code, grid.evidence(total.place, Region.TOTALS, f"{total.label} {total.text}"))
    for grid in bundle.grids:
        if grid.sheet.currency and not found:
            found[grid.sheet.currency] = Evidence(text=grid.sheet.currency, where=f"{grid.sheet.name}, number formats")
    dollars = found.pop("$", None)
    if dollars and not found and any(american_texts(g.words) for g in bundle.grids):
        found["USD"] = dollars
    if len(found) == 1:
        draft.put("/currency", *found.popitem())
    elif found:
        draft.notice("readings_disagree", "/currency", f"The document prints amounts in {' and '.join(sorted(found))}.")


def _money(text: str) -> str | None:
    """The currency that a text names, `$` where it names a dollar of no country."""
    return currency(text) or ("$" if "$" in text else None)
