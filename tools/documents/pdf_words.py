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
from functools import lru_cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from signoff.tools.documents.document import Word

TINY, GAP, LIGHT, CONTRAST = 2.0, 0.36, 215, 24
SCALE = 2


Box = tuple[float, float, float, float]
"""Left, top, right, bottom on the upright page."""


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

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of user space on the page as it is shown."""
        if self.turns % 4 == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


@dataclass(slots=True)
class Run:
    """The characters of a word with their boxes, and the index of the first on the page."""

    index: int
    text: list[str]
    boxes: list[Box]

    def ends(self, text: str, box: Box) -> bool:
        """Whether the next character stands apart: a gap along the line, in the direction of its script, or another line."""
        a_left, a_top, a_right, a_bottom = self.boxes[-1]
        left, top, right, bottom = box
        if -1.0 < left - a_right < 1.0 and top < a_bottom and bottom > a_top:  # most do not, at any height
            return False
        height = max(a_bottom - a_top, bottom - top, 4.0)
        backwards = left < a_left and not text.isascii() and unicodedata.bidirectional(text) in ("R", "AL", "NSM")
        gap = a_left - right if backwards else left - a_right
        apart = gap > GAP * height or gap < -1.5 * height
        return apart or top > a_bottom + 0.5 * height or bottom < a_top - 0.5 * height


def runs(page: pdfium.PdfTextpage, view: View) -> Iterator[Run]:
    """The page's words in the order they were written."""
    handle, boxes = page.raw, Boxes(page.raw, view)
    run: Run | None = None
    for i in range(page.count_chars()):
        text = _character(raw.FPDFText_GetUnicode(handle, i))
        box = boxes.of(i, run is None) if text else None
        if run and (box is None or run.ends(text, box)):
            yield run
            run = None
            box = boxes.of(i, True) if text else None
        if run and box:
            run.text.append(text)
            run.boxes.append(box)
        elif box:
            run = Run(i, [text], [box])
    if run:
        yield run


@lru_cache(4096)
def _character(code: int) -> str:
    """The character; nothing for white space, line ends and soft hyphens."""
    if code <= 32 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF, 0x00AD) or code >= 0x110000:
        return ""
    text = chr(code)
    return "" if text.isspace() else text


class Boxes:
    """Boxes of characters: their ink, as long along the line as they are set: the ink of a point or a `1` is narrower than its place."""

    def __init__(self, handle: raw.FPDF_TEXTPAGE, view: View) -> None:
        self.handle, self.view = handle, view
        self.sides = [ctypes.c_double() for _ in range(4)]
        self.wide = raw.FS_RECTF()
        self.level = True

    def of(self, index: int, first: bool) -> Box:
        """The character's box; the direction of the line is looked up for the first of a word."""
        left, right, bottom, top = self.sides
        raw.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top)
        raw.FPDFText_GetLooseCharBox(self.handle, index, self.wide)
        if first:
            angle = raw.FPDFText_GetCharAngle(self.handle, index) % math.pi
            self.level = angle < 0.2 or math.pi - angle < 0.2
        wide = self.wide
        if self.level:
            return self.view.box(min(left.value, wide.left), bottom.value, max(right.value, wide.right), top.value)
        return self.view.box(left.value, min(bottom.value, wide.bottom), right.value, max(top.value, wide.top))


def words(page: pdfium.PdfPage) -> tuple[View, list[Word], list[Word]]:
    """The page's view, its visible words in reading order, and its hidden ones."""
    view = _view(page)
    text = page.get_textpage()
    paint = Paint(page, view)
    shown: list[Word] = []
    hidden: list[Word] = []
    for run in runs(text, view):
        word = _word(text, run)
        unseen = any(c.isalnum() for c in word.text) and _invisible(text, run.index, word, paint)
        (hidden if unseen else shown).append(word)
    return view, reading_order(_once(shown)), hidden


def _view(page: pdfium.PdfPage) -> View:
    """What is shown of the page: the crop box inside the media box (ISO 32000-1, 14.11.2), in unturned user space."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom, right, top = (f(a, b) for f, a, b in zip((max, max, min, min), media, crop, strict=True))
    if right <= left or top <= bottom:
        left, bottom, right, top = media
    return View(left, bottom, right, top, page.get_rotation() // 90)


def _word(page: pdfium.PdfTextpage, run: Run) -> Word:
    lefts, tops, rights, bottoms = zip(*run.boxes, strict=True)
    left, top, right, bottom = (round(s, 2) for s in (min(lefts), min(tops), max(rights), max(bottoms)))
    return Word("".join(run.text), left, top, right, bottom, round(max(raw.FPDFText_GetFontSize(page.raw, run.index), 0.0), 2))


def _invisible(page: pdfium.PdfTextpage, index: int, word: Word, paint: Paint) -> bool:
    if word.bottom - word.top < TINY * 0.55 or paint.outside(word):
        return True
    item = raw.FPDFText_GetTextObject(page.raw, index)
    if item and raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    red, green, blue, alpha = paint.colour
    if not raw.FPDFText_GetFillColor(page.raw, index, red, green, blue, alpha):
        return False
    light = min(red.value, green.value, blue.value) >= LIGHT or alpha.value < 40
    return light and paint.flat(word)


class Paint:
    """The page as it is painted, rendered only when some text is light enough to ask."""

    def __init__(self, page: pdfium.PdfPage, view: View) -> None:
        self.page, self.view = page, view
        self.bitmap: pdfium.PdfBitmap | None = None
        self.colour = [ctypes.c_uint() for _ in range(4)]

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
    places: dict[str, set[tuple[int, int]]] = {}
    kept: list[Word] = []
    for w in words:
        seen = places.setdefault(w.text, set())
        x, y = round(w.left / 2), round(w.top / 2)
        if not seen or not any((x + dx, y + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            seen.add((x, y))
            kept.append(w)
    return kept


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
