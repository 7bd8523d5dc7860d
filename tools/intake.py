"""A file -> the papers in it -> the orders on each. A mail or a zip holds several papers; a workbook or an interchange several orders."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace

from signoff.domain.errors import SignoffError, Unreadable
from signoff.domain.layouts import Layout
from signoff.domain.reading import DraftOrder, Part, SetAside, Unread
from signoff.tools.documents.document import Document, Envelope, Source
from signoff.tools.documents.opening import open_document
from signoff.tools.limits import MAX_DEPTH, MAX_MEMBERS, MAX_UNPACKED
from signoff.tools.orders.reading import read
from signoff.tools.paper import Contents, Paper
from signoff.tools.witness import BODIES, witnessed

_ARCHIVES = ("zip", "gz")


def contents(source: Source, memory: Sequence[Layout] = ()) -> Contents:
    """The papers of a file, and how long it took to read them."""
    started = time.perf_counter()
    found = tuple(papers(source, memory))
    return Contents(found, time.perf_counter() - started)


def papers(source: Source, memory: Sequence[Layout] = ()) -> list[Paper]:
    """Every paper in the file with what it holds, read a second time where its layout was learned.

    Never empty: what cannot be read is a part that says so.
    """
    return _opened(source, "", 0, _Room(memory))


class _Room:
    """What is left of the limits for files inside one file, however they are packed into each other; `memory` is there for all of them."""

    def __init__(self, memory: Sequence[Layout]) -> None:
        self.memory = memory
        self.members, self.size = 0, 0
        self.told: set[str] = set()

    def let_in(self, document: Document, depth: int) -> tuple[Source, ...]:
        """The files in a document that may be opened. Raises `Unreadable` beyond a limit, once for each limit."""
        if depth == MAX_DEPTH and document.attachments:
            return self._refuse(document, f"holds files inside files more than {MAX_DEPTH} deep")
        self.members += len(document.attachments)
        self.size += sum(len(s.data) for s in document.attachments)
        if self.members > MAX_MEMBERS or self.size > MAX_UNPACKED:
            return self._refuse(document, f"is part of a file that holds more than {MAX_MEMBERS} files or {MAX_UNPACKED // 1_000_000} MB")
        return document.attachments

    def _refuse(self, document: Document, why: str) -> tuple[Source, ...]:
        if why not in self.told:
            self.told.add(why)
            raise Unreadable(f"{document.name} {why}; open it and hand in the orders themselves.")
        return ()


def _opened(source: Source, member: str, depth: int, room: _Room, envelope: Envelope | None = None) -> list[Paper]:
    """The papers of a file. One that cannot be read is a paper that says why; a reader that breaks fails its paper, not the file."""
    digest = hashlib.sha256(source.data).hexdigest()
    kind = source.suffix.lstrip(".") or "unknown"
    own: tuple[Part, ...] = ()
    inside: tuple[Source, ...] = ()
    try:
        document = open_document(source)
        kind, envelope = document.format, document.envelope or envelope
        if document.pages or not document.attachments:  # a PDF is a paper even where it carries others
            own = _parts(document, envelope, room.memory)
        inside = room.let_in(document, depth)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - where a crash becomes a case's state
        own = (*own, Unread(format=kind, reason=_why(source, error)))
    found = [Paper(member, digest, kind, own)] if own else []
    for attachment in inside:
        inner = attachment.name.removeprefix(source.name + "!")
        found += _opened(attachment, f"{member}!{inner}".lstrip("!"), depth + 1, room, envelope)
    return found if kind in _ARCHIVES else _kept(found)


def _why(source: Source, error: Exception) -> str:
    if isinstance(error, SignoffError):
        return str(error)
    return f"{source.name} could not be read: unexpected {type(error).__name__}: {error}"[:500]


def _kept(found: list[Paper]) -> list[Paper]:
    """A mail is about its orders: a covering letter or a logo beside them is no case of its own, a broken attachment is."""
    if len(found) < 2:
        return found
    orders = [p for p in found if any(isinstance(part, DraftOrder) for part in p.parts)]
    kept = [p for p in found if p in orders or (not _is_body(p) and not _is_logo(p, bool(orders)) and _worth_a_case(p, bool(orders)))]
    return kept or found[:1]


def opened(source: Source, member: str) -> Document:
    """The document that a paper's `member` names inside its file; the file itself for the empty name. Raises `Unreadable`."""
    document = open_document(source)
    if not member:
        return document
    for attachment in document.attachments:
        inner = attachment.name.removeprefix(source.name + "!")
        if member == inner or member.startswith(inner + "!"):
            return opened(attachment, member[len(inner) + 1 :])
    raise Unreadable(f"{source.name} holds no {member}.")


def _parts(document: Document, envelope: Envelope | None, memory: Sequence[Layout]) -> tuple[Part, ...]:
    parts = tuple(read(document if envelope is None else replace(document, envelope=envelope)))
    if not parts:
        raise Unreadable(f"{document.name} was opened, but nothing was found in it.")
    told = [witnessed(p, document, envelope) if isinstance(p, DraftOrder) else p for p in parts]
    if memory and len(told) == 1 and isinstance(told[0], DraftOrder):
        from signoff.tools.orders.layout_memory import recalled

        return (recalled(told[0], document, memory),)  # of several orders on one paper a label does not say whose it is
    return tuple(told)


def _is_body(paper: Paper) -> bool:
    return paper.member.rsplit("!", 1)[-1] in BODIES


def _is_logo(paper: Paper, beside_orders: bool) -> bool:
    """Whether it is a picture without an order: a logo, a photograph. One that cannot be read may be the order, where there is no other."""
    picture = paper.member.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg"))
    return picture and (beside_orders or all(isinstance(part, SetAside) for part in paper.parts))


def _worth_a_case(paper: Paper, beside_orders: bool) -> bool:
    return not beside_orders or not all(isinstance(part, SetAside) for part in paper.parts)
