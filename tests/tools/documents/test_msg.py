"""Outlook mails: the body, the files, and a mail inside the mail."""

from __future__ import annotations

from compound import compound, mail

from signoff.domain.reading import DraftOrder
from signoff.tools.documents import msg
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document
from signoff.tools.intake import papers

BODY = (
    "Hello,\r\n\r\nplease send us:\r\n\r\n4 x Desk lamp oak, art. DL-40, 31.50 each\r\n\r\nTotal 126.00 EUR\r\n\r\n"
    "Best regards\r\nTove\r\nLund Interiors AB\r\n"
)


def source(**texts: str | bytes) -> Source:
    return Source("order.msg", compound(mail(p0037="Order 7741-3", p0C1A="Tove Holm", p5D01="tove@lundinteriors.example", **texts)))


def test_the_body_is_a_paper_and_the_headers_are_kept() -> None:
    opened = open_document(source(p1000=BODY))
    assert (opened.format, [a.name for a in opened.attachments]) == ("msg", ["order.msg!body.txt"])
    assert opened.envelope is not None
    assert (opened.envelope.subject, opened.envelope.sender) == ("Order 7741-3", "Tove Holm <tove@lundinteriors.example>")


def test_an_order_in_the_body_is_read() -> None:
    (paper,) = papers(source(p1000=BODY))
    (draft,) = paper.parts
    assert isinstance(draft, DraftOrder)
    assert (draft.order.buyer.name, str(draft.order.lines[0].unit_price), draft.order.lines[0].supplier_item_id) == (
        "Lund Interiors AB",
        "31.50",
        "DL-40",
    )


def test_files_and_mails_in_the_mail_are_papers() -> None:
    attached = mail("attachment", p3707="order.csv", p3701=b"Item;Qty\nA-1;4\n" * 400, p370E="text/csv")
    inner = {**mail("attachment"), "__substg1.0_3701000D": mail("inner", p0037="The order", p1000=BODY)}
    data = compound(mail(attachments=(attached, inner), p1000="See below.", p0037="FW"))
    opened = msg.open(Source("m.msg", data))
    assert [a.name for a in opened.attachments] == ["m.msg!body.txt", "m.msg!order.csv", "m.msg!The order.eml"]
    assert opened.attachments[1].data.count(b"A-1;4") == 400
    assert b"Desk lamp oak" in opened.attachments[2].data


def test_html_is_the_body_where_there_is_no_text() -> None:
    opened = msg.open(source(p1013="<p>Größe</p>".encode()))
    assert [a.name for a in opened.attachments] == ["order.msg!body.html"]
    assert "Größe" in opened.attachments[0].data.decode()


def test_other_compound_files_are_no_mails() -> None:
    data = compound({"WordDocument": b"\0" * 5000})
    assert not msg.matches(Source("x.msg", data))
