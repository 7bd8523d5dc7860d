"""Scanned pages as an order: read as laid-out text, and looked at twice.

Recognition errs where print does not, so one reading of a scan proves little. When the figures add up to a printed total, only number,
supplier, date and currency are read again by the better models; else the whole page is, and the better proved of both readings
stands. Where the readings agree that is noted as a witness; where they differ, as a notice that keeps the order from passing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

from signoff.domain.checks.arithmetic import identities
from signoff.domain.checks.fields import CELLS, fields
from signoff.domain.checks.verify import ROOM
from signoff.domain.order import Order
from signoff.domain.reading import DraftOrder, Lane, Notice, Part, SetAside, Unread, Witness
from signoff.tools.documents.document import Document, Page
from signoff.tools.documents.ocr import Model, recognise, reread
from signoff.tools.orders import layout
from signoff.tools.orders.scan_text import mended

FORMAT = "scan"
MAX_AGAIN = 10
"""Scanned pages that are recognised a second time; an order of more stays a single reading."""
LEAST_WORDS, LEAST_SURE = 20, 0.6
"""What is worth a second look, and how sure recognition is on average of a page that a person can read."""
HEADER = ("/order_number", "/supplier/name", "/issue_date", "/currency")
"""What is read again although the figures are proved: no arithmetic can prove it."""
TOTALS = ("/payable_amount", "/line_total")
NEEDED = ("/order_number", "/supplier/name")


def matches(document: Document) -> bool:
    """Whether text was recognised on a page of it, or it is a picture too small for that."""
    return any(page.scanned for page in document.pages) or (document.picture is not None and not document.pages)


def read(document: Document) -> list[Part]:
    """The orders on the pages. Raises `Unreadable` as `layout.read` does."""
    words = [w for page in document.pages if page.scanned for w in page.words]
    if not document.pages or not any(page.words for page in document.pages):
        return [SetAside(format=document.format, kind="picture", reason="It is a picture without a page of text on it.")]
    if words and sum(w.confidence for w in words) / len(words) < LEAST_SURE:
        return [
            Unread(format=document.format, reason=f"{document.name} can hardly be read; ask the sender for the original or a better scan.")
        ]
    parts = _parts(document)
    if all(_settled(part, words) for part in parts):
        confirmed = [_confirmed(document, part) for part in parts]
        if None not in confirmed:
            return [part for part in confirmed if part is not None]
    again = _again(document)
    return parts if again is None else _together(parts, _parts(again))


def _parts(document: Document) -> list[Part]:
    return [_marked(document, part) for part in layout.read(mended(document))]


def _settled(part: Part, words: list[Any]) -> bool:
    """Whether a part needs no second look at its page: it proves its figures and names who and which, or says what else it is."""
    if isinstance(part, DraftOrder):
        return part.lane is Lane.LAYOUT or (proved(part.order) and all(p in part.evidence for p in NEEDED))
    return isinstance(part, Unread) or part.kind not in ("text", "other") or len(words) < LEAST_WORDS


def proved(order: Order) -> bool:
    """Whether every line adds up, and all of them to a printed total."""
    with localcontext(ROOM):
        sums = identities(order, Decimal("0.01"))
    cells = [f"/lines/{i}/{cell}" for i in range(len(order.lines)) for cell in CELLS]
    return bool(cells) and sums.tied and not sums.findings and all(cell in sums.proved for cell in cells)


def _marked(document: Document, part: Part) -> Part:
    """The draft with the lane of each field: recognised where its page was. The draft's own lane is that of most of its fields."""
    if not isinstance(part, DraftOrder):
        return part
    scanned = {page.number for page in document.pages if page.scanned}
    lanes = {p: Lane.OCR if e.page in scanned else Lane.LAYOUT for p, e in part.evidence.items()}
    recognised = sum(lane is Lane.OCR for lane in lanes.values())
    lane = Lane.OCR if 2 * recognised >= len(lanes) else Lane.LAYOUT
    return part.model_copy(update={"lane": lane, "lanes": {p: own for p, own in lanes.items() if own is not lane}})


def _confirmed(document: Document, part: Part) -> Part | None:
    """The draft with its header read a second time, or nothing when a second reading differs."""
    if not isinstance(part, DraftOrder) or document.picture is None:
        return part
    agreed: dict[str, float | None] = {}
    for page in document.pages:
        pointers = [p for p in HEADER if p in part.evidence and part.evidence[p].page == page.number]
        boxes = [box for p in pointers if (box := part.evidence[p].box) is not None]
        seen = reread(document.picture(page.number), page, boxes, Model.SMALL) if page.scanned and boxes else []
        for pointer, (text, quality) in zip(pointers, seen, strict=False):
            if _letters(text) != _letters(part.evidence[pointer].text):
                return None
            agreed[pointer] = quality
    return _witnessed(part, agreed)


