"""The header fields of a laid-out order: of all that was found for each, the best labelled value, and what else says the same.

Two values labelled equally well are none, and leave a notice; a value that can be read in two ways leaves one too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from signoff.domain.findings import Severity
from signoff.domain.reading import Evidence, Region, Witness
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.labels import fold
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_header import Found
from signoff.tools.orders.layout_signs import sign
from signoff.tools.orders.layout_table import Table
from signoff.tools.orders.layout_values import CODES
from signoff.tools.orders.values import currency

APART = frozenset({"supplier", "buyer", "ship_to", "invoice_to", "requester", "currency"})
"""Fields that are put by rules of their own."""
IDENTITY = frozenset({"/order_number", "/issue_date"})
RIVALS = 0.35
"""How much weaker a label may be and its other value still be a rival."""
MOST_NOTES = 20
_CONTRACT = re.compile(
    r"\b(?:(?:blanket|outline|framework|frame|master)(?: purchase)? (?:agreement|order|contract)|contract|rahmenvertrags?|kontrakt"
    r"|contrat(?:[- ]cadre)?|accord[- ]cadre|contrato(?: marco)?|contratto(?: quadro)?|raamcontract|raamovereenkomst|rammeaftale"
    r"|rammeavtale|ramavtal)\b\W{0,3}(?:n(?:o|r|um|umber|ummer|°)?\b[.:]*\s*)?(?P<code>[\w/.-]*\d{3,}[\w/.-]*\w)",
    re.IGNORECASE,
)


def put_fields(draft: Draft, values: Sequence[Found]) -> None:
    """The best labelled value of each field of the header; equally good ones that differ are none."""
    for pointer in dict.fromkeys(v.pointer for v in values):
        own = [v for v in values if v.pointer == pointer]
        if pointer == "/notes":
            for value in own[:MOST_NOTES]:
                draft.put("/notes/0", str(value.value), value.cell.evidence(Region.NOTE))
        elif pointer.split("/")[1] not in APART:
            _put(draft, pointer, sorted(own, key=lambda v: -v.strength))


def _put(draft: Draft, pointer: str, ranked: list[Found]) -> None:
    best = ranked[0]
    equal = [v for v in ranked if v.strength >= best.strength - RIVALS and (v.label is not None or best.label is None)]
    rivals = [v for v in equal if not same(v.value, best.value)]
    if rivals and pointer in IDENTITY:
        shown = " and ".join(sorted({str(best.value), *(str(v.value) for v in rivals)}))
        name = pointer[1:].replace("_", " ")
        draft.notice("readings_disagree", pointer, f"The document gives {shown} as its {name}; choose one by hand.", **_at(rivals[0].cell))
        return
    if pointer in CODES:  # in its fullest form, with its prefix and its revision
        best = max(equal, key=lambda v: len(str(v.value)))
    draft.put(pointer, best.value, labelled(best))
    if any(same(v.value, best.value) and not _overlaps(v.cell, best.cell) for v in ranked):
        draft.witness(pointer, Witness.REPEATED)


def same(a: object, b: object) -> bool:
    """Whether two values are one: the same, or a number with and without what stands before or behind it (`PO-4711`, `4711`, `4711-0`)."""
    if a == b or not (isinstance(a, str) and isinstance(b, str)):
        return a == b
    short, long = sorted(("".join(c for c in fold(t) if c.isalnum()) for t in (a, b)), key=len)
    return len(short) > 2 and (long.endswith(short) or long.startswith(short))


def labelled(value: Found) -> Evidence:
    """The evidence of a value with the label that names it."""
    return value.cell.evidence(value.region, value.label.text.strip(": ") if value.label is not None else None)


def _overlaps(a: Cell, b: Cell) -> bool:
    return a.page == b.page and abs(a.top - b.top) < 2 and a.left < b.right and b.left < a.right


def _at(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text[:200], "page": cell.page, "box": (cell.left, cell.top, cell.right, cell.bottom)}


def put_doubts(draft: Draft, values: Sequence[Found]) -> None:
    """A notice for each labelled value that can mean two things, where nothing else gave the field."""
    for pointer in dict.fromkeys(v.pointer for v in values):
        parent, _, name = pointer[1:].rpartition("/")
        if name not in (draft.tree.get(parent, {}) if parent else draft.tree):
            cell = next(v.cell for v in values if v.pointer == pointer)
            message = f"{cell.text[:60]!r} can be read in two ways as {name.replace('_', ' ')}; enter it by hand."
            draft.notice("field_missing", pointer, message, **_at(cell))


def put_contract(draft: Draft, lines: Sequence[Line]) -> None:
    """The contract that the text names in passing, where no label does and it names no other."""
    if "contract_reference" in draft.tree:
        return
    named = [(m["code"], c) for line in lines for c in line.cells if len(c.text) < 200 and (m := _CONTRACT.search(c.text))]
    if len({value for value, _ in named}) == 1:
        draft.put("/contract_reference", named[0][0], named[0][1].evidence(Region.NOTE))


def put_currency(draft: Draft, lines: Sequence[Line], values: Sequence[Found], table: Table | None) -> None:
    """The currency where a label or the headings name it, else the only one that stands at any figure, else the only one there is."""
    stated = max((v for v in values if v.pointer == "/currency"), key=lambda v: v.strength, default=None)
    if stated is not None:
        return draft.put("/currency", stated.value, labelled(stated))
    cells = [c for line in lines for c in line.cells if len(c.text) < 40]
    headings = [column.heading for column in table.columns] if table else []
    figures = [c for c in cells if re.search(r"\d[.,]\d", c.text)]
    named = [(value, c) for c in [*headings, *figures] if (value := currency(c.text))]
    if len({value for value, _ in named}) == 1:
        return draft.put("/currency", named[0][0], named[0][1].evidence(Region.TOTALS))
    alone = [] if named else [(value, c) for c in cells if (value := currency(c.text))]
    if len({value for value, _ in alone}) == 1:
        return draft.put("/currency", alone[0][0], alone[0][1].evidence(Region.HEADER))
    printed = None if named or alone else sign(lines)
    if printed is not None:
        symbol, meant, cell = printed
        if meant is None:
            draft.notice("field_missing", "/currency", f"Only {symbol} is printed, which several currencies share.", **_at(cell))
        else:
            draft.put("/currency", meant, cell.evidence(Region.TOTALS))
            message = f"Only {symbol} is printed, no currency; the addresses imply {meant}."
            draft.notice("field_missing", "/currency", message, severity=Severity.WARNING, **_at(cell))
    return None
