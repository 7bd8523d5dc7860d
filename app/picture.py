"""`signoff show CASE --evidence`: the pages of an order with a box around everything that was read from them.

Green is proved, amber was read without enough proof, red is what a blocking finding is about. A document that has no pages (a workbook, an
EDI file, XML) becomes a list of places and texts in the same colours. Boxes are in points of the upright page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from textwrap import wrap

from PIL import Image, ImageDraw
from pydantic import Base64Bytes

from signoff.app.marks import RGB, Colour, Drawing, Mark, Seen
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.rendering import WHITE, font, legible, rendered
from signoff.tools.intake import opened

Box = tuple[float, float, float, float]
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
GREY: RGB = (96, 100, 108)
MARGIN, BANNER_TEXT, SMALL, EDGE = 24, 22, 17, 3
ROWS_A_SHEET, SHEET_WIDTH, ROW = 60, 1654, 30


def drawn(source: Source, drawing: Drawing) -> tuple[Base64Bytes, ...]:
    """The pictures of a paper as PNG files. Runs in a process of its own (`tools/isolation.py`), for it opens the original."""
    return tuple(map(_png, pictures(opened(source, drawing.member), drawing.marks, drawing.seen)))


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def pictures(document: Document, read: Sequence[Mark], seen: Seen) -> list[Image.Image]:
    """A picture for each page with evidence, or the list of places where the document has no pages."""
    by_page: dict[int, list[Mark]] = {}
    for mark in read:
        if mark.evidence.page is not None and mark.evidence.box is not None:
            by_page.setdefault(mark.evidence.page, []).append(mark)
    if not by_page:
        return list(_listed(read, seen))
    pages = rendered(document, sorted(by_page))
    words = {page.number: page.words for page in document.pages if page.number in pages}
    for number, (picture, scale) in pages.items():
        _boxed(picture, scale, by_page[number], [_scaled((w.left, w.top, w.right, w.bottom), scale) for w in words[number]])
    count = len(pages)
    return [_headed(picture, seen, f"page {n}, {i} of {count} with evidence") for i, (n, (picture, _)) in enumerate(pages.items(), 1)]


def _boxed(picture: Image.Image, scale: float, read: list[Mark], printed: list[Box]) -> None:
    """Draw every box, then the labels where neither print nor another label is in the way; a column of cells is labelled once."""
    draw = ImageDraw.Draw(picture, "RGBA")
    boxes = {id(mark): _scaled(mark.evidence.box or NOWHERE, scale) for mark in read}
    for mark in read:
        draw.rectangle(boxes[id(mark)], fill=(*mark.colour.rgb, 34), outline=(*mark.colour.rgb, 255), width=2)
    taken = [*dict.fromkeys(boxes.values()), *printed]
    named: set[str] = set()
    for mark in read:
        first = mark.line is None or mark.label not in named or mark.colour is Colour.DOUBTED
        named.add(mark.label if mark.line is not None else "")
        if first and mark.label:
            _labelled(draw, mark, boxes[id(mark)], taken, picture.size)


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return left * scale - EDGE, top * scale - EDGE, right * scale + EDGE, bottom * scale + EDGE


def _labelled(draw: ImageDraw.ImageDraw, mark: Mark, box: Box, taken: list[Box], size: tuple[int, int]) -> None:
    text = mark.label if mark.line is None else f"{mark.line} {mark.label}"
    width, height = draw.textlength(text, font=font(SMALL)) + 8, SMALL + 5
    left, top, right, bottom = box
    places = [
        (left, top - height), (right, top), (right - width, top - height), (left, bottom), (right - width, bottom), (left - width, top)
    ]  # fmt: skip
    inside = [(x, y) for x, y in places if x >= 0 and y >= 0 and x + width <= size[0] and y + height <= size[1]]
    free = [(x, y) for x, y in inside if not any(_meet((x, y, x + width, y + height), other) for other in taken)]
    if not free and mark.line is not None and mark.colour is not Colour.DOUBTED:
        return  # the column has a printed heading
    x, y = (free or inside or [(left, max(0.0, top - height))])[0]
    taken.append((x, y, x + width, y + height))
    draw.rectangle(taken[-1], fill=(*mark.colour.rgb, 235))
    draw.text((x + 4, y + 1), text, fill=WHITE, font=font(SMALL))


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1


def _headed(picture: Image.Image, seen: Seen, place: str) -> Image.Image:
    """The page under a band with the verdict, the reasons and the legend."""
    width = max(picture.width, 900)
    rows = [line for reason in seen.reasons for line in wrap(reason, width // 11)][:14]
    height = 2 * MARGIN + 3 * (BANNER_TEXT + 10) + len(rows) * (SMALL + 7)
    made = Image.new("RGB", (width, height + picture.height), WHITE)
    made.paste(picture, (0, height))
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, 0, width, height), fill=(245, 246, 248))
    clear = seen.verdict.startswith("clear")
    tone = Colour.PROVED.rgb if clear else Colour.DOUBTED.rgb
    draw.text((MARGIN, MARGIN), legible(seen.title), fill=(20, 22, 26), font=font(BANNER_TEXT))
    draw.text((MARGIN, MARGIN + BANNER_TEXT + 10), f"{seen.verdict} · {place}", fill=tone, font=font(BANNER_TEXT))
    _legend(draw, MARGIN + 2 * (BANNER_TEXT + 10))
    for i, row in enumerate(rows):
        draw.text((MARGIN, MARGIN + 3 * (BANNER_TEXT + 10) + i * (SMALL + 7)), legible(row), fill=Colour.DOUBTED.rgb, font=font(SMALL))
    draw.line((0, height - 1, width, height - 1), fill=GREY)
    return made


def _legend(draw: ImageDraw.ImageDraw, top: float) -> None:
    left = float(MARGIN)
    for colour in Colour:
        draw.rectangle((left, top + 3, left + 22, top + 3 + SMALL), fill=colour.rgb)
        draw.text((left + 30, top), colour.value, fill=GREY, font=font(SMALL))
        left += 60 + draw.textlength(colour.value, font=font(SMALL))


def _listed(read: Sequence[Mark], seen: Seen) -> Iterator[Image.Image]:
    """Sheets of rows: field, where it stands, and the text that stands there."""
    sheets = [read[at : at + ROWS_A_SHEET] for at in range(0, len(read), ROWS_A_SHEET)] or [[]]
    for number, rows in enumerate(sheets, 1):
        picture = Image.new("RGB", (SHEET_WIDTH, MARGIN * 2 + ROW * (len(rows) + 1)), WHITE)
        draw = ImageDraw.Draw(picture)
        for column, heading in zip((MARGIN, 420, 980), ("field", "where", "what stands there"), strict=True):
            draw.text((column, MARGIN), heading, fill=GREY, font=font(SMALL))
        for i, mark in enumerate(rows, 1):
            _row(draw, MARGIN + i * ROW, mark)
        yield _headed(picture, seen, f"sheet {number} of {len(sheets)}")


def _row(draw: ImageDraw.ImageDraw, top: float, mark: Mark) -> None:
    draw.rectangle((MARGIN, top, MARGIN + 12, top + ROW - 8), fill=mark.colour.rgb)
    field = mark.label if mark.line is None else f"line {mark.line} {mark.label}"
    for left, text, most in ((MARGIN + 24, field, 38), (420, mark.evidence.where or "", 56), (980, mark.evidence.text, 64)):
        shown = " ".join(text.split())
        cut = shown if len(shown) <= most else shown[: most - 1] + "…"
        draw.text((left, top), legible(cut), fill=(30, 32, 38), font=font(SMALL))
