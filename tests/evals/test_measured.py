"""What came of the orders of a paper, and the figures over many of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_agreement import ENTRY, read

from signoff.domain.errors import BadInput
from signoff.evals import baseline
from signoff.evals.comparing import Pair, changed, differences, load, paired
from signoff.evals.dataset import Paper
from signoff.evals.figures import curve, figures, passing, scored
from signoff.evals.measured import Measured, measured
from signoff.evals.report import page


def paper(*entries: dict[str, Any], kind: str = "") -> Paper:
    return Paper("test/a/one.pdf", Path("one.pdf"), "test", "a", "V1", kind, entries)


def record(**changes: Any) -> dict[str, Any]:
    """A record as the process keeps it, of an order that waits for an approval."""
    own = {
        "case_id": "C00001", "status": "needs_approval", "format": "pdf", "lane": "layout", "confidence": 0.97, "findings": [],
        "reading": {"verdict": "clear", "reasons": [], "certified": False}, "tasks": [{"status": "open", "kind": "approval"}],
        "duration_ms": 120, "model_calls": 2, "cost": "0.01",
    }  # fmt: skip
    return own | read() | changes


def row(paper: str = "test/a/one.pdf", **changes: Any) -> Measured:
    """An order that is there, read right, clear, and posted with one approval."""
    own: dict[str, Any] = {
        "status": "posted", "outcome": "approval", "expected": "approval", "verdict": "clear", "confidence": 0.9, "lane": "layout",
        "format": "pdf", "case": "C00001", "exact_lines": 2, "read_lines": 2, "there_lines": 2, "touches": {"approval": 1},
        "end": {"posted": True, "vendor": "V1"}, "expected_end": {"posted": True, "vendor": "V1"}, "expected_signers": ["P1"],
    }  # fmt: skip
    found = Measured(paper, 0, "test", "a", "V1", "clean", True)
    for name, value in (own | changes).items():
        setattr(found, name, value)
    return found


class TestMatching:
    def test_each_order_of_a_paper_with_the_record_that_bears_its_number(self) -> None:
        other = ENTRY | {"number": "PO-1002", "total": "11.00", "lines": ENTRY["lines"][:1]}
        records = [record(**read(order_number="PO-1002", payable_amount="11.00", lines=read()["order"]["lines"][:1])), record()]
        found = list(measured(paper(ENTRY, other), records))
        assert [(r.order, r.right, r.there_lines) for r in found] == [(0, True, 2), (1, True, 1)]

    def test_an_order_nobody_read_is_wrong_and_failed(self) -> None:
        (found,) = measured(paper(ENTRY), [])
        assert (found.outcome, found.read, found.right, found.clear) == ("failed", False, False, False)
        assert found.wrong == ["number", "supplier", "total", "lines"]

    def test_an_order_too_much_is_wrong_though_it_reads_well(self) -> None:
        found = list(measured(paper(ENTRY), [record(), record(case_id="C00002")]))
        assert [(r.case, r.there, r.right, r.clear) for r in found] == [("C00001", True, True, True), ("C00002", False, False, True)]

    def test_a_paper_without_an_order_that_was_set_aside_is_one_row(self) -> None:
        aside = record(status="not_an_order", order=None, reading=None, tasks=[], confidence=None)
        (found,) = measured(paper(kind="invoice"), [aside])
        assert (found.there, found.outcome, found.expected, found.wrong) == (False, "set_aside", "set_aside", [])

    def test_an_invoice_that_was_taken_for_an_order_is_one_row_and_wrong(self) -> None:
        (found,) = measured(paper(kind="invoice"), [record()])
        assert (found.there, found.outcome, found.wrong, found.clear) == (False, "approval", ["order"], True)

    @pytest.mark.parametrize(
        ("changes", "whole"),
        [
            ({}, False),
            ({"tax_total": "57.00"}, True),
            ({"tax_total": "57.03"}, False),
            ({"tax_total": "57.00", "supplier": {"name": None}}, False),
            ({"tax_total": "47.00", "allowances_charges": [{"charge": True, "amount": "10.00"}]}, True),
            ({"tax_total": "67.00", "allowances_charges": [{"charge": False, "amount": "10.00"}]}, True),
            ({"tax_total": "357.00", "lines": []}, False),
        ],
    )
    def test_the_simple_rule_asks_for_every_field_and_right_sums(self, changes: dict[str, Any], whole: bool) -> None:
        (found,) = measured(paper(ENTRY), [record(**read(**changes))])
        assert found.complete is whole


class TestFigures:
    def test_a_clear_order_with_a_wrong_field_is_a_false_pass(self) -> None:
        found = passing([row(), row(wrong=["total"]), row(verdict="doubtful", wrong=["total"])])["clear"]
        assert (found["passed"]["of"], found["passed"]["n"], found["false"]["of"], found["false"]["n"]) == (2, 3, 1, 2)

    def test_what_was_set_aside_does_not_pass(self) -> None:
        found = passing([row(there=False, status="not_an_order", outcome="set_aside", confidence=0.99)])
        assert found["clear"]["passed"]["of"] == found["confidence > 0.8"]["passed"]["of"] == 0

    def test_structured_orders_pass_and_searched_ones_only_with_a_certificate(self) -> None:
        rows = [row(lane="structured"), row(), row(certified=True), row(certified=True, verdict="doubtful")]
        assert passing(rows)["structured, or certified"]["passed"]["of"] == 2

    def test_a_veto_counts_more_than_any_confidence(self) -> None:
        vetoed, doubted = row(verdict="doubtful", confidence=1.0), row(confidence=0.2)
        assert scored([vetoed])[0][0] < scored([doubted])[0][0]

    def test_the_curve_takes_the_surest_first(self) -> None:
        assert curve([(0.2, False), (0.9, True), (0.5, True), (0.4, False)]) == [(0.25, 0), (0.5, 0), (0.75, 1 / 3), (1.0, 0.5)]

    def test_no_orders_give_no_shares(self) -> None:
        found = figures([])
        assert found["reading"]["exact"]["share"] is None
        assert found["confidence"]["auroc"]["value"] is None
        assert page("nothing", found, []).startswith("<!doctype html>")


class TestWorlds:
    def test_an_error_is_an_order_that_should_not_be_there_or_says_something_else(self) -> None:
        assert not baseline.posted_wrongly(row())
        assert baseline.posted_wrongly(row(expected_end={"posted": False}))
        assert baseline.posted_wrongly(row(end={"posted": True, "vendor": "V2"}))
        assert baseline.posted_wrongly(row(wrong=["total"]))
        assert not baseline.posted_wrongly(row(wrong=["total"], touches={"review": 1}))

    def test_the_three_of_them(self) -> None:
        refused = row(wrong=["lines"], touches={"review": 1, "exception": 1}, end={"posted": False}, expected_end={"posted": False})
        rows = [row(), refused, row(touches={}, outcome="posted_unseen", expected_signers=[])]
        ours, alone, hand = baseline.signoff(rows), baseline.alone(rows), baseline.by_hand(rows)
        assert (ours.posted, ours.errors, ours.touches, ours.looks) == (2, 0, 3, 1)
        assert (alone.posted, alone.errors, alone.touches) == (3, 1, 0)
        assert (hand.posted, hand.errors, hand.touches, hand.looks) == (2, 0, 9, 6)
        assert baseline.fewer(rows, "touches", "hand") == pytest.approx(1 - 3 / 9)
        assert baseline.fewer(rows, "errors", "alone") == 1.0

    def test_fewer_than_nothing_is_no_figure(self) -> None:
        assert baseline.fewer([row()], "errors", "alone") is None


class TestReport:
    def test_what_a_document_says_is_text_and_nothing_is_fetched(self) -> None:
        rows = [row("test/a/<script>alert(1)</script>.pdf", wrong=["total"], status="needs_review", outcome="review")]
        made = page("<b>set</b>", figures(rows), rows)
        assert "<script" not in made
        assert "&lt;script&gt;" in made
        assert "<b>set</b>" not in made
        assert "http" not in made.replace("http://www.w3.org/2000/svg", "")


class TestComparing:
    @staticmethod
    def run(folder: Path, rows: list[Measured], sha256: str = "00") -> Path:
        folder.mkdir()
        (folder / "orders.jsonl").write_text("".join(json.dumps(r.record()) + "\n" for r in rows), encoding="utf-8")
        dataset = {"name": "set", "papers": len({r.paper for r in rows}), "sha256": sha256}
        (folder / "figures.json").write_text(json.dumps({"dataset": dataset}), encoding="utf-8")
        return folder

    def pairs(self, tmp_path: Path, before: list[Measured], after: list[Measured]) -> list[Pair]:
        return paired(load(self.run(tmp_path / "before", before)), load(self.run(tmp_path / "after", after)))

    @staticmethod
    def rows(wrong: int) -> list[Measured]:
        """Forty orders of as many vendors, of which the first are wrong and cost one more look."""
        return [
            row(f"{n}", vendor=f"V{n}", wrong=["total"] * (n < wrong), touches={"review": 1 + (n < wrong)}, exact_lines=2 - 2 * (n < wrong))
            for n in range(40)
        ]

    def test_a_run_and_itself_are_the_same(self, tmp_path: Path) -> None:
        pairs = self.pairs(tmp_path, self.rows(5), self.rows(5))
        assert {d.verdict for d in differences(pairs)} == {"same"}
        assert changed(pairs) == []

    def test_fewer_wrong_ones_are_better_and_so_are_fewer_touches(self, tmp_path: Path) -> None:
        pairs = self.pairs(tmp_path, self.rows(20), self.rows(2))
        verdicts = {d.name: d.verdict for d in differences(pairs)}
        assert verdicts["read right"] == verdicts["lines right"] == verdicts["touches"] == verdicts["clear and wrong"] == "better"
        assert verdicts["clear"] == "same"
        assert len(changed(pairs)) == 18

    def test_more_of_them_are_worse(self, tmp_path: Path) -> None:
        verdicts = {d.name: d.verdict for d in differences(self.pairs(tmp_path, self.rows(2), self.rows(20)))}
        assert verdicts["read right"] == verdicts["touches"] == "worse"

    def test_one_order_proves_nothing(self, tmp_path: Path) -> None:
        found = next(d for d in differences(self.pairs(tmp_path, self.rows(2), self.rows(1))) if d.name == "read right")
        assert found.after > found.before
        assert found.verdict == "not distinguishable"

    def test_an_order_that_one_run_alone_took_counts(self, tmp_path: Path) -> None:
        surplus = row("0", order=1, there=False, wrong=["order"], vendor="V0")
        pairs = self.pairs(tmp_path, [*self.rows(0), surplus], self.rows(0))
        found = {d.name: d for d in differences(pairs)}
        assert (found["clear and wrong"].before, found["clear and wrong"].after) == (1 / 41, 0)
        assert found["read right"].orders == 40
        assert [(c.paper, c.order, c.before[0], c.after) for c in changed(pairs)] == [("0", 1, "order", ("", ""))]

    def test_other_papers_are_refused(self, tmp_path: Path) -> None:
        one, other = self.run(tmp_path / "one", self.rows(1)), self.run(tmp_path / "other", self.rows(1), "11")
        with pytest.raises(BadInput, match="same papers and truth"):
            paired(load(one), load(other))

    def test_a_folder_without_a_run_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="is no run"):
            load(tmp_path)
