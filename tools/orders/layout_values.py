"""A cell as a value of the field that its label names: a day, an amount, a code, a currency, a name, or text; else nothing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from signoff.tools.orders.labels import column_role, fold, header_field
from signoff.tools.orders.layout_cells import Cell, amount
from signoff.tools.orders.layout_kind import paper
from signoff.tools.orders.layout_sums import TOTALS
from signoff.tools.orders.prose_words import FAREWELL
from signoff.tools.orders.values import DateOrder, Mark, currency, date

DATES = frozenset({"/issue_date", "/requested_delivery_date", "/valid_to"})
CODES = frozenset(
    [
        "/order_number",
        "/order_reference",
        "/contract_reference",
        "/quotation_reference",
        "/customer_reference",
        "/supplier/id",
        "/buyer/id",
        "/ship_to/id",
        "/cost_center",
        "/supplier/tax_id",
        "/buyer/tax_id",
        "/supplier/bank_account",
    ]
)
NAMES = frozenset({"/supplier/name", "/buyer/name", "/ship_to/name", "/invoice_to/name"})
NO_NAMES = frozenset(
    {
        "ship from",
        "remit to",
        "address",
        "information",
        "page",
        "attn",
        "attention",
        "name",
        "contact",
        "phone",
        "fax",
        "email",
        "e mail",
        "signature",
        "date",
    }
)


@dataclass(frozen=True, slots=True)
class Style:
    """How this document writes numbers and dates, as far as it can be told."""

    mark: Mark | None
    order: DateOrder | None


def convert(pointer: str, cell: Cell, style: Style) -> str | Decimal | dt.date | None:
    """The cell as a value of the field's kind, or nothing."""
    text = cell.text.strip(" :")
    if pointer in DATES:
        return _day(cell, style)
    if pointer in TOTALS:
        return amount(text, style.mark)
    if pointer in CODES:
        return code(text)
    if pointer == "/currency":
        return currency(text)
    if pointer in NAMES:
        return name(text)
    label = header_field(text) is not None or column_role(text) in ("unit_price", "quantity", "line_amount", "description")
    return text if 1 < len(text) <= 200 and any(c.isalnum() for c in text) and not label else None


def _day(cell: Cell, style: Style) -> dt.date | None:
    """The date a cell begins with, else the only one in it."""
    words = [w.text.strip(",;") for w in cell.words[:8]]
    spans = [(i, j) for i in range(len(words)) for j in range(min(len(words), i + 5), i, -1)]
    days = [d for i, j in spans if (d := date(" ".join(words[i:j]), style.order))]
    first = next((d for i, j in spans if i == 0 and (d := date(" ".join(words[:j]), style.order))), None)
    return first or (days[0] if len(set(days)) == 1 else None)


_NO_CODE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|[$€£]?\d{1,3}(?:[.,]?\d{3})*[.,]\d{1,3}|[^\W\d_]+/[\d()+ -]{6,}"
    r"|\(?\d{3}\)?[-.]\d{3}[-.]\d{4}|\d{1,3}%"
)
"""Dates, amounts, telephone numbers and rates: they hold digits and name nothing."""


def code(text: str) -> str | None:
    """A reference with a digit in it: one word, or a short prefix and one (`AB 0098761`)."""
    words = text.lstrip("#:№ ").split()
    if len(words) > 1 and fold(words[0]) == "no":
        words = words[1:]
    if 1 < len(words) <= 4 and all(w.isdigit() for w in words):
        return " ".join(words)
    if not words or len(words) > 8 or words[0].lower() == "box":
        return None
    if len(words) > 1 and words[0].isalpha() and len(words[0]) <= 4 and words[0].isupper() and any(c.isdigit() for c in words[1]):
        return f"{words[0]} {words[1]}"[:40]
    first = words[0].strip(",;")
    return first if any(c.isdigit() for c in first) and len(first) <= 40 and not _NO_CODE.fullmatch(first) else None


def name(text: str) -> str | None:
    """The name of a party: letters, no label, no title, no sentence; without the address that follows it on the same line."""
    text = _without_address(text)
    letters = sum(c.isalpha() for c in text)
    if (
        letters < 2
        or letters < 0.4 * len(text.replace(" ", ""))
        or len(text) > 90
        or header_field(text)
        or paper(text)
        or fold(text) in NO_NAMES
        or FAREWELL.match(text)
        or _ENDING.fullmatch(text)
    ):
        return None
    return text if "@" not in text and not date(text, None) else None


_ENDING = re.compile(r"[^\W\d_A-ZÄÖÜÉÈÀÅØÆ]+[.!]")
"""The last word of a sentence, on a line of its own."""
_PART = re.compile(r"\s*[,;]\s+|\s+[·|•]\s+")


def _without_address(text: str) -> str:
    """`Acme, Inc., 4 Mill Lane, Leeds` -> `Acme, Inc.`: the parts before the first behind the name that holds a digit."""
    cuts = [(m.start(), m.end()) for m in _PART.finditer(text)]
    stops = [start for start, _ in cuts[1:]] + [len(text)]
    ends = [start for (start, end), stop in zip(cuts, stops, strict=False) if any(c.isdigit() for c in text[end:stop])]
    return text[: ends[0]] if ends else text
