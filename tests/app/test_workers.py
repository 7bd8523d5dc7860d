"""Several workers on one store: work that is queued, put off, taken over, set aside and taken up again."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench_letters import LETTER
from llm_brains import nothing
from llm_server import LlmServer
from signoff_run import ORDERS, SIGNOFF, copied, done, environment, make_company, rows, run

from signoff.domain.errors import Unavailable
from signoff.tools.erp.sqlite import SqliteERP

DYING = Path(__file__).parents[1] / "graph" / "dying.py"
FILES = ("4500018001.xml", "4500018002.xml", "4500018003.xml")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_company(tmp_path_factory.mktemp("company") / "workspace")


@pytest.fixture
def workspace(company: Path, tmp_path: Path) -> Path:
    return copied(company, tmp_path / "workspace")


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    folder = tmp_path / "orders"
    folder.mkdir()
    for file in FILES:
        (folder / file).write_bytes((ORDERS / "xml" / file).read_bytes())
    return folder


def states(workspace: Path) -> list[object]:
    return [state for (state,) in rows(workspace / "signoff.db", "SELECT state FROM cases ORDER BY number")]


def jobs(workspace: Path, status: str) -> int:
    return len(rows(workspace / "signoff.db", "SELECT 1 FROM jobs WHERE status = ?", status))


def change(workspace: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(workspace / "signoff.db") as db:
        db.execute(statement, values)


class TestQueued:
    def test_a_batch_leaves_the_work_to_a_worker(self, workspace: Path, orders: Path) -> None:
        told = done("batch", orders, "--enqueue", workspace=workspace)
        assert "3 orders taken in. 3 are on their way" in told
        assert (states(workspace), jobs(workspace, "queued")) == (["received"] * 3, 3)
        assert done("worker", "--once", workspace=workspace).count("did=job") == 3
        assert (states(workspace), jobs(workspace, "done")) == (["posted"] * 3, 3)
        assert "0 are on their way" in done("batch", orders, "--enqueue", workspace=workspace)
        assert "came out the same" in done("replay", "--all", workspace=workspace)


class Away:
    """An ERP that does not answer, until it is back."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        patch.setattr("signoff.graph.posting.ATTEMPTS", 1)
        patch.setattr(SqliteERP, "create", self.silent)

    def silent(self, *_: object) -> None:
        raise Unavailable("The ERP cannot be reached; try again.")

    def back(self) -> None:
        self.patch.undo()


class TestOutage:
    @pytest.fixture
    def away(self) -> Iterator[Away]:
        with pytest.MonkeyPatch.context() as patch:
            yield Away(patch)

    @pytest.fixture
    def stranded(self, workspace: Path, orders: Path) -> Path:
        done("batch", orders, "--enqueue", workspace=workspace)
        return workspace

    def test_a_worker_waits_for_the_erp(self, stranded: Path, away: Away) -> None:
        done("worker", "--once", workspace=stranded)
        assert (states(stranded), jobs(stranded, "queued")) == (["approved"] * 3, 3)
        assert "Put off for 30 seconds: The ERP cannot be reached; try again." in done("why", "C00001", workspace=stranded)
        assert done("worker", "--once", workspace=stranded).count("did=job") == 0  # not yet
        away.back()
        change(stranded, "UPDATE jobs SET not_before = 0")
        assert done("worker", "--once", workspace=stranded).count("did=job") == 3
        assert states(stranded) == ["posted"] * 3
        assert "came out the same" in done("replay", "--all", workspace=stranded)

    def test_after_many_times_it_gives_up_and_says_so(self, stranded: Path, away: Away) -> None:
        done("worker", "--once", workspace=stranded)
        change(stranded, "UPDATE jobs SET not_before = 0, delays = 8")
        done("worker", "--once", workspace=stranded)
        assert (states(stranded), jobs(stranded, "failed")) == (["failed"] * 3, 3)
        assert "cannot be reached" in done("why", "C00001", workspace=stranded)

    def test_failed_cases_are_taken_up_again_by_command(self, stranded: Path, orders: Path, away: Away) -> None:
        assert run("batch", orders, workspace=stranded).code == 1
        ran = run("retry", "C00001", workspace=stranded)
        assert (ran.code, "C00001 is failed now" in ran.out) == (1, True)
        away.back()
        assert "C00001 is posted now" in done("retry", "C00001", workspace=stranded)
        assert done("retry", "--failed", workspace=stranded).count("is posted now") == 2
        assert run("retry", "C00001", workspace=stranded).code == 1  # nothing to take up
        assert states(stranded) == ["posted"] * 3
        ran = run("replay", "--all", workspace=stranded)
        assert ran.code == 0, ran

    def test_another_erp_does_not_get_what_was_on_its_way_to_the_first(self, stranded: Path, orders: Path, away: Away) -> None:
        assert run("batch", orders, workspace=stranded).code == 1
        away.back()
        (stranded / "erp.yaml").write_text("kind: files\nformat: ubl\n", encoding="utf-8")
        assert run("retry", "--failed", workspace=stranded).code == 1
        assert "was on its way to the built-in ERP" in done("why", "C00001", workspace=stranded)
        (stranded / "erp.yaml").unlink()
        assert done("retry", "--failed", workspace=stranded).count("is posted now") == 3

    def test_it_is_said_what_to_take_up(self, workspace: Path) -> None:
        for arguments in ((), ("C00001", "--failed")):
            assert run("retry", *arguments, workspace=workspace).code == 2


