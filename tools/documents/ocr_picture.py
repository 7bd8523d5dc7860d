"""A picture of a page as recognition wants it: grey, square pixels, of a size that pays, evenly lit."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from signoff.tools.documents.document import Picture

Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
"""A grey picture, shape (height, width), 0 black to 255 white."""

Quads = np.ndarray[tuple[int, int, int], np.dtype[np.float32]]
"""Corners of lines of text in pixels, shape (lines, 4, 2): top left, top right, bottom right, bottom left."""

INK = 190
"""Darker than this on an even picture is ink."""
MAX_SIDE, MIN_SCALE = 2600, 150 / 72
"""The longest side in pixels that is worth the time, and the pixels a point below which a picture is enlarged."""


def flat(picture: Picture) -> Grey:
    """The picture made ready, as it lies."""
    return _even(_square(picture))


def quarter(grey: Grey, turns: int) -> Grey:
    """The picture turned against the clock by so many quarters."""
    return np.ascontiguousarray(np.rot90(grey, turns))


def level(grey: Grey, slant: float) -> Grey:
    """The picture turned against the clock by so many degrees, on a sheet of the same size."""
    if slant == 0:
        return grey
    size = (grey.shape[1], grey.shape[0])
    turned = cv2.warpAffine(grey, _about(grey, slant), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
    return np.asarray(turned, dtype=np.uint8)


def moved(quads: Quads, grey: Grey, slant: float) -> Quads:
    """Where corners lie after `level`."""
    return np.asarray(cv2.transform(quads, _about(grey, slant)), dtype=np.float32)


def _about(grey: Grey, slant: float) -> np.ndarray:
    return np.asarray(cv2.getRotationMatrix2D((grey.shape[1] / 2, grey.shape[0] / 2), slant, 1.0))


def text_ink(grey: Grey, lines: Quads) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the ink in lines of text, on a copy of about 1,000 pixels a side."""
    by = 1000 / max(grey.shape)
    small = cv2.resize(grey, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    inside = np.zeros_like(small)
    cv2.fillPoly(inside, [np.round(quad * by).astype(np.int32) for quad in lines], (1,))
    rows, columns = np.nonzero((small < INK) & (inside > 0))
    return rows, columns


def _square(picture: Picture) -> Grey:
    """The picture in grey with square pixels. Fax machines send 204 x 98 pixels an inch, so one side may have to grow."""
    image, width, height = picture.image, picture.width, picture.height
    grey = _grey(image)
    wide, high = image.size
    scale = min(max(wide / width, high / height, MIN_SCALE), MAX_SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (wide, high):
        return grey
    smaller = size[0] < wide and size[1] < high
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), dtype=np.uint8)


def _grey(image: Image.Image) -> Grey:
    """Grey on white paper, whatever the mode: what is transparent is paper, 16 bits become 8."""
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, dtype=np.float32)
        top = 65535.0 if float(deep.max(initial=0.0)) > 255 else 255.0
        return np.asarray(np.clip(deep * (255.0 / top), 0, 255), dtype=np.uint8)
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        image = Image.alpha_composite(paper, clear)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def _even(picture: Grey) -> Grey:
    """The picture with its paper white: divided by the light that fell on it, where that was uneven or dim.

    The light is what is left when the ink is taken away: on a small copy the brightest of each neighbourhood, smoothed.
    """
    height, width = picture.shape
    small = cv2.resize(picture, (max(8, width // 16), max(8, height // 16)), interpolation=cv2.INTER_AREA)
    light = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 7)
    dark, bright = np.percentile(light, (3, 97))
    if dark > 200 and bright - dark < 40:
        return picture
    shade = cv2.resize(cv2.GaussianBlur(light, (0, 0), 3), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(picture, np.maximum(shade, 1), scale=250), dtype=np.uint8)
