"""PDFs in the making, for the tests of the PDF opener: a canvas, and pypdf for what a canvas cannot do."""

from __future__ import annotations

import io
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream, DictionaryObject, NameObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from signoff.tools.documents import pdf
from signoff.tools.documents.document import Document, Source

SIZE = (595.0, 842.0)


def drawn(draw: Callable[[Canvas], None], size: tuple[float, float] = SIZE) -> bytes:
    """A PDF of one page (or more, where `draw` shows some) that `draw` paints."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, invariant=1)
    draw(canvas)
    canvas.save()
    return file.getvalue()


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def changed(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    """The PDF after `change` did something to it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    return written(writer)


def contents(data: bytes, stream: bytes, resources: dict[str, dict[str, object]] | None = None) -> bytes:
    """The PDF with its first page's content replaced."""

    def change(writer: PdfWriter) -> None:
        page = writer.pages[0]
        content = ContentStream(None, writer)
        content.set_data(stream)
        page[NameObject("/Contents")] = writer._add_object(content)
        for kind, named in (resources or {}).items():
            held = page["/Resources"].setdefault(NameObject(kind), DictionaryObject())
            for name, item in named.items():
                held[NameObject(name)] = item

    return changed(data, change)


def opened(data: bytes, name: str = "x.pdf") -> Document:
    return pdf.open(Source(name, data))


def texts(document: Document, page: int = 1) -> list[str]:
    return [w.text for w in document.pages[page - 1].words]


def picture(page: bytes, scale: float = 2.0) -> ImageReader:
    """A page of a PDF as a picture."""
    import pypdfium2 as pdfium

    opened = pdfium.PdfDocument(page)
    return ImageReader(opened[0].render(scale=scale, grayscale=True).to_pil())
