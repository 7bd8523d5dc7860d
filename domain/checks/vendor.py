"""What the vendor master says about an order's supplier, and whether the order is ours at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from signoff.domain.checks.figures import stake
from signoff.domain.checks.names import alike, key
from signoff.domain.checks.vendor_match import bare
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import Order, Party
from signoff.domain.policy import Company, Policy
from signoff.domain.vendor import Vendor, VendorMatch, VendorStatus

STRANGE = 50.0
"""A name below this likeness to every name of the vendor that its id points to is worth a person's look."""

OURS, NOT_OURS = 92.0, 70.0

STATUS = {
    VendorStatus.PENDING: (Code.VENDOR_ON_HOLD, "has not finished onboarding"),
    VendorStatus.ON_HOLD: (Code.VENDOR_ON_HOLD, "is on hold"),
    VendorStatus.BLOCKED: (Code.VENDOR_BLOCKED, "is blocked"),
    VendorStatus.SANCTIONED: (Code.VENDOR_SANCTIONED, "is on a sanctions list"),
}


def fingerprint(account: str) -> str:
    """What `bank_fingerprint` holds: the first 16 hex digits of the SHA-256 of the account, upper case without spaces."""
    return hashlib.sha256("".join(account.split()).upper().encode()).hexdigest()[:16]


def vendor_findings(order: Order, match: VendorMatch, vendor: Vendor | None, policy: Policy, today: dt.date) -> Iterator[Finding]:
    """Everything notable about the supplier, not yet judged by policy. `vendor` is the one that `match` names.

    At stake is the whole order: it goes to somebody it should not go to.
    """
    amount = stake(order.amount, order.currency)
    side = {"vendor": match.vendor_id or match.lookalike_of or ", ".join(match.alternatives) or "no vendor in the master"}
    found = [*_identity(order.supplier, match, vendor), *_parties(order, vendor, policy.company)]
    found += _standing(vendor, today) if vendor else []
    found += _bank(order.supplier, vendor) if vendor else []
    for each in found:
        yield each.model_copy(update={"amount": amount, "evidence": {**side, **each.evidence, "order": each.field}})


def _standing(vendor: Vendor, today: dt.date) -> Iterator[Finding]:
    """Whether the master lets us buy from the vendor, and what certificates have run out."""
    if vendor.status in STATUS:
        code, said = STATUS[vendor.status]
        why = f": {vendor.status_reason}" if vendor.status_reason else ""
        text = f"{vendor.name} ({vendor.vendor_id}) {said}{why}."
        evidence = {"status": vendor.status, "reason": vendor.status_reason}
        yield finding(code, text, field="/supplier", expected=VendorStatus.ACTIVE, actual=vendor.status, evidence=evidence)
    for certificate in vendor.certificates:
        if certificate.expires < today:
            message = f"The certificate {certificate.name} of {vendor.name} expired on {certificate.expires}."
            told = {"certificate": certificate.name, "expires": str(certificate.expires)}
            yield finding(
                Code.CERTIFICATE_EXPIRED, message, field="/supplier", expected=f">= {today}", actual=certificate.expires, evidence=told
            )


