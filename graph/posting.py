"""Posting: the outbox row first, then the ERP under the same key, then read back, compare, and record. In any order of
crashes the ERP holds the order once: a call whose answer was lost is found again by its key.
"""

from __future__ import annotations

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from signoff.domain.errors import Refused, Unavailable
from signoff.domain.facts import PastPrice
from signoff.domain.order import Order, OrderType
from signoff.domain.stages import ApprovedOrder
from signoff.domain.states import State
from signoff.graph.desk import Desk
from signoff.graph.store.port import Outbox, case_id
from signoff.tools.erp.protocol import ERP, Posting, compare

ATTEMPTS = 4
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
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(Unavailable),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential_jitter(multiplier=0.2, max=5),
        reraise=True,
    ):
        with attempt:
            posting = _call(services.erp, requested, approved, original.erp_id if original else None)
    compare(approved, posting)
    with services.store.transaction(durable=True):
        services.store.postings.complete(requested.key, posting.erp_id)
        services.store.past.bought(desk.number, posting.vendor_id, _prices(desk, approved.order))
        if original:
            services.store.past.supersede(original.case)
        desk.record("posting.done", to=State.POSTED, key=requested.key, erp=services.erp.name, erp_id=posting.erp_id)


def _call(erp: ERP, requested: Outbox, approved: ApprovedOrder, target: str | None) -> Posting:
    known = erp.find(requested.key)
    if known is not None:
        return known
    if target is not None and requested.action == "amend":
        return erp.amend(target, approved, requested.key)
    if target is not None and requested.action == "cancel":
        return erp.cancel(target, requested.key)
    return erp.create(approved, requested.key)


def _original(desk: Desk, order: Order) -> Outbox | None:
    """The posting of the order that a change or cancellation is about."""
    if order.order_type is OrderType.ORDER or not desk.case.vendor_id:
        return None
    number = order.order_reference or order.order_number or ""
    for past in reversed(desk.services.store.past.same_number(desk.case.vendor_id, number, desk.number)):
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
