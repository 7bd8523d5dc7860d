"""The example orders in the example company: after one batch each stands where `orders.yaml` says, for the reasons it says."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from signoff_run import EXAMPLES, ORDERS, done, make_company, run

sys.path.insert(0, str(EXAMPLES))

from source import load_papers, outcomes

EXPECTED = outcomes(load_papers())
Key = tuple[str, int]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, dict[str, Any]]:
    """The record of each order, by file and part."""
    workspace = make_company(tmp_path_factory.mktemp("examples") / "workspace")
    ran = run("batch", ORDERS, workspace=workspace)
    assert (ran.code, ran.err) == (0, "")
    assert run("audit", "verify", workspace=workspace).code == 0
    return {(r["source"], r["part"]): r for r in json.loads(done("list", "--json", workspace=workspace))}


def test_there_is_a_case_for_each_order_and_no_other(records: dict[Key, dict[str, Any]]) -> None:
    assert sorted(records) == sorted((e["file"], e["part"]) for e in EXPECTED)


@pytest.mark.parametrize("expected", EXPECTED, ids=[f"{e['file']}-{e['part']}" for e in EXPECTED])
def test_the_order_ends_as_expected(records: dict[Key, dict[str, Any]], expected: dict[str, Any]) -> None:
    record = records[expected["file"], expected["part"]]
    notable = sorted({f["code"] for f in record["findings"] if f["severity"] in ("warning", "blocking")})
    assert (record["status"], notable) == (expected["status"], sorted(expected.get("findings", [])))


def test_what_is_posted_has_no_finding_that_somebody_had_to_see(records: dict[Key, dict[str, Any]]) -> None:
    posted = [r for r in records.values() if r["status"] == "posted"]
    assert len(posted) > 10
    assert [r["source"] for r in posted if any(f["severity"] != "info" for f in r["findings"])] == []
    assert [r["source"] for r in posted if not r["posting"]["id"]] == []


def test_what_waits_asks_somebody_and_says_why(records: dict[Key, dict[str, Any]]) -> None:
    waiting = [r for r in records.values() if r["status"] in ("needs_review", "needs_approval", "on_hold")]
    assert len(waiting) > 30
    for record in waiting:
        tasks = [t for t in record["tasks"] if t["status"] == "open"]
        assert tasks
        assert record["reason"]
        assert all(t["candidates"] and t["summary"] for t in tasks)


def test_the_folder_of_orders_is_what_is_expected() -> None:
    files = {p.relative_to(ORDERS).as_posix() for p in ORDERS.rglob("*") if p.is_file()}
    assert files == {e["file"] for e in EXPECTED}
