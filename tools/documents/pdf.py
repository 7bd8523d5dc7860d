"""PDF with a text layer (ISO 32000), and the order XML that Order-X, Factur-X and ZUGFeRD embed in one.

Words and pages come from PDFium. Text that a person would not see on the page is reported and not read. A PDF without any text,
a scan, is refused here: its pages are pictures.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from lxml import etree

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Evidence, Notice, Region
from signoff.tools.documents.document import Document, Page, Source, Word
from signoff.tools.documents.pdf_words import words

FORMAT = "pdf"
MAX_PAGES, MAX_WORDS = 300, 200_000
EMBEDDED = ("order-x.xml", "orderx.xml", "factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")

_PDFIUM = threading.Lock()
"""PDFium is not safe for threads; one document at a time."""


def matches(source: Source) -> bool:
    """Whether the header `%PDF-` stands within the first kilobyte, as readers have always allowed."""
    return b"%PDF-" in source.data[:1024]


def open(source: Source) -> Document:
    """The pages with their words, and the embedded order XML if there is one.

    Raises `Unreadable` for a damaged or encrypted file, too many pages, or pages without text.
    """
    with _PDFIUM:
        pdf = _load(source)
        try:
            return _document(source, pdf)
        except pdfium.PdfiumError as error:
            raise Unreadable(f"{source.name} is damaged ({error}); ask the sender for it again.") from error
        finally:
            pdf.close()


def _load(source: Source) -> pdfium.PdfDocument:
    try:
        pdf = pdfium.PdfDocument(source.data)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Unreadable(f"{source.name} is encrypted; ask the sender for a copy without a password.") from error
        raise Unreadable(f"{source.name} is a damaged or cut off PDF; ask the sender for it again.") from error
    if not 0 < len(pdf) <= MAX_PAGES:
        count = len(pdf)
        pdf.close()
        raise Unreadable(f"{source.name} has {count} pages; between 1 and {MAX_PAGES} can be read.")
    return pdf


def _document(source: Source, pdf: pdfium.PdfDocument) -> Document:
    xml, notices = _embedded(source, pdf)
    pages: list[Page] = []
    total = 0
    for number in range(1, len(pdf) + 1):
        page, hidden = _page(pdf, number)
        total += len(page.words)
        if total > MAX_WORDS:
            raise Unreadable(f"{source.name} has more than {MAX_WORDS} words; split it into its orders.")
        pages.append(page)
        notices += [_hidden_notice(number, line) for line in hidden]
    if not total and xml is None:
        raise Unreadable(
            f"{source.name} has no text layer; scanned pages are not read, ask the sender for the original or enter the order by hand."
        )
    return Document(source.name, FORMAT, source.data, xml=xml, pages=tuple(pages), notices=tuple(notices[:50]))


def _page(pdf: pdfium.PdfDocument, number: int) -> tuple[Page, list[list[Word]]]:
    page = pdf[number - 1]
    view, shown, hidden = words(page)
    width, height = view.size
    return Page(number, round(width, 2), round(height, 2), tuple(shown)), list(_passages(hidden))


def _passages(hidden: list[Word]) -> Iterator[list[Word]]:
    """Hidden words in the order they were written, cut where the text jumps away."""
    passage: list[Word] = []
    for word in hidden:
        if passage and abs(word.top - passage[-1].top) > 60:
            yield passage
            passage = []
        passage.append(word)
    if passage:
        yield passage


def _hidden_notice(number: int, passage: list[Word]) -> Notice:
    text = " ".join(w.text for w in passage)[:1000]
    box = (min(w.left for w in passage), min(w.top for w in passage), max(w.right for w in passage), max(w.bottom for w in passage))
    message = f"Page {number} holds text that cannot be seen, and which was not read: {text[:200]!r}."
    return Notice(code="hidden_text", message=message, evidence=Evidence(text=text, page=number, box=box, region=Region.NOTE))


def _embedded(source: Source, pdf: pdfium.PdfDocument) -> tuple[etree._Element | None, list[Notice]]:
    """The root of the embedded order or invoice XML; when it is damaged, nothing and a notice."""
    for i in range(pdf.count_attachments()):
        attachment = pdf.get_attachment(i)
        if attachment.get_name().lower() not in EMBEDDED:
            continue
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            return etree.fromstring(bytes(attachment.get_data()), parser), []
        except (etree.XMLSyntaxError, ValueError, pdfium.PdfiumError):
            message = f"The XML {attachment.get_name()} inside {source.name} is damaged; the printed pages were read instead."
            return None, [Notice(code="readings_disagree", message=message)]
    return None, []
