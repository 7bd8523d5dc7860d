"""The extraction agent: asked for what the other lanes left open, or for the whole document where they failed.

It has no tools and no memory; it is shown the document's lines and says values, each with a quote and the line it stands on.
Code finds the quote again: a value whose quote is not on the paper keeps no evidence, and verification does not believe it. A long
document goes in windows that overlap, and code puts the windows together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from signoff.agents.asking import Asker
from signoff.agents.loop import opening
from signoff.agents.messages import Image, ModelFailed, Question, Schema
from signoff.domain.advice import Extraction, ReadField
from signoff.domain.checks.fields import CELLS
from signoff.domain.order import Order
from signoff.domain.reading import DraftOrder, Notice
from signoff.prompts import load
from signoff.tools.orders.transcript import Transcript

NAME = "extraction"
WINDOW, OVERLAP = 160, 12
"""Lines of a document that are shown at once, and how many of them the next window shows again."""

HEADER = (
    "/order_number", "/order_type", "/order_reference", "/issue_date", "/currency", "/buyer/name", "/supplier/name", "/supplier/id",
    "/ship_to/name", "/contract_reference", "/requester", "/cost_center", "/payment_terms", "/delivery_terms",
    "/requested_delivery_date", "/line_total", "/tax_total", "/payable_amount",
)  # fmt: skip
TOTALS = frozenset({"/line_total", "/tax_total", "/payable_amount"})
ROW = (
    "line_number", "buyer_item_id", "supplier_item_id", "standard_item_id", "description", "quantity", "unit", "unit_price",
    "price_base_quantity", "line_amount", "requested_delivery_date",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What is open: header fields by pointer, and whether the lines are."""

    header: tuple[str, ...]
    lines: bool


def wanted(draft: DraftOrder | None, reasons: Iterable[str]) -> Wanted:
    """What the other lanes left open: what they did not read, and what verification doubts (`<code> <pointer>` reasons)."""
    if draft is None:
        return Wanted(HEADER, lines=True)
    doubted = [r.partition(" ")[2] for r in reasons]
    missing = [p for p in HEADER if _said(draft.order, p) is None]
    weak = [p for p in HEADER if any(d and (p == d or p.startswith(d + "/")) for d in doubted)]
    rows = not draft.order.lines or any(d.startswith("/lines") or not d for d in doubted)
    incomplete = any(getattr(line, cell) is None for line in draft.order.lines for cell in CELLS)
    return Wanted(tuple(dict.fromkeys([*missing, *weak])), lines=rows or incomplete)


async def extract(asker: Asker, draft: DraftOrder | None, reasons: Iterable[str], paper: Transcript) -> Extraction:
    """What the agent read of what is open. Never raises: what failed stands in `failed`."""
    open_ = wanted(draft, reasons)
    if not paper.lines or not (open_.header or open_.lines):
        return Extraction(failed=None if paper.lines else f"{paper.name} holds no text that could be shown to a model.")
    header: dict[str, ReadField] = {}
    rows: dict[int, dict[str, ReadField]] = {}
    try:
        for first, last in windows(len(paper.lines)):
            value = (await asker.ask(_question(open_, paper, first, last, asker.model.takes_images))).value or {}
            _gather_header(header, value, open_, paper)
            if open_.lines:
                _gather_rows(rows, value, paper)
    except ModelFailed as failed:
        return Extraction(failed=str(failed)[:4000])
    return _together(draft, header, [rows[n] for n in sorted(rows)], paper)


def windows(count: int) -> Iterator[tuple[int, int]]:
    """First and last line of each window, so that every line is shown and neighbours overlap."""
    first = 1
    while True:
        last = min(first + WINDOW - 1, count)
        yield first, last
        if last == count:
            return
        first = last + 1 - OVERLAP


def _question(open_: Wanted, paper: Transcript, first: int, last: int, pictures: bool) -> Question:
    prompt = load(NAME)
    messages = opening(
        prompt,
        fields=", ".join(open_.header) or "none",
        cells=", ".join(ROW) if open_.lines else "none",
        shown=f"lines {first} to {last} of {len(paper.lines)}",
        document=paper.numbered(first, last),
    )
    if pictures:
        pages = {line.page for line in paper.lines[first - 1 : last]}
        shown = tuple(Image(data=data) for number, data in paper.pictures if number in pages)
        messages = (*messages[:-1], messages[-1].model_copy(update={"images": shown}))
    return Question(
        agent=NAME, prompt_name=prompt.name, prompt_hash=prompt.hash, messages=messages, answer=answer_schema(open_), max_tokens=8000
    )


def answer_schema(open_: Wanted) -> Schema:
    """`{"fields": [{field, value, quote, line}], "lines": [{line, cells: [{field, value, quote}]}]}`, with only what is open."""
    properties: dict[str, Any] = {}
    if open_.header:
        properties["fields"] = _list(field=_choice(open_.header), value=_TEXT, quote=_TEXT, line=_NUMBER)
    if open_.lines:
        properties["lines"] = _list(line=_NUMBER, cells=_list(field=_choice(ROW), value=_TEXT, quote=_TEXT))
    return Schema(name="order_fields", body=_object(properties))


_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer"}


def _choice(names: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _gather_header(header: dict[str, ReadField], value: dict[str, Any], open_: Wanted, paper: Transcript) -> None:
    """The first window that names a field is believed, for totals the last."""
    for said in value.get("fields", ()):
        pointer, text = said["field"], said["value"].strip()
        if text and pointer in open_.header and (pointer in TOTALS or pointer not in header):
            found = paper.find(said["quote"], said["line"])
            header[pointer] = ReadField(pointer=pointer, value=text[:4000], evidence=found[1] if found else None)


def _gather_rows(rows: dict[int, dict[str, ReadField]], value: dict[str, Any], paper: Transcript) -> None:
    """The rows by the line they begin on, so that one that two windows show is one row; the window that shows more of it counts."""
    for said in value.get("lines", ()):
        row: dict[str, ReadField] = {}
        for cell in said["cells"]:
            if text := cell["value"].strip():
                found = paper.find(cell["quote"], said["line"])
                row.setdefault(cell["field"], ReadField(pointer=cell["field"], value=text[:4000], evidence=found[1] if found else None))
        if row and 0 < said["line"] <= len(paper.lines) and len(row) > len(rows.get(said["line"], ())):
            rows[said["line"]] = row


def _together(draft: DraftOrder | None, header: dict[str, ReadField], rows: list[dict[str, ReadField]], paper: Transcript) -> Extraction:
    """Header fields and rows as fields of one order. Rows that are not as many as those read before prove nothing and are not taken."""
    known = len(draft.order.lines) if draft else 0
    notices: tuple[Notice, ...] = ()
    if paper.cut:
        message = f"The document has more lines than the {len(paper.lines)} that were shown to the extraction agent."
        notices = (Notice(code="rows_missing", field="/lines", message=message),)
    if known and rows and len(rows) != known:
        message = f"{known} order lines were read, and {len(rows)} by the extraction agent."
        notices = (*notices, Notice(code="readings_disagree", field="/lines", message=message))
        rows = []
    cells = [f.model_copy(update={"pointer": f"/lines/{i}/{name}"}) for i, row in enumerate(rows) for name, f in row.items()]
    return Extraction(fields=(*header.values(), *cells), notices=notices)


def _said(order: Order, pointer: str) -> object:
    """The value at a header pointer."""
    value: Any = order
    for step in pointer.split("/")[1:]:
        value = getattr(value, step)
    return value


def prompt_hash() -> str:
    """The hash of what the agent is told; a certificate hangs on it."""
    return load(NAME).hash
