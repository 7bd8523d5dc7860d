"""Whatever is interrupted is done once: the process dies between any two writes, and another takes the work up."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver
from office import Office, paper

from signoff.domain.errors import Unavailable
from signoff.domain.states import State
from signoff.graph.audit import verify
from signoff.graph.jobs import known, retry, take_in
from signoff.graph.store.rows import Case, Job, Lease
from signoff.graph.store.sqlite import SqliteStore
from signoff.tools.documents.document import Source
from signoff.tools.erp.sqlite import SqliteERP
from signoff.tools.intake import contents


class Killed(BaseException):
    """No `except Exception` stops it, as none stops a kill."""


def die(monkeypatch: pytest.MonkeyPatch, owner: type, method: str, at: int, after: bool = False) -> None:
    """The process dies at the `at`-th call of a method, before or after it did its work.

    LangGraph swallows what its saver raises, so from then on nothing may be written any more: not a row is left of what a
    dead process would not have done.
    """
    real, calls = getattr(owner, method), 0

    def dead(*_: Any, **__: Any) -> Any:
        raise Killed

    def dying(self: Any, *args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at and after:
            real(self, *args, **more)
        if calls == at:
            for each, name in ((SqliteStore, "transaction"), (SqliteSaver, "put"), (SqliteSaver, "put_writes"), (SqliteERP, "create")):
                monkeypatch.setattr(each, name, dead)
            raise Killed
        return real(self, *args, **more)

    monkeypatch.setattr(owner, method, dying)


def work_killed(office: Office, monkeypatch: pytest.MonkeyPatch, *death: Any) -> None:
    """Work until death, which leaves the job to somebody else."""
    with monkeypatch.context() as patched:
        die(patched, *death)
        with suppress(Killed):
            office.work()
    assert office.store.jobs.open_cases() == {1}, "the process was to die and did not"
    office.close()


def taken(office: Office, source: Source) -> list[Case]:
    return take_in(office.services, source, contents(source))


def run_killed(root: Path, file: str, monkeypatch: pytest.MonkeyPatch, *death: Any) -> None:
    """Take a file in and work until death."""
    office = Office(root)
    taken(office, Source(file, paper(file)))
    work_killed(office, monkeypatch, *death)


def once(office: Office, case: Case) -> None:
    """Nothing in the record happened twice, nothing is left to do, and all of it is whole."""
    happened = Counter(office.told(case))
    assert [e for e, count in happened.items() if count > 1] == []
    assert office.store.jobs.open_cases() == set()
    assert verify(office.store).fault is None


DEATHS = [(SqliteSaver, "put", False), (SqliteSaver, "put", True), (SqliteSaver, "put_writes", False), (SqliteSaver, "put_writes", True)]


@pytest.mark.parametrize(("owner", "method", "after"), DEATHS, ids=lambda v: getattr(v, "__name__", str(v)))
@pytest.mark.parametrize("at", range(1, 8))
def test_a_death_between_store_and_checkpoint_loses_nothing_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, after: bool, at: int
) -> None:
    run_killed(tmp_path, "xml/4500018001.xml", monkeypatch, owner, method, at, after)
    office = Office(tmp_path)
    office.work()
    case = office.case(1)
    assert (case.state, office.erp_rows()) == (State.POSTED, [("4500018001", "confirmed")])
    once(office, case)
    office.close()


@pytest.mark.parametrize("at", range(1, 7))
def test_a_death_on_the_way_to_a_gate_asks_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    run_killed(tmp_path, "xml/4500018014.xml", monkeypatch, SqliteSaver, "put_writes", at, True)
    office = Office(tmp_path)
    office.work()
    case = office.case(1)
    assert case.state is State.NEEDS_APPROVAL
    assert len(office.store.tasks.of_case(1)) == 1
    once(office, case)
    assert office.decide(case, "E-020", "approve").state is State.POSTED
    once(office, case)
    office.close()


@pytest.mark.parametrize("method", ["put", "put_writes"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_a_death_after_an_answer_keeps_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, after: bool, at: int
) -> None:
    office = Office(tmp_path)
    case = office.example("xml/4500018014.xml")
    office.answer(case, "E-020", "approve")
    work_killed(office, monkeypatch, SqliteSaver, method, at, after)
    again = Office(tmp_path)
    again.work()
    assert (again.case(1).state, again.erp_rows()) == (State.POSTED, [("4500018014", "confirmed")])
    once(again, again.case(1))
    again.close()


@pytest.mark.parametrize(("method", "after"), [("find", False), ("create", False), ("create", True)])
def test_a_death_around_the_erp_makes_one_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, after: bool) -> None:
    run_killed(tmp_path, "xml/4500018001.xml", monkeypatch, SqliteERP, method, 1, after)
    office = Office(tmp_path)
    assert office.case(1).state is State.APPROVED
    outbox = office.store.postings.of_case(1)
    assert outbox is not None
    assert (outbox.status, outbox.erp_id) == ("pending", None)
    office.work()
    assert (office.case(1).state, office.erp_rows()) == (State.POSTED, [("4500018001", "confirmed")])
    once(office, office.case(1))
    office.close()


def test_a_lost_checkpoint_file_loses_no_order(tmp_path: Path) -> None:
    office = Office(tmp_path)
    case = office.example("xml/4500018014.xml")
    office.answer(case, "E-020", "approve")
    office.close()
    for path in tmp_path.glob("checkpoints.db*"):
        path.unlink()
    again = Office(tmp_path)
    again.work()
    assert (again.case(1).state, again.erp_rows()) == (State.POSTED, [("4500018014", "confirmed")])
    once(again, again.case(1))
    again.close()


def test_an_erp_that_does_not_answer_fails_the_case_and_a_retry_posts_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)

    def silent(self: SqliteERP, *_: Any) -> None:
        raise Unavailable("The ERP does not answer; try again.")

    async def no_sleep(_: float) -> None:
        return None

    with monkeypatch.context() as patched:
        patched.setattr(SqliteERP, "create", silent)
        patched.setattr(asyncio, "sleep", no_sleep)
        case = office.example("xml/4500018001.xml")
    assert (case.state, case.reason) == (State.FAILED, "The ERP does not answer; try again.")
    assert office.erp_rows() == []
    assert retry(office.services, case.number)
    assert not retry(office.services, case.number)
    office.work()
    assert (office.case(1).state, office.erp_rows()) == (State.POSTED, [("4500018001", "confirmed")])
    once(office, case)
    assert not retry(office.services, case.number)
    office.close()


def test_a_crash_is_the_state_of_its_case_and_nobody_elses_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("by nothing")

    for file in ("xml/4500018001.xml", "xml/4500018002.xml"):
        taken(office, Source(file, paper(file)))
    real = SqliteERP.create
    monkeypatch.setattr(
        SqliteERP, "create", lambda self, order, key, paper=None: broken() if key[:6] == "C00001" else real(self, order, key)
    )
    office.work()
    assert [c.state for c in office.store.cases.listed()] == [State.FAILED, State.POSTED]
    assert office.case(1).reason == "unexpected ZeroDivisionError: by nothing"
    assert verify(office.store).fault is None
    office.close()


def test_a_file_that_is_taken_in_twice_gives_its_cases_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    source = Source("a.xml", paper("xml/4500018001.xml"))
    first = taken(office, source)
    assert taken(office, source) == first
    assert known(office.services, source) == first
    (job,) = office.store.jobs.claim(Lease("w", 0, 1))
    assert job == Job(1, 1, "start", 1, "w")
    office.close()
