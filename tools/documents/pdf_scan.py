"""Which PDF pages have to be recognised from their picture, and what becomes of the words they had.

A page is recognised as a whole where it shows no text but shows something, where a picture as large as the page carries all but a few of
its words (whatever unseen text lies with it is somebody else's recognition), and where its text does not say what is printed: the font has
no map to Unicode or a wrong one, which is settled by comparing with what is recognised. Where a large picture stands beside text, only the
picture is recognised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from signoff.tools.documents.document import Page, Word
from signoff.tools.documents.pdf_paint import WHOLE, area, holds
from signoff.tools.documents.pdf_view import Box
from signoff.tools.documents.pdf_words import Words, reading_order

LARGE, SOLID, FEW = 0.2, 0.8, 25
"""The part of a page that a picture of text covers, how densely its pieces fill it, and words fewer than which are stamps on a scan."""
BROKEN, ODD, VOICELESS = 0.2, 0.02, 0.4
"""The part of unreadable characters that says a text layer is broken, the part that raises doubt, and that of words without a vowel."""
ALIKE, AGREES = 0.75, 0.6
"""How alike a printed and a recognised word are, and the part of words that must be for a text layer to be believed."""

_LATIN = re.compile(r"[A-Za-z]{4,}")
_CONSONANTS = re.compile(r"(?<![A-Za-z])[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{4,}(?![A-Za-z])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNREADABLE = frozenset({"Co", "Cc", "Cn", "Cs"})


@dataclass(frozen=True, slots=True)
class Need:
    """Why a page is recognised: as a `whole`, to be `compared` with its text, or only the `pictures` on it."""

    whole: bool = False
    compared: bool = False
    pictures: tuple[Box, ...] = ()


def need(found: Words) -> Need | None:
    """What of the page has to be recognised; nothing on most pages."""
    shown = found.shown
    if not shown and not found.aside:
        return Need(whole=True) if _scanned(found) or not _empty(found) else None
    text = " ".join([w.text for w in shown])
    odd = unreadable(text)
    if odd > BROKEN:
        return Need(whole=True)
    pictures = tuple(_pictures(found))
    width, height = found.view.size
    if any(area(p) >= WHOLE * width * height for p in pictures):
        return Need(whole=True)
    if odd > ODD or found.unmapped > ODD or _voiceless(text):
        return Need(compared=True)
    return Need(pictures=pictures) if pictures else None


def _scanned(found: Words) -> bool:
    return any(found.paint.page_like(p) for p in found.paint.pictures)


def _empty(found: Words) -> bool:
    """Whether nothing can be seen on a page without text; unseen text on it is told elsewhere."""
    return (bool(found.hidden) and not found.paint.pictures) or found.paint.blank()


def unreadable(text: str) -> float:
    """The part of characters that are none in Unicode: private, control, unassigned, replaced."""
    if text.isascii():
        return len(_CONTROL.findall(text)) / max(len(text), 1)
    return sum(c > "\x7f" and (c == "\ufffd" or unicodedata.category(c) in _UNREADABLE) for c in text) / len(text)


def _voiceless(text: str) -> bool:
    """Whether too many words lack a vowel, as they do when each letter stands for another."""
    latin = len(_LATIN.findall(text))
    return latin >= 10 and len(_CONSONANTS.findall(text)) > VOICELESS * latin


def _pictures(found: Words) -> Iterator[Box]:
    """Large pictures with hardly any text on them. The strips and tiles of one picture count together."""
    width, height = found.view.size
    page = (0.0, 0.0, width, height)
    boxes = [b for p in found.paint.pictures if area(b := _common(p.box, page)) > 0]
    if not boxes:
        return
    around = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    together = len(boxes) > 1 and sum(map(area, boxes)) >= SOLID * area(around)
    for box in [around] if together else dict.fromkeys(boxes):
        if area(box) >= LARGE * width * height and sum(_within(w, box) for w in found.shown) < FEW:
            yield box


def _common(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _within(word: Word, box: Box) -> bool:
    return holds(box, (word.left + word.right) / 2, (word.top + word.bottom) / 2)


def merged(page: Page, recognised: Page, wanted: Need) -> Page:
    """The page with what was recognised where it was wanted: all of it, or what its pictures say beside its own words."""
    if wanted.whole or (wanted.compared and not _agree(page.words, recognised.words)):
        return recognised
    if wanted.compared or (page.width > page.height) != (recognised.width > recognised.height):
        return page
    inside = [w for w in recognised.words if any(_within(w, p) for p in wanted.pictures)]
    new = [w for w in inside if not any(_within(w, (v.left, v.top, v.right, v.bottom)) for v in page.words)]
    return replace(page, words=tuple(reading_order([*page.words, *new]))) if new else page


def _agree(printed: tuple[Word, ...], recognised: tuple[Word, ...]) -> bool:
    """Whether most words of the text layer were recognised too, at the same height of the page."""
    bands: dict[int, list[Word]] = {}
    for word in recognised:
        for band in range(int(word.top // 12), int(word.bottom // 12) + 1):
            bands.setdefault(band, []).append(word)
    said = [w for w in printed if sum(c.isalnum() for c in w.text) >= 3]
    if not said or not recognised:
        return True
    return sum(any(_alike(w, r) for r in bands.get(int((w.top + w.bottom) / 24), ())) for w in said) >= AGREES * len(said)


def _alike(word: Word, other: Word) -> bool:
    near = other.left < word.right and word.left < other.right
    text, seen = word.text.casefold(), other.text.casefold()
    return near and (text in seen or SequenceMatcher(None, text, seen, autojunk=False).ratio() >= ALIKE)
