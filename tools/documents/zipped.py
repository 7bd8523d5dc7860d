"""Zip archives (PKWARE APPNOTE 6.3) and gzip files (RFC 1952): each file inside is a document of its own, as in a mail.

Nothing is unpacked to the disk, so a name that climbs out of its folder (`../../x`) is a mere name, and shown without the climbing.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError

from signoff.domain.errors import Unreadable
from signoff.tools.documents import docx, odt, spreadsheet
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.mail import unique
from signoff.tools.limits import MAX_BYTES, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, SMALL

FORMAT = "zip"

_ZIP, _EMPTY, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08"
_PACKAGES = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"})
"""What tells a document or a program that is packed as a zip from an archive."""
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
"""What systems put beside people's files."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LZMAError)


def matches(source: Source) -> bool:
    """Whether the bytes are a zip that is no document by itself, or a file packed by gzip."""
    if source.data.startswith(_GZIP):
        return True
    if not source.data.startswith((_ZIP, _EMPTY)) or any(other.matches(source) for other in (spreadsheet, docx, odt)):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            return _PACKAGES.isdisjoint(package.namelist())
    except (*_DAMAGED, NotImplementedError):
        return True


def open(source: Source) -> Document:
    """The files inside. Raises `Unreadable` when it is damaged, holds none, or unpacks to more than its limits."""
    try:
        files = (_gunzipped(source),) if source.data.startswith(_GZIP) else tuple(_unzipped(source))
    except _DAMAGED as error:
        raise Unreadable(f"{source.name} is a damaged zip file; ask the sender for it again.") from error
    if not files:
        raise Unreadable(f"{source.name} is a zip file without a file in it.")
    return Document(source.name, "gz" if source.data.startswith(_GZIP) else FORMAT, source.data, attachments=files)


def _gunzipped(source: Source) -> Source:
    with gzip.open(io.BytesIO(source.data)) as stream:
        data = stream.read(MAX_UNPACKED + 1)
    _bounded(source, 1, len(data))
    name = safe_name(re.sub(r"(?i)\.gz$", "", source.name.replace("!", "/").rsplit("/", 1)[-1]))
    return _within(Source(f"{source.name}!{name}", data))


def _unzipped(source: Source) -> Iterator[Source]:
    with zipfile.ZipFile(io.BytesIO(source.data)) as package:
        entries = [e for e in package.infolist() if not e.is_dir() and not _LITTER.search(safe_name(e.filename))]
        _bounded(source, len(entries), sum(e.file_size for e in entries))
        taken: set[str] = set()
        for entry in entries:
            name = unique(safe_name(entry.filename), taken)
            yield _within(_unpacked(package, entry, f"{source.name}!{name}"))


def _bounded(source: Source, files: int, size: int) -> None:
    if files > MAX_MEMBERS:
        raise Unreadable(f"{source.name} holds {files:,} files; the limit is {MAX_MEMBERS}. Hand in the orders alone.")
    if size > MAX_UNPACKED or (size > SMALL and size > MAX_RATIO * len(source.data)):
        raise Unreadable(f"{source.name} unpacks to more than {min(size, MAX_UNPACKED) // 1_000_000} MB, more than files of orders do.")


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Source:
    """One file, or why it cannot be had."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Source(name, b"", f"{name} is a link to another file; pack the file itself.")
    if entry.flag_bits & 1:
        return Source(name, b"", f"{name} is protected by a password; pack it without one.")
    try:
        return Source(name, package.read(entry))
    except (NotImplementedError, RuntimeError):
        return Source(name, b"", f"{name} is packed in a way that is not read; pack it as an ordinary zip file.")
    except _DAMAGED:
        return Source(name, b"", f"{name} is damaged; ask the sender for it again.")


def _within(source: Source) -> Source:
    if len(source.data) <= MAX_BYTES:
        return source
    return Source(source.name, b"", f"{source.name} is larger than {MAX_BYTES // 1_000_000} MB, the limit.")


def safe_name(name: str) -> str:
    """The name as it can be shown: its folders, without drive, climbing, control and direction marks, and the `!` that parts it off."""
    plain = "".join("_" if c == "!" or unicodedata.category(c)[0] == "C" else c for c in name.replace("\\", "/"))
    parts = [p.strip() for p in re.sub(r"^[A-Za-z]:", "", plain).split("/")]
    return "/".join(p for p in parts if p not in ("", ".", ".."))[-200:] or "unnamed"
