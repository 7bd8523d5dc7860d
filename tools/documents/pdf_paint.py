"""What is painted on a PDF page besides and over its text, and whether a person can see a word there.

Hidden is text in the render modes that paint nothing (ISO 32000-1, 9.3.6), and text of which the page as painted shows no contrast:
white on white, switched off with its layer, painted over. The page is painted only when a word gives cause: a light colour, a layer,
something opaque on top. White on a dark bar is seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from signoff.tools.documents import pdf_calls as calls
from signoff.tools.documents.pdf_view import Box, View

OPAQUE, CONTRAST = 250, 24
"""The opacity of what hides what lies beneath, and the contrast that an eye sees, of 255."""
SCALE, MAX_PIXELS, THIN = 2.0, 16_000_000, 3.0
MAX_OBJECTS, MAX_DEPTH = 50_000, 8
WHOLE = 0.5
"""The part of a page from which on a picture on it is the page itself."""
BAND = 24.0
"""Height of the bands in points in which covers are looked up."""
TEXT, PATH, IMAGE, FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM
UNIT: calls.Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Cover:
    """Something opaque, its box on the upright page, and its place in the order of painting."""

    order: int
    box: Box
    picture: bool
    colour: calls.Colour | None = None


def area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


class Paint:
    """The objects of a page in the order they are painted, and the page as it is painted."""

    def __init__(self, page: pdfium.PdfPage, view: View) -> None:
        self.page, self.view = page, view
        self.order: dict[int, int] = {}
        self.pictures: list[Cover] = []
        self.things = 0
        self.covers: dict[int, list[Cover]] = {}
        """What is opaque, by bands of the page's height."""
        self._bitmap: pdfium.PdfBitmap | None = None
        self._scale = min(SCALE, math.sqrt(MAX_PIXELS / max(view.size[0] * view.size[1], 1)))
        handle = calls.address(page.raw)
        self._walk((calls.page_object(handle, n) for n in range(raw.FPDFPage_CountObjects(page))), UNIT, 0)

    def _walk(self, items: Iterator[int], place: calls.Matrix, depth: int) -> None:
        for item in items:
            self.things += 1
            if self.things > MAX_OBJECTS or not item:
                return
            kind = calls.object_type(item)
            if kind == TEXT:
                self.order[item] = self.things
            elif kind == PATH:
                self._path(item, place)
            elif kind == IMAGE:
                picture = Cover(self.things, self._box(item, place), True)
                self.pictures.append(picture)
                if not calls.transparent(item):
                    self._cover(picture)
            elif kind == FORM and depth < MAX_DEPTH:
                self._walk(calls.inside(item), _times(calls.matrix(item), place), depth + 1)

    def _path(self, item: int, place: calls.Matrix) -> None:
        if calls.filled(item):
            box = self._box(item, place)
            shade = calls.colour(item) if box[2] - box[0] > THIN and box[3] - box[1] > THIN else None
            if shade and shade[3] >= OPAQUE:
                self._cover(Cover(self.things, box, False, shade))

    def _box(self, item: int, place: calls.Matrix) -> Box:
        left, bottom, right, top = calls.bounds(item)
        if place is not UNIT:
            corners = [_at(place, x, y) for x in (left, right) for y in (bottom, top)]
            (left, right), (bottom, top) = ((min(c), max(c)) for c in zip(*corners, strict=True))
        return self.view.box(left, bottom, right, top)

    def _cover(self, cover: Cover) -> None:
        top, bottom = max(0.0, cover.box[1]), min(self.view.size[1], cover.box[3])
        for band in range(int(top // BAND), int(bottom // BAND) + 1):
            self.covers.setdefault(band, []).append(cover)

    def over(self, item: int, box: Box) -> list[Cover]:
        """What is painted over the middle of a text object's word."""
        order = self.order.get(item, MAX_OBJECTS + 1)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return [c for c in self.covers.get(int(y // BAND), ()) if c.order > order and holds(c.box, x, y)]

    def dark_under(self, item: int, box: Box, colour: calls.Colour) -> bool:
        """Whether the word stands on one opaque colour that it contrasts with, as white on a dark bar does."""
        order, y = self.order.get(item, 0), (box[1] + box[3]) / 2
        under = [c for c in self.covers.get(int(y // BAND), ()) if c.order < order and _meet(c.box, box)]
        ground = under[-1] if under else None
        inside = ground is not None and holds(ground.box, box[0], box[1] + 1) and holds(ground.box, box[2], box[3] - 1)
        if ground is None or ground.colour is None or not inside or colour[3] < OPAQUE:
            return False
        return abs(sum(ground.colour[:3]) - sum(colour[:3])) >= 6 * CONTRAST

    def page_like(self, cover: Cover) -> bool:
        """Whether a picture is as large as the page, as a scan is."""
        width, height = self.view.size
        return cover.picture and area(cover.box) >= WHOLE * width * height

    def flat(self, box: Box) -> bool:
        """Whether the box shows no contrast: nothing there that an eye could read."""
        if self._bitmap is None:
            self._bitmap = self.page.render(scale=self._scale, grayscale=True, rotation=90 * self._turned())
        bitmap, data = self._bitmap, memoryview(self._bitmap.buffer).cast("B")
        left, right = max(0, int(box[0] * self._scale)), min(bitmap.width, int(box[2] * self._scale) + 1)
        rows = range(max(0, int(box[1] * self._scale)), min(bitmap.height, int(box[3] * self._scale) + 1))
        step, least, most = bitmap.n_channels, 255, 0
        for y in rows if left < right else ():
            row = bytes(data[y * bitmap.stride + left * step : y * bitmap.stride + right * step])
            least, most = min(least, min(row)), max(most, max(row))
            if most - least >= CONTRAST:
                return False
        return True

    def _turned(self) -> int:
        return (self.view.turns - int(self.page.get_rotation()) // 90) % 4

    def blank(self) -> bool:
        """Whether nothing at all can be seen on the page."""
        return not self.things or self.flat((0.0, 0.0, *self.view.size))


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _at(m: calls.Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _times(m: calls.Matrix, n: calls.Matrix) -> calls.Matrix:
    """The matrix that does `m` first, then `n`."""
    (e, f) = _at(n, m[4], m[5])
    return m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3], m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3], e, f
