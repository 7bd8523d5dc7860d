"""Mail: what counts as an attachment, what they are called, and what is no mail."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from signoff.domain.errors import Unreadable
from signoff.tools.documents import mail
from signoff.tools.documents.document import Source


def message(body: str = "The order is attached.\n") -> EmailMessage:
    m = EmailMessage()
    m["From"], m["Subject"], m["Message-ID"], m["MIME-Version"] = "a@buyer.example", "Order", "<1@buyer.example>", "1.0"
    m.set_content(body)
    return m


def names(m: EmailMessage) -> list[str]:
    return [a.name for a in mail.open(Source("m.eml", m.as_bytes())).attachments]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\orders\\po.pdf", "po.pdf"),
        ("a!b.pdf", "a_b.pdf"),
        ("..", "attachment"),
        ("po\x07.pdf", "po.pdf"),
        ("Bestellung für Köln.pdf", "Bestellung für Köln.pdf"),
    ],
)
def test_attachment_names_lead_nowhere(given: str, kept: str) -> None:
    m = message()
    m.add_attachment(b"%PDF-1.4", maintype="application", subtype="octet-stream", filename=given)
    assert names(m) == ["m.eml!body.txt", f"m.eml!{kept}"]


def test_two_attachments_of_one_name_are_both_kept() -> None:
    m = message()
    for data in (b"one", b"two"):
        m.add_attachment(data, maintype="application", subtype="pdf", filename="po.pdf")
    assert names(m) == ["m.eml!body.txt", "m.eml!po.pdf", "m.eml!po (2).pdf"]


def test_logos_are_left_out_and_attached_pictures_are_not() -> None:
    m = message()
    m.add_alternative('<p>See <img src="cid:logo"></p>', subtype="html")
    m.get_payload()[1].add_related(b"\x89PNG", maintype="image", subtype="png", cid="<logo>")  # type: ignore[union-attr, index]
    m.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="scan.jpg")
    assert names(m) == ["m.eml!body.txt", "m.eml!scan.jpg"]


def test_a_body_in_html_alone_is_a_page() -> None:
    m = message()
    m.set_content("<p>PO 4711</p>", subtype="html")
    assert names(m) == ["m.eml!body.html"]


def test_an_unknown_charset_is_no_reason_to_lose_the_body() -> None:
    data = message().as_bytes().replace(b'charset="utf-8"', b'charset="x-nobody"')
    assert mail.open(Source("m.eml", data)).attachments[0].data.startswith(b"The order")


def test_an_empty_mail_is_refused() -> None:
    with pytest.raises(Unreadable, match="without text and without attachments"):
        mail.open(Source("m.eml", message(" \n").as_bytes()))


def test_mails_nested_without_end_are_refused() -> None:
    with pytest.raises(Unreadable, match="inside each other"):
        mail.open(Source("a.eml!b.eml!c.eml!d.eml!e.eml!f.eml", message().as_bytes()))


@pytest.mark.parametrize(
    "text", [b"Date: 1 May 2026\nSubject: order\n\nten boxes", b"PO Number: 4711\nDate: today\n\nHello", b"%PDF-1.4", b"ISA*00*"]
)
def test_other_text_is_no_mail(text: bytes) -> None:
    assert not mail.matches(Source("x.txt", text))


@pytest.mark.parametrize(("charset", "read"), [("iso-8859-2", "Łódź;3"), ("cp1252", "Straße – 3 €"), ("iso-8859-1", "Größe 3 €")])
def test_a_table_is_in_the_characters_that_the_mail_says(charset: str, read: str) -> None:
    m = message()
    data = read.encode("cp1252" if charset == "iso-8859-1" else charset)
    m.add_attachment(data, maintype="text", subtype="csv", filename="po.csv")
    next(iter(m.iter_attachments())).set_param("charset", charset)
    assert mail.open(Source("m.eml", m.as_bytes())).attachments[1].data.decode() == read


def test_what_is_no_text_of_that_charset_is_left_as_it_is() -> None:
    m = message()
    m.add_attachment(b"caf\xe9;3", maintype="text", subtype="csv", filename="po.csv")
    next(iter(m.iter_attachments())).set_param("charset", "utf-8")
    assert mail.open(Source("m.eml", m.as_bytes())).attachments[1].data == b"caf\xe9;3"


@pytest.mark.parametrize(("kind", "said"), [("signed-data", "was signed in a way"), ("enveloped-data", "was encrypted")])
def test_a_sealed_mail_says_how_it_is_sealed(kind: str, said: str) -> None:
    m = message()
    m.set_content(b"0\x80\x06\t", maintype="application", subtype="pkcs7-mime", params={"smime-type": kind, "name": "smime.p7m"})
    (sealed,) = mail.open(Source("m.eml", m.as_bytes())).attachments
    assert sealed.problem is not None
    assert said in sealed.problem
