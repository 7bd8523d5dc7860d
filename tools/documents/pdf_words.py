"""The words of a PDF page with their boxes, from PDFium's characters, and those among them that a person cannot see.

PDFium gives a box, a size, a colour and a render mode for each character (fpdf_text.h); a word ends at white space, at a gap
wider than a third of its height, or where the baseline moves. Boxes are turned with the page, in points from the top left.
Hidden is what PDF 32000-1, 9.3.6 draws in mode 3, what is smaller than 2 points or off the page, and light text without contrast to what
is painted behind it: white on a dark bar is read, white on paper is not.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from signoff.tools.documents.document import Word

TINY, GAP, LIGHT, CONTRAST = 2.0, 0.36, 215, 24
SCALE = 2


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its box in PDF user space (left, bottom, right, top) and its index on the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    index: int


@dataclass(frozen=True, slots=True)
class View:
    """How user space lands on the upright page: its box, and how often it is turned clockwise by 90 degrees."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space, from the top left of the page as it is shown."""
        places = (
            (x - self.left, self.top - y),
            (y - self.bottom, x - self.left),
            (self.right - x, y - self.bottom),
            (self.top - y, self.right - x),
        )
        return places[self.turns % 4]

    def box(self, g: Glyph) -> tuple[float, float, float, float]:
        (x0, y0), (x1, y1) = self.point(g.left, g.bottom), self.point(g.right, g.top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


Placed = tuple[Glyph, tuple[float, float, float, float]]
"""A character and its box on the upright page: left, top, right, bottom."""


def glyphs(page: pdfium.PdfTextpage) -> Iterator[Glyph | None]:
    """The page's characters in the order they were written; `None` stands where white space or a line end was."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    wide = raw.FS_RECTF()
    for i in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page, i)
        text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if text.isspace() or code in (0xFFFE, 0xFFFF, 0x00AD) or ord(text) < 32:
            yield None
            continue
        raw.FPDFText_GetCharBox(page, i, left, right, bottom, top)
        raw.FPDFText_GetLooseCharBox(page, i, wide)
        box = _box((left.value, bottom.value, right.value, top.value), wide, raw.FPDFText_GetCharAngle(page, i))
        yield Glyph(text, *box, raw.FPDFText_GetFontSize(page, i), i)


def _box(ink: tuple[float, float, float, float], wide: raw.FS_RECTF, angle: float) -> tuple[float, float, float, float]:
    """The ink's box, as long along the line as the character is set: the ink of a point or a `1` is narrower than its place."""
    left, bottom, right, top = ink
    if abs(angle % math.pi) < 0.2 or abs(angle % math.pi - math.pi) < 0.2:
        return min(left, wide.left), bottom, max(right, wide.right), top
    return left, min(bottom, wide.bottom), right, max(top, wide.top)


def runs(page: pdfium.PdfTextpage, view: View) -> Iterator[list[Placed]]:
    """The characters of each word with their boxes on the upright page."""
    word: list[Placed] = []
    for glyph in glyphs(page):
        placed = (glyph, view.box(glyph)) if glyph else None
        if word and (placed is None or _breaks(word[-1], placed)):
            yield word
            word = []
        if placed:
            word.append(placed)
    if word:
        yield word


def _breaks(last: Placed, placed: Placed) -> bool:
    """Whether the next character stands apart: a gap along the line, in the direction of its script, or another line."""
    (_, a), (glyph, b) = last, placed
    height = max(a[3] - a[1], b[3] - b[1], 4.0)
    backwards = unicodedata.bidirectional(glyph.text) in ("R", "AL", "NSM")
    gap = a[0] - b[2] if backwards and b[0] < a[0] else b[0] - a[2]
    apart = gap > GAP * height or gap < -1.5 * height
    return apart or b[1] > a[3] + 0.5 * height or b[3] < a[1] - 0.5 * height


def words(page: pdfium.PdfPage) -> tuple[View, list[Word], list[Word]]:
    """The page's view, its visible words in reading order, and its hidden ones."""
    view = _view(page)
    text = page.get_textpage()
    paint = Paint(page, view)
    shown: list[Word] = []
    hidden: list[Word] = []
    for run in runs(text, view):
        word = _word(run)
        unseen = any(c.isalnum() for c in word.text) and _invisible(text, run[0][0].index, word, paint)
        (hidden if unseen else shown).append(word)
    return view, reading_order(_once(shown)), hidden


def _view(page: pdfium.PdfPage) -> View:
    """What is shown of the page: the crop box inside the media box (ISO 32000-1, 14.11.2), in unturned user space."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom, right, top = (f(a, b) for f, a, b in zip((max, max, min, min), media, crop, strict=True))
    if right <= left or top <= bottom:
        left, bottom, right, top = media
    return View(left, bottom, right, top, page.get_rotation() // 90)


def _word(run: list[Placed]) -> Word:
    boxes = [box for _, box in run]
    sides = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    text = "".join(g.text for g, _ in run)
    left, top, right, bottom = (round(s, 2) for s in sides)
    return Word(text, left, top, right, bottom, round(max(run[0][0].size, 0.0), 2))


def _invisible(page: pdfium.PdfTextpage, index: int, word: Word, paint: Paint) -> bool:
    if word.bottom - word.top < TINY * 0.55 or paint.outside(word):
        return True
    item = raw.FPDFText_GetTextObject(page, index)
    if item and raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(page, index, red, green, blue, alpha):
        return False
    light = min(red.value, green.value, blue.value) >= LIGHT or alpha.value < 40
    return light and paint.flat(word)


class Paint:
    """The page as it is painted, rendered only when some text is light enough to ask."""

    def __init__(self, page: pdfium.PdfPage, view: View) -> None:
        self.page, self.view = page, view
        self.bitmap: pdfium.PdfBitmap | None = None

    def outside(self, word: Word) -> bool:
        width, height = self.view.size
        return word.right < 0 or word.bottom < 0 or word.left > width or word.top > height

    def flat(self, word: Word) -> bool:
        """Whether the word's box shows no contrast: nothing there that an eye could read."""
        if self.bitmap is None:
            self.bitmap = self.page.render(scale=SCALE, grayscale=True)
        bitmap, data = self.bitmap, memoryview(self.bitmap.buffer).cast("B")
        left, right = max(0, int(word.left * SCALE)), min(bitmap.width, int(word.right * SCALE) + 1)
        rows = range(max(0, int(word.top * SCALE)), min(bitmap.height, int(word.bottom * SCALE) + 1))
        step = bitmap.n_channels
        seen = [v for y in rows for v in data[y * bitmap.stride + left * step : y * bitmap.stride + right * step].tolist()]
        return not seen or max(seen) - min(seen) < CONTRAST


def _once(words: list[Word]) -> list[Word]:
    """The words without those printed twice on one spot, as some programs do to embolden."""
    seen: dict[tuple[str, int, int], Word] = {}
    for w in words:
        near = [(w.text, round(w.left / 2) + dx, round(w.top / 2) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        if not any(key in seen for key in near):
            seen[near[4]] = w
    return list(seen.values())


def reading_order(words: list[Word]) -> list[Word]:
    """The words line by line from the top, each line from the left."""
    return [word for line in lines(words) for word in line]


def lines(words: list[Word]) -> list[list[Word]]:
    """Words that stand on one line: their middles lie within each other's height."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.top + w.bottom) / 2, w.left)):
        middle = (word.top + word.bottom) / 2
        same = next((row for row in reversed(rows[-3:]) if _level(row, word, middle)), None)
        if same is not None:
            same.append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda w: w.left)
    return rows


def _level(row: list[Word], word: Word, middle: float) -> bool:
    ref = max(row[-4:], key=lambda w: w.bottom - w.top)
    centre = (ref.top + ref.bottom) / 2
    height = max(min(ref.bottom - ref.top, word.bottom - word.top), 5.0)
    return abs(centre - middle) <= 0.45 * height
