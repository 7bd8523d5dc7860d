"""`signoff monitor`, and the metrics of a worker: the figures are those of the store, on both kinds of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import database
from prometheus_client.parser import text_string_to_metric_families
from signoff_run import ORDERS, SIGNOFF, copied, done, environment, make_company, run

FILES = ("xml/4500018001.xml", "xml/4500018004.xml", "spreadsheets/4500018062.xlsx", "xml/RE-20418.xml")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One order posted, one waits for a signature, one for a look; one is queued; and an invoice."""
    workspace = make_company(tmp_path_factory.mktemp("company") / "workspace")
    for file in FILES:
        done("batch", ORDERS / file, workspace=workspace)
    done("batch", ORDERS / "xml/4500018002.xml", "--enqueue", workspace=workspace)
    return workspace


@pytest.fixture(params=["sqlite", "postgres"])
def workspace(company: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    own = copied(company, tmp_path / "workspace")
    if request.param == "sqlite":
        yield own
        return
    with database() as address:
        done("migrate", "--to", address, workspace=own)
        monkeypatch.setenv("SIGNOFF_STORE", address)
        yield own


class TestMonitor:
    def test_figures(self, workspace: Path) -> None:
        told = json.loads(done("monitor", "--json", workspace=workspace))
        counts = {state: stage["count"] for state, stage in told["stages"].items()}
        assert counts == {"posted": 1, "needs_approval": 1, "needs_review": 1, "not_an_order": 1, "received": 1}
        assert told["jobs"] == {"queued": 1, "delayed": 0, "running": 0, "stalled": 0, "set_aside": 0, "workers": 0}
        assert (told["ended"]["hour"], told["taken_in_day"], told["failed_rate"], told["exception_rate"]) == (2, 5, 0, 0.2)
        assert (told["money_waiting"], told["unchecked"], told["postings_pending"], told["model_calls_day"]) == ("816.00", 1, 0, 0)

    def test_it_is_shown(self, workspace: Path) -> None:
        told = done("monitor", "--once", workspace=workspace)
        assert "816.00 EUR and 1 orders not checked yet" in told
        assert "1 due, 0 under way by 0 workers" in told

    def test_what_is_done_shows(self, workspace: Path) -> None:
        done("worker", "--once", workspace=workspace)
        told = json.loads(done("monitor", "--json", workspace=workspace))
        assert (told["stages"]["posted"]["count"], told["jobs"]["queued"]) == (2, 0)


def test_an_empty_workspace(tmp_path: Path) -> None:
    workspace = make_company(tmp_path / "workspace")
    told = json.loads(done("monitor", "--json", workspace=workspace))
    assert (told["stages"], told["taken_in_day"], told["failed_rate"], told["money_waiting"]) == ({}, 0, None, "0")
    assert "- failed" in done("monitor", "--once", workspace=workspace)


class Listening:
    """A worker that listens."""

    def __init__(self, workspace: Path) -> None:
        self.process = subprocess.Popen(
            [str(SIGNOFF), "worker", "--listen", "127.0.0.1:0", "--poll", "0.2"], env=os.environ | environment(workspace),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        found = next(m for line in self.process.stdout if (m := re.search(r"did=listening address=(\S+)", line)))
        self.address = found[1]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def until(self, path: str, status: int) -> str:
        """What it says once it says it with this status."""
        for _ in range(200):
            code, told = self.get(path)
            if code == status:
                return told
            time.sleep(0.1)
        raise AssertionError(f"{path} stays at {code}: {told}")

    def metrics(self) -> dict[tuple[str, ...], float]:
        families = text_string_to_metric_families(self.get("/metrics")[1])
        return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


@pytest.fixture
def listening(company: Path, tmp_path: Path) -> Iterator[tuple[Listening, Path]]:
    workspace = copied(company, tmp_path / "workspace")
    worker = Listening(workspace)
    yield worker, workspace
    worker.process.send_signal(signal.SIGTERM)
    worker.process.communicate(timeout=30)
    assert worker.process.returncode == 0


class TestMetrics:
    def test_what_a_worker_does_is_counted(self, listening: tuple[Listening, Path]) -> None:
        worker, _ = listening
        assert worker.until("/readyz", 200) == "ready\n"
        assert worker.get("/healthz") == (200, "alive\n")
        while ("signoff_jobs_done_total", "start", "posted") not in (told := worker.metrics()):
            time.sleep(0.1)
        assert told["signoff_jobs_done_total", "start", "posted"] == told["signoff_job_seconds_count",] == 1
        assert told["signoff_cases", "needs_approval"] == 1
        assert told["signoff_jobs", "set_aside"] == told["signoff_postings_pending",] == 0
        assert told["signoff_money_waiting",] == 816
        assert worker.get("/secret")[0] == 404

    def test_a_worker_that_cannot_work_is_not_ready_and_says_why(self, listening: tuple[Listening, Path]) -> None:
        worker, workspace = listening
        worker.until("/readyz", 200)
        policy = (workspace / "policy.yaml").read_text(encoding="utf-8")
        (workspace / "policy.yaml").write_text("version: 2\n", encoding="utf-8")
        assert "policy.yaml" in worker.until("/readyz", 503)
        assert worker.get("/healthz")[0] == 200
        (workspace / "policy.yaml").write_text(policy, encoding="utf-8")
        worker.until("/readyz", 200)

    @pytest.mark.parametrize("listen", ["9464", "nowhere:99999999", "127.0.0.1:", "256.0.0.1:80"])
    def test_an_address_that_is_none(self, company: Path, listen: str) -> None:
        ran = run("worker", "--once", "--listen", listen, workspace=company)
        assert (ran.code, "--listen" in ran.err) == (2, True)
