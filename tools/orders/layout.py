"""Laid-out text as an order: PDF with a text layer, HTML, Word, plain text, whatever comes as pages of words.

Read by rule: what kind of paper it is, the line table, the labelled values, the parties, the totals. Numbers and dates are read the
way the document as a whole proves; a value that could be two things stays empty and leaves a notice. UBL 2.x names (domain.order).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from babel.numbers import get_currency_precision
from pydantic import ValidationError

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Lane, Part, Region, SetAside, Unread
from signoff.tools.documents.document import Document
from signoff.tools.orders.draft import Draft, plain
from signoff.tools.orders.layout_cells import Line, lines_of
from signoff.tools.orders.layout_header import Found, charges, found, label_of, names_order, titled
from signoff.tools.orders.layout_kind import ORDERS, kind_of, paper
from signoff.tools.orders.layout_lines import Item, items, triples
from signoff.tools.orders.layout_parties import parties
from signoff.tools.orders.layout_prose import asks, first_pages, is_code, is_contract, is_prose, judged
from signoff.tools.orders.layout_table import TOTALS, Column, Table, figure, tables
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.values import Mark, currency, date_order, decimal_mark

FORMAT = "layout"
TYPED = frozenset({"txt", "html"})
"""Formats in which people write an order without a title, as they do in a mail."""
MAX_LINES = 5000
"""More are refused: an order that is cut off would look whole."""
NO_ORDER = "It is a text without an order: it has no line table, and asks for no quantity of anything."

_US_ZIP = re.compile(r"\b[A-Z]{2}\.?,? +\d{5}(?:-\d{4})?\b")
_ATTACHED = re.compile(
    r"\b(?:attach\w*|enclos\w*|anbei|anhang|anhänge|beigefügt\w*|angehängt\w*|beiliegend\w*"
    r"|ci-joint\w*|pièces? jointes?|adjunt\w*|allegat\w*|bijgaand|bijlage|vedhæft\w*|vedlagt|bifog\w*)\b",
    re.IGNORECASE,
)


def matches(document: Document) -> bool:
    """Whether the document is pages of words and no XML says the same more surely."""
    return bool(document.pages) and document.xml is None and not document.sheets


def read(document: Document) -> list[Part]:
    """The orders of the document, or why it is none; a long text is judged by its first pages."""
    first = first_pages(document.pages)
    judged_lines = lines_of(first)
    aside = _text(document, judged_lines)
    if aside is not None:
        return [aside]
    whole = all(a is b for a, b in zip(first, document.pages, strict=False))
    lines = [*judged_lines, *lines_of(document.pages[len(first) :])] if whole else lines_of(document.pages)
    if len(lines) > MAX_LINES:
        raise Unreadable(f"{document.name} has more than {MAX_LINES:,} lines of text; split it, or ask for a spreadsheet or an EDI file.")
    return [_part(document, own) for own in _orders(lines)]


def _text(document: Document, lines: list[Line]) -> SetAside | None:
    """Why the document is a text and no order, where its first pages say so without a look at its tables."""
    kind, _ = kind_of(lines)
    texts = judged(lines)
    if document.format in TYPED and is_code(texts):
        return SetAside(format=document.format, kind="text", reason=NO_ORDER)
    if kind in (None, *ORDERS) and not names_order(lines):
        if is_contract(texts):
            return SetAside(format=document.format, kind="contract", reason="It is a contract or agreement, not an order.")
        if is_prose(texts):
            return SetAside(format=document.format, kind="text", reason=NO_ORDER)
    return None


def _orders(lines: list[Line]) -> list[list[Line]]:
    """The lines of each order: a page that is titled as an order and names another number begins the next."""
    groups: list[list[Line]] = []
    current: str | None = None
    for _, page in groupby(lines, key=lambda line: line.page):
        own = list(page)
        number = _own_number(own)
        if not groups or (number and current and number != current):
            groups.append([])
        groups[-1] += own
        current = number or current
    return groups


def _own_number(lines: list[Line]) -> str | None:
    if not any(paper(c.text) in ORDERS for line in lines[:25] for c in line.cells):
        return None
    numbers = [f for f in (*found(lines, set(), Style(None, None), len(lines)), *titled(lines)) if f.pointer == "/order_number"]
    best = max(numbers, key=lambda f: f.strength, default=None)
    return str(best.value) if best and best.strength >= 0.7 else None


def _part(document: Document, lines: list[Line]) -> Part:
    kind, words = kind_of(lines)
    if kind is not None and kind not in ORDERS:
        return SetAside(format=document.format, kind=kind, reason=f"It is titled {words[:80]!r}, which is not an order.")
    grids = tables(lines)
    style = _style(lines, grids)
    table, found_items = _best(grids, style)
    taken = set(table.taken) if table else set()
    if not any(i.proved for i in found_items):
        loose = list(triples(lines, taken, style))
        if loose:
            table, found_items, taken = None, [item for _, item in loose], {index for index, _ in loose}
    if not found_items and not _asks(lines, kind):
        return SetAside(format=document.format, kind="text", reason=NO_ORDER)
    if kind is None and (document.format not in TYPED or not _asks(lines, kind)):
        return SetAside(format=document.format, kind="other", reason="It has a table of items, but nothing says that it is an order.")
    return _draft(document, kind or "order", Content(lines, style, table, found_items, taken))


@dataclass(frozen=True, slots=True)
class Content:
    """What was read from an order's pages: its lines of text, the line table, its items, and which lines of text they take up."""

    lines: list[Line]
    style: Style
    table: Table | None
    items: list[Item]
    taken: set[int]


