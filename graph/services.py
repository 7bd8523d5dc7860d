"""What the nodes work with, wired once at the start and handed to the graph as its context. Never part of its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from signoff.domain.checks.signals import PRIORS, Weights
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.checks.versions import as_of
from signoff.domain.contract import Contract
from signoff.domain.people import Directory
from signoff.domain.policy import Policy
from signoff.graph.store.port import Store
from signoff.tools.archive import Archive
from signoff.tools.erp.protocol import ERP

if TYPE_CHECKING:
    from signoff.agents.crew import Crew
    from signoff.tools.access import Access


def short(digest: str) -> str:
    """As much of a hash as an event names."""
    return digest[:12]


@dataclass(frozen=True)
class Services:
    """`clock` gives the time in UTC; policy, people, vendors and contracts are as they were when the work began.

    `masters` are the first digits of the digests of people, vendors and contracts. `crew` are the agents, where a model is
    configured. `access` says who may decide, where answers are taken; a replay takes those that were. `weights` are those
    of the signals. `trace_content` puts what agents say and hear into the spans that OpenTelemetry exports.
    """

    store: Store
    archive: Archive
    erp: ERP
    clock: Callable[[], dt.datetime]
    policy: Policy
    policy_hash: str
    people: Directory
    vendors: VendorBook
    contracts: Mapping[str, tuple[Contract, ...]] = field(default_factory=dict)
    crew: Crew | None = None
    access: Access | None = None
    masters: tuple[str, ...] = ()
    trace_content: bool = False
    weights: Weights = PRIORS

    @property
    def basis(self) -> str:
        """What is decided with, as each event names it: policy, people, vendors, contracts, the rights of agents, fitted weights."""
        rights = short(self.crew.access.digest) if self.crew else ""
        fitted = short(self.weights.digest) if self.weights != PRIORS else ""
        return ".".join([short(self.policy_hash), *self.masters, rights, fitted]).rstrip(".")

    def contracts_of(self, vendor_id: str | None, day: dt.date | None = None) -> tuple[Contract, ...]:
        """The contracts with a vendor; with a day, in the version of that day."""
        every = self.contracts.get(vendor_id or "", ())
        return every if day is None else tuple(as_of(contract, day) for contract in every)

    def contract(self, vendor_id: str | None, contract_id: str | None) -> Contract | None:
        return next((c for c in self.contracts_of(vendor_id) if c.contract_id == contract_id), None)
