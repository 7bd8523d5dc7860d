"""The verdict on what was read, as the process asks for it: with the vendor master as a witness; and whether a person has to look."""

from __future__ import annotations

from signoff.domain.checks.merging import agent_read
from signoff.domain.checks.signals import PRIORS, Weights
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.checks.verify import Verification, verify
from signoff.domain.policy import Policy
from signoff.domain.reading import DraftOrder, Lane, Reading, Verdict, Witness
from signoff.graph.desk import Desk


def verification_of(desk: Desk) -> Verification:
    """The verdict on the case's draft."""
    return proved(desk.drafted(), desk.services.vendors, desk.services.policy, desk.services.weights)


def proved(draft: DraftOrder, vendors: VendorBook, policy: Policy, weights: Weights = PRIORS) -> Verification:
    """The verdict on a draft, with the vendor master as a witness."""
    return verify(witnessed(draft, vendors), policy, weights)


def witnessed(draft: DraftOrder, vendors: VendorBook) -> DraftOrder:
    """The draft with the vendor master as a witness, where it knows a supplier of whom the paper gives only a number."""
    supplier = draft.order.supplier
    if not supplier.name and vendors.match(supplier).vendor_id:
        known = (*draft.witnesses.get("/supplier", ()), Witness.VENDOR_MASTER)
        draft = draft.model_copy(update={"witnesses": draft.witnesses | {"/supplier": known}})
    return draft


def certain(draft: DraftOrder, reading: Reading, corrected: bool) -> bool:
    """Whether the reading needs nobody and no certificate: it is clear, and structured or as a person corrected it."""
    structured = draft.lane is Lane.STRUCTURED and not agent_read(draft)
    return reading.verdict is Verdict.CLEAR and (structured or corrected)
