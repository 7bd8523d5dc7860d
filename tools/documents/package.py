"""Parts of a zip package that holds a document (Word, OpenDocument): read one by one, each within its limits."""

from __future__ import annotations

import zipfile

from lxml import etree

from signoff.domain.errors import Unreadable

MAX_PART, MAX_RATIO, SMALL = 60_000_000, 200, 1_000_000
"""Bytes of a part at most, and how many times its packed size it may have once it is larger than `SMALL`: documents pack 5 to 30 times."""


def part(package: zipfile.ZipFile, name: str, file: str) -> etree._Element:
    """The root of an XML part. Raises `Unreadable` when it is too large, or packed as no document is; entities are never resolved."""
    packed = package.getinfo(name).compress_size
    with package.open(name) as stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART or (len(data) > SMALL and len(data) > MAX_RATIO * max(packed, 1)):
        raise Unreadable(f"{file} unpacks to more than {len(data) // 1_000_000} MB, more than a document's part does.")
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
