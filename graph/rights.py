"""What the process works with, narrowed to what somebody may read. Their tools get this and never the whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.errors import Refused
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.stages import ApprovedOrder
from signoff.domain.states import State
from signoff.graph.desk import Desk, requester_of
from signoff.graph.services import Services
from signoff.graph.standing import acting, place_of
from signoff.graph.store.rows import case_id
from signoff.tools.access import Access, Action, Principal, Resource, case, person
from signoff.tools.archive import Archive
from signoff.tools.erp.protocol import Attachment, Posting


def deciding(services: Services, number: int) -> Resource:
    """The case as access.cedar sees somebody who wants to decide it: who asked for the goods, and whom its open tasks ask
    or who stands in for them."""
    desk = Desk(services, number)
    draft = desk.draft()
    waiting = (t for t in services.store.tasks.of_case(number) if t.pending)
    return case(
        desk.case.case_id,
        requester=requester_of(services.people, draft.order) if draft else None,
        candidates=tuple(sorted({who for t in waiting for who in (*t.candidates, *acting(desk, t))})),
        approved=desk.case.state in (State.APPROVED, State.POSTED),
    )


def require(access: Access, who: Principal, action: Action, what: Resource) -> None:
    """Raises `Refused` with the rule when access.cedar does not let somebody do something."""
    decision = access.allows(who, action, what)
    if not decision.allowed:
        asked = f"signoff access explain {who.id} {action} {what.id}"
        raise Refused(f"access.cedar does not let {who} {action} {what.id}: {decision.why}; see: {asked}")


def require_decide(access: Access, services: Services, who: Person, number: int, on_behalf_of: str | None = None) -> None:
    """Raises `Refused` with the rule when access.cedar does not let a person decide a case, for themselves or in somebody's place."""
    decision = access.allows(person(who), "decide", deciding(services, number), on_behalf_of)
    if not decision.allowed:
        asked = f"signoff access explain {who.person_id} decide {case_id(number)}"
        raise Refused(f"access.cedar does not let {who.name} ({who.person_id}) decide {case_id(number)}: {decision.why}; see: {asked}")


def in_place_of(services: Services, who: Person, number: int) -> tuple[str | None, ...]:
    """In whose place somebody would answer what a case asks; `None` stands for themselves."""
    desk = Desk(services, number)
    waiting = (t for t in services.store.tasks.of_case(number) if t.pending)
    places = (own for task in waiting if (own := place_of(desk, task, who)))
    return tuple(dict.fromkeys(None if own.principal == own.person else own.principal for own in places)) or (None,)


class NoERP:
    """Stands where an ERP is, has its name, and lets nobody in."""

    def __init__(self, name: str) -> None:
        self.name = name

    remote = False

    def find(self, key: str) -> Posting | None:
        raise Refused(f"{self.name} may not be used here.")

    def create(self, order: ApprovedOrder, key: str, paper: Attachment | None = None) -> Posting:
        raise Refused(f"{self.name} may not be used here.")

    def confirm(self, posting: Posting) -> Posting:
        raise Refused(f"{self.name} may not be used here.")

    def close(self) -> None: ...

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        raise Refused(f"{self.name} may not be used here.")

    def cancel(self, erp_id: str, key: str) -> Posting:
        raise Refused(f"{self.name} may not be used here.")


class Closed(Archive):
    """Stands where the originals are, and gives none out: an agent is shown a paper as lines, by the step that asks it."""

    def __init__(self) -> None:
        super().__init__(Path())

    def put(self, data: bytes) -> str:
        raise Refused("Originals may not be kept here.")

    def get(self, digest: str) -> bytes:
        raise Refused("Originals may not be opened here.")


def bare(policy: Policy) -> Policy:
    """What everybody may know of a policy: whose it is, in which currency, and which role answers for what."""
    return Policy(
        version=1, dated=policy.dated, company=policy.company, base_currency=policy.base_currency, gates=policy.gates, approvals=()
    )


@contextmanager
def narrowed(services: Services, areas: frozenset[str]) -> Iterator[Services]:
    """The services on a store that reads `areas` (see `Access.readable`) and changes nothing, on no ERP and on no originals.

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
            contracts=dict(services.contracts) if "contracts" in areas else {},
            policy=services.policy if "policy" in areas else bare(services.policy),
            archive=Closed(),
            crew=None,
        )
    finally:
        store.close()
