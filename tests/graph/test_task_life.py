"""The life of a task: reminders and escalation on a clock, questions, remarks, tasks given on; what an edit ends; all of it replayed."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from office import NOW, Office, paper
from staff import keeping, unopened

from signoff.app.story import Story
from signoff.domain.approvals import Rule
from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Directory
from signoff.domain.sla import Level, Sla, Special
from signoff.domain.stages import Approvals
from signoff.domain.states import State
from signoff.domain.working_time import Calendar
from signoff.graph.audit import verify
from signoff.graph.clockwork import Tended, due, tend
from signoff.graph.conversing import Handover, Inquiry, Remark, Reply, say
from signoff.graph.desk import Desk
from signoff.graph.replay import Replays
from signoff.graph.standing import waits_for
from signoff.graph.store.rows import Case, Task
from signoff.tools.masterdata.policy import policy_hash

SIGNED_BY_MANAGER, BY_ROLE, EXCEPTION = "xml/4500018006.xml", "xml/4500018004.xml", "xml/4500018008.xml"
CALENDAR = Calendar(time_zone="Europe/Berlin", hours="09:00-17:00", holidays=(dt.date(2026, 11, 24),))
LEVEL = Level(remind_after="4 hours", remind_every="1 day", escalate_after="2 days")
SLA = Sla(review=LEVEL, exception=LEVEL, approval=LEVEL, question=Level(remind_after="1 day"))
HOUR = dt.timedelta(hours=1)
AWAY = {"absent_from": NOW.date(), "absent_until": NOW.date() + dt.timedelta(30)}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """It is Friday, 10:30 in Berlin."""
    office = Office(tmp_path)
    decided(office, sla=SLA, calendar=CALENDAR)
    yield office
    assert verify(office.store).fault is None
    replays = Replays(office.store, unopened)
    found = [asyncio.run(replays.replay(case.number)) for case in office.store.cases.listed()]
    assert [r.fault for r in found if r.fault] == []
    office.close()


def decided(office: Office, **changes: Any) -> None:
    """Decide otherwise from now on, and keep what was decided."""
    office.policy(**changes)
    office.services = replace(office.services, policy_hash=policy_hash(office.services.policy))
    keeping(office)


def people(office: Office, **changes: dict[str, Any]) -> None:
    """Some people are otherwise from now on: `E_012={...}`."""
    staff = [p.model_copy(update=changes.get(p.person_id.replace("-", "_"), {})) for p in office.services.people]
    office.services = replace(office.services, people=Directory(staff))
    keeping(office)


def later(office: Office, span: dt.timedelta) -> dt.datetime:
    now = office.services.clock() + span
    office.services = replace(office.services, clock=lambda: now)
    return now


def tick(office: Office) -> list[Tended]:
    """Everything that time has done by now, as a worker does it."""
    return [done for task in due(office.services) if (done := tend(office.services, task.case, task.task_id))]


def task(office: Office, case: Case, kind: str = "") -> Task:
    return next(t for t in office.waiting(case) if not kind or t.kind == kind)


def said(office: Office, case: Case, what: Any) -> str:
    return say(office.services, case.number, what)


def waiting_for(office: Office, person: str) -> list[int]:
    found = office.services.people.get(person)
    assert found
    return [t.task_id for t in waits_for(office.services, found)]


def story(office: Office, case: Case) -> str:
    return "\n".join(t.text for t in Story(office.services, case.number).told())


class TestClock:
    def test_a_week_hour_by_hour(self, office: Office) -> None:
        """Asked on Friday 10:30; reminded the same day, on Monday, and (Tuesday is a holiday) escalated on Wednesday, and so on up."""
        case = office.example(SIGNED_BY_MANAGER)
        happened = []
        for _ in range(14 * 24):
            now = later(office, HOUR)
            happened += [(f"{CALENDAR.local(now):%a %H:%M}", d.what, *d.people) for d in tick(office)]
        assert happened == [
            ("Fri 14:30", "reminded", "E-012"),
            ("Mon 14:30", "reminded", "E-012"),
            ("Wed 10:30", "escalated", "E-010"),
            ("Wed 14:30", "reminded", "E-012", "E-010"),
            ("Thu 14:30", "reminded", "E-012", "E-010"),
            ("Fri 10:30", "escalated", "E-003"),
            ("Fri 14:30", "reminded", "E-012", "E-010", "E-003"),
            ("Mon 14:30", "reminded", "E-012", "E-010", "E-003"),
            ("Tue 10:30", "escalated", "E-001"),
            ("Tue 14:30", "reminded", "E-012", "E-010", "E-003", "E-001"),
            ("Wed 14:30", "reminded", "E-012", "E-010", "E-003", "E-001"),
            ("Thu 10:30", "escalated"),  # nobody is above the managing director, and it stands so in the record
            ("Thu 14:30", "reminded", "E-012", "E-010", "E-003", "E-001"),
        ]
        assert "It was not answered in time; nobody is left above them to ask." in story(office, case)
        assert office.case(case.number).state is State.NEEDS_APPROVAL

    def test_a_worker_that_slept_does_what_is_due_once(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        later(office, dt.timedelta(days=20))
        assert [(d.what, d.people) for d in tick(office)] == [("escalated", ("E-010",))]
        assert tick(office) == []
        assert office.told(case)[-1] == "task.escalated"

    def test_whoever_it_was_escalated_to_signs_in_the_place_of_who_was_asked(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        later(office, dt.timedelta(days=5))
        tick(office)
        assert waiting_for(office, "E-010") == [task(office, case).task_id]
        case = office.decide(case, "E-010", "approve")
        assert case.state is State.POSTED
        (answer,) = Desk(office.services, case.number).load("approvals", Approvals).answers
        assert (answer.person, answer.on_behalf_of) == ("E-010", "E-012")
        assert "It was not answered in time; also asked: Cornelius Bahr (E-010) in place of Pavel Stanek (E-012)." in story(office, case)

    def test_nobody_is_asked_to_decide_on_what_they_requested(self, office: Office) -> None:
        case = office.take(paper(EXCEPTION, requester="Lena Wichert"))
        later(office, dt.timedelta(days=5))
        assert [d.people for d in tick(office)] == [("E-002",)], "the buyers' manager requested it, so hers is asked"
        with pytest.raises(Refused, match="may not decide this"):
            office.answer(case, "E-020", "approve")

    def test_away_with_nobody_in_their_place_it_is_escalated_at_once(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        assert tick(office) == []
        people(office, E_012=AWAY)
        assert [(d.what, d.people) for d in tick(office)] == [("escalated", ("E-010",))]
        assert tick(office) == []
        assert "Whoever is asked is away, and nobody stands in" in story(office, case)

    def test_away_with_a_delegate_nothing_is_escalated(self, office: Office) -> None:
        office.example(SIGNED_BY_MANAGER)
        people(office, E_012=AWAY | {"delegate": "E-011"})
        assert tick(office) == []
        later(office, 5 * HOUR)
        assert [(d.what, d.people) for d in tick(office)] == [("reminded", ("E-011",))]

    def test_a_manager_who_is_away_has_their_delegate_asked(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        people(office, E_010=AWAY | {"delegate": "E-011"})
        later(office, dt.timedelta(days=5))
        assert [d.people for d in tick(office)] == [("E-011",)]
        assert office.decide(case, "E-011", "approve").state is State.POSTED

    def test_the_policy_names_a_role_and_another_level(self, office: Office) -> None:
        special = Special(roles=("compliance",), remind_after="1 hour", escalate_after="2 hours", escalate_to="legal")
        decided(office, sla=SLA.model_copy(update={"overrides": (special,)}))
        office.example(BY_ROLE)
        later(office, 2 * HOUR)
        assert [(d.what, d.people) for d in tick(office)] == [("escalated", ("E-032", "E-033"))]

    def test_without_an_sla_time_does_nothing(self, office: Office) -> None:
        decided(office, sla=Sla())
        case = office.example(SIGNED_BY_MANAGER)
        later(office, dt.timedelta(days=100))
        assert tick(office) == []
        assert task(office, case).standing.due_at is None

    def test_two_workers_at_once_remind_once(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        number = task(office, case).task_id
        now = later(office, 5 * HOUR)
        both = Barrier(2)

        def work(_: int) -> Tended | None:
            other = Office(office.root)
            services = replace(office.services, store=other.store, clock=lambda: now)
            both.wait()
            try:
                return tend(services, case.number, number)
            finally:
                other.close()

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(work, range(2)))
        assert sorted(d is None for d in done) == [False, True]
        assert office.told(case).count("task.reminded") == 1
        assert len(office.store.notices.unsent()) == 1

    def test_the_four_eyes_hold_when_it_is_escalated(self, office: Office) -> None:
        rule = Rule.model_validate({"name": "Two", "steps": [{"role": "planner", "quorum": 2}]})
        decided(office, approvals=(rule,))
        case = office.example("xml/4500018001.xml")
        later(office, dt.timedelta(days=5))
        assert {d.people for d in tick(office)} == {("E-012",)}, "the planners' manager, for both"
        case = office.decide(case, "E-012", "approve")
        assert case.state is State.NEEDS_APPROVAL
        with pytest.raises(Refused, match="different people"):
            office.answer(case, "E-012", "approve")
        assert office.decide(case, "E-024", "approve").state is State.POSTED


class TestTelling:
    """Whoever is asked hears of it when the worker next looks, once, unless it was settled before."""

    @pytest.fixture(autouse=True)
    def _told(self, office: Office) -> None:
        decided(office, sla=SLA.model_copy(update={"approval": LEVEL.model_copy(update={"tell": True})}))

    def test_once(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        assert [(d.what, d.people) for d in tick(office)] == [("told", ("E-012",))]
        assert tick(office) == []
        (notice,) = office.store.notices.unsent()
        assert notice.subject.startswith("For you: order 4500018006 to ")
        assert "Please answer by 2026-11-25 10:30 (Europe/Berlin)." in notice.body
        assert "Pavel Stanek (E-012) was told of it." in story(office, case)
        later(office, 4 * HOUR)
        assert [d.what for d in tick(office)] == ["reminded"]

    def test_each_step_when_it_is_asked_for(self, office: Office) -> None:
        case = office.example("xml/4500018005.xml")
        assert [d.people for d in tick(office)] == [("E-012",)]
        office.decide(case, "E-012", "approve")
        assert [(d.what, d.people) for d in tick(office)] == [("told", ("E-010",))]

    def test_not_of_what_is_settled_given_on_or_nothing_but_a_question(self, office: Office) -> None:
        office.decide(office.example(BY_ROLE), "E-030", "approve")
        given = office.example(SIGNED_BY_MANAGER)
        said(office, given, Handover(person="E-012", to="E-011"))
        said(office, given, Inquiry(person="E-011", to="E-042", text="Why?"))
        assert tick(office) == []
        assert [n.person for n in office.store.notices.unsent()] == ["E-011"], "those of one person at a time"

    def test_a_delegate_in_the_place_of_who_is_away(self, office: Office) -> None:
        office.example(SIGNED_BY_MANAGER)
        people(office, E_012=AWAY | {"delegate": "E-011"})
        assert [(d.what, d.people) for d in tick(office)] == [("told", ("E-011",))]


class TestQuestions:
    def test_the_requester_is_asked_and_time_stands_still(self, office: Office) -> None:
        case = office.example(BY_ROLE)
        told = said(office, case, Inquiry(person="E-030", to="Dilara Kocak", text="Which hall is it for?"))
        assert told.startswith("Dilara Kocak is asked")
        question = task(office, case, "question")
        assert waiting_for(office, "E-043") == [question.task_id]
        assert task(office, case, "approval").task_id in waiting_for(office, "E-030")
        assert "It waits for an answer of Dilara Kocak (E-043)." in story(office, case)
        later(office, dt.timedelta(days=3))
        assert [(d.what, d.people) for d in tick(office)] == [("reminded", ("E-043",))], "the question is due, the task is not"
        assert said(office, case, Reply(person="E-043", text="Hall 2.")) == "Katrin Moosbach has the answer."
        assert tick(office) == []
        assert "Dilara Kocak (E-043) answered the question: Hall 2." in story(office, case)
        later(office, dt.timedelta(days=1))
        assert [d.what for d in tick(office)] == ["reminded"], "three and a half hours of the first four were left"
        assert office.decide(case, "E-030", "approve").state is State.POSTED

    def test_a_question_settles_nothing(self, office: Office) -> None:
        case = office.example(BY_ROLE)
        said(office, case, Inquiry(person="E-030", to="E-043", text="Why?"))
        number = task(office, case, "question").task_id
        with pytest.raises(Refused, match="is a question"):
            office.answer(case, "E-043", "approve", task=number)
        with pytest.raises(Refused, match="may not decide this"):
            office.answer(case, "E-043", "approve")
        said(office, case, Reply(person="E-043", text="approve"))
        assert office.case(case.number).state is State.NEEDS_APPROVAL

    def test_the_time_goes_on_after_the_last_answer(self, office: Office) -> None:
        case = office.example(BY_ROLE)
        for who in ("E-043", "E-021"):
            said(office, case, Inquiry(person="E-030", to=who, text="Why?"))
        said(office, case, Reply(person="E-021", text="I do not know."))
        assert task(office, case, "approval").standing.paused_at is not None
        said(office, case, Reply(person="E-043", text="I do."))
        assert task(office, case, "approval").standing.paused_at is None

    def test_a_delegate_answers_for_who_is_away(self, office: Office) -> None:
        case = office.example(BY_ROLE)
        said(office, case, Inquiry(person="E-030", to="E-043", text="Why?"))
        people(office, E_043=AWAY | {"delegate": "E-042"})
        said(office, case, Reply(person="E-042", text="They told me."))
        assert "Georg Paulsen (E-042) answered the question in place of Dilara Kocak (E-043)" in story(office, case)

    def test_who_decides_without_the_answer_closes_the_question(self, office: Office) -> None:
        case = office.example(BY_ROLE)
        said(office, case, Inquiry(person="E-030", to="E-043", text="Why?"))
        case = office.decide(case, "E-030", "approve")
        assert case.state is State.POSTED
        assert office.waiting(case) == []
        assert "1 question that nobody had answered is closed with it." in story(office, case)
        with pytest.raises(Refused, match="has no open question for Dilara Kocak"):
            said(office, case, Reply(person="E-043", text="Late."))

    @pytest.mark.parametrize(
        ("what", "kind", "told"),
        [
            (Inquiry(person="E-044", to="E-043", text="Why?"), Refused, "has no open task for Fiete Brandhorst.*signoff comment"),
            (Inquiry(person="E-030", to="E-030", text="Why?"), BadInput, "cannot ask themself"),
            (Inquiry(person="E-030", to="Nobody Known", text="Why?"), BadInput, "is not in people.csv"),
            (Inquiry(person="E-030", to="E-043", text="  "), BadInput, "nothing in the text"),
            (Remark(person="E-030", text="x" * 5000), BadInput, "4000 are the most"),
            (Reply(person="E-043", text="Because."), Refused, "has no open question for Dilara Kocak"),
        ],
        ids=lambda v: v.__name__ if isinstance(v, type) else str(v)[:24],
    )
    def test_what_cannot_be_said(self, office: Office, what: Any, kind: type[Exception], told: str) -> None:
        case = office.example(BY_ROLE)
        before = office.told(case)
        with pytest.raises(kind, match=told):
            said(office, case, what)
        assert office.told(case) == before

    def test_a_remark_changes_nothing(self, office: Office) -> None:
        case = office.example(BY_ROLE)
        said(office, case, Remark(person="E-044", text="They deliver late."))
        assert office.case(case.number).state is State.NEEDS_APPROVAL
        assert "Fiete Brandhorst (E-044) remarked: They deliver late." in story(office, case)


class TestForwarding:
    def test_the_other_answers_in_their_place(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        number = task(office, case).task_id
        said(office, case, Handover(person="E-012", to="E-011", note="You know them."))
        assert (waiting_for(office, "E-011"), waiting_for(office, "E-012")) == ([number], [])
        case = office.decide(case, "E-011", "approve")
        assert case.state is State.POSTED
        (answer,) = Desk(office.services, case.number).load("approvals", Approvals).answers
        assert (answer.person, answer.on_behalf_of) == ("E-011", "E-012")
        assert "gave it to Ilse Grothmann (E-011) to answer in their place. Note: You know them." in story(office, case)

    def test_who_gave_it_on_may_still_answer(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        said(office, case, Handover(person="E-012", to="E-011"))
        assert office.decide(case, "E-012", "approve").state is State.POSTED

    def test_it_is_given_on_again_and_the_first_is_still_whose_place_it_is(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        said(office, case, Handover(person="E-012", to="E-011"))
        said(office, case, Handover(person="E-011", to="E-010"))
        case = office.decide(case, "E-010", "approve")
        (answer,) = Desk(office.services, case.number).load("approvals", Approvals).answers
        assert (answer.person, answer.on_behalf_of) == ("E-010", "E-012")

    def test_within_a_role_it_is_theirs(self, office: Office) -> None:
        case = office.example(BY_ROLE)
        said(office, case, Handover(person="E-030", to="E-031"))
        assert waiting_for(office, "E-030") == []
        case = office.decide(case, "E-031", "approve")
        (answer,) = Desk(office.services, case.number).load("approvals", Approvals).answers
        assert (answer.person, answer.on_behalf_of) == ("E-031", None)

    @pytest.mark.parametrize(
        ("file", "who", "to", "told"),
        [
            (SIGNED_BY_MANAGER, "E-012", "E-042", "nobody decides on what they requested"),
            (SIGNED_BY_MANAGER, "E-012", "E-021", "a limit that covers the amount, or be a manager of Pavel Stanek"),
            (BY_ROLE, "E-030", "E-002", "the role compliance, or be a manager of Katrin Moosbach"),
            (EXCEPTION, "E-021", "E-003", "the role buyer, or be a manager of Jonas Feldkamp"),
            (BY_ROLE, "E-021", "E-030", "has no open task for Jonas Feldkamp"),
        ],
    )
    def test_to_whom_it_may_not_be_given(self, office: Office, file: str, who: str, to: str, told: str) -> None:
        case = office.example(file)
        with pytest.raises(Refused, match=told):
            said(office, case, Handover(person=who, to=to))

    def test_not_to_who_is_away(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        people(office, E_011=AWAY)
        with pytest.raises(Refused, match="Ilse Grothmann is away until 2026-12-20"):
            said(office, case, Handover(person="E-012", to="E-011"))

    def test_a_delegate_gives_on_what_they_answer(self, office: Office) -> None:
        case = office.example(SIGNED_BY_MANAGER)
        people(office, E_012=AWAY | {"delegate": "E-021"})
        said(office, case, Handover(person="E-021", to="E-011"))
        case = office.decide(case, "E-011", "approve")
        (answer,) = Desk(office.services, case.number).load("approvals", Approvals).answers
        assert (answer.person, answer.on_behalf_of) == ("E-011", "E-012")

    def test_four_eyes_hold(self, office: Office) -> None:
        rule = Rule.model_validate({"name": "Two", "steps": [{"role": "buyer"}, {"role": "planner", "distinct": True}]})
        decided(office, approvals=(rule,))
        case = office.example("xml/4500018001.xml")
        case = office.decide(case, "E-021", "approve")
        said(office, case, Handover(person="E-023", to="E-012"))
        people(office, E_021={"roles": ("buyer", "planner")})
        with pytest.raises(Refused):
            office.answer(case, "E-021", "approve")
        assert office.decide(case, "E-012", "approve").state is State.POSTED


class TestRevision:
    @pytest.mark.parametrize("answer", ["send_back", "edit"])
    def test_an_edit_ends_what_was_signed_asked_and_given_on(self, office: Office, answer: str) -> None:
        case = office.decide(office.example("xml/4500018005.xml"), "E-012", "approve")
        first = task(office, case)
        said(office, case, Inquiry(person="E-010", to="E-042", text="Why now?"))
        said(office, case, Handover(person="E-010", to="E-003"))
        case = office.decide(case, "E-003", answer, {"/cost_center": "CC-4100"} if answer == "edit" else {})
        if answer == "send_back":
            assert case.state is State.NEEDS_REVIEW
            case = office.decide(case, "E-021", "approve")
        while office.case(case.number).state is State.NEEDS_REVIEW:
            case = office.decide(case, office.waiting(case)[0].candidates[0], "approve")
        again = task(office, case)
        assert (again.revision, again.candidates, again.standing.holder, again.standing.places) == (1, ("E-012",), None, {})
        assert first.task_id not in {t.task_id for t in office.waiting(case)}
        assert [t.kind for t in office.waiting(case)] == ["approval"], "the question is closed"
        assert "what was decided, asked or given on about it before no longer counts" in story(office, case)
        assert "1 question that nobody had answered is closed with it." in story(office, case)
        with pytest.raises(Refused, match=f"task {first.task_id}|was already decided"):
            office.answer(case, "E-010", "approve", task=first.task_id)
        signers = {t.answered_by for t in office.store.tasks.of_case(case.number) if t.revision == 1 and t.kind == "approval"}
        assert signers == {None}, "who signed before signs again"


class TestRecord:
    @pytest.mark.parametrize(
        "standing",
        ['{"stand_ins":[{"person":"E-044","principal":"E-012"}]}', '{"holder":"E-044"}', "{}"],
        ids=["stand-in", "holder", "none"],
    )
    def test_who_may_answer_cannot_be_changed_behind_the_record(self, tmp_path: Path, standing: str) -> None:
        office = Office(tmp_path)
        decided(office, sla=SLA, calendar=CALENDAR)
        office.example(SIGNED_BY_MANAGER)
        assert verify(office.store).fault is None
        office.store.db.execute("UPDATE tasks SET standing = ?", (standing,))
        assert verify(office.store).fault == "Who may answer task 1 of case C00001, or by when, is not what is on record."
        office.close()
