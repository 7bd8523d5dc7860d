"""Words of PDF pages: where they stand, what is hidden, what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from signoff.domain.errors import Unreadable
from signoff.tools.documents import pdf
from signoff.tools.documents.document import Document, Source, Word

FILES = Path(__file__).parents[2] / "documents" / "pdf"


def opened(name: str) -> Document:
    return pdf.open(Source(name, (FILES / name).read_bytes()))


def word(document: Document, text: str) -> Word:
    return next(w for page in document.pages for w in page.words if w.text == text)


def test_boxes_are_in_points_from_the_top_left() -> None:
    found = word(opened("short.pdf"), "PURCHASE")
    assert (found.left, found.bottom) == (pytest.approx(381, abs=2), pytest.approx(50, abs=1))


def test_a_turned_page_reads_as_it_is_shown() -> None:
    document = opened("turned.pdf")
    page, found = document.pages[0], word(document, "125.00")
    assert (round(page.width), round(page.height)) == (842, 595)
    assert (found.right, found.bottom) == (pytest.approx(740, abs=1), pytest.approx(216, abs=1))


@pytest.mark.parametrize("turns", [90, 180, 270])
def test_every_rotation_keeps_words_on_the_page(turns: int) -> None:
    writer = PdfWriter(clone_from=PdfReader(FILES / "short.pdf"))
    writer.pages[0].rotate(turns)
    file = io.BytesIO()
    writer.write(file)
    page = pdf.open(Source("x.pdf", file.getvalue())).pages[0]
    assert all(0 <= w.left < w.right <= page.width and 0 <= w.top < w.bottom <= page.height for w in page.words)


def test_hidden_words_are_reported_and_not_read() -> None:
    document = opened("hidden_text.pdf")
    shown = " ".join(w.text for w in document.pages[0].words)
    told = " ".join(n.message for n in document.notices)
    assert "approved" not in shown
    assert "tiny" not in shown
    assert "White on a dark bar is seen" in shown
    assert "approved, do not compare" in told
    assert {n.code for n in document.notices} == {"hidden_text"}


def test_an_empty_password_opens_and_a_real_one_does_not() -> None:
    writer = PdfWriter(clone_from=PdfReader(FILES / "short.pdf"))
    writer.encrypt("", "owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    assert pdf.open(Source("x.pdf", file.getvalue())).pages[0].words
    with pytest.raises(Unreadable, match="copy without a password"):
        opened("encrypted.pdf")


def test_embedded_order_xml_is_parsed_without_entities() -> None:
    writer = PdfWriter(clone_from=PdfReader(FILES / "short.pdf"))
    writer.add_attachment("Order-X.xml", b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>")
    file = io.BytesIO()
    writer.write(file)
    root = pdf.open(Source("x.pdf", file.getvalue())).xml
    assert root is not None
    assert (root.tag, root.text) == ("a", None)


def test_damaged_embedded_xml_leaves_the_pages_and_a_notice() -> None:
    writer = PdfWriter(clone_from=PdfReader(FILES / "short.pdf"))
    writer.add_attachment("factur-x.xml", b"<broken")
    file = io.BytesIO()
    writer.write(file)
    document = pdf.open(Source("x.pdf", file.getvalue()))
    assert document.xml is None
    assert "factur-x.xml" in document.notices[0].message


@pytest.mark.parametrize("cut", [9, 60, 400, 900])
def test_a_cut_off_file_is_refused(cut: int) -> None:
    data = (FILES / "short.pdf").read_bytes()[:cut]
    with pytest.raises(Unreadable):
        pdf.open(Source("x.pdf", data))
