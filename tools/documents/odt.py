"""OpenDocument text (ISO/IEC 26300), set as text on a grid: paragraphs, lists with their numbers, tables in tables, headers and footers.

Text that was deleted with changes tracked is not read, text marked hidden is reported.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Notice
from signoff.tools.documents import grid
from signoff.tools.documents.commands import macros
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.package import part

FORMAT = "odt"
MAX_DEPTH = 60

_MEDIA = b"mimetypeapplication/vnd.oasis.opendocument.text"
_OFFICE, _TEXT, _TABLE, _DRAW = (f"{{urn:oasis:names:tc:opendocument:xmlns:{n}:1.0}}" for n in ("office", "text", "table", "drawing"))
_HEADINGS = (f"{_TEXT}p", f"{_TEXT}h")
_SKIPPED = frozenset(
    {f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls", f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_TEXT}note-citation"}
)
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def matches(source: Source) -> bool:
    """Whether the bytes are a zip whose first member says that it is OpenDocument text."""
    return source.data.startswith(b"PK\x03\x04") and _MEDIA in source.data[:200]


def open(source: Source) -> Document:
    """The document as words on a grid. Raises `Unreadable` when it is damaged, encrypted, too large, or shows no text."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            styles = part(package, "styles.xml", source.name) if "styles.xml" in package.namelist() else None
            content = part(package, "content.xml", source.name)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, RuntimeError, ValueError, EOFError, KeyError, OSError) as error:
        raise Unreadable(f"{source.name} is a damaged or protected OpenDocument text; save it again without a password.") from error
    setter = Setter()
    heads, feet = (_edges(styles, name) for name in ("header", "footer"))
    lines = [line for root in (*heads, *content.iter(f"{_OFFICE}text"), *feet) for line in setter.block(root, 0)]
    if not any(line.strip() for line in lines):
        raise Unreadable(f"{source.name} shows no text; if it holds a picture of the order, enter it by hand.")
    hidden = " ".join(" ".join(setter.hidden).split())
    told = [Notice(code="hidden_text", message=f"The document hides text, which was not read: {hidden[:200]!r}.")] if hidden else []
    return Document(source.name, FORMAT, source.data, pages=grid.pages(lines), notices=(*told, *macros(source.data)))


def _edges(styles: etree._Element | None, name: str) -> list[etree._Element]:
    return [] if styles is None else list(styles.iter(f"{_STYLE}{name}"))


class Setter:
    """Sets paragraphs, lists and tables as blocks of lines and keeps hidden text apart."""

    def __init__(self) -> None:
        self.hidden: list[str] = []

    def block(self, node: etree._Element, depth: int) -> grid.Block:
        """The lines of everything below the element."""
        lines: grid.Block = []
        for child in node:
            if child.tag in _SKIPPED or depth > MAX_DEPTH or not isinstance(child.tag, str):
                continue
            if child.tag in (f"{_TEXT}hidden-paragraph", f"{_TEXT}hidden-text"):
                self.hidden.append("".join(str(t) for t in child.itertext()))
            elif child.tag in _HEADINGS:
                lines += self.paragraph(child, depth)
            elif child.tag == f"{_TABLE}table":
                lines += self.table(child, depth)
            else:
                lines += self.block(child, depth + 1)
        return grid.tabs(lines)

    def paragraph(self, node: etree._Element, depth: int) -> grid.Block:
        """The paragraph's lines, then those of the frames that are anchored in it."""
        texts: list[str] = []
        boxes: grid.Block = []
        self._run(node, texts, boxes, depth)
        lines = "".join(texts).split("\n")
        return [w for line in lines for w in (grid.wrap(line, 110) if "\t" not in line else [line])] + boxes

    def _run(self, node: etree._Element, texts: list[str], boxes: grid.Block, depth: int) -> None:
        texts.append(node.text or "")
        for child in node:
            if child.tag == f"{_TEXT}tab":
                texts.append("\t")
            elif child.tag == f"{_TEXT}line-break":
                texts.append("\n")
            elif child.tag == f"{_TEXT}s":
                count = child.get(f"{_TEXT}c", "1")
                texts.append(" " * (min(int(count), 100) if count.isdigit() else 1))
            elif child.tag in (f"{_DRAW}frame", f"{_DRAW}custom-shape"):
                boxes += self.block(child, depth + 1)
            elif child.tag in (f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph"):
                self.hidden.append(child.get(f"{_TEXT}string-value") or "".join(str(t) for t in child.itertext()))
            elif child.tag not in _SKIPPED and isinstance(child.tag, str) and depth <= MAX_DEPTH:
                self._run(child, texts, boxes, depth + 1)
            texts.append(child.tail or "")

    def table(self, node: etree._Element, depth: int) -> grid.Block:
        """The table's rows; cells that another covers are empty."""
        rows = []
        for row in node.iter(f"{_TABLE}table-row"):
            if next(row.iterancestors(f"{_TABLE}table"), None) is node:
                cells = [c for c in row if c.tag == f"{_TABLE}table-cell"]
                rows.append([(self.block(c, depth + 1), _span(c)) for c in cells])
        return grid.table(rows)


def _span(cell: etree._Element) -> int:
    text = cell.get(f"{_TABLE}number-columns-spanned", "1")
    return max(1, min(int(text), 30)) if text.isdigit() else 1
