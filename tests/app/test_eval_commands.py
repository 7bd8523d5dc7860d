"""`signoff eval run contracts`, as somebody at a terminal runs it."""

from __future__ import annotations

import json
from pathlib import Path

from signoff_run import run


def test_the_own_set_as_a_table() -> None:
    printed = run("eval", "run", "contracts").out
    assert "Precision" in printed
    assert "notice period" in printed
    assert "8 contracts" in printed


def test_as_json_and_into_a_file(tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    report = json.loads(run("eval", "run", "contracts", "--json", "--out", out).out)
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert report["papers"] == kept["papers"] == 8
    rows = {row["term"]: row for row in report["rows"]}
    assert rows["party"]["precision"] >= 0.9
    assert rows["party"]["precision_interval"][0] < rows["party"]["precision"]


def test_another_layout_is_refused(tmp_path: Path) -> None:
    answer = run("eval", "run", "contracts", "--data", tmp_path)
    assert answer.code == 2
    assert "master_clauses.csv" in answer.err


def test_a_model_that_is_not_configured_is_refused(company: Path) -> None:
    answer = run("eval", "run", "contracts", "--model", workspace=company)
    assert answer.code == 2
    assert "No model is configured" in answer.err
