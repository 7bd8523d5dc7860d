"""What the checks need to know about the past, gathered once and recorded, so that a decision can be derived again."""

from __future__ import annotations

import datetime as dt

from signoff.domain.record import Number, Record, Text


class PastLine(Record):
    """A line of an earlier order; `unit_price` is per one `unit`.

    `owner` and `item` say what it drew on, and by how much (`drawn`, in the unit of that price): a price line of a contract, or
    a line of a blanket order. All three are missing where it drew on nothing.
    """

    line_number: Text | None = None
    item_ids: tuple[Text, ...] = ()
    description: Text | None = None
    quantity: Number | None = None
    unit: Text | None = None
    unit_price: Number | None = None
    amount: Number | None = None
    requested_delivery_date: dt.date | None = None
    owner: Text | None = None
    item: Text | None = None
    drawn: Number | None = None


class PastOrder(Record):
    """An earlier order, from a case or from the imported purchase history. `reference` is a case id or an order number.

    `amount` is in `currency`, `base_amount` in the policy's base currency, `contract_amount` in the currency of the contract (or the
    blanket order) that it drew on; `content` is `domain.checks.content.digest`: equal digests mean the same lines. `about` is the
    number of the order that a change or cancellation (`cancels`) is about; `blanket` what a release draws on in place of a contract and
    a budget (`Drawn.owner`). `approved`: it has every sign-off. `likeness` is how much of both orders' value is
    the same lines, in percent, where that was asked; `lines` are there for the order that a change or a release is about.
    """

    reference: Text
    vendor_id: Text | None = None
    order_number: Text | None = None
    release_number: Text | None = None
    about: Text | None = None
    buyer: Text | None = None
    issue_date: dt.date | None = None
    requester: Text | None = None
    cost_center: Text | None = None
    category: Text | None = None
    currency: Text | None = None
    amount: Number | None = None
    base_amount: Number | None = None
    contract_amount: Number | None = None
    content: Text = ""
    erp_id: Text | None = None
    cancels: bool = False
    blanket: Text | None = None
    approved: bool | None = None
    likeness: Number | None = None
    lines: tuple[PastLine, ...] = ()


class PastPrice(Record):
    """What was last paid for an item at the same vendor, per one unit, with where it stands."""

    item_id: Text
    unit: Text | None = None
    currency: Text | None = None
    unit_price: Number
    issue_date: dt.date | None = None
    reference: Text


class Drawn(Record):
    """How much of an item posted and open orders have taken, in the unit of its price: over the term, and in the year of the order.

    `owner` is `contract K-1`, or `blanket V-1 4500` for a blanket order with that number.
    """

    owner: Text
    item: Text
    term: Number
    year: Number


class Facts(Record):
    """The past, as far as this order is concerned. Rejected, duplicate and failed cases are left out.

    same_number: orders with the same number and release at the same vendor; same_content: orders to that vendor within the policy's
    window that share lines with this one, each with its `likeness`; window: orders within the split window that share two of vendor
    (or its category), requester and cost centre with this one; prices: last price per item id; contract_spend: committed on the
    contract so far, in its currency; budget_spend: committed on the cost centre in the budget's year, in base currency; drawn: how
    much was taken of items whose price or limit hangs on it; original: for a change or cancellation, the approved version of the
    order it is about, else the one that waits; blanket: for a release, the blanket order, with what was released so far.
    """

    today: dt.date
    same_number: tuple[PastOrder, ...] = ()
    same_content: tuple[PastOrder, ...] = ()
    window: tuple[PastOrder, ...] = ()
    prices: tuple[PastPrice, ...] = ()
    contract_spend: Number | None = None
    budget_spend: Number | None = None
    drawn: tuple[Drawn, ...] = ()
    original: PastOrder | None = None
    blanket: PastOrder | None = None
    blanket_spend: Number | None = None
