"""What the checks need to know about the past, gathered once and recorded, so that a decision can be derived again."""

from __future__ import annotations

import datetime as dt

from signoff.domain.record import Number, Record, Text


class PastOrder(Record):
    """An earlier order, from a case or from the imported purchase history. `reference` is a case id or an order number.

    `amount` is in `currency`, `base_amount` in the policy's base currency; `content` is `domain.checks.content.digest`:
    equal digests mean the same lines.
    """

    reference: Text
    vendor_id: Text | None = None
    order_number: Text | None = None
    buyer: Text | None = None
    issue_date: dt.date | None = None
    requester: Text | None = None
    cost_center: Text | None = None
    currency: Text | None = None
    amount: Number | None = None
    base_amount: Number | None = None
    content: Text = ""
    erp_id: Text | None = None


class PastPrice(Record):
    """What was last paid for an item at the same vendor, per one unit, with where it stands."""

    item_id: Text
    unit: Text | None = None
    currency: Text | None = None
    unit_price: Number
    issue_date: dt.date | None = None
    reference: Text


class Facts(Record):
    """The past, as far as this order is concerned. Rejected, duplicate and failed cases are left out.

    same_number: orders with the same number and buyer at the same vendor; same_content: same vendor and same lines
    within the policy's window; window: same vendor and same requester or cost centre within the split window;
    prices: last price per item id; contract_spend: committed on the contract so far, in its currency;
    budget_spend: committed on the cost centre in the budget's year, in base currency;
    original: for a change or cancellation, the order it is about.
    """

    today: dt.date
    same_number: tuple[PastOrder, ...] = ()
    same_content: tuple[PastOrder, ...] = ()
    window: tuple[PastOrder, ...] = ()
    prices: tuple[PastPrice, ...] = ()
    contract_spend: Number | None = None
    budget_spend: Number | None = None
    original: PastOrder | None = None
