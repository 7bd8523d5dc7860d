"""A contract as it stands on a day: the base with every amendment that is in force, each changing what it states and nothing else."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from signoff.domain.checks.content import loose, words
from signoff.domain.contract import Amendment, Changes, Contract, PriceLine

_LISTS = ("prices", "clauses", "other_terms")
_SINGLE = tuple(name for name in Changes.model_fields if name not in _LISTS)
"""Terms that an amendment replaces as a whole."""
KINDS = ("supplier_item_id", "buyer_item_id", "standard_item_id")


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
    update: dict[str, Any] = {name: () if name == "discounts" else None for name in amendment.ended if name in _SINGLE}
    update |= {name: value for name in _SINGLE if (value := getattr(changes, name)) not in (None, ())}
    places = {k: v for k, v in contract.provenance.items() if _field(k) not in {*update, *_LISTS}}
    places |= {k: v for k, v in amendment.provenance.items() if _field(k) in update}
    for name, kept in (("prices", _kept_prices(contract, amendment)), ("other_terms", _kept_terms(contract, amendment))):
        lines = [(getattr(contract, name)[i], contract.provenance.get(f"/{name}/{i}")) for i in kept]
        lines += [(new, amendment.provenance.get(f"/{name}/{i}")) for i, new in enumerate(getattr(changes, name))]
        update[name] = tuple(line for line, _ in lines)
        places |= {f"/{name}/{i}": place for i, (_, place) in enumerate(lines) if place is not None}
    clauses, amended = (*contract.clauses, *changes.clauses), (*contract.amended, amendment.amendment_id)
    return contract.model_copy(update=update | {"clauses": clauses, "amended": amended, "provenance": places})


def _field(pointer: str) -> str:
    return pointer.split("/")[1]


def _kept_prices(contract: Contract, amendment: Amendment) -> list[int]:
    """The price lines whose items the amendment says nothing of."""
    if amendment.all_prices or "prices" in amendment.ended:
        return []
    replaced = {at for pair in same_items(contract.prices, amendment.changes.prices) for at in pair}
    return [i for i in range(len(contract.prices)) if i not in replaced]


def _kept_terms(contract: Contract, amendment: Amendment) -> list[int]:
    """The other terms whose kinds the amendment says nothing of."""
    replaced = {t.kind for t in amendment.changes.other_terms} | set(amendment.ended)
    return [i for i, term in enumerate(contract.other_terms) if term.kind not in replaced]


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
