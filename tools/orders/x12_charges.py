"""Allowances, charges and taxes of X12 orders: SAC, G72 and TXI."""

from __future__ import annotations

from signoff.tools.documents.edi import Segment
from signoff.tools.orders import x12_codes as codes
from signoff.tools.orders.segments import SegmentDraft


def summed(draft: SegmentDraft, pointer: str, taxes: list[Segment]) -> None:
    """Several TXI of the header (state, county ...) add up to the order's tax."""
    printed = [t for t in taxes if t.get(2)]
    if len(printed) == 1:
        draft.amount(pointer, printed[0], 2)
    elif printed and not draft.has(pointer):
        kinds = ", ".join(t.where(2) for t in printed)
        draft.notice("field_missing", pointer, f"The order prints {len(printed)} taxes ({kinds}) and no tax total.")


def allowance(draft: SegmentDraft, at: str, segment: Segment) -> int:
    """SAC: 01 allowance or charge, 02 code, 05 amount with two implied decimals, 07 percent, 15 words. 1 when it was put."""
    if segment.get(1) not in ("A", "C"):
        return 0
    draft.say(f"{at}/charge", segment.get(1) == "C", segment, 1)
    draft.amount(f"{at}/amount", segment, 5, implied=2)
    reason = segment.get(15) or codes.CHARGES.get(segment.get(2), segment.get(2))
    percent = f" {segment.get(7)} %" if segment.get(7) and not segment.get(5) else ""
    element = 15 if segment.get(15) else 2
    draft.text(f"{at}/reason", reason + percent, where=segment.where(element))
    return 1


def grocery_allowance(segment: Segment) -> str:
    """G72: 01 code, 02 handling, 05 rate, 08 amount with two implied decimals, 09 percent; its sign hangs on lists of the trade."""
    said = [f"{name} {segment.get(e)}" for name, e in (("code", 1), ("rate", 5), ("amount in cents", 8), ("percent", 9)) if segment.get(e)]
    return f"Allowance or charge (G72): {', '.join(said)}"
