"""Words of a page as lines of cells: neighbouring words that belong together, each with its box.

A cell ends where the gap is wider than the blank between two words of that height can be. Laid-out text is read from these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Any, Generic, TypeVar

from signoff.domain.reading import Evidence, Region
from signoff.tools.documents.document import Page, Word
from signoff.tools.orders.values import Mark, number

T = TypeVar("T")

BLANK, CAPITAL = 0.68, 0.72
"""The widest gap inside a cell, in type sizes (a blank takes 0.25 to 0.33 of it, 0.6 on a typewriter), and the height of capitals in it."""


class kept(Generic[T]):
    """A property that is worked out once; functools.cached_property takes a lock each time, until Python 3.12."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work, self.name, self.__doc__ = work, work.__name__, work.__doc__

    def __get__(self, owner: Any, kind: type | None = None) -> T:
        value = owner.__dict__[self.name] = self.work(owner)
        return value


@dataclass(frozen=True)
class Cell:
    """Neighbouring words on one line of one page; the box in points from the top left."""

    words: tuple[Word, ...]
    page: int

    @kept
    def text(self) -> str:
        return " ".join(w.text for w in self.words)

    @kept
    def left(self) -> float:
        return min(w.left for w in self.words)

    @kept
    def right(self) -> float:
        return max(w.right for w in self.words)

    @kept
    def top(self) -> float:
        return min(w.top for w in self.words)

    @kept
    def bottom(self) -> float:
        return max(w.bottom for w in self.words)

    @kept
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @kept
    def middle_height(self) -> float:
        return (self.top + self.bottom) / 2

    @kept
    def height(self) -> float:
        return max(w.bottom - w.top for w in self.words)

    def cut(self, start: int, stop: int | None = None) -> Cell | None:
        """The cell's words from `start` to `stop`, or nothing when that leaves none."""
        words = self.words[start:stop]
        return Cell(words, self.page) if words else None

    def evidence(self, region: Region, label: str | None = None) -> Evidence:
        """The printed text with its page and box, what labels it, and how surely it was recognised."""
        box = (self.left, self.top, self.right, self.bottom)
        least = min(w.confidence for w in self.words)
        quality = None if least == 1.0 else round(least, 4)
        return Evidence(text=self.text[:4000], page=self.page, box=box, region=region, label=label and label[:200], quality=quality)


@dataclass(frozen=True)
class Line:
    """One printed line: its cells from left to right."""

    cells: tuple[Cell, ...]
    page: int
    height_of_page: float

    @kept
    def words(self) -> list[Word]:
        return [w for c in self.cells for w in c.words]

    @kept
    def text(self) -> str:
        return " ".join(c.text for c in self.cells)

    @kept
    def top(self) -> float:
        return min(c.top for c in self.cells)

    @kept
    def bottom(self) -> float:
        return max(c.bottom for c in self.cells)


def join(cells: Iterable[Cell]) -> Cell | None:
    """One cell of all the words, in the order given, or nothing."""
    found = list(cells)
    return Cell(tuple(w for c in found for w in c.words), found[0].page) if found else None


def lines_of(pages: Sequence[Page]) -> list[Line]:
    """Every printed line of every page, from the top."""
    return [Line(cells(row, page.number), page.number, page.height) for page in pages for row in rows(page.words)]


def rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stand on one line: their middles lie within half a height of each other."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.top + w.bottom) / 2, w.left)):
        same = next((row for row in reversed(found[-3:]) if _level(row, word)), None)
        if same is not None:
            same.append(word)
        else:
            found.append([word])
    for row in found:
        row.sort(key=lambda w: w.left)
    return found


def _level(row: list[Word], word: Word) -> bool:
    tallest = max(row[-6:], key=lambda w: w.bottom - w.top)
    height = max(min(tallest.bottom - tallest.top, word.bottom - word.top), 5.0)
    return abs((tallest.top + tallest.bottom) - (word.top + word.bottom)) / 2 <= 0.45 * height


def cells(row: Sequence[Word], page: int) -> tuple[Cell, ...]:
    """A line's words as cells, cut at the wide gaps."""
    blank = BLANK * type_size(row)
    parts: list[list[Word]] = [[row[0]]]
    for before, word in pairwise(row):
        if word.left - before.right > blank:
            parts.append([])
        parts[-1].append(word)
    return tuple(Cell(tuple(part), page) for part in parts)


def type_size(words: Sequence[Word]) -> float:
    """The type size: what the document states where the letters' height bears it out, else what their height implies."""
    height = usual_height(words)
    stated = median([w.size for w in words])
    return stated if 1.1 <= stated / height <= 2.2 else height / CAPITAL


def usual_height(words: Sequence[Word]) -> float:
    """The height of a line's letters and digits; marks such as a dash are too low to count."""
    heights = [w.bottom - w.top for w in words if any(c.isalnum() for c in w.text)] or [w.bottom - w.top for w in words]
    return max(median(heights), 4.0)


_ID = re.compile(r"\d{10,}")
"""So many digits without a mark between them are a registration number."""
_AROUND = re.compile(r"^(?:[^\W\d_]{1,3}\.?\s+|[A-Z]{1,3}(?=\d[\d ., ]*[.,]\d\d$))?(.*?\d.*?)(?:\s+[^\W\d_]{1,3}\.?)?$")


@lru_cache(16_384)
def amount(text: str, mark: Mark | None) -> Decimal | None:
    """A number with a currency, or with letters that are set like one (`2.150 KD`)."""
    if len(text) > 60 or _ID.search(text.replace(" ", "")):
        return None
    value = number(text, mark)
    bare = _AROUND.match(text.strip()) if value is None else None
    return number(bare[1], mark) if bare else value
