"""Replay: every case comes out byte for byte as it is on record, and whatever differs or is missing is named, never made up."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from office import KEY, NOW, Office, paper
from staff import GRAPH, keeping, reply, staffed, unopened

from signoff.agents.messages import ModelFailed
from signoff.domain.errors import BadInput, Unavailable
from signoff.domain.policy import AgentRules
from signoff.domain.states import State
from signoff.graph import nodes, replay
from signoff.graph.flow import build
from signoff.graph.jobs import retry, take_in
from signoff.graph.replay import Replayed, Replays
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Case
from signoff.graph.store.sqlite import SqliteStore
from signoff.tools.documents.document import Source
from signoff.tools.erp.sqlite import SqliteERP
from signoff.tools.intake import contents

WAITING, POSTED, SEQUENCE = "xml/4500018004.xml", "xml/4500018001.xml", "xml/4500018005.xml"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return keeping(Office(tmp_path))


@pytest.fixture(autouse=True)
def no_originals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph that the office runs, agents included."""
    monkeypatch.setattr(replay, "compiled", lambda saver: build(GRAPH).compile(checkpointer=saver))


def replayed(store: Store, *numbers: int) -> list[Replayed]:
    replays = Replays(store, unopened)

    async def each() -> list[Replayed]:
        return [await replays.replay(n) for n in numbers or [c.number for c in store.cases.listed()]]

    return asyncio.run(each())


def fault(office: Office, case: Case) -> str:
    (found,) = replayed(office.store, case.number)
    return found.fault or "none"


def every_way(office: Office) -> None:
    """Cases that go every way there is."""
    office.example(POSTED)
    office.example("xml/resent/4500018001.xml")
    office.take(paper(POSTED) + b"<!-- sent again -->", "again.xml")
    office.example("xml/RE-20418.xml")
    office.take(b"no order at all", "broken.pdf")
    office.sign_all(office.example(SEQUENCE))
    corrected = office.decide(office.example("xml/4500018026.xml"), "E-021", "edit", {"/payable_amount": "150.00"})
    office.decide(corrected, "E-021", "edit", {"/payable_amount": "189.60", "/cost_center": "4711"}, note="both")
    office.decide(office.example("xml/4500018008.xml"), "E-022", "reject", note="ask for the tier price")
    sent_back = office.example(WAITING)
    sent_back = office.decide(sent_back, office.waiting(sent_back)[0].candidates[0], "send_back", note="look again")
    office.decide(sent_back, "E-021", "approve")
    parallel = office.decide(office.example("cxml/4500018032.xml"), "E-014", "approve")
    office.decide(parallel, "E-034", "approve")
    office.example("xml/4500018021.xml")
    office.sign_all(office.take(paper("xml/4500018028-change.xml", original="4500018001"), "change.xml"))
    office.sign_all(office.example("xml/4500018007.xml"))
    office.sign_all(office.take(paper("xml/4500018029-cancellation.xml", original="4500018007"), "cancel.xml"))


def test_every_way_a_case_can_go_comes_out_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    every_way(office)
    retried = failing_erp(office, monkeypatch, Unavailable("The ERP is being updated."))
    assert retried.state is State.FAILED
    assert retry(office.services, retried.number)
    office.work()
    assert office.case(retried.number).state is State.POSTED
    failing_erp(office, monkeypatch, ValueError("a bug of the ERP's"), "xml/4500018003.xml")
    found = replayed(office.store)
    assert [f"{r.case_id} {r.fault}" for r in found if r.fault] == []
    states = {c.state for c in office.store.cases.listed()}
    assert states >= {
        State.POSTED, State.DUPLICATE, State.NOT_AN_ORDER, State.FAILED, State.REJECTED, State.NEEDS_APPROVAL, State.ON_HOLD,
    }  # fmt: skip
    assert sum(r.events for r in found) == sum(len(office.events(c)) for c in office.store.cases.listed())


