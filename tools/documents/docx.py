"""Word documents (ISO/IEC 29500, WordprocessingML), set as text on a grid: headers, body, text boxes, tables in tables, footers.

Inserted text is read and deleted text is not, as Word shows it; numbers that Word counts are counted. Runs marked hidden (w:vanish),
white on no shading, or smaller than two points are reported, not read.
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
from signoff.tools.documents.docx_numbers import Numbering, W
from signoff.tools.documents.package import part

FORMAT = "docx"
MAX_DEPTH = 60

_SKIPPED = frozenset({f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}sectPr", f"{W}instrText"})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def matches(source: Source) -> bool:
    """Whether the bytes are a zip that holds `word/document.xml`."""
    if not source.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            return "word/document.xml" in package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return b"word/document.xml" in source.data


def open(source: Source) -> Document:
    """The document as words on a grid. Raises `Unreadable` when it is damaged, too large, or shows no text."""
    try:
        roots, numbering = _parts(source)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, RuntimeError, ValueError, EOFError, KeyError, OSError) as error:
        raise Unreadable(f"{source.name} is a damaged or protected Word file; save it again without a password.") from error
    setter = Setter(numbering)
    lines = [line for root in roots for line in [*setter.block(root, 0), ""]]
    if not any(line.strip() for line in lines):
        raise Unreadable(f"{source.name} shows no text; if it holds a picture of the order, enter it by hand.")
    hidden = " ".join(" ".join(setter.hidden).split())
    told = [Notice(code="hidden_text", message=f"The document hides text, which was not read: {hidden[:200]!r}.")] if hidden else []
    return Document(source.name, FORMAT, source.data, pages=grid.pages(lines), notices=(*told, *macros(source.data)))


def _parts(source: Source) -> tuple[list[etree._Element], Numbering]:
    """Headers, the body, footers, each once; and how paragraphs are numbered."""
    with zipfile.ZipFile(io.BytesIO(source.data)) as package:
        names = package.namelist()
        heads = sorted(n for n in names if n.startswith("word/header") and n.endswith(".xml"))
        feet = sorted(n for n in names if n.startswith("word/footer") and n.endswith(".xml"))
        numbers = part(package, "word/numbering.xml", source.name) if "word/numbering.xml" in names else None
        styles = part(package, "word/styles.xml", source.name) if "word/styles.xml" in names else None
        return [part(package, n, source.name) for n in [*heads, "word/document.xml", *feet]], Numbering(numbers, styles)


class Setter:
    """Sets paragraphs and tables as blocks of lines and keeps hidden runs apart."""

    def __init__(self, numbering: Numbering) -> None:
        self.hidden: list[str] = []
        self.numbering = numbering

    def block(self, node: etree._Element, depth: int) -> grid.Block:
        """The lines of everything below the element."""
        lines: grid.Block = []
        for child in node:
            if child.tag in _SKIPPED or child.tag == _FALLBACK or depth > MAX_DEPTH:
                continue
            if child.tag == f"{W}p":
                lines += self.paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                own = self.table(child, depth)
                lines += own if node.tag == f"{W}tc" else ["", *own, ""]
            else:
                lines += self.block(child, depth + 1)
        return grid.tabs(lines)

    def paragraph(self, node: etree._Element, depth: int) -> grid.Block:
        """The paragraph's lines, then those of text boxes that are anchored in it."""
        texts: list[str] = []
        boxes: grid.Block = []
        self._run(node, texts, boxes, depth)
        if (number := self.numbering.next(node)) is not None:
            texts.insert(0, f"{number} ")
        lines = "".join(texts).split("\n")
        return [w for line in lines for w in (grid.wrap(line, 110) if "\t" not in line else [line])] + boxes

    def _run(self, node: etree._Element, texts: list[str], boxes: grid.Block, depth: int) -> None:
        for child in node:
            if child.tag in _SKIPPED or child.tag == _FALLBACK or depth > MAX_DEPTH:
                continue
            if child.tag == f"{W}t":
                texts.append(child.text or "")
            elif child.tag in (f"{W}tab", f"{W}ptab"):
                texts.append("\t")
            elif child.tag in (f"{W}br", f"{W}cr"):
                texts.append("\n")
            elif child.tag == f"{W}txbxContent":
                boxes += self.block(child, depth + 1)
            elif child.tag == f"{W}r" and _invisible(child):
                self.hidden.append("".join(t.text or "" for t in child.iter(f"{W}t")))
            else:
                self._run(child, texts, boxes, depth + 1)

    def table(self, node: etree._Element, depth: int) -> grid.Block:
        """The table's rows; a cell inside a content control counts as a cell."""
        rows = []
        for row in node.iter(f"{W}tr"):
            if _owner(row, f"{W}tbl") is node:
                cells = [c for c in row.iter(f"{W}tc") if _owner(c, f"{W}tr") is row]
                rows.append([(self.block(c, depth + 1), _span(c)) for c in cells])
        return grid.table(rows)


def _owner(node: etree._Element, tag: str) -> etree._Element | None:
    return next(node.iterancestors(tag), None)


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    text = span.get(f"{W}val", "1") if span is not None else "1"
    return max(1, min(int(text), 30)) if text.isdigit() else 1


def _invisible(run: etree._Element) -> bool:
    properties = run.find(f"{W}rPr")
    if properties is None or not any((t.text or "").strip() for t in run.iter(f"{W}t")):
        return False
    vanish, colour, size = (properties.find(f"{W}{tag}") for tag in ("vanish", "color", "sz"))
    if vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false", "off"):
        return True
    if size is not None and size.get(f"{W}val", "").isdigit() and int(size.get(f"{W}val", "20")) < 4:
        return True
    return colour is not None and colour.get(f"{W}val", "").upper() == "FFFFFF" and not _shaded(run)


def _shaded(run: etree._Element) -> bool:
    """Whether the run, its paragraph, cell or table is shaded in another colour than white."""
    around = [run, *run.iterancestors(f"{W}p", f"{W}tc", f"{W}tbl")]
    shades = [s for node in around for s in node.iterfind(f"*/{W}shd")]
    styled = any(node.find(f"{W}tblPr/{W}tblStyle") is not None for node in around)
    return styled or any(s.get(f"{W}fill", "auto").upper() not in ("AUTO", "FFFFFF") for s in shades)
