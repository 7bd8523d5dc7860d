"""A contract's paper as a whole: clauses by their numbers, pages, quotes where they stand, in every format."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.agreement import Agreement, TermKind
from signoff.tools.agreements.paper import Wanted, agreement
from signoff.tools.agreements.reading import read_agreement
from signoff.tools.agreements.running_text import RunningText, running_text
from signoff.tools.agreements.splitting import LONGEST, split
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.opening import open_document

PAPER = """FRAMEWORK SUPPLY AGREEMENT

This Agreement is made as of 14 January 2025 between Halvermoor Pumpen GmbH ("Buyer") and Tessaly Castings S.p.A. ("Supplier").

1. Scope

1.1 Supplier sells castings, as said in clause 3. The price is in Annex 1.

1.2 Orders are placed in writing.

2. Term

2.1 This Agreement takes effect on 1 February 2025 and expires on 31 January 2028.
"""


def opened(text: str) -> Document:
    return open_document(Source("paper.txt", text.encode()))


def numbers(text: str) -> list[str | None]:
    return [clause.number for clause in split(running_text(opened(text))).clauses]


class TestClauses:
    def test_numbers_and_headings(self) -> None:
        clauses = read_agreement(opened(PAPER)).clauses
        assert [c.number for c in clauses] == [None, "1", "1.1", "1.2", "2", "2.1"]
        assert clauses[1].heading == "Scope"
        assert clauses[2].text.startswith("Supplier sells castings")

    def test_in_running_text(self) -> None:
        assert numbers("The parties agree: 1. SCOPE. Supplier sells. 2. TERM. One year. 2.1 It renews. 3. PRICES. As listed.") == [
            None, "1", "2", "2.1", "3",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "text",
        [
            "1. SCOPE. Supplier sells. See Section 2. The rest follows.",
            "1. SCOPE. The price is USD 2. No more is paid.",
            "1. SCOPE. Deliver 20 Pumps and 3 Valves. Thank you.",
        ],
    )
    def test_what_begins_no_clause(self, text: str) -> None:
        assert numbers(text) == ["1"]

    def test_articles(self) -> None:
        assert numbers("ARTICLE I SCOPE\n\nText of one.\n\nARTICLE II TERM\n\nText of two.") == ["ARTICLE I", "ARTICLE II"]

    def test_without_numbers_it_is_cut_at_paragraphs(self) -> None:
        paragraphs = [f"Paragraph {n} " + "speaks of castings and their delivery " * 30 for n in range(12)]
        clauses = split(running_text(opened("\n\n".join(paragraphs)))).clauses
        assert len(clauses) > 2
        assert all(c.text.startswith("Paragraph") for c in clauses)

    def test_what_every_page_bears_is_left_out(self) -> None:
        text = "\n\n".join(
            f"Sentence {n} of the agreement stands here.\n\nSource: KASTER INC, annual report, 4\n\nPage {n}" for n in range(1, 7)
        )
        assert "KASTER" not in running_text(opened(text)).text
        assert "Page" not in running_text(opened(text)).text

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.sampled_from(["1.", "1.1", "2.", " Scope ", "A", "\n", "(a)", "Section 3 ", "x" * 3000, ". ", "12 ", "é"]), max_size=30)
    )
    def test_a_clause_is_its_place_in_the_text(self, parts: list[str]) -> None:
        running = RunningText("".join(parts))
        whole = split(running)
        assert all(len(c.text) <= LONGEST for c in whole.clauses)
        for clause, start in zip(whole.clauses, whole.starts, strict=True):
            assert running.text[start : start + len(clause.text)] == clause.text


def test_each_quote_stands_where_its_place_says() -> None:
    read = read_agreement(opened(PAPER))
    assert {t.kind for t in read.terms} >= {TermKind.PARTY, TermKind.AGREEMENT_DATE, TermKind.EFFECTIVE_DATE, TermKind.EXPIRATION_DATE}
    for term in read.terms:
        assert read.clauses[term.place.clause].text[term.place.start : term.place.end] == term.quote


def test_roles_are_the_papers_own_words() -> None:
    assert [(t.value, t.role) for t in read_agreement(opened(PAPER)).found(TermKind.PARTY)] == [
        ("Halvermoor Pumpen GmbH", "Buyer"),
        ("Tessaly Castings S.p.A.", "Supplier"),
    ]


def test_pages_are_those_of_form_feeds() -> None:
    read = read_agreement(opened(PAPER.replace("2. Term", "\f2. Term")))
    (end,) = read.found(TermKind.EXPIRATION_DATE)
    assert end.place.page == 2
    assert read.clauses[0].page == 1


def test_text_of_one_page_has_no_page() -> None:
    assert {c.page for c in read_agreement(opened(PAPER)).clauses} == {None}


def test_html() -> None:
    html = "<html><body>" + "".join(f"<p>{line}</p>" for line in PAPER.split("\n") if line) + "</body></html>"
    read = agreement(Source("paper.html", html.encode()), Wanted())
    assert values(read) == values(read_agreement(opened(PAPER)))


def values(read: Agreement) -> dict[TermKind, list[str]]:
    return {kind: [t.value for t in read.found(kind)] for kind in TermKind}


@pytest.mark.parametrize("text", ["", "   \n\n", "1.\n2.\n3.\n", "Between and between and between", "(" * 5000, '("A") ' * 2000])
def test_strange_papers_are_read_without_a_crash(text: str) -> None:
    read_agreement(Document("paper.txt", "txt", text.encode(), text=text))


def test_long_papers_take_linear_time() -> None:
    import time

    def seconds(times: int) -> float:
        document = Document("paper.txt", "txt", b"", text=PAPER * times)
        begun = time.process_time()
        read_agreement(document)
        return time.process_time() - begun

    seconds(5)
    assert seconds(200) < 12 * max(seconds(40), 0.05)
