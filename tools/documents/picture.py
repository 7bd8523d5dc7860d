"""Pictures of pages: JPEG, PNG, TIFF with one or more pages, BMP, GIF and WebP, each page recognised.

A page's size in points comes from the resolution that the file states, where that makes a sheet of paper of it; cameras state any.
A picture too small to hold a page of text, such as a logo in a mail, is opened without pages.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Document, Page, Picture, Source
from signoff.tools.documents.ocr import recognise

if TYPE_CHECKING:
    from PIL.Image import Image

FORMAT = "picture"
FORMATS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "TIFF": "tif", "BMP": "bmp", "GIF": "gif", "WEBP": "webp"}
"""What Pillow calls a format, and what a record calls it. An MPO is a JPEG that a camera put a second picture into."""
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"GIF87a", b"GIF89a")
MAX_PIXELS, MAX_PAGES = 100_000_000, 30
TOO_LARGE = f"{{}} has more than {MAX_PIXELS // 1_000_000} million pixels; scan it again with 300 dots an inch."
ENOUGH = 4_000
"""Pixels on the longer side beyond which a JPEG is decoded at half or a quarter of its size."""
PAGE_SIDES = (350, 500)
"""The least pixels on the shorter and on the longer side of a page that can be read."""
SHEET = (200.0, 1300.0)
"""The shorter side in points that a sheet has at least, and the longer one at most: from A7 to a little over A3."""
EXIF_ORIENTATION, SIDEWAYS = 0x0112, (5, 6, 7, 8)
"""Which way up the camera was held, and the ways of lying on its side (EXIF 2.3, 4.6.4)."""
A4, LETTER = (595.28, 841.89), (612.0, 792.0)


def matches(source: Source) -> bool:
    """Whether the bytes begin as a picture of a known format does."""
    data = source.data
    web = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    bitmap = data.startswith(b"BM") and data[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    return data.startswith(SIGNATURES) or web or bitmap


def open(source: Source) -> Document:
    """The pages with the words recognised on them; none when the picture is too small for a page.

    Raises `Unreadable` for a damaged file, too many pages or pixels, and when text recognition is not installed.
    """
    kind, count = _checked(source)
    pages = tuple(_page(source, number) for number in range(1, count + 1))
    return Document(source.name, kind, source.data, pages=pages, picture=partial(picture, source))


def picture(source: Source, number: int) -> Picture:
    """The picture of a page, counted from 1, as its EXIF orientation turns it. Raises `Unreadable` when it is damaged."""
    from PIL import ImageOps

    with _opened(source) as image:
        image.seek(number - 1)
        width, height = _points(image.size, _dots(image))
        sideways = image.getexif().get(EXIF_ORIENTATION) in SIDEWAYS
        enough = ENOUGH / max(image.size)
        image.draft("L", (round(image.width * enough), round(image.height * enough)))
        turned = ImageOps.exif_transpose(image)
        turned.load()
        return Picture(turned, height, width) if sideways else Picture(turned, width, height)


def _page(source: Source, number: int) -> Page:
    found = picture(source, number)
    return recognise(found.image, number, found.width, found.height)


def _checked(source: Source) -> tuple[str, int]:
    """The format and the number of pages; none in a picture too small to be one. Nothing is decoded yet."""
    with _opened(source) as image:
        kind = FORMATS[image.format or ""]
        count = getattr(image, "n_frames", 1) if kind == "tif" else 1
        if count > MAX_PAGES:
            raise Unreadable(f"{source.name} has {count} scanned pages; up to {MAX_PAGES} are read, split it into its orders.")
        for number in range(count):
            image.seek(number)
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable(TOO_LARGE.format(source.name))
        shorter, longer = sorted(image.size)
        return kind, count if count > 1 or (shorter >= PAGE_SIDES[0] and longer >= PAGE_SIDES[1]) else 0


@contextmanager
def _opened(source: Source) -> Iterator[Image]:
    """The picture, opened but not decoded; whatever a damaged one makes Pillow raise becomes `Unreadable`."""
    from PIL import Image

    damaged = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, struct.error)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(source.data), formats=[f for f in FORMATS if f != "MPO"]) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise Unreadable(TOO_LARGE.format(source.name)) from error
    except damaged as error:
        raise Unreadable(f"{source.name} is a damaged or cut off picture; ask the sender for it again.") from error


def _dots(image: Image) -> tuple[float, float] | None:
    """Pixels an inch across and down, as the file states them; 72 is what is written where nobody knows."""
    across, down = image.info.get("dpi", (0, 0))
    return (float(across), float(down)) if max(across, down) > 72 and min(across, down) > 0 else None


def _points(size: tuple[int, int], dots: tuple[float, float] | None) -> tuple[float, float]:
    """Width and height in points: as stated where that is a sheet, else of the sheet that the shape is most like."""
    wide, high = size
    if dots:
        width, height = wide * 72 / dots[0], high * 72 / dots[1]
        if min(width, height) >= SHEET[0] and max(width, height) <= SHEET[1]:
            return width, height
    shape = max(wide, high) / min(wide, high)
    sheet = min((A4, LETTER), key=lambda s: abs(s[1] / s[0] - shape))
    scale = sheet[1] / max(wide, high)
    return wide * scale, high * scale
