"""Delimited text: CSV (RFC 4180) and its relatives with semicolons, tabs or bars, in whatever character set a system exports.

Told apart from plain text by its shape: `plain.delimited` is the one test both openers use, so that never both claim a file.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import PurePosixPath

from signoff.domain.errors import Unreadable
from signoff.tools.documents import commands, mail, plain
from signoff.tools.documents.document import Cell, Document, Sheet, Source

FORMAT = "csv"

MAX_ROWS, MAX_COLUMNS = 100_000, 1000
_OTHER = re.compile(r"\s*(?:<[?!a-zA-Z]|ISA[^\w\s]|ISA\d\d|UNA.{6}|UNB\+|STX=|[{\[]\s*[\"{\[]|%PDF-|\{\\rtf)", re.DOTALL)
_MARKS = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}


def matches(source: Source) -> bool:
    """Whether the bytes are delimited text: by shape, or by name when they are text of no other known kind."""
    head = source.data[:65536]
    if _binary(head) or mail.matches(source):
        return False
    text = decode(head, source.name)
    return not _OTHER.match(text) and (
        source.suffix in plain.TABLE_NAMES or plain.delimited(text.replace("\r\n", "\n").replace("\r", "\n"))
    )


def open(source: Source) -> Document:
    """One sheet named after the file. Raises `Unreadable` when a quoted field never ends or there are too many rows."""
    text = decode(source.data, source.name)
    hint = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=hint[1] if hint else delimiter(text)), MAX_ROWS + 1))
    except csv.Error as error:
        raise Unreadable(f"{source.name} is not sound delimited text ({error}); export it again.") from error
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise Unreadable(f"{source.name} has more than {MAX_ROWS:,} rows or {MAX_COLUMNS:,} columns; save the order alone.")
    cells = tuple(tuple(_cell(v) for v in row) for row in (rows[1:] if hint else rows))
    name = PurePosixPath(source.name.replace("!", "/").replace("\\", "/")).stem[:31] or FORMAT
    first = 2 if hint else 1
    noticed = commands.typed((f"{name}, row {r}", c) for r, row in enumerate(cells, first) for c in row if isinstance(c, str))
    return Document(source.name, FORMAT, source.data, text=text, sheets=(Sheet(name, cells, first_row=first),), notices=tuple(noticed))


def _cell(value: str) -> Cell:
    # `="00123"` is how exports keep a spreadsheet from dropping leading zeros.
    kept = re.fullmatch(r'="(.*)"', value.strip(), re.DOTALL)
    return (kept[1] if kept else value).strip() or None


def _binary(head: bytes) -> bool:
    if head.startswith(tuple(_MARKS)):
        return False
    control = sum(b < 9 or (13 < b < 32 and b != 27) for b in head)
    return control > len(head) // 100 and _wide(head) is None


def _wide(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of Western text is zero."""
    even, odd = head[0:4000:2].count(0), head[1:4000:2].count(0)
    half = max(1, min(len(head), 4000) // 2)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.05 * half else None


def decode(data: bytes, name: str) -> str:
    """The text: what its byte order mark says, else UTF-8, else the likeliest of the character sets that systems export."""
    marked = next((charset for mark, charset in _MARKS.items() if data.startswith(mark)), None) or _wide(data)
    if marked:
        return data.decode(marked, "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:  # a head that was cut inside a letter
            return data[: error.start].decode("utf-8")
    return data.decode(plain.likeliest(data) or "cp1252", "replace")


def delimiter(text: str) -> str:
    """The delimiter under which most rows have the same number of fields, at least two; among equals the one with more fields."""
    return max(",;\t|", key=lambda d: _evenness(text, d))


def _evenness(text: str, mark: str) -> tuple[float, int]:
    try:
        rows = [r for r in islice(csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=mark), 200) if any(v.strip() for v in r)]
    except csv.Error:
        return 0.0, 0
    widths = Counter(len(r) for r in rows if len(r) > 1)
    if not widths:
        return 0.0, 0
    usual, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return round(count / len(rows), 1), usual
