"""What Signoff notes in a file that it drops, beside the order: how `find` knows it again."""

from __future__ import annotations

from signoff.domain.order import Order, OrderType
from signoff.domain.record import Record


class Marks(Record):
    """`order` is the number that the purchase order has here, `revision` counts its files from 1, `content` is the content's hash."""

    key: str
    content: str
    order: str
    revision: int
    kind: OrderType
    vendor_id: str


class Written(Record):
    """A file as it reads back."""

    order: Order
    marks: Marks
