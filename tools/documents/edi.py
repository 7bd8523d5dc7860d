"""What the three EDI standards have in common: segments made of elements made of components, between an envelope.

ASC X12.5 / X12.6 (X12), ISO 9735 (UN/EDIFACT), ANA TRADACOMS 1995. The openers beside this file know each standard's
separators; from here on a segment looks the same, whichever it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Source

_BLANK = "\r\n\t \0\ufeff\x1a"
HEAD = 600
"""How many characters of a file may come before its first header is found; what comes before is junk."""


class Segment(NamedTuple):
    """One segment. `number` counts the segments of this tag in its message from 1; elements and components count from 1."""

    tag: str
    number: int
    elements: tuple[tuple[str, ...], ...]

    def get(self, element: int, component: int = 1) -> str:
        """The text of an element or component without blanks around it, empty when it is not there."""
        elements = self.elements
        if element > len(elements):
            return ""
        parts = elements[element - 1]
        if component == 1:
            return parts[0].strip()
        return parts[component - 1].strip() if component <= len(parts) else ""

    def where(self, element: int, component: int = 1) -> str:
        """The place as people write it: `PO1[3]/04`, with a component `NAD[1]/02.3`."""
        parts = self.elements[element - 1] if element <= len(self.elements) else ()
        tail = f".{component}" if len(parts) > 1 else ""
        return f"{self.tag}[{self.number}]/{element:02d}{tail}"


@dataclass(slots=True)
class Message:
    """One message: an X12 transaction set, an EDIFACT or TRADACOMS message.

    `declared` is the segment count its trailer prints, `seen` the segments that are there, header and trailer included.
    `faults` are sentences about a damaged envelope; `test` says where the interchange is marked as a test: `ISA15 is T`.
    `mark` is the decimal mark.
    """

    kind: str
    segments: list[Segment]
    declared: int | None = None
    seen: int = 0
    closed: bool = False
    test: str = ""
    mark: str = "."
    faults: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


Raw = tuple[str, tuple[tuple[str, ...], ...]]
"""A tag and its elements, before it is known to which message they belong."""


def numbered(raw: Iterable[Raw]) -> list[Segment]:
    """The segments of one message, each with its number among those of its tag."""
    seen: dict[str, int] = {}
    segments = []
    for tag, elements in raw:
        number = seen[tag] = seen.get(tag, 0) + 1
        segments.append(Segment(tag, number, elements))
    return segments


def count(text: str) -> int | None:
    """A printed count, or `None` when it is not one."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def unlike(what: str, header: str, trailer: str) -> list[str]:
    """A sentence when an interchange's trailer does not name the interchange that its header opened."""
    if header.strip().lstrip("0") == trailer.strip().lstrip("0"):
        return []
    return [f"The {what} names interchange {trailer.strip()[:20]!r}, the header {header.strip()[:20]!r}."]


def lost(found: Iterable[Message], printed: str, what: str) -> None:
    """Tell the messages of a group or an interchange when its trailer counts more of them than there are."""
    messages = list(found)
    declared = count(printed)
    if declared is not None and declared > len(messages):
        for message in messages:
            message.losses.append(f"The {what} counts {declared} messages, {len(messages)} are in the file; some may be lost.")


def decode(source: Source, charsets: Iterable[str] = ("cp1252", "latin-1")) -> str:
    """The text of an EDI file: by its byte order mark, else UTF-8 if it is valid, else the charsets in turn.

    UTF-8 goes before a declared 8-bit charset because files are converted on their way and keep their old header; text in
    an 8-bit charset is hardly ever valid UTF-8 by chance. Raises `Unreadable` when none fits.
    """
    for charset in (*_marked(source.data), "utf-8", *charsets):
        try:
            return source.data.decode(charset).lstrip("\ufeff")
        except UnicodeError:
            continue
    raise Unreadable(f"{source.name} is in no character set that its header names; send it again as UTF-8.")


def _marked(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if len(data) > 3 and data[1:4:2] == b"\0\0":
        return ("utf-16-le",)
    if len(data) > 3 and data[0:3:2] == b"\0\0":
        return ("utf-16-be",)
    return ("utf-8-sig",)


def head(source: Source) -> str:
    """The first characters of a file, good enough to recognise its standard: all separators and tags are ASCII."""
    data = source.data[: 4 * HEAD]
    if b"\0" in data[:8]:
        charset = (_marked(data) or ("latin-1",))[0]
        return data[: len(data) // 2 * 2].decode(charset, errors="replace").lstrip("\ufeff")[: 2 * HEAD]
    return data.removeprefix(b"\xef\xbb\xbf").decode("latin-1")[: 2 * HEAD]


def lines_joined(text: str) -> str:
    """The text without line breaks when every line but the last has the same length: a transfer has wrapped it."""
    lines = re.split(r"\r\n|\r|\n", text)
    lines = lines if lines[-1] else lines[:-1]
    wide = {len(line) for line in lines[:-1]}
    return "".join(lines) if len(lines) > 2 and len(wide) == 1 and wide.pop() >= 40 else text


def pieces(text: str, terminator: str, start: re.Pattern[str]) -> Iterator[str]:
    """The segments as text: split at the terminator, and where a line break took its place (`start` says how one begins)."""
    for chunk in text.split(terminator):
        trimmed = chunk.strip(_BLANK)
        if "\n" not in trimmed and "\r" not in trimmed:
            if trimmed:
                yield trimmed
            continue
        for part in start.split(trimmed):
            if piece := part.strip(_BLANK):
                yield piece.replace("\r", "").replace("\n", "")
