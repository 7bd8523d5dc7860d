"""Many people decide the same thing at once: one of them does, and the others are told who."""

from __future__ import annotations

import multiprocessing
import shutil
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from signoff_run import ORDERS, Ran, copied, done, rows, run, started

NAMES = {"E-021": "Jonas Feldkamp", "E-022": "Amira Soltani", "E-030": "Katrin Moosbach", "E-031": "Benno Istvan"}
CHEMICALS = "xml/4500018004.xml"  # compliance signs, once
FORM = "spreadsheets/4500018062.xlsx"  # a buyer confirms the reading, once

SERVER: ForkServerContext = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["pytest", "signoff.app.cli"])


def decided(barrier: Barrier, workspace: Path, case: str, person: str) -> Ran:
    """Wait until everybody is ready, then decide."""
    barrier.wait(60)
    return run("decide", case, "--as", person, "--approve", workspace=workspace)


def _answer(barrier: Barrier, where: tuple[Path, str], person: str, answers: multiprocessing.queues.Queue[tuple[str, Ran]]) -> None:
    answers.put((person, decided(barrier, *where, person)))


def at_once(workspace: Path, case: str, people: list[str]) -> list[tuple[str, Ran]]:
    """A process for each of them, all saying yes in the same moment."""
    barrier, answers = SERVER.Barrier(len(people)), SERVER.Queue()
    processes = [SERVER.Process(target=_answer, args=(barrier, (workspace, case), person, answers)) for person in people]
    for process in processes:
        process.start()
    heard = [answers.get(timeout=120) for _ in people]
    for process in processes:
        process.join(60)
    return heard


def one_won(heard: list[tuple[str, Ran]]) -> str:
    """Who decided; everybody else was refused, and told by whom."""
    winners = [person for person, ran in heard if ran.code == 0]
    assert len(winners) == 1, heard
    for person, ran in heard:
        if person != winners[0] or ran.code:
            assert ran.code == 1, ran
            assert f"was already decided by {NAMES[winners[0]]}" in ran.err, ran
            assert ran.err.count("\n") == 1
    return winners[0]


def posted_once(workspace: Path, case: str) -> None:
    number = int(case[1:])
    assert rows(workspace / "signoff.db", "SELECT state FROM cases WHERE number = ?", number) == [("posted",)]
    assert rows(workspace / "erp.db", "SELECT count(*) FROM purchase_orders WHERE key LIKE ?", f"{case}.%") == [(1,)]
    answers = rows(workspace / "signoff.db", "SELECT answered_by FROM tasks WHERE case_number = ? AND answered_by IS NOT NULL", number)
    assert len(answers) == 1
    assert run("audit", "verify", workspace=workspace).code == 0


@pytest.fixture(scope="module")
def two_waiting(empty_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases that each wait for one sign-off: one for compliance, one for a buyer."""
    folder = tmp_path_factory.mktemp("waiting")
    (folder / "orders").mkdir()
    for name in (CHEMICALS, FORM):
        shutil.copy(ORDERS / name, folder / "orders")
    workspace = copied(empty_company, folder / "workspace")
    done("batch", folder / "orders", workspace=workspace)
    return workspace


@pytest.fixture
def waiting(two_waiting: Path, tmp_path: Path) -> Path:
    return copied(two_waiting, tmp_path / "workspace")


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.slow) for turn in (1, 2))])
def test_two_at_once(waiting: Path, turn: int) -> None:
    for case, people in (("C00001", ["E-030", "E-031"]), ("C00002", ["E-021", "E-022"])):
        one_won(at_once(waiting, case, people[:: 1 if turn % 2 else -1]))
        posted_once(waiting, case)


@pytest.mark.slow
def test_eight_at_once(waiting: Path) -> None:
    one_won(at_once(waiting, "C00001", ["E-030", "E-031"] * 4))
    posted_once(waiting, "C00001")


@pytest.mark.slow
def test_one_person_eight_times(waiting: Path) -> None:
    assert one_won(at_once(waiting, "C00002", ["E-021"] * 8)) == "E-021"
    posted_once(waiting, "C00002")


@pytest.mark.slow
def test_two_of_the_installed_command(waiting: Path) -> None:
    processes = {p: started("decide", "C00001", "--as", p, "--approve", workspace=waiting) for p in ("E-030", "E-031")}
    ends = [(person, *process.communicate(timeout=120), process.returncode) for person, process in processes.items()]
    one_won([(person, Ran(code, out, err)) for person, out, err, code in ends])
    posted_once(waiting, "C00001")


def test_yes_and_no_at_once(waiting: Path) -> None:
    """Whoever wins, the order is in the ERP exactly when the answer that counts was yes."""
    yes = started("decide", "C00001", "--as", "E-030", "--approve", workspace=waiting)
    no = started("decide", "C00001", "--as", "E-031", "--reject", workspace=waiting)
    errors = [process.communicate(timeout=120)[1] for process in (yes, no)]
    assert sorted([yes.returncode, no.returncode]) == [0, 1], errors
    state = "posted" if yes.returncode == 0 else "rejected"
    assert rows(waiting / "signoff.db", "SELECT state FROM cases WHERE number = 1") == [(state,)]
    assert rows(waiting / "erp.db", "SELECT count(*) FROM purchase_orders WHERE key LIKE 'C00001.%'") == [(int(state == "posted"),)]
