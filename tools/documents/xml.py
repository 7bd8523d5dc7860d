"""XML 1.0 (W3C, fifth edition): any vocabulary, any declared encoding, known by its content and not by its name.

A document from outside is not trusted: nothing is fetched, no DTD is loaded, and entities are refused, whether they are
declared inside (the "billion laughs") or used without a declaration. A plain `<!DOCTYPE cXML SYSTEM "...">`, which every cXML
file has, is accepted and ignored. Comments and processing instructions are no part of what a document says and are dropped.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Document, Source

FORMAT = "xml"
HEAD = 65_536
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BARE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
"""UTF-16 without a byte order mark (XML 1.0, appendix F)."""

_REFUSED = "{} uses XML entities of its own, which are refused because they can hide text; ask the sender for it without them."
_PROLOG = re.compile(r"(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*+", re.DOTALL)
_ROOT = re.compile(r"<(?:[^\W\d][\w.-]*:)?([^\W\d][\w.-]*)[\s/>]")
_PAGE = frozenset({"html", "head", "body", "table", "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "meta", "center", "span"})
"""Elements that a web page or a fragment of one starts with."""


def matches(source: Source) -> bool:
    """Whether the bytes are XML of any vocabulary but that of web pages."""
    text = _head(source.data)
    root = _ROOT.match(text, end) if (end := _end_of_prolog(text)) < len(text) else None
    if re.match(r"<\?xml\s", text):
        return root is None or root[1].lower() != "html"
    return root is not None and root[1].lower() not in _PAGE


def open(source: Source) -> Document:
    """The document with its root element. Raises `Unreadable` when it is not well-formed or uses entities."""
    return Document(source.name, FORMAT, source.data, xml=parse(source.name, source.data))


def parse(name: str, data: bytes) -> etree._Element:
    """The root element, without comments and processing instructions. Raises `Unreadable` as `open` does."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding=_encoding(data),
    )
    try:
        root = etree.fromstring(_trimmed(data), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(_why(name, error)) from error
    if _uses_entities(root, parser):
        raise Unreadable(_REFUSED.format(name))
    return root


def _uses_entities(root: etree._Element, parser: etree.XMLParser) -> bool:
    """Entities that are declared, that stand in the text, or that the parser left out of an attribute with a mere warning."""
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is None:
        return False
    left_out = any(entry.type_name == "WAR_UNDECLARED_ENTITY" for entry in parser.error_log)
    return left_out or any(True for _ in declared.iterentities()) or any(True for _ in root.iter(etree.Entity))


def _encoding(data: bytes) -> str | None:
    """UTF-8 where the bytes cannot be the UTF-16 that the declaration names: programs that write XML into a string do that."""
    declared = re.match(
        rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"'](?:UTF-?16|UTF-?32|UCS-?[24]|ISO-10646-UCS)", data.removeprefix(codecs.BOM_UTF8), re.I
    )
    return "utf-8" if declared or data.startswith(codecs.BOM_UTF8) else None


def _head(data: bytes) -> str:
    encoding = next((e for mark, e in (*BOMS, *BARE) if data.startswith(mark)), "latin-1")
    return data[:HEAD].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")


def _end_of_prolog(text: str) -> int:
    prolog = _PROLOG.match(text)
    return prolog.end() if prolog else 0


def _trimmed(data: bytes) -> bytes:
    """Without the blanks before the declaration and the fill characters at the end, which transfers like to add."""
    if b"\x00" in data[:4]:
        return data
    return data.removeprefix(codecs.BOM_UTF8).lstrip(b"\t\r\n ").rstrip(b"\x00\x1a\t\r\n ")


def _why(name: str, error: etree.XMLSyntaxError) -> str:
    message = str(error.msg or "the text ends too early").split(", line ")[0].strip().rstrip(".")
    if "entit" in message.lower():
        return _REFUSED.format(name)
    return f"{name} is not well-formed XML (line {error.lineno}: {message}); ask the sender for it again."
