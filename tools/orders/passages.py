"""Running text as passages: the sentences and list entries of a message, each word known by its place on the page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from signoff.tools.documents.document import Word
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.prose_words import FAREWELL

ENTRY = re.compile(r"\s*(?:[-*•·–▪‣>+o]\s+|(?P<number>\d{1,3})[.)]\s+(?=\S))")
"""What a list entry begins with: a bullet, or a number with a point or a bracket."""
_COUNTED = re.compile(r"\s*\d+(?:[.,]\d+)?\s*[x×]?\s*[^\W\d_]{2}")
_TAIL = re.compile(r"\d\s*(?:[^\W\d_]{1,8}\.?|[€$£])?\s*$|\d[.,]\d\d(?:[\s/]*(?:[^\W\d_]{1,8}\.?|[€$£])){1,3}\s*$")
"""What the lines of a list end with: a number and perhaps its unit, or a price and what it is per."""


@dataclass
class Passage:
    """A paragraph or list entry. `lines` are the places of its lines in the text; `after_colon`: a colon leads in to it."""

    lines: list[int]
    words: list[Word]
    page: int
    after_colon: bool = False
    text: str = field(init=False)
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.text = " ".join(w.text for w in self.words)
        self.starts, at = [], 0
        for word in self.words:
            self.starts.append(at)
            at += len(word.text) + 1

    def cell(self, start: int, stop: int) -> Cell:
        """The words between two places of the text; of a place inside a word the whole word."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, max(stop - 1, start)), first + 1)
        return Cell(tuple(self.words[first:last]), self.page)


def body(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """The lines before the farewell, and those from it on: the signature."""
    at = next((n for n, line in enumerate(lines) if FAREWELL.match(line.text.strip())), len(lines))
    return lines[:at], lines[at:]


def passages(lines: Sequence[Line]) -> Iterator[Passage]:
    """The passages in their order: a line begins one after a gap, with a bullet or a number, and after a colon."""
    own: list[int] = []
    leads = False
    widest = max((len(line.text) for line in lines), default=0)
    for n, line in enumerate(lines):
        if own and (_ends_short(lines[n - 1], line, widest) or _begins(lines[n - 1], line, lines[own[0]])):
            yield _passage(lines, own, leads)
            leads = lines[n - 1].text.rstrip().endswith(":")
            own = []
        own.append(n)
    if own:
        yield _passage(lines, own, leads)


def _passage(lines: Sequence[Line], own: list[int], leads: bool) -> Passage:
    return Passage(own, [w for n in own for w in lines[n].words], lines[own[0]].page, leads)


def _ends_short(before: Line, line: Line, widest: int) -> bool:
    """Whether a paragraph ends on a line: the next would have fitted on it and begins with a capital."""
    return len(before.text) < 0.6 * widest and line.text[:1].isupper()


def _begins(before: Line, line: Line, first: Line) -> bool:
    """Whether a line begins a passage; a number does in a list, and behind a mark, but not in the middle of a sentence."""
    gap = line.top - before.bottom > 1.1 * (line.bottom - line.top) or line.page != before.page
    if gap or ENTRY.match(line.text) or before.text.rstrip().endswith(":") or len(line.cells) > 1 or len(before.cells) > 1:
        return True
    if _TAIL.search(before.text) and _TAIL.search(line.text):
        return True
    return bool(_COUNTED.match(line.text)) and (bool(_COUNTED.match(first.text)) or before.text.rstrip()[-1:] in ".;,!")
