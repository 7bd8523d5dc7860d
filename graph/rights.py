"""What the process works with, narrowed to what somebody may read. Their tools get this and never the whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.errors import Refused
from signoff.domain.people import Directory, Person
from signoff.domain.stages import ApprovedOrder
from signoff.domain.states import State
from signoff.graph.desk import Desk, requester_of
from signoff.graph.services import Services
from signoff.graph.store.port import case_id
from signoff.tools.access import Access, Resource, case, person
from signoff.tools.erp.protocol import Posting


def deciding(services: Services, number: int) -> Resource:
    """The case as access.cedar sees somebody who wants to decide it: who asked for the goods, and whom its open tasks ask."""
    desk = Desk(services, number)
    draft = desk.draft()
    waiting = (t for t in services.store.tasks.of_case(number) if t.status == "open")
    return case(
        desk.case.case_id,
        requester=requester_of(services.people, draft.order) if draft else None,
        candidates=tuple(sorted({person for task in waiting for person in task.candidates})),
        approved=desk.case.state in (State.APPROVED, State.POSTED),
    )


def require_decide(access: Access, services: Services, who: Person, number: int) -> None:
    """Raises `Refused` with the rule when access.cedar does not let a person decide a case."""
    decision = access.allows(person(who), "decide", deciding(services, number))
    if not decision.allowed:
        why = f": {', '.join(decision.rules)}" if decision.rules else ", as no rule permits it"
        raise Refused(f"access.cedar does not let {who.name} ({who.person_id}) decide {case_id(number)}{why}.")


class NoERP:
    """Stands where an ERP is, has its name, and lets nobody in."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find(self, key: str) -> Posting | None:
        raise Refused(f"{self.name} may not be used here.")

    def create(self, order: ApprovedOrder, key: str) -> Posting:
        raise Refused(f"{self.name} may not be used here.")

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        raise Refused(f"{self.name} may not be used here.")

    def cancel(self, erp_id: str, key: str) -> Posting:
        raise Refused(f"{self.name} may not be used here.")


@contextmanager
def narrowed(services: Services, areas: frozenset[str]) -> Iterator[Services]:
    """The services on a store that reads `areas` (see `Access.readable`) and changes nothing, and on no ERP.

    What the store is asked for beyond raises `Refused`; master data in memory that is not granted is not there.
    """
    store = services.store.reading(areas)
    try:
        yield replace(
            services,
            store=store,
            erp=NoERP(services.erp.name),
            people=services.people if "people" in areas else Directory([]),
            vendors=services.vendors if "vendors" in areas else VendorBook([]),
            contracts=services.contracts if "contracts" in areas else {},
            crew=None,
        )
    finally:
        store.close()
