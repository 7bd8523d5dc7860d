"""Checks of the order against the past for itself: the same order twice, nearly the same, or a change of one that is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from rapidfuzz.distance import OSA

from signoff.domain.checks.content import digest, loose
from signoff.domain.checks.figures import money_text, plain, stake
from signoff.domain.checks.subject import Subject
from signoff.domain.facts import PastOrder
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import OrderType

MOST_TOLD = 5
MOST_LINES = 50


def duplicate(subject: Subject) -> Iterator[Finding]:
    """An order with this number from this buyer to this vendor exists already, with the same lines or with others.

    Releases under the number of a blanket order are orders of their own, as long as their release numbers differ.
    """
    order, past = subject.order, subject.facts.same_number
    if order.order_type is not OrderType.ORDER or not past:
        return
    content = digest(order)
    first = next((p for p in past if p.content == content), past[0])
    same = first.content == content
    release = f" (release {order.release_number})" if order.release_number else ""
    text = f"The order {order.order_number}{release} was received before ({first.reference}), "
    yield finding(
        Code.DUPLICATE_ORDER,
        text + ("with the same lines." if same else "with other lines."),
        field="/order_number",
        expected="a number that is not in use",
        actual=order.order_number or "",
        evidence=_history([first, *(p for p in past if p is not first)], same_content=same),
        amount=stake(order.amount, order.currency),
    )


def near_duplicate(subject: Subject) -> Iterator[Finding]:
    """Another order to the vendor within the window with nearly the same lines, under another number or none."""
    order = subject.order
    if order.order_type is not OrderType.ORDER:
        return
    known = {p.reference for p in subject.facts.same_number}
    past = [p for p in subject.facts.same_content if p.reference not in known and _is_near(subject, p)]
    if not past:
        return
    best = max(past, key=lambda p: (p.likeness or 0, _like_number(order.order_number, p.order_number)))
    names = ", ".join(name_of(p) for p in [best, *(p for p in past if p is not best)][:MOST_TOLD])
    percent = plain(best.likeness) if best.likeness is not None else "100"
    what = "The same lines were" if percent == "100" else f"Nearly the same order ({percent} % of its value) was"
    typo = "; the numbers are nearly the same, perhaps one was mistyped" if _like_number(order.order_number, best.order_number) else ""
    worth = f" for {money_text(best.amount, best.currency)}" if best.amount is not None and best.amount != order.amount else ""
    yield finding(
        Code.NEAR_DUPLICATE_ORDER,
        f"{what} ordered from this vendor before under another number: {names}{worth}{typo}.",
        field="/order_number",
        expected=f"less than {plain(subject.tolerances.near_duplicate_percent)} % alike",
        actual=f"{percent} % alike",
        evidence=_history([best, *(p for p in past if p is not best)], likeness=percent, number=best.order_number),
        amount=stake(order.amount, order.currency),
    )


def _is_near(subject: Subject, past: PastOrder) -> bool:
    """Whether it is alike enough, near enough in time, and not another release or version of this very number."""
    order, tolerances = subject.order, subject.tolerances
    alike = past.likeness is None or past.likeness >= tolerances.near_duplicate_percent
    near = past.issue_date is None or abs(past.issue_date - subject.day) <= dt.timedelta(days=tolerances.near_duplicate_days)
    number = loose(order.order_number or "")
    return alike and near and (not number or loose(past.order_number or "") != number)


def _like_number(one: str | None, other: str | None) -> bool:
    """`PO-1234` and `1234`, two digits exchanged, or one left out: so are numbers retyped. One other digit is the next number."""
    a, b = loose(one or ""), loose(other or "")
    if min(len(a), len(b)) < 4:
        return False
    digits = [re.sub(r"\D", "", text) for text in (a, b)]
    slipped = OSA.distance(a, b, score_cutoff=1) == 1 and (len(a) != len(b) or sorted(a) == sorted(b))
    return slipped or (digits[0] == digits[1] and len(digits[0]) >= 4)


def _history(past: list[PastOrder], **more: object) -> dict[str, object]:
    references = [p.reference for p in past]
    return {"history": references[0], "reference": references[0], "references": references, "order": "/order_number", **more}


def changed(subject: Subject) -> Iterator[Finding]:
    """A change or cancellation names the order it is about. One whose order is not known always stops."""
    if subject.order.order_type is OrderType.ORDER:
        return
    past = subject.facts.original
    yield _lost(subject) if past is None else _changed(subject, past)


def _verb(subject: Subject) -> str:
    return "cancels" if subject.order.order_type is OrderType.CANCELLATION else "changes"


def _lost(subject: Subject) -> Finding:
    order = subject.order
    stated = order.order_reference or order.order_number or ""
    about = f"the order {stated}" if stated else "an order that it does not name"
    lost = finding(
        Code.ORDER_CHANGED,
        f"The document {_verb(subject)} {about}, which is not known here; find the order it is about.",
        field="/order_reference",
        expected="the number of an order that is known",
        actual=stated,
        evidence={"history": None, "reference": None, "order": "/order_reference"},
        amount=stake(order.amount, order.currency),
    )
    return lost.model_copy(update={"severity": Severity.BLOCKING})


def _changed(subject: Subject, past: PastOrder) -> Finding:
    """What the change makes of the order that was approved, line by line; at stake is what it adds or takes away."""
    worth = "" if past.amount is None else f" of {money_text(past.amount, past.currency)}"
    open_yet = "" if past.approved is None or past.approved else ", which is not approved yet"
    return finding(
        Code.ORDER_CHANGED,
        f"The document {_verb(subject)} the order {name_of(past)}{worth}{open_yet}{_told(subject)}.",
        field="/order_reference",
        expected="" if past.amount is None else plain(past.amount),
        actual="0" if _verb(subject) == "cancels" else "" if subject.amount is None else plain(subject.amount),
        evidence=_both(subject, past),
        amount=_difference(subject, past),
    )


def _both(subject: Subject, past: PastOrder) -> dict[str, object]:
    found = subject.comparison
    sides = {"history": past.reference, "reference": past.reference, "order_number": past.order_number, "erp_id": past.erp_id}
    told: dict[str, object] = {**sides, "order": "/order_reference", "approved": past.approved}
    if found is not None:
        told |= {"changes": [c.shown() for c in found.changes[:MOST_LINES]], "change_count": len(found.changes)}
    return told


def _told(subject: Subject) -> str:
    """`: line 2 (GL-9): quantity 10, now 12; line 3 added`."""
    found = subject.comparison
    if found is None:
        return ""
    if not found.changes:
        return ", and no line differs"
    more = len(found.changes) - MOST_TOLD
    told = "; ".join(c.text for c in found.changes[:MOST_TOLD])
    return f": {told}" + (f"; and {more} more" if more > 0 else "")


def _difference(subject: Subject, past: PastOrder) -> Decimal | None:
    """What is added or taken away, without its sign. A cancellation takes away all."""
    order = subject.order
    if order.order_type is OrderType.CANCELLATION:
        return stake(past.amount if past.amount is not None else order.amount, past.currency or order.currency)
    if past.amount is None or subject.amount is None or past.currency != order.currency:
        return stake(subject.amount, order.currency)
    return stake(abs(subject.amount - past.amount), order.currency)


def name_of(past: PastOrder) -> str:
    """An earlier order for people: its number, and the case it came in."""
    return f"{past.order_number} ({past.reference})" if past.order_number and past.order_number != past.reference else past.reference


RULES = (duplicate, near_duplicate)
ALWAYS = (changed,)
"""These hold for cancellations as well, which commit no money."""
