"""Pages as a scanner or a telephone gives them: grey, grainy, soft, a little askew, saved as JPEG in a PDF or on their own."""

from __future__ import annotations

from io import BytesIO
from random import Random

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

DPI = (130, 150, 180, 200)


def degrade(pdf: bytes, rng: Random) -> bytes:
    """The first page of a PDF as a JPEG; how bad it is, is drawn."""
    dpi = rng.choice(DPI)
    document = pdfium.PdfDocument(pdf)
    page = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    document.close()
    page = page.rotate(rng.uniform(-1.2, 1.2), resample=Image.Resampling.BICUBIC, fillcolor=255)
    if rng.random() < 0.5:
        page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.8)))
    chance = np.random.default_rng(rng.randrange(2**32))
    grain = chance.normal(0, rng.uniform(2, 9), (page.height, page.width))
    grey = np.asarray(page, dtype=float) * rng.uniform(0.85, 0.98) + rng.uniform(2, 14) + grain
    out = BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=rng.randrange(40, 75), dpi=(dpi, dpi))
    return out.getvalue()
