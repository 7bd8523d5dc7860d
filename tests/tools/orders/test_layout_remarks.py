"""Remarks on the page as a whole: free text, personal data, and terms that contradict the face of the order."""

from __future__ import annotations

import pytest

from signoff.domain.findings import Severity
from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers

HEAD = "PURCHASE ORDER\nOrder no. 4711\nDate: 2026-11-02\nSupplier: Nordlicht GmbH\n"
TABLE = "\nPos  Description        Qty  Price   Amount\n1    Hex bolt M8x30     10   1.20    12.00\n\nTotal EUR  12.00\n\n"


def notices(text: str) -> list[tuple[str, str | None]]:
    (found,) = papers(Source("order.txt", text.encode()))
    (part,) = found.parts
    assert isinstance(part, DraftOrder)
    assert {n.severity for n in part.notices} <= {Severity.INFO, None}
    return [(n.code, n.field) for n in part.notices if n.severity is Severity.INFO]


def test_an_ordinary_order_has_none() -> None:
    assert notices(HEAD + TABLE) == []


@pytest.mark.parametrize(("behind", "differ"), [("45 days", True), ("thirty (30) days", False)])
def test_terms_behind_the_order_that_contradict_its_face(behind: str, differ: bool) -> None:
    terms = f"General terms\nThe buyer shall make payment within {behind} of the date of the invoice.\n"
    assert (("readings_disagree", "/payment_terms") in notices(HEAD + "Payment terms: 30 days net\n" + TABLE + terms)) is differ


def test_personal_data_is_told_once() -> None:
    assert notices(HEAD + TABLE + "For patient A.\nDate of birth on request.\n") == [("suspicious_text", None)]


def test_an_order_in_sentences_says_so() -> None:
    assert ("field_missing", "/lines") in notices("Hello,\n\nplease send us 20 tins of blue paint by Friday.\n\nRegards\n")
