"""Bytes -> Document: asks each opener in this folder whether the file is its own, by content before name.

Adding a file format is one file here with `FORMAT`, `matches(source)` and `open(source)`, and its module in
`BY_SIGNATURE` or `BY_SHAPE`.
"""

from __future__ import annotations

from typing import Protocol

from signoff.domain.errors import Unreadable
from signoff.tools.documents import csv_text, docx, edifact, html, mail, pdf, plain, spreadsheet, tradacoms, x12, xml
from signoff.tools.documents.document import Document, Source

MAX_BYTES = 40_000_000
"""Larger files are not read; no purchase order is."""


class Opener(Protocol):
    """What every file format in this folder offers."""

    FORMAT: str

    def matches(self, source: Source) -> bool:
        """Whether the bytes are of this format, whatever the file is called."""

    def open(self, source: Source) -> Document:
        """The opened file. Raises `Unreadable` with a sentence when it is damaged, encrypted or too large."""


BY_SIGNATURE: tuple[Opener, ...] = (edifact, tradacoms, x12, xml, spreadsheet, pdf, docx)
"""Formats that say what they are in their first bytes."""
BY_SHAPE: tuple[Opener, ...] = (csv_text, html, mail, plain)
"""Formats of text that only its shape tells apart; asked when no signature fits."""
OPENERS = BY_SIGNATURE + BY_SHAPE
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
"""How JPEG, PNG and TIFF files begin."""


def open_document(source: Source) -> Document:
    """The opened file. Raises `Unreadable` when it is empty, could not be had, or is of no known format."""
    if source.problem:
        raise Unreadable(source.problem)
    if not source.data.strip(b"\x00\t\r\n "):
        raise Unreadable(f"{source.name} is empty.")
    claims = [o for o in BY_SIGNATURE if o.matches(source)] or [o for o in BY_SHAPE if o.matches(source)]
    if len(claims) > 1:
        raise Unreadable(f"{source.name} is claimed by {' and '.join(o.FORMAT for o in claims)}.")
    if not claims and source.data.startswith(PICTURES):
        raise Unreadable(f"{source.name} is a picture, and pictures are not read; ask the sender for the original document.")
    if not claims:
        raise Unreadable(f"{source.name} is of no known format; save it as one of the formats in the README.")
    return claims[0].open(source)
