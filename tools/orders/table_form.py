"""The fields around a table: a label, and right of it, below it or in the same cell the value that it labels.

A value is taken only when it is of the label's kind: a day for a date, a code with a digit for an order number, and never
another label.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from signoff.tools.orders.cells import Grid, Place
from signoff.tools.orders.column_roles import SUMS
from signoff.tools.orders.labels import charge_label, fold, header_field, is_label, split_label, title_kind
from signoff.tools.orders.values import currency, date

DATES = ("/issue_date", "/requested_delivery_date", "/valid_to")
PARTIES = ("supplier", "buyer", "ship_to", "invoice_to")
_GAP = 6
# Labels that only the heading of their block makes clear: Vendor / Name: / No.:
_WITHIN = (
    dict.fromkeys(("name", "company", "company name", "firma", "nom", "nombre", "nome", "naam"), "name")
    | dict.fromkeys(("id", "code", "no", "gln"), "id")
    | dict.fromkeys(("vat no", "vat id", "tax id", "ust id", "ust idnr"), "tax_id")
    | dict.fromkeys(("email", "e mail", "mail"), "email")
)


@dataclass(frozen=True, slots=True)
class FormField:
    """A labelled value: `pointer` (or `charge` / `allowance`), the value's text and place, and the label."""

    pointer: str
    text: str
    place: Place
    label: str


def form_fields(grid: Grid, taken: Container[int]) -> Iterator[FormField]:
    """Every labelled value outside the rows that are taken, from top to bottom."""
    for row in range(grid.height):
        if row not in taken:
            for column in grid.filled(row):
                found = _field(grid, (row, column), taken)
                if found:
                    yield found


def _field(grid: Grid, place: Place, taken: Container[int]) -> FormField | None:
    text = grid.text(place)
    inline = split_label(text) or _numbered(text)
    pointer = _pointer(grid, place, inline[0] if inline else text)
    if pointer is None:
        return None
    if inline:
        value = inline[1] if pointer.endswith("/name") else inline[1].split("\n")[0]
        return FormField(pointer, value, place, inline[0]) if fits(grid, pointer, value) else None
    for candidate in _around(grid, place, pointer, taken):
        value = grid.text(candidate)
        if not _labels(grid, candidate) and fits(grid, pointer, value):
            return FormField(pointer, value, candidate, text)
    return None


def _numbered(text: str) -> tuple[str, str] | None:
    """`Bestellung Nr. 45-0078` -> ("Bestellung Nr.", "45-0078"): a label for a code, and a code with a digit, without a colon."""
    match = re.fullmatch(r"([^\W\d][^\d:\n]{1,40}?)[\s#]+(\S*\d\S*)", text.strip())
    fitting = match and header_field(match[1]) in ("/order_number", "/contract_reference", "/quotation_reference")
    return (match[1], match[2]) if match and fitting else None


def _pointer(grid: Grid, place: Place, label: str) -> str | None:
    part = _WITHIN.get(fold(label))
    if part:
        party = _block(grid, place)
        if party:
            return f"/{party}/{part}"
    charge = charge_label(label)
    if charge is not None:
        return "charge" if charge else "allowance"
    return header_field(label)


def _block(grid: Grid, place: Place) -> str | None:
    """The party whose heading stands above in the same column, or one to the left, with no empty cell between."""
    row, column = place
    for above in range(row - 1, max(row - 10, -1), -1):
        if not grid.filled(above):
            return None
        for c in (column, column - 1):
            pointer = header_field(grid.text((above, c)))
            if pointer and pointer.endswith("/name"):
                return pointer.split("/")[1]
    return None


def _around(grid: Grid, place: Place, pointer: str, taken: Container[int]) -> Iterator[Place]:
    """Where a label's value may stand: the next filled cell to the right, then the cell below."""
    row, column = place
    right = [c for c in grid.filled(row) if column < c <= column + _GAP]
    if pointer in SUMS or pointer in ("charge", "allowance"):
        numeric = [c for c in grid.filled(row) if c > column and grid.number((row, c)) is not None]
        yield from ((row, c) for c in numeric[-1:])
    elif right:
        yield row, right[0]
    if row + 1 not in taken and (not right or _labels(grid, (row, right[0])) or pointer.endswith("/name")):
        yield row + 1, column
        if pointer.endswith("/name") and not grid.text((row + 1, column)):
            yield row + 1, column + 1  # the block is indented under its heading


def _labels(grid: Grid, place: Place) -> bool:
    text = grid.text(place)
    return grid.wordy(place) and (is_label(text) or split_label(text) is not None)


def fits(grid: Grid, pointer: str, text: str) -> bool:
    """Whether a text can be a value of the field: of its kind and of a sane length."""
    folded = " ".join(text.split())
    if not folded or not any(c.isalnum() for c in folded):
        return False
    if pointer in DATES:
        return date(folded, grid.habits.order) is not None or ambiguous_date(folded)
    if pointer in SUMS or pointer in ("charge", "allowance"):
        return True
    if pointer == "/currency":
        return currency(folded) is not None
    if pointer in ("/order_number", "/order_reference"):
        return _code(folded) and date(folded, "dmy") is None and title_kind(folded.split()[0]) != "invoice"
    if pointer.endswith(("/id", "/tax_id", "/bank_account")):
        return len(folded) <= 40 and any(c.isdigit() for c in folded)
    if pointer.endswith("/name") or pointer == "/requester":
        return any(c.isalpha() for c in folded) and len(folded) <= 300 and date(folded, "dmy") is None
    return len(folded) <= (1000 if pointer == "/notes" else 200)


def _code(text: str) -> bool:
    return len(text) <= 40 and len(text.split()) <= 4 and any(c.isdigit() for c in text)


def ambiguous_date(text: str) -> bool:
    """A date in digits that could be two days: `05/06/2026` where nothing says which number is the month."""
    return date(text, None) is None and bool(re.fullmatch(r"\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d\d)", text.strip()))
