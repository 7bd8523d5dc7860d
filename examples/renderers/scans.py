"""A printed order as a scanner gives it: grey, grainy, a little askew, saved as JPEG. The grain comes from a fixed seed."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from source import Paper

from renderers import pages


def render(paper: Paper) -> bytes:
    """The page that `pages` prints, pictured at `dpi` and turned by `angle` degrees."""
    dpi = int(paper.options.get("dpi", 150))
    page = pdfium.PdfDocument(pages.render(paper))[0].render(scale=dpi / 72, grayscale=True).to_pil()
    askew = page.rotate(float(paper.options.get("angle", 0)), resample=Image.Resampling.BICUBIC, fillcolor=255)
    grain = np.random.default_rng(7).normal(0, 6, (askew.height, askew.width))
    grey = np.clip(np.asarray(askew, dtype=float) * 0.93 + 8 + grain, 0, 255).astype(np.uint8)
    out = BytesIO()
    Image.fromarray(grey).save(out, "JPEG", quality=45, dpi=(dpi, dpi))
    return out.getvalue()
