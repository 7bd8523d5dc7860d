"""Pages drawn by PDFium, turned and spoilt, and recognised: the words are the same, and their boxes where they stand upright."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from pdf_making import drawn
from PIL import Image, ImageFilter
from reportlab.pdfgen.canvas import Canvas

from signoff.domain.errors import Unreadable
from signoff.tools.documents import ocr
from signoff.tools.documents.document import Page, Picture, Word

pytest.importorskip("rapidocr")

SIZE = (420.0, 300.0)
ROWS = [
    ((40, "Purchase Order 4500-7731"),),
    ((40, "Supplier: Fjordlys Belysning AS"),),
    ((40, "Item"), (120, "Description"), (260, "Qty"), (330, "Amount")),
    ((40, "FL-200"), (120, "LED panel 60x60"), (272, "1"), (330, "1.234,50")),
    ((40, "FL-310"), (120, "Wall bracket"), (272, "7"), (330, "86,10")),
    ((260, "Total EUR"), (330, "1.320,60")),
]
WANTED = {"4500-7731", "Supplier:", "Fjordlys", "FL-200", "1", "7", "1.234,50", "86,10", "1.320,60"}


def table(canvas: Canvas, font: str = "Helvetica") -> None:
    canvas.setFont(font, 10)
    for n, row in enumerate(ROWS):
        for left, text in row:
            canvas.drawString(left, SIZE[1] - 40 - 24 * n, text)


def painted(draw: Callable[[Canvas], None] = table, dots: int = 200) -> Image.Image:
    document = pdfium.PdfDocument(io.BytesIO(drawn(draw, SIZE)))
    return document[0].render(scale=dots / 72, grayscale=True).to_pil()


def read(image: Image.Image, size: tuple[float, float] = SIZE) -> Page:
    return ocr.recognise(image, 1, *size)


def word(page: Page, text: str) -> Word:
    return next(w for w in page.words if w.text == text)


def test_words_stand_where_they_were_printed_and_amounts_are_one_word() -> None:
    page = read(painted())
    assert {w.text for w in page.words} >= WANTED
    assert page.scanned
    amount = word(page, "1.234,50")
    assert (amount.left, amount.bottom) == pytest.approx((330, 40 + 24 * 3 + 1), abs=2)
    assert amount.right - amount.left == pytest.approx(39, abs=3)
    assert all(0 < w.confidence <= 1 for w in page.words)


@pytest.mark.parametrize(
    ("turn", "size"),
    [(2.3, SIZE), pytest.param(90, SIZE[::-1], marks=pytest.mark.slow), pytest.param(180, SIZE, marks=pytest.mark.slow)],
)
def test_a_page_that_lies_askew_comes_out_upright(turn: float, size: tuple[float, float]) -> None:
    page = read(painted().rotate(turn, expand=turn == 90, fillcolor=255), size)
    assert (page.width, page.height) == pytest.approx(SIZE)
    assert {w.text for w in page.words} >= WANTED
    one, amount = word(page, "1"), word(page, "1.234,50")
    assert one.bottom == pytest.approx(amount.bottom, abs=2.5)
    assert abs(page.turned) % 360 == pytest.approx({2.3: 2.3, 90: 270, 180: 180}[turn], abs=0.4) or page.turned == pytest.approx(
        -turn, abs=0.4
    )


@pytest.mark.slow
def test_a_fax_is_read_though_it_has_half_the_dots_down_the_page() -> None:
    image = painted(dots=204)
    page = read(image.resize((image.width, image.height * 98 // 204)).point(lambda v: 255 * (v > 150), "1"))
    assert {w.text for w in page.words} >= {"4500-7731", "1.234,50", "1.320,60"}


@pytest.mark.slow
def test_uneven_light_and_a_blurred_lens_are_made_up_for() -> None:
    shade = Image.linear_gradient("L").resize(painted().size).point(lambda v: 90 + v // 3)
    dim = Image.composite(Image.new("L", shade.size, 30), shade, painted().point(lambda v: 255 - v))
    assert {w.text for w in read(dim.filter(ImageFilter.GaussianBlur(0.8))).words} >= {"4500-7731", "1.234,50", "1.320,60"}


@pytest.mark.slow
def test_in_typewriters_letters_a_comma_does_not_end_a_word() -> None:
    def typed(canvas: Canvas) -> None:
        table(canvas, "Courier")
        canvas.drawString(40, 60, "Delivery to Skagen before the 24th without fail please")

    page = read(painted(typed))
    assert {"1.234,50", "86,10", "1.320,60"} <= {w.text for w in page.words}
    assert word(page, "1.234,50").size == pytest.approx(10, abs=0.7)


def test_a_blank_page_and_one_of_another_mode_hold_what_they_hold() -> None:
    assert read(Image.new("L", (800, 600), 255)).words == ()
    assert read(Image.new("RGBA", (800, 600), (0, 0, 0, 0))).words == ()
    assert read(Image.new("I;16", (800, 600), 65535)).words == ()


@pytest.mark.slow
def test_a_box_is_read_again_by_the_better_models() -> None:
    seen = Picture(painted(), *SIZE)
    page = read(seen.image)
    boxes = [(w.left, w.top, w.right, w.bottom) for w in (word(page, "4500-7731"), word(page, "1.234,50"))]
    assert [text for text, _ in ocr.reread(seen, page, boxes, ocr.Model.SMALL)] == ["4500-7731", "1.234,50"]
    assert ocr.upright(seen, page).width / page.width == pytest.approx(200 / 72, rel=0.02)


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "signoff.tools.documents.ocr_page", None)
    monkeypatch.delattr("signoff.tools.documents.ocr_page", raising=False)
    with pytest.raises(Unreadable, match=r"text recognition is not installed; run: pip install 'signoff\[ocr\]'\.$"):
        read(Image.new("L", (800, 600), 255))


def test_nothing_is_loaded_before_a_page_needs_it() -> None:
    code = "import sys, signoff.tools.intake; print([m for m in ('cv2', 'rapidocr', 'onnxruntime') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
