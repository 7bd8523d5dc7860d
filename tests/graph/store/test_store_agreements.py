"""Proposals and the search over clauses: whatever is typed finds words, and the index is in step with what it indexes."""

from __future__ import annotations

import datetime as dt

import pytest
from stores import NOW, Opener

from signoff.domain.agreement import Agreement
from signoff.domain.contract import Amendment, Changes, Clause, Contract
from signoff.domain.proposal import Proposal, ProposalStatus
from signoff.graph.store.port import Store

CONTRACT = Contract(
    contract_id="K-1", vendor_id="V-1", starts=dt.date(2026, 1, 1), currency="EUR", source="k1.pdf",
    clauses=(
        Clause(number="1", heading="Delivery", text="The supplier delivers within ten days, free of charge.", page=1),
        Clause(number="2", heading="Liability", text="The limitation of liability does not hold for wilful acts of the supplier.", page=2),
        Clause(number="3", heading=None, text="Fälligkeit und Zahlung: dreißig Tage nach Lieferung.", page=2),
    ),
)  # fmt: skip


@pytest.fixture
def searched(store: Store) -> Store:
    with store.transaction():
        store.masters.put_contracts([CONTRACT])
    return store


def found(store: Store, words: str) -> list[str | None]:
    return [hit.number for hit in store.agreements.search(words)]


def proposal(sha256: str = "a" * 64, text: str = "A penalty of one percent is due for each week of delay.") -> Proposal:
    agreement = Agreement(source="draft.docx", sha256=sha256, clauses=(Clause(number="9", text=text),))
    return Proposal(agreement=agreement, proposed_at=NOW)


def kept(store: Store, made: Proposal) -> Proposal:
    with store.transaction():
        return store.agreements.put(made)


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("liability", ["2"]),
            ("LIABILITY", ["2"]),
            ("supplier", ["2", "1"]),
            ("supplier deliver", ["1"]),
            ('"limitation of liability"', ["2"]),
            ('"liability of limitation"', []),
            ("deliv*", ["1"]),
            ("falligkeit", ["3"]),
            ("Zahlung Lieferung", ["3"]),
            ("liability nowhere", ["2"]),
            ("nowhere", []),
        ],
        ids=lambda v: v if isinstance(v, str) else "",
    )
    def test_words_phrases_and_beginnings(self, searched: Store, words: str, expected: list[str]) -> None:
        assert sorted(found(searched, words), key=str) == sorted(expected, key=str)

    @pytest.mark.parametrize(
        "typed",
        ["", " ", '"', '"""', "*", "AND", "NOT liability", "(liability", "text:liability", "liability OR 1=1", "^liability", "a NEAR/2 b",
         "liability\x00", "'; DROP TABLE clauses; --",
         "{text heading}: x", "-liability", "§ 3", "+", "€", "liability" * 500, "a b c " * 5000, "\udc80"],
        ids=lambda typed: ascii(typed[:20]),
    )  # fmt: skip
    def test_nothing_that_is_typed_is_syntax(self, searched: Store, typed: str) -> None:
        assert isinstance(searched.agreements.search(typed), list)
        assert len(found(searched, "liability")) == 1

    def test_a_word_of_a_heading_counts_more(self, store: Store) -> None:
        clauses = tuple(Clause(number=str(n), heading=h, text=t) for n, (h, t) in enumerate([("Scope", "price"), ("Price", "goods")]))
        with store.transaction():
            store.masters.put_contracts([CONTRACT.model_copy(update={"clauses": clauses})])
        assert found(store, "price") == ["1", "0"]

    def test_what_was_found_is_marked_and_said_where(self, searched: Store) -> None:
        (hit,) = searched.agreements.search("wilful acts")
        assert (hit.owner, hit.paper, hit.number, hit.heading, hit.page) == ("contract K-1", "k1.pdf", "2", "Liability", 2)
        assert "\x02wilful\x03 \x02acts\x03" in hit.snippet


class TestInStep:
    def test_what_replaces_a_contract_replaces_its_clauses(self, searched: Store) -> None:
        with searched.transaction():
            searched.masters.put_contracts([CONTRACT.model_copy(update={"clauses": (Clause(number="7", text="Nothing of it."),)})])
        assert (found(searched, "liability"), found(searched, "nothing")) == ([], ["7"])

    def test_amendments_are_searched_too(self, searched: Store) -> None:
        changes = Changes(clauses=(Clause(number="A1", text="Packaging is returned."),))
        amendment = Amendment(amendment_id="K-1-A", since=dt.date(2026, 6, 1), source="a1.pdf", changes=changes)
        with searched.transaction():
            searched.masters.put_contracts([CONTRACT.model_copy(update={"amendments": (amendment,)})])
        (hit,) = searched.agreements.search("packaging")
        assert (hit.owner, hit.paper) == ("contract K-1", "a1.pdf")

    def test_a_proposal_is_searched_until_it_is_settled(self, searched: Store) -> None:
        made = kept(searched, proposal())
        assert [h.owner for h in searched.agreements.search("penalty")] == ["proposal 1"]
        kept(searched, made.model_copy(update={"status": ProposalStatus.DROPPED}))
        assert searched.agreements.search("penalty") == []

    def test_what_is_rolled_back_is_not_found(self, searched: Store) -> None:
        with pytest.raises(RuntimeError):
            self.put_and_fail(searched)
        assert searched.agreements.search("penalty") == []
        assert searched.agreements.listed() == []

    def put_and_fail(self, store: Store) -> None:
        with store.transaction():
            store.agreements.put(proposal())
            raise RuntimeError

    def test_it_is_known_when_it_is_not_in_step(self, searched: Store) -> None:
        assert list(searched.agreements.out_of_step([CONTRACT])) == []
        assert list(searched.agreements.out_of_step([])) == ["contract K-1"]
        other = CONTRACT.model_copy(update={"contract_id": "K-2"})
        assert list(searched.agreements.out_of_step([CONTRACT, other])) == ["contract K-2"]


class TestProposals:
    def test_they_are_numbered_and_found_by_their_file(self, opener: Opener) -> None:
        store = opener()
        one, two = kept(store, proposal()), kept(store, proposal("b" * 64))
        again = opener()
        assert [p.name for p in again.agreements.listed()] == ["A1", "A2"]
        assert again.agreements.of_file("b" * 64) == two
        assert (again.agreements.get(1), again.agreements.get(9), again.agreements.of_file("c" * 64)) == (one, None, None)

    def test_they_are_listed_by_status(self, store: Store) -> None:
        made = kept(store, proposal())
        kept(store, proposal("b" * 64))
        kept(store, made.model_copy(update={"status": ProposalStatus.CONFIRMED, "contract_id": "K-9"}))
        assert [p.number for p in store.agreements.listed(ProposalStatus.PROPOSED)] == [2]
        assert [(n, s) for n, s, _ in store.agreements.raw()] == [(1, "confirmed"), (2, "proposed")]
