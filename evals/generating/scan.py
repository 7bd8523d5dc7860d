"""Pages as a scanner or a telephone gives them: grey, grainy, soft, a little askew; JPEG in a PDF, or one page as a JPEG."""

from __future__ import annotations

import time
from io import BytesIO
from random import Random

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

DPI = (130, 150, 180, 200)
DAY = time.struct_time((2026, 1, 5, 8, 0, 0, 0, 5, 0))


def degrade(pdf: bytes, rng: Random) -> bytes:
    """The pages of a PDF as pictures in a PDF, or as a JPEG where there is one and chance says so. How bad they are, is drawn."""
    dpi = rng.choice(DPI)
    document = pdfium.PdfDocument(pdf)
    pages = [_page(page.render(scale=dpi / 72, grayscale=True).to_pil(), rng) for page in document]
    document.close()
    out, quality = BytesIO(), rng.randrange(40, 75)
    if len(pages) == 1 and rng.random() < 0.5:
        pages[0].save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
    else:
        rest = {"save_all": True, "append_images": pages[1:], "creationDate": DAY, "modDate": DAY}
        pages[0].save(out, "PDF", resolution=dpi, quality=quality, **rest)
    return out.getvalue()


def _page(page: Image.Image, rng: Random) -> Image.Image:
    page = page.rotate(rng.uniform(-1.2, 1.2), resample=Image.Resampling.BICUBIC, fillcolor=255)
    if rng.random() < 0.5:
        page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.8)))
    chance = np.random.default_rng(rng.randrange(2**32))
    grain = chance.normal(0, rng.uniform(2, 9), (page.height, page.width))
    grey = np.asarray(page, dtype=float) * rng.uniform(0.85, 0.98) + rng.uniform(2, 14) + grain
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