def _asks(lines: list[Line], kind: str | None) -> bool:
    """Whether text without a line table is an order: it names one and is no covering letter, or asks for quantities in words."""
    texts = judged(lines)
    sent_along = any(_ATTACHED.search(text) for text in texts)
    if kind is None or not names_order(lines):
        return not sent_along and asks(texts)
    titled = any(paper(c.text) in ORDERS for line in lines for c in line.cells)
    own = judged([line for line in lines if line.page == lines[0].page])  # the terms on the pages behind are no sign of a contract
    return not is_prose(own) and (not sent_along or len(lines) > 25 or (titled and len(lines) > 8))


def _style(lines: list[Line], grids: list[Table]) -> Style:
    """How the document writes numbers and dates, from what it proves as a whole."""
    cells = [c.text for line in lines for c in line.cells]
    figures = [c.text for t in grids for r in t.rows for c in r.cells.values()]
    mark = decimal_mark([*figures, *cells]) or _by_arithmetic(grids) or _by_currency(cells, figures)
    order = date_order([*cells, *(w.text for line in lines for w in line.words)])
    if order is None:
        text = "\n".join(line.text for line in lines)
        order = "mdy" if mark != "," and _US_ZIP.search(text) else "dmy" if mark == "," else None
    return Style(mark, order)


def _by_currency(cells: list[str], figures: list[str]) -> Mark | None:
    """`2.150` under a currency with three decimals (ISO 4217: KWD, BHD, OMR ...) is two and a bit; the amounts must all be printed so."""
    codes = {code for text in cells if len(text) < 40 and (code := currency(text))}
    printed = [m[1] for text in figures if (m := re.fullmatch(r"(?:\D{0,4})\d+([.,])\d{3}(?:\D{0,4})", text))]
    three = len(codes) == 1 and get_currency_precision(next(iter(codes))) == 3
    return ("." if printed[0] == "." else ",") if three and len(set(printed)) == 1 else None


def _by_arithmetic(grids: list[Table]) -> Mark | None:
    """The mark with which more rows add up; none when both or neither do."""
    marks: tuple[Mark, Mark] = (".", ",")
    point, comma = (sum(i.proved for t in grids for i in items(t, Style(m, None))) for m in marks)
    return None if point == comma else "." if point > comma else ","


def _best(grids: list[Table], style: Style) -> tuple[Table | None, list[Item]]:
    """The table with the most rows that add up, then with the most columns and rows: that is the order's."""
    read = [(t, items(t, style)) for t in grids]
    best = max(read, key=lambda r: (sum(i.proved for i in r[1]), _figured(r[1]), len(r[1])), default=None)
    return best if best is not None else (None, [])


