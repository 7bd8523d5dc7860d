"""XML in the encodings and with the flaws that arrive by mail."""

from __future__ import annotations

import codecs

import pytest

from signoff.domain.errors import Unreadable
from signoff.tools.documents import xml
from signoff.tools.documents.document import Source


def opened(data: bytes) -> str | None:
    root = xml.open(Source("a.xml", data)).xml
    assert root is not None
    return root.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_opens_every_unicode_encoding(encoding: str) -> None:
    data = "<?xml version='1.0'?><a>für 5 €</a>".encode(encoding)
    assert xml.matches(Source("a.txt", data))
    assert opened(data) == "für 5 €"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_utf8_bytes_that_are_labelled_utf16_are_read_as_utf8(mark: bytes) -> None:
    assert opened(mark + '<?xml version="1.0" encoding="utf-16"?><a>ü</a>'.encode()) == "ü"


def test_blanks_before_the_declaration_and_fill_characters_at_the_end_do_no_harm() -> None:
    assert opened(b'\xef\xbb\xbf\r\n<?xml version="1.0"?><a>1</a>\n\x00\x1a') == "1"


def test_comments_and_processing_instructions_are_no_part_of_a_text() -> None:
    assert opened(b"<a>1<!-- one -->2<?note x?>3</a>") == "123"


def test_a_document_type_without_entities_is_accepted_and_not_fetched() -> None:
    assert opened(b'<!DOCTYPE cXML SYSTEM "http://127.0.0.1:9/cXML.dtd"><cXML>1</cXML>') == "1"


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>',
        b'<!DOCTYPE a SYSTEM "a.dtd"><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "a.dtd"><a b="&x;"/>',
        b'<a b="&x;"/>',
    ],
)
def test_entities_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"a\.xml uses XML entities"):
        opened(data)


@pytest.mark.parametrize(
    "data",
    [b"<a>\n<b>\n</a>", b"<a>\n\n</b>", b'<?xml version="1.0" encoding="UTF-8"?><a>\n\n\xe4</a>', b"<a/>\n\n<b/>"],
)
def test_malformed_xml_names_the_line(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"a\.xml is not well-formed XML \(line 3: "):
        opened(data)


@pytest.mark.parametrize("data", [b"<a>" * 300 + b"</a>" * 300, b'<?xml version="1.0" encoding="none"?><a/>', b'<?xml version="1.0"?>'])
def test_what_cannot_be_parsed_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable, match="is not well-formed XML"):
        opened(data)


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (b"<!-- a note --><Order xmlns='urn:x'/>", True),
        (b'<?xml version="1.0"?>', True),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>', False),
        (b"<!DOCTYPE html><html></html>", False),
        (b"<div>Order 1</div>", False),
        (b"<jo@example.com> wrote", False),
        (b"<!--" * 20_000, False),
        (b"plain", False),
    ],
)
def test_knows_xml_by_its_content(data: bytes, claimed: bool) -> None:
    assert xml.matches(Source("a.xml", data)) is claimed
