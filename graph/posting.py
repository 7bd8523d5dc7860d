"""Posting: the outbox row first, then a draft in the ERP under the same key, then read back, compare, confirm, and record. In any
order of crashes the ERP holds the order once: a call whose answer was lost is found again by its key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from signoff.domain.errors import Refused, Unavailable
from signoff.domain.facts import PastPrice
from signoff.domain.order import Order, OrderType
from signoff.domain.stages import ApprovedOrder
from signoff.domain.states import State
from signoff.graph import tracing
from signoff.graph.desk import Desk
from signoff.graph.store import fence
from signoff.graph.store.rows import Outbox, case_id
from signoff.tools.erp.protocol import DRAFT, ERP, Attachment, Posting, compare, differences
from signoff.tools.history import OrderNumber

ATTEMPTS = 4
T = TypeVar("T")
VERBS = {OrderType.ORDER: "create", OrderType.CHANGE: "amend", OrderType.CANCELLATION: "cancel"}


def request_posting(desk: Desk, approved: ApprovedOrder) -> None:
    """Write down that the ERP is about to be called, in the transaction of the approval itself.

    Raises `Refused` when a cancellation has nothing to cancel.
    """
    order = approved.order
    original = _original(desk, order)
    action = VERBS[order.order_type] if original else "create"
    if action == "create" and order.order_type is OrderType.CANCELLATION:
        raise Refused(f"The ERP has no order {order.order_reference or order.order_number} to cancel; reject the case.")
    if original and original.erp != desk.services.erp.name:
        raise Refused(
            f"The order stands in the {original.erp} ERP, and erp.yaml names {desk.services.erp.name} now; settle it there, by hand."
        )
    key = f"{desk.case.case_id}.{desk.revision}"
    desk.services.store.postings.request(key, desk.number, action, desk.services.erp.name)
    of = case_id(original.case) if original else None
    desk.record("posting.requested", key=key, action=action, erp=desk.services.erp.name, of=of)


async def post_order(desk: Desk) -> None:
    """Take an approved order to the ERP. Raises `Unavailable` when it stays out of reach, `Refused` when it says no."""
    services = desk.services
    approved = desk.approved()
    requested = services.store.postings.of_case(desk.number)
    original = _original(desk, approved.order)
    assert requested is not None, "an approval writes its posting"
    if requested.erp != services.erp.name:  # it may stand there already
        raise Refused(
            f"The order was on its way to the {requested.erp} ERP, and erp.yaml names {services.erp.name} now; put it back, then retry."
        )
    call = _Call(services.erp, requested, approved, original.erp_id if original else None, partial(_paper, desk))
    fence.check(services.store.jobs)
    with tracing.erp(requested.action, services.erp.name, requested.key):
        posting = await _persistent(services.erp, call.written)
    if found := differences(approved, posting):
        with services.store.transaction():
            desk.record("posting.differs", erp=services.erp.name, erp_id=posting.erp_id, differences=[d._asdict() for d in found])
        compare(approved, posting)
    if posting.status == DRAFT:
        draft = posting
        fence.check(services.store.jobs)
        with tracing.erp("confirm", services.erp.name, requested.key):
            posting = await _persistent(services.erp, lambda: services.erp.confirm(draft))
        compare(approved, posting)
    with services.store.transaction(durable=True):
        services.store.postings.complete(requested.key, posting.erp_id)
        services.store.past.bought(desk.number, posting.vendor_id, _prices(desk, approved.order))
        if original:
            services.store.past.supersede(original.case, by=desk.number)
        desk.record("posting.done", to=State.POSTED, key=requested.key, erp=services.erp.name, erp_id=posting.erp_id)


async def _persistent(erp: ERP, call: Callable[[], T]) -> T:
    """What the call answers, which is made again while the ERP is out of reach; in a thread where it waits for a network."""
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(Unavailable),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential_jitter(multiplier=0.2, max=5),
        reraise=True,
    ):
        with attempt:
            return await asyncio.to_thread(call) if erp.remote else call()
    raise AssertionError("the last attempt raises what it met")


@dataclass(frozen=True)
class _Call:
    """What the ERP is to be told; `target` is its number of the order that is changed or cancelled."""

    erp: ERP
    requested: Outbox
    approved: ApprovedOrder
    target: str | None
    paper: Callable[[], Attachment]

    def written(self) -> Posting:
        """The purchase order as the ERP has it, looked up by its key before anything is written."""
        key = self.requested.key
        known = self.erp.find(key)
        if known is not None:
            return known
        if self.target is not None and self.requested.action == "amend":
            return self.erp.amend(self.target, self.approved, key)
        if self.target is not None and self.requested.action == "cancel":
            return self.erp.cancel(self.target, key)
        return self.erp.create(self.approved, key, self.paper() if self.erp.remote else None)


def _paper(desk: Desk) -> Attachment:
    """The paper of a case as it came in."""
    return Attachment(PurePath(desk.case.source).name, desk.services.archive.get(desk.case.file_sha256))


def _original(desk: Desk, order: Order) -> Outbox | None:
    """The posting of the order that a change or cancellation is about."""
    if order.order_type is OrderType.ORDER or not desk.case.vendor_id:
        return None
    number = OrderNumber(desk.case.vendor_id, order.order_reference or order.order_number or "", order.release_number)
    for past in reversed(desk.services.store.past.same_number(number, desk.number)):
        posting = desk.services.store.postings.of_case(int(past.reference[1:])) if past.reference[:1] == "C" else None
        if posting and posting.erp_id:
            return posting
    return None


def _prices(desk: Desk, order: Order) -> list[PastPrice]:
    return [
        PastPrice(
            item_id=item,
            unit=line.unit,
            currency=order.currency,
            unit_price=line.unit_price / line.price_base_quantity,
            issue_date=order.issue_date,
            reference=desk.case.case_id,
        )
        for line in order.lines
        if line.unit_price is not None and line.price_base_quantity
        for item in line.item_ids
    ]
