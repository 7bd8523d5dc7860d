"""Answers of people: whose counts, what each does, and what is refused with a sentence and without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from office import Office, paper

from signoff.domain.errors import BadInput, Refused
from signoff.domain.reading import DraftOrder, Lane
from signoff.domain.states import State
from signoff.graph.audit import verify
from signoff.graph.desk import Desk
from signoff.graph.store.rows import Case


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    assert verify(office.store).fault is None
    office.close()


def everything(office: Office) -> list[Any]:
    """All that the store holds."""
    tables = ("cases", "steps", "tasks", "jobs", "events", "outbox", "orders", "totals", "prices")
    return [office.store.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # type: ignore[attr-defined]


def refused(office: Office, case: Case, *answer: Any, says: str, kind: type[Exception] = Refused) -> None:
    before = everything(office)
    with pytest.raises(kind, match=says):
        office.answer(case, *answer)
    assert everything(office) == before


def test_an_edit_corrects_and_the_order_is_verified_again(office: Office) -> None:
    case = office.example("xml/4500018026.xml")
    case = office.decide(case, "a.soltani@halvermoor.example", "edit", {"/payable_amount": "189.60"}, note="typing error")
    assert (case.state, case.revision) == (State.POSTED, 1)
    draft = Desk(office.services, case.number).load("draft", DraftOrder)
    assert (draft.order.payable_amount, draft.lane_of("/payable_amount")) == (Decimal("189.60"), Lane.PERSON)
    assert draft.lane_of("/line_total") is Lane.STRUCTURED
    assert draft.evidence["/payable_amount"].where == "entered by E-022"
    answered = next(e for e in office.events(case) if e.type == "task.answered")
    assert (answered.actor, answered.body["edits"], answered.body["note"]) == ("E-022", {"/payable_amount": "189.60"}, "typing error")
    assert office.told(case).count("reading.verified") == 2


def test_an_edit_that_is_still_wrong_asks_again(office: Office) -> None:
    case = office.decide(office.example("xml/4500018026.xml"), "E-021", "edit", {"/payable_amount": "150.00"})
    assert (case.state, case.revision) == (State.NEEDS_REVIEW, 1)
    assert "150.00" in (case.reason or "")
    assert office.decide(case, "E-021", "edit", {"/payable_amount": "189.60"}).state is State.POSTED


def test_an_edit_of_a_signed_step_asks_everybody_again(office: Office) -> None:
    case = office.decide(office.example("xml/4500018005.xml"), "E-012", "approve")
    case = office.decide(
        case,
        "E-010",
        "edit",
        {"/lines/0/quantity": "19", "/lines/0/line_amount": "59280", "/line_total": "59280", "/payable_amount": "59280"},
    )
    assert (case.state, case.revision) == (State.NEEDS_APPROVAL, 1)
    assert [t.candidates for t in office.waiting(case)] == [("E-012",)]
    assert office.store.past.contract_spend("K-2024-030", None) == Decimal("59280")


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ({"/payable_amount": "a lot"}, "/payable_amount cannot be 'a lot'"),
        ({"/issue_date": "31.11.2026"}, "/issue_date cannot be"),
        ({"/payable": "189.60"}, "/payable is no field of an order"),
        ({"/lines/7/quantity": "1"}, "/lines/7/quantity names no place in the order"),
        ({"/lines/0": "1"}, "/lines/0 holds several fields|/lines/0 is no field"),
        ({"/buyer": "Us"}, "/buyer holds several fields"),
        ({"/": "1"}, "/ is no field of an order"),
        ({"": "1"}, "no field|no place|several fields"),
        ({"/lines/-/quantity": "1"}, "no field|no place"),
        ({"/payable_amount": "189.60", "/payable": "1"}, "/payable is no field"),
        ({"/order_number": "9" * 5000}, "/order_number cannot be"),
        ({"/payable_amount": "NaN"}, "/payable_amount cannot be"),
        ({}, "Say what to correct"),
    ],
)
def test_a_bad_edit_is_refused_and_changes_nothing(office: Office, edits: dict[str, str], says: str) -> None:
    case = office.example("xml/4500018026.xml")
    refused(office, case, "E-021", "edit", edits, says=says, kind=BadInput)
    assert office.decide(case, "E-021", "approve").state is State.POSTED


def test_a_rejected_order_commits_nothing_and_ends(office: Office) -> None:
    case = office.example("xml/4500018008.xml")
    assert office.store.past.contract_spend("K-2025-011", None) > 0
    case = office.decide(case, "E-022", "reject", note="ask for the tier price")
    assert (case.state, case.reason) == (State.REJECTED, "Rejected by E-022: ask for the tier price")
    assert office.store.past.contract_spend("K-2025-011", None) == 0
    assert office.waiting(case) == []
    again = office.take(paper("xml/4500018008.xml") + b"<!-- sent again -->", "again.xml")
    assert again.state is State.NEEDS_REVIEW


def test_one_rejection_ends_a_case_that_waits_for_several(office: Office) -> None:
    case = office.decide(office.example("cxml/4500018032.xml"), "E-014", "approve")
    assert len(office.waiting(case)) == 2
    case = office.decide(case, "E-034", "reject")
    assert (case.state, office.waiting(case), office.erp_rows()) == (State.REJECTED, [], [])
    refused(office, case, "E-021", "approve", says="was already decided by Ewa Lindmark .reject.*; it is now rejected")


def test_sent_back_means_a_new_look_at_the_reading(office: Office) -> None:
    case = office.example("xml/4500018005.xml")
    case = office.decide(case, "E-012", "send_back", note="wrong cost centre")
    assert (case.state, case.revision) == (State.NEEDS_REVIEW, 1)
    assert case.reason == "Sent back by E-012: wrong cost centre."
    refused(office, case, "E-021", "send_back", says="is in review already")
    case = office.decide(case, "E-021", "approve")
    assert case.state is State.NEEDS_APPROVAL
    assert [t.candidates for t in office.waiting(case)] == [("E-012",)]
    assert office.sign_all(case).state is State.POSTED


def test_nobody_approves_what_they_requested(office: Office) -> None:
    case = office.take(paper("xml/4500018014.xml", requester="Lena Wichert"))
    assert [t.candidates for t in office.waiting(case)] == [("E-022",)]
    refused(office, case, "E-020", "approve", says="Lena Wichert may not decide this; case C00001 waits for Amira Soltani")
    assert office.decide(case, "E-022", "approve").state is State.POSTED


def test_nobody_accepts_the_exception_of_their_own_order(office: Office) -> None:
    case = office.take(paper("xml/4500018008.xml", requester="Jonas Feldkamp"))
    assert [t.candidates for t in office.waiting(case)] == [("E-022",)]
    refused(office, case, "E-021", "approve", says="Jonas Feldkamp may not decide this")


def test_answers_that_do_not_count_are_refused_and_say_why(office: Office) -> None:
    case = office.example("xml/4500018014.xml")
    refused(office, case, "Nobody Known", "approve", says=r"Nobody Known is not in people.csv")
    refused(
        office, case, "E-030", "approve", says="Katrin Moosbach may not decide this; case C00001 waits for Lena Wichert or Amira Soltani"
    )
    case = office.decide(case, "E-020", "approve")
    refused(office, case, "E-022", "reject", says="Case C00001 was already decided by Lena Wichert .approve.*; it is now posted")
    refused(office, case, "E-020", "approve", says="already decided by Lena Wichert")
    refused(office, office.example("xml/4500018001.xml"), "E-020", "approve", says="Case C00002 waits for nobody; it is posted")


def test_who_has_signed_is_told_whom_the_case_waits_for(office: Office) -> None:
    case = office.decide(office.example("cxml/4500018032.xml"), "E-014", "approve")
    assert "waits for Jonas Feldkamp or Amira Soltani" in office.answer(case, "E-034", "approve")
    refused(office, case, "E-034", "approve", says="Ewa Lindmark has answered already; case C00001 now waits for Jonas Feldkamp")


def test_there_is_no_deciding_about_a_case_that_does_not_exist(office: Office) -> None:
    case = office.example("xml/4500018014.xml")
    with pytest.raises(BadInput, match="There is no case C00999"):
        office.answer(replace(case, number=999), "E-020", "approve")


def test_of_many_who_answer_at_once_one_wins_and_the_others_are_told(office: Office, tmp_path: Path) -> None:
    case = office.example("xml/4500018014.xml")
    answers = [("E-020", "approve"), ("E-022", "reject")] * 4
    offices, start = [Office(tmp_path) for _ in answers], Barrier(len(answers))

    def answer(mine: Office, person: str, decision: str) -> str | Exception:
        start.wait(30)
        try:
            return mine.answer(case, person, decision)
        except Refused as error:
            return error

    with ThreadPoolExecutor(len(answers)) as pool:
        results = list(pool.map(answer, offices, *zip(*answers, strict=True)))
    for each in offices:
        each.close()
    assert [type(r) for r in results].count(str) == 1
    (done,) = office.store.tasks.answered()
    names = {"E-020": "Lena Wichert", "E-022": "Amira Soltani"}
    assert all(f"already decided by {names[done.answered_by or '']}" in str(r) for r in results if isinstance(r, Refused))
    office.work()
    assert office.case(case.number).state is (State.POSTED if done.decision == "approve" else State.REJECTED)
    assert office.told(case).count("task.answered") == 1


def test_an_answer_that_names_its_task_counts_for_no_other(office: Office) -> None:
    case = office.decide(office.example("cxml/4500018032.xml"), "E-014", "approve")
    first, second = office.waiting(case)
    signer = next(p for p in second.candidates if p not in first.candidates)
    before = everything(office)
    with pytest.raises(Refused, match="may not decide this"):
        office.answer(case, signer, "approve", task=first.task_id)
    with pytest.raises(Refused, match="has no task 999"):
        office.answer(case, signer, "approve", task=999)
    assert everything(office) == before
    office.answer(case, signer, "approve", task=second.task_id)
    assert [t.task_id for t in office.waiting(case)] == [first.task_id]
    with pytest.raises(Refused, match="already decided by"):
        office.answer(case, signer, "approve", task=second.task_id)
