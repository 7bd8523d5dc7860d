"""The road of a case: the graph knows the moves of a case and no others, and orders travel it as the policy says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from langgraph.graph import END
from langgraph.types import Command
from office import Office, paper

from signoff.domain.findings import Code, Severity
from signoff.domain.states import ENDED, MOVES, WAITING, State
from signoff.graph.audit import verify
from signoff.graph.desk import Desk
from signoff.graph.flow import EDGES, STEPS
from signoff.graph.gate_nodes import request
from signoff.graph.jobs import execute_job
from signoff.graph.record import record
from signoff.graph.road import NEXT
from signoff.graph.store.rows import Case, Job

# In which states a case may be when a step of the graph begins.
AT: dict[str, set[State]] = {
    "read": {State.RECEIVED},
    "extract": {State.RECEIVED, State.READ},
    "verify": {State.READ},
    "review": {State.NEEDS_REVIEW},
    "vendor": {State.VERIFIED},
    "advise": {State.VERIFIED},
    "brief": {State.CHECKED},
    "contract": {State.VERIFIED},
    "exceptions": {State.NEEDS_REVIEW, State.ON_HOLD},
    "route": {State.CHECKED},
    "approve": {State.NEEDS_APPROVAL},
    "post": {State.APPROVED},
    END: set(ENDED),
}
THROUGH = {State.VERIFIED, State.ROUTED, State.READ}
"""States that one step may pass through on its way to the next."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def reached(old: State, steps: int = 2) -> set[State]:
    """Where a case may be after one or two moves, the first of them into a state that is only passed through."""
    new = {b for a, b in MOVES if a is old and a is not State.FAILED}
    return {old} | new | (set().union(*(reached(s, steps - 1) for s in new & THROUGH)) if steps > 1 else set())


@pytest.mark.parametrize(("step", "following"), [(s, n) for s, ends in EDGES.items() for n in ends])
def test_every_edge_is_a_move_of_the_case(step: str, following: str) -> None:
    assert any(reached(old) & AT[following] for old in AT[step])


def test_every_move_is_made_by_some_edge() -> None:
    travelled = {(a, b) for step, ends in EDGES.items() for end in ends for a in AT[step] for b in AT[end]}
    through = {(a, s) for a, _ in travelled for s in THROUGH} | {(s, b) for s in THROUGH for _, b in travelled}
    assert {(a, b) for a, b in MOVES if State.FAILED not in (a, b)} <= travelled | through


def test_every_waiting_state_has_its_gate_and_every_step_its_edges() -> None:
    assert set(EDGES) == set(STEPS) == set(AT) - {END}
    gates = {name for name, step in STEPS.items() if step.__module__.endswith("gate_nodes")}
    assert gates == {step for step, states in AT.items() if states & WAITING}
    assert all(END in EDGES[gate] for gate in gates)
    assert {NEXT.get(s, "review") for s in WAITING} <= gates


def test_every_end_is_reached() -> None:
    seen, look = set(), ["read"]
    while look:
        step = look.pop()
        seen.add(step)
        look += [n for n in EDGES.get(step, ()) if n not in seen]
    assert seen == {*EDGES, END}


def whole(office: Office) -> None:
    assert verify(office.store).fault is None
    assert office.store.jobs.open_cases() == set()


def test_a_small_order_under_contract_is_posted_without_anybody(office: Office) -> None:
    case = office.example("xml/4500018001.xml")
    assert (case.state, case.vendor_id, case.contract_id, case.order_number) == (State.POSTED, "V-1001", "K-2025-011", "4500018001")
    assert office.told(case) == [
        "case.received", "order.read", "reading.verified", "order.verified", "vendor.matched", "order.checked", "order.accepted",
        "order.routed", "order.approved", "posting.requested", "posting.done",
    ]  # fmt: skip
    assert office.store.tasks.of_case(case.number) == []
    assert office.erp_rows("reference, vendor_id, line_total, status") == [("4500018001", "V-1001", "444.00", "confirmed")]
    assert office.services.archive.get(case.file_sha256) == paper("xml/4500018001.xml")
    whole(office)


