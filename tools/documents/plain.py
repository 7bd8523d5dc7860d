"""Plain text: an order typed into a mail or saved from a terminal. It becomes pages of words on a grid of characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby, takewhile

from charset_normalizer import from_bytes

from signoff.domain.errors import Unreadable
from signoff.tools.documents import edifact, grid, mail, tradacoms, x12
from signoff.tools.documents.document import Document, Source

FORMAT = "txt"

_OTHER = re.compile(r"\s*(?:<[?!a-zA-Z]|ISA[^\w\s]|ISA\d\d|UNA.{6}|UNB\+|STX=|\{\s*\"|\[\s*[\"{\[]|%PDF-|\{\\rtf)", re.DOTALL)
_DELIMITERS = ",;\t|"


def matches(source: Source) -> bool:
    """Whether the bytes are text and neither markup, EDI, JSON, a mail nor a table of delimited values."""
    head = source.data[:65536]
    if _binary(head) or any(other.matches(source) for other in (mail, edifact, tradacoms, x12)):
        return False
    text = decode(head)
    return text is not None and not _OTHER.match(text) and not (source.suffix in TABLE_NAMES or delimited(text))


def open(source: Source) -> Document:
    """The text, and its words on a grid. Raises `Unreadable` when the character set cannot be told."""
    text = decode(source.data)
    if text is None:
        raise Unreadable(f"{source.name} is in no character set that can be told; save it as UTF-8.")
    unseen = {ord(c): None for c in set(text) if c not in "\n\t\f" and unicodedata.category(c) in ("Cc", "Cf")}
    cleaned = text.translate(unseen) if unseen else text
    return Document(source.name, FORMAT, source.data, text=cleaned, pages=grid.pages(_set(cleaned)))


_DRAWN = re.compile(
    r"(?<!\S)(?:[|¦│║+]|[|+]?[-=_~*─═┌┐└┘├┤┬┴┼╔╗╚╝|+]{3,}[|+]?)(?!\S)|(?<=\s)[.·…_]{3,}(?=\s|$)|(?<=[^\s.])[.·]{4,}(?=\s|$)"
)
"""Rules, frames and leaders that are drawn with characters: a mark between blanks, a run of strokes, dots between a label and its value."""


def _set(text: str) -> grid.Block:
    """The lines without what is drawn, in the same places; runs of lines with as many tabs each are set as a table."""
    lines: grid.Block = []
    for tabs, run in groupby(_ruled(text.split("\n")), key=lambda line: 0 if "\t\t" in line.strip() else line.strip().count("\t")):
        rows = [_DRAWN.sub(lambda m: " " * len(m[0]), line) for line in run]
        lines += grid.table([[([cell.strip()], 1) for cell in row.split("\t")] for row in rows]) if tabs and len(rows) > 1 else rows
    return lines


_RULER = re.compile(r"\s*[-=_]+(?:\s+[-=_]+){2,}\s*")
"""A line of strokes under headings, one run for each column, as programs for printers draw it."""
MOST_HEADINGS = 2


def _ruled(lines: list[str]) -> Iterator[str]:
    """The lines, with the columns that a ruler draws set apart: its headings above, and the rows below up to what ignores it."""
    at = 0
    while at < len(lines):
        above = next((n for n in range(1, MOST_HEADINGS + 1) if _RULER.fullmatch("".join(lines[at + n : at + n + 1]))), 0)
        columns = [run.start() for run in re.finditer(r"[-=_]+", lines[at + above])] if above else []
        rows = [*lines[at : at + above], *_below(lines[at + above + 1 :], columns)] if columns else []
        if all(row.strip() and _keeps(row, columns) for row in rows[:above]) and len(rows) > above > 0:
            yield from grid.table([[([cell], 1) for cell in _cut(row, columns)] for row in rows])
            at += len(rows) + 1
        else:
            yield lines[at]
            at += 1


def _below(lines: list[str], columns: list[int]) -> Iterator[str]:
    yield from takewhile(lambda row: row.strip() and _keeps(row, columns), lines)


def _keeps(row: str, columns: list[int]) -> bool:
    """Whether nothing stands across the blanks between the columns, nor a ruler for other columns."""
    return all(row[start - 1 : start].isspace() or len(row) < start for start in columns[1:]) and not _RULER.fullmatch(row)


def _cut(row: str, columns: list[int]) -> list[str]:
    return [row[start:end].strip() for start, end in zip(columns, [*columns[1:], None], strict=True)]


def _binary(head: bytes) -> bool:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return not wide and (b"\x00" in head or sum(b < 9 or (13 < b < 32 and b != 27) for b in head) > len(head) // 100)


TABLE_NAMES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")
"""Text under such a name is a table that somebody renamed, also when its shape alone would not tell."""

# What business programs of the last thirty years write; left to all it knows, the guess falls on Mac and DOS code pages.
CHARSETS = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "koi8_r",
]  # fmt: skip


def decode(data: bytes) -> str | None:
    """The text with line ends as `\\n`: UTF-8 or what its byte order mark says, else the most likely character set."""
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        cut = data[:-3].decode("utf-8", "ignore") if len(data) == 65536 else None
        if cut and cut.encode() in data:
            text = cut
        else:
            charset = likeliest(data)
            if charset is None:
                return None
            text = data.decode(charset, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def likeliest(data: bytes) -> str | None:
    """The character set that the bytes most likely are in; among equals the more usual one."""
    found = [m for m in from_bytes(data[:200_000], cp_isolation=CHARSETS) if m.encoding in CHARSETS]
    return min(found, key=lambda m: (m.chaos, -m.coherence, CHARSETS.index(m.encoding))).encoding if found else None


def delimited(text: str) -> bool:
    """Whether the lines are delimited values: one delimiter, as often in nearly every line, and hardly a line without it."""
    lines = [line for line in text.split("\n")[:60] if line.strip()]
    if len(lines) < 2:
        return False
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count)
        even = sum(c == usual for c in counts) >= 0.8 * len(lines) and usual >= (1 if delimiter in "\t;|" else 2)
        if even and not any(delimiter + " " in line for line in lines):
            return True
    return False
