"""Pages of words for tests: what stands where, in points, as an opener would give it."""

from __future__ import annotations

from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Document, Page, Word
from signoff.tools.orders import layout

SIZE, CAPITAL, LETTER, BLANK = 9.0, 0.72, 0.5, 0.28
"""The type size in points, and in it the height of capitals, the width of a letter and of a blank."""

Text = tuple[float, str] | tuple[float, str, float]
Row = tuple[float, list[Text]]
"""A line's distance from the top, and its texts: where each begins, what it says, its type size if it is another."""

LINES: list[Row] = [
    (400, [(50, "Item"), (120, "Description"), (300, "Qty"), (360, "Unit Price"), (450, "Amount")]),
    (415, [(50, "1"), (120, "Blue paint 5 l"), (300, "4"), (360, "1.50"), (450, "6.00")]),
    (430, [(50, "2"), (120, "Red paint 5 l"), (300, "2"), (360, "3.25"), (450, "6.50")]),
    (460, [(360, "Total"), (450, "12.50")]),
]


def document(rows: list[Row]) -> Document:
    """One A4 page of these rows."""
    words = [word for top, texts in rows for text in texts for word in _words(top, *text)]
    return Document("order.pdf", "pdf", b"", pages=(Page(1, 595, 842, tuple(words)),))


def _words(top: float, left: float, text: str, size: float = SIZE) -> list[Word]:
    words: list[Word] = []
    for part in text.split():
        right = left + LETTER * size * len(part)
        words.append(Word(part, left, top, right, top + CAPITAL * size, size))
        left = right + BLANK * size
    return words


def draft(*head: Row, lines: list[Row] | None = None) -> DraftOrder:
    """The order read from a page with this head, above a table of two lines."""
    part = layout.read(document([*head, *(LINES if lines is None else lines)]))[0]
    assert isinstance(part, DraftOrder), part
    return part
