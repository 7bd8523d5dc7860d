"""Zip and gzip files: each file inside is a paper of its own, and nothing about the packing can do harm."""

from __future__ import annotations

import gzip
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from signoff.domain.reading import DraftOrder, SetAside, Unread
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document
from signoff.tools.documents.zipped import safe_name
from signoff.tools.intake import opened, papers
from signoff.tools.paper import Paper

ORDERS = Path(__file__).parents[3] / "examples" / "orders"
UBL, OTHER = ((ORDERS / "xml" / name).read_bytes() for name in ("4500018001.xml", "4500018004.xml"))
BOOK = (ORDERS / "spreadsheets" / "4500018062.xlsx").read_bytes()


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        for name, data in members:
            package.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


def locked() -> bytes:
    """The flag of traditional encryption, in both places where a zip says it (APPNOTE 4.4.4)."""
    data = bytearray(packed(("order.xml", UBL)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def reasons(found: list[Paper]) -> list[str]:
    return [part.reason for paper in found for part in paper.parts if isinstance(part, Unread)]


def test_each_file_is_a_paper() -> None:
    found = papers(Source("week 12.zip", packed(("a/one.xml", UBL), ("two.xml", OTHER), ("book.xlsx", BOOK))))
    assert [(p.member, p.format) for p in found] == [("a/one.xml", "xml"), ("two.xml", "xml"), ("book.xlsx", "xlsx")]
    assert all(isinstance(part, DraftOrder) for p in found for part in p.parts)


def test_what_is_no_order_is_a_case_beside_orders_as_it_is_in_a_folder() -> None:
    page = b"<html><body><h1>Invoice</h1><p>Invoice number 4711</p><p>Please pay within 30 days.</p></body></html>"
    found = papers(Source("a.zip", packed(("invoice.html", page), ("one.xml", UBL))))
    assert [p.member for p in found] == ["invoice.html", "one.xml"]
    assert isinstance(found[0].parts[0], SetAside)


def test_a_zip_in_a_mail_and_in_a_zip() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = (
        "a@example.com",
        "b@example.com",
        "Orders",
        "<1@example.com>",
    )
    message.set_content("Please find our orders attached.")
    inner = packed(("one.xml", UBL))
    message.add_attachment(packed(("more.zip", inner), ("two.xml", OTHER)), maintype="application", subtype="zip", filename="orders.zip")
    source = Source("mail.eml", message.as_bytes())
    found = papers(source)
    assert [p.member for p in found] == ["orders.zip!more.zip!one.xml", "orders.zip!two.xml"]
    assert opened(source, found[0].member).data == UBL


def test_gzip_holds_one_file() -> None:
    (paper,) = papers(Source("one.xml.gz", gzip.compress(UBL)))
    assert (paper.member, paper.format) == ("one.xml", "xml")
    assert isinstance(paper.parts[0], DraftOrder)


def test_what_systems_leave_behind_is_no_file() -> None:
    litter = ("__MACOSX/._one.xml", ".DS_Store", "a/.hidden", "a/~$book.xlsx", "Thumbs.db", "a/")
    found = papers(Source("a.zip", packed(*((name, b"x") for name in litter), ("one.xml", UBL))))
    assert [p.member for p in found] == ["one.xml"]


def test_a_document_that_is_a_zip_inside_is_itself() -> None:
    assert open_document(Source("book.zip", BOOK)).format == "xlsx"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/x", "etc/cron.d/x"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\x.exe", "Windows/x.exe"),
        ("..\\..\\x.xml", "x.xml"),
        ("a/./b//c.xml", "a/b/c.xml"),
        ("mail.eml!x.xml", "mail.eml_x.xml"),
        ("order\u202efdp.xml", "order_fdp.xml"),
        ("line\nbreak\x1b[31m.xml", "line_break_[31m.xml"),
        ("..", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_name_is_shown_without_what_it_could_do(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_names_that_climb_touch_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = papers(Source("a.zip", packed(("../up.xml", UBL), ("..\\up.xml", OTHER), (str(tmp_path / "abs.xml"), UBL))))
    assert [p.member for p in found][:2] == ["up.xml", "up (2).xml"]
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "up.xml").exists()


def test_an_encrypted_file_says_so_and_the_others_are_read() -> None:
    (reason,) = reasons(papers(Source("a.zip", locked())))
    assert reason == "a.zip!order.xml is protected by a password; pack it without one."


def test_a_link_is_not_followed() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        link = zipfile.ZipInfo("order.xml")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    assert reasons(papers(Source("a.zip", made.getvalue()))) == ["a.zip!order.xml is a link to another file; pack the file itself."]


def test_one_damaged_file_leaves_the_others() -> None:
    data = bytearray(packed(("bad.xml", UBL), ("good.xml", OTHER), method=zipfile.ZIP_STORED))
    data[200] ^= 0xFF
    found = papers(Source("a.zip", bytes(data)))
    assert reasons(found) == ["a.zip!bad.xml is damaged; ask the sender for it again."]
    assert isinstance(found[1].parts[0], DraftOrder)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (packed(("one.xml", UBL))[:-30], "damaged"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (b"\x1f\x8b\x08" + b"x" * 100, "damaged"),
        (gzip.compress(UBL)[:-12], "damaged"),
        (packed(), "without a file"),
        (packed(*((f"{n}.txt", b"x") for n in range(501))), "holds 501 files"),
        (packed(("a.txt", bytes(20_000_000))), "unpacks to more than 20 MB"),
    ],
)
def test_what_cannot_be_opened_says_why(data: bytes, word: str) -> None:
    (reason,) = reasons(papers(Source("a.zip", data)))
    assert reason.startswith("a.zip ")
    assert word in reason
    assert reason.endswith(".")
