"""On messages, which are read without doubt, Signoff decides as the generator's own model of the company says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from signoff.app.cli import app
from signoff.evals.generating.dataset import generate

ENDS = {
    "posted_unseen": {"posted"},
    "approval": {"needs_approval"},
    "exception": {"needs_review", "on_hold"},
    "review": {"needs_review"},
    "set_aside": {"not_an_order"},
}
ABOUT_READING = {"low_confidence", "arithmetic_mismatch", "suspicious_text", "field_missing"}
UNDER_OTHER_NUMBERS = "near_duplicate"
"""History and messages call items by different numbers, the vendor's and ours, and Signoff compares the first alone."""


def signoff(*words: object) -> str:
    done = CliRunner().invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.slow
def test_outcome_findings_and_signers(tmp_path: Path) -> None:
    data, shop = tmp_path / "data", tmp_path / "w"
    generate(data, 150, 7, ["ubl", "x12", "edifact"])
    signoff("init", shop)
    shutil.copy(data / "company" / "policy.yaml", shop / "policy.yaml")
    for kind, source in (("vendors", "vendors.csv"), ("people", "people.csv"), ("contracts", "contracts"), ("history", "history.csv")):
        signoff(kind, "import", data / "company" / source, "-w", shop)
    signoff("batch", data / "documents", "-w", shop, "--out", tmp_path / "out.jsonl")
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = _wanted(data)
    assert len(records) == len(wanted)
    for record in records:
        _agrees(record, wanted[Path(record["source"]).name, (record["order"] or {}).get("order_number")], shop)


def _wanted(data: Path) -> dict[tuple[str, str | None], dict[str, Any]]:
    found = {}
    for path in (data / "truth").rglob("*.json"):
        truth = json.loads(path.read_text(encoding="utf-8"))
        for entry in truth["documents"] or [{**truth, "number": None}]:
            found[path.stem, entry["number"]] = entry
    return found


def _agrees(record: dict[str, Any], entry: dict[str, Any], shop: Path) -> None:
    if entry["kind"] == UNDER_OTHER_NUMBERS:
        return
    told = {f["code"] for f in record["findings"] if f["severity"] != "info"} - ABOUT_READING
    if entry["outcome"] != "set_aside":
        assert told == set(entry["findings"]) - {"requester_is_approver"}, (record["source"], record["reason"])
    assert record["status"] in ENDS[entry["outcome"]], (record["source"], record["reason"])
    if record["status"] == "needs_approval":
        explained = json.loads(signoff("policy", "explain", record["case_id"], "--json", "-w", shop))
        assert len(explained["steps"]) == len(entry["route"]), record["source"]
        for step, signers in zip(explained["steps"], entry["route"], strict=True):
            people = {who for approver in step["approvers"] for who in (*approver["candidates"], approver["label"])}
            assert set(signers) <= people, record["source"]
