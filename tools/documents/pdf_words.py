"""The words of a PDF page with their boxes, sorted by what a person sees of them.

Boxes are turned with the page, in points from the top left. A page whose text mostly runs sideways is turned upright; words that stand at
another angle than the page, as stamps and margins do, are kept apart, for they belong to no line. Hidden is what is too small to read, off
the page, or not to be seen where it stands (`pdf_paint`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter

import pypdfium2 as pdfium

from signoff.tools.documents.document import Word
from signoff.tools.documents.pdf_paint import Paint
from signoff.tools.documents.pdf_text import SKEW, Run, Text
from signoff.tools.documents.pdf_view import Box, View, view

TINY = 1.1
"""The least height in points of letters that can be read."""
SHEET = 842.0
"""The longer side of A4 in points: on a smaller page, letters may be smaller."""
LEVEL, TWICE = 0.9, 3.0
"""How far twice the middles of words on a line are apart at most, in heights, and copies of a word on one spot, in points."""

_SAYS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Words:
    """A page's words: `shown` in reading order, `aside` at another angle, `hidden` from view, `beneath` a picture of the page itself."""

    view: View
    paint: Paint
    shown: list[Word]
    aside: list[Word]
    hidden: list[Word]
    beneath: list[Word]
    unmapped: float
    """The part of the words whose font does not say what its letters are."""
    turned: int
    """Quarter turns clockwise by which the page was turned further than the file says."""


def words(page: pdfium.PdfPage) -> Words:
    """The page's words, sorted by what a person sees of them."""
    text = Text(page.get_textpage())
    runs = list(text.runs())
    lying = view(page)
    upright = _upright(lying, runs)
    paint = Paint(page, upright)
    found = Words(upright, paint, [], [], [], [], text.unmapped(runs), (upright.turns - lying.turns) % 4)
    least = TINY * min(1.0, max(upright.size) / SHEET)
    (width, height), turns = upright.size, upright.turns % 4
    for run in runs:
        word = _word(text, run, upright)
        ink = run.ink
        plain = ink.turns == turns and not (ink.colour or ink.invisible or ink.layered) and word.bottom - word.top >= least
        inside = word.left >= 0 and word.top >= 0 and word.right <= width and word.bottom <= height
        if plain and inside and not (paint.covers and paint.over(run.item, _box(word))):
            found.shown.append(word)
        else:
            _place(found, run, word, least).append(word)
    return replace(found, shown=reading_order(found.shown))


def _upright(page: View, runs: list[Run]) -> View:
    """The view in which most letters stand upright."""
    if {run.ink.turns for run in runs} <= {page.turns % 4}:
        return page
    letters: Counter[int] = Counter()
    for run in runs:
        letters[run.ink.turns] += run.stop - run.start
    most, count = max(letters.items(), key=lambda item: item[1], default=(0, 0))
    turned = most not in (SKEW, page.turns % 4) and count > 0.5 * letters.total() and count > 4 * letters[page.turns % 4]
    return replace(page, turns=most) if turned else page


def _word(text: Text, run: Run, page: View) -> Word:
    """The word with its box to a hundredth of a point; `round(x, 2)` goes by way of decimal digits and takes twice as long."""
    left, top, right, bottom = page.box(*run.box)
    return Word(
        text.letters(run.start, run.stop),
        round(left * 100) / 100,
        round(top * 100) / 100,
        round(right * 100) / 100,
        round(bottom * 100) / 100,
        run.ink.size,
    )


def _box(word: Word) -> Box:
    return word.left, word.top, word.right, word.bottom


def _place(found: Words, run: Run, word: Word, least: float) -> list[Word]:
    """Where the word belongs. Marks without letters and digits are never hidden: they say nothing."""
    angled = run.ink.turns != found.view.turns % 4
    shown = found.aside if angled else found.shown
    if not _SAYS.search(word.text):
        return shown
    ink, paint, box = run.ink, found.paint, _box(word)
    over = paint.over(run.item, box)
    if any(paint.page_like(c) for c in over):
        return found.beneath
    if ink.invisible:
        return found.beneath if any(paint.page_like(p) for p in paint.pictures) else found.hidden
    width, height = found.view.size
    depth = word.right - word.left if angled else word.bottom - word.top
    if depth < least or word.right < 0 or word.bottom < 0 or word.left > width or word.top > height:
        return found.hidden
    doubtful = over or ink.layered or (ink.colour and not paint.dark_under(run.item, box, ink.colour))
    return found.hidden if doubtful and paint.flat(box) else shown


def reading_order(words: list[Word]) -> list[Word]:
    """The words line by line from the top, each line from the left; those printed twice on one spot, to embolden, are there once."""
    return [word for line in lines(words) for word in _once(line)]


def lines(words: list[Word]) -> list[list[Word]]:
    """Words that stand on one line: their middles lie within half the height of its tallest word."""
    rows: list[list[Word]] = []
    tallest: list[tuple[float, float]] = []
    for double, word in sorted([(w.top + w.bottom, w) for w in words], key=itemgetter(0)):
        height = word.bottom - word.top
        for n in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            middle, high = tallest[n]
            lower = height if height < high else high
            if abs(double - middle) <= (LEVEL * lower if lower > 5.0 else LEVEL * 5.0):
                rows[n].append(word)
                if height > high:
                    tallest[n] = double, height
                break
        else:
            rows.append([word])
            tallest.append((double, height))
    for row in rows:
        row.sort(key=attrgetter("left"))
    return rows


def _once(line: list[Word]) -> list[Word]:
    texts: set[str] = set()
    if len({word.text for word in line}) == len(line):
        return line
    kept: list[Word] = []
    for word in line:
        if word.text not in texts:
            texts.add(word.text)
            kept.append(word)
        elif not any(w.text == word.text and word.left - w.left < TWICE and abs(word.top - w.top) < TWICE for w in kept[-3:]):
            kept.append(word)
    return kept
