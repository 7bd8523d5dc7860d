"""What the process works with, narrowed to what somebody may read. Their tools get this and never the whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.people import Directory
from signoff.graph.services import Services


@contextmanager
def narrowed(services: Services, areas: frozenset[str]) -> Iterator[Services]:
    """The services on a store that reads `areas` and changes nothing (see `Access.readable`); what is not granted of the master
    data held in memory is not there, and what is not granted in the store raises `Refused`."""
    store = services.store.reading(areas)
    try:
        yield replace(
            services,
            store=store,
            people=services.people if "people" in areas else Directory([]),
            vendors=services.vendors if "vendors" in areas else VendorBook([]),
            contracts=services.contracts if "contracts" in areas else {},
            crew=None,
        )
    finally:
        store.close()
