"""Recognition of text in pictures of pages (OCR), with the models that come along; nothing is fetched, nothing leaves the machine.

The work is done by PP-OCRv6 (PaddlePaddle, Apache-2.0) through RapidOCR and ONNX Runtime, which the extra `ocr` installs. They are loaded
on the first page that needs them: this module alone costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Page, Picture

if TYPE_CHECKING:
    from PIL.Image import Image

MISSING = "The document is a scan or a photograph, and text recognition is not installed; run: pip install 'signoff[ocr]'."
Box = tuple[float, float, float, float]


class Model(StrEnum):
    """The pair of models that reads: `tiny` first, `small` as the second opinion, at ten times the cost."""

    TINY = "tiny"
    SMALL = "small"


def recognise(image: Image, number: int, width: float, height: float, model: Model = Model.TINY) -> Page:
    """The words of a page's picture; `width` and `height` are its size in points as it lies.

    The page comes out upright: a sheet that lay on its side has its width and height exchanged. Boxes are in points of the upright
    page. Raises `Unreadable` when the extra is not installed.
    """
    return _installed().read(Picture(image, width, height), number, model)


def upright(picture: Picture, page: Page) -> Image:
    """The picture as `recognise` saw the page: grey, upright, level, square pixels. The boxes of the page's words fit on it."""
    return _installed().upright(picture, page.turned)


def reread(picture: Picture, page: Page, boxes: Sequence[Box], model: Model) -> list[tuple[str, float]]:
    """The text in each box (left, top, right, bottom in points of the upright page) and how sure its least sure character is."""
    return _installed().reread(picture, page, boxes, model)


def _installed() -> Reader:
    try:
        from signoff.tools.documents import ocr_page
    except ImportError as error:
        raise Unreadable(MISSING) from error
    return ocr_page


class Reader(Protocol):
    """What the module that needs the extra offers."""

    def read(self, picture: Picture, number: int, model: Model) -> Page: ...

    def upright(self, picture: Picture, turned: float) -> Image: ...

    def reread(self, picture: Picture, page: Page, boxes: Sequence[Box], model: Model) -> list[tuple[str, float]]: ...
