"""The evaluation of contracts: how experts' answers are taken, how terms are compared, and that Signoff does well on its own set."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from signoff.app.evaluating import OWN
from signoff.domain.agreement import Agreement, TermKind
from signoff.domain.errors import BadInput, Unreadable
from signoff.evals.contract_answers import CATEGORIES, Expected, Labelled, load
from signoff.evals.contract_scores import all_names, any_of, names, passages, score
from signoff.evals.contracts import Read, improved, read_all, table
from signoff.evals.statistics import Counts
from signoff.tools.agreements.reading import read_agreement
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document


def rules(source: Source) -> Agreement:
    return read_agreement(open_document(source))


def answered(folder: Path, **answers: str) -> Labelled:
    """One contract with these answers, in the layout of CUAD."""
    (folder / "txt").mkdir()
    (folder / "txt" / "Paper -(1).txt").write_text("A paper.", encoding="utf-8")
    named = {CATEGORIES[TermKind(kind)]: answer for kind, answer in answers.items()}
    with (folder / "master_clauses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Filename", *(c for name in named for c in (name, f"{name}- Answer"))])
        writer.writerow(["Paper (1).pdf", *(c for answer in named.values() for c in (f"[{answer!r}]" if answer else "[]", answer))])
    return load(folder)[0]


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "values"),
        [
            ("8/1/19", ("2019-08-01",)),
            ("1/21/98", ("1998-01-21",)),
            ("31/01/2025", ("2025-01-31",)),
            ("07/31/2000; 07/[]/2000", ("2000-07-31",)),
            ("07/[]/2000", ()),
            ("perpetual", ("perpetual",)),
            ("", ()),
        ],
    )
    def test_days(self, tmp_path: Path, answer: str, values: tuple[str, ...]) -> None:
        expected = answered(tmp_path, expiration_date=answer).expected[TermKind.EXPIRATION_DATE]
        assert expected == Expected(values, unclear=bool(answer) and not values)

    @pytest.mark.parametrize(
        ("answer", "values"),
        [("successive 1 year", ("P12M",)), ("12 Months", ("P12M",)), ("6 months; 12 months", ("P6M", "P12M")), ("90 days", ("P90D",))],
    )
    def test_spans(self, tmp_path: Path, answer: str, values: tuple[str, ...]) -> None:
        assert answered(tmp_path, renewal=answer).expected[TermKind.RENEWAL].values == values

    @pytest.mark.parametrize(
        ("answer", "values"),
        [
            ('Alpha Inc. ("Alpha"); Beta (Shanghai) Ltd ("Buyer")', ("Alpha Inc", "Beta (Shanghai) Ltd")),
            ('Alpha Inc. ("A"); A and Beta (individually a "Party"); Beta Ltd ("Beta")', ("Alpha Inc", "Beta Ltd")),
            ('Alpha Inc. d/b/a Alpha Foods ("Alpha"); [*] ("Customer")', ("Alpha Inc",)),
        ],
    )
    def test_names(self, tmp_path: Path, answer: str, values: tuple[str, ...]) -> None:
        assert answered(tmp_path, party=answer).expected[TermKind.PARTY].values == values

    @pytest.mark.parametrize("missing", ["txt", "master_clauses.csv"])
    def test_a_folder_with_another_layout(self, tmp_path: Path, missing: str) -> None:
        answered(tmp_path, party="Alpha Inc.")
        (tmp_path / missing).rename(tmp_path / "elsewhere")
        with pytest.raises(BadInput, match="needs a folder txt or pdf"):
            load(tmp_path)


class TestScores:
    def test_names_without_their_punctuation(self) -> None:
        assert names(["THE ALPHA COMPANY, INC.", "Gamma AG"], ["Alpha Company Incorporated", "Beta S.p.A."]) == Counts(1, 1, 1, 1)

    def test_a_name_without_its_legal_form_is_another(self) -> None:
        assert names(["Alpha"], ["Alpha Inc."]) == Counts(0, 1, 0, 1)

    def test_one_of_several_answers_is_enough(self) -> None:
        assert any_of(["P6M"], ["P6M", "P12M"]) == Counts(1, 0, 1, 0)
        assert any_of(["P3M"], ["P6M"]) == Counts(0, 1, 0, 1)
        assert any_of(["P3M"], []) == Counts(0, 1, 0, 0)
        assert any_of([], []) == Counts()

    def test_all_parties_of_a_contract(self) -> None:
        assert all_names(["A Ltd", "B Ltd"], ["A Ltd", "B Ltd"]) == Counts(1, 0, 1, 0)
        assert all_names(["A Ltd"], ["A Ltd", "B Ltd"]) == Counts(1, 0, 0, 1)
        assert all_names(["A Ltd", "C Ltd"], ["A Ltd"]) == Counts(0, 1, 1, 0)

    def test_passages_by_half_of_the_shorter_ones_words(self) -> None:
        wanted = ["Buyer shall purchase at least 4,000 castings per calendar year."]
        assert passages(["During the term Buyer shall purchase at least 4,000 castings."], wanted) == Counts(1, 0, 1, 0)
        assert passages(["The seller delivers at once and at his own cost."], wanted) == Counts(0, 1, 0, 1)

    def test_what_the_experts_left_open_counts_for_nothing(self) -> None:
        read = rules(Source("a.txt", b"This Agreement is made as of 4 May 2020."))
        assert score(read, TermKind.AGREEMENT_DATE, Expected((), unclear=True)) == Counts()


@pytest.fixture(scope="module")
def own() -> list[Read]:
    return list(read_all(load(OWN), rules))


@pytest.mark.parametrize("kind", ["party", "effective date", "expiration date", "renewal", "notice period"])
def test_what_is_asked_for_holds_on_the_own_set(own: list[Read], kind: str) -> None:
    row = next(r for r in table(own) if r.name == kind)
    assert (row.counts.precision or 0) >= 0.9
    assert (row.counts.recall or 0) >= 0.6


def test_an_unread_contract_was_not_found_anything_in(own: list[Read]) -> None:
    def refuses(source: Source) -> Agreement:
        raise Unreadable(f"{source.name} is damaged.")

    rows = table(list(read_all([own[0].labelled], refuses)))
    assert rows[0].counts.found == 0
    assert rows[0].counts.missed == len(own[0].labelled.expected[TermKind.PARTY].values)


def test_halves_are_only_told_of_many(own: list[Read]) -> None:
    assert {row.part for row in table(own)} == {"all"}
    assert {row.part for row in table(own * 3)} == {"all", "development", "held out"}


def test_a_models_figures_stand_beside(own: list[Read]) -> None:
    def forgets(agreement: Agreement) -> Agreement:
        return agreement.model_copy(update={"terms": ()})

    rows = table(list(improved(own, forgets)), "rules and model")
    assert {row.by for row in rows} == {"rules and model"}
    assert sum(row.counts.found for row in rows) == 0