def failing_erp(office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception, file: str = "xml/4500018002.xml") -> Case:
    def refuse(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(SqliteERP, "find", refuse)
        patched.setattr("signoff.graph.posting.ATTEMPTS", 1)
        return office.example(file)


def test_each_decision_is_derived_with_what_held_then(office: Office) -> None:
    first = office.example(SEQUENCE)
    policy = office.services.policy
    office.services = replace(office.services, policy_hash="another" * 8)
    office.policy(gates=policy.gates.model_copy(update={"default_owner": "finance"}), approvals=policy.approvals[:1])
    people = [p.model_copy(update={"roles": (*p.roles, "auditor")}) for p in office.services.people]
    office.services = replace(office.services, people=type(office.services.people)(people))
    keeping(office)
    office.sign_all(first)
    office.example(WAITING)
    assert [r.fault for r in replayed(office.store)] == [None, None]
    bases = {e.body["basis"] for e in office.events(first)}
    assert len(bases) == 2


def test_the_time_is_that_of_the_record(office: Office) -> None:
    """On another day the checks find something else."""
    case = office.example(POSTED)
    office.services = replace(office.services, clock=lambda: NOW.replace(year=2031))
    assert "certificate_expired" in str(office.store.cases.step(office.example(WAITING).number, 0, "check"))
    assert fault(office, case) == "none"
    assert [r.fault for r in replayed(office.store)] == [None, None]


def test_other_code_is_named_with_the_first_value_that_differs(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.example("xml/4500018008.xml")
    real = nodes.looked

    def other(desk: Any) -> Any:
        agreed, facts, found = real(desk)
        louder = tuple(f.model_copy(update={"message": f.message.upper()}) for f in found.findings)
        return agreed, facts, found.model_copy(update={"findings": louder})

    monkeypatch.setattr(nodes, "looked", other)
    assert fault(office, case).startswith("The step 'check' of revision 0: /findings/0/message is ")


def test_code_that_now_goes_another_way_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.example("xml/4500018008.xml")
    monkeypatch.setattr(nodes, "exceptions_of", lambda findings: [])
    assert "exceptions.asked" in fault(office, case)
    posted = office.sign_all(office.example(WAITING))
    monkeypatch.setattr(nodes, "looked", lambda desk: 1 / 0)
    assert "the replay has case.failed by signoff (unexpected ZeroDivisionError: division by zero)" in fault(office, posted)


CHANGED: dict[str, tuple[str, str]] = {
    "a fact of the past": (
        "UPDATE steps SET body = replace(body, 'contract_spend', 'budget_spend') WHERE case_number = 1 AND step = 'facts'", "contract"),
    "what was read": (
        "UPDATE steps SET body = replace(body, '4500018004', '4500018099') WHERE step = 'draft'",
        "The step 'draft' on record is not the one that case.received names"),
    "the form of what was read": (
        "UPDATE steps SET body = '{}' WHERE step = 'draft'",
        r"The record cannot be read: Field required \(DraftOrder\)",
    ),
    "what was decided": ("UPDATE steps SET body = replace(body, 'rules', 'steps') WHERE step = 'route'", "step 'route'"),
    "the policy": ("DELETE FROM policies", "The policy .* is missing from the record"),
    "the vendors": ("UPDATE masters_kept SET body = body || ' ' WHERE kind = 'vendors'", "The vendors .* are missing from the record"),
    "the contracts": ("DELETE FROM masters_kept WHERE kind = 'contracts'", "The contracts .* are missing from the record"),
    "what intake read": ("DELETE FROM steps WHERE step = 'draft'", "The record of what was read of the document is missing"),
    "the facts": ("DELETE FROM steps WHERE step = 'facts'", "The record of the facts of revision 0 is missing"),
    "an event": (
        "DROP TRIGGER events_keep_delete; DELETE FROM events WHERE type = 'order.accepted'",
        "Event 7 is order.routed by signoff on record; the replay has order.accepted"),
}  # fmt: skip


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = keeping(Office(tmp_path_factory.mktemp("signed")))
    office.sign_all(office.example(WAITING))
    office.close()
    return office.root / "signoff.db"


@pytest.mark.parametrize("what", CHANGED)
def test_a_record_that_was_changed_is_not_derived(signed: Path, tmp_path: Path, what: str) -> None:
    import re

    store = SqliteStore(Path(shutil.copyfile(signed, tmp_path / "signoff.db")), KEY)
    script, named = CHANGED[what]
    store.db.executescript(script)
    (found,) = replayed(store)
    assert re.search(named, found.fault or "none"), found.fault
    store.close()


def test_a_case_on_its_way_is_compared_as_far_as_it_came(office: Office) -> None:
    source = Source("order.xml", paper(POSTED))
    (case,) = take_in(office.services, source, contents(source))
    assert fault(office, case) == "none"


def test_a_case_that_is_not_there(office: Office) -> None:
    with pytest.raises(BadInput, match="There is no case C00007"):
        replayed(office.store, 7)


class TestAgents:
    def test_calls_are_answered_from_the_record(self, office: Office) -> None:
        case = office.sign_all(staffed(office, reply()).example(WAITING))
        (found,) = replayed(office.store, case.number)
        assert (found.fault, found.calls) == (None, 1)

    @pytest.mark.parametrize("kind", ["unavailable", "refused", "over_budget"])
    def test_a_call_that_failed_fails_again(self, office: Office, kind: Any) -> None:
        case = staffed(office, ModelFailed(kind, "It did not work.")).example(WAITING)
        assert fault(office, case) == "none"

    def test_redacted_calls_are_found_by_their_hashes(self, office: Office) -> None:
        office.policy(agents=AgentRules(bodies="redacted"))
        office.services = replace(office.services, policy_hash="redacted" * 8)
        case = staffed(office, reply()).example(WAITING)
        assert fault(office, case) == "none"

    @pytest.mark.parametrize(
        ("script", "named"),
        [
            ("DELETE FROM model_calls", r"The record of a model call of routing \(prompt pppppppppppp, input [0-9a-f]{12}\) is missing"),
            ("DELETE FROM tool_calls", r"The record of the tool call 0 of routing \(spend\) is missing"),
            ("UPDATE tool_calls SET body = replace(body, '440', '441')", "The record of a model call of routing .* is missing"),
            ("DELETE FROM masters_kept WHERE kind = 'access'", "The rights .* that agents had are missing from the record"),
        ],
    )
    def test_what_is_missing_is_an_error_and_never_a_call(self, office: Office, script: str, named: str) -> None:
        import re

        case = staffed(office, reply()).example(WAITING)
        office.store.db.execute(script)  # type: ignore[attr-defined]
        assert re.search(named, fault(office, case))

    def test_a_call_that_nobody_asks_for_any_more_is_a_difference(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        case = staffed(office, reply(), reply()).example(WAITING)
        office.store.db.execute(  # type: ignore[attr-defined]
            "INSERT INTO model_calls (case_number, body) SELECT case_number, json_set(body, '$.input_hash', 'another') FROM model_calls"
        )
        assert fault(office, case) == "The model call of routing on record (input another) was not asked for."

    def test_agents_that_came_later_are_not_asked_about_before(self, office: Office) -> None:
        case = office.example(WAITING)
        staffed(office, reply())
        case = office.decide(case, office.waiting(case)[0].candidates[0], "send_back")
        office.decide(case, "E-021", "approve")
        assert fault(office, case) == "none"
        (found,) = replayed(office.store, case.number)
        assert found.calls == 1


def test_a_replay_writes_nothing(office: Office) -> None:
    every_way(office)
    before = list(office.store.db.iterdump())  # type: ignore[attr-defined]
    erp = office.erp_rows()
    replayed(office.store)
    assert list(office.store.db.iterdump()) == before  # type: ignore[attr-defined]
    assert office.erp_rows() == erp
