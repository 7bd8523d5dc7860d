"""A document: bytes that were opened. One type for every format, so that whatever reads it need not know the file.

`Source` is a file as it came; a reader in this folder opens it. Each reader is one file with the same three names:
`FORMAT`, `matches(source)`, and `open(source)`, and one entry in `opening.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from signoff.domain.reading import Notice

if TYPE_CHECKING:
    from lxml import etree
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it came. `name` is its path as the user gave it; for an attachment `mail.eml!order.pdf`.

    `problem` is a sentence when the bytes could not be had, or not all of them.
    """

    name: str
    data: bytes
    problem: str | None = None

    @property
    def suffix(self) -> str:
        """The file name's last extension, lower case with the dot, or an empty string."""
        tail = self.name.replace("!", "/").rsplit("/", 1)[-1]
        return "." + tail.rsplit(".", 1)[-1].lower() if "." in tail else ""


Cell = str | Decimal | dt.date | bool | None
"""A spreadsheet cell: text, exact number, date, truth value, or empty."""


def column_letters(number: int) -> str:
    """A column as spreadsheets name it: 1 is A, 27 is AA. Own, for openpyxl takes a third of a second to load."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of cells. `rows[r][c]`; `hidden` when the workbook hides it; `first_row` is the number of rows[0] in the file (1-based).

    `currency` is the one currency (ISO 4217) that the number formats of its cells print, `$` where they print no more than that.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    first_row: int = 1
    currency: str | None = None


@dataclass(slots=True, unsafe_hash=True)  # pages have thousands, and a frozen one takes six times as long to make
class Word:
    """A word with its box in points from the page's top left; `confidence` is that of its recognition, 1 where it was text."""

    text: Final[str]
    left: Final[float]
    top: Final[float]
    right: Final[float]
    bottom: Final[float]
    size: Final[float] = 0.0
    confidence: Final[float] = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `number` counts from 1, width and height in points, words in reading order.

    `scanned` when the words were recognised in a picture; it was `turned` by so many degrees against the clock to stand upright and level.
    `aside` are words at another angle than the page's, as in stamps and margins: they belong to no line.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    scanned: bool = False
    turned: float = 0.0
    aside: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture, the way it lies in the file (perhaps on its side), and the size in points of the page as it lies there."""

    image: Image
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail's headers say: sender and receiver as printed (`Name <address>`), subject and day; empty where there is none.

    `notices` are what its body leaves in doubt.
    """

    sender: str = ""
    receiver: str = ""
    subject: str = ""
    sent: str = ""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An opened file: `xml` for XML, `text` for EDI, CSV and plain text, `sheets` for tables, `pages` for laid-out text.

    `attachments` are files inside it, opened as documents of their own. `notices` are what the opener noticed, such
    as hidden text. `envelope` is a mail's. `picture` makes the picture of a scanned page by its number, to be
    recognised again or shown.
    """

    name: str
    format: str
    data: bytes = field(repr=False)
    xml: etree._Element | None = None
    text: str | None = None
    sheets: tuple[Sheet, ...] = ()
    pages: tuple[Page, ...] = ()
    attachments: tuple[Source, ...] = ()
    notices: tuple[Notice, ...] = ()
    envelope: Envelope | None = None
    picture: Callable[[int], Picture] | None = field(default=None, repr=False, compare=False)
