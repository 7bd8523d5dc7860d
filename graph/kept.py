"""The company as it was: policy and master data of a past decision, from what the store has kept of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.checks.versions import as_of
from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.vendor import Vendor
from signoff.graph.rulings import Ruling
from signoff.graph.store.port import Masters

KINDS = ("people", "vendors", "contracts")


@dataclass(frozen=True)
class Company:
    """Policy and master data as they were."""

    policy: Policy
    policy_hash: str
    people: Directory
    vendors: VendorBook
    contracts: Mapping[str, tuple[Contract, ...]]

    @cached_property
    def ruling(self) -> Ruling:
        """The policy, with what of it decides where."""
        return Ruling(self.policy, self.policy_hash)

    def contracts_of(self, vendor_id: str | None, day: dt.date | None = None) -> tuple[Contract, ...]:
        """The contracts with a vendor; with a day, in the version of that day."""
        every = self.contracts.get(vendor_id or "", ())
        return every if day is None else tuple(as_of(contract, day) for contract in every)


class KeptCompanies:
    """Companies as events name them. The same policy, people, vendors or contracts are read once."""

    def __init__(self, masters: Masters) -> None:
        self._kept = masters
        self.of = lru_cache(maxsize=64)(self._of)
        self.policy = lru_cache(maxsize=64)(self._policy)
        self.people = lru_cache(maxsize=16)(self._people)
        self.vendors = lru_cache(maxsize=16)(self._vendors)
        self.contracts = lru_cache(maxsize=64)(self._contracts)
        self._contract = lru_cache(maxsize=16_384)(Contract.model_validate_json)

    def _of(self, basis: str) -> Company:
        """The company by an event's `basis`. Raises `BadInput` with what of it is missing from the record."""
        policy, *masters = basis.split(".")
        digests = dict(zip(KINDS, masters, strict=False))
        kept, digest = self.policy(policy)
        people, vendors, contracts = (digests.get(kind, "") for kind in KINDS)
        return Company(kept, digest, self.people(people), self.vendors(vendors), self.contracts(contracts))

    def _policy(self, digest: str) -> tuple[Policy, str]:
        kept = self._kept.policy(digest) if digest else None
        if kept is None:
            raise BadInput(f"The policy {digest} that it was decided with is missing from the record.")
        return Policy.model_validate_json(kept[1]), kept[0]

    def _people(self, digest: str) -> Directory:
        return Directory([Person.model_validate_json(row) for row in self._rows("people", digest)])

    def _vendors(self, digest: str) -> VendorBook:
        return VendorBook([Vendor.model_validate_json(row) for row in self._rows("vendors", digest)])

    def _contracts(self, digest: str) -> dict[str, tuple[Contract, ...]]:
        by_vendor: dict[str, list[Contract]] = defaultdict(list)
        for contract in map(self._contract, self._rows("contracts", digest)):
            by_vendor[contract.vendor_id].append(contract)
        return {vendor: tuple(own) for vendor, own in by_vendor.items()}

    def _rows(self, kind: str, digest: str) -> Iterator[str]:
        rows = self._kept.kept(kind, digest) if digest else None
        if rows is None:
            raise BadInput(f"The {kind} {digest} that it was decided with are missing from the record.")
        yield from rows.split("\n")[:-1]
