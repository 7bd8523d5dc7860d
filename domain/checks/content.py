"""What an order is about, apart from its number and date: normalised words and ids, and a digest of the lines.

Ids are compared twice: `tight` forgives case, width and spaces; `loose` also punctuation and leading zeros, as ERPs pad
numbers and suppliers print `AB-12/3` as `AB123`. Whoever uses `loose` makes sure that it names one thing only.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from signoff.domain.checks.figures import per_one, plain
from signoff.domain.checks.units import canonical
from signoff.domain.order import Order, OrderLine

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16384)
def tight(text: str) -> str:
    """An id without regard to case, full-width forms and spaces: `ab 12` and `AB12` are the same."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=16384)
def loose(text: str) -> str:
    """An id by its letters and digits alone, without leading zeros: `0012-7` and `127` are the same; may be empty."""
    kept = "".join(_WORD.findall(tight(text)))
    return kept.lstrip("0") or kept


@lru_cache(maxsize=16384)
def words(text: str) -> str:
    """A description by its words: case, punctuation and spacing do not count."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def digest(order: Order) -> str:
    """32 hex digits of SHA-256 over currency and lines: equal digests mean the same content under whatever number and date.

    The order of the lines, the way numbers are written and synonyms of units do not count.
    """
    content = [(order.currency or "").upper(), *sorted(_line(line) for line in order.lines)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _line(line: OrderLine) -> str:
    item = sorted(tight(i) for i in line.item_ids) or [words(line.description or "")]
    price = per_one(line)
    parts = [*item, "|", _number(line.quantity), canonical(line.unit or ""), _number(price)]
    return json.dumps(parts, ensure_ascii=False)


def _number(value: Decimal | None) -> str:
    return "?" if value is None else plain(value)
