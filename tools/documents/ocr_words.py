"""A recognised line of text -> its words, each with the box of its ink.

The recogniser says roughly where on the line each character is and where a blank is; the ink says where the blank is exactly. A word ends
at a blank that was recognised, and at one in the ink that is wider than a blank inside a word can be. In typewriter's letters, each as wide
as any other, a comma stands so free that it is taken for the end of a word: there the ink alone decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

import cv2
import numpy as np

from signoff.tools.documents.document import Word
from signoff.tools.documents.ocr_engine import Line
from signoff.tools.documents.ocr_picture import Grey

GAP, GAP_IN_NUMBER = 0.48, 0.7
"""A blank wider than this share of the ink's height ends a word, recognised or not; beside a digit's point or comma it may be wider."""
PITCH = 0.6
"""The width of a typewriter's letter in type sizes."""
RULE = 0.7
"""A row of pixels that is black over more than this share of the line is a rule, not letters."""


Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def words(picture: Grey, boxes: Sequence[Box], lines: Sequence[Line]) -> list[Word]:
    """The words of each line that stands in its box; boxes of words in pixels of the picture."""
    found = [w for box, line in zip(boxes, lines, strict=True) for w in _words(picture, box, line, None)]
    pitch = _pitch(found)
    if pitch is None:
        return found
    return [w for box, line in zip(boxes, lines, strict=True) for w in _words(picture, box, line, pitch)]


def _pitch(words: Sequence[Word]) -> float | None:
    """The width of a character on a page of typewriter's letters, where nearly all words are as long as their letters are many."""
    widths = [(w.right - w.left) / (len(w.text) - 0.25) for w in words if len(w.text) >= 5]
    if len(widths) < 8:
        return None
    usual = median(widths)
    return usual if sum(abs(w - usual) < 0.05 * usual for w in widths) > 0.7 * len(widths) else None


def _words(picture: Grey, box: Box, line: Line, pitch: float | None) -> Iterator[Word]:
    left, top, right, bottom = box
    ink = _ink(picture[top:bottom, left:right])
    spans = list(_spans(ink, line, pitch))
    for n, (start, stop, first, last) in enumerate(spans):
        begin = 0 if n == 0 else first
        end = ink.shape[1] if n == len(spans) - 1 else last
        text = line.text[start:stop].replace(" ", "")
        first_ink, high, last_ink, low = _edges(ink, begin, end)
        room = max(0.0, len(text) * pitch - (last_ink - first_ink)) / 2 if pitch else 0.0
        yield Word(
            text,
            left + first_ink - room,
            top + high,
            left + last_ink + room,
            top + low,
            size=pitch / PITCH if pitch else 0.0,
            confidence=min(line.sureness[start:stop]),
        )


def _ink(crop: Grey) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Where there is ink, be it dark on light or light on dark; rules under or over the line left out."""
    _, black = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    ink = black > 0
    if ink.mean() > 0.55:
        ink = ~ink
    ink[ink.mean(axis=1) > RULE] = False
    return ink


def _spans(ink: np.ndarray, line: Line, pitch: float | None) -> Iterator[tuple[int, int, int, int]]:
    """For each word its first character, the one after its last, and the columns of pixels between which its ink lies."""
    columns = np.asarray(ink.any(axis=0))
    width, height = len(columns), int(np.ptp(np.flatnonzero(ink.any(axis=1)))) + 1 if columns.any() else ink.shape[0]
    shown = [i for i, char in enumerate(line.text) if not char.isspace()]
    start, begin = 0, 0
    for n, i in enumerate(shown):
        if n == 0:
            start = i
            continue
        before = shown[n - 1]
        blank = _blank(columns, int(line.middles[before] * width), int(line.middles[i] * width))
        gap = blank[1] - blank[0]
        if gap > 0.95 * pitch if pitch else i > before + 1 or gap > _gap(line.text[before] + line.text[i]) * height:
            middle = (blank[0] + blank[1]) // 2
            yield start, before + 1, begin, middle
            start, begin = i, middle
    if shown:
        yield start, shown[-1] + 1, begin, width


def _gap(pair: str) -> float:
    return GAP_IN_NUMBER if any(c.isdigit() for c in pair) and not pair.isalnum() else GAP


def _blank(columns: np.ndarray, start: int, stop: int) -> tuple[int, int]:
    """The widest run of columns without ink between two places; where there is none, the middle."""
    free = np.flatnonzero(~columns[start : stop + 1])
    if not len(free):
        return (start + stop) // 2, (start + stop) // 2
    cuts = np.flatnonzero(np.diff(free) > 1)
    starts, ends = free[np.concatenate(([0], cuts + 1))], free[np.concatenate((cuts, [len(free) - 1]))]
    widest = int(np.argmax(ends - starts))
    return start + int(starts[widest]), start + int(ends[widest]) + 1


def _edges(ink: np.ndarray, begin: int, end: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the ink between two columns; the whole place where there is none."""
    part = ink[:, begin:end]
    across, down = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not len(across):
        return begin, 0, max(end, begin + 1), ink.shape[0]
    return begin + int(across[0]), int(down[0]), begin + int(across[-1]) + 1, int(down[-1]) + 1
