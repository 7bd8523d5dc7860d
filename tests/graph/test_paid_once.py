"""The process is killed in the middle of a case with several paid calls behind it: what is on record is never paid for again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from llm_brains import nothing
from llm_server import LlmServer
from office import paper
from signoff_run import copied, done, environment, make_company, rows

ROWS, CALLS = 700, 5
"""Lines of a letter that goes to the extraction agent in so many windows, each a call."""
NOTHING_MORE = "no moment"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_company(tmp_path_factory.mktemp("company") / "workspace")


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(nothing) as server:
        yield server


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A folder with one long order. It has no total, so nothing proves what was read and the agent is asked."""
    text = paper("documents/4500018077.txt").decode()
    head, row, _ = text.partition(" 1     PS-PT10")
    first = row + text[len(head) + len(row) :].splitlines()[0]
    lines = [first.replace(" 1     ", f" {n:<6}", 1) for n in range(1, ROWS + 1)]
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "letter.txt").write_text("\n".join([head.rstrip(), *lines, ""]), encoding="utf-8")
    return folder


def batch(workspace: Path, orders: Path, server: LlmServer, moment: str = NOTHING_MORE) -> int:
    """Run the batch until that moment; its exit code, or the signal that ended it below zero."""
    model = {"SIGNOFF_MODEL": "big", "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}
    program = [sys.executable, str(Path(__file__).with_name("dying.py")), moment, "batch", str(orders)]
    ran = subprocess.run(program, env=os.environ | environment(workspace) | model, capture_output=True, text=True, timeout=120)
    assert ran.returncode in (0, -signal.SIGKILL), ran.stderr
    return ran.returncode


def recorded(workspace: Path) -> int:
    return int(str(rows(workspace / "signoff.db", "SELECT count(*) FROM model_calls")[0][0]))


def paid(server: LlmServer) -> list[int]:
    """How often each question was answered, in the order in which they were first asked."""
    return list(Counter(json.dumps(asked.body["messages"]) for asked in server.asked).values())


def whole(workspace: Path) -> None:
    """The record is unbroken, and everything on it can be derived again without asking."""
    done("audit", "verify", workspace=workspace)
    done("replay", "--all", workspace=workspace)
    assert rows(workspace / "signoff.db", "SELECT state FROM cases") == [("needs_review",)]
    assert rows(workspace / "signoff.db", "SELECT count(*) FROM events WHERE type = 'order.extracted'") == [(1,)]


@pytest.mark.slow
def test_a_kill_behind_the_calls_pays_for_none_of_them_again(company: Path, letter: Path, server: LlmServer, tmp_path: Path) -> None:
    workspace = copied(company, tmp_path / "workspace")
    assert batch(workspace, letter, server, "order.extracted") == -signal.SIGKILL
    assert (recorded(workspace), len(server.asked)) == (CALLS, CALLS)
    assert batch(workspace, letter, server) == 0
    assert paid(server) == [1] * CALLS
    whole(workspace)


@pytest.mark.slow
def test_a_kill_at_each_call_pays_again_for_none_on_record(company: Path, letter: Path, server: LlmServer, tmp_path: Path) -> None:
    """Before each record, when the answer is there and not written down: that one call is paid for twice. After each: nothing is."""
    workspace = copied(company, tmp_path / "workspace")
    for n in range(CALLS):
        assert batch(workspace, letter, server, "before-record") == -signal.SIGKILL
        assert (recorded(workspace), paid(server)) == (n, [2] * n + [1])
        assert batch(workspace, letter, server, "after-record") == -signal.SIGKILL
        assert (recorded(workspace), paid(server)) == (n + 1, [2] * (n + 1))
    assert batch(workspace, letter, server) == 0
    assert paid(server) == [2] * CALLS
    whole(workspace)
    sys.stdout.write(f"\n{2 * CALLS} kills, {CALLS} calls, {len(server.asked) - CALLS} paid for twice, none of them on record\n")
