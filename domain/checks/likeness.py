"""How much two orders are the same: the share of both orders' value that stands in lines with the same item and quantity.

A cent more on a price, another number or one line more leave two orders alike; another quantity of the one item does not, for so
look two ordinary orders of the same goods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from signoff.domain.checks.content import loose, words
from signoff.domain.checks.figures import HUNDRED, NOTHING, plain
from signoff.domain.checks.units import canonical
from signoff.domain.facts import PastLine


def line_key(line: PastLine) -> str | None:
    """What lines that are the same have in common: item, quantity and unit; `None` for a line that names nothing."""
    item = next((loose(i) for i in line.item_ids), "") or words(line.description or "")
    quantity = "?" if line.quantity is None else plain(line.quantity)
    return f"{item} {quantity} {canonical(line.unit or '')}" if item else None


def likeness(one: Sequence[PastLine], other: Sequence[PastLine]) -> Decimal:
    """0 to 100: twice the value they share over the value of both. Lines count alike where some have no amount. Linear in both."""
    valued = all(line.amount is not None and line.amount > 0 for line in (*one, *other))
    mine, theirs = _weights(one, valued), _weights(other, valued)
    shared = NOTHING
    for key, weights in mine.items():
        shared += sum(map(min, weights, theirs.get(key, ())), NOTHING)
    both = _total(one, valued) + _total(other, valued)
    return (2 * HUNDRED * shared / both).quantize(Decimal("0.01")) if both else NOTHING


def telling(lines: Sequence[PastLine], least: Decimal) -> list[str]:
    """Keys of which any order that is at least so much alike has one: those of the most valuable lines.

    With S the value of this order, one that is alike to L percent shares at least S * L / (200 - L).
    """
    valued = all(line.amount is not None and line.amount > 0 for line in lines)
    ranked = sorted(lines, key=lambda line: -_weight(line, valued))
    unshared = _total(lines, valued) * (1 - least / (2 * HUNDRED - least))
    keys: dict[str, None] = {}
    seen = NOTHING
    for line in ranked:
        key = line_key(line)
        if key is not None:
            keys[key] = None
        seen += _weight(line, valued)
        if seen > unshared:
            break
    return list(keys)


def _weight(line: PastLine, valued: bool) -> Decimal:
    return line.amount if valued and line.amount is not None else Decimal(1)


def _total(lines: Sequence[PastLine], valued: bool) -> Decimal:
    return sum((_weight(line, valued) for line in lines), NOTHING)


def _weights(lines: Sequence[PastLine], valued: bool) -> dict[str, list[Decimal]]:
    """The weights of the lines under each key, heaviest first."""
    table: dict[str, list[Decimal]] = defaultdict(list)
    for line in lines:
        key = line_key(line)
        if key is not None:
            table[key].append(_weight(line, valued))
    return {key: sorted(weights, reverse=True) for key, weights in table.items()}
