"""A scan is read twice: what both readings say is witnessed, where they differ a person looks. No picture is recognised here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import papers
import pytest
from papers import LINES, Row
from PIL import Image

from signoff.domain.reading import DraftOrder, Lane, Part, SetAside, Unread, Witness
from signoff.tools.documents.document import Document, Page, Picture
from signoff.tools.documents.ocr import Box, Model
from signoff.tools.orders import scan
from signoff.tools.orders.reading import read
from signoff.tools.orders.scan_text import mended

HEAD: list[Row] = [
    (60, [(50, "Purchase Order")]),
    (80, [(50, "Order No.:"), (150, "PO-7731")]),
    (95, [(50, "Order date:"), (150, "24 May 2026")]),
    (110, [(50, "Supplier:"), (150, "Fjordlys AS")]),
    (125, [(50, "Currency:"), (150, "NOK")]),
]
UNPROVED: list[Row] = [*LINES[:2], (430, [(50, "2"), (120, "Red paint 5 l"), (300, "2"), (360, "3.25"), (450, "6.60")]), LINES[3]]


def scanned(rows: list[Row], confidence: float = 0.99) -> Document:
    """The page as if its words had been recognised."""
    document = papers.document(rows)
    words = tuple(replace(w, confidence=confidence) for w in document.pages[0].words)
    page = replace(document.pages[0], words=words, scanned=True)
    return replace(document, pages=(page,), picture=lambda number: Picture(Image.new("L", (8, 8)), 595, 842))


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the better models are asked for: boxes of the header, or the page. They read what the document says."""
    asked: list[str] = []
    monkeypatch.setattr(scan, "reread", second(asked, HEAD))
    monkeypatch.setattr(scan, "recognise", whole(asked, [*HEAD, *LINES]))
    return asked


def second(asked: list[str], rows: list[Row]) -> object:
    texts = {top: texts[1][1] for top, texts in rows if len(texts) > 1}

    def reread(picture: Picture, page: Page, boxes: Sequence[Box], model: Model) -> list[tuple[str, float]]:
        asked.append(f"{len(boxes)} boxes")
        return [(texts[box[1]], 0.97) for box in boxes]

    return reread


def whole(asked: list[str], rows: list[Row]) -> object:
    def recognise(image: Image.Image, number: int, width: float, height: float, model: Model) -> Page:
        asked.append(f"page {number} by {model}")
        return scanned(rows).pages[0]

    return recognise


def only(parts: list[Part]) -> DraftOrder:
    assert len(parts) == 1
    assert isinstance(parts[0], DraftOrder)
    return parts[0]


def disagreements(draft: DraftOrder) -> list[str | None]:
    return [n.field for n in draft.notices if n.code == "readings_disagree"]


def test_figures_that_add_up_are_read_once_and_the_header_twice(again: list[str]) -> None:
    draft = only(read(scanned([*HEAD, *LINES])))
    assert draft.lane is Lane.OCR
    assert again == ["4 boxes"]
    for pointer in ("/order_number", "/supplier/name", "/issue_date", "/currency"):
        assert Witness.SECOND_READING in draft.witnesses[pointer]
    assert Witness.SECOND_READING not in draft.witnesses.get("/lines/0/quantity", ())
    assert draft.evidence["/order_number"].quality == 0.99


def test_a_header_that_reads_differently_has_the_page_read_again(again: list[str]) -> None:
    head = [HEAD[0], (80, [(50, "Order No.:"), (150, "PO-7781")]), *HEAD[2:]]
    draft = only(read(scanned([*head, *LINES])))
    assert again == ["4 boxes", "page 1 by small"]
    assert draft.order.order_number == "PO-7731"
    assert disagreements(draft) == ["/order_number"]
    assert "'PO-7731' and 'PO-7781'" in draft.notices[-1].message


def test_accents_and_capitals_are_no_difference(again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "reread", second(again, [*HEAD[:3], (110, [(50, "Supplier:"), (150, "FJÖRDLYS AS")]), HEAD[4]]))
    draft = only(read(scanned([*HEAD, *LINES])))
    assert again == ["4 boxes"]
    assert disagreements(draft) == []


def test_of_two_readings_the_one_that_adds_up_stands(again: list[str]) -> None:
    draft = only(read(scanned([*HEAD, *UNPROVED])))
    assert again == ["page 1 by small"]
    assert [str(line.line_amount) for line in draft.order.lines] == ["6.00", "6.50"]
    assert disagreements(draft) == []


def test_where_neither_adds_up_every_figure_is_compared(again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    other: list[Row] = [*UNPROVED[:2], (430, [(50, "2"), (120, "Red paint 5 l"), (300, "2"), (360, "3.29"), (450, "6.60")]), LINES[3]]
    monkeypatch.setattr(scan, "recognise", whole(again, [*HEAD, *other]))
    draft = only(read(scanned([*HEAD, *UNPROVED])))
    assert disagreements(draft) == ["/lines/1/unit_price"]
    assert Witness.SECOND_READING in draft.witnesses["/lines/1/line_amount"]


def test_a_line_that_one_reading_lacks_is_told(again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "recognise", whole(again, [*HEAD, *UNPROVED[:2], UNPROVED[3]]))
    assert "/lines" in disagreements(only(read(scanned([*HEAD, *UNPROVED]))))


def test_what_only_the_second_reading_has_is_taken_and_not_witnessed(again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "recognise", whole(again, [*HEAD[:4], *UNPROVED]))
    draft = only(read(scanned([*HEAD, *UNPROVED])))
    assert draft.order.currency == "NOK"
    assert "/currency" not in draft.witnesses


def test_printed_pages_keep_their_own_lane(again: list[str]) -> None:
    document = scanned([*HEAD, *LINES])
    terms = replace(papers.document([(60, [(50, "Terms of delivery")])]).pages[0], number=2, scanned=True)
    printed = replace(document.pages[0], scanned=False)
    draft = only(read(replace(document, pages=(printed, terms))))
    assert draft.lane is Lane.LAYOUT
    assert again == []


def test_a_picture_without_text_is_set_aside_and_one_that_can_hardly_be_read_is_not() -> None:
    for document in (replace(scanned([]), pages=()), scanned([])):
        part = read(document)[0]
        assert isinstance(part, SetAside)
        assert part.kind == "picture"
    part = read(scanned([*HEAD, *LINES], confidence=0.5))[0]
    assert isinstance(part, Unread)
    assert part.reason == "order.pdf can hardly be read; ask the sender for the original or a better scan."


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        ("12,50 3,00 1.200,00 4.97", "12,50 3,00 1.200,00 4,97"),
        ("12.50 3.00 8.10 1.200,00", "12.50 3.00 8.10 1,200.00"),
        ("12,50 3,00 4.97 8.10", "12,50 3,00 4.97 8.10"),
        ("12,50 3,00 8,10 1.250", "12,50 3,00 8,10 1.250"),
        ("0rdernummer P0-7731 10cm M0 0,5", "Ordernummer P0-7731 10cm M0 0,5"),
    ],
    ids=["one point", "one comma", "as many", "thousands or decimals", "letters"],
)
def test_what_can_only_be_meant_otherwise_is_written_so(texts: str, written: str) -> None:
    words = mended(scanned([(60, [(50, texts)])])).pages[0].words
    assert " ".join(w.text for w in words) == written
