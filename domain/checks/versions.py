"""A contract as it stands on a day: the base with every amendment that is in force, each changing what it states and nothing else."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from signoff.domain.checks.content import loose, words
from signoff.domain.contract import Amendment, Changes, Contract, PriceLine, Provenance

KINDS = ("supplier_item_id", "buyer_item_id", "standard_item_id")
_SINGLE = tuple(name for name in Changes.model_fields if name not in ("prices", "clauses", "other_terms"))
"""Terms that an amendment replaces as a whole."""


class _Same:
    """A contract as a key by identity: it is frozen, and hashing its price lines would cost more than reading them."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def __hash__(self) -> int:
        return id(self.contract)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.contract is other.contract


def as_of(contract: Contract, day: dt.date) -> Contract:
    """The version of that day; the same object for the same version, and the contract itself where nothing amends it."""
    if not contract.amendments:
        return contract
    since, found = _versions(_Same(contract))
    return found[bisect_right(since, day)]


def versions(contract: Contract) -> list[tuple[dt.date, Contract]]:
    """Every version with the day from which it holds, the base first."""
    since, found = _versions(_Same(contract))
    return list(zip((contract.starts, *since), found, strict=True))


@lru_cache(maxsize=4096)
def _versions(same: _Same) -> tuple[list[dt.date], list[Contract]]:
    contract = same.contract
    found = [contract.model_copy(update={"amendments": ()})]
    amendments = sorted(contract.amendments, key=lambda a: a.since)
    for amendment in amendments:
        found.append(_amended(found[-1], amendment))
    return [a.since for a in amendments], found


def _amended(contract: Contract, amendment: Amendment) -> Contract:
    changes = amendment.changes
    update: dict[str, Any] = {
        name: None for name in amendment.ended if name in Contract.model_fields and name not in (*_LISTS, "discounts")
    }
    update |= {"discounts": ()} if "discounts" in amendment.ended else {}
    update |= {
        name: value for name in type(changes).model_fields if name not in _LISTS and (value := getattr(changes, name)) not in (None, ())
    }
    others = {t.kind for t in changes.other_terms} | set(amendment.ended)
    prices, places = _prices(contract, amendment)
    apart = {*update, "prices"}
    places |= {k: v for k, v in contract.provenance.items() if _field(k) not in apart}
    places |= {k: v for k, v in amendment.provenance.items() if _field(k) in update}
    update |= {
        "prices": prices,
        "clauses": (*contract.clauses, *changes.clauses),
        "other_terms": (*(t for t in contract.other_terms if t.kind not in others), *changes.other_terms),
        "amended": (*contract.amended, amendment.amendment_id),
        "provenance": places,
    }
    return contract.model_copy(update=update)


def _field(pointer: str) -> str:
    return pointer.split("/")[1]


def _prices(contract: Contract, amendment: Amendment) -> tuple[tuple[PriceLine, ...], dict[str, Provenance]]:
    """The price lines with the amendment's in place of those of the same items, and where each was read."""
    new = amendment.changes.prices
    replaced = {at for pair in same_items(contract.prices, new) for at in pair}
    old = () if amendment.all_prices or "prices" in amendment.ended else contract.prices
    lines = [(p, contract.provenance.get(f"/prices/{i}")) for i, p in enumerate(old) if i not in replaced]
    lines += [(p, amendment.provenance.get(f"/prices/{i}")) for i, p in enumerate(new)]
    return tuple(p for p, _ in lines), {f"/prices/{i}": place for i, (_, place) in enumerate(lines) if place is not None}


def same_items(old: Sequence[PriceLine], new: Sequence[PriceLine]) -> list[tuple[int, ...]]:
    """For each new price line the old ones that mean the same item: by an id of the same kind, by the only old line that has the id
    under another kind and none that contradicts it, or without any id by its words."""
    known: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, price in enumerate(old):
        for key in _keys(price):
            known[key].append(at)
    return [tuple(dict.fromkeys(_same(price, old, known))) for price in new]


def _keys(price: PriceLine) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        if value := getattr(price, kind):
            yield kind, loose(value)
            yield "any", loose(value)
    if not any(getattr(price, kind) for kind in KINDS):
        yield "words", words(price.description or "")


def _same(price: PriceLine, old: Sequence[PriceLine], known: dict[tuple[str, str], list[int]]) -> list[int]:
    keys = list(_keys(price))
    alike = [at for key in keys if key[0] != "any" for at in known.get(key, ())]
    if alike:
        return alike
    others = {at for key in keys if key[0] == "any" for at in known.get(key, ()) if not _contradicts(price, old[at])}
    return list(others) if len(others) == 1 else []


def _contradicts(one: PriceLine, other: PriceLine) -> bool:
    pairs = [(getattr(one, kind), getattr(other, kind)) for kind in KINDS]
    return any(a and b and loose(a) != loose(b) for a, b in pairs)
