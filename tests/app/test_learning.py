"""Scenario: a sender's form labels the order number with a word of its own. One correction teaches it, for this sender's form alone."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from signoff_run import copied, done, run

FORM = """\
                         PURCHASE ORDER

{buyer}
Moorstraat 4, Bremen

{label}:  {number}            Order Date:  {day}
Supplier:         Norrland Fästdon AB            Customer code:  {customer}
Currency:         EUR

Pos   Item       Description              Qty      Unit Price       Amount
{rows}

                                          Total EUR:                {total}
                                          Payment Terms:   30 days net
"""
ROW = "{n:<6}{item:<11}{text:<25}{quantity:<9}{price:<17}{amount}"


def form(number: str, *quantities: int, label: str = "Vorgangskennung", buyer: str = "Halvermoor Pumpen GmbH", **more: str) -> str:
    rows = [
        ROW.format(n=n, item=f"NF-{n}07", text=f"Bolt M{n + 5} galvanised", quantity=q, price="2.50", amount=f"{q * 2.5:.2f}")
        for n, q in enumerate(quantities, 1)
    ]
    values = {"day": "2026-11-02", "customer": "K-5512", "total": f"{sum(quantities) * 2.5:.2f}"} | more
    return FORM.format(buyer=buyer, label=label, number=number, rows="\n".join(rows), **values)


class Desk:
    """A buyer at the example company, who takes in one form after the other."""

    def __init__(self, workspace: Path, folder: Path) -> None:
        self.workspace, self.folder = workspace, folder
        folder.mkdir()

    def take(self, name: str, text: str) -> dict[str, Any]:
        """The record of a form that was taken in."""
        (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")
        out = self.folder.with_name("records.jsonl")
        done("batch", self.folder / f"{name}.txt", "--out", out, workspace=self.workspace)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found

    def correct(self, record: dict[str, Any], *edits: str) -> None:
        task = next(t for t in record["tasks"] if t["status"] == "open")
        options = [o for e in edits for o in ("--edit", e)]
        done("decide", record["case_id"], "--as", task["candidates"][0], *options, workspace=self.workspace)

    def why(self, record: dict[str, Any]) -> str:
        return " ".join(done("why", record["case_id"], workspace=self.workspace).split())


@pytest.fixture
def desk(company: Path, tmp_path: Path) -> Desk:
    return Desk(company, tmp_path / "in")


@pytest.fixture(scope="module")
def corrected(empty_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which one order's number was corrected."""
    folder = tmp_path_factory.mktemp("corrected")
    desk = Desk(copied(empty_company, folder / "workspace"), folder / "in")
    first = desk.take("first", form("VK-2041", 10, 20))
    assert first["order"]["order_number"] is None
    desk.correct(first, "/order_number=VK-2041")
    return desk.workspace


@pytest.fixture
def taught(corrected: Path, tmp_path: Path) -> Desk:
    return Desk(copied(corrected, tmp_path / "workspace"), tmp_path / "in")


def notices(record: dict[str, Any], field: str) -> list[str]:
    return [f["code"] for f in record["findings"] if f["field"] == field and f["severity"] == "blocking"]


def test_why_says_what_was_learned_and_what_was_not(desk: Desk) -> None:
    first = desk.take("first", form("VK-2041", 10, 20))
    desk.correct(first, "/order_number=VK-2041", "/cost_center=CC-77")
    told = desk.why(first)
    assert "Learned for papers of Halvermoor Pumpen GmbH in this layout (layout 1): /order_number stands beside 'Vorgangskennung'." in told
    assert "Nothing was learned of /cost_center: no label or heading on the paper leads to 'CC-77'." in told
    assert "all whole" in done("audit", "verify", workspace=desk.workspace)


