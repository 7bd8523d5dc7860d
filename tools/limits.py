"""How much of the machine a file may take. Limits of one format (pages, rows, words) stand with the format, in `tools/documents/`.

Beyond a limit a file is refused with a sentence; none is read in part.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 40_000_000
"""Larger files are not read; no purchase order is."""
MAX_DEPTH, MAX_MEMBERS = 4, 500
"""Files inside files inside files (mails, zip files, PDF portfolios), and how many of them altogether."""
MAX_UNPACKED, MAX_RATIO, SMALL = 100_000_000, 100, 10_000_000
"""Bytes that a file and everything packed in it may come to, and how many times its packed size once that is more than `SMALL`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that reads a file may take: seconds of computing and of waiting, megabytes of memory, open files at once."""

    seconds: int = 240
    patience: int = 600
    megabytes: int = 2500
    files: int = 256


LIMITS = Limits()
"""30 scanned pages, recognised twice, take two minutes on a slow core and 1.2 GB."""
