"""The characters of a PDF page as runs that make a word: their letters, their box, and how they are set.

A word ends at white space, at a gap wider than a third of its height, where the baseline moves, or where it is set in another way. PDFium
sees the gaps inside a text object and writes a space there; the gaps between two objects are seen here. Letters come composed
(Unicode NFC), ligatures and presentation forms as the letters they stand for.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from signoff.domain.errors import Unreadable
from signoff.tools.documents import pdf_calls as calls
from signoff.tools.documents.pdf_calls import Colour
from signoff.tools.documents.pdf_view import Box

GAP, LIGHT, FAINT = 0.36, 215, 40
"""The gap between words in heights, the darkest component of a light colour, and the opacity of a faint one, of 255."""
NEAR = 4.0 * GAP
"""No gap in points at the least height that counts: nearer characters never stand apart."""
TILT = math.radians(11)
SKEW = 4
"""What `Ink.turns` says of text at no right angle."""
MAX_CHARACTERS = 1_000_000
INVISIBLE, CLIP = raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP

_TOKEN = re.compile(r"[^\s\x00-\x20\ufffe\ufeff]+\ufffe?|\ufffe")
_DROPPED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SHAPES = re.compile("[\ufb00-\ufdff\ufe70-\ufefc\uff01-\uff5e]")
_ACCENTS = str.maketrans({"¨": "\u0308", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327", "˚": "\u030a"})
_ACCENT = re.compile("[¨´ˆ˜¸˚]")
_BACKWARDS = frozenset({"R", "AL", "NSM"})


class Ink(NamedTuple):
    """How a text object is set: its type size in points, quarter turns counter-clockwise in user space, and what gives cause to look."""

    size: float
    turns: int
    invisible: bool
    layered: bool
    colour: Colour | None
    """Where it is light or faint."""


class Run(NamedTuple):
    """Characters `start` to `stop` that make a word, how they are set, and their box in user space (left, bottom, right, top)."""

    start: int
    stop: int
    item: int
    ink: Ink
    box: Box


class Text:
    """The characters of a page: their codes at once, their boxes as they are needed. Raises `Unreadable` when they are too many."""

    def __init__(self, page: pdfium.PdfTextpage) -> None:
        self._page = page
        self.handle = calls.address(page.raw)
        self.count = page.count_chars()
        if self.count > MAX_CHARACTERS:
            raise Unreadable(f"A page has {self.count:,} characters; up to {MAX_CHARACTERS:,} are read.")
        self.text = self._codes()
        self._sides = (ctypes.c_double * (4 * self.count))()
        self._inks: dict[int, Ink] = {}
        self._item = 0

    def _codes(self) -> str:
        """One code for each character. PDFium writes U+FFFE for the hyphen that breaks a word at the end of a line."""
        units = (ctypes.c_ushort * (self.count + 1))()
        length = raw.FPDFText_GetText(self._page.raw, 0, self.count, units) - 1
        text = bytes(units)[: 2 * self.count].decode("utf-16-le", "surrogatepass")
        if length == self.count == len(text):
            return text
        codes = (raw.FPDFText_GetUnicode(self._page.raw, n) for n in range(self.count))
        return "".join(chr(c) if 0 < c < 0x110000 else " " for c in codes)

    def runs(self) -> Iterator[Run]:
        """The page's words in the order they were written. PDFium sees the gaps inside a text object; those between two are seen here."""
        handle, inks = self.handle, self._inks
        for token in _TOKEN.finditer(self.text):
            start, stop = token.span()
            box = calls.ink(handle, start, stop - start)
            if box is None:
                self._measure(start, stop)
                yield from self._cut(start, stop)
                continue
            item = calls.text_object(handle, start) or 0
            ink = inks.get(item) or self._ink(start)[1]
            yield Run(start, stop, item, ink, self._wide(start, stop, ink, box))

    def _measure(self, start: int, stop: int) -> None:
        box, handle = calls.char_box, self.handle
        at = ctypes.addressof(self._sides) + 32 * start
        for n in range(start, stop):
            box(handle, n, at, at + 16, at + 8, at + 24)
            at += 32

    def _ink(self, index: int) -> tuple[int, Ink]:
        item = calls.text_object(self.handle, index) or 0
        found = self._inks.get(item)
        if found is None:
            found = self._inks[item] = self._set(item, index)
        return item, found

    def _set(self, item: int, index: int) -> Ink:
        a, b, c, d, _, _ = calls.matrix_at(self.handle, index)
        size = round(calls.font_size(self.handle, index) * (abs(d) if not c else math.hypot(c, d)), 2)
        turns = 0 if not b and a > 0 else _turns(math.atan2(b, a))
        if not item:
            return Ink(size, turns, False, False, None)
        mode, shade = calls.render_mode(item), calls.colour(item)
        light = shade is not None and (min(shade[:3]) >= LIGHT or shade[3] < FAINT)
        layered = mode == CLIP or (calls.count_marks(item) > 0 and calls.in_layer(item))
        return Ink(size, turns, mode == INVISIBLE, layered, shade if light else None)

    def _cut(self, start: int, stop: int) -> Iterator[Run]:
        """A word of several objects, cut where they are set otherwise or seen otherwise."""
        begin, (item, ink) = start, self._ink(start)
        for n in range(start + 1, stop):
            if calls.text_object(self.handle, n) != item:
                item, other = self._ink(n)
                if other[1:] != ink[1:]:
                    yield from self._level(begin, n, self._ink(begin)[0], ink)
                    begin, ink = n, other
        yield from self._level(begin, stop, self._ink(begin)[0], ink)

    def _level(self, start: int, stop: int, item: int, ink: Ink) -> Iterator[Run]:
        """The word, cut where the next character stands apart."""
        turns = ink.turns % 4
        sides = self._sides[4 * start : 4 * stop]
        if turns:
            sides = [s for n in range(0, len(sides), 4) for s in _along(sides[n : n + 4], turns)]
        begin = start
        a_left, a_bottom, a_right, a_top = sides[:4]
        for n in range(start + 1, stop):
            left, bottom, right, top = sides[4 * (n - start) : 4 * (n - start) + 4]
            near = -1.0 < left - a_right < NEAR and bottom < a_top and top > a_bottom
            if not near and self._apart(n, (a_left, a_bottom, a_right, a_top), (left, bottom, right, top), turns):
                yield self._run(begin, n, item, ink)
                begin = n
            a_left, a_bottom, a_right, a_top = left, bottom, right, top
        yield self._run(begin, stop, item, ink)

    def _apart(self, index: int, before: Box, box: Box, turns: int) -> bool:
        """Whether a character stands apart from the one before: a gap along the line, in the direction of its script, or another line."""
        height = max(before[3] - before[1], box[3] - box[1], 4.0)
        if box[3] < before[1] - 0.5 * height or box[1] > before[3] + 0.5 * height:
            return True
        if unicodedata.category(self.text[index]) == "Mn":
            return False
        backwards = box[0] < before[0] and unicodedata.bidirectional(self.text[index]) in _BACKWARDS
        gap = before[0] - box[2] if backwards else box[0] - before[2]
        if gap < -1.5 * height:
            return True
        if gap <= GAP * height:
            return False
        (left, _, right, _), (a_left, _, a_right, _) = (_along(calls.loose(self.handle, n), turns) for n in (index, index - 1))
        left, right, a_left, a_right = min(left, box[0]), max(right, box[2]), min(a_left, before[0]), max(a_right, before[2])
        return (a_left - right if backwards else left - a_right) > GAP * height

    def _run(self, start: int, stop: int, item: int, ink: Ink) -> Run:
        sides = self._sides
        left, bottom = min(sides[4 * start : 4 * stop : 4]), min(sides[4 * start + 1 : 4 * stop : 4])
        right, top = max(sides[4 * start + 2 : 4 * stop : 4]), max(sides[4 * start + 3 : 4 * stop : 4])
        return Run(start, stop, item, ink, self._wide(start, stop, ink, (left, bottom, right, top)))

    def _wide(self, start: int, stop: int, ink: Ink, box: Box) -> Box:
        """The word's ink, as long along the line as it is set: the ink of a point or a `1` is narrower than its place."""
        left, bottom, right, top = box
        a_left, a_bottom, a_right, a_top = calls.span(self.handle, start, stop)
        if ink.turns % 2:
            return left, a_bottom if a_bottom < bottom else bottom, right, a_top if a_top > top else top
        return a_left if a_left < left else left, bottom, a_right if a_right > right else right, top

    def letters(self, start: int, stop: int) -> str:
        """The characters as people write them. A hyphen that breaks a line, or a soft one that has ink, is a hyphen."""
        text = self.text[start:stop]
        if text.isascii():
            return text
        if "\u00ad" in text or _ACCENT.search(text):
            self._measure(start, stop)
        if "\u00ad" in text:
            text = "".join("" if c == "\u00ad" and self._inkless(start + n) else c for n, c in enumerate(text)).replace("\u00ad", "-")
        if _ACCENT.search(text) and len(text) == stop - start:
            text = self._accented(text, start)
        text = _SHAPES.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text.replace("\ufffe", "-"))
        return unicodedata.normalize("NFC", _DROPPED.sub("", text))

    def _inkless(self, index: int) -> bool:
        return float(self._sides[4 * index + 2] - self._sides[4 * index]) < 0.1

    def _accented(self, text: str, start: int) -> str:
        """The text with accents that are set as signs of their own (TeX) on the letters that they stand over."""
        made: list[str] = []
        for n, c in enumerate(text):
            if made and _ACCENT.fullmatch(made[-1]) and c.isalpha() and self._above(start + n - 1, start + n):
                made[-1:] = [c, made[-1].translate(_ACCENTS)]
            elif made and made[-1].isalpha() and _ACCENT.fullmatch(c) and self._above(start + n, start + n - 1):
                made.append(c.translate(_ACCENTS))
            else:
                made.append(c)
        return "".join(made)

    def _above(self, accent: int, letter: int) -> bool:
        left, right = self._sides[4 * letter], self._sides[4 * letter + 2]
        middle = (self._sides[4 * accent] + self._sides[4 * accent + 2]) / 2
        return bool(left <= middle <= right)

    def unmapped(self, runs: list[Run]) -> float:
        """The part of a sample of words whose font has no map to Unicode."""
        sample = runs[:: max(1, len(runs) // 40)]
        missing = sum(raw.FPDFText_HasUnicodeMapError(self._page.raw, run.start) == 1 for run in sample)
        return missing / len(sample) if sample else 0.0


def _along(sides: Box | list[float], turns: int) -> Box:
    """A box of user space as the line sees it: from, below, to, above."""
    left, bottom, right, top = sides
    boxes = ((left, bottom, right, top), (bottom, -right, top, -left), (-right, -top, -left, -bottom), (-top, left, -bottom, right))
    return boxes[turns]


def _turns(angle: float) -> int:
    """An angle as quarter turns counter-clockwise, or as `SKEW`."""
    quarter = round(angle / (math.pi / 2))
    return quarter % 4 if abs(angle - quarter * math.pi / 2) < TILT else SKEW
