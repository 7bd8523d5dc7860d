"""Words of PDF pages: letters, gaps, angles, and what a person cannot see."""

from __future__ import annotations

import pytest
from pdf_making import changed, contents, drawn, opened, texts
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

ORDER = "Purchase Order 4711 from Example Works"


def order(canvas: Canvas) -> None:
    canvas.drawString(60, 700, ORDER)


def test_ligatures_hyphens_and_accents_become_letters() -> None:
    def draw(canvas: Canvas) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
        canvas.setFont("Vera", 12)
        canvas.drawString(60, 700, "Of\ufb01ce PO\u00ad4711 12\u00a0Nm")

    assert texts(opened(drawn(draw))) == ["Office", "PO-4711", "12", "Nm"]


def test_text_drawn_twice_is_read_once_and_repeated_figures_stay() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.4):
            canvas.drawString(60 + shift, 700, "Total")
        for x in (200, 240, 280):
            canvas.drawString(x, 700, "1")

    assert texts(opened(drawn(draw))) == ["Total", "1", "1", "1"]


def test_stamps_and_margins_stand_aside() -> None:
    def draw(canvas: Canvas) -> None:
        order(canvas)
        canvas.saveState()
        canvas.translate(30, 690)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Form 17-B")
        canvas.rotate(-50)
        canvas.setFont("Helvetica", 40)
        canvas.drawString(50, 0, "CANCELLED")
        canvas.restoreState()

    page = opened(drawn(draw)).pages[0]
    assert " ".join(w.text for w in page.words) == ORDER
    assert {w.text for w in page.aside} == {"Form", "17-B", "CANCELLED"}


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_printed_sideways_is_turned_upright(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(297, 421)
        canvas.rotate(angle)
        canvas.drawString(-150, 100, ORDER)
        canvas.drawString(-150, 60, "Quantity 5")

    page = opened(drawn(draw)).pages[0]
    assert " ".join(w.text for w in page.words) == f"{ORDER} Quantity 5"
    assert page.turned == 360 - angle
    assert (page.width > page.height) == (angle != 180)
    assert all(0 <= w.left < w.right <= page.width and w.bottom - w.top < 14 for w in page.words)


def test_an_inherited_media_box_places_the_words() -> None:
    def inherit(writer: PdfWriter) -> None:
        page = writer.pages[0]
        page["/Parent"].get_object()[NameObject("/MediaBox")] = page.pop("/MediaBox")
        page.pop("/CropBox", None)

    page = opened(changed(drawn(lambda c: c.drawString(60, 820, "Order")), inherit)).pages[0]
    assert (page.width, page.height) == (595, 842)
    assert page.words[0].bottom == pytest.approx(22, abs=1)


def test_a_crop_box_moves_the_origin() -> None:
    def crop(writer: PdfWriter) -> None:
        writer.pages[0][NameObject("/CropBox")] = ArrayObject([NumberObject(n) for n in (50, 500, 450, 750)])

    page = opened(changed(drawn(order), crop)).pages[0]
    assert (page.width, page.height) == (400, 250)
    assert (page.words[0].left, page.words[0].bottom) == (pytest.approx(10, abs=1), pytest.approx(50, abs=3))


def test_type_size_counts_the_matrix() -> None:
    data = contents(drawn(order), b"BT /F1 1 Tf 12 0 0 12 60 700 Tm (Order) Tj ET")
    assert opened(data).pages[0].words[0].size == 12


def test_text_in_a_form_xobject_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("block")
        canvas.drawString(10, 20, "Inside")
        canvas.endForm()
        canvas.translate(100, 600)
        canvas.doForm("block")

    word = opened(drawn(draw)).pages[0].words[0]
    assert (word.text, word.left) == ("Inside", pytest.approx(110, abs=1))


def test_what_is_painted_over_is_hidden_and_what_is_painted_under_is_not() -> None:
    def draw(canvas: Canvas) -> None:
        order(canvas)
        canvas.drawString(60, 600, "Pay 1000 to us")
        canvas.setFillGray(1)
        canvas.rect(50, 590, 200, 30, stroke=0, fill=1)
        canvas.setFillGray(0.9)
        canvas.rect(50, 490, 200, 30, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(60, 500, "Quantity 5")

    document = opened(drawn(draw))
    assert texts(document) == [*ORDER.split(), "Quantity", "5"]
    assert [n.code for n in document.notices] == ["hidden_text"]
    assert "Pay 1000 to us" in document.notices[0].message


def test_a_layer_that_is_off_is_hidden_and_one_that_is_on_is_read() -> None:
    stream = b"BT /F1 12 Tf 60 700 Td (Order 4711) Tj ET"
    for name, y in ((b"On", 600), (b"Off", 500)):
        stream += b" /OC /%s BDC BT /F1 12 Tf 60 %d Td (Layer%s) Tj ET EMC" % (name, y, name)
    data = contents(drawn(order), stream)

    def layers(writer: PdfWriter) -> None:
        groups = {
            n: writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject(n)}))
            for n in ("/On", "/Off")
        }
        writer.pages[0]["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject(n): g for n, g in groups.items()})
        config = DictionaryObject({NameObject("/OFF"): ArrayObject([groups["/Off"]]), NameObject("/Order"): ArrayObject(groups.values())})
        writer._root_object[NameObject("/OCProperties")] = DictionaryObject(
            {NameObject("/OCGs"): ArrayObject(groups.values()), NameObject("/D"): config}
        )

    document = opened(changed(data, layers))
    assert texts(document) == ["Order", "4711", "LayerOn"]
    assert "LayerOff" in document.notices[0].message


def test_white_on_a_dark_bar_is_read_and_white_on_paper_is_not() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(50, 690, 200, 30, fill=1)
        canvas.setFillGray(1)
        canvas.drawString(60, 700, "Heading")
        canvas.drawString(60, 600, "Unseen")

    document = opened(drawn(draw))
    assert texts(document) == ["Heading"]
    assert "Unseen" in document.notices[0].message


def test_small_print_on_a_small_page_is_read() -> None:
    label = drawn(lambda c: (c.setFont("Helvetica", 1.4), c.drawString(5, 40, "Label 12")), (90.0, 60.0))
    assert texts(opened(label)) == ["Label", "12"]


def test_words_of_a_huge_page_do_not_paint_it_at_full_size() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.setFont("Helvetica", 200)
        canvas.drawString(1000, 7000, "Unseen")
        canvas.setFillGray(0)
        canvas.drawString(1000, 1000, "Seen")

    assert texts(opened(drawn(draw, (14400.0, 14400.0)))) == ["Seen"]