def test_a_doubtful_reading_is_accepted_by_a_reviewer_and_posted(office: Office) -> None:
    case = office.example("xml/4500018026.xml")
    assert case.state is State.NEEDS_REVIEW
    assert "289.60" in (case.reason or "")
    case = office.decide(case, "Jonas Feldkamp", "approve", note="the vendor confirmed it")
    assert case.state is State.POSTED
    reviewed = Desk(office.services, case.number).approved().routed.checked.verified.reviewed
    assert reviewed is not None
    assert (reviewed.person, reviewed.decision, reviewed.note) == ("E-021", "approve", "the vendor confirmed it")
    assert next(e.actor for e in office.events(case) if e.type == "order.verified") == "E-021"
    whole(office)


def test_exceptions_wait_for_all_of_their_owners(office: Office) -> None:
    office.policy(severities={Code.CONTRACT_MISSING: Severity.BLOCKING})
    case = office.example("xml/4500018022.xml")
    assert case.state is State.ON_HOLD
    assert {t.label for t in office.waiting(case)} == {"role:buyer", "role:compliance"}
    case = office.decide(case, "E-021", "approve", note="once only")
    assert case.state is State.ON_HOLD
    assert [t.label for t in office.waiting(case)] == ["role:compliance"]
    case = office.decide(case, "E-030", "approve", note="cleared")
    assert case.state is State.NEEDS_APPROVAL
    accepted = Desk(office.services, case.number).checked().accepted
    assert {c: (a.person, a.note) for c, a in accepted.items()} == {
        Code.CONTRACT_MISSING: ("E-021", "once only"),
        Code.VENDOR_BLOCKED: ("E-030", "cleared"),
    }
    whole(office)


def test_steps_are_signed_one_after_another(office: Office) -> None:
    case = office.example("xml/4500018005.xml")
    signed = []
    while case.state is State.NEEDS_APPROVAL:
        (task,) = office.waiting(case)
        signed.append((task.label, task.candidates[0]))
        assert office.erp_rows() == []
        case = office.decide(case, task.candidates[0], "approve")
    assert [who for _, who in signed] == ["E-012", "E-010", "E-003", "E-002"]
    assert signed[-1][0] == "cfo"
    assert (case.state, office.erp_rows()) == (State.POSTED, [("4500018005", "confirmed")])
    whole(office)


@pytest.mark.parametrize("order", [("E-034", "E-021"), ("E-022", "E-035")])
def test_parallel_sign_offs_come_in_any_order(office: Office, order: tuple[str, str]) -> None:
    case = office.decide(office.example("cxml/4500018032.xml"), "E-014", "approve")
    assert {t.label for t in office.waiting(case)} == {"it_security", "buyer"}
    case = office.decide(case, order[0], "approve")
    assert case.state is State.NEEDS_APPROVAL
    assert office.decide(case, order[1], "approve").state is State.POSTED
    whole(office)


def test_the_same_bytes_in_another_file_are_a_duplicate(office: Office) -> None:
    first, again = office.example("xml/4500018001.xml"), office.example("xml/resent/4500018001.xml")
    assert (again.state, again.reason) == (State.DUPLICATE, f"The same document was taken in before, as case {first.case_id}.")
    assert office.example("xml/4500018001.xml") == first
    assert len(office.erp_rows()) == 1
    kept = record(office.services, again.number)
    assert kept["reading"] == record(office.services, first.number)["reading"]
    assert [f["code"] for f in kept["findings"]] == ["duplicate_document"]
    whole(office)


def test_the_same_order_written_otherwise_is_a_duplicate_and_commits_nothing(office: Office) -> None:
    first = office.example("xml/4500018001.xml")
    spent = office.store.past.contract_spend("K-2025-011", None)
    again = office.take(paper("xml/4500018001.xml") + b"<!-- sent again -->", "again.xml")
    assert (again.state, "4500018001" in (again.reason or "")) == (State.DUPLICATE, True)
    assert next(e for e in office.events(again) if e.type == "case.duplicate").body["of"] == first.case_id
    assert office.store.past.contract_spend("K-2025-011", None) == spent
    whole(office)


