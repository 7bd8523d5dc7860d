"""How an order that was read agrees with the order as it is: each field one of five outcomes, lines paired so that the most fields agree.

Numbers compare as exact decimals, dates as ISO 8601, codes without punctuation, names loosely: where one holds the other, or three of
four letters agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """`correct` and `wrong` where both say something, `missed` and `spurious` where one does, `absent` where none does."""

    CORRECT = "correct"
    WRONG = "wrong"
    MISSED = "missed"
    SPURIOUS = "spurious"
    ABSENT = "absent"


Same = Callable[[Any, Any], bool]
Row = Mapping[str, Any]
RIGHT = (Outcome.CORRECT, Outcome.ABSENT)
ALIKE = 0.75
"""How much of the letters of two names agree that are the same name."""


def number(value: object) -> Decimal | str:
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        return str(value)


def code(value: object) -> str:
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", str(value)).upper())


def words(value: object) -> str:
    plain = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^0-9a-z]+", " ", plain).strip()


def same_number(one: object, other: object) -> bool:
    return number(one) == number(other)


def same_code(one: object, other: object) -> bool:
    return code(one) == code(other)


def same_day(one: object, other: object) -> bool:
    return str(one)[:10] == str(other)[:10]


def same_words(one: object, other: object) -> bool:
    a, b = words(one), words(other)
    if a == b or (min(len(a), len(b)) > 3 and (a in b or b in a)):
        return True
    return SequenceMatcher(None, a, b).ratio() >= ALIKE


def any_code(one: Sequence[object], other: Sequence[object]) -> bool:
    return bool({code(x) for x in one} & {code(x) for x in other})


HEADER: dict[str, Same] = {
    "number": same_code, "date": same_day, "currency": same_code, "buyer": same_words, "supplier": same_words, "total": same_number,
    "contract_ref": same_code, "delivery_date": same_day,
}  # fmt: skip
LINE: dict[str, Same] = {
    "part": any_code, "description": same_words, "qty": same_number, "unit_price": same_number, "amount": same_number,
}  # fmt: skip
CRITICAL_HEADER = ("number", "supplier", "total")
CRITICAL_LINE = ("qty", "unit_price", "amount")
INFERABLE = frozenset({"currency", "buyer", "contract_ref", "delivery_date", "description", "part", "amount"})
"""Fields that can be known where the paper does not say them; they are not counted as spurious."""
NOTHING: Row = dict.fromkeys(LINE)


@dataclass(frozen=True)
class Compared:
    """One order: the outcomes of its header and of each line; `places` are the indexes of these lines as they were read.

    Lines that were read and are not there come behind those that belong together, then those that are there and were not read.
    """

    header: Mapping[str, Outcome]
    lines: tuple[Mapping[str, Outcome], ...]
    places: tuple[int | None, ...]
    exact: int
    read: int
    there: int

    @property
    def wrong(self) -> tuple[str, ...]:
        """The critical fields that are not right: names of the header, and `lines`."""
        fields = tuple(k for k in CRITICAL_HEADER if self.header[k] not in RIGHT)
        return (*fields, "lines") if any(outcome[k] not in RIGHT for outcome in self.lines for k in CRITICAL_LINE) else fields

    @property
    def line_f1(self) -> float:
        """Of lines whose critical fields are all right; an order without lines on either side is right."""
        return 2 * self.exact / (self.read + self.there) if self.read + self.there else 1.0


def outcome(key: str, same: Same, read: object, there: object) -> Outcome:
    """Empty values say nothing."""
    read, there = read or None, there or None
    if there is None:
        return Outcome.ABSENT if read is None or key in INFERABLE else Outcome.SPURIOUS
    if read is None:
        return Outcome.MISSED
    return Outcome.CORRECT if same(read, there) else Outcome.WRONG


def compare(read: Row, there: Row) -> Compared:
    """Both as `order_of_record` and `order_of_truth` give them."""
    header = {k: outcome(k, same, read.get(k), there.get(k)) for k, same in HEADER.items()}
    mine, theirs = read["lines"], there["lines"]
    pairs = paired(mine, theirs)
    left, right = {i for i, _ in pairs}, {j for _, j in pairs}
    rows = [(mine[i], theirs[j]) for i, j in pairs]
    rows += [(line, NOTHING) for i, line in enumerate(mine) if i not in left]
    rows += [(NOTHING, line) for j, line in enumerate(theirs) if j not in right]
    lines = tuple({k: outcome(k, same, a[k], b[k]) for k, same in LINE.items()} for a, b in rows)
    besides = [i for i in range(len(mine)) if i not in left]
    places = (*(i for i, _ in pairs), *besides, *(None for j in range(len(theirs)) if j not in right))
    exact = sum(all(found[k] in RIGHT for k in CRITICAL_LINE) for found in lines[: len(pairs)])
    return Compared(header, lines, places, exact, len(mine), len(theirs))


def paired(read: Sequence[Row], there: Sequence[Row]) -> list[tuple[int, int]]:
    """The pairs of lines in which the most fields agree, those nearest in their order among equals; no pair agrees in nothing."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not read or not there:
        return []
    agree = np.array([[sum(outcome(k, same, a[k], b[k]) is Outcome.CORRECT for k, same in LINE.items()) for b in there] for a in read])
    apart = np.abs(np.arange(len(read))[:, None] - np.arange(len(there))[None, :]) / (len(read) + len(there))
    rows, columns = linear_sum_assignment(agree - apart / (len(read) + len(there)), maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if agree[i, j] > 0]


def name(party: object) -> object:
    """A party's name, its id where it has none."""
    return (party.get("name") or party.get("id")) if isinstance(party, Mapping) else party


def order_of_truth(entry: Row) -> dict[str, Any]:
    """An entry of a truth file as it is compared."""
    totals = entry.get("totals") or {}
    return {
        "number": entry.get("number"), "date": entry.get("date"), "currency": entry.get("currency"), "buyer": name(entry.get("buyer")),
        "supplier": name(entry.get("supplier")), "total": entry.get("total") or totals.get("payable"),
        "contract_ref": entry.get("contract_ref"), "delivery_date": entry.get("delivery_date"),
        "lines": [_line_of_truth(line) for line in entry.get("lines") or ()],
    }  # fmt: skip


PARTS = ("part", "buyer_part", "supplier_part", "standard_id", "other_id", "mfr_part")


def _line_of_truth(line: Row) -> dict[str, Any]:
    return {
        "part": [line[k] for k in PARTS if line.get(k)] or None, "description": line.get("description") or line.get("name"),
        "qty": line.get("qty"), "unit_price": line.get("unit_price"), "amount": line.get("amount"),
    }  # fmt: skip


def order_of_record(record: Row) -> dict[str, Any]:
    """The order of a case's record (docs/record.md) as it is compared."""
    order = record.get("order") or {}
    return {
        "number": order.get("order_number"), "date": order.get("issue_date"), "currency": order.get("currency"),
        "buyer": name(order.get("buyer")), "supplier": name(order.get("supplier")), "total": order.get("payable_amount"),
        "contract_ref": order.get("contract_reference"), "delivery_date": order.get("requested_delivery_date"),
        "lines": [_line_of_record(line) for line in order.get("lines") or ()],
    }  # fmt: skip


ITEMS = ("buyer_item_id", "supplier_item_id", "standard_item_id")


def _line_of_record(line: Row) -> dict[str, Any]:
    return {
        "part": [line[k] for k in ITEMS if line.get(k)] or None, "description": line.get("description"), "qty": line.get("quantity"),
        "unit_price": line.get("unit_price"), "amount": line.get("line_amount"),
    }  # fmt: skip
