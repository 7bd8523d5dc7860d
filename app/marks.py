"""What `signoff show CASE --evidence` draws: for each field that was read where it stands, and what is thought of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from signoff.domain.checks.verify import Verification
from signoff.domain.findings import Finding, Severity
from signoff.domain.reading import DraftOrder, Evidence
from signoff.domain.record import Record

RGB = tuple[int, int, int]
NAMES = {"name": "", "quantity": "qty", "unit_price": "price", "line_amount": "amount", "requested_delivery_date": "delivery"}
"""How a field is called in a box, where its own name is long."""


class Colour(StrEnum):
    """What a box says of its field."""

    PROVED = "proved"
    READ = "read, not proved"
    DOUBTED = "to be looked at"

    @property
    def rgb(self) -> RGB:
        return {"proved": (22, 128, 60), "read, not proved": (202, 128, 0)}.get(self.value, (200, 30, 30))


@dataclass(frozen=True, slots=True)
class Mark:
    """A field that was read: its pointer, where, and what is thought of it."""

    pointer: str
    evidence: Evidence
    colour: Colour

    @property
    def line(self) -> int | None:
        """The order line it belongs to, from 1."""
        steps = self.pointer.split("/")
        return int(steps[2]) + 1 if steps[1] == "lines" and len(steps) > 3 else None

    @property
    def label(self) -> str:
        steps = [s for s in self.pointer.split("/")[1:] if not s.isdecimal() and s != "lines"]
        return " ".join(NAMES.get(s, s) for s in steps).replace("_", " ").strip()


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown of a case besides its pages: the headline, and a sentence for each reason to look."""

    title: str
    verdict: str
    reasons: tuple[str, ...]


class Drawing(Record):
    """A paper, by its name inside its file, with everything to be drawn on its pages."""

    member: str
    marks: tuple[Mark, ...]
    seen: Seen


def marks(draft: DraftOrder, verification: Verification, findings: Iterable[Finding], least: float) -> list[Mark]:
    """A mark for each field with evidence. `least`: the confidence from which policy takes a field as proved."""
    doubted = {f.field for f in findings if f.severity is Severity.BLOCKING and f.field}
    doubted |= {reason.partition(" ")[2] for reason in verification.reading.reasons}
    sure = verification.reading.confidences
    return [Mark(p, e, _colour(p, sure.get(p, 1.0), doubted, least)) for p, e in draft.evidence.items()]


def _colour(pointer: str, confidence: float, doubted: set[str], least: float) -> Colour:
    """A finding about a line or a party is about all of it; one about all lines is told in the headline."""
    about = {pointer, *({pointer.rpartition("/")[0]} - {"", "/lines"})}
    if about & doubted:
        return Colour.DOUBTED
    return Colour.PROVED if confidence >= least else Colour.READ