class TestPoison:
    def died_often(self, workspace: Path, reached: int) -> None:
        """The first job was begun five times, and its workers died when the case had so many events."""
        dead = f"{socket.gethostname()}-1-dead"
        query = "UPDATE jobs SET status = 'running', owner = ?, begun = 5, attempts = 6, reached = ? WHERE job_id = 1"
        change(workspace, query, dead, reached)

    def test_it_takes_no_other_job_along(self, workspace: Path, orders: Path) -> None:
        done("batch", orders, "--enqueue", workspace=workspace)
        command = [sys.executable, str(DYING), "order.read:1", "worker", "--once", "--concurrency", "3"]
        codes = [subprocess.run(command, env=os.environ | environment(workspace), capture_output=True).returncode for _ in range(7)]
        assert codes == [-signal.SIGKILL] * 6 + [0]
        assert (states(workspace), jobs(workspace, "set_aside")) == (["failed", "posted", "posted"], 1)

    def test_a_case_that_has_come_to_its_end_is_not_set_aside(self, workspace: Path, orders: Path) -> None:
        done("batch", orders, workspace=workspace)
        [(events,)] = rows(workspace / "signoff.db", "SELECT count(*) FROM events WHERE case_number = 1")
        self.died_often(workspace, reached=int(events))
        done("worker", "--once", workspace=workspace)
        assert (states(workspace), jobs(workspace, "done")) == (["posted"] * 3, 3)

    def test_a_job_that_kills_its_workers_is_set_aside_and_others_go_on(self, workspace: Path, orders: Path) -> None:
        done("batch", orders, "--enqueue", workspace=workspace)
        self.died_often(workspace, reached=1)
        done("worker", "--once", workspace=workspace)
        assert states(workspace) == ["failed", "posted", "posted"]
        assert jobs(workspace, "set_aside") == 1
        assert "begun 5 times and never came to an end" in done("why", "C00001", workspace=workspace)
        assert "C00001 is posted now" in done("retry", "C00001", workspace=workspace)
        assert jobs(workspace, "set_aside") == 0
        assert "all whole" in done("audit", "verify", workspace=workspace)


class TestZombie:
    @pytest.fixture
    def model(self) -> Iterator[LlmServer]:
        with LlmServer(nothing, latency=1.5) as server:
            yield server

    def start(self, workspace: Path, model: LlmServer, *args: str) -> subprocess.Popen[str]:
        more = {"SIGNOFF_MODEL": "slow", "OPENAI_BASE_URL": model.url}
        return subprocess.Popen(
            [str(SIGNOFF), "worker", "--lease", "1", "--poll", "0.1", *args], env=os.environ | environment(workspace) | more,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def test_who_was_stopped_for_too_long_writes_nothing_when_it_wakes(self, workspace: Path, tmp_path: Path, model: LlmServer) -> None:
        letter = tmp_path / "letter.txt"
        letter.write_text(LETTER.format(n=1), encoding="utf-8")
        done("batch", letter, "--enqueue", workspace=workspace)
        stopped = self.start(workspace, model)
        while not model.asked:
            time.sleep(0.05)
        stopped.send_signal(signal.SIGSTOP)
        time.sleep(1.2)
        other = self.start(workspace, model, "--once")
        out, err = other.communicate(timeout=60)
        assert other.returncode == 0, err
        assert out.count("did=job") == 1, out
        stopped.send_signal(signal.SIGCONT)
        time.sleep(0.3)
        stopped.send_signal(signal.SIGTERM)
        stopped.communicate(timeout=60)
        assert states(workspace) == ["needs_review"]
        told = [type_ for (type_,) in rows(workspace / "signoff.db", "SELECT type FROM events WHERE case_number = 1")]
        assert {told.count(t) for t in ("order.extracted", "review.asked", "reading.verified")} == {1}
        assert "all whole" in done("audit", "verify", workspace=workspace)
        assert "came out the same" in done("replay", "--all", workspace=workspace)
