"""`signoff inventory`: what a manager reads, what programs read, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from signoff_run import done, rows, run


def test_a_manager_reads_each_stream(worked: Path) -> None:
    told = " ".join(done("inventory", workspace=worked).split())
    assert "V-1001 Lagerhof" in told
    assert "not enough orders yet" in told
    assert "How streams are judged: docs/operations.md." in told


def test_programs_read_the_same(worked: Path) -> None:
    found = {(s["source"], s["format"]): s for s in json.loads(done("inventory", "--by", "source, format", "--json", workspace=worked))}
    ubl, csv = found["xml", "ubl"], found["spreadsheets", "csv"]
    assert (ubl["orders"], ubl["unseen"]["count"], ubl["set_aside"]) == (4, 1, 1)
    assert ubl["troubled"]["count"] == 2
    assert csv["decision_points"] == [{"kind": "review", "who": "role:buyer"}]
    assert (csv["waiting"], csv["troubled"]["open"]) == (1, 1)
    assert {s["ready_for"] for s in found.values()} == {"not enough orders yet"}
    counted = sum(s["orders"] + s["set_aside"] + s["under_way"] for s in found.values())
    assert [(counted,)] == rows(worked / "signoff.db", "SELECT count(*) FROM cases")


def test_no_orders_are_no_streams(company: Path) -> None:
    assert json.loads(done("inventory", "--json", workspace=company)) == []


@pytest.mark.parametrize("by", ["supplier", "vendor,colour", ""])
def test_what_tells_no_streams_apart_is_refused(company: Path, by: str) -> None:
    ran = run("inventory", "--by", by, workspace=company)
    assert ran.code == 2
    assert "choose of vendor, category, source, format" in ran.err
