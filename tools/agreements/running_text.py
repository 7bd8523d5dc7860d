"""The running text of a document: paragraphs, one a line, and the pages they stand on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from signoff.tools.documents.document import Document, Page, Word

REPEATED = 4
"""A paragraph that stands in the paper so often, word for word, is what every page bears: its source, its file, whose it is."""
BREAK = 1.6
"""A gap of this many line heights parts two paragraphs."""
_FOLIO = re.compile(r"[-–—\s]*(?:(?:page|seite)\s*)?[-–—\s]*(?:\d{1,4}|[ivxl]{1,6})\s*(?:(?:of|von|/)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_BEGINS = re.compile(
    r"\s*(?:(?:article|section|clause|artikel|abschnitt|§)\s*[\dIVXL]+\b|\d{1,2}(?:\.\d{1,2})*[.)]?\s+\S|\([a-z\dIVX]{1,4}\)\s"
    r"|[A-ZÀ-Þ][\w/-]*(?:\s[\w/-]+){0,2}:\s)",
    re.IGNORECASE,
)
_DRAWN = re.compile(r"[-=*~.·]{4,}|_+")


@dataclass(frozen=True, slots=True)
class RunningText:
    """`text` has a paragraph a line, blanks single; `starts` are the offsets at which pages begin, empty where there are no pages."""

    text: str
    starts: tuple[int, ...] = ()

    def page(self, offset: int) -> int | None:
        """The page (from 1) that an offset stands on."""
        return bisect_right(self.starts, offset) if self.starts else None


def running_text(document: Document) -> RunningText:
    """The text of the document in reading order, without page numbers and drawn lines."""
    if document.text is not None:
        sheets = document.text.split("\f")
        pages = [list(_paragraphs(_spaced(sheet.split("\n")))) for sheet in sheets]
        return _joined(pages, numbered=len(sheets) > 1)
    return _joined([list(_paragraphs(_set(page))) for page in document.pages], numbered=document.format in ("pdf", "png", "jpeg", "tiff"))


def _joined(pages: Sequence[list[str]], numbered: bool) -> RunningText:
    count = Counter(paragraph for page in pages for paragraph in page)
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for page in pages:
        starts.append(length)
        for paragraph in page:
            if count[paragraph] >= REPEATED and len(paragraph.split()) > 3:
                continue
            parts.append(paragraph)
            length += len(paragraph) + 1
    return RunningText("\n".join(parts), tuple(starts) if numbered else ())


def _spaced(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Lines, and whether a blank one stands before them."""
    apart = True
    for line in lines:
        if line.strip():
            yield line, apart
        apart = not line.strip()


def _set(page: Page) -> Iterator[tuple[str, bool]]:
    """The lines of a page, and whether each stands apart from the one above."""
    above: Word | None = None
    for line in _lines(page.words):
        first = line[0]
        height = max(first.bottom - first.top, 1.0)
        gap = first.top - above.top if above else 0.0
        yield " ".join(w.text for w in line), above is None or gap > (BREAK + 0.4) * height or gap < 0
        above = first


def _lines(words: Iterable[Word]) -> Iterator[list[Word]]:
    line: list[Word] = []
    for word in words:
        if line and (abs(word.top + word.bottom - line[-1].top - line[-1].bottom) > word.bottom - word.top or word.left < line[-1].left):
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _paragraphs(lines: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Lines put together: a paragraph ends before a gap and before a number that begins a clause."""
    held: list[str] = []
    for line, apart in lines:
        text = " ".join(_DRAWN.sub(" ", line).split())
        if not text or _FOLIO.fullmatch(text):
            continue
        if held and (apart or _BEGINS.match(text)):
            yield " ".join(held)
            held = []
        held.append(text)
    if held:
        yield " ".join(held)
