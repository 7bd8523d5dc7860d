"""The contracts as they stood when the work began, each read when it is first asked for: most orders are about one vendor's."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping

from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput
from signoff.graph.store.port import Masters


class HeldContracts(Mapping[str, tuple[Contract, ...]]):
    """Vendor -> contracts, by their numbers. What is confirmed meanwhile changes nothing here: each is found by its SHA-256.

    `digest` is that of all of them, as `Masters.digest` gives it.
    """

    def __init__(self, masters: Masters) -> None:
        self._masters = masters
        held = masters.contracts_held()
        self.digest = hashlib.sha256("".join(f"{sha256}\n" for _, sha256 in held).encode()).hexdigest()
        self._held: dict[str, list[str]] = defaultdict(list)
        for vendor, sha256 in held:
            self._held[vendor].append(sha256)
        self._read: dict[str, tuple[Contract, ...]] = {}

    def __getitem__(self, vendor: str) -> tuple[Contract, ...]:
        if vendor not in self._read:
            if vendor not in self._held:
                raise KeyError(vendor)
            self._read[vendor] = tuple(map(self._contract, self._held[vendor]))
        return self._read[vendor]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def _contract(self, sha256: str) -> Contract:
        body = self._masters.kept("contract", sha256)
        if body is None:
            raise BadInput(f"The contract {sha256[:12]} is missing from the store, or was altered; run: signoff audit verify")
        return Contract.model_validate_json(body)