def _figured(found_items: list[Item]) -> int:
    return max((sum(n in i.values for n in ("quantity", "unit_price", "line_amount", "description")) for i in found_items), default=0)


def _draft(document: Document, kind: str, content: Content) -> Part:
    draft = Draft(document.format, Lane.LAYOUT)
    draft.notices += list(document.notices)
    if kind != "order":
        draft.put("/order_type", kind)
    lines, taken, style = content.lines, content.taken, content.style
    top = min(taken, default=len(lines))
    labelled = [*found(lines, taken, style, top), *titled(lines)]
    values = [v for v in labelled if v.value is not None]
    _lines(draft, content.items)
    _delivery(draft, content.items, values)
    _fields(draft, [v for v in values if v.pointer not in TOTALS])
    parties(draft, lines, values, top)
    _charges(draft, lines, taken, style)
    _totals(draft, [v for v in values if v.pointer in TOTALS], content.items)
    _currency(draft, lines, content.table)
    _controls(draft, lines, content.table)
    _doubtful(draft, [v for v in labelled if v.value is None])
    if not content.items:
        draft.notice("rows_missing", "/lines", "No line of the order could be read for certain; enter the lines by hand.")
    try:
        return draft.done()
    except ValidationError as error:
        return Unread(format=document.format, reason=f"{document.name} holds a value that no order can have: {error.errors()[0]['msg']}.")


def _doubtful(draft: Draft, values: list[Found]) -> None:
    """A notice for each labelled value that can mean two things, where nothing else gave the field."""
    for value in values:
        parent, _, name = value.pointer[1:].rpartition("/")
        if name not in (draft.tree.get(parent, {}) if parent else draft.tree):
            message = f"{value.cell.text[:60]!r} can be read in two ways as {name.replace('_', ' ')}; enter it by hand."
            draft.notice("field_missing", value.pointer, message, text=value.cell.text[:200], page=value.cell.page)


def _lines(draft: Draft, found_items: list[Item]) -> None:
    for n, item in enumerate(found_items):
        for name, (value, cell) in item.values.items():
            shown = plain(value) if isinstance(value, Decimal) else value
            draft.put(f"/lines/{n}/{name}", shown, cell.evidence(Region.TABLE))
        for name, cell in item.unread.items():
            message = f"Line {n + 1}: {cell.text[:60]!r} cannot be read as {name.replace('_', ' ')} for certain; enter it by hand."
            draft.notice("field_missing", f"/lines/{n}/{name}", message, text=cell.text, page=cell.page)


def _fields(draft: Draft, values: list[Found]) -> None:
    """The best labelled value of each field; equally good ones that differ are none."""
    for pointer in dict.fromkeys(v.pointer for v in values):
        if pointer.split("/")[1] in ("supplier", "buyer", "ship_to", "invoice_to", "requester", "currency"):
            continue
        if pointer == "/notes":
            _notes(draft, [v for v in values if v.pointer == pointer])
            continue
        ranked = sorted((v for v in values if v.pointer == pointer), key=lambda v: -v.strength)
        rivals = {str(v.value) for v in ranked if v.strength >= ranked[0].strength - 0.01}
        if len(rivals) > 1 and pointer in ("/order_number", "/issue_date"):
            draft.notice("readings_disagree", pointer, f"The document gives {' and '.join(sorted(rivals))}; choose one by hand.")
            continue
        draft.put(pointer, ranked[0].value, ranked[0].cell.evidence(ranked[0].region))


def _delivery(draft: Draft, found_items: list[Item], values: list[Found]) -> None:
    """The one day on which every line is wanted is the order's, where the order names no other."""
    days = {i.values["requested_delivery_date"][0] if "requested_delivery_date" in i.values else None for i in found_items}
    if len(days) == 1 and None not in days and not any(v.pointer == "/requested_delivery_date" for v in values):
        value, cell = found_items[0].values["requested_delivery_date"]
        draft.put("/requested_delivery_date", value, cell.evidence(Region.TABLE))


def _notes(draft: Draft, values: list[Found]) -> None:
    for value in values[:20]:
        draft.put("/notes/0", str(value.value), value.cell.evidence(Region.NOTE))


