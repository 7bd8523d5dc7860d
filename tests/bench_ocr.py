"""`make bench`: seconds of CPU to recognise a scanned page, beside the bare engine underneath. Prints figures, fails on nothing.

Usage: python tests/bench_ocr.py [ROUNDS]. The pages are those of examples/orders, painted with 200 dots an inch and made to look scanned.
The bare engine is RapidOCR's own pipeline with the same models, threads and size, from the picture to words with boxes.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageFilter

ROOT = Path(__file__).parent.parent
PAGES, ROUNDS = 4, 3


def scans() -> list[Image.Image]:
    """First pages, slightly turned, blurred and noisy."""
    pictures = []
    for n, path in enumerate(sorted((ROOT / "examples" / "orders").rglob("*.pdf"))[:PAGES]):
        page: Image.Image = pdfium.PdfDocument(path)[0].render(scale=200 / 72, grayscale=True).to_pil()
        noise = Image.effect_noise(page.size, 24).point(lambda v: v // 2 + 191)
        turned = page.rotate(0.4 * (-1) ** n, fillcolor=255).filter(ImageFilter.GaussianBlur(0.6))
        pictures.append(Image.blend(turned, noise, 0.15))
    return pictures


def bare(model: Any) -> Callable[[Image.Image], object]:
    """RapidOCR from a picture to words, set as Signoff sets it."""
    import numpy as np
    from rapidocr import RapidOCR

    from signoff.tools.documents.ocr_engine import settings

    engine: Any = RapidOCR(params=settings(model))
    return lambda image: engine(np.asarray(image.convert("RGB")), return_word_box=True)


def seconds(way: Callable[[Image.Image], object], pictures: list[Image.Image]) -> float:
    """CPU seconds a page."""
    started = time.process_time()
    for picture in pictures:
        way(picture)
    return (time.process_time() - started) / len(pictures)


def main(rounds: int = ROUNDS) -> None:
    """Each round recognises every page in every way, for machines change their pace."""
    try:
        from signoff.tools.documents.ocr import Model, recognise
        from signoff.tools.documents.ocr_engine import THREADS

        engines = {model: bare(model) for model in Model}
    except ImportError as error:
        print(f"recognition of scans: not measured, for {error.name} is not installed (pip install 'signoff[ocr]')")
        return
    pictures = scans()
    print(f"recognition of scans: CPU seconds a page of 200 dpi; {PAGES} pages, median of {rounds} rounds, {THREADS} thread")
    for model, engine in engines.items():

        def ours(image: Image.Image, model: Model = model) -> object:
            return recognise(image, 1, image.width * 0.36, image.height * 0.36, model)

        ours(pictures[0])
        engine(pictures[0])
        rows = [(seconds(engine, pictures), seconds(ours, pictures)) for _ in range(rounds)]
        base, own = (median(column) for column in zip(*rows, strict=True))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"  {model:5}  bare engine {base:5.2f}   upright words {own:5.2f}   ratio {own / base:4.2f}   peak memory so far {peak:.0f} MB"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