def _letters(text: str) -> str:
    """Letters and digits alone, without accents and case: what two readings of the same print must share."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]", "", bare)


def _again(document: Document) -> Document | None:
    """The document with its scanned pages recognised by the better models; nothing when they are too many."""
    scanned = [page for page in document.pages if page.scanned]
    if document.picture is None or len(scanned) > MAX_AGAIN:
        return None
    pages = tuple(_recognised(document, page) if page.scanned else page for page in document.pages)
    return replace(document, pages=pages)


def _recognised(document: Document, page: Page) -> Page:
    assert document.picture is not None
    seen = document.picture(page.number)
    return recognise(seen.image, page.number, seen.width, seen.height, Model.SMALL)


def _together(first: list[Part], second: list[Part]) -> list[Part]:
    """Both readings part by part; where they do not even agree how many orders there are, the second."""
    if len(first) != len(second):
        return second
    return [_better(a, b) for a, b in zip(first, second, strict=True)]


def _better(first: Part, second: Part) -> Part:
    if not isinstance(first, DraftOrder) or not isinstance(second, DraftOrder):
        return first if isinstance(first, DraftOrder) else second
    stands, other = (first, second) if _worth(first) > _worth(second) else (second, first)
    return _compared(_filled(stands, other), other)


def _worth(draft: DraftOrder) -> tuple[bool, int, int]:
    """How much speaks for a reading: its proof, the figures of its lines, the fields of its header."""
    order = draft.order
    figures = sum(getattr(line, cell) is not None for line in order.lines for cell in CELLS)
    return proved(order), figures, sum(p in draft.evidence for p in (*HEADER, *TOTALS))


def _filled(draft: DraftOrder, other: DraftOrder) -> DraftOrder:
    """The draft with what only the other reading has of the header."""
    names = [n for n, value in vars(draft.order).items() if value is None and getattr(other.order, n) is not None]
    order = draft.order.model_copy(update={n: getattr(other.order, n) for n in names})
    given = {p: e for p, e in other.evidence.items() if p.split("/")[1] in names}
    return draft.model_copy(update={"order": order, "evidence": {**draft.evidence, **given}})


def _compared(draft: DraftOrder, other: DraftOrder) -> DraftOrder:
    """The draft with what both readings say alike, and a notice for each critical field on which they differ."""
    mine, theirs = ({p: value for p, _, value in fields(d.order)} for d in (draft, other))
    agreed: dict[str, float | None] = {}
    notices = []
    for pointer in _critical(draft.order):
        if pointer not in mine or pointer not in theirs:
            continue
        if mine[pointer] == theirs[pointer] or _letters(str(mine[pointer])) == _letters(str(theirs[pointer])):
            agreed[pointer] = other.evidence[pointer].quality if pointer in other.evidence else None
        else:
            notices.append(_differ(draft, pointer, mine[pointer], theirs[pointer]))
    if not proved(draft.order) and len(draft.order.lines) != len(other.order.lines):
        message = (
            f"One reading of the scan found {len(draft.order.lines)} lines, another {len(other.order.lines)}; compare them with the paper."
        )
        notices.append(Notice(code="readings_disagree", field="/lines", message=message))
    return _witnessed(draft.model_copy(update={"notices": (*draft.notices, *notices)}), agreed)


def _critical(order: Order) -> Iterator[str]:
    yield from HEADER
    if not proved(order):
        yield from TOTALS
        yield from (f"/lines/{i}/{cell}" for i in range(len(order.lines)) for cell in CELLS)


def _differ(draft: DraftOrder, pointer: str, mine: object, theirs: object) -> Notice:
    message = f"Two readings of the scan differ: {str(mine)[:80]!r} and {str(theirs)[:80]!r}; look at the paper."
    return Notice(code="readings_disagree", field=pointer, message=message, evidence=draft.evidence.get(pointer))


def _witnessed(draft: DraftOrder, agreed: Mapping[str, float | None]) -> DraftOrder:
    """The draft with the fields that a second reading confirms; of two that agree, the surer tells how well it was recognised."""
    witnesses, evidence = dict(draft.witnesses), dict(draft.evidence)
    for pointer, quality in agreed.items():
        witnesses[pointer] = tuple(dict.fromkeys((*witnesses.get(pointer, ()), Witness.SECOND_READING)))
        first = evidence[pointer].quality if pointer in evidence else None
        if first is not None and quality is not None:
            evidence[pointer] = replace(evidence[pointer], quality=max(first, round(quality, 4)))
    return draft.model_copy(update={"witnesses": witnesses, "evidence": evidence})
