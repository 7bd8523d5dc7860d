"""What Signoff asks of an ERP. One file per system implements it; one conformance suite (`tests/tools/erp`) holds for all.

Only an `ApprovedOrder` can be posted. `key` makes a posting unique: the same key never makes a second purchase order,
and the same key with other content is refused. No ERP is trusted to round: what it answers is read back and compared.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from signoff.domain.errors import Refused
from signoff.domain.money import cents
from signoff.domain.order import OrderType, line_amount
from signoff.domain.record import Number, Record
from signoff.domain.stages import ApprovedOrder

CANCELLED = "cancelled"


class Posting(Record):
    """A purchase order as the ERP has it. `line_total` is the ERP's own sum, in `currency`.

    `status` is the ERP's word for it, and `cancelled` in every ERP once it is.
    """

    erp_id: str
    key: str
    reference: str | None
    vendor_id: str
    currency: str | None
    line_total: Number | None
    lines: int
    status: str


class ERP(Protocol):
    """One system. Every method raises `Unavailable` when it cannot be reached and `Refused` when it says no."""

    name: str

    def find(self, key: str) -> Posting | None:
        """The purchase order that was created with this key."""

    def create(self, order: ApprovedOrder, key: str) -> Posting:
        """Create the purchase order, or return the one that the key has already made."""

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        """Replace the content of a purchase order by that of a change order."""

    def cancel(self, erp_id: str, key: str) -> Posting:
        """Cancel a purchase order."""


def compare(order: ApprovedOrder, posting: Posting) -> None:
    """Raise `Refused` when what the ERP holds is not what was approved: currency, number of lines, sum of lines.

    A cancellation leaves the lines as they were; of it only the status is compared.
    """
    approved = order.order
    if approved.order_type is OrderType.CANCELLATION:
        if posting.status != CANCELLED:
            raise Refused(f"The ERP has {posting.erp_id} as {posting.status}, approved was its cancellation; cancel it there, then retry.")
        return
    amounts = [line_amount(line) for line in approved.lines]
    expected = None if None in amounts else sum((a for a in amounts if a is not None), Decimal(0))
    for name, ours, theirs in (
        ("currency", approved.currency, posting.currency),
        ("number of lines", len(approved.lines), posting.lines),
        ("sum of lines", _cents(expected, approved.currency), _cents(posting.line_total, posting.currency)),
    ):
        if ours != theirs:
            raise Refused(f"The ERP has {theirs} as {name} of {posting.erp_id}, approved was {ours}; correct it there, then retry.")


def _cents(amount: Decimal | None, currency: str | None) -> Decimal | None:
    return None if amount is None else cents(amount, currency)
