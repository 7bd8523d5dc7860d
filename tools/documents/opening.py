"""Bytes -> Document: asks each opener in this folder whether the file is its own, by content before name.

Adding a file format is one file here with `FORMAT`, `matches(source)` and `open(source)`, and its module in
`BY_SIGNATURE` or `by_shape`.
"""

from __future__ import annotations

from typing import Protocol

from signoff.domain.errors import Unreadable
from signoff.tools.documents import docx, edifact, msg, odt, pdf, picture, spreadsheet, tradacoms, x12, xml, zipped
from signoff.tools.documents.document import Document, Source


class Opener(Protocol):
    """What every file format in this folder offers."""

    FORMAT: str

    def matches(self, source: Source) -> bool:
        """Whether the bytes are of this format, whatever the file is called."""

    def open(self, source: Source) -> Document:
        """The opened file. Raises `Unreadable` with a sentence when it is damaged, encrypted or too large."""


BY_SIGNATURE: tuple[Opener, ...] = (edifact, tradacoms, x12, xml, spreadsheet, pdf, picture, docx, odt, msg, zipped)
"""Formats that say what they are in their first bytes."""


def by_shape() -> tuple[Opener, ...]:
    """Formats of text that only its shape tells apart; loaded and asked when no signature fits."""
    from signoff.tools.documents import csv_text, html, mail, plain

    return csv_text, html, mail, plain


def open_document(source: Source) -> Document:
    """The opened file. Raises `Unreadable` when it is empty, could not be had, or is of no known format."""
    if source.problem:
        raise Unreadable(source.problem)
    if not source.data.strip(b"\x00\t\r\n "):
        raise Unreadable(f"{source.name} is empty.")
    claims = [o for o in BY_SIGNATURE if o.matches(source)] or [o for o in by_shape() if o.matches(source)]
    if len(claims) > 1:
        raise Unreadable(f"{source.name} is claimed by {' and '.join(o.FORMAT for o in claims)}.")
    if not claims:
        raise Unreadable(f"{source.name} {_known(source.data)}")
    return claims[0].open(source)


_KNOWN: tuple[tuple[bytes, bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "WordDocument".encode("utf-16-le"), "is a Word document of before 2007 (.doc); save it as .docx or PDF."),
    (b"\xd0\xcf\x11\xe0", "PowerPoint Document".encode("utf-16-le"), "is a presentation; ask for the order as a document."),
    (b"PK\x03\x04", b"ppt/presentation.xml", "is a presentation; ask for the order as a document."),
    (b"{\\rtf", b"", "is a rich text document (.rtf); save it as .docx or PDF."),
    (b"!BDN", b"", "is an Outlook data file (.pst); export the mail itself."),
    (b"\x78\x9f\x3e\x22", b"", "is a packet that only Outlook opens (winmail.dat, TNEF); ask the sender for the files themselves."),
)
"""How formats that are known and not read begin, what else they hold, and what to do about them."""


def _known(data: bytes) -> str:
    found = (said for start, inside, said in _KNOWN if data.startswith(start) and inside in data)
    return next(found, "is of no known format; save it as one of the formats in the README.")
