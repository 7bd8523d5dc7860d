"""Files that were made to harm whoever opens them are refused in a sentence, quickly, and by the reader rather than by its death."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import bombs
import pytest

from signoff.domain.reading import DraftOrder, Part, Unread
from signoff.tools.documents.document import Source
from signoff.tools.isolation import Readers
from signoff.tools.limits import Limits

SECONDS = 60
"""Far more than any of them takes, for machines that are busy with other things."""


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(1, Limits(seconds=30, patience=200, megabytes=1200)) as one:
        yield one


def parts(readers: Readers, name: str, data: bytes) -> list[Part]:
    begun = time.perf_counter()
    found = [part for paper in readers.submit(Source(name, data)).result(300).papers for part in paper.parts]
    assert time.perf_counter() - begun < SECONDS
    return found


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "laughs.xml": (bombs.laughs, "uses XML entities of its own"),
    "blowup.xml": (bombs.blowup, "uses XML entities of its own"),
    "outside.xml": (lambda: bombs.outside("file:///etc/passwd"), "uses XML entities of its own"),
    "called.xml": (lambda: bombs.outside("http://127.0.0.1:9/x"), "uses XML entities of its own"),
    "deep.xml": (bombs.deep, "is not well-formed XML"),
    "big.docx": (bombs.document_bomb, "unpacks to more than"),
    "overlapping.zip": (bombs.overlapping, "holds 2,000 files; the limit is 500"),
    "bomb.gz": (bombs.gzip_bomb, "unpacks to more than 100 MB"),
    "pages.pdf": (lambda: bombs.many_pages(10_000), "has 10000 pages"),
    "huge.png": (bombs.huge_picture, "100 million pixels"),
    "rows.xlsx": (lambda: bombs.many_rows(120_000), "has a sheet of 120,000 rows"),
    "line.csv": (lambda: bombs.long_line(5 * bombs.MEGABYTE), "is not sound delimited text"),
    "deep.html": (lambda: bombs.deep_page(10_000), "shows no text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_in_a_sentence(readers: Readers, name: str) -> None:
    make, why = REFUSED[name]
    (part,) = parts(readers, name, make())
    assert isinstance(part, Unread)
    assert why in part.reason
    assert part.reason.startswith(name)
    assert part.reason.endswith(".")


@pytest.mark.slow
def test_a_stream_that_unpacks_to_a_gigabyte_ends_somehow(readers: Readers) -> None:
    """PDFium unpacks before it can be asked how much; at worst the process gives up."""
    (part,) = parts(readers, "flate.pdf", bombs.flate_bomb())
    assert isinstance(part, Unread)
    assert part.reason.startswith("flate.pdf ")
    assert part.reason.endswith(".")


def test_zips_in_zips_are_told_once(readers: Readers) -> None:
    """A million files would come of it; one sentence does for each limit."""
    found = parts(readers, "nested.zip", bombs.nested_zips())
    reasons = [part.reason for part in found if isinstance(part, Unread)]
    assert len(reasons) == len(found) <= 2
    assert "more than 4 deep" in reasons[0]


def test_mails_in_mails_are_told_once(readers: Readers) -> None:
    found = parts(readers, "mail.eml", bombs.nested_mails(50))
    assert ["more than 4 deep" in part.reason for part in found if isinstance(part, Unread)] == [True]


def test_nothing_is_fetched_into_a_document(readers: Readers) -> None:
    """XInclude names files and addresses as entities do."""
    (part,) = parts(readers, "included.xml", bombs.included("file:///etc/hostname"))
    assert not isinstance(part, DraftOrder)
    assert "hostname" not in part.reason


COMMANDS = ("=cmd|'/C calc'!A0", '=WEBSERVICE("http://127.0.0.1:9/x")')


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_in_a_table_is_text(readers: Readers, command: str) -> None:
    quoted = '"' + command.replace('"', '""') + '"'
    rows = ("Purchase order;Supplier;Description;Quantity;Unit price;Amount", f"PO-4711;Borrowdale Ltd;{quoted};2;3.00;6.00")
    (part,) = parts(readers, "order.csv", "\n".join(rows).encode())
    assert isinstance(part, DraftOrder)
    assert [line.description for line in part.order.lines] == [command]


def test_the_readers_outlived_them_all(readers: Readers) -> None:
    (part,) = parts(readers, "order.txt", b"Purchase order 4711")
    assert not isinstance(part, Unread) or "program that reads it" not in part.reason
