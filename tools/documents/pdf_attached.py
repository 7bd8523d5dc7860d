"""Files inside a PDF: the order XML that Order-X, Factur-X and ZUGFeRD embed, and orders attached to a page or gathered in a portfolio.

They lie in the document's list of files or behind a paper clip on a page (ISO 32000-1, 7.11.4, 12.5.6.15).
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from lxml import etree

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Notice
from signoff.tools.documents.document import Source

EMBEDDED = ("order-x.xml", "orderx.xml", "factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
ENDINGS = (".pdf", ".xml", ".xlsx", ".xls", ".ods", ".csv", ".edi", ".docx", ".eml", ".msg")
"""Files in which an order may come; drawings and data sheets are no papers of their own."""
WRITTEN = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)
MAX_ATTACHMENTS, MAX_ANNOTATIONS, MAX_BYTES = 100, 10_000, 40_000_000


def embedded(source: Source, pdf: pdfium.PdfDocument) -> tuple[etree._Element | None, list[Notice]]:
    """The root of the embedded order or invoice XML; when it is damaged, nothing and a notice."""
    for attachment in _listed(pdf):
        if _name(attachment).lower() not in EMBEDDED:
            continue
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            return etree.fromstring(_data(source, attachment), parser), []
        except (etree.XMLSyntaxError, ValueError, pdfium.PdfiumError):
            message = f"The XML {_name(attachment)} inside {source.name} is damaged; the printed pages were read instead."
            return None, [Notice(code="readings_disagree", message=message)]
    return None, []


def attachments(source: Source, pdf: pdfium.PdfDocument, clipped: list[Source]) -> tuple[Source, ...]:
    """The attached files that may be orders, each once. Raises `Unreadable` when they are too many or too large."""
    found: dict[str, Source] = {}
    for file in [*(_file(source, attachment) for attachment in _listed(pdf)), *clipped]:
        if file is not None:
            _add(found, source, file)
        if len(found) > MAX_ATTACHMENTS or sum(len(f.data) for f in found.values()) > MAX_BYTES:
            raise Unreadable(f"{source.name} holds too many or too large files; hand in the orders among them one by one.")
    return tuple(found.values())


def pinned(source: Source, page: pdfium.PdfPage, pdf: pdfium.PdfDocument) -> tuple[list[Source], bool]:
    """The files behind paper clips on the page, and whether something was filled in or written on it (fields, notes, stamps).

    The files are copied at once: PDFium keeps none of them when what is written becomes part of the page.
    """
    clips: list[Source] = []
    written = False
    for n in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, n)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        written = written or kind in WRITTEN
        if (
            kind == raw.FPDF_ANNOT_FILEATTACHMENT
            and len(clips) <= MAX_ATTACHMENTS
            and (held := raw.FPDFAnnot_GetFileAttachment(annotation))
        ):
            clips += [file for file in (_file(source, pdfium.PdfAttachment(held, pdf)),) if file is not None]
        raw.FPDFPage_CloseAnnot(annotation)
    return clips, written


def _file(source: Source, attachment: pdfium.PdfAttachment) -> Source | None:
    """The file when it may be an order; one that is damaged says so."""
    name = _name(attachment)
    if not name.lower().endswith(ENDINGS) or name.lower() in EMBEDDED:
        return None
    try:
        return Source(f"{source.name}!{name}", _data(source, attachment))
    except pdfium.PdfiumError:
        return Source(f"{source.name}!{name}", b"", f"{name} inside {source.name} is damaged; ask the sender for it again.")


def _add(found: dict[str, Source], source: Source, file: Source) -> None:
    if any(known.data == file.data for known in found.values()):
        return
    name = file.name.removeprefix(source.name + "!")
    stem, _, ending = name.rpartition(".")
    count = 2
    while name in found:
        name, count = f"{stem} ({count}).{ending}", count + 1
    found[name] = replace(file, name=f"{source.name}!{name}")


def _listed(pdf: pdfium.PdfDocument) -> Iterator[pdfium.PdfAttachment]:
    for n in range(min(pdf.count_attachments(), 10 * MAX_ATTACHMENTS)):
        yield pdf.get_attachment(n)


def _name(attachment: pdfium.PdfAttachment) -> str:
    """The file's name without folders, drive or control characters."""
    name = re.split(r"[/\\]", attachment.get_name())[-1].replace("!", "_")
    return "".join(c for c in name if c.isprintable()).strip(" .")[-120:] or "attachment"


def _data(source: Source, attachment: pdfium.PdfAttachment) -> bytes:
    """The file's bytes, when they are few enough to be copied."""
    size = ctypes.c_ulong()
    raw.FPDFAttachment_GetFile(attachment.raw, None, 0, size)
    if size.value > MAX_BYTES:
        raise Unreadable(f"A file inside {source.name} has {size.value:,} bytes; up to {MAX_BYTES:,} are read.")
    return bytes(attachment.get_data())
