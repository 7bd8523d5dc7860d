"""Laid-out text as an order: PDF with a text layer, HTML, Word, plain text, whatever comes as pages of words.

Read by rule: what kind of paper it is, the line table, the labelled values, the parties, the totals. Numbers and dates are read the
way the document as a whole proves; a value that could be two things stays empty and leaves a notice. UBL 2.x names (domain.order).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from babel.numbers import get_currency_precision
from pydantic import ValidationError

from signoff.domain.errors import Unreadable
from signoff.domain.reading import DraftOrder, Lane, Part, Region, SetAside, Unread
from signoff.tools.documents.document import Document
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.layout_broken import put_together
from signoff.tools.orders.layout_cells import Line, lines_of
from signoff.tools.orders.layout_count import put_quantities
from signoff.tools.orders.layout_dates import day_order
from signoff.tools.orders.layout_fields import put_contract, put_currency, put_doubts, put_fields
from signoff.tools.orders.layout_header import Found, found
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_joined import joined
from signoff.tools.orders.layout_kind import ORDERS, kind_of, paper, stamped, why_not
from signoff.tools.orders.layout_lines import best_of, items
from signoff.tools.orders.layout_parties import parties
from signoff.tools.orders.layout_prose import LONG, asks, first_pages, is_code, is_contract, is_prose, is_terms, judged, sells
from signoff.tools.orders.layout_records import records
from signoff.tools.orders.layout_remarks import put_empty, put_remarks
from signoff.tools.orders.layout_rest import carried, put_extras, put_rest
from signoff.tools.orders.layout_several import orders_of
from signoff.tools.orders.layout_sums import TOTALS
from signoff.tools.orders.layout_table import Table, tables
from signoff.tools.orders.layout_title import alone, names_order, titled
from signoff.tools.orders.layout_totals import put_charges, put_controls, put_lines, put_totals
from signoff.tools.orders.layout_triples import triples
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.mentions import mentions, names_own
from signoff.tools.orders.messages import Correspondence, Message, correspondence, passes_on
from signoff.tools.orders.passages import body
from signoff.tools.orders.prose_items import Ordered, ordered
from signoff.tools.orders.values import DateOrder, Mark, currency, date_order, decimal_mark

FORMAT = "layout"
TYPED = frozenset({"txt", "html"})
"""Formats in which people write an order without a title, as they do in a mail."""
MAX_LINES = 5000
"""More are refused: an order that is cut off would look whole."""
NO_ORDER = "It is a text without an order: it has no line table, and asks for no quantity of anything."

_ATTACHED = re.compile(
    r"\b(?:attach\w*|enclos\w*|anbei|anhang|anhänge|beigefügt\w*|angehängt\w*|beiliegend\w*"
    r"|ci-joint\w*|pièces? jointes?|adjunt\w*|allegat\w*|bijgaand|bijlage|vedhæft\w*|vedlagt|bifog\w*)\b",
    re.IGNORECASE,
)


def matches(document: Document) -> bool:
    """Whether the document is pages of words, none of them recognised in a scan, and no XML says the same more surely."""
    return bool(document.pages) and document.xml is None and not document.sheets and not any(page.scanned for page in document.pages)


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
    return _messages(document, lines) if document.format in TYPED else [_part(document, own) for own in orders_of(lines)]


def _messages(document: Document, lines: list[Line]) -> list[Part]:
    """The orders of a text that may hold several messages: each of an export, or the newest mail that orders something itself."""
    text = correspondence(lines)
    if text.each:
        return _each(document, lines, text)
    newest, *older = text.messages
    newest = replace(newest, sent=_sent(document))
    parts = [_part(document, own, replace(newest, lines=own)) for own in orders_of(newest.lines)]
    if any(not isinstance(p, SetAside) for p in parts) or not (older and passes_on(newest)):
        return parts or [SetAside(format=document.format, kind="text", reason=NO_ORDER)]
    passed_on = [_part(document, own, replace(m, lines=own)) for m in older for own in orders_of(m.lines)]
    return next(([p] for p in passed_on if isinstance(p, DraftOrder)), parts or passed_on[:1])


def _each(document: Document, lines: list[Line], text: Correspondence) -> list[Part]:
    """The orders of a chat or an export; the one person in it who orders nothing is the one they were sent to."""
    days = date_order(m.day.text for m in text.messages if m.day is not None) or day_order(lines, None)
    read = [(m, _part(document, m.lines, m, text.preamble, days)) for m in text.messages if m.lines]
    orders = [(m, p) for m, p in read if not isinstance(p, SetAside)]
    buyers = {m.sender.text for m, _ in orders if m.sender is not None}
    others = {m.sender.text: m.sender for m, _ in read if m.sender is not None and m.sender.text not in buyers}
    if len(others) == 1 and buyers:
        to = next(iter(others.values()))
        return [_part(document, m.lines, replace(m, receiver=to, answers=True), text.preamble, days) for m, _ in orders]
    return [p for _, p in orders] or [p for _, p in read[:1]]


def _sent(document: Document) -> dt.date | None:
    """The day on which the mail was sent that the document is the body of."""
    try:
        return parsedate_to_datetime(document.envelope.sent).date() if document.envelope else None
    except ValueError:
        return None


def _text(document: Document, lines: list[Line]) -> SetAside | None:
    """Why the document is a text and no order, where its first pages say so without a look at its tables."""
    kind, _ = kind_of(lines)
    texts = judged(lines)
    if document.format in TYPED and is_code(texts):
        return SetAside(format=document.format, kind="text", reason=NO_ORDER)
    if kind in (None, *ORDERS) and not names_order(lines):
        if is_terms(texts):
            return SetAside(format=document.format, kind="terms", reason="It holds terms and conditions only, and no order.")
        if is_contract(texts):
            return SetAside(format=document.format, kind="contract", reason="It is a contract or agreement, not an order.")
        if is_prose(texts):
            return SetAside(format=document.format, kind="text", reason=NO_ORDER)
    return None


def _part(
    document: Document, lines: list[Line], message: Message | None = None, preamble: Sequence[Line] = (), days: DateOrder | None = None
) -> Part:
    kind, words = kind_of(lines)
    if kind is not None and kind not in ORDERS:
        return SetAside(format=document.format, kind=kind, reason=why_not(kind, words))
    lines = put_together(lines) if message is None else lines
    grids = tables(lines if message is None else body(lines)[0])
    style = _style(lines, grids)
    style = replace(style, order=style.order or days)
    table, found_items = best_of(grids, style)
    if table is not None and len(grids) > 1:
        table, found_items = joined((table, found_items), grids, lines, style)
    taken = set(table.taken) if table else set()
    if not any(i.proved for i in found_items):
        loose = list(triples(lines, set(), style))
        if 2 * len(loose) > len(found_items):
            table, found_items, taken = None, [item for _, item in loose], {index for index, _ in loose}
            if _worded(lines, found_items, taken, style):
                found_items, taken = [], set()
    blocks = records(lines, style) if table is None else []
    if blocks and len(blocks) >= len(found_items):
        found_items, taken = [item for _, item in blocks], set[int]().union(*(own for own, _ in blocks))
    asked = [] if found_items else _asked(lines, style)
    if not found_items and not asked and not _asks(lines, kind):
        return SetAside(format=document.format, kind="text", reason=NO_ORDER)
    found_items = found_items or [a.item for a in asked]
    if kind is None and not asked and (document.format not in TYPED or not (_asks(lines, kind) or _own(lines))):
        return SetAside(format=document.format, kind="other", reason="It has a table of items, but nothing says that it is an order.")
    said = list(mentions(message or Message(lines), style, preamble) if message or asked else _written(lines, taken, style))
    return _draft(document, kind or "order", Content(lines, style, table, found_items, taken, said, [a.doubt for a in asked if a.doubt]))


@dataclass(frozen=True, slots=True)
class Content:
    """What was read from an order's pages: its lines of text, the line table, its items, and which lines of text they take up.

    `said` are the values that running text says, and `doubts` the sentences on what in its items could mean two things.
    """

    lines: list[Line]
    style: Style
    table: Table | None
    items: list[Item]
    taken: set[int]
    said: Sequence[Found] = ()
    doubts: Sequence[str] = ()


def _written(lines: list[Line], taken: set[int], style: Style) -> Iterator[Found]:
    """What the sentences of a letter, or those above a table, say of delivery, and a letter's of the totals."""
    text, signature = body(lines)
    own = text if signature else lines[: min(taken, default=0)]
    said = (f for f in mentions(Message(list(own)), style) if f.value is not None and f.line not in taken)
    yield from (f for f in said if f.pointer == "/requested_delivery_date" or (signature and f.pointer in TOTALS))


