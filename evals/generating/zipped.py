"""Office packages with the same bytes on every run."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

STAMP = (2026, 1, 5, 8, 0, 0)


def package(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP of these parts in this order, each of the same day."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()