def test_the_same_number_with_other_lines_asks_a_person(office: Office) -> None:
    office.example("xml/4500018001.xml")
    other = office.take(paper("xml/4500018008.xml", number="4500018001"), "other.xml")
    assert other.state is State.NEEDS_REVIEW
    assert "4500018001" in (other.reason or "")


def test_a_change_amends_the_order_in_the_erp(office: Office) -> None:
    office.example("xml/4500018001.xml")
    change = office.take(paper("xml/4500018028-change.xml", original="4500018001"), "change.xml")
    assert change.state is State.NEEDS_APPROVAL
    assert office.erp_rows("id, line_total, status") == [(1, "444.00", "confirmed")]
    assert office.sign_all(change).state is State.POSTED
    assert office.erp_rows("id, reference, line_total, status") == [(1, "4500018001", "467.20", "amended")]
    posting = office.store.postings.of_case(change.number)
    assert posting is not None
    assert (posting.action, posting.erp_id) == ("amend", "PO-000001")
    whole(office)


def test_a_cancellation_cancels_the_order_in_the_erp(office: Office) -> None:
    assert office.sign_all(office.example("xml/4500018007.xml")).state is State.POSTED
    cancelled = office.take(paper("xml/4500018029-cancellation.xml", original="4500018007"), "cancel.xml")
    assert cancelled.state is State.NEEDS_APPROVAL
    assert office.sign_all(cancelled).state is State.POSTED
    assert office.erp_rows() == [("4500018007", "cancelled")]
    whole(office)


def test_the_question_at_a_gate_speaks_to_every_inbox(office: Office) -> None:
    case = office.example("xml/4500018005.xml")
    (asked,) = interrupts(office, case)
    assert asked == request(Desk(office.services, case.number))
    (action,) = asked["action_requests"]
    assert action["args"] == action["arguments"]
    assert action["args"]["case_id"] == case.case_id
    assert action["name"] == asked["review_configs"][0]["action_name"] == "approval"


def interrupts(office: Office, case: Case) -> list[dict[str, object]]:
    snapshot = asyncio.run(office.graph.aget_state({"configurable": {"thread_id": case.case_id}}))
    return [i.value for i in snapshot.interrupts]


FORGED = ["settled", "approve", True, {"type": "accept"}, [{"type": "approve"}], {"decisions": [{"type": "approve"}]}]


@pytest.mark.parametrize("value", FORGED, ids=str)
def test_a_forged_answer_to_the_graph_changes_nothing(office: Office, value: object) -> None:
    case = office.example("xml/4500018005.xml")
    before = (case, office.told(case), office.store.tasks.of_case(case.number))
    config = {"configurable": {"thread_id": case.case_id}}
    for _ in range(2):
        asyncio.run(office.graph.ainvoke(Command(resume=value), config, context=office.services, durability="sync"))
    assert (office.case(case.number), office.told(case), office.store.tasks.of_case(case.number)) == before
    assert office.erp_rows() == []
    assert len(interrupts(office, case)) == 1
    assert office.sign_all(case).state is State.POSTED
    whole(office)


@pytest.mark.parametrize("kind", ["start", "resume", "retry"])
@pytest.mark.parametrize("file", ["xml/4500018001.xml", "xml/4500018005.xml"])
def test_a_job_that_runs_again_does_nothing_again(office: Office, kind: str, file: str) -> None:
    case = office.example(file)
    before = (office.told(case), office.store.tasks.of_case(case.number), office.erp_rows(), office.case(case.number).state)
    for attempts in (1, 2, 3):
        asyncio.run(execute_job(office.graph, office.services, Job(1, case.number, kind, attempts)))
    assert (office.told(case), office.store.tasks.of_case(case.number), office.erp_rows(), office.case(case.number).state) == before
    whole(office)
