"""What was found in a file: its papers, and the orders on each. Light to import, for those who let others read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from signoff.domain.reading import Part, Unread
from signoff.tools.documents.document import Source


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a file: `member` names it inside the file (empty for the file itself), `parts` is what it holds."""

    member: str
    sha256: str
    format: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The papers of a file, never empty, and how many seconds it took to read them."""

    papers: tuple[Paper, ...]
    seconds: float


def unread(source: Source, reason: str) -> Paper:
    """A file of which nothing could be read, as a paper that says why."""
    kind = source.suffix.lstrip(".") or "unknown"
    return Paper("", hashlib.sha256(source.data).hexdigest(), kind, (Unread(format=kind, reason=reason),))
