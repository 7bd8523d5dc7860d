"""`make bench`: digital PDF pages a second, beside the bare text extraction underneath and another library's tables. Fails on nothing.

Usage: python tests/bench_reading.py [ROUNDS]. The pages are those of examples/ and tests/documents/. Each round reads every page in every
way, for machines change their pace, and begins without what the round before has worked out of the same texts. Recognition of scans is
measured by bench_ocr.py, where text recognition is installed.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium

from signoff.domain.errors import Unreadable
from signoff.tools.documents import pdf
from signoff.tools.documents.document import Source
from signoff.tools.orders.reading import read

ROOT = Path(__file__).parent.parent
ROUNDS = 7
Way = Callable[[Source], object]


def bare(source: Source) -> object:
    """The page's text as PDFium gives it."""
    document = pdfium.PdfDocument(source.data)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def words(source: Source) -> object:
    """Words with boxes, and what is hidden."""
    return pdf.open(source)


def orders(source: Source) -> object:
    """Words, and the orders read from them."""
    return read(pdf.open(source))


def tables(source: Source) -> object:
    """pdfplumber's tables."""
    import io

    import pdfplumber

    with pdfplumber.open(io.BytesIO(source.data)) as document:
        return [page.extract_tables() for page in document.pages]


def digital() -> tuple[list[Source], int]:
    """The PDFs with a text layer, and how many pages they have."""
    found: list[Source] = []
    pages = 0
    for path in sorted([*(ROOT / "examples" / "orders").rglob("*.pdf"), *(ROOT / "tests" / "documents").rglob("*.pdf")]):
        source = Source(path.name, path.read_bytes())
        try:
            document = pdf.open(source)
        except Unreadable:
            continue
        if document.xml is None and not any(page.scanned for page in document.pages):
            found.append(source)
            pages += len(document.pages)
    return found, pages


def seconds(way: Way, sources: list[Source]) -> float:
    """CPU seconds that it takes to read all files this way."""
    forget()
    start = time.process_time()
    for source in sources:
        way(source)
    return time.process_time() - start


def forget() -> None:
    """Empty what is kept of texts (`lru_cache`); the words of languages, which a process loads once, stay."""
    for name in [name for name in sys.modules if name.startswith("signoff.")]:
        for kept in vars(sys.modules[name]).values():
            if hasattr(kept, "cache_clear") and kept.cache_parameters()["maxsize"]:
                kept.cache_clear()


def main(rounds: int) -> None:
    sources, pages = digital()
    ways: dict[str, Way] = {"bare PDFium text": bare, "words with boxes": words, "words and order": orders}
    if importlib.util.find_spec("pdfplumber"):
        ways["pdfplumber tables"] = tables
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(seconds(way, sources))
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{rounds} rounds of {len(sources)} digital PDFs, {pages} pages, one core")
    print(f"{'':20} {'pages/s':>8} {'CPU ms a page':>14} {'ratio to bare':>14}")
    for name, times in taken.items():
        ratio = median(t / b for t, b in zip(times, taken["bare PDFium text"], strict=True))
        print(f"{name:20} {pages / median(times):8.0f} {1000 * median(times) / pages:14.2f} {ratio:14.1f}")
    if "pdfplumber tables" not in ways:
        print("pdfplumber tables    skipped: not installed")
    if importlib.util.find_spec("bench_ocr") and importlib.util.find_spec("rapidocr"):
        importlib.import_module("bench_ocr").main()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
