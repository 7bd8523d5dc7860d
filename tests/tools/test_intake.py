"""A file becomes its papers, a mail its orders; whatever it is, something comes of it."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.reading import DraftOrder, Part, SetAside, Unread
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers
from signoff.tools.limits import MAX_DEPTH
from signoff.tools.paper import Paper

ORDERS = Path(__file__).parents[2] / "examples" / "orders"
UBL = (ORDERS / "xml" / "4500018001.xml").read_bytes()
EDIFACT = (ORDERS / "edi" / "ORDERS-kartenbrook.edi").read_bytes()
INVOICE = (ORDERS / "xml" / "RE-20418.xml").read_bytes()
BROKEN = UBL[: len(UBL) // 2]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
LETTER = "Dear team,\n\nplease find our order attached.\n\nKind regards\nMarit\n"
BODY = """Hello Marit,

please accept the following order.

PO Number: 88-104
Date: 2026-05-20
Supplier: Fjordlys AS
Currency: NOK

Item      Description          Quantity   Unit Price     Amount
FL-200    LED panel 60x60            25       410.00   10250.00

Total: 10250.00

Regards
Solveig
"""


def mail(body: str, *attachments: tuple[str, bytes] | EmailMessage) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "orders@buyer.example", "Order", "<1@buyer.example>"
    message.set_content(body)
    for each in attachments:
        if isinstance(each, EmailMessage):
            message.add_attachment(each)
        else:
            message.add_attachment(each[1], maintype="application", subtype="octet-stream", filename=each[0])
    return message


def taken_in(message: EmailMessage) -> list[Paper]:
    return papers(Source("mail.eml", message.as_bytes()))


def shown(found: list[Paper]) -> list[tuple[str, list[str]]]:
    """Each paper with the numbers of its orders; what is no order by the name of its kind."""

    def name(part: Part) -> str:
        return part.order.order_number or "?" if isinstance(part, DraftOrder) else type(part).__name__

    return [(p.member, [name(part) for part in p.parts]) for p in found]


def test_a_file_is_its_own_paper() -> None:
    (paper,) = papers(Source("a.xml", UBL))
    assert (paper.member, paper.format) == ("", "xml")
    assert shown([paper]) == [("", ["4500018001"])]


def test_an_interchange_holds_several_orders() -> None:
    (paper,) = papers(Source("a.edi", EDIFACT))
    assert len(paper.parts) == 2
    assert all(isinstance(part, DraftOrder) for part in paper.parts)


def test_a_covering_letter_and_a_logo_beside_an_order_are_no_cases() -> None:
    assert shown(taken_in(mail(LETTER, ("order.xml", UBL), ("logo.png", PICTURE)))) == [("order.xml", ["4500018001"])]


def test_an_order_in_the_body_alone_is_the_order() -> None:
    found = taken_in(mail(BODY))
    assert shown(found) == [("body.txt", ["88-104"])]


def test_a_mail_with_two_orders_gives_both() -> None:
    found = taken_in(mail(LETTER, ("a.xml", UBL), ("b.edi", EDIFACT)))
    assert [p.member for p in found] == ["a.xml", "b.edi"]
    assert sum(len(p.parts) for p in found) == 3
    assert len({p.sha256 for p in found}) == 2


@pytest.mark.parametrize("name", ["order2.xml", "order2.pdf", "order2.xlsx"])
def test_a_broken_attachment_beside_an_order_is_reported(name: str) -> None:
    data = {"order2.xml": BROKEN, "order2.pdf": b"%PDF-1.7\n%broken", "order2.xlsx": b"PK\x03\x04broken"}[name]
    good, broken = taken_in(mail(LETTER, ("order.xml", UBL), (name, data)))
    assert shown([good]) == [("order.xml", ["4500018001"])]
    (unread,) = broken.parts
    assert broken.member == name
    assert isinstance(unread, Unread)
    assert name in unread.reason


def test_what_is_no_order_beside_one_is_left_out_and_alone_is_set_aside() -> None:
    assert shown(taken_in(mail(LETTER, ("order.xml", UBL), ("invoice.xml", INVOICE)))) == [("order.xml", ["4500018001"])]
    assert shown(taken_in(mail(LETTER, ("invoice.xml", INVOICE)))) == [("invoice.xml", ["SetAside"])]


def test_a_letter_alone_is_set_aside_with_the_reason() -> None:
    (paper,) = taken_in(mail(LETTER))
    (part,) = paper.parts
    assert isinstance(part, SetAside | Unread)
    assert part.reason


def test_a_letter_with_a_picture_is_not_lost() -> None:
    found = taken_in(mail(LETTER, ("scan.png", PICTURE)))
    assert found
    assert all(not isinstance(part, DraftOrder) for paper in found for part in paper.parts)


def nested(depth: int) -> EmailMessage:
    message = mail(LETTER, ("order.xml", UBL))
    for _ in range(depth):
        message = mail("See below.\n", message)
    return message


@pytest.mark.parametrize("depth", range(MAX_DEPTH))
def test_an_order_in_a_forwarded_mail_is_found(depth: int) -> None:
    (paper,) = taken_in(nested(depth))
    assert paper.member == "Order.eml!" * depth + "order.xml"
    assert shown([paper])[0][1] == ["4500018001"]


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 20])
def test_mails_nested_too_deep_say_so(depth: int) -> None:
    reasons = [part.reason for paper in taken_in(nested(depth)) for part in paper.parts if isinstance(part, Unread)]
    assert len(reasons) == 1
    assert "files inside files more than" in reasons[0]


def test_the_same_order_twice_in_a_mail_has_two_names() -> None:
    found = taken_in(mail(LETTER, ("order.xml", UBL), ("order.xml", UBL)))
    assert [p.member for p in found] == ["order.xml", "order (2).xml"]
    assert found[0].sha256 == found[1].sha256


@pytest.mark.parametrize(("name", "data"), [("empty.pdf", b""), ("nothing", b""), ("blank.txt", b" \n"), ("zeros.xml", bytes(100))])
def test_an_empty_file_is_unread_and_says_so(name: str, data: bytes) -> None:
    (paper,) = papers(Source(name, data))
    (part,) = paper.parts
    assert isinstance(part, Unread | SetAside)
    assert len(part.reason) > 10


def test_a_file_that_could_not_be_had_says_why() -> None:
    (paper,) = papers(Source("big.pdf", b"", "big.pdf is larger than 50 MB, the limit."))
    assert [part.reason for part in paper.parts if isinstance(part, Unread)] == ["big.pdf is larger than 50 MB, the limit."]


ENDINGS = st.sampled_from(["pdf", "xml", "edi", "x12", "xlsx", "csv", "txt", "html", "docx", "eml", "msg", "bin", ""])


@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode), ending=ENDINGS)
def test_something_comes_of_whatever_comes(data: bytes, ending: str) -> None:
    found = papers(Source(f"a.{ending}", data))
    assert found
    assert all(paper.parts for paper in found)
    assert all(part.reason for paper in found for part in paper.parts if not isinstance(part, DraftOrder))


@given(cut=st.integers(0, 2000), flipped=st.integers(0, 2000))
def test_something_comes_of_a_damaged_mail(cut: int, flipped: int) -> None:
    data = bytearray(mail(LETTER, ("order.xml", UBL[:300])).as_bytes()[: 2000 - cut])
    if data:
        data[flipped % len(data)] ^= 0x41
    found = papers(Source("mail.eml", bytes(data)))
    assert found
    assert all(paper.parts for paper in found)
