"""Order-X inside a PDF: what machines read must be what the pages show."""

from __future__ import annotations

from pathlib import Path

import pytest

from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Document, Page, Word
from signoff.tools.documents.xml import parse
from signoff.tools.orders.reading import read

DOCUMENTS = Path(__file__).parents[2] / "documents" / "orderx"


def shown(name: str, *printed: str) -> list[str]:
    data = (DOCUMENTS / name).read_bytes()
    words = tuple(Word(w, 10.0 * i, 10.0, 10.0 * i + 9, 20.0) for i, w in enumerate(" ".join(printed).split()))
    pages = (Page(1, 595.0, 842.0, words),)
    (part,) = read(Document("order.pdf", "pdf", data, xml=parse("order-x.xml", data), pages=pages))
    assert isinstance(part, DraftOrder)
    return [n.message for n in part.notices]


@pytest.mark.parametrize("total", ["156.00", "156,00 €", "EUR 156"])
def test_a_total_printed_in_any_way_agrees(total: str) -> None:
    assert shown("order.xml", "Order OX-310", "Total", total) == []


@pytest.mark.parametrize("total", ["165.00", "1156.00", "156.001"])
def test_another_total_on_the_page_is_reported(total: str) -> None:
    assert shown("order.xml", "Order OX-310", "Total", total) == [
        "The total 156.00 of the XML inside the file is not printed on its pages."
    ]


def test_another_number_on_the_page_is_reported() -> None:
    assert shown("order.xml", "Order OX-3100 156.00") == ["The order number OX-310 of the XML inside the file is not printed on its pages."]


def test_a_long_page_is_searched_to_its_end() -> None:
    assert shown("order.xml", "word " * 5000, "OX-310", "word " * 5000, "156.00") == []


def test_pages_without_text_cannot_confirm_anything() -> None:
    assert shown("order.xml") == ["The pages have no text, so the order inside the file could not be compared with what they show."]


def test_evidence_is_a_short_path() -> None:
    data = (DOCUMENTS / "order.xml").read_bytes()
    (part,) = read(Document("order.xml", "xml", data, xml=parse("order.xml", data)))
    assert isinstance(part, DraftOrder)
    trade = "/SCRDMCCBDACIOMessageStructure/SupplyChainTradeTransaction"
    line = f"{trade}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeDelivery/ram:RequestedQuantity"
    assert part.evidence["/lines/0/quantity"].where == line
