"""`signoff migrate`: a workspace moves to a server as it is, and goes on there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import database
from signoff_run import ORDERS, Ran, copied, done, make_company, run

FILES = ("xml/4500018001.xml", "xml/4500018004.xml", "spreadsheets/4500018062.xlsx", "xml/4500018002.xml")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With orders of which one is posted, one waits for a signature, and one for a look at the reading."""
    workspace = make_company(tmp_path_factory.mktemp("company") / "workspace")
    for file in FILES[:3]:
        done("batch", ORDERS / file, workspace=workspace)
    return workspace


@pytest.fixture
def address() -> Iterator[str]:
    with database() as made:
        yield made


@pytest.fixture
def workspace(company: Path, tmp_path: Path) -> Path:
    return copied(company, tmp_path / "workspace")


def there(address: str, *args: object, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    with monkeypatch.context() as patch:
        patch.setenv("SIGNOFF_STORE", address)
        return run(*args, workspace=workspace)


def test_everything_is_there_as_it_was(workspace: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, head = done("list", "--json", workspace=workspace), json.loads(done("audit", "verify", "--json", workspace=workspace))
    moved = done("migrate", "--to", address, workspace=workspace)
    assert head["head"] in moved.replace("\n", "")
    assert "only for tests" not in moved
    assert there(address, "list", "--json", workspace=workspace, monkeypatch=monkeypatch).out == listed
    assert json.loads(there(address, "audit", "verify", "--json", workspace=workspace, monkeypatch=monkeypatch).out) == head
    assert there(address, "replay", "--all", workspace=workspace, monkeypatch=monkeypatch).code == 0


def test_cases_that_waited_go_on(workspace: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done("migrate", "--to", address, workspace=workspace)
    for case, person in (("C00002", "E-030"), ("C00003", "E-021")):
        ran = there(address, "decide", case, "--as", person, "--approve", workspace=workspace, monkeypatch=monkeypatch)
        assert ran.code == 0, ran.err
    shown = json.loads(there(address, "show", "C00002", "--json", workspace=workspace, monkeypatch=monkeypatch).out)
    assert shown["status"] == "posted"
    ran = there(address, "batch", ORDERS / FILES[3], workspace=workspace, monkeypatch=monkeypatch)
    assert ran.code == 0, ran.err
    assert [c["case_id"] for c in json.loads(there(address, "list", "--json", workspace=workspace, monkeypatch=monkeypatch).out)] == [
        "C00001", "C00002", "C00003", "C00004"
    ]  # fmt: skip
    assert there(address, "audit", "verify", workspace=workspace, monkeypatch=monkeypatch).code == 0


def test_the_file_that_was_left_behind_is_not_used_by_mistake(workspace: Path, address: str) -> None:
    done("migrate", "--to", address, workspace=workspace)
    ran = run("list", workspace=workspace)
    assert ran.code == 2
    assert "was moved to postgresql://" in ran.err
    assert "SIGNOFF_STORE" in ran.err


def test_nothing_is_written_over(workspace: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert there(address, "people", "import", workspace / "people.csv", workspace=workspace, monkeypatch=monkeypatch).code == 0
    ran = run("migrate", "--to", address, workspace=workspace)
    assert (ran.code, "is not empty" in ran.err) == (2, True)
    assert run("list", workspace=workspace).code == 0


def test_a_record_that_is_not_whole_stays_where_it_is(workspace: Path, address: str) -> None:
    import sqlite3

    with sqlite3.connect(workspace / "signoff.db") as db:
        db.execute("DROP TRIGGER events_keep_update")
        db.execute("UPDATE events SET actor = 'nobody' WHERE seq = 5")
    ran = run("migrate", "--to", address, workspace=workspace)
    assert (ran.code, "Event 5" in ran.err) == (1, True)


@pytest.mark.parametrize("to", ["sqlite:///x", "mysql://a/b", ""])
def test_another_kind_of_address_is_refused(workspace: Path, to: str) -> None:
    ran = run("migrate", "--to", to, workspace=workspace)
    assert (ran.code, "postgresql://" in ran.err) == (2, True)


@pytest.mark.parametrize("server", [False, True], ids=["sqlite", "postgres"])
def test_checkpoints_of_ended_cases_are_pruned_and_open_cases_go_on(
    workspace: Path, address: str, server: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server:
        done("migrate", "--to", address, workspace=workspace)
        monkeypatch.setenv("SIGNOFF_STORE", address)
        assert "of 0 cases" in done("prune", workspace=workspace)  # those of ended cases were not taken along
        done("decide", "C00003", "--as", "E-021", "--approve", workspace=workspace)
    assert "of 1 cases" in done("prune", workspace=workspace)
    assert "of 0 cases" in done("prune", workspace=workspace)
    done("decide", "C00002", "--as", "E-030", "--approve", workspace=workspace)
    assert json.loads(done("show", "C00002", "--json", workspace=workspace))["status"] == "posted"
    assert "of 1 cases" in done("prune", workspace=workspace)
    assert run("replay", "--all", workspace=workspace).code == 0
