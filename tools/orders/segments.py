"""A draft order that is filled from EDI segments: every value with the segment and element that it was printed in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import ValidationError

from signoff.domain.reading import Evidence, Lane, Part, Region, Unread
from signoff.tools.documents.edi import Message, Segment
from signoff.tools.orders.draft import TEST, Draft

MAX_NOTES = 200
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")


def decimal(text: str, mark: str = ".") -> Decimal | None:
    """An EDI number. ISO 9735 allows comma and full stop alike as decimal mark and no grouping, X12 the full stop alone.

    A mark that was not announced and has three digits after it may be grouping: that is no number, rather than a guess.
    """
    if "," in text and mark != "X12":
        if mark == "." and re.search(r",\d{3}$", text):
            return None
        text = text.replace(",", ".")
    elif mark == "," and re.search(r"\.\d{3}$", text):
        return None
    return Decimal(text) if _NUMBER.fullmatch(text) and len(text) <= 28 else None


def day(text: str) -> dt.date | None:
    """A date as CCYYMMDD or YYMMDD; two digits from 69 on are of the last century (POSIX)."""
    if len(text) not in (6, 8) or not (text.isascii() and text.isdecimal()):
        return None
    year = int(text[:-4])
    century = 0 if len(text) == 8 else 1900 if year >= 69 else 2000
    try:
        return dt.date(century + year, int(text[-4:-2]), int(text[-2:]))
    except ValueError:
        return None


class Place(NamedTuple):
    """An element or component of a segment."""

    segment: Segment
    element: int
    component: int = 1

    @property
    def text(self) -> str:
        return self.segment.get(self.element, self.component)


class SegmentDraft(Draft):
    """A draft order whose values come from one message."""

    def __init__(self, format: str, mark: str) -> None:
        super().__init__(format, Lane.STRUCTURED)
        self.mark = mark
        self.noted = 0

    def take(self, pointer: str, segment: Segment, element: int, component: int = 1) -> None:
        """Put the text of an element, when it is there."""
        if (found := segment.get(element, component)) and pointer not in self.evidence:
            folded = " ".join(found.split())
            self.put(pointer, folded, Evidence(text=folded[:4000], where=segment.where(element, component)))

    def say(self, pointer: str, value: object, segment: Segment, element: int, component: int = 1) -> None:
        """Put a value that the element says in a code of its own."""
        self.put(pointer, value, Evidence(text=segment.get(element, component)[:4000], where=segment.where(element, component)))

    def amount(self, pointer: str, segment: Segment, element: int, component: int = 1, *, implied: int = 0) -> Decimal | None:
        """Put a number; `implied` decimals are counted from the right when it prints no decimal mark."""
        printed = segment.get(element, component)
        if not printed:
            return None
        value, where = decimal(printed, self.mark), segment.where(element, component)
        if value is None:
            self.notice("field_missing", pointer, f"{printed[:40]!r} in {where} is not a number.", text=printed[:4000], where=where)
            return None
        value = value.scaleb(-implied) if implied and printed.lstrip("+-").isdecimal() else value
        if pointer in self.evidence and decimal(self.evidence[pointer].text, self.mark) != decimal(printed, self.mark):
            message = f"{where} says {printed}, {self.evidence[pointer].where} says {self.evidence[pointer].text}."
            self.notice("readings_disagree", pointer, message, text=printed, where=where)
            return None
        self.put(pointer, value, Evidence(text=printed, where=where))
        return value

    def when(self, pointer: str, segment: Segment, element: int, component: int = 1) -> None:
        """Put a date written as CCYYMMDD or YYMMDD."""
        printed = segment.get(element, component)
        if printed:
            self.dated(pointer, day(printed), segment, element, component)

    def dated(self, pointer: str, value: dt.date | None, segment: Segment, element: int, component: int = 1) -> None:
        """Put a date that was worked out from an element, or leave a notice when it is none."""
        printed, where = segment.get(element, component), segment.where(element, component)
        if value is None:
            self.notice("field_missing", pointer, f"{printed[:40]!r} in {where} is not a date.", text=printed[:4000], where=where)
            return
        self.put(pointer, value, Evidence(text=printed[:4000], where=where))

    def note(self, text: str, where: str | None = None) -> None:
        """Add a note, with the place it was printed in when it was printed at all."""
        folded = " ".join(text.split())[:4000]
        if not folded:
            return
        if self.noted == MAX_NOTES:
            self.notice("field_missing", "/notes", f"The document has more than {MAX_NOTES} notes; read the rest in the document.")
        if self.noted < MAX_NOTES:
            shown = Evidence(text=folded, where=where, region=Region.NOTE) if where else None
            self.put(f"/notes/{self.noted}", folded, shown)
        self.noted += 1

    def cost_center(self, own: Place | None, lined: list[tuple[str, Place]], lines: int) -> None:
        """The order's own cost centre, else the one that all its lines name; what a line says otherwise is a note."""
        if own is None and len(lined) == lines and len({place.text for _, place in lined}) == 1:
            own = lined[0][1]
        if own is not None:
            self.take("/cost_center", *own)
        for label, place in lined:
            if own is None or place.text != own.text:
                self.note(f"Line {label}: cost centre {place.text}", place.segment.where(place.element, place.component))

    def has(self, pointer: str) -> bool:
        """Whether the field was put already, with its evidence."""
        return pointer in self.evidence

    def line(self, at: str) -> dict[str, Any]:
        """What was put for the line at this pointer so far."""
        lines: list[dict[str, Any]] = self.tree.get("lines", [])
        index = int(at.rsplit("/", 1)[1])
        return lines[index] if index < len(lines) else {}


def finished(draft: SegmentDraft, message: Message, trailer: str) -> Part:
    """The finished part: segment counts as controls, what is wrong with the envelope as notices."""
    if message.declared is not None:
        draft.controls.update(segment_count=message.declared, segments_seen=message.seen)
    elif message.closed:
        draft.notice("field_missing", None, f"The trailer ({trailer}) prints no segment count; some may be lost.")
    if not message.closed:
        draft.notice("rows_missing", "/lines", f"The message ends without its trailer ({trailer}); it may be cut off.")
    for fault in message.faults:
        draft.notice("field_missing", None, fault)
    for loss in message.losses:
        draft.notice("rows_missing", None, loss)
    if message.test:
        draft.notice("not_an_order", None, TEST.format(message.test))
    return attempted(draft.format, draft.done)


def attempted(format: str, make: Callable[[], Part]) -> Part:
    """What `make` gives, or `Unread` when a value is too long or too large for an order."""
    try:
        return make()
    except ValidationError as error:
        first = error.errors()[0]
        place = "/" + "/".join(str(step) for step in first["loc"])
        return Unread(
            format=format, reason=f"The message is no sound order at {place[:100]} ({first['msg']}); ask the sender to correct it."[:4000]
        )
