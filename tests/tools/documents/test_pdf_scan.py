"""Which pages of a PDF are recognised from their picture, and what is made of the result."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from pdf_making import SIZE, changed, contents, drawn, opened, picture, texts
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject
from reportlab.pdfgen.canvas import Canvas

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Page, Word
from signoff.tools.documents.pdf_scan import Need, merged, need
from signoff.tools.documents.pdf_words import words

LINES = ["Purchase Order 4711", "Supplier Northgate Fasteners", "Hexagon bolt M8 quantity 200", "Total 1250.00"]


def printed(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 16)
    for n, line in enumerate(LINES):
        canvas.drawString(60, 760 - 40 * n, line)


def scanned(canvas: Canvas, box: tuple[float, float, float, float] = (0, 0, *SIZE)) -> None:
    left, bottom, width, height = box
    canvas.drawImage(SCAN, left, bottom, width, height)


SCAN = picture(drawn(printed))


def needs(draw: Callable[[Canvas], None] | bytes) -> Need | None:
    data = draw if isinstance(draw, bytes) else drawn(draw)
    return need(words(pdfium.PdfDocument(data)[0]))


def test_a_scan_is_recognised_and_the_printed_page_beside_it_keeps_its_text() -> None:
    def draw(canvas: Canvas) -> None:
        printed(canvas)
        canvas.showPage()
        scanned(canvas)

    document = opened(drawn(draw))
    assert [page.scanned for page in document.pages] == [False, True]
    assert {"4711", "200", "1250.00"} <= set(texts(document, 2))
    assert document.picture is not None
    assert document.picture(2).width == 595


def test_printed_and_blank_pages_and_those_with_a_logo_are_not_recognised() -> None:
    assert needs(printed) is None
    assert needs(lambda c: c.drawString(0, 0, " ")) is None
    assert needs(lambda c: (printed(c), scanned(c, (400, 20, 150, 100)))[-1]) is None


def test_a_background_picture_under_a_printed_page_changes_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture(drawn(lambda c: c.rect(10, 10, 500, 800))), 0, 0, *SIZE)
        for n in range(10):
            canvas.drawString(60, 700 - 20 * n, "Item A-100 quantity 5")

    assert needs(draw) is None


def test_a_stamp_on_a_scan_does_not_make_it_text() -> None:
    assert needs(lambda c: (scanned(c), c.drawString(400, 20, "Received 12 May 2026"))[-1]) == Need(whole=True)


@pytest.mark.parametrize("mode", [3, 0])
def test_the_unseen_text_of_a_scan_is_neither_read_nor_called_hidden(mode: int) -> None:
    """Text drawn invisibly over the picture (mode 3), or visibly before the picture covers it."""

    def draw(canvas: Canvas) -> None:
        if mode == 3:
            scanned(canvas)
        canvas.drawString(60, 760, "Purchase Order 4171", mode=mode)
        if mode == 0:
            scanned(canvas)

    data = drawn(draw)
    assert needs(data) == Need(whole=True)
    document = opened(data)
    assert document.notices == ()
    assert "4711" in texts(document)
    assert "4171" not in texts(document)


def test_strips_of_one_scan_count_together() -> None:
    assert needs(lambda c: [scanned(c, (0, 84.2 * n, 595, 84.2)) for n in range(10)][-1]) == Need(whole=True)


def test_a_large_picture_beside_text_is_recognised_alone() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(10):
            canvas.drawString(60, 800 - 15 * n, "Our conditions of purchase apply.")
        scanned(canvas, (0, 100, 595, 300))

    wanted = needs(draw)
    assert wanted is not None
    assert [tuple(round(s) for s in p) for p in wanted.pictures] == [(0, 442, 595, 742)]


def page(*words: tuple[str, float, float], scanned: bool = False) -> Page:
    made = (Word(text, left, top, left + 8 * len(text), top + 10) for text, left, top in words)
    return Page(1, *SIZE, tuple(made), scanned)


def test_what_a_picture_says_joins_the_words_beside_it() -> None:
    own = page(("Order", 60, 50), ("4711", 100, 50))
    seen = page(("0rder", 60, 50), ("Total", 60, 600), ("12.00", 140, 600), scanned=True)
    found = merged(own, seen, Need(pictures=((0, 500, 595, 800),)))
    assert [w.text for w in found.words] == ["Order", "4711", "Total", "12.00"]


def test_a_text_layer_that_agrees_with_the_picture_is_kept_and_another_is_not() -> None:
    seen = page(("Purchase", 60, 50), ("Order", 140, 50), ("Total", 60, 600), scanned=True)
    good = page(("Purchase", 60, 50), ("0rder", 140, 50), ("Total:", 60, 600))
    bad = page(("3XUFKDVH", 60, 50), ("2UGHU", 140, 50), ("7RWDO", 60, 600))
    assert merged(good, seen, Need(compared=True)) is good
    assert merged(bad, seen, Need(compared=True)) is seen


def test_letters_from_the_private_area_are_not_believed() -> None:
    """A font whose map to Unicode leads into the private area, as subsetting programs leave behind."""
    rows = b"".join(b"<%02X> <%04X>\n" % (n, 0xE000 + n) for n in range(32, 127))
    cmap = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
    cmap += b"1 begincodespacerange <00> <FF> endcodespacerange\n95 beginbfchar\n" + rows + b"endbfchar endcmap end end"

    def broken(writer: PdfWriter) -> None:
        stream = StreamObject()
        stream.set_data(cmap)
        for font in writer.pages[0]["/Resources"]["/Font"].values():
            font.get_object()[NameObject("/ToUnicode")] = writer._add_object(stream)

    data = changed(drawn(printed), broken)
    assert needs(data) == Need(whole=True)
    assert {"4711", "1250.00"} <= set(texts(opened(data)))


def test_text_in_which_letters_stand_for_others_is_compared_with_what_is_seen() -> None:
    shifted = bytes(66 if c == 97 else c + 1 if chr(c).isalpha() else c for c in " ".join(LINES * 4).lower().encode())
    consonants = bytes(c if chr(c) not in "aeiouy" else ord("x") for c in shifted)
    assert needs(contents(drawn(printed), b"BT /F1 9 Tf 20 700 Td (" + consonants + b") Tj ET")) == Need(compared=True)


def test_more_scans_than_are_read_are_refused_at_once() -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(31):
            scanned(canvas)
            canvas.showPage()

    with pytest.raises(Unreadable, match=r"^x\.pdf has more than 30 scanned pages; split it into its orders\.$"):
        opened(drawn(draw))


def test_ten_thousand_pages_are_refused() -> None:
    kids = b" ".join([b"3 0 R"] * 10_000)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 10000/Kids[" + kids + b"]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
    data = io.BytesIO(b"%PDF-1.4\n")
    data.seek(0, 2)
    for n, item in enumerate(objects, 1):
        data.write(b"%d 0 obj" % n + item + b"endobj\n")
    data.write(b"trailer<</Root 1 0 R/Size 4>>")
    with pytest.raises(Unreadable, match="has 10000 pages; between 1 and 300 can be read"):
        opened(data.getvalue())