def _asked(lines: list[Line], style: Style) -> list[Ordered]:
    """The items that a text without a table asks for; next to "please find attached", or here and there in a
    long text, only with their prices."""
    texts = judged(lines)
    asked = [] if sells(texts) or is_code(texts) else ordered(lines, style)
    listed = 2 * len({a.line for a in asked}) > len(lines)
    short = listed or sum(len(text.split()) for text in texts) <= LONG
    return asked if (short and not any(_ATTACHED.search(text) for text in texts)) or any(a.priced for a in asked) else []


def _worded(lines: list[Line], found_items: list[Item], taken: set[int], style: Style) -> bool:
    """Whether lines that add up are sentences, which say what is wanted more exactly: `- 4 CS gloves M, cat# NG-M, $54.70 ea = $218.80`."""
    if any(len(lines[at].cells) > 1 for at in taken):
        return False
    return [a.item.figure("quantity") for a in _asked(lines, style)] == [i.figure("quantity") for i in found_items]


def _own(lines: list[Line]) -> bool:
    """Whether a text beside its table speaks of an order of the writer's own, and not as a seller does."""
    return names_own(lines) and not sells(judged(lines))


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
    mark = decimal_mark([*figures, *cells]) or _by_arithmetic(grids) or _by_currency(cells, figures) or _by_zeros(grids)
    return Style(mark, day_order(lines, mark))


