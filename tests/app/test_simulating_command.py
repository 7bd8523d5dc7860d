"""`signoff policy simulate`: what a manager reads, what programs read, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from signoff_run import done, dump, rows, run

from signoff.app import simulating


@pytest.fixture
def stricter(worked: Path, tmp_path: Path) -> Path:
    """Orders under contract pass up to 640 instead of up to 1,000; it stands outside the workspace."""
    return other(worked, tmp_path, "{amount_up_to: 1000, no_contract: false}", "{amount_up_to: 640, no_contract: false}")


def other(workspace: Path, folder: Path, old: str, new: str) -> Path:
    text = (workspace / "policy.yaml").read_text(encoding="utf-8")
    assert old in text
    path = folder / "new.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def record(workspace: Path, *args: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done("policy", "simulate", *args, "--json", workspace=workspace))
    return found


def cases(workspace: Path) -> object:
    return rows(workspace / "signoff.db", "SELECT count(*) FROM cases")[0][0]


def test_a_manager_reads_what_changes(worked: Path, stricter: Path) -> None:
    told = " ".join(done("policy", "simulate", stricter, workspace=worked).split())
    assert "decided again by the policy of 2026-09-15" in told
    assert "beside the policy that each was decided by: of 1 something else is asked" in told
    assert "1 order over 649.80 EUR passed unseen and would not any more; the largest:" in told
    assert "C00002 649.80 EUR nobody sign-off: procurement_manager" in told
    assert "2 orders are decided, and went as is shown as before" in told
    assert "Not simulated, as they never came as far as a check:" in told


def test_programs_read_the_same_figures(worked: Path, stricter: Path) -> None:
    found = record(worked, stricter)
    assert (found["changed"], found["against"], found["currency"]) == (1, "recorded", "EUR")
    sides = {o["outcome"]: (o["before"], o["after"]) for o in found["outcomes"]}
    before, after = sides["unseen"]
    assert before["cases"] - after["cases"] == 1
    assert float(before["amount"]) - float(after["amount"]) == pytest.approx(649.8)
    (move,) = found["no_longer_unseen"]["largest"]
    assert (move["case_id"], move["amount"], move["before"]["unseen"]) == ("C00002", "649.80", True)
    assert move["after"]["tasks"] == [{"kind": "approval", "who": "procurement_manager", "candidates": ["E-020", "E-022"]}]
    assert found["newly_unseen"] == {"cases": 0, "amount": "0", "largest": []}
    assert found["untold"] == found["unsignable"] == found["went_otherwise"] == []
    assert found["cases"] + sum(found["never_checked"].values()) == cases(worked)


def test_nothing_in_the_workspace_changes(worked: Path, stricter: Path) -> None:
    before = dump(worked / "signoff.db")
    done("policy", "simulate", stricter, workspace=worked)
    assert dump(worked / "signoff.db") == before


def test_every_order_that_changes_goes_to_a_file(worked: Path, stricter: Path, tmp_path: Path) -> None:
    out = tmp_path / "changes.jsonl"
    done("policy", "simulate", stricter, "--out", out, workspace=worked)
    (line,) = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == record(worked, stricter)["no_longer_unseen"]["largest"][0]


def test_the_days_that_are_meant(worked: Path, stricter: Path) -> None:
    every = record(worked, stricter)
    assert record(worked, stricter, "--since", "2026-11-20", "--until", "2026-11-20")["cases"] == every["cases"]
    none = record(worked, stricter, "--until", "2026-11-19")
    assert (none["cases"], none["since"], none["until"]) == (0, None, "2026-11-19")
    assert "0 orders decided again" in done("policy", "simulate", stricter, "--since", "2026-11-21", workspace=worked)


def test_the_policy_in_force_may_stand_beside(worked: Path, stricter: Path) -> None:
    shutil.copy(stricter, worked / "policy.yaml")
    assert record(worked, stricter)["changed"] == 1
    found = record(worked, stricter, "--against", "current")
    assert (found["changed"], found["went_otherwise"]) == (0, ["C00002"])
    told = " ".join(done("policy", "simulate", stricter, "--against", "current", workspace=worked).split())
    assert "1 went another way than is shown as before: C00002" in told


def test_many_orders_are_shared_among_processes(worked: Path, stricter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = record(worked, stricter)
    monkeypatch.setattr(simulating, "AT_ONCE", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert record(worked, stricter) == alone


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.yaml"], "none.yaml"),
        (["NEW", "--since", "yesterday"], "yesterday"),
        (["NEW", "--since", "2026-11-20", "--until", "2026-11-19"], "--until 2026-11-19 lies before --since 2026-11-20"),
        (["NEW", "--against", "nothing"], "nothing"),
        (["NEW", "--out", "no/such/folder.jsonl"], "name a file in a folder that is there"),
    ],
)
def test_what_is_no_question_is_refused(worked: Path, stricter: Path, arguments: list[str], says: str) -> None:
    ran = run("policy", "simulate", *(stricter if a == "NEW" else a for a in arguments), workspace=worked)
    assert ran.code == 2
    assert says in ran.err


def test_a_faulty_policy_says_where(worked: Path, tmp_path: Path) -> None:
    new = other(worked, tmp_path, "{amount_up_to: 1000, no_contract: false}", "{amount_up_to: plenty, no_contract: false}")
    ran = run("policy", "simulate", new, workspace=worked)
    assert ran.code == 2
    assert "new.yaml" in ran.err
    assert "amount_up_to" in ran.err