def _charges(draft: Draft, lines: list[Line], taken: set[int], style: Style) -> None:
    after = max(taken, default=0)
    for n, (charge, amount, label, printed) in enumerate(charges(lines, taken, after + 1, style)):
        draft.put(f"/allowances_charges/{n}/charge", charge)
        draft.put(f"/allowances_charges/{n}/amount", plain(amount), printed.evidence(Region.TOTALS))
        draft.put(f"/allowances_charges/{n}/reason", label.text.rstrip(": "), label.evidence(Region.TOTALS))


def _totals(draft: Draft, values: list[Found], found_items: list[Item]) -> None:
    """Each total where it adds up with the lines, else where it stands last."""
    amounts = [i.figure("line_amount") for i in found_items]
    total = sum((a for a in amounts if a is not None), Decimal(0))
    tax = _total(draft, "/tax_total", [v for v in values if v.pointer == "/tax_total"], None)
    net = _total(draft, "/line_total", [v for v in values if v.pointer == "/line_total"], {total} if total else None)
    extra = sum(
        (Decimal(a["amount"]) * (1 if a["charge"] else -1) for a in draft.tree.get("allowances_charges", []) if "amount" in a), Decimal(0)
    )
    sums = {(net or total) + t + e for t in (tax or Decimal(0), Decimal(0)) for e in (extra, Decimal(0))}
    payable = [v for v in values if v.pointer == "/payable_amount"]
    if not payable and tax is None and not extra:  # the only total that is printed is what the order comes to
        payable = [v for v in values if v.pointer == "/line_total"]
    _total(draft, "/payable_amount", payable, sums)


def _total(draft: Draft, pointer: str, values: list[Found], expected: set[Decimal] | None) -> Decimal | None:
    fits = [v for v in values if expected and v.value in expected]
    chosen = max(fits or values, key=lambda v: (v.strength if fits else 0, v.line), default=None)
    if chosen is None or not isinstance(chosen.value, Decimal):
        return None
    draft.put(pointer, plain(chosen.value), chosen.cell.evidence(Region.TOTALS))
    return chosen.value


def _currency(draft: Draft, lines: Sequence[Line], table: Table | None) -> None:
    """The currency where a label or the headings name it, else the only one that stands at any figure."""
    for line in lines:
        for n, cell in enumerate(line.cells):
            label = label_of(cell)
            near = [c for c in ((label.rest if label else None), *line.cells[n + 1 : n + 2]) if c is not None] if label else []
            if label and label.pointer == "/currency" and near and (value := currency(near[0].text)):
                return draft.put("/currency", value, near[0].evidence(Region.HEADER))
    at_figures = [
        c
        for line in lines
        for c in line.cells
        if len(c.text) < 40 and any(ch.isdigit() for ch in c.text) and re.search(r"\d[.,]\d", c.text)
    ]
    named = [(value, c) for c in [*([col.heading for col in table.columns] if table else []), *at_figures] if (value := currency(c.text))]
    if len({value for value, _ in named}) == 1:
        return draft.put("/currency", named[0][0], named[0][1].evidence(Region.TOTALS))
    alone = [(value, c) for line in lines for c in line.cells if len(c.text) < 40 and (value := currency(c.text))]
    if not named and len({value for value, _ in alone}) == 1:
        draft.put("/currency", alone[0][0], alone[0][1].evidence(Region.HEADER))
    return None


def _controls(draft: Draft, lines: Sequence[Line], table: Table | None) -> None:
    """How many rows are printed: the figures in the column furthest right that every row has, counted apart from the reading of rows."""
    if table is None:
        return
    at = next(
        (i for r in ("line_amount", "quantity", "unit_price") for i, c in reversed(list(enumerate(table.columns))) if c.role == r), None
    )
    if at is not None:
        draft.controls["printed_rows"] = sum(_has_figure(lines[i], table.columns[at]) for i in table.body)


def _has_figure(line: Line, column: Column) -> bool:
    inside = [w.text for w in line.words if column.left <= (w.left + w.right) / 2 < column.right]
    return bool(inside) and figure(" ".join(inside))
