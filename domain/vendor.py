"""The vendor master: who we buy from, and whether we may."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from signoff.domain.record import Record, Text


class VendorStatus(StrEnum):
    """`pending` has not finished onboarding and counts as on hold."""

    ACTIVE = "active"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    BLOCKED = "blocked"
    SANCTIONED = "sanctioned"


class Certificate(Record):
    """A certificate the vendor must hold (ISO 9001, insurance, ...) and its last valid day."""

    name: Text
    expires: dt.date


class Vendor(Record):
    """One vendor. `bank_fingerprint` is `fingerprint(account)`: the account itself is not kept here."""

    vendor_id: Text
    name: Text
    aliases: tuple[Text, ...] = ()
    tax_ids: tuple[Text, ...] = ()
    gs1_ids: tuple[Text, ...] = ()
    other_ids: tuple[Text, ...] = ()
    status: VendorStatus = VendorStatus.ACTIVE
    status_reason: Text | None = None
    currency: Text | None = None
    category: Text | None = None
    payment_terms: Text | None = None
    delivery_terms: Text | None = None
    bank_fingerprint: Text | None = None
    mail_domains: tuple[Text, ...] = ()
    certificates: tuple[Certificate, ...] = ()


class VendorMatch(Record):
    """How the supplier of an order was found in the master.

    `how` is `id`, `tax_id`, `gs1_id`, `name`, or `none`; `score` is 0..100 for names, 100 for ids. `alternatives` are
    other vendor ids that fit as well (ambiguous), `lookalike_of` the vendor whose name the supplier's imitates.
    """

    vendor_id: str | None = None
    how: str = "none"
    score: float = 0.0
    alternatives: tuple[str, ...] = ()
    lookalike_of: str | None = None
