"""What a reading must show besides, when its lane had to search the paper for the order: that nothing was overlooked or misread.

A structured format says where each line begins and what each figure is. On a page the lines must add up to a printed total or
agree with a printed count, a total must hold the tax that is printed, and the decimal mark must be proved by more than consistency:
`3 x 1.250 = 3.750` adds up whether the point groups thousands or not, for arithmetic is blind to scale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.numbers import get_currency_precision

from signoff.domain.checks.arithmetic import Identities, plain
from signoff.domain.checks.fields import CELLS
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import Order, OrderType
from signoff.domain.reading import DraftOrder, Lane

MARKED = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)+(?![\d.,])")
"""A printed number with at least one mark in it."""
OPEN = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""A number whose one mark may group thousands or begin the decimals."""
TOTALS = ("/payable_amount", "/line_total", "/tax_total")


def searched(draft: DraftOrder, sums: Identities, *, counted: bool) -> Iterator[Finding]:
    """What keeps a searched reading from being clear. `counted`: a control figure that the document prints agrees with its lines."""
    order = draft.order
    if draft.lane in (Lane.STRUCTURED, Lane.PERSON) or order.order_type is OrderType.CANCELLATION:
        return
    if order.lines and not sums.tied and not counted:
        yield _whole(order)
    elif order.payable_amount is None and (order.line_total, order.tax_total) != (None, None):
        yield finding(Code.FIELD_MISSING, "Other totals are printed, but what is to be paid in all was not found.", field="/payable_amount")
    yield from _gaps(order)
    if sums.tax_included is False and order.tax_total:
        message = f"The total {plain(order.payable_amount)} leaves out the printed tax of {plain(order.tax_total)}; is it the right total?"
        yield finding(Code.LOW_CONFIDENCE, message, field="/payable_amount", actual=plain(order.payable_amount))
    if draft.lane is not Lane.TABULAR and (figure := _open_scale(draft)):
        message = f"Nothing in the document decides whether {figure} has decimals or thousands; enter the figures by hand."
        yield finding(Code.LOW_CONFIDENCE, message, field="/payable_amount", actual=figure)


def _gaps(order: Order) -> Iterator[Finding]:
    """Lines without an amount among others that print one: it may have been overlooked, and something else with it."""
    empty = [i for i, line in enumerate(order.lines) if line.line_amount is None]
    if empty and len(empty) < len(order.lines):
        message = f"{len(empty)} of {len(order.lines)} lines have no amount, line {empty[0] + 1} first, and the others print one."
        yield finding(Code.FIELD_MISSING, message, field=f"/lines/{empty[0]}/line_amount")


def _whole(order: Order) -> Finding:
    if order.payable_amount is None and order.line_total is None:
        message = "The document prints neither a total nor a count of its lines, so nothing proves that all of them were read."
        return finding(Code.FIELD_MISSING, message, field="/payable_amount")
    return finding(Code.LOW_CONFIDENCE, "Nothing ties the lines to the printed total, so one may be missing.", field="/lines")


def _open_scale(draft: DraftOrder) -> str | None:
    """The first figure that can be read in two ways, when no other figure of the order shows how the document writes numbers."""
    if draft.order.currency and get_currency_precision(draft.order.currency) != 2:
        return None  # three decimals, or none: then the form of the amounts is decided
    pointers = [*TOTALS, *(f"/lines/{i}/{cell}" for i in range(len(draft.order.lines)) for cell in CELLS)]
    texts = [draft.evidence[p].text for p in pointers if p in draft.evidence]
    marked = [figure for text in texts for figure in MARKED.findall(text)]
    return marked[0] if marked and all(OPEN.fullmatch(figure) for figure in marked) else None
