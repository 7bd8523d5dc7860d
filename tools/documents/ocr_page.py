"""A picture of a page -> its words: made even, turned upright, laid level, each line of text found and recognised.

Lines are found on a small copy of the picture and recognised on the large one. How the page lies is taken from the lines found: their
long sides tell a page on its side and its slant, and a page that reads badly is tried upside down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from signoff.tools.documents.document import Page, Picture, Word
from signoff.tools.documents.ocr import Box, Model
from signoff.tools.documents.ocr_engine import Line, engine
from signoff.tools.documents.ocr_picture import Grey, Quads, flat, level, moved, quarter, text_ink
from signoff.tools.documents.ocr_singles import with_singles
from signoff.tools.documents.ocr_words import words
from signoff.tools.documents.pdf_words import reading_order

LEVEL, STEEP = 0.1, 6.0
"""Slants in degrees: what needs no turning, and what needs the lines found again after it."""
READABLE = 0.8
"""A page whose characters are recognised this surely is not upside down."""
LEGIBLE = 0.5
"""A line whose characters are on average less sure is a drawing, a seal, or in letters that the models do not know."""
MARGIN = 0.25
"""Room around a box that is read again, in its heights."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines recognised on a picture, and the boxes (left, top, right, bottom in pixels) they were cut from."""

    picture: Grey
    boxes: list[tuple[int, int, int, int]]
    lines: list[Line]

    @property
    def sureness(self) -> float:
        """The mean sureness of the characters, 0 without any."""
        sure = [c for line in self.lines for c in line.sureness]
        return sum(sure) / len(sure) if sure else 0.0


def read(picture: Picture, number: int, model: Model) -> Page:
    """The page with its words. See `ocr.recognise`."""
    grey = flat(picture)
    found = engine(model).find(grey)
    turned = 0.0
    if _sideways(found):
        grey, turned = quarter(grey, 1), 90.0
        found = engine(model).find(grey)
    slant = _slant(found, grey)
    if abs(slant) > LEVEL:
        grey, turned = level(grey, slant), turned + slant
        found = engine(model).find(grey) if abs(slant) > STEEP else moved(found, grey, slant)
    found = with_singles(grey, found)
    reading = _recognise(grey, found, model)
    if reading.lines and reading.sureness < READABLE:
        other = _recognise(quarter(grey, 2), _upside_down(found, grey), model)
        reading, turned = (other, turned + 180.0) if other.sureness > reading.sureness else (reading, turned)
    return _page(reading, picture, number, turned)


def _page(reading: Reading, picture: Picture, number: int, turned: float) -> Page:
    width, height = (picture.width, picture.height) if round(turned / 90) % 2 == 0 else (picture.height, picture.width)
    scale = reading.picture.shape[1] / width
    placed = reading_order([_scaled(w, 1 / scale) for w in words(reading.picture, reading.boxes, reading.lines)])
    return Page(number, round(width, 2), round(height, 2), tuple(placed), scanned=True, turned=turned)


def _scaled(word: Word, by: float) -> Word:
    left, top, right, bottom, size = (round(v * by, 2) for v in (word.left, word.top, word.right, word.bottom, word.size))
    return Word(word.text, left, top, right, bottom, size, word.confidence)


def upright(picture: Picture, turned: float) -> Image.Image:
    """The picture turned as the page was. See `ocr.upright`."""
    return Image.fromarray(_upright(picture, turned))


def _upright(picture: Picture, turned: float) -> Grey:
    quarters = round(turned / 90)
    return level(quarter(flat(picture), quarters), turned - 90 * quarters)


def reread(picture: Picture, page: Page, boxes: Sequence[Box], model: Model) -> list[tuple[str, float]]:
    """The text in each box, from the picture turned as the page was. See `ocr.reread`."""
    grey = _upright(picture, page.turned)
    scale = grey.shape[1] / page.width
    lines = engine(model).recognise([_crop(grey, tuple(v * scale for v in box)) for box in boxes])
    return [(line.text.strip(), min(line.sureness, default=0.0)) for line in lines]


def _crop(grey: Grey, box: tuple[float, ...]) -> Grey:
    """The part of the picture in a box with a margin, as lines are found with one."""
    left, top, right, bottom = box
    margin = MARGIN * (bottom - top)
    rows = slice(max(0, int(top - margin)), max(int(bottom + margin) + 1, 1))
    return grey[rows, max(0, int(left - margin)) : max(int(right + margin) + 1, 1)]


def _sides(quads: Quads) -> tuple[np.ndarray, np.ndarray]:
    """Length of each box along its top and along its left side."""
    return np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1), np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)


def _sideways(quads: Quads) -> bool:
    """Whether most text runs up or down the page."""
    across, down = _sides(quads)
    return float(down[down > 2 * across].sum()) > float(across[across > 2 * down].sum())


def _slant(quads: Quads, grey: Grey) -> float:
    """The slant of the page in degrees, clockwise: about the median of its long lines, where its lines of ink are the sharpest."""
    across, down = _sides(quads)
    long = quads[across > 4 * down]
    if len(long) < 3:
        return 0.0
    run = (long[:, 1] + long[:, 2] - long[:, 0] - long[:, 3]) / 2
    about = float(np.median(np.degrees(np.arctan2(run[:, 1], run[:, 0]))))
    rows, columns = text_ink(grey, quads)
    angles = about + np.arange(-15, 16) / 10
    return float(max(angles, key=lambda angle: _sharpness(rows - columns * math.tan(math.radians(angle)))))


def _sharpness(rows: np.ndarray) -> float:
    """How much the ink is gathered in some rows."""
    counts = np.bincount(np.round(rows - rows.min()).astype(np.int64)) if len(rows) else np.zeros(1)
    return float((counts.astype(np.float64) ** 2).sum())


def _upside_down(found: Quads, grey: Grey) -> Quads:
    """The lines found, as they lie when the picture is turned by half."""
    height, width = grey.shape
    return np.asarray((np.array([width, height], dtype=np.float32) - found)[:, [2, 3, 0, 1]], dtype=np.float32)


def _recognise(picture: Grey, found: Quads, model: Model) -> Reading:
    boxes = [box for quad in found if (box := _box(quad, picture)) is not None]
    lines = engine(model).recognise([picture[top:bottom, left:right] for left, top, right, bottom in boxes])
    legible = [n for n, line in enumerate(lines) if line.sureness and sum(line.sureness) / len(line.sureness) >= LEGIBLE]
    return Reading(picture, [boxes[n] for n in legible], [lines[n] for n in legible])


def _box(quad: np.ndarray, picture: Grey) -> tuple[int, int, int, int] | None:
    """The upright box of a line; nothing for text that runs up or down the margin."""
    height, width = picture.shape
    left, right = max(0, int(quad[:, 0].min())), min(width, int(np.ceil(quad[:, 0].max())))
    top, bottom = max(0, int((quad[0, 1] + quad[1, 1]) / 2)), min(height, int(np.ceil((quad[2, 1] + quad[3, 1]) / 2)))
    if right - left < 3 or bottom - top < 5 or bottom - top > max(3 * (right - left), height // 4):
        return None
    return left, top, right, bottom
