"""What file names and mail headers say of an order, and what they may not say."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from signoff.domain.reading import DraftOrder, Witness
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers
from signoff.tools.witness import organisation, says

ORDER = "Hello,\n\nplease send on PO 4501-77:\n\n4 x Desk lamp, art. DL-40, 31.50 each\n\n{signed}\n"


def draft(name: str, signed: str, **headers: str) -> DraftOrder:
    m = EmailMessage()
    for key, value in {
        "From": "Tove Holm <tove@lundinteriors.example>",
        "Message-ID": "<1@x.example>",
        "MIME-Version": "1.0",
        **headers,
    }.items():
        m[key] = value
    m.set_content(ORDER.format(signed=signed))
    (paper,) = papers(Source(name, m.as_bytes()))
    (part,) = paper.parts
    assert isinstance(part, DraftOrder)
    return part


@pytest.mark.parametrize(
    ("text", "value", "yes"),
    [
        ("PO_4501-77_rev.pdf", "4501-77", True),
        ("po450177.pdf", "4501-77", False),
        ("Order 450177", "4501-77", True),
        ("Order 1450177", "4501-77", False),
        ("scan 12", "12", False),
        ("Re: order", "order", False),
    ],
)
def test_a_number_is_found_whole_or_not_at_all(text: str, value: str, yes: bool) -> None:
    assert says(text, value, code=True) is yes


def test_subject_and_file_name_bear_witness() -> None:
    found = draft("4501-77.eml", "Tove\nLund Interiors AB", Subject="Order 4501-77 - Lund Interiors AB")
    assert found.witnesses["/order_number"] == (Witness.FILE_NAME, Witness.SUBJECT)
    assert found.witnesses["/buyer/name"] == (Witness.SUBJECT,)


def test_the_name_in_the_signature_that_the_domain_spells_is_the_buyer() -> None:
    found = draft("m.eml", "Tove Holm\nLund Interiors", Subject="Order")
    assert (found.order.buyer.name, found.evidence["/buyer/name"].page) == ("Lund Interiors", 1)
    assert not any(n.field == "/buyer/name" for n in found.notices)


def test_a_buyer_from_the_headers_alone_leaves_a_notice() -> None:
    found = draft("m.eml", "Tove", Subject="Order")
    assert (found.order.buyer.name, found.evidence["/buyer/name"].where) == ("lundinteriors", "From")
    assert [n.code for n in found.notices if n.field == "/buyer/name"] == ["field_missing"]


def test_the_company_it_was_sent_to_is_the_supplier_with_a_notice() -> None:
    found = draft("m.eml", "Tove", Subject="Order", To="Tarnbrook Supplies Ltd <orders@tarnbrook.example>")
    assert (found.order.supplier.name, found.evidence["/supplier/name"].where) == ("Tarnbrook Supplies Ltd", "To")
    assert "/supplier/name" in [n.field for n in found.notices]


def test_a_mail_is_of_the_day_it_was_sent_on() -> None:
    found = draft("m.eml", "Tove", Subject="Order", Date="Wed, 20 May 2026 23:50:00 +0200")
    assert (str(found.order.issue_date), found.evidence["/issue_date"].where) == ("2026-05-20", "Date")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Jo Hill <jo@hilljoinery.example>", "hilljoinery"),
        ("Jo Hill <jo.hill@gmail.com>", None),
        ("Hill Joinery Ltd <jo.hill@gmail.com>", "Hill Joinery Ltd"),
        ("jo@mail.hilljoinery.co.example", "hilljoinery"),
        ("a@one.example, b@two.example", None),
        ("", None),
    ],
)
def test_whom_an_address_belongs_to(address: str, name: str | None) -> None:
    assert organisation(address, by_domain=True) == name
