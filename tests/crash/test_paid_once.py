"""A kill in the middle of a case: what the model was paid for before is on record, and the rerun pays for none of it again.

The kill comes as the next question arrives at the model's server, or just after its answer has left; only the call that is in flight
then may be paid twice.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from llm_brains import least, wanted
from llm_server import LlmServer
from llm_wire import Answer, Asked
from signoff_run import ORDERS, copied, done, make_company, rows, started

SEARCHES = ("price adjustment", "minimum quantity", "delivery terms", "liability")
"""What the contract agent looks up before it answers: with that, the routing agent's and its own answer a case takes six calls."""
PAID = len(SEARCHES) + 2


class Killer(LlmServer):
    """A server that kills the process when the question with this number arrives, or `after` seconds behind its answer."""

    victim: Popen[str] | None = None
    at: int | None = None
    after: float | None = None

    def strike(self, asked: Asked) -> None:
        if asked.number == self.at and self.victim is not None:
            kill = (self.victim.pid, signal.SIGKILL)
            if self.after is None:
                os.kill(*kill)
            else:
                threading.Timer(self.after, os.kill, kill).start()

    @property
    def paid(self) -> Counter[str]:
        """How often each question was asked."""
        return Counter(json.dumps(asked.body["messages"]) for asked in self.asked)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example company, whose agents look at every order under a contract."""
    folder = make_company(tmp_path_factory.mktemp("paid") / "company")
    with (folder / "policy.yaml").open("a", encoding="utf-8") as policy:
        policy.write("\nagents:\n  contract_check: always\n  routing: always\n")
    return folder


@pytest.fixture
def server() -> Iterator[Killer]:
    def brain(asked: Asked) -> Answer | dict[str, object]:
        server.strike(asked)
        looked_up = sum(message["role"] == "tool" for message in asked.body["messages"])
        if "search_clauses" in asked.tools and looked_up < len(SEARCHES):
            return Answer(calls=[("search_clauses", {"contract_id": contract(asked), "query": SEARCHES[looked_up]})])
        return least(wanted(asked))

    server = Killer(brain)
    with server:
        yield server


def contract(asked: Asked) -> str:
    return asked.text.partition('"contract_id": "')[2].partition('"')[0]


def batch(workspace: Path, folder: Path, server: Killer) -> int:
    server.victim = started("batch", folder, workspace=workspace)
    server.victim.communicate()
    return server.victim.returncode


@pytest.mark.slow
@pytest.mark.parametrize(("at", "after"), [*((at, None) for at in range(PAID)), (2, 0.0), (3, 0.03), (PAID - 1, 0.03)])
def test_nothing_is_paid_for_twice(
    company: Path, server: Killer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, after: float | None
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("SIGNOFF_MODEL", "small")
    workspace, folder = copied(company, tmp_path / "workspace"), tmp_path / "orders"
    folder.mkdir()
    shutil.copy(ORDERS / "cxml/4500018034.xml", folder)
    server.at, server.after = at, after
    first = batch(workspace, folder, server)
    asked = len(server.asked)
    assert batch(workspace, folder, server) == 0
    assert len(server.paid) == PAID
    in_flight = json.dumps(server.asked[asked - 1].body["messages"])  # the last one asked before the death
    assert {question for question, times in server.paid.items() if times > 1} <= {in_flight}
    assert server.paid[in_flight] <= 2
    if after is None:
        assert (first, asked) == (-signal.SIGKILL, at + 1)
    (kept,) = rows(workspace / "signoff.db", "SELECT count(*), count(DISTINCT input_hash) FROM model_calls")
    assert kept == (PAID, PAID)
    done("audit", "verify", workspace=workspace)
    done("replay", "--all", workspace=workspace)
    assert server.errors == []
