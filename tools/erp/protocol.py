"""What Signoff asks of an ERP. One file per system implements it; one conformance suite (`tests/tools/erp`) holds for all.

Only an `ApprovedOrder` can be posted. `key` makes a posting unique: the same key never makes a second purchase order,
and the same key with other content is refused. No ERP is trusted to round: an order is created as a draft, read back, compared, and
only then confirmed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, Protocol, runtime_checkable

from signoff.domain.errors import Refused
from signoff.domain.money import cents
from signoff.domain.order import OrderType, line_amount
from signoff.domain.record import Number, Record
from signoff.domain.stages import ApprovedOrder
from signoff.domain.vendor import Vendor
from signoff.tools.masterdata.history import HistoryLine

CANCELLED, DRAFT = "cancelled", "draft"


class Attachment(NamedTuple):
    """The paper an order was read from, as it came; `name` is a file name."""

    name: str
    data: bytes


class Posting(Record):
    """A purchase order as the ERP has it. `line_total` is the ERP's own sum, in `currency`.

    `status` is the ERP's word for it; in every ERP it is `draft` until the order is binding, and `cancelled` once it is that.
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
    """One system. Every method raises `Unavailable` when it cannot be reached and `Refused` when it says no.

    An answer that was lost is `Unavailable` too: the order may stand there, and `find` tells. `remote` says that calls wait for a
    network; they are then made in threads, and several at once.
    """

    name: str
    remote: bool

    def find(self, key: str) -> Posting | None:
        """The purchase order that was created, amended or cancelled with this key, read from the ERP."""

    def create(self, order: ApprovedOrder, key: str, paper: Attachment | None = None) -> Posting:
        """Create the purchase order as a draft, with its paper, or return the one that the key has already made."""

    def confirm(self, posting: Posting) -> Posting:
        """Make a draft binding. What is binding already stays as it is."""

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        """Replace the content of a purchase order by that of a change order."""

    def cancel(self, erp_id: str, key: str) -> Posting:
        """Cancel a purchase order."""

    def close(self) -> None:
        """Let go of files and connections."""


@runtime_checkable
class VendorMaster(ERP, Protocol):
    """An ERP that keeps the vendors too; those that it calls inactive are blocked."""

    def vendors(self) -> list[Vendor]:
        """Every vendor of the company."""


class Standing(NamedTuple):
    """A purchase order that is binding in the ERP, open or done, by its lines; `erp_id` as in `Posting`."""

    erp_id: str
    lines: tuple[HistoryLine, ...]


@runtime_checkable
class OrderBook(ERP, Protocol):
    """An ERP that tells what was ordered in it, by whomever. Drafts and cancelled orders are left out."""

    def orders(self) -> Iterator[Standing]:
        """Every binding purchase order of the company, oldest first."""


class Difference(NamedTuple):
    """Something about a purchase order that is another in the ERP than was approved, each side as text."""

    field: str
    expected: str
    actual: str


def differences(order: ApprovedOrder, posting: Posting) -> list[Difference]:
    """Where what the ERP holds is not what was approved: currency, number of lines, sum of lines.

    A cancellation leaves the lines as they were; of it only the status is compared.
    """
    approved = order.order
    if approved.order_type is OrderType.CANCELLATION:
        return [] if posting.status == CANCELLED else [Difference("status", CANCELLED, posting.status)]
    compared = (
        ("currency", approved.currency, posting.currency),
        ("number of lines", len(approved.lines), posting.lines),
        ("sum of lines", _cents(total(order), approved.currency), _cents(posting.line_total, posting.currency)),
    )
    return [Difference(name, str(ours), str(theirs)) for name, ours, theirs in compared if ours != theirs]


def total(order: ApprovedOrder) -> Decimal | None:
    """The sum of the lines' amounts; `None` when one of them has none."""
    amounts = [line_amount(line) for line in order.order.lines]
    return None if None in amounts else sum((a for a in amounts if a is not None), Decimal(0))


def compare(order: ApprovedOrder, posting: Posting) -> None:
    """Raise `Refused` with the first difference between what the ERP holds and what was approved."""
    for name, ours, theirs in differences(order, posting):
        raise Refused(f"The ERP has {theirs} as {name} of {posting.erp_id}, approved was {ours}; correct it there, then retry.")


def content(order: ApprovedOrder) -> str:
    """What a posting key is bound to: SHA-256 over the order, in hex."""
    return hashlib.sha256(order.order.model_dump_json().encode()).hexdigest()


def _cents(amount: Decimal | None, currency: str | None) -> Decimal | None:
    return None if amount is None else cents(amount, currency)
