"""A document as numbered lines: what a model is shown of it, and where its quotes are found again.

A transcript is plain data, made in the process that opened the document and handed to the one that asks.
"""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from signoff.domain.reading import Evidence, Region
from signoff.domain.record import Record
from signoff.tools.documents.document import Document, Page, Source
from signoff.tools.orders.layout_cells import lines_of

MAX_LINES, MAX_LENGTH = 6000, 500
PROSE = 14
"""A line of more words than this is a sentence: it proves no amount and no party (`Region.NOTE`)."""
NEAR = 2
"""How many lines a quote may stand above or below the line it is said to stand on."""

MAX_PICTURES, PIXELS = 12, 1500
"""Pages that are shown as pictures, and pixels of their longer side."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Printed:
    """One line: its text with wide gaps as ` | `, and each word with its box on the page (none for text without pages)."""

    text: str
    words: tuple[str, ...]
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    quality: float | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The lines of a document, numbered from 1. `cut` when there were more than are kept.

    `pictures` are pages by their number, as PNG in base64, where they were asked for.
    """

    name: str
    format: str
    lines: tuple[Printed, ...]
    cut: bool = False
    pictures: tuple[tuple[int, str], ...] = ()

    def numbered(self, first: int = 1, last: int | None = None) -> str:
        """Lines `first` to `last` as a model is shown them: `12| text`."""
        shown = self.lines[first - 1 : last]
        return "\n".join(f"{i}| {line.text}" for i, line in enumerate(shown, first))

    def find(self, quote: str, near: int | None = None) -> tuple[int, Evidence] | None:
        """The line that prints the quote, word for word, and the evidence; the one said first, then those next to it, then any one.

        A quote that stands on several lines, none of them near, is found on none: it does not say which is meant.
        """
        wanted = _folded([w for w in quote.split() if w != "|"])
        if not any(wanted):
            return None
        if near is not None:
            for number in sorted(range(near - NEAR, near + NEAR + 1), key=lambda n: abs(n - near)):
                if found := self._on(number, wanted):
                    return number, found
        places = [(n, found) for n in range(1, len(self.lines) + 1) if (found := self._on(n, wanted))]
        return places[0] if len(places) == 1 else None

    def _on(self, number: int, wanted: tuple[str, ...]) -> Evidence | None:
        if not 0 < number <= len(self.lines):
            return None
        line = self.lines[number - 1]
        words = _folded(line.words)
        size = len(wanted)
        start = next((i for i in range(len(words) - size + 1) if words[i : i + size] == wanted), None)
        if start is None:
            return None
        region = Region.NOTE if len(words) > PROSE and not re.search(r" \| ", line.text) else Region.DATA
        text = " ".join(line.words[start : start + size])
        box = _around(line.boxes[start : start + size]) if line.boxes else None
        return Evidence(text=text[:4000], where=line.where, page=line.page, box=box, region=region, quality=line.quality)


class Member(Record):
    """Which paper of a file is meant (the file itself for the empty name), and whether pictures of its pages are wanted too."""

    name: str
    pictures: bool = False


READER = "signoff.tools.orders.transcript:printed"


def printed(source: Source, member: Member) -> Transcript:
    """The lines of a paper in a file. Raises `Unreadable`."""
    from signoff.tools.intake import opened

    document = opened(source, member.name)
    made = transcript(document)
    return replace(made, pictures=tuple(_pictures(document))) if member.pictures else made


def _pictures(document: Document) -> Iterator[tuple[int, str]]:
    """The first pages as PNG in base64, small enough for a model and large enough to be read."""
    from signoff.tools.documents.rendering import rendered

    for number, (image, _) in rendered(document, range(1, MAX_PICTURES + 1)).items():
        image.thumbnail((PIXELS, PIXELS))
        data = io.BytesIO()
        image.save(data, "PNG", optimize=True)
        yield number, base64.b64encode(data.getvalue()).decode("ascii")


def transcript(document: Document) -> Transcript:
    """The document's lines, whatever it is made of: pages of words, sheets of cells, or text."""
    lines = list(islice(chain(_laid_out(document.pages), _cells(document), () if document.pages else _text(document)), MAX_LINES + 1))
    return Transcript(document.name, document.format, tuple(lines[:MAX_LINES]), cut=len(lines) > MAX_LINES)


def _laid_out(pages: tuple[Page, ...]) -> Iterator[Printed]:
    for line in lines_of(pages):
        words = line.words
        least = min(w.confidence for w in words)
        yield Printed(
            text=" | ".join(c.text for c in line.cells)[:MAX_LENGTH],
            words=tuple(w.text for w in words),
            page=line.page,
            boxes=tuple((w.left, w.top, w.right, w.bottom) for w in words),
            quality=None if least == 1.0 else round(least, 4),
        )


def _cells(document: Document) -> Iterator[Printed]:
    for sheet in document.sheets:
        for number, row in enumerate(sheet.rows, sheet.first_row):
            cells = [str(c) for c in row if c not in (None, "")]
            if cells and not sheet.hidden:
                words = tuple(" ".join(cells).split())
                yield Printed(text=" | ".join(cells)[:MAX_LENGTH], words=words, where=f"{sheet.name}!{number}")


def _text(document: Document) -> Iterator[Printed]:
    for number, line in enumerate((document.text or "").splitlines(), 1):
        if words := tuple(line.split()):
            yield Printed(text=line.strip()[:MAX_LENGTH], words=words, where=f"line {number}")


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    """Words as they compare: without differences of form that nobody sees, and without the marks that enclose or end them."""
    return tuple(unicodedata.normalize("NFKC", w).casefold().strip(",;:()[]\"'|") for w in words)


def _around(boxes: tuple[Box, ...]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
