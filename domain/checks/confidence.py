"""How sure a reading is as a whole: its critical fields together, and which of them are too weak for policy (see `signals`)."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from signoff.domain.checks.fields import CELLS
from signoff.domain.order import Order
from signoff.domain.reading import Lane

HEADER = ("/order_number", "/currency", "/payable_amount")
NOT_FOUND = 0.5
"""What a critical field counts that was searched for and not found: the paper may not say it, or it was missed."""


def critical(order: Order) -> list[str]:
    """Pointers of the critical fields but the supplier, whether the order states them or not."""
    return [*HEADER, *(f"/lines/{i}/{cell}" for i in range(len(order.lines)) for cell in CELLS)]


def doubted(order: Order, fields: Mapping[str, float], least: float) -> list[str]:
    """Critical fields below the least confidence that policy accepts."""
    weak = [p for p in critical(order) if p in fields and fields[p] < least]
    supplier = _supplier(fields)
    return weak + (["/supplier"] if supplier is not None and supplier < least else [])


def overall(order: Order, fields: Mapping[str, float], tied: bool, lane: Lane) -> float:
    """The critical fields together; in a structured format one that is not there is not said, anywhere else it may have been missed.

    Lines count once, by their weakest, when a proved sum ties them or when code mapped them from a structured format
    (there an error is one of mapping, the same in every line); otherwise each line is a chance of its own to err.
    """
    absent = 1.0 if lane is Lane.STRUCTURED else NOT_FOUND
    supplier = _supplier(fields)
    header = [*(fields.get(p, absent) for p in HEADER), absent if supplier is None else supplier]
    lines = [_line(fields, f"/lines/{i}", absent) for i in range(len(order.lines))] or [absent]
    together = [min(lines)] if tied or lane is Lane.STRUCTURED else lines
    return round(prod([*header, *together]), 4)


def _line(fields: Mapping[str, float], at: str, absent: float) -> float:
    """A line without a quantity, or with neither a price nor an amount, lacks what it must have."""
    known = {cell: fields[p] for cell in CELLS if (p := f"{at}/{cell}") in fields}
    whole = "quantity" in known and ("unit_price" in known or "line_amount" in known)
    return min(known.values(), default=1.0) * (1.0 if whole else absent)


def _supplier(fields: Mapping[str, float]) -> float | None:
    """Name or id: either identifies the supplier, so the surer one counts."""
    known = [fields[p] for p in ("/supplier/name", "/supplier/id") if p in fields]
    return max(known, default=None)
