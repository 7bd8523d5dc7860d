"""The verdict on what was read, as the process asks for it: with the vendor master as a witness."""

from __future__ import annotations

from signoff.domain.checks.verify import Verification, verify
from signoff.domain.reading import Witness
from signoff.graph.desk import Desk


def verification_of(desk: Desk) -> Verification:
    """The verdict on the draft; the vendor master is a witness where it knows a supplier of whom the paper gives only a number."""
    draft = desk.drafted()
    supplier = draft.order.supplier
    if not supplier.name and desk.services.vendors.match(supplier).vendor_id:
        known = (*draft.witnesses.get("/supplier", ()), Witness.VENDOR_MASTER)
        draft = draft.model_copy(update={"witnesses": draft.witnesses | {"/supplier": known}})
    return verify(draft, desk.services.policy)
