"""What recognition easily takes for something else, and what a page can only mean.

A figure whose last mark stands before exactly two digits has decimals, whichever mark was recognised; the page as a whole shows which
it prints. Such figures are written that page's way. `1.250` may be either and is left as it was recognised. A nought that begins a word
of small letters is a capital O; among digits or capitals, as in an article number, nothing is changed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from signoff.tools.documents.document import Document, Page

DECIMALS = re.compile(r"(\D{0,3})(\d{1,3}(?:[.,]\d{3})*|\d+)([.,])(\d\d)(\D{0,3})")
"""Something like a currency sign, whole units perhaps grouped, the mark, two digits."""
CAPITAL_O = re.compile(r"(?<![^\W_])0(?=[a-zß-ÿ]{4})")
"""A nought before small letters."""
CLEAR = 3
"""One mark must be so many times as frequent as the other to be the one that is printed."""


def mended(document: Document) -> Document:
    """The document with the words of its scanned pages as they can only be meant."""
    mark = _mark([w.text for page in document.pages if page.scanned for w in page.words])
    return replace(document, pages=tuple(_mended(page, mark) if page.scanned else page for page in document.pages))


def _mark(texts: list[str]) -> str | None:
    """The decimal mark that the figures were recognised with; none where that is not plain."""
    figures = [m for text in texts if (m := DECIMALS.fullmatch(text))]
    commas = sum(m[3] == "," for m in figures)
    points = len(figures) - commas
    if max(commas, points) < CLEAR * max(min(commas, points), 1):
        return None
    return "," if commas > points else "."


def _mended(page: Page, mark: str | None) -> Page:
    return replace(page, words=tuple(w if w.text.isalpha() else replace(w, text=_written(w.text, mark)) for w in page.words))


def _written(text: str, mark: str | None) -> str:
    figure = DECIMALS.fullmatch(text)
    if figure is None:
        return CAPITAL_O.sub("O", text)
    if mark is None or figure[3] == mark:
        return text
    before, whole, _, decimals, after = figure.groups()
    return before + re.sub("[.,]", "." if mark == "," else ",", whole) + mark + decimals + after
