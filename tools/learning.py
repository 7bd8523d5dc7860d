"""What a correction teaches about the layout of its paper, found in a process of its own like everything that opens a file."""

from __future__ import annotations

from signoff.domain.layouts import Lesson
from signoff.domain.order import Order
from signoff.domain.reading import DraftOrder
from signoff.domain.record import Record
from signoff.tools.documents.document import Source
from signoff.tools.isolation import apart


class Correction(Record):
    """What a person corrected: the fields of a draft by their pointers, and the order with the new values.

    `member` names the paper inside its file.
    """

    member: str
    draft: DraftOrder
    pointers: tuple[str, ...]
    order: Order


def taught(source: Source, correction: Correction) -> Lesson:
    """What the correction teaches. Raises `Unreadable` where the paper cannot be opened any more, `Unavailable` without a process."""
    return apart("signoff.tools.learning:found", source, correction, Lesson)


def found(source: Source, correction: Correction) -> Lesson:
    """The same in this process, for the one that may die."""
    from signoff.tools.intake import opened
    from signoff.tools.orders.layout_memory import lesson

    return lesson(correction.draft, correction.pointers, correction.order, opened(source, correction.member))
