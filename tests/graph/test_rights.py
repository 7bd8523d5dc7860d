"""A person's or an agent's view of the process: what may be read is there, whole; the rest is refused, and nothing is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from office import Office

from signoff.domain.errors import Refused
from signoff.domain.people import Person
from signoff.graph.decisions import Decision, decide
from signoff.graph.desk import Desk
from signoff.graph.record import record
from signoff.graph.rights import deciding, narrowed, require_decide
from signoff.tools.access import Access, agent, person

TEMPLATE = (Path(__file__).parents[2] / "app" / "workspace_template" / "access.cedar").read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    with office.store.transaction():
        office.store.masters.replace_people(list(office.services.people))
    return office


def test_a_buyer_reads_a_case_as_it_is(office: Office) -> None:
    case = office.example("xml/4500018001.xml")
    buyer = office.services.people.with_role("buyer")[0]
    with narrowed(office.services, Access(TEMPLATE).readable(person(buyer))) as services:
        assert record(services, case.number) == record(office.services, case.number)
        assert services.store.masters.people() == list(office.services.people)


def test_an_agent_reads_what_it_is_granted(office: Office) -> None:
    case = office.example("xml/4500018001.xml")
    with narrowed(office.services, Access(TEMPLATE).readable(agent("contract_check"))) as services:
        assert Desk(services, case.number).case == case
        assert services.contracts == office.services.contracts
        assert list(services.people) == []
        with pytest.raises(Refused, match="people"):
            services.store.masters.people()


def test_who_may_read_nothing_reads_nothing(office: Office) -> None:
    case = office.example("xml/4500018001.xml")
    with narrowed(office.services, Access(TEMPLATE).readable(agent("somebody"))) as services, pytest.raises(Refused, match="Access denied"):
        record(services, case.number)


def test_nothing_is_decided_or_posted_from_there(office: Office) -> None:
    case = office.example("documents/4500018077.txt")
    task = office.store.tasks.of_case(case.number)[0]
    everything = Access("permit (principal, action, resource);").readable(agent("routing"))
    with narrowed(office.services, everything) as services:
        with pytest.raises(Refused):
            decide(services, case.number, Decision(person=task.candidates[0], decision="approve"))
        with pytest.raises(Refused):
            services.erp.find("any key")
    assert office.case(case.number).state == case.state


def test_a_case_is_decided_by_whom_its_open_tasks_ask_and_never_by_its_requester(office: Office) -> None:
    number = office.example("documents/4500018077.txt").number
    asked = {p for t in office.store.tasks.of_case(number) for p in t.candidates}
    seen = deciding(office.services, number)
    assert set(seen.candidates or ()) == asked
    said = {p.person_id: refusal(office, p, number) for p in office.services.people}
    assert {who for who, why in said.items() if why is None} == asked - {seen.requester}
    assert "Nobody decides on their own request" in (said[seen.requester or ""] or "")
    assert sum("as no rule permits it" in (why or "") for why in said.values()) == len(said) - len(asked | {seen.requester})


def refusal(office: Office, who: Person, number: int) -> str | None:
    try:
        require_decide(Access(TEMPLATE), office.services, who, number)
    except Refused as refused:
        return str(refused)
    return None
