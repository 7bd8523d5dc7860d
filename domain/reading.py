"""What a reading of a document is: the order, and for each field where it was found.

Fields are named by JSON Pointer into the order (RFC 6901): `/order_number`, `/lines/0/unit_price`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from signoff.domain.order import Order
from signoff.domain.record import Number, Record, Text


class Lane(StrEnum):
    """The way a field was read, cheapest and surest first; a person's correction is `person`."""

    STRUCTURED = "structured"
    TABULAR = "tabular"
    LAYOUT = "layout"
    OCR = "ocr"
    AGENT = "agent"
    PERSON = "person"


class Region(StrEnum):
    """Where on the document evidence lies; `note` and `footer` can prove no total, price or party."""

    DATA = "data"
    HEADER = "header"
    TABLE = "table"
    TOTALS = "totals"
    NOTE = "note"
    FOOTER = "footer"


class Evidence(Record):
    """The printed text that a value was read from.

    `page` counts from 1 with `box` = (left, top, right, bottom) in points from the top left; `where` names a place in
    a document that has no pages: an XPath, a segment (`PO1[3]/04`), a cell (`Orders!D12`).
    """

    text: Text
    where: Text | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    region: Region = Region.DATA


class FieldReading(Record):
    """How sure Signoff is of one field. `confidence` is a probability in 0..1."""

    confidence: float
    lane: Lane
    evidence: Evidence


class Controls(Record):
    """Control figures that the document itself prints (CTT, MOA, UNT, printed row counts), to be checked against."""

    line_count: int | None = None
    printed_rows: int | None = None
    quantity_total: Number | None = None
    segment_count: int | None = None
    segments_seen: int | None = None


class Notice(Record):
    """Something a reader noticed that a person should know: a finding code of the reading group and a sentence."""

    code: Literal["field_missing", "suspicious_text", "hidden_text", "readings_disagree", "rows_missing", "arithmetic_mismatch"]
    field: str | None = None
    message: Text
    evidence: Evidence | None = None


class DraftOrder(Record):
    """What one lane read from one document, not yet verified: nothing but `verify` may act on it."""

    format: str
    lane: Lane
    order: Order
    evidence: dict[str, Evidence] = {}
    lanes: dict[str, Lane] = {}
    controls: Controls = Controls()
    notices: tuple[Notice, ...] = ()

    def lane_of(self, pointer: str) -> Lane:
        """The lane that read this field: the document's, unless a person or another lane supplied it."""
        return self.lanes.get(pointer, self.lane)


class SetAside(Record):
    """A document, or a part of one, that is not a purchase order: `kind` as the field calls it, and why we say so."""

    format: str
    kind: str
    reason: Text


class Unread(Record):
    """A part of a document that claims to be an order and cannot be read; the other parts go on."""

    format: str
    reason: Text


Part = DraftOrder | SetAside | Unread


class Verdict(StrEnum):
    """`clear`: no veto fired and every critical field is proved. `doubtful`: a person should look, and why."""

    CLEAR = "clear"
    DOUBTFUL = "doubtful"


class Reading(Record):
    """The verdict on a reading. `reasons` are `<code> <pointer>` strings, empty when clear."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    certified: bool = False
    confidence: float
    fields: dict[str, FieldReading]
