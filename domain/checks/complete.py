"""Completeness: nothing that the document prints or counts was lost, and nothing an order needs is missing.

A line without a price does not stop a structured order, where prices often stand in a catalogue: it is a warning, so
that the order is never signed off unseen. In every other lane a missing price may be a lost column, and blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from signoff.domain.checks.arithmetic import plain
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import Order, OrderType, Party
from signoff.domain.policy import Policy
from signoff.domain.reading import Controls, DraftOrder, Lane, Witness

HASH_MODULUS = Decimal(10) ** 10
"""X12 element 347 (hash total) has ten digits; what does not fit is cut off on the left."""

DELETED = "deleted"
"""The action of a line that a change takes out of the order; it needs no quantity and no price."""


def missing(draft: DraftOrder, policy: Policy) -> Iterator[Finding]:
    """Required fields, lines, quantities and prices that the document does not give."""
    order = draft.order
    cancels = order.order_type is OrderType.CANCELLATION
    for pointer in policy.required_fields:
        if not (cancels and pointer in ("/lines", "/currency")) and not stated(order, pointer):
            yield finding(Code.FIELD_MISSING, f"The document does not state {_words(pointer)}.", field=pointer)
    yield from _nameless(draft)
    if cancels:
        return
    if not order.lines and "/lines" not in policy.required_fields:
        yield finding(Code.FIELD_MISSING, "The document has no order lines.", field="/lines")
    for i, line in enumerate(order.lines):
        if line.quantity is None and line.action != DELETED:
            yield finding(Code.FIELD_MISSING, f"Line {line.line_number or i + 1} has no quantity.", field=f"/lines/{i}/quantity")
    yield from _prices(order, draft.lane)


def _nameless(draft: DraftOrder) -> Iterator[Finding]:
    """A supplier without a name: nobody sees a wrong digit in a number, so the vendor master must know it."""
    supplier = draft.order.supplier
    known = Witness.VENDOR_MASTER in draft.witnesses.get("/supplier", ()) or draft.lane_of("/supplier/id") is Lane.PERSON
    if supplier.id and not supplier.name and not known:
        message = f"The supplier is named only by the identifier {supplier.id}, which no vendor in the master has."
        yield finding(Code.LOW_CONFIDENCE, message, field="/supplier", actual=supplier.id)


def _prices(order: Order, lane: Lane) -> Iterator[Finding]:
    wanted = [i for i, line in enumerate(order.lines) if line.action != DELETED]
    bare = [i for i in wanted if order.lines[i].unit_price is None]
    severity = Severity.WARNING if lane is Lane.STRUCTURED else Severity.BLOCKING
    if len(bare) > 1 and len(bare) == len(wanted):
        found = finding(Code.FIELD_MISSING, f"None of the {len(bare)} lines states a price.", field="/lines")
        yield found.model_copy(update={"severity": severity})
        return
    for i in bare:
        found = finding(Code.FIELD_MISSING, f"Line {order.lines[i].line_number or i + 1} has no price.", field=f"/lines/{i}/unit_price")
        yield found.model_copy(update={"severity": severity})


def stated(order: Order, pointer: str) -> bool:
    """Whether the field has a value; a party has one when its name or id is stated, `*` stands for every line."""
    return _has(order, pointer.strip("/").split("/"))


def _has(value: object, path: list[str]) -> bool:
    if isinstance(value, Party) and not path:
        return bool(value.name or value.id)
    if not path:
        return value is not None and value not in ("", ())
    step, *rest = path
    if isinstance(value, tuple):
        chosen = value if step == "*" else value[int(step) : int(step) + 1] if step.isdecimal() else ()
        return bool(chosen) and all(_has(item, rest) for item in chosen)
    return _has(getattr(value, step, None), rest)


def _words(pointer: str) -> str:
    return "any lines" if pointer == "/lines" else "the " + pointer.strip("/").replace("/", " ").replace("_", " ")


def counts(order: Order, controls: Controls) -> tuple[list[Finding], bool]:
    """The control figures that do not agree with what was read, and whether a printed quantity total was proved."""
    found = [*_count(len(order.lines), controls.line_count, "counts", "line", "/lines")]
    found += _count(len(order.lines), controls.printed_rows, "prints", "row", "/lines")
    if controls.segments_seen is not None:
        found += _count(controls.segments_seen, controls.segment_count, "counts", "segment", "")
    quantities = [line.quantity for line in order.lines if line.quantity is not None]
    if controls.quantity_total is None or len(quantities) < len(order.lines):
        return found, False
    proved = controls.quantity_total in _hash_totals(quantities)
    if not proved:
        total = sum(quantities, Decimal(0))
        message = f"The quantities add up to {plain(total)}, but the document prints a quantity total of {plain(controls.quantity_total)}."
        found.append(
            finding(Code.ARITHMETIC_MISMATCH, message, field="/lines", expected=plain(controls.quantity_total), actual=plain(total))
        )
    return found, proved


def _count(seen: int, printed: int | None, verb: str, what: str, pointer: str) -> list[Finding]:
    if printed is None or printed == seen:
        return []
    code = Code.ROWS_MISSING if seen < printed else Code.ARITHMETIC_MISMATCH
    message = f"The document {verb} {printed} {what}{'s' * (printed != 1)}, but {seen} {'was' if seen == 1 else 'were'} read."
    return [finding(code, message, field=pointer, expected=printed, actual=seen)]


def _hash_totals(quantities: list[Decimal]) -> set[Decimal]:
    """The sum, and the X12 hash total, which leaves out decimal points (18.01 counts as 1801) and may be cut off."""
    plain_sum = sum(quantities, Decimal(0))
    hashed = sum((Decimal("".join(map(str, q.as_tuple().digits))) for q in quantities), Decimal(0))
    return {plain_sum, hashed, plain_sum % HASH_MODULUS, hashed % HASH_MODULUS}
