"""TRADACOMS transmissions: STX ... END, with messages between MHD and MTR.

Source: ANA (now GS1 UK) TRADACOMS manual, 1995 edition. A tag ends with `=`, elements are parted by `+`, components by `:`,
a segment ends with `'`, and `?` releases the character after it.
"""

from __future__ import annotations

import re

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.edi import HEAD, Message, Raw, count, decode, head, lines_joined, lost, numbered, pieces

FORMAT = "tradacoms"

_START = re.compile(r"(?<![A-Za-z0-9])(?:STX=ANAA?:|MHD=\d+\+[A-Z]{6}:)")
_BREAK = re.compile(r"[\r\n]+(?=\s*[A-Z]{3}=)")
_MAIL = re.compile(r"^[\w-]+: ", re.MULTILINE)


def matches(source: Source) -> bool:
    """Whether the file begins with STX or MHD, after some junk at most."""
    text = head(source)
    found = _START.search(text)
    return bool(found and found.start() <= HEAD) and not _MAIL.search(text[: found.start()] if found else "")


def open(source: Source) -> Document:
    """The decoded text. The standard's repertoire is ASCII; what goes beyond is UTF-8 or a western 8-bit charset."""
    return Document(source.name, FORMAT, source.data, text=decode(source))


def messages(text: str) -> list[Message]:
    """Every message of every transmission in the file. Raises `Unreadable` when there is none."""
    found: list[Message] = []
    current: list[Raw] = []
    test = ""
    sent = 0
    for raw in _raw(lines_joined(text)):
        tag, elements = raw
        if tag in ("STX", "END", "MHD"):
            found += _message(current, test)
            current = []
        if tag == "STX":
            # The application reference of a test ends in TES: ORDTES instead of ORDHDR.
            named = elements[6][0].strip() if len(elements) > 6 else ""
            test, sent = f"{named} in STX" if named.endswith("TES") else "", len(found)
        elif tag == "END":
            lost(found[sent:], elements[0][0].strip(), "trailer (END)")
        else:
            if tag == "ORD" and any(t == "ORD" for t, _ in current):
                # Two orders without a header between them must not become one.
                found += _message(current, test)
                current = []
            current.append(raw)
            if tag == "MTR":
                found += _message(current, test)
                current = []
    found += _message(current, test)
    if not found:
        raise Unreadable("The TRADACOMS file has no message (MHD) that can be read; ask the sender for it again.")
    return found


def _raw(text: str) -> list[Raw]:
    text = re.sub(r"\?([^\r\n])", lambda m: chr(0xF0000 + min(ord(m[1]), 0xFFFF)), text)
    found: list[Raw] = []
    for piece in pieces(text, "'", _BREAK):
        tag, _, rest = piece.partition("=")
        found.append((tag.strip(), tuple(tuple(_restored(c) for c in e.split(":")) for e in rest.split("+"))))
    return found


def _restored(text: str) -> str:
    return re.sub("[\U000f0000-\U000fffff]", lambda m: chr(ord(m[0]) - 0xF0000), text)


def _message(raw: list[Raw], test: str) -> list[Message]:
    if not raw or not {"MHD", "ORD", "MTR"} & {tag for tag, _ in raw}:
        return []
    segments = numbered(raw)
    first, last = segments[0], segments[-1]
    message = Message(first.get(2) if first.tag == "MHD" else "", segments, seen=len(segments), closed=last.tag == "MTR", test=test)
    if first.tag != "MHD":
        message.faults.append("The message header (MHD) is missing or damaged.")
    message.declared = count(last.get(1)) if message.closed else None
    return [message]
