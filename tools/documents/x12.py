"""ASC X12 interchanges: the separators from the ISA header, the transaction sets between ST and SE.

Source: ASC X12.5 (interchange control structures), X12.6 (application control structures). ISA has 16 elements; the last is
one character, the component separator, and what follows it ends every segment.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.edi import HEAD, Message, Raw, count, decode, head, lines_joined, lost, numbered, pieces, unlike

FORMAT = "x12"
ENVELOPE = frozenset({"ISA", "TA1", "GS", "GE", "IEA", "ISB", "ISE"})
BEGINNINGS = {"BEG": "850", "BCH": "860", "G50": "875", "G92": "876"}
"""The segment that only this transaction set begins with, by which a set whose ST is damaged is still known."""

_ISA = re.compile(r"(?<![A-Za-z0-9])ISA(?P<e>[^\w \t\r\n])\d\d(?P=e)")
_BARE = re.compile(
    r"(?:^|[\r\n]|[^\w \t\r\n])(?:GS(?P<g>[^\w \t\r\n])[A-Z]{2}(?P=g)[^\r\n]{10,120}?(?P<tg>[^\w \t\r\n]|[\r\n])\s*|)"
    r"ST(?P<e>[^\w \t\r\n])\d{3}(?P=e)\w{1,9}(?:(?P=e)\w*)?(?P<t>[^\w \t\r\n]|[\r\n])\s*(?:B[A-Z][A-Z0-9]|[GW]\d\d|AK1|REF|N1|PO1)(?P=e)"
)
_MAIL = re.compile(r"^[\w-]+: ", re.MULTILINE)


class Separators(NamedTuple):
    element: str
    terminator: str


def matches(source: Source) -> bool:
    """Whether the file begins with an ISA header, or a GS or ST header where that is lost, after some junk at most."""
    text = head(source)
    isa = _ISA.search(text)
    found = isa if isa and isa.start() <= HEAD else _BARE.search(text)
    return bool(found) and not _MAIL.search(text[: found.start()] if found else "")


def open(source: Source) -> Document:
    """The decoded text. X12 names no charset: UTF-8 when valid, else the western 8-bit ones."""
    return Document(source.name, FORMAT, source.data, text=decode(source))


def messages(text: str) -> list[Message]:
    """Every transaction set of every interchange in the file. Raises `Unreadable` when no separators can be told."""
    text = lines_joined(text)
    starts = [m.start() for m in _ISA.finditer(text)]
    bounds = [*([0] if not starts or text[: starts[0]].strip() else []), *starts, len(text)]
    chunks = [text[a:b] for a, b in itertools.pairwise(bounds)]
    found = [m for chunk in chunks if (split := _separators(chunk)) for m in _sets(chunk, split)]
    if not found:
        raise Unreadable("The X12 file has no transaction set (ST) that can be told from its separators; ask the sender for it again.")
    return found


def _separators(text: str) -> Separators | None:
    """From the 16th element of ISA, which survives damaged padding; else from how GS and ST are written."""
    if isa := _ISA.match(text):
        element = isa["e"]
        parts = text[:400].split(element, 16)
        if len(parts) == 17 and (tail := re.match(r"[^\w \t\r\n](\r?\n|[^\w ])\s*[A-Z][A-Z0-9]{1,2}", parts[16])):
            return Separators(element, tail[1][-1])
    bare = _BARE.search(text[: 4 * HEAD])
    return Separators(bare["e"], bare["t"]) if bare else None


def _raw(text: str, split: Separators) -> Iterator[Raw]:
    start = re.compile(rf"[\r\n]+(?=\s*[A-Z][A-Z0-9]{{1,2}}{re.escape(split.element)})")
    for piece in pieces(text, split.terminator, start):
        tag, *elements = piece.split(split.element)
        yield tag.strip(), tuple(zip(elements, strict=True))


def _sets(text: str, split: Separators) -> list[Message]:
    """The transaction sets of one interchange, with what its trailers say about them."""
    found: list[Message] = []
    current: list[Raw] = []
    header: dict[str, Raw] = {}
    group = 0
    for raw in _raw(text, split):
        tag = raw[0]
        if tag in ENVELOPE:
            found += _set(current)
            current = []
            header[tag] = raw
            if tag == "GE":
                lost(found[group:], raw[1][0][0].strip() if raw[1] else "", "functional group (GE)")
            group = len(found) if tag in ("GE", "GS") else group
            continue
        # Two beginnings without an ST between them are two transaction sets, whose headers are lost.
        if tag == "ST" or (tag in BEGINNINGS and any(t in BEGINNINGS for t, _ in current)):
            found += _set(current)
            current = []
        current.append(raw)
        if tag == "SE":
            found += _set(current)
            current = []
    found += _set(current)
    return _enveloped(found, header, text)


def _enveloped(found: list[Message], header: dict[str, Raw], text: str) -> list[Message]:
    isa = header.get("ISA")
    iea = header.get("IEA")
    test = "ISA15 is T" if isa is not None and len(isa[1]) > 14 and isa[1][14] == ("T",) else ""
    other = unlike("interchange trailer (IEA)", isa[1][12][0], iea[1][1][0]) if isa and iea and len(isa[1]) > 12 and len(iea[1]) > 1 else []
    damaged = isa is None and not re.match(r"\s*(GS|ST)\W", text)
    for message in found:
        message.test = test
        message.faults += other
        if damaged and not message.faults:
            message.faults.append("The interchange header (ISA) is damaged.")
    return found


def _set(raw: list[Raw]) -> list[Message]:
    """One transaction set from its segments; none where there is nothing that belongs to one."""
    tags = [tag for tag, _ in raw]
    if not raw or ("ST" not in tags and not BEGINNINGS.keys() & set(tags) and "SE" not in tags):
        return []
    segments = numbered(raw)
    first, last = segments[0], segments[-1]
    kind = first.get(1) if first.tag == "ST" else next((BEGINNINGS[t] for t in tags if t in BEGINNINGS), "")
    message = Message(kind, segments, seen=len(segments), closed=last.tag == "SE")
    if first.tag != "ST":
        message.faults.append("The transaction set header (ST) is missing or damaged.")
    if message.closed:
        message.declared = count(last.get(1))
        if first.tag == "ST" and last.get(2) != first.get(2):
            message.faults.append(f"The trailer (SE) names transaction set {last.get(2)!r}, the header (ST) {first.get(2)!r}.")
    return [message]