def _by_currency(cells: list[str], figures: list[str]) -> Mark | None:
    """`2.150` is two and a bit under a currency with three decimals (ISO 4217: KWD, BHD, OMR ...), and two thousand under one without any
    (JPY, KRW ...); the amounts must all be printed so."""
    codes = {code for text in cells if len(text) < 40 and (code := currency(text))}
    printed = {m[1] for text in figures if (m := re.fullmatch(r"(?:\D{0,4})\d+([.,])\d{3}(?:\D{0,4})", text))}
    places = get_currency_precision(next(iter(codes))) if len(codes) == 1 and len(printed) == 1 else None
    if places not in (0, 3):
        return None
    return "." if ("." in printed) == (places == 3) else ","


def _by_zeros(grids: list[Table]) -> Mark | None:
    """Who writes `600` writes no decimals that are nothing: in the same column `3,600` is three thousand and six hundred."""
    for table in grids:
        for i in range(len(table.columns)):
            texts = [row.cells[i].text for row in table.rows if i in row.cells]
            grouped = {m[1] for text in texts if (m := re.fullmatch(r"[1-9]\d{0,2}([.,])\d{2}0", text))}
            if len(grouped) == 1 and any(re.fullmatch(r"[1-9]\d*", text) for text in texts):
                return "." if grouped == {","} else ","
    return None


def _by_arithmetic(grids: list[Table]) -> Mark | None:
    """The mark with which more rows add up; none when both or neither do."""
    marks: tuple[Mark, Mark] = (".", ",")
    point, comma = (sum(i.proved for t in grids for i in items(t, Style(m, None))) for m in marks)
    return None if point == comma else "." if point > comma else ","


def _draft(document: Document, kind: str, content: Content) -> Part:
    draft = Draft(document.format, Lane.LAYOUT)
    draft.notices += list(document.notices)
    own = {line.page for line in content.lines}
    if stamp := stamped([page for page in document.pages if page.number in own]):
        draft.notice(
            "not_an_order", None, f"The page is stamped {stamp[:80]!r}; a person decides whether the order is meant.", text=stamp[:4000]
        )
    if kind != "order":
        draft.put("/order_type", kind)
    lines, style = content.lines, content.style
    taken = content.taken | carried(lines, content.items, style)
    top = min(taken, default=len(lines))
    labelled = [*found(lines, taken, style, top), *titled(lines, style), *content.said]
    labelled += alone(lines[:top], labelled, style)
    values = [v for v in labelled if v.value is not None]
    put_lines(draft, content.items)
    _delivery(draft, content.items, values)
    put_fields(draft, [v for v in values if v.pointer not in TOTALS])
    put_contract(draft, lines)
    parties(draft, lines, values, top)
    for value in sorted(content.said, key=lambda v: -v.strength):  # who writes is the buyer, where nothing names a company
        if value.pointer == "/buyer/name" and "name" not in draft.tree.get("buyer", {}):
            draft.put(value.pointer, value.value, value.cell.evidence(value.region))
    put_charges(draft, lines, taken, style)
    last = content.table.rows[-1].index if content.table else max(taken, default=-1)
    below = lines[last + 1 :]
    put_extras(draft, below, content.items, values, style)
    put_totals(draft, [v for v in values if v.pointer in TOTALS], content.items, below, style)
    put_currency(draft, lines, values, content.table)
    put_controls(draft, lines, content.table, content.items)
    put_quantities(draft, below, content.items, style)
    put_rest(draft, lines, content.table, content.items, taken, style)
    put_doubts(draft, [v for v in labelled if v.value is None])
    put_empty(draft, content.table)
    put_remarks(draft, lines, taken, in_words=bool(content.items) and not taken)
    for doubt in content.doubts:
        draft.notice("field_missing", "/lines", doubt)
    if not content.items:
        draft.notice("rows_missing", "/lines", "No line of the order could be read for certain; enter the lines by hand.")
    try:
        return draft.done()
    except ValidationError as error:
        return Unread(format=document.format, reason=f"{document.name} holds a value that no order can have: {error.errors()[0]['msg']}.")


def _delivery(draft: Draft, found_items: list[Item], values: list[Found]) -> None:
    """The one day on which every line is wanted is the order's, where the order names no other."""
    days = {i.values["requested_delivery_date"][0] if "requested_delivery_date" in i.values else None for i in found_items}
    if len(days) == 1 and None not in days and not any(v.pointer == "/requested_delivery_date" for v in values):
        value, cell = found_items[0].values["requested_delivery_date"]
        draft.put("/requested_delivery_date", value, cell.evidence(Region.TABLE))
