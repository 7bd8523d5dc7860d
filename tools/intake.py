"""A file -> the papers in it -> the orders on each. A mail holds several papers; a workbook or an interchange several orders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from signoff.domain.errors import Unreadable
from signoff.domain.reading import DraftOrder, Part, SetAside, Unread
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.opening import open_document
from signoff.tools.orders.reading import read

MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a file: `member` names it inside the file (empty for the file itself), `parts` is what it holds."""

    member: str
    sha256: str
    format: str
    parts: tuple[Part, ...]


def papers(source: Source) -> list[Paper]:
    """Every paper in the file with what it holds. Never empty: what cannot be read is a part that says so."""
    found = list(_opened(source, "", 0))
    orders = [p for p in found if any(isinstance(part, DraftOrder) for part in p.parts)]
    if len(found) == 1 or not found:
        return found
    # A mail is about its orders: a covering letter or a logo beside them is no case of its own, a broken attachment is.
    kept = [p for p in found if p in orders or (not _is_body(p) and not _is_picture(p) and _worth_a_case(p, bool(orders)))]
    return kept or found[:1]


def _opened(source: Source, member: str, depth: int) -> Iterator[Paper]:
    digest = hashlib.sha256(source.data).hexdigest()
    kind = source.suffix.lstrip(".") or "unknown"
    try:
        document = open_document(source)
        kind = document.format
        if not document.attachments:
            yield Paper(member, digest, kind, _parts(document))
    except Unreadable as error:
        yield Paper(member, digest, kind, (Unread(format=kind, reason=str(error)),))
        return
    if document.attachments and depth == MAX_DEPTH:
        reason = f"{source.name} holds mails inside mails more than {MAX_DEPTH} deep; open it and hand in the order itself."
        yield Paper(member, digest, kind, (Unread(format=kind, reason=reason),))
        return
    for attachment in document.attachments:
        inner = attachment.name.removeprefix(source.name + "!")
        yield from _opened(attachment, f"{member}!{inner}".lstrip("!"), depth + 1)


def _parts(document: Document) -> tuple[Part, ...]:
    parts = tuple(read(document))
    if not parts:
        raise Unreadable(f"{document.name} was opened, but nothing was found in it.")
    return parts


def _is_body(paper: Paper) -> bool:
    return paper.member.rsplit("!", 1)[-1] in ("body.txt", "body.html")


def _is_picture(paper: Paper) -> bool:
    return paper.member.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg"))


def _worth_a_case(paper: Paper, beside_orders: bool) -> bool:
    return not beside_orders or not all(isinstance(part, SetAside) for part in paper.parts)
