"""What a reading of a document is: the order, and for each field where it was found.

Fields are named by JSON Pointer into the order (RFC 6901): `/order_number`, `/lines/0/unit_price`.
Evidence is a plain dataclass and not a `Record`, for there is one for every field of every order: 0.6 us against 5 to make.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal

from signoff.domain.findings import Severity
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """The printed text that a value was read from.

    `page` counts from 1 with `box` = (left, top, right, bottom) in points from the top left; `where` names a place in
    a document that has no pages: an XPath, a segment (`PO1[3]/04`), a cell (`Orders!D12`). `label` is the printed label or
    heading that names it; `quality` how sure text recognition was of its least sure word (0 to 1), for scans only.
    """

    text: Text
    where: Text | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    region: Region = Region.DATA
    label: Text | None = None
    quality: float | None = None


def shown(evidence: Evidence) -> dict[str, Any]:
    """The evidence as a record shows it: without what is not known."""
    return {k: v for k, v in asdict(evidence).items() if v is not None}


class Witness(StrEnum):
    """What else says the same as a field's evidence, independently of it."""

    REPEATED = "repeated"
    FILE_NAME = "file_name"
    SUBJECT = "subject"
    SECOND_READING = "second_reading"
    VENDOR_MASTER = "vendor_master"


class Controls(Record):
    """Control figures that the document itself prints (CTT, MOA, UNT, printed row counts), to be checked against."""

    line_count: int | None = None
    printed_rows: int | None = None
    quantity_total: Number | None = None
    segment_count: int | None = None
    segments_seen: int | None = None


class Notice(Record):
    """Something a reader noticed that a person should know: a finding code of the reading group and a sentence.

    `severity` where it is less grave than its code usually is.
    """

    code: Literal[
        "field_missing", "suspicious_text", "hidden_text", "readings_disagree", "rows_missing", "arithmetic_mismatch", "not_an_order"
    ]
    field: str | None = None
    message: Text
    evidence: Evidence | None = None
    severity: Severity | None = None


class DraftOrder(Record):
    """What one lane read from one document, not yet verified: nothing but `verify` may act on it.

    `layout` is the number of the learned layout by which it was read a second time (`domain.layouts`).
    """

    format: str
    lane: Lane
    order: Order
    evidence: dict[str, Evidence] = {}
    lanes: dict[str, Lane] = {}
    controls: Controls = Controls()
    notices: tuple[Notice, ...] = ()
    witnesses: dict[str, tuple[Witness, ...]] = {}
    layout: int | None = None

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
    """The verdict on a reading. `reasons` are `<code> <pointer>` strings, empty when clear.

    `confidence` is the probability that the critical fields are all right, `confidences` that of each field by pointer.
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    certified: bool = False
    confidence: float
    confidences: dict[str, float] = {}