def test_the_next_order_gets_its_number_and_a_person_still_looks(taught: Desk) -> None:
    second = taught.take("second", form("VK-3377", 5, 6, 7, 8))
    assert second["order"]["order_number"] == "VK-3377"
    assert second["fields"]["/order_number"]["evidence"]["text"] == "VK-3377"
    assert notices(second, "/order_number") == ["field_missing"]
    assert (second["reading"]["verdict"], second["status"]) == ("doubtful", "needs_review")
    assert "Read a second time by what corrections taught of its layout (layout 1)." in taught.why(second)
    assert "VK-3377 was read beside 'Vorgangskennung', as case C00001 taught" in taught.why(second)


def test_another_senders_form_is_untouched(taught: Desk) -> None:
    other = taught.take("other", form("VK-3377", 5, 6, buyer="Drostenfeld Anlagen GmbH"))
    assert other["order"]["order_number"] is None
    assert "second time" not in taught.why(other)


def test_another_form_of_the_sender_is_untouched(taught: Desk) -> None:
    head = "PURCHASE ORDER\nHalvermoor Pumpen GmbH\n\nVorgangskennung:  VK-9\n\n"
    text = head + "Qty   Description    Price   Amount\n2     Bolt           3.00    6.00\n"
    assert taught.take("other", text)["order"]["order_number"] is None


def test_a_wrong_correction_makes_no_wrong_reading_clear(desk: Desk) -> None:
    first = desk.take("first", form("4711-1", 10, 20, label="PO Number", customer="K-5512"))
    assert first["order"]["order_number"] == "4711-1"
    desk.correct(first, "/order_number=K-5512")
    second = desk.take("second", form("4711-2", 5, 6, label="PO Number", customer="K-5512"))
    assert second["order"]["order_number"] == "4711-2"
    assert notices(second, "/order_number") == ["readings_disagree"]
    assert second["reading"]["verdict"] == "doubtful"


def test_two_readings_that_agree_ask_no_more_of_anybody(desk: Desk) -> None:
    plain = desk.take("plain", form("4711-1", 10, 20, label="PO Number"))
    desk.correct(plain, "/order_number=4711-1")
    again = desk.take("again", form("4711-2", 5, 6, label="PO Number"))
    assert notices(again, "/order_number") == []
    assert again["reading"]["verdict"] == plain["reading"]["verdict"]
    assert again["fields"]["/order_number"]["confidence"] > plain["fields"]["/order_number"]["confidence"]


def test_the_latest_correction_holds(taught: Desk) -> None:
    second = taught.take("second", form("VK-3377", 5, 6))
    taught.correct(second, "/order_number=K-5512")
    assert "/order_number beside 'Vorgangskennung' no longer counts." in taught.why(second)
    third = taught.take("third", form("VK-4000", 5, 6, customer="K-6000"))
    assert third["order"]["order_number"] == "K-6000"
    taught.correct(third, "/order_number=")
    assert taught.take("fourth", form("VK-4001", 5, 6))["order"]["order_number"] is None


def test_a_column_is_learned_from_one_of_its_rows(desk: Desk) -> None:
    def columns(text: str) -> str:
        return re.sub(r"Item       ", "Zeichen    ", text)

    first = desk.take("first", columns(form("4711-1", 10, 20, label="PO Number")))
    assert first["order"]["lines"][0]["buyer_item_id"] is None
    desk.correct(first, "/lines/1/buyer_item_id=NF-207")
    assert "/lines/*/buyer_item_id stands in the column 'Zeichen'" in desk.why(first)
    second = desk.take("second", columns(form("4711-2", 5, 6, 7, label="PO Number")))
    assert [line["buyer_item_id"] for line in second["order"]["lines"]] == ["NF-107", "NF-207", "NF-307"]
    assert notices(second, "/lines/0/buyer_item_id") == ["field_missing"]


def test_what_was_learned_cannot_be_altered_unseen(taught: Desk) -> None:
    with sqlite3.connect(taught.workspace / "signoff.db") as db:
        db.execute("UPDATE layouts SET body = replace(body, 'Vorgangskennung', 'Customer code')")
    ran = run("audit", "verify", workspace=taught.workspace)
    assert ran.code == 1
    assert "What was learned of layout 1 was altered" in ran.out + ran.err
