"""A cell as a figure: a number, perhaps with a currency, or a quantity with what it is counted in."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from signoff.tools.orders.layout_cells import amount
from signoff.tools.orders.values import Mark, quantity

MARKS: tuple[Mark, Mark] = (".", ",")
_MEASURED = re.compile(r"([-+]?\d[\d.,'’ ]*?)\s*(?:[x×]\s+)?\(?([^\W\d_][^\d]{0,20}?(?:\b(?:of|à|a|de|da|von|zu)\s\d{1,5})?)\)?")
_SIZED = re.compile(r"[x×]\d.*", re.IGNORECASE)


@lru_cache(16_384)
def figure(text: str, role: str = "line_amount") -> bool:
    """Whether a cell of a figure's column holds one: a number, perhaps with a currency, a quantity perhaps with a unit."""
    bare = text.partition("/")[0].strip()
    if not bare or len(bare) > 60 or re.fullmatch(r"0\d+", bare):
        return False
    return any(amount(bare, m) is not None or (role == "quantity" and measured(bare, m) is not None) for m in MARKS)


def measured(text: str, mark: Mark | None) -> tuple[Decimal, str | None] | None:
    """A quantity with what it is counted in: `12 Stk`, `5,00 Unité(s)`, `4 (M)`, `75 x case of 12`; a size such as `10x20` is none."""
    plain = quantity(text, mark)
    if plain is not None:
        return None if plain[1] and _SIZED.fullmatch(plain[1]) else plain
    match = _MEASURED.fullmatch(text.strip())
    value = quantity(match[1], mark) if match and len(match[2].split()) <= 3 else None
    return (value[0], match[2] + ")" * (match[2].count("(") - match[2].count(")"))) if match and value else None