def _identity(supplier: Party, match: VendorMatch, vendor: Vendor | None) -> Iterator[Finding]:
    said = _said(supplier)
    if match.lookalike_of:
        message = f"The supplier {said} looks like vendor {match.lookalike_of} but is not the same."
        yield finding(Code.VENDOR_LOOKALIKE, message, field="/supplier/name", expected=match.lookalike_of, actual=said)
    others = ", ".join(match.alternatives)
    if match.vendor_id is None and len(match.alternatives) > 1:
        message = f"The supplier {said} could be any of the vendors {others}; choose one."
        yield finding(Code.VENDOR_AMBIGUOUS, message, field="/supplier", expected=others, actual=said)
    elif match.vendor_id is None:
        nearest = f"; the nearest is {others}" if others else ""
        message = f"No vendor in the master is the supplier {said}{nearest}."
        yield finding(Code.VENDOR_UNKNOWN, message, field="/supplier", expected=others or "a vendor in the master", actual=said)
    elif match.alternatives:
        message = f"The supplier's {match.how} points to vendor {match.vendor_id}, but its name to {others}."
        yield finding(Code.VENDOR_AMBIGUOUS, message, field="/supplier", expected=match.vendor_id, actual=others)
    elif vendor and match.how != "name" and supplier.name and _likeness(supplier.name, (vendor.name, *vendor.aliases)) < STRANGE:
        message = f"The supplier's {match.how} is that of {vendor.name} ({vendor.vendor_id}), but the order names {supplier.name}."
        found = finding(Code.VENDOR_AMBIGUOUS, message, field="/supplier/name", expected=vendor.name, actual=supplier.name)
        yield found.model_copy(update={"severity": Severity.WARNING})


def _bank(supplier: Party, vendor: Vendor) -> Iterator[Finding]:
    account = "".join((supplier.bank_account or "").split())
    on_file = (vendor.bank_fingerprint or "").strip().lower()
    if account and on_file and fingerprint(account) != on_file:
        message = (
            f"The bank account on the order (ending {account[-4:]}) is not the one on file for {vendor.name}; call them on a known number."
        )
        sides = {"expected": f"the account with fingerprint {on_file}", "actual": f"...{account[-4:]}"}
        told = {"bank_fingerprint": on_file}
        yield finding(Code.BANK_DETAILS_CHANGED, message, field="/supplier/bank_account", evidence=told, **sides)


def _parties(order: Order, vendor: Vendor | None, company: Company) -> Iterator[Finding]:
    """Buyer and supplier exchanged, or an order that is not ours. Nothing is concluded from what is not stated."""
    us = {"policy": f"company: {company.name}"}
    if swapped := list(exchanged(order, company)):
        yield from swapped
        return
    buyer, names = order.buyer, company.names
    if not buyer.name or _is_us(buyer, company) or _likeness(buyer.name, names) >= NOT_OURS:
        return
    if vendor and _likeness(buyer.name, (vendor.name, *vendor.aliases)) >= OURS:
        message = f"The buyer on this order is our vendor {vendor.name}: buyer and supplier are exchanged."
    elif _is_us(order.invoice_to, company):
        return
    else:
        message = f"This order is addressed from {buyer.name}, not from us ({company.name})."
    yield finding(Code.PARTIES_SWAPPED, message, field="/buyer", expected=company.name, actual=buyer.name, evidence=us)


def exchanged(order: Order, company: Company) -> Iterator[Finding]:
    """We are named as the supplier."""
    if _is_us(order.supplier, company):
        message = f"The supplier is {_said(order.supplier)}, which is us: buyer and supplier are exchanged, or this is a customer's order."
        sides = {"expected": f"not {company.name}", "actual": _said(order.supplier)}
        yield finding(Code.PARTIES_SWAPPED, message, field="/supplier", evidence={"policy": f"company: {company.name}"}, **sides)


def _is_us(party: Party, company: Company) -> bool:
    """By an id or tax id of ours, or by one of our names written in full."""
    ids, tax_ids = {bare(i) for i in company.every_id}, {bare(i) for i in company.every_tax_id}
    if (party.id and bare(party.id) in ids | tax_ids) or (party.tax_id and bare(party.tax_id) in tax_ids):
        return True
    return bool(party.name and key(party.name)) and key(party.name or "") in {key(n) for n in company.names}


def _likeness(name: str, names: tuple[str, ...]) -> float:
    return max(alike(name, n) for n in names)


def _said(party: Party) -> str:
    """The party as the order states it, for a message."""
    stated = [x for x in (party.name, party.id and f"id {party.id}", party.tax_id and f"tax id {party.tax_id}") if x]
    return " / ".join(stated) or "(not stated)"
