"""A mail that says one thing as text and another as HTML is in doubt; one that leaves something out of its text is not."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from signoff.domain.reading import DraftOrder
from signoff.tools.documents import mail
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers

TEXT = "Please supply on PO SW-7712:\n\n5 x Rain jacket, art. RJ-1, 31.50 each\n"
PAGE = "<p>Please supply on PO SW-7712:</p><p>{n} x Rain jacket, art. RJ-1, 31.50 each</p>"


def message(text: str, page: str) -> bytes:
    m = EmailMessage()
    m["From"], m["Subject"], m["Message-ID"], m["MIME-Version"] = "a@moorland.example", "Order", "<1@moorland.example>", "1.0"
    m.set_content(text)
    m.add_alternative(page, subtype="html")
    return m.as_bytes()


def doubts(data: bytes) -> list[str]:
    (paper,) = papers(Source("m.eml", data))
    (part,) = paper.parts
    assert isinstance(part, DraftOrder), part
    return [n.message for n in part.notices if n.code == "readings_disagree"]


def test_two_quantities_are_a_contradiction() -> None:
    assert doubts(message(TEXT, PAGE.format(n=50))) == [
        "The mail says one thing as text (5) and another as HTML (50); ask the sender which is meant."
    ]


@pytest.mark.parametrize("extra", ["", '<p><a href="https://moorland.example/x/99812">Open</a></p>', "<p>Moorland Kit, 12 Mill Lane</p>"])
def test_the_same_with_a_link_or_a_line_more_is_none(extra: str) -> None:
    assert doubts(message(TEXT, PAGE.format(n=5) + extra)) == []


def test_what_the_text_leaves_out_is_read_from_the_page() -> None:
    document = mail.open(Source("m.eml", message("This mail is best seen as HTML.\n", PAGE.format(n=5))))
    assert [a.name for a in document.attachments] == ["m.eml!body.html"]
    assert doubts(message("This mail is best seen as HTML.\n", PAGE.format(n=5))) == []
