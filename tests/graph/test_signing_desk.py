"""Delegates, quorums and four eyes at a real desk: who is let in, in whose place, and that the record proves it and replays."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from office import NOW, Office, paper
from staff import keeping, unopened

from signoff.domain.approvals import Rule
from signoff.domain.errors import Refused
from signoff.domain.people import Directory
from signoff.domain.stages import Approvals
from signoff.domain.states import WAITING, State
from signoff.graph.audit import verify
from signoff.graph.desk import Desk
from signoff.graph.explaining import Explanation
from signoff.graph.replay import Replays
from signoff.graph.standing import waits_for
from signoff.graph.store.rows import Case
from signoff.tools.masterdata.policy import policy_hash

TODAY, PLAIN = NOW.date(), "xml/4500018001.xml"
AWAY = {"absent_from": TODAY, "absent_until": TODAY + dt.timedelta(3)}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = keeping(Office(tmp_path))
    yield office
    assert verify(office.store).fault is None
    replays = Replays(office.store, unopened)
    found = [asyncio.run(replays.replay(case.number)) for case in office.store.cases.listed()]
    assert [r.fault for r in found if r.fault] == []
    office.close()


def company(office: Office, *steps: dict[str, Any], people: dict[str, dict[str, Any]] | None = None) -> None:
    """Every order takes these steps, and some people are otherwise."""
    rule = Rule.model_validate({"name": "All", "steps": steps})
    staff = [p.model_copy(update=(people or {}).get(p.person_id, {})) for p in office.services.people]
    office.services = replace(office.services, people=Directory(staff))
    decided(office, approvals=(rule,))


def decided(office: Office, **changes: Any) -> None:
    """Decide otherwise from now on, and keep what was decided."""
    office.policy(**changes)
    office.services = replace(office.services, policy_hash=policy_hash(office.services.policy))
    keeping(office)


def given(office: Office, case: Case) -> list[tuple[str, str | None]]:
    return [(a.person, a.on_behalf_of) for a in Desk(office.services, case.number).load("approvals", Approvals).answers]


def refused(office: Office, case: Case, person: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        office.answer(case, person, "approve")


def test_a_delegate_signs_in_the_place_of_who_is_away_and_only_then(office: Office) -> None:
    company(office, {"person": "E-014"}, people={"E-014": {"delegate": "E-013"}})
    case = office.example(PLAIN)
    refused(office, case, "E-013", "Anouk Verhalen may not decide this")
    company(office, {"person": "E-014"}, people={"E-014": {"delegate": "E-013", **AWAY}})
    delegate = office.services.people.get("E-013")
    assert delegate is not None
    assert [t.case for t in waits_for(office.services, delegate)] == [case.number]
    case = office.decide(case, "E-013", "approve")
    assert (case.state, given(office, case)) == (State.POSTED, [("E-013", "E-014")])
    (answered,) = [e for e in office.events(case) if e.type == "task.answered"]
    assert list(answered.body["on_behalf_of"].values()) == ["E-014"]


def test_who_is_away_may_still_sign_in_person(office: Office) -> None:
    company(office, {"person": "E-014"}, people={"E-014": {"delegate": "E-013", **AWAY}})
    case = office.decide(office.example(PLAIN), "E-014", "approve")
    assert given(office, case) == [("E-014", None)]


def test_a_delegate_who_is_away_has_their_own_delegate_act(office: Office) -> None:
    chain = {"E-014": {"delegate": "E-013", **AWAY}, "E-013": {"delegate": "E-012", **AWAY}}
    company(office, {"person": "E-014"}, people=chain)
    case = office.example(PLAIN)
    refused(office, case, "E-013", "may not decide this")
    assert given(office, office.decide(case, "E-012", "approve")) == [("E-012", "E-014")]


def test_the_requester_signs_for_nobody(office: Office) -> None:
    """Lena Wichert requests, and stands in for the one who is asked."""
    company(office, {"all_of": [{"person": "E-014"}, {"role": "buyer"}]}, people={"E-014": {"delegate": "E-020", **AWAY}})
    case = office.take(paper("xml/4500018014.xml", requester="Lena Wichert"))
    labels = {t.label: t.candidates for t in office.waiting(case)}
    assert labels["Tobias Renck in place of Ruben Castellar"] == ("E-002",)
    refused(office, case, "E-020", "Lena Wichert may not decide this")


def test_a_delegate_named_later_who_requested_the_order_is_not_let_in(office: Office) -> None:
    company(office, {"person": "E-014"})
    case = office.take(paper("xml/4500018014.xml", requester="Lena Wichert"))
    assert [t.candidates for t in office.waiting(case)] == [("E-014",)]
    company(office, {"person": "E-014"}, people={"E-014": {"delegate": "E-020", **AWAY}})
    refused(office, case, "E-020", "Lena Wichert may not decide this")
    company(office, {"person": "E-014"}, people={"E-014": {"delegate": "E-021", **AWAY}, "E-021": {"delegate": "E-020", **AWAY}})
    refused(office, case, "E-020", "Lena Wichert may not decide this")


def test_a_quorum_takes_different_people_also_through_delegates(office: Office) -> None:
    away = {"E-030": {"delegate": "E-031", **AWAY}}
    company(office, {"role": "compliance", "quorum": 2}, people=away)
    case = office.example(PLAIN)
    assert [t.candidates for t in office.waiting(case)] == [("E-030", "E-031")] * 2
    case = office.decide(case, "E-031", "approve")
    assert case.state is State.NEEDS_APPROVAL
    refused(office, case, "E-031", "cannot sign case C00001 here: it asks for different people")
    case = office.decide(case, "E-030", "approve")
    assert (case.state, given(office, case)) == (State.POSTED, [("E-031", None), ("E-030", None)])


def test_a_quorum_of_several_closes_when_enough_signed(office: Office) -> None:
    company(office, {"quorum": 2, "of": [{"role": "legal"}, {"role": "compliance"}, {"person": "E-002"}]})
    case = office.example(PLAIN)
    assert len(office.waiting(case)) == 3
    office.decide(case, "E-002", "approve")
    case = office.decide(case, "E-033", "approve")
    assert (case.state, office.waiting(case)) == (State.POSTED, [])


def test_four_eyes_over_steps_and_whoever_is_needed_later_is_kept_free(office: Office) -> None:
    company(office, {"role": "procurement_manager"}, {"person": "E-020", "distinct": True})
    case = office.example(PLAIN)
    refused(office, case, "E-020", "needed for another sign-off")
    case = office.decide(case, "E-022", "approve")
    assert [t.candidates for t in office.waiting(case)] == [("E-020",)]
    assert office.decide(case, "E-020", "approve").state is State.POSTED


def test_one_person_of_two_roles_gives_two_sign_offs_unless_they_must_differ(office: Office) -> None:
    both = {"all_of": [{"role": "buyer"}, {"role": "procurement_manager"}]}
    company(office, both)
    assert office.decide(office.example(PLAIN), "E-022", "approve").state is State.POSTED
    company(office, {**both, "distinct": True})
    case = office.decide(office.example("xml/4500018002.xml"), "E-022", "approve")
    assert len(office.waiting(case)) == 1
    refused(office, case, "E-022", "asks for different people|answered already")
    assert office.decide(case, office.waiting(case)[0].candidates[0], "approve").state is State.POSTED


def test_findings_go_to_persons_and_managers_as_the_policy_says(office: Office) -> None:
    gates = office.services.policy.gates.model_validate(
        {"owners": {"tier_price_missed": {"person": "E-023"}, "price_above_contract": {"management": True}}}
    )
    decided(office, gates=gates)
    case = office.example("xml/4500018008.xml")
    asked = {t.label: t.candidates for t in office.waiting(case)}
    assert set(asked) <= {"person:E-023", "management"}
    assert all(c == ("E-023",) for label, c in asked.items() if label.startswith("person"))
    for task in office.waiting(case):
        case = office.decide(case, task.candidates[0], "approve")
    assert case.state is not State.NEEDS_REVIEW


def test_the_route_is_explained_with_who_may_sign_now(office: Office) -> None:
    company(office, {"person": "E-014"}, {"role": "legal"}, people={"E-014": {"delegate": "E-013", **AWAY}})
    case = office.example(PLAIN)
    first, second = Explanation(office.services, case.number).steps()
    assert (first.standing, first.sign_offs[0].may, second.standing) == ("now", {"E-014": None, "E-013": "E-014"}, "later")
    office.decide(case, "E-013", "approve")
    first, second = Explanation(office.services, case.number).steps()
    assert (first.standing, second.standing, sorted(second.sign_offs[0].may)) == ("signed", "now", ["E-032", "E-033"])
    assert list(Explanation(office.services, case.number).others()) == []


STEPS = (
    {"role": "compliance", "quorum": 2}, {"role": "legal", "distinct": True}, {"management": True, "up_to_level": 2},
    {"any_of": [{"role": "buyer"}, {"person": "E-002"}]}, {"all_of": [{"role": "planner"}, {"role": "it_security"}], "distinct": True},
    {"quorum": 2, "of": [{"role": "controlling"}, {"role": "buyer"}, {"role": "legal"}]}, {"cost_center_owner": True},
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_whoever_comes_the_desk_ends_with_an_order_that_keeps_its_promise(office: Office, seed: int) -> None:
    """People come in any order, some for others; wrong ones are refused; the approved order checks itself when it is made."""
    chance = Random(seed)
    ids = [p.person_id for p in office.services.people]
    away = {i: {"delegate": chance.choice([j for j in ids if j != i]), **AWAY} for i in chance.sample(ids, 8)}
    company(office, *chance.sample(STEPS, 3), people=away)
    asker = chance.choice(list(office.services.people))
    case = office.take(paper("xml/4500018014.xml", requester=asker.name))
    for _ in range(40):
        case = office.case(case.number)
        if case.state not in WAITING:
            break
        for person in chance.sample(ids, len(ids)):
            try:
                office.answer(case, person, "approve")
            except Refused:
                continue
            assert person != asker.person_id
            break
        office.work()
    assert office.case(case.number).state is State.POSTED
