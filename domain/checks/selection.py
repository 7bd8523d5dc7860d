"""Which contract an order falls under, and which of its price lines an order line means.

Ids are matched exactly once normalised, never by likeness: likeness may rank, it never approves.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from signoff.domain.checks.content import loose, tight, words
from signoff.domain.checks.units import canonical
from signoff.domain.contract import Contract, PriceLine
from signoff.domain.order import Order, OrderLine
from signoff.domain.vendor import Vendor

KINDS = ("buyer_item_id", "supplier_item_id", "standard_item_id")
_FIRST, _LAST = dt.date.min, dt.date.max


def select(order: Order, vendor: Vendor | None, contracts: Iterable[Contract], today: dt.date | None = None) -> Contract | None:
    """The contract the order names, else the one in force that knows most of its items, else one that is not in force.

    The day is the order's issue date, `today` when it has none. `None` when the vendor has no contract or is not known.
    """
    own = [c for c in contracts if vendor and c.vendor_id == vendor.vendor_id]
    stated = named(order, own)
    if stated or not own:
        return stated
    day = order.issue_date or today
    currency = (order.currency or "").upper()
    fits = [c for c in own if (day is None or c.covers(day)) and currency in ("", c.currency.upper())]
    if len(fits) == 1:
        return fits[0]
    if fits:
        return max(fits, key=lambda c: (_known(c, order), c.starts, c.contract_id))
    return max(own, key=lambda c: (_known(c, order), c.currency.upper() == currency, day is None or c.covers(day), c.starts, c.contract_id))


def named(order: Order, contracts: Iterable[Contract]) -> Contract | None:
    """The contract that the order names, in its header or on most of its lines; `None` when it names none of these."""
    references = [r for r in (order.contract_reference,) if r] or [
        line.contract_reference for line in order.lines if line.contract_reference
    ]
    found = [c for c in (by_reference(r, contracts) for r in references) if c]
    return max(found, key=lambda c: sum(c is other for other in found), default=None)


def by_reference(reference: str | None, contracts: Iterable[Contract]) -> Contract | None:
    """The contract with this id or title, without regard to case, spaces and punctuation; `None` unless exactly one has it."""
    key = loose(reference) if reference else ""
    hits = [c for c in contracts if key and key in (loose(c.contract_id), loose(c.title or ""))]
    return hits[0] if len(hits) == 1 else next((c for c in hits if tight(c.contract_id) == tight(reference or "")), None)


def price_line(contract: Contract, line: OrderLine, on_date: dt.date | None) -> PriceLine | None:
    """The contract's price line for this order line on that day, or `None`: not known, not valid, or ids that contradict each other.

    Ids of the same kind come first, then an id under another kind (ours in the supplier's column), then the description.
    """
    valid = [p for p in candidates(contract, line) if holds(p, on_date)]
    if len(valid) < 2:
        return valid[0] if valid else None
    unit = canonical(line.unit or "")
    return max(
        valid, key=lambda p: (canonical(p.unit) == unit, p.valid_from or dt.date.min, -p.price / p.price_base_quantity), default=None
    )


def holds(price: PriceLine, on_date: dt.date | None) -> bool:
    """Whether the price is valid on that day; without a day it is."""
    return on_date is None or (price.valid_from or _FIRST) <= on_date <= (price.valid_to or _LAST)


def candidates(contract: Contract, line: OrderLine) -> list[PriceLine]:
    """The price lines of the one item that the order line means, valid or not; empty when that is not certain."""
    index = _index(_Same(contract))
    hits = [h for h in (index.find(kind, getattr(line, kind)) for kind in KINDS) if h]
    if len(hits) == 1:
        return _one_item(hits[0])
    if hits:
        return _one_item([p for p in hits[0] if all(any(p is q for q in h) for h in hits[1:])])
    stated = [index.find("any", i) for i in line.item_ids]
    crossed = next((h for h in stated if h), None) or index.described(line.description)
    return _one_item([p for p in crossed if _compatible(p, line)])


def _one_item(prices: list[PriceLine]) -> list[PriceLine]:
    """The same list when all are prices of one item (other units, other periods), else nothing."""
    if len(prices) < 2:
        return prices
    items = {tuple(tight(i or "") for i in _ids(p)) if any(_ids(p)) else words(p.description or "") for p in prices}
    return prices if len(items) == 1 else []


def _compatible(price: PriceLine, line: OrderLine) -> bool:
    """Whether no id of the order line contradicts the price line's."""
    own = {loose(i) for i in _ids(price) if i}
    return all(not getattr(price, k) or not getattr(line, k) or loose(getattr(line, k)) in own for k in KINDS)


def _ids(price: PriceLine) -> tuple[str | None, str | None, str | None]:
    return price.buyer_item_id, price.supplier_item_id, price.standard_item_id


def _known(contract: Contract, order: Order) -> int:
    return sum(bool(candidates(contract, line)) for line in order.lines)


class _Index:
    """A contract's price lines by id and description, so that an order of many lines stays linear."""

    def __init__(self, contract: Contract) -> None:
        self._tight: dict[tuple[str, str], list[PriceLine]] = defaultdict(list)
        self._loose: dict[tuple[str, str], list[PriceLine]] = defaultdict(list)
        self._words: dict[str, list[PriceLine]] = defaultdict(list)
        for price in contract.prices:
            for kind, value in zip(KINDS, _ids(price), strict=True):
                for key in (kind, "any") if value else ():
                    self._add(self._tight, (key, tight(value or "")), price)
                    self._add(self._loose, (key, loose(value or "")), price)
            if price.description:
                self._words[words(price.description)].append(price)

    @staticmethod
    def _add(table: dict[tuple[str, str], list[PriceLine]], key: tuple[str, str], price: PriceLine) -> None:
        if key[1] and not any(price is p for p in table[key][-1:]):
            table[key].append(price)

    def find(self, kind: str, value: str | None) -> list[PriceLine]:
        """The price lines with this id; a loose match counts only when it can mean one item."""
        if not value:
            return []
        return self._tight.get((kind, tight(value))) or _one_item(self._loose.get((kind, loose(value)), []))

    def described(self, description: str | None) -> list[PriceLine]:
        return self._words.get(words(description), []) if description else []


class _Same:
    """A contract as a key by identity: contracts are frozen, and hashing 200 price lines would cost more than indexing them."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def __hash__(self) -> int:
        return id(self.contract)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.contract is other.contract


@lru_cache(maxsize=256)
def _index(same: _Same) -> _Index:
    return _Index(same.contract)
