"""What people do with a task besides deciding it, on the command line, in the review and in the chat."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from signoff_run import ORDERS, done, run


def case_of(workspace: Path, file: str) -> str:
    return next(r["case_id"] for r in json.loads(done("list", "--json", workspace=workspace)) if r["source"].endswith(file))


@pytest.fixture
def chemicals(worked: Path) -> str:
    """A case that waits for compliance (E-030 or E-031); E-043 requested it."""
    return case_of(worked, "xml/4500018004.xml")


class TestSaying:
    def test_a_question_and_its_answer(self, worked: Path, chemicals: str) -> None:
        told = done("ask", chemicals, "--as", "E-030", "--to", "Dilara Kocak", "--text", "Which hall?", workspace=worked)
        assert told.startswith("Dilara Kocak is asked")
        listed = done("list", "--mine", "E-030", workspace=worked)
        assert "waits for an answer of Dilara" in " ".join(listed.split())
        assert "answer: Katrin Moosbach asks: Which hall?" in " ".join(done("list", "--waiting-for", "E-043", workspace=worked).split())
        assert "open, waits for an answer" in done("show", chemicals, workspace=worked)
        assert done("answer", chemicals, "--as", "E-043", "--text", "Hall 2.", workspace=worked) == "Katrin Moosbach has the answer.\n"
        assert "answered the question: Hall 2." in done("why", chemicals, workspace=worked)
        assert "Nothing waits." in done("list", "--mine", "E-043", workspace=worked)

    def test_a_remark(self, worked: Path, chemicals: str) -> None:
        done("comment", chemicals, "--as", "E-044", "--text", "They are late.", workspace=worked)
        assert "Fiete Brandhorst (E-044) remarked: They are late." in done("why", chemicals, workspace=worked)

    def test_given_on(self, worked: Path, chemicals: str) -> None:
        done("forward", chemicals, "--as", "E-030", "--to", "E-031", "--note", "please", workspace=worked)
        assert "with E-031" in done("show", chemicals, workspace=worked)
        ran = run("forward", chemicals, "--as", "E-031", "--to", "E-043", workspace=worked)
        assert ran.code == 1
        assert "nobody decides on what they requested" in ran.err

    def test_rules_that_let_nobody_speak(self, worked: Path, chemicals: str) -> None:
        path = worked / "access.cedar"
        text = path.read_text(encoding="utf-8")
        path.write_text(text + '@id("Quiet")\nforbid (principal, action == Action::"comment", resource);\n', encoding="utf-8")
        ran = run("comment", chemicals, "--as", "E-030", "--text", "Hello.", workspace=worked)
        assert ran.code == 1
        assert "Quiet (line" in ran.err


class TestListing:
    def test_the_records_come_in_the_same_order(self, worked: Path) -> None:
        found = json.loads(done("list", "--mine", "E-030", "--json", workspace=worked))
        assert {t["status"] for r in found for t in r["tasks"]} == {"open"}
        amounts = [float(r["order"]["payable_amount"] or r["order"]["line_total"]) for r in found]
        assert amounts == sorted(amounts, reverse=True)

    def test_nobody_of_that_name(self, worked: Path) -> None:
        assert run("list", "--mine", "Nobody Known", workspace=worked).code == 2

    def test_nothing_is_overdue_today(self, worked: Path) -> None:
        assert done("list", "--overdue", workspace=worked) == "Nothing is overdue.\n"


@pytest.fixture
def alike(company: Path, tmp_path: Path) -> list[str]:
    """Three orders that wait for compliance and differ in number and date."""
    policy = company / "policy.yaml"
    quiet = "severities:\n  near_duplicate_order: off\n  split_order: off\n  duplicate_order: off\n"
    policy.write_text(policy.read_text(encoding="utf-8").replace("severities:\n", quiet, 1), encoding="utf-8")
    (tmp_path / "orders").mkdir()
    text = (ORDERS / "xml" / "4500018004.xml").read_text(encoding="utf-8")
    for n in range(3):
        (tmp_path / "orders" / f"{n}.xml").write_text(text.replace("4500018004", f"450001990{n}"), encoding="utf-8")
    done("batch", tmp_path / "orders", workspace=company)
    return ["C00001", "C00002", "C00003"]


class TestAlike:
    def test_they_are_listed_and_nothing_is_done_without_a_yes(
        self, company: Path, alike: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
        told = done("approve-alike", alike[0], "--as", "E-030", workspace=company)
        assert all(case in told for case in alike)
        assert "3 orders, 2,448.00 EUR in all." in told
        assert "Nothing was done." in told

    def test_with_a_yes_each_is_approved(self, company: Path, alike: list[str]) -> None:
        told = done("approve-alike", alike[0], "--as", "E-030", "--yes", workspace=company)
        assert "3 approved." in told
        assert f"It is like {alike[0]}, which they looked at." in done("why", alike[2], workspace=company)
        assert "came out the same" in done("replay", "--all", workspace=company)

    def test_the_review_offers_them(self, company: Path, alike: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("a\n\ny\n"))
        told = done("review", "--as", "E-030", workspace=company)
        assert "These are like it: 2 orders, 1,632.00 EUR in all." in told
        assert "Nothing else waits for you." in told
        assert {r["status"] for r in json.loads(done("list", "--json", workspace=company))} == {"posted"}

    def test_the_review_takes_questions_and_their_answers(self, company: Path, alike: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("c\nSeen.\nk\nE-043\nWhich hall?\nn\nn\nn\n"))
        assert "Dilara Kocak is asked" in done("review", "--as", "E-030", workspace=company)
        monkeypatch.setattr("sys.stdin", io.StringIO("Hall 2.\n"))
        assert "Katrin Moosbach has the answer." in done("review", "--as", "E-043", workspace=company)
        told = done("why", alike[0], workspace=company)
        assert "remarked: Seen." in told
        assert "answered the question: Hall 2." in told


class TestChat:
    def test_it_is_said_after_a_yes(self, worked: Path, chemicals: str, monkeypatch: pytest.MonkeyPatch) -> None:
        lines = f"/ask {chemicals} E-043 Which hall?\ny\n/comment {chemicals} Seen.\nn\n/forward {chemicals} E-031\ny\n/waiting\n"
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        told = done("chat", "--as", "E-030", workspace=worked)
        assert "ask Dilara Kocak (E-043)" in told
        assert "Nothing was done." in told
        assert "Benno Istvan is asked in place of Katrin Moosbach." in told
        story = done("why", chemicals, workspace=worked)
        assert "asked Dilara Kocak (E-043): Which hall?" in story
        assert "Seen." not in story
