"""People who know the truth: they correct a reading to what the paper says, accept what should be, and reject the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from signoff.evals.agreement import Outcome, compare, order_of_record, order_of_truth, words
from signoff.graph.decisions import Decision

Row = Mapping[str, Any]
HEADER = {
    "number": "/order_number", "date": "/issue_date", "currency": "/currency", "buyer": "/buyer/name", "supplier": "/supplier/name",
    "total": "/payable_amount", "contract_ref": "/contract_reference", "delivery_date": "/requested_delivery_date",
}  # fmt: skip
CELLS = {"part": "supplier_item_id", "description": "description", "qty": "quantity", "unit_price": "unit_price", "amount": "line_amount"}
MOST = 60
"""Corrections of one reading beyond which somebody would rather type the order in."""


def answer(record: Row, entry: Row | None, kind: str, tried: bool) -> tuple[str, dict[str, str], str]:
    """What is decided of a case, with its corrections and why. `tried`: the reading was corrected once already.

    A reading is confirmed though the order is to be refused: that is for those to say who are asked about it.
    """
    wanted = entry is not None and (entry.get("end") or {}).get("posted")
    if entry is None or (not wanted and (kind != "review" or entry.get("outcome") == "review")):
        return "reject", {}, "It is not to be ordered."
    edits = {} if kind != "review" or tried else dict(corrections(record, entry))
    if len(edits) > MOST or (kind == "review" and not tried and _more_lines(record, entry)):
        return "reject", {}, "It is typed in by hand."
    return ("edit" if edits else "approve"), edits, "Compared with the paper."


def decision(person: str, task: int, said: tuple[str, dict[str, str], str]) -> Decision:
    """The answer as the process takes it."""
    word, edits, note = said
    return Decision.model_validate({"person": person, "decision": word, "edits": edits, "note": note, "task": task})


def corrections(record: Row, entry: Row) -> Iterator[tuple[str, str]]:
    """What a careful reader would change: every field that is not as the paper has it, lines in the order of the paper."""
    read, there = order_of_record(record), order_of_truth(entry)
    header = compare(read, there).header
    for key, pointer in HEADER.items():
        other = key in ("buyer", "supplier") and read[key] and there[key] and words(read[key]) != words(there[key])
        if other or header[key] in (Outcome.WRONG, Outcome.MISSED, Outcome.SPURIOUS):
            yield pointer, str(there[key] or "")
    for n, line in enumerate(there["lines"]):
        own = read["lines"][n] if n < len(read["lines"]) else {}
        for key, cell in CELLS.items():
            yield from _cell(f"/lines/{n}/{cell}", key, own.get(key), line[key])


def _cell(pointer: str, key: str, read: Any, there: Any) -> Iterator[tuple[str, str]]:
    from signoff.evals.agreement import LINE, outcome

    if there and outcome(key, LINE[key], read, there) is not Outcome.CORRECT:
        yield pointer, str(there[0] if isinstance(there, list) else there)


def _more_lines(record: Row, entry: Row) -> bool:
    """Whether lines were read that the paper does not have; a correction cannot take a line away."""
    return len((record.get("order") or {}).get("lines") or ()) > len(entry.get("lines") or ())
