"""Pages as pictures, for people: a PDF as PDFium paints it, a scan as it was recognised, and text without pages as words on white paper.

Pictures are RGB; a box in points of the upright page lies at its coordinates times the pixels a point.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from signoff.tools.documents import ocr, pdf
from signoff.tools.documents.document import Document, Page, Source

SCALE = 2.0
WHITE, INK = (255, 255, 255), (40, 44, 52)
FACES, OWN_FACE, SIZE = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf"), "Aileron", 12
MAX_SIDE = 6000
"""Pixels a point, and of the longer side at most."""


def rendered(document: Document, numbers: Iterable[int]) -> dict[int, tuple[Image.Image, float]]:
    """The pages with these numbers (from 1), upright, each with its pixels a point. Raises `Unreadable`."""
    pages = {p.number: p for p in document.pages}
    return {n: _rendered(document, pages[n]) for n in numbers if n in pages}


def _rendered(document: Document, page: Page) -> tuple[Image.Image, float]:
    """As recognised, as printed, or set from its words."""
    if page.scanned and document.picture is not None:
        return _sized(ocr.upright(document.picture(page.number), page), page)
    return _sized(_painted(document, page), page) if document.format == pdf.FORMAT else (_set(page), SCALE)


def _scale(page: Page) -> float:
    return min(SCALE, MAX_SIDE / max(page.width, page.height))


def _painted(document: Document, page: Page) -> Image.Image:
    with pdf.PDFIUM:
        opened = pdf.load(Source(document.name, document.data))
        try:
            image: Image.Image = opened[page.number - 1].render(scale=_scale(page)).to_pil()
            return image
        finally:
            opened.close()


def _sized(picture: Image.Image, page: Page) -> tuple[Image.Image, float]:
    size = (round(page.width * _scale(page)), round(page.height * _scale(page)))
    return (picture if picture.size == size else picture.resize(size)).convert("RGB"), _scale(page)


def _set(page: Page) -> Image.Image:
    """A page without a face of its own, as words at their places."""
    right = max((w.right for w in page.words), default=0.0)
    bottom = max((w.bottom for w in page.words), default=0.0)
    width, height = (max(least, min(most + 20, MAX_SIDE / SCALE)) for most, least in ((right, 300.0), (bottom, 80.0)))
    picture = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), WHITE)
    draw = ImageDraw.Draw(picture)
    for word in page.words:
        box = (word.left * SCALE, word.top * SCALE, word.right * SCALE, word.bottom * SCALE)
        fitted(draw, word.text, box)
    return picture


def fitted(draw: ImageDraw.ImageDraw, text: str, box: tuple[float, float, float, float]) -> None:
    """The text as large as fits into a box of pixels."""
    left, top, right, bottom = box
    size = max(8, round((bottom - top) * 0.9))
    text = legible(text)
    width = draw.textlength(text, font=font(size))
    size = max(8, min(size, int(size * (right - left) / width))) if width > right - left > 0 else size
    draw.text((left, bottom), text, fill=INK, font=font(size), anchor="ls")


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """A face of the system that has the letters of most languages, else the one that Pillow brings along."""
    for name in FACES:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    own = ImageFont.load_default(size)
    assert isinstance(own, ImageFont.FreeTypeFont)  # Pillow is built with FreeType wherever it is a wheel
    return own


def legible(text: str) -> str:
    """The text in letters that the face has: Pillow's own knows no accents, so there `ä` is drawn as `a`."""
    if text.isascii() or font(SIZE).getname()[0] != OWN_FACE:
        return text
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("€", "EUR").replace("–", "-").replace("…", "..."))
    return "".join(c for c in plain if c.isascii() or c == "·" or not unicodedata.combining(c))
