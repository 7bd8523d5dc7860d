"""Document -> orders: asks each way of reading whether the document is its own, and lets that one read it.

Adding a way of reading is one file here with `FORMAT`, `matches(document)` and `read(document)`, and its module in `STANDARD`, or in
`printed` where people write what it reads.
"""

from __future__ import annotations

from typing import Protocol

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Part
from signoff.tools.documents.document import Document
from signoff.tools.orders import cxml, edifact, orderx, tradacoms, ubl, unknown_xml, x12


class OrderReader(Protocol):
    """What every file in this folder offers."""

    FORMAT: str

    def matches(self, document: Document) -> bool:
        """Whether this reader knows the document, be it an order or a look-alike of the same standard."""

    def read(self, document: Document) -> list[Part]:
        """One part for each order in the document; `SetAside` for what is not an order, `Unread` for what is broken.

        Raises `Unreadable` when nothing in the document can be read.
        """


STANDARD: tuple[OrderReader, ...] = (edifact, tradacoms, x12, ubl, cxml, orderx, unknown_xml)


def printed() -> tuple[OrderReader, ...]:
    """Those who read what is made for people; their words of ten languages take longer to load than a message of EDI to read."""
    from signoff.tools.orders import layout, scan, table

    return table, layout, scan


def read(document: Document) -> list[Part]:
    """Every order in the document. Raises `Unreadable` when no reader, or more than one, claims it."""
    looks = bool(document.sheets or document.pages or document.picture)
    claims = [r for r in (*STANDARD, *(printed() if looks else ())) if r.matches(document)]
    if len(claims) > 1:
        raise Unreadable(f"{document.name} is claimed by {' and '.join(r.FORMAT for r in claims)}.")
    if not claims:
        raise Unreadable(f"No reader knows what kind of paper {document.name} is.")
    return claims[0].read(document)
