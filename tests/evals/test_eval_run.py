"""`signoff eval run` and `compare` over a small dataset, as somebody at a terminal runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from signoff_run import run

FORMATS = "docx,xlsx,csv,html,txt,ubl,x12,edifact,cxml"
ORDERS = 60


def figures(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    found["spent"].pop("ms")
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "data"
    assert run("eval", "generate", folder, "--orders", ORDERS, "--seed", 11, "--formats", FORMATS).code == 0
    return folder


@pytest.fixture(scope="module")
def ran(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ran") / "run"
    done = run("eval", "run", data, "--out", folder)
    assert done.code == 0, done.err
    assert "fewer touches than by hand" in done.out
    return folder


@pytest.mark.slow
class TestRun:
    def test_every_order_of_the_test_split_is_measured(self, data: Path, ran: Path) -> None:
        truth = [json.loads(p.read_text(encoding="utf-8")) for p in (data / "truth" / "test").rglob("*.json")]
        rows = [json.loads(line) for line in (ran / "orders.jsonl").read_text(encoding="utf-8").splitlines()]
        assert sum(r["there"] for r in rows) == sum(len(t["documents"]) for t in truth) > 10
        assert {r["format"] for r in rows} >= {"docx", "ubl", "csv"}
        assert all(r["case"] for r in rows)

    def test_posted_is_what_should_be_posted(self, ran: Path) -> None:
        found = figures(ran)
        assert found["reading"]["false_pass"]["of"] == 0
        assert found["end"]["too_many"] == 0
        assert found["end"]["same"]["share"] > 0.9
        ours, alone, _ = found["worlds"]["each"]
        assert ours["errors"] < alone["errors"]

    def test_the_same_seed_gives_the_same_figures(self, data: Path, ran: Path, tmp_path: Path) -> None:
        assert run("eval", "run", data, "--out", tmp_path / "again").code == 0
        assert figures(tmp_path / "again") == figures(ran)
        compared = json.loads(run("eval", "compare", ran, tmp_path / "again", "--json").out)
        assert {f["verdict"] for f in compared["figures"]} == {"same"}
        assert compared["changed"] == []

    def test_run_again_it_goes_on_where_it_was(self, data: Path, ran: Path) -> None:
        before = figures(ran)
        assert run("eval", "run", data, "--out", ran).code == 0
        assert figures(ran) == before

    def test_a_folder_with_another_run_is_refused(self, data: Path, ran: Path) -> None:
        answer = run("eval", "run", data, "--out", ran, "--seed", 3)
        assert answer.code == 2
        assert "holds a run with another seed" in answer.err

    def test_a_certificate_may_be_sought_with_the_labels_of_a_dataset(self, data: Path, ran: Path) -> None:
        """Twenty labels are too few; it says how many more it takes, and keeps nothing."""
        found = json.loads(run("calibrate", "--dry-run", "--dataset", data, "--json", workspace=ran / "workspace").out)
        assert found["labels"] > 10
        assert found["left_out"]["structured"] > 0
        assert (found["certificate"] is None) == (found["needed"] > 0)
        assert found["calibration"]["orders"] + found["tested"] <= found["labels"]

    def test_the_report_needs_nothing_else(self, ran: Path) -> None:
        page = (ran / "report.html").read_text(encoding="utf-8")
        assert page.count("<svg") >= 3
        assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
        assert "<script" not in page


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    answer = run("eval", "run", tmp_path)
    assert answer.code == 2
    assert "is no dataset" in answer.err


def test_a_split_that_has_no_papers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text("name: one\n", encoding="utf-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "truth").mkdir()
    (tmp_path / "documents" / "one.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / "truth" / "one.txt.json").write_text('{"documents": []}', encoding="utf-8")
    answer = run("eval", "run", tmp_path, "--split", "fit", "--out", tmp_path / "run")
    assert answer.code == 2
    assert "no papers of the split fit" in answer.err


def test_a_dataset_without_a_company_is_read_only(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "truth").mkdir()
    (tmp_path / "dataset.yaml").write_text("name: one\n", encoding="utf-8")
    (tmp_path / "documents" / "one.txt").write_text("Minutes of the meeting of 3 March. Nobody came.", encoding="utf-8")
    (tmp_path / "truth" / "one.txt.json").write_text('{"kind": "minutes", "documents": []}', encoding="utf-8")
    found = json.loads(run("eval", "run", tmp_path, "--out", tmp_path / "run", "--json").out)
    assert found["look_alikes"] == {"papers": 1, "taken": 0}
    assert "worlds" not in found
