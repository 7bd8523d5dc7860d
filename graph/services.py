"""What the nodes work with, wired once at the start and handed to the graph as its context. Never part of its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.contract import Contract
from signoff.domain.people import Directory
from signoff.domain.policy import Policy
from signoff.graph.store.port import Store
from signoff.tools.archive import Archive
from signoff.tools.erp.protocol import ERP

if TYPE_CHECKING:
    from signoff.agents.crew import Crew


def short(digest: str) -> str:
    """As much of a hash as an event names."""
    return digest[:12]


@dataclass(frozen=True)
class Services:
    """`clock` gives the time in UTC; policy, people, vendors and contracts are as they were when the work began.

    `masters` are the first digits of the digests of people, vendors and contracts. `crew` are the agents, where a model is
    configured; `trace_content` puts what they say and hear into the spans that OpenTelemetry exports.
    """

    store: Store
    archive: Archive
    erp: ERP
    clock: Callable[[], dt.datetime]
    policy: Policy
    policy_hash: str
    people: Directory
    vendors: VendorBook
    contracts: dict[str, tuple[Contract, ...]] = field(default_factory=dict)
    crew: Crew | None = None
    masters: tuple[str, ...] = ()
    trace_content: bool = False

    @property
    def basis(self) -> str:
        """What is decided with, as each event names it: policy, people, vendors, contracts, and where agents help their rights."""
        return ".".join([short(self.policy_hash), *self.masters, *([short(self.crew.access.digest)] if self.crew else [])])

    def contracts_of(self, vendor_id: str | None) -> tuple[Contract, ...]:
        """The contracts with a vendor."""
        return self.contracts.get(vendor_id or "", ())

    def contract(self, vendor_id: str | None, contract_id: str | None) -> Contract | None:
        return next((c for c in self.contracts_of(vendor_id) if c.contract_id == contract_id), None)
