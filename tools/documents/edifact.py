"""UN/EDIFACT interchanges: separators from UNA or the defaults, charset from UNB, messages between UNH and UNT.

Source: ISO 9735 / ISO 9735-1 (syntax versions 1 to 4) and its character repertoires UNOA to UNOY.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.edi import HEAD, Message, Raw, count, decode, head, lines_joined, lost, numbered, pieces, unlike

FORMAT = "edifact"
ENVELOPE = frozenset({"UNA", "UNB", "UNG", "UNE", "UNZ"})
CHARSETS = {
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
}
"""Repertoires with a charset of their own; UNOA and UNOB are ASCII, UNOW and UNOY are UTF-8."""

_START = re.compile(
    r"(?<![A-Za-z0-9])(?:UNA[^\w \r\n].[., ]..[^\w ]\s*UN[BGH]|UNB(?P<b>\W)UNO[A-Z]\W|UNH(?P<h>\W)[^\r\n]{1,40}?\W[A-Z]{6}\W)"
)
_HELD = re.compile("[\U000f0000-\U000fffff]")
_MAIL = re.compile(r"^[\w-]+: ", re.MULTILINE)


class Service(NamedTuple):
    """The service string: component and element separators, decimal mark, release character, segment terminator."""

    component: str = ":"
    element: str = "+"
    mark: str = "."
    release: str = "?"
    terminator: str = "'"


def matches(source: Source) -> bool:
    """Whether the file begins with UNA, UNB or UNH, after some junk at most."""
    text = head(source)
    found = _START.search(text)
    return bool(found and found.start() <= HEAD) and not _MAIL.search(text[: found.start()] if found else "")


def open(source: Source) -> Document:
    """The text, decoded by the repertoire that UNB names."""
    named = re.search(r"UNB\W(UNO[A-Z])", head(source))
    charset = CHARSETS.get(named[1]) if named else None
    return Document(source.name, FORMAT, source.data, text=decode(source, (charset,) if charset else ("cp1252", "latin-1")))


def messages(text: str) -> list[Message]:
    """Every message of every interchange in the file. Raises `Unreadable` when there is none."""
    text = lines_joined(text)
    starts = [m.start() for m in re.finditer(r"(?<![A-Za-z0-9])(?:UNA[^\w\s]|UNB\WUNO[A-Z])", text)]
    starts = [s for s in starts if not (text[s : s + 3] == "UNB" and re.search(r"UNA[^\w].{4,5}\s*\Z", text[max(0, s - 12) : s]))]
    bounds = [*([0] if not starts or text[: starts[0]].strip() else []), *starts, len(text)]
    service = Service()
    found: list[Message] = []
    for begin, end in itertools.pairwise(bounds):
        chunk = text[begin:end]
        service = _service(chunk)
        found += _messages(chunk, service)
    if not found:
        raise Unreadable("The EDIFACT file has no message (UNH) that can be read; ask the sender for it again.")
    return found


def _service(text: str) -> Service:
    if text.startswith("UNA") and len(text) > 8:
        return Service(text[3], text[4], text[5], text[6] if text[6] != " " else "", text[8])
    # Level B of syntax 1 to 3 may use the information separators IS1, IS3 and IS4 and then needs no UNA.
    return Service("\x1f", "\x1d", ".", "", "\x1c") if re.match(r"UN[BH]\x1d", text) else Service()


def _raw(text: str, service: Service) -> Iterator[Raw]:
    """Segments with released characters restored. A released character waits in plane 15 while the text is split."""
    if text.startswith("UNA"):
        text = text[9:]
    released = bool(service.release) and service.release in text
    if released:
        text = re.sub(re.escape(service.release) + r"([^\r\n])", lambda m: chr(0xF0000 + min(ord(m[1]), 0xFFFF)), text)
    start = re.compile(rf"[\r\n]+(?=\s*[A-Z]{{3}}{re.escape(service.element)})")
    for piece in pieces(text, service.terminator, start):
        tag, *elements = piece.split(service.element)
        parts = tuple([tuple(e.split(service.component)) for e in elements])
        yield tag.split(service.component)[0].strip(), _restored(parts) if released and _HELD.search(piece) else parts


def _restored(parts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_HELD.sub(lambda m: chr(ord(m[0]) - 0xF0000), c) for c in e) for e in parts)


def _messages(text: str, service: Service) -> list[Message]:
    found: list[Message] = []
    current: list[Raw] = []
    header: dict[str, Raw] = {}
    strays: list[str] = []
    group = 0
    for raw in _raw(text, service):
        tag = raw[0]
        # Two BGM without a UNH between them are two messages, whose headers are lost.
        if tag in ENVELOPE or tag == "UNH" or (tag == "BGM" and any(t == "BGM" for t, _ in current)):
            found += _message(current, strays)
            current = []
        if tag in ENVELOPE:
            header[tag] = raw
            if tag == "UNE":
                lost(found[group:], _first(raw), "group trailer (UNE)")
            group = len(found) if tag in ("UNG", "UNE") else group
            continue
        current.append(raw)
        if tag == "UNT":
            found += _message(current, strays)
            current = []
    found += _message(current, strays)
    if "UNZ" in header and "UNG" not in header:
        lost(found, _first(header["UNZ"]), "interchange trailer (UNZ)")
    return _enveloped(found, header, strays, service)


def _first(raw: Raw) -> str:
    return raw[1][0][0].strip() if raw[1] else ""


def _enveloped(found: list[Message], header: dict[str, Raw], strays: list[str], service: Service) -> list[Message]:
    unb = header.get("UNB")
    unz = header.get("UNZ")
    test = "0035 in UNB is 1" if unb is not None and len(unb[1]) > 10 and unb[1][10][0] == "1" else ""
    other = unlike("interchange trailer (UNZ)", unb[1][4][0], unz[1][1][0]) if unb and unz and len(unb[1]) > 4 and len(unz[1]) > 1 else []
    for message in found:
        message.test, message.mark = test, service.mark
        message.faults += other
        if unb is None and strays:
            message.faults.append(f"The interchange header (UNB) is damaged: the file begins with {strays[0]!r}.")
    return found


def _message(raw: list[Raw], strays: list[str]) -> list[Message]:
    """One message from its segments. Segments that belong to none, such as a damaged UNB, are noted in `strays`."""
    tags = {tag for tag, _ in raw}
    if not raw or not tags & {"UNH", "BGM", "UNT"}:
        strays += [tag[:20] for tag, _ in raw]
        return []
    segments = numbered(raw)
    first, last = segments[0], segments[-1]
    message = Message(first.get(2) if first.tag == "UNH" else "", segments, seen=len(segments), closed=last.tag == "UNT")
    if first.tag != "UNH":
        message.faults.append("The message header (UNH) is missing or damaged.")
    if message.closed:
        message.declared = count(last.get(1))
        if first.tag == "UNH" and last.get(2) != first.get(1):
            message.faults.append(f"The trailer (UNT) names message {last.get(2)!r}, the header (UNH) {first.get(1)!r}.")
    return [message]
