"""From a contract's paper to terms that hold: nothing holds before a person said so, and all of it is on record."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contract_papers import amendment, paper, price
from office import NOW, Office

from signoff.domain.agreement import Agreement
from signoff.domain.checks.versions import as_of
from signoff.domain.contract import Contract, SpendCap
from signoff.domain.errors import BadInput, Refused
from signoff.domain.proposal import Choices, Proposal, ProposalStatus
from signoff.graph.agreements import confirm, drop, offered, proposal_called, propose, settled
from signoff.graph.audit import verify
from signoff.graph.record import record
from signoff.graph.replay import Replays
from signoff.tools.orders.transcript import Member, Transcript

ALL = Choices(everything=True)
VENDOR = "Kartenbrook Verpackung GmbH"
WHO = "E-020"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def proposed(office: Office, agreement: Agreement, amends: str | None = None) -> Proposal:
    return propose(office.store, agreement, NOW, amends)[0]


def held(office: Office, number: str = "K-2026-077") -> Contract:
    contract = office.store.masters.contract(number)
    assert contract is not None
    return contract


class TestProposing:
    def test_nothing_of_a_paper_holds(self, office: Office) -> None:
        proposal = proposed(office, paper(VENDOR))
        assert (proposal.name, proposal.status) == ("A1", ProposalStatus.PROPOSED)
        assert office.store.masters.contracts() == []
        assert [e.type for e in office.store.events.all()] == ["contract.proposed"]

    def test_the_same_file_is_not_proposed_twice(self, office: Office) -> None:
        first = proposed(office, paper(VENDOR))
        assert propose(office.store, paper(VENDOR), NOW) == (first, False)
        assert len(office.store.agreements.listed()) == 1

    def test_our_side_and_the_vendor_are_told_apart(self, office: Office) -> None:
        fields = {o.field: o for o in offered(office.services, proposed(office, paper(VENDOR)))}
        assert (fields["vendor_id"].value, fields["vendor_id"].doubt) == ("V-1004", None)
        assert paper(VENDOR).terms[fields["vendor_id"].term or 0].value == VENDOR

    @pytest.mark.parametrize("name", ["Unheard Of Ltd", "Kartenbroook Verpackung GmbH"], ids=["unknown", "look-alike"])
    def test_a_party_that_is_no_vendor_is_asked_about(self, office: Office, name: str) -> None:
        proposal = proposed(office, paper(name))
        with pytest.raises(BadInput, match=r"vendor_id: the parties are .*name the vendor"):
            confirm(office.services, proposal, ALL, WHO)
        done = confirm(office.services, proposal, Choices(everything=True, changed={"vendor_id": "V-1004"}), WHO)
        assert done.contract.provenance["/vendor_id"].by == WHO


class TestConfirming:
    def test_confirmed_terms_make_a_contract(self, office: Office) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        contract = held(office)
        assert (contract.vendor_id, contract.starts, contract.ends) == ("V-1004", dt.date(2026, 4, 1), dt.date(2028, 3, 31))
        assert (contract.spend_cap, contract.payment_terms) == (SpendCap(amount="50000.00", per="year"), "30 days net")
        assert [(t.kind, t.text[:22]) for t in contract.other_terms] == [("liability_cap", "The supplier's liabili")]
        assert [str(p.price) for p in contract.prices] == ["12.50", "3.00"]

    def test_each_value_says_where_it_was_read(self, office: Office) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        contract = held(office)
        cap = contract.provenance["/spend_cap"]
        assert (cap.source, cap.clause, cap.page, cap.quote) == ("k77.pdf", "3", 3, "EUR 50,000.00 a year")
        assert contract.clauses[cap.index or 0].text[cap.start : cap.end] == cap.quote
        assert contract.stands("/prices/0") == {"paper": "k77.pdf", "page": 3, "quote": "P-1 | 12.50"}

    def test_what_is_changed_or_dropped_is_not_the_papers(self, office: Office) -> None:
        choices = Choices(everything=True, changed={"ends": "2029-03-31"}, dropped=("spend_cap", "prices/2"))
        confirm(office.services, proposed(office, paper(VENDOR)), choices, WHO)
        contract = held(office)
        assert (contract.ends, contract.spend_cap, len(contract.prices)) == (dt.date(2029, 3, 31), None, 1)
        assert contract.provenance["/ends"].by == WHO
        assert contract.provenance["/ends"].quote == "31 March 2028"
        event = list(office.store.events.all())[-1]
        assert (event.type, event.actor) == ("contract.confirmed", WHO)
        assert (event.body["changed"], event.body["dropped"]) == ({"ends": "2029-03-31"}, ["spend_cap", "prices/2"])
        assert "ends" in event.body["confirmed"]
        assert "spend_cap" not in event.body["confirmed"]

    def test_only_what_was_accepted_holds(self, office: Office) -> None:
        choices = Choices(accepted=("contract_id", "vendor_id", "starts", "currency"))
        contract = confirm(office.services, proposed(office, paper(VENDOR)), choices, WHO).contract
        assert (contract.ends, contract.spend_cap, contract.prices, contract.other_terms) == (None, None, (), ())

    @pytest.mark.parametrize(
        ("choices", "said"),
        [
            (Choices(everything=True, dropped=("currency",)), "currency must be known .* --set currency="),
            (Choices(everything=True, changed={"ends": "soon"}), "ends: 'soon' is not a date; write it like 2026-11-30"),
            (Choices(everything=True, changed={"ends": "2026-01-01"}), r"ends \(2026-01-01\) lies before starts \(2026-04-01\)"),
            (Choices(everything=True, changed={"currency": "USD"}), r"prices: .* is in EUR, the contract in USD"),
            (Choices(everything=True, changed={"end": "2029-01-01"}), "'end' is no field that can be set .did you mean 'ends'"),
            (Choices(everything=True, dropped=("rebate",)), "The paper says nothing of 'rebate'"),
            (Choices(everything=True, dropped=("prices/3",)), "The paper says nothing of 'prices/3'"),
            (Choices(everything=True, changed={"vendor_id": "V-9"}), "There is no vendor V-9"),
            (Choices(everything=True, changed={"amends": "K-9"}), "There is no contract K-9 to amend"),
        ],
        ids=lambda v: v if isinstance(v, str) else "",
    )
    def test_what_cannot_be_is_said_and_nothing_holds(self, office: Office, choices: Choices, said: str) -> None:
        proposal = proposed(office, paper(VENDOR))
        with pytest.raises(BadInput, match=said):
            confirm(office.services, proposal, choices, WHO)
        assert office.store.masters.contracts() == []
        assert office.store.agreements.get(1) == proposal

    def test_two_dates_for_one_thing_are_settled_by_a_person(self, office: Office) -> None:
        agreement = paper(VENDOR)
        second = agreement.terms[5].model_copy(update={"value": "2028-04-30"})
        proposal = proposed(office, agreement.model_copy(update={"terms": (*agreement.terms, second)}))
        with pytest.raises(BadInput, match="ends: the paper says 2028-03-31 and 2028-04-30; say which one holds"):
            confirm(office.services, proposal, ALL, WHO)
        confirm(office.services, proposal, Choices(everything=True, changed={"ends": "2028-04-30"}), WHO)
        assert held(office).ends == dt.date(2028, 4, 30)

    def test_one_item_with_two_prices_is_settled_by_a_person(self, office: Office) -> None:
        agreement = paper(VENDOR)
        proposal = proposed(office, agreement.model_copy(update={"prices": (*agreement.prices, price("P-1", "12.70"))}))
        with pytest.raises(BadInput, match="Prices 1 and 3 give the same item two prices"):
            confirm(office.services, proposal, ALL, WHO)
        confirm(office.services, proposal, Choices(everything=True, dropped=("prices/1",)), WHO)
        assert [str(p.price) for p in held(office).prices] == ["3.00", "12.70"]

    def test_of_two_people_one_wins(self, office: Office) -> None:
        seen = proposed(office, paper(VENDOR))
        confirm(office.services, seen, ALL, WHO)
        with pytest.raises(Refused, match="A1 was settled by E-020 meanwhile"):
            confirm(office.services, seen, Choices(everything=True, dropped=("ends",)), "E-022")
        assert held(office).ends == dt.date(2028, 3, 31)

    def test_confirmed_again_the_earlier_choices_stay(self, office: Office) -> None:
        proposal = proposed(office, paper(VENDOR))
        confirm(office.services, proposal, Choices(everything=True, changed={"ends": "2029-03-31"}), WHO)
        confirm(office.services, proposal_called(office.store, "A1"), Choices(dropped=("payment_terms",)), WHO)
        assert (held(office).ends, held(office).payment_terms) == (dt.date(2029, 3, 31), None)

    def test_a_number_that_is_on_file_is_no_new_contract(self, office: Office) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        with pytest.raises(BadInput, match="K-2026-077 is on file already; if this paper changes it, say --set amends=K-2026-077"):
            confirm(office.services, proposed(office, paper(VENDOR, "again.pdf")), ALL, WHO)


class TestDropping:
    def test_what_is_dropped_holds_never_and_waits_again_when_it_is_imported_again(self, office: Office) -> None:
        proposal = proposed(office, paper(VENDOR))
        drop(office.services, proposal, WHO, "a draft")
        assert office.store.agreements.listed(ProposalStatus.PROPOSED) == []
        again, new = propose(office.store, paper(VENDOR), NOW)
        assert (again.name, again.status, new) == ("A1", ProposalStatus.PROPOSED, True)
        assert [e.type for e in office.store.events.all()] == ["contract.proposed", "contract.dropped", "contract.proposed"]

    def test_what_holds_is_not_dropped(self, office: Office) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        with pytest.raises(Refused, match="was confirmed and holds as K-2026-077"):
            drop(office.services, proposal_called(office.store, "A1"), WHO, "")


class TestAmendments:
    @pytest.fixture
    def amended(self, office: Office) -> Office:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        confirm(office.services, proposed(office, amendment()), ALL, WHO)
        return office

    def test_it_changes_what_it_states_from_its_day_on(self, amended: Office) -> None:
        contract = held(amended)
        before, after = as_of(contract, dt.date(2026, 9, 30)), as_of(contract, dt.date(2026, 10, 1))
        assert (before.ends, after.ends) == (dt.date(2028, 3, 31), dt.date(2030, 3, 31))
        assert (after.spend_cap, after.payment_terms) == (before.spend_cap, before.payment_terms)
        assert (before.amended, after.amended) == ((), ("K-2026-077 amended 2026-10-01",))

    def test_its_prices_stand_in_place_of_those_of_the_same_items(self, amended: Office) -> None:
        after = as_of(held(amended), dt.date(2026, 10, 1))
        assert [(p.supplier_item_id, str(p.price)) for p in after.prices] == [("P-2", "3.00"), ("P-1", "13.00")]
        assert [after.stands(f"/prices/{i}")["paper"] for i in (0, 1)] == ["k77.pdf", "amendment-1.docx"]
        assert after.stands("/ends") == {"paper": "amendment-1.docx", "clause": "A2", "quote": "31 March 2030"}

    def test_a_version_is_made_once(self, amended: Office) -> None:
        contract = held(amended)
        assert as_of(contract, dt.date(2026, 10, 1)) is as_of(contract, dt.date(2029, 1, 1))

    def test_a_list_in_place_of_all_prices(self, office: Office) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        listed = Agreement(source="list.xlsx", sha256="5" * 64, clauses=(), prices=(price("P-9", "1.00", valid_from="2026-11-01"),))
        proposal = proposed(office, listed, "K-2026-077")
        confirm(office.services, proposal, Choices(everything=True, all_prices=True), WHO)
        assert [p.supplier_item_id for p in as_of(held(office), dt.date(2026, 11, 1)).prices] == ["P-9"]
        assert len(as_of(held(office), dt.date(2026, 10, 31)).prices) == 2

    def test_another_vendors_paper_amends_nothing(self, amended: Office) -> None:
        proposal = proposed(amended, paper("Pembrake Seals Ltd", "other.pdf"))
        with pytest.raises(BadInput, match="The paper is of vendor V-1003, the contract K-2026-077 is with V-1004"):
            settled(amended.services, proposal, Choices(everything=True, changed={"amends": "K-2026-077", "vendor_id": "V-1003"}), WHO)

    def test_an_amendment_of_a_contract_that_is_not_there_is_asked_about(self, office: Office) -> None:
        with pytest.raises(BadInput, match="amends: the paper changes 'K-2026-077', which is not one contract on file"):
            confirm(office.services, proposed(office, amendment()), ALL, WHO)


class TestOrders:
    @pytest.fixture
    def amended(self, office: Office) -> Office:
        """The vendor of the example order has a contract and an amendment, on file and in force."""
        vendor = next(v for v in office.services.vendors if v.vendor_id == "V-1001")
        confirm(office.services, proposed(office, paper(vendor.name)), ALL, WHO)
        confirm(office.services, proposed(office, amendment()), Choices(everything=True, changed={"payment_terms": "90 days net"}), WHO)
        masters = office.store.masters
        with office.store.transaction():
            masters.keep_policy(office.services.policy_hash, office.services.policy.model_dump_json())
            masters.replace_people(list(office.services.people))
            masters.replace_vendors(list(office.services.vendors))
        kept = tuple(masters.digest(kind)[:12] for kind in ("people", "vendors", "contracts"))
        contracts = {c.vendor_id: (c,) for c in masters.contracts()}
        office.services = replace(office.services, contracts=contracts, masters=kept)
        return office

    @pytest.mark.parametrize(
        ("day", "version"), [("2026-09-20", []), ("2026-11-02", ["K-2026-077 amended 2026-10-01"])], ids=["before", "after"]
    )
    def test_are_checked_against_the_version_of_their_day(self, amended: Office, day: str, version: list[str]) -> None:
        case = amended.example("xml/4500018001.xml", date=day)
        checked = next(e for e in amended.events(case) if e.type == "order.checked")
        assert checked.body["amended_by"] == version
        found = {f["code"]: f["evidence"] for f in record(amended.services, case.number)["findings"]}
        assert ("payment_terms_differ" in found) is bool(version)
        if version:
            told = found["payment_terms_differ"]
            assert (told["amended_by"], told["source"], told["order"]) == (version, "k77.pdf", "/payment_terms")

    def test_come_out_the_same_when_they_are_replayed(self, amended: Office) -> None:
        case = amended.example("xml/4500018001.xml", date="2026-11-02")
        confirm(amended.services, proposal_called(amended.store, "A2"), Choices(changed={"payment_terms": "10 days net"}), WHO)

        async def unopened(name: str, sha256: str, member: Member) -> Transcript:
            raise BadInput("Nobody looks at an original again.")

        assert asyncio.run(Replays(amended.store, unopened).replay(case.number)).fault is None


class TestRecord:
    def test_the_whole_of_it_is_bound(self, office: Office) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        drop(office.services, proposed(office, amendment()), WHO, "")
        assert verify(office.store).fault is None

    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            ("UPDATE contracts SET body = replace(body, '50000.00', '90000.00')", "The contracts were altered"),
            ("UPDATE agreements SET body = replace(body, '50000.00', '90000.00')", "The proposed contract A1 was altered"),
            ("UPDATE agreements SET status = 'dropped'", "The proposed contract A1 was altered"),
            ("DELETE FROM agreements", "The proposed contract A1 was altered"),
            ("DELETE FROM clauses WHERE number = '3'", "The clauses of contract K-2026-077 that searches find are not those of its paper"),
        ],
        ids=["contract", "proposal", "status", "proposal gone", "clause"],
    )
    def test_what_was_altered_behind_its_back_is_named(self, office: Office, statement: str, said: str) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        office.store.db.execute(statement)  # type: ignore[attr-defined]
        assert said in str(verify(office.store).fault)

    def test_every_state_of_the_contracts_is_kept(self, office: Office) -> None:
        confirm(office.services, proposed(office, paper(VENDOR)), ALL, WHO)
        first = office.store.masters.digest("contracts")
        confirm(office.services, proposed(office, amendment()), ALL, WHO)
        second = office.store.masters.digest("contracts")
        kept = [office.store.masters.kept("contracts", d[:12]) or "" for d in (first, second)]
        assert [len(Contract.model_validate_json(body.strip()).amendments) for body in kept] == [0, 1]


class TestCalled:
    @pytest.mark.parametrize("word", ["A1", "a1", "1", "k77.pdf", "K-2026-077"])
    def test_a_paper_is_known_by_its_name_its_file_and_its_number(self, office: Office, word: str) -> None:
        proposed(office, paper(VENDOR))
        assert proposal_called(office.store, word).number == 1

    def test_nothing_is_guessed(self, office: Office) -> None:
        with pytest.raises(BadInput, match="There is no imported contract K-0"):
            proposal_called(office.store, "K-0")
