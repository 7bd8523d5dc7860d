"""PDF (ISO 32000): its pages as words, the files inside it, and what a person would not see on it.

Words and pages come from PDFium; what was filled into a form or written on a page counts as printed. Pages that are pictures, and those
whose text does not say what is printed, are recognised; the others keep their text. Text that cannot be seen is reported and not read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Evidence, Notice, Region
from signoff.tools.documents.document import Document, Page, Picture, Source, Word
from signoff.tools.documents.pdf_attached import attachments, embedded, pinned
from signoff.tools.documents.pdf_scan import Need, merged, need
from signoff.tools.documents.pdf_words import Words, words

FORMAT = "pdf"
MAX_PAGES, MAX_WORDS, MAX_SCANS = 300, 200_000, 30
DOTS, MAX_SIDE = 200, 2600
"""Dots an inch at which a page is painted to be recognised, and the most pixels on its longer side."""

PDFIUM = threading.Lock()
"""PDFium is not safe for threads; one document at a time."""


@dataclass(slots=True)
class Content:
    """What was found in a file: its pages, why some have to be recognised, files pinned to them, and what was noticed."""

    pages: list[Page] = field(default_factory=list)
    needs: dict[int, Need] = field(default_factory=dict)
    pinned: list[Source] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def matches(source: Source) -> bool:
    """Whether the header `%PDF-` stands within the first kilobyte, as readers have always allowed."""
    return b"%PDF-" in source.data[:1024]


def open(source: Source) -> Document:
    """The pages with their words, the embedded order XML if there is one, and attached files that may be orders.

    Raises `Unreadable` for a damaged or encrypted file, one without text, and one with too many pages, scanned pages or words.
    """
    with PDFIUM:
        pdf = load(source)
        try:
            xml, damaged = embedded(source, pdf)
            content = _content(source, pdf, xml is not None)
            inside = attachments(source, pdf, content.pinned) if xml is None else ()
        except pdfium.PdfiumError as error:
            raise Unreadable(f"{source.name} is damaged ({error}); ask the sender for it again.") from error
        finally:
            pdf.close()
    pages, unread = _recognised(source, content)
    if xml is None and not inside and not any(page.words for page in pages):
        raise Unreadable(f"{source.name} shows no text; ask the sender for the original or enter the order by hand.")
    notices = (*damaged, *unread, *content.notices)[:50]
    again = partial(picture, source) if any(page.scanned for page in pages) else None
    return Document(source.name, FORMAT, source.data, xml=xml, pages=tuple(pages), attachments=inside, notices=notices, picture=again)


def load(source: Source) -> pdfium.PdfDocument:
    """The file, opened with its form fields. Raises `Unreadable`; the caller holds `PDFIUM` and closes it."""
    try:
        pdf = pdfium.PdfDocument(source.data)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Unreadable(f"{source.name} is encrypted; ask the sender for a copy without a password.") from error
        raise Unreadable(f"{source.name} is a damaged or cut off PDF; ask the sender for it again.") from error
    problem = _problem(source, pdf)
    if problem:
        pdf.close()
        raise Unreadable(problem)
    return pdf


def _problem(source: Source, pdf: pdfium.PdfDocument) -> str | None:
    kind = pdf.get_formtype()
    if kind == raw.FORMTYPE_XFA_FULL:
        return f"{source.name} is a form that only Adobe's programs can show (XFA); print it to a PDF there and hand in that."
    if kind == raw.FORMTYPE_ACRO_FORM:
        pdf.init_forms()
    count = len(pdf)
    return None if 0 < count <= MAX_PAGES else f"{source.name} has {count} pages; between 1 and {MAX_PAGES} can be read."


def picture(source: Source, number: int) -> Picture:
    """The page as it lies in the file, painted in grey to be recognised. Raises `Unreadable`."""
    with PDFIUM:
        pdf = load(source)
        try:
            page = pdf[number - 1]
            width, height = page.get_size()
            scale = min(DOTS / 72, MAX_SIDE / max(width, height))
            return Picture(page.render(scale=scale, grayscale=True).to_pil().copy(), width, height)
        except pdfium.PdfiumError as error:
            raise Unreadable(f"Page {number} of {source.name} is damaged ({error}); ask the sender for it again.") from error
        finally:
            pdf.close()


def _content(source: Source, pdf: pdfium.PdfDocument, known: bool = False) -> Content:
    """What the pages hold; where the order is known from XML, none of them is recognised."""
    content = Content()
    total = 0
    for number in range(1, len(pdf) + 1):
        found = words(_page(source, pdf, number, content))
        total += len(found.shown) + len(found.aside) + len(found.hidden) + len(found.beneath)
        if total > MAX_WORDS:
            raise Unreadable(f"{source.name} has more than {MAX_WORDS:,} words; split it into its orders.")
        content.pages.append(_read(number, found))
        content.notices += [_hidden_notice(number, passage) for passage in _passages(found.hidden)]
        if not known and (wanted := need(found)):
            content.needs[number] = wanted
        if sum(not wanted.pictures for wanted in content.needs.values()) > MAX_SCANS:
            raise Unreadable(f"{source.name} has more than {MAX_SCANS} scanned pages; split it into its orders.")
    return content


def _page(source: Source, pdf: pdfium.PdfDocument, number: int, content: Content) -> pdfium.PdfPage:
    """The page, with what was filled in and written on it made part of it."""
    page = pdf[number - 1]
    clips, written = pinned(source, page, pdf)
    content.pinned += clips
    if written and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = pdf[number - 1]
    return page


def _read(number: int, found: Words) -> Page:
    width, height = found.view.size
    turned = -90.0 * found.turned % 360
    return Page(number, round(width, 2), round(height, 2), tuple(found.shown), turned=turned, aside=tuple(found.aside))


def _recognised(source: Source, content: Content) -> tuple[list[Page], list[Notice]]:
    """The pages, with those recognised that have to be; a notice for each that could not be while others could be read."""
    pages, needs, notices = list(content.pages), dict(content.needs), list[Notice]()
    scans = [n for n, wanted in needs.items() if not wanted.pictures]
    for number in [*scans, *(n for n in needs if n not in scans)][MAX_SCANS:]:
        notices.append(_unread_notice(number, f"more than {MAX_SCANS} pages hold pictures"))
        del needs[number]
    for number, wanted in needs.items():
        try:
            pages[number - 1] = _recognise(source, pages[number - 1], wanted)
        except Unreadable as error:
            if not any(page.words for page in pages):
                raise
            notices.append(_unread_notice(number, str(error)))
    return pages, notices


def _recognise(source: Source, page: Page, wanted: Need) -> Page:
    from signoff.tools.documents.ocr import recognise

    found = picture(source, page.number)
    return merged(page, recognise(found.image, page.number, found.width, found.height), wanted)


def _unread_notice(number: int, why: str) -> Notice:
    return Notice(code="rows_missing", message=f"What page {number} shows as a picture was not read: {why}"[:1000])


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
