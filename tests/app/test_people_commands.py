"""`signoff people` and `signoff policy explain`: who is away, who stands in, who may sign, as people and programs see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from signoff_run import ORDERS, done, make_company, run


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return make_company(tmp_path / "w")


def test_a_delegate_is_named_shown_used_and_ends(company: Path) -> None:
    said = done("people", "delegate", "E-014", "--to", "Anouk Verhalen", "--until", "2999-12-31", "--as", "E-014", workspace=company)
    assert "Anouk Verhalen answers in their place" in said
    assert "away until 2999-12-31, Anouk Verhalen stands in" in done("people", "list", workspace=company)
    shown = json.loads(done("people", "show", "E-013", "--json", workspace=company))
    assert (shown["acts_today_for"], shown["absent_today"]) == (["E-014"], False)
    done("batch", ORDERS / "cxml" / "4500018032.xml", workspace=company)
    told = done("policy", "explain", "1", workspace=company)
    assert "Anouk Verhalen in place of Ruben Castellar may sign" in told
    assert "Nora Eklundh may not sign, not for others either" in told
    done("decide", "1", "--as", "E-013", "--approve", workspace=company)
    told = done("policy", "explain", "1", "--all", workspace=company)
    assert "1. signed  Ruben Castellar (E-014)" in told
    assert "Anouk Verhalen signed in place of Ruben Castellar" in told
    assert "The CFO signs above 50,000: amount 5,552.00 EUR is not above 50,000" in told
    record = json.loads(done("policy", "explain", "1", "--json", workspace=company))
    assert [s["standing"] for s in record["standing"]] == ["signed", "now"]
    assert record["standing"][0]["sign_offs"][0]["on_behalf_of"] == "E-014"
    assert "in place of Ruben Castellar (E-014): approve" in done("why", "1", workspace=company)
    assert "Ruben Castellar is there" in done("people", "delegate", "E-014", "--back", "--as", "E-002", workspace=company)
    assert "came out the same" in done("replay", "--all", workspace=company)
    assert "all whole" in done("audit", "verify", workspace=company)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["E-014", "--to", "E-014", "--as", "E-014"], 2, "nobody is their own delegate"),
        (["E-014", "--to", "E-013", "--from", "1.2.2026", "--as", "E-014"], 2, "'1.2.2026' is not a date; write it like 2026-11-30."),
        (["E-014", "--from", "2026-12-02", "--until", "2026-12-01", "--as", "E-014"], 2, "lies before absent_from"),
        (["E-014", "--to", "E-013", "--as", "E-040"], 1, "access.cedar does not let"),
        (["E-014", "--to", "Nobody Known", "--as", "E-014"], 2, "Nobody Known"),
        (["E-014", "--back", "--to", "E-013", "--as", "E-014"], 2, "--back takes an absence back"),
    ],
)
def test_a_delegate_who_cannot_be_is_refused(company: Path, arguments: list[str], code: int, says: str) -> None:
    ran = run("people", "delegate", *arguments, workspace=company)
    assert ran.code == code
    assert says in ran.err


def test_an_import_that_says_nothing_of_absences_leaves_them(company: Path) -> None:
    done("people", "delegate", "E-014", "--to", "E-013", "--until", "2999-12-31", "--as", "E-014", workspace=company)
    csv = ORDERS.parent / "company" / "people.csv"
    done("people", "import", csv, workspace=company)
    assert json.loads(done("people", "show", "E-014", "--json", workspace=company))["stands_in_today"] == "E-013"
