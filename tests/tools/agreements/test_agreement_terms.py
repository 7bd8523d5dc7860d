"""Terms read from the wordings that contracts use, one small paper each: companies are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from signoff.domain.agreement import Agreement, TermKind
from signoff.tools.agreements.reading import read_agreement
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document

HEAD = 'This Agreement is made as of January 5, 2018 (the "Effective Date").\n\n'


def read(text: str) -> Agreement:
    return read_agreement(open_document(Source("paper.txt", text.encode())))


def values(text: str, kind: TermKind) -> list[str]:
    return [term.value for term in read(text).found(kind)]


WORDINGS: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "wordings.yaml").read_text(encoding="utf-8"))


def wordings(part: str) -> list[Any]:
    return [pytest.param(case, id=f"{part}{n}") for n, case in enumerate(WORDINGS[part], 1)]


def said(value: object) -> list[str]:
    return [] if value is None else [str(value)]


@pytest.mark.parametrize("case", wordings("parties"))
def test_parties(case: dict[str, Any]) -> None:
    assert values(case["text"], TermKind.PARTY) == case["names"]


@pytest.mark.parametrize("case", wordings("dates"))
def test_dates(case: dict[str, Any]) -> None:
    assert values(case["text"], TermKind.AGREEMENT_DATE) == said(case.get("made"))
    assert values(case["text"], TermKind.EFFECTIVE_DATE) == said(case.get("begins"))


@pytest.mark.parametrize("case", wordings("ends"))
def test_the_end(case: dict[str, Any]) -> None:
    assert values(HEAD + case["text"], TermKind.EXPIRATION_DATE) == said(case["end"])


@pytest.mark.parametrize("case", wordings("renewals"))
def test_renewal_and_notice(case: dict[str, Any]) -> None:
    paper = f"{HEAD}1. Term. {case['text']}"
    assert values(paper, TermKind.RENEWAL) == said(case["renewal"])
    assert values(paper, TermKind.NOTICE_PERIOD) == said(case["notice"])


OTHERS = [
    (TermKind.CURRENCY, "All prices are in Swiss francs.", ["CHF"]),
    (TermKind.CURRENCY, "Prices are in EUR. Payments for spare parts are made in USD.", []),
    (TermKind.SPEND_CAP, "The total value of all orders shall not exceed EUR 50,000.00 per calendar year.", ["50000 EUR year"]),
    (TermKind.SPEND_CAP, "The maximum order value is 1.250.000,50 EUR.", ["1250000.5 EUR term"]),
    (TermKind.SPEND_CAP, "The total liability of Supplier shall not exceed EUR 50,000.00.", []),
    (TermKind.MINIMUM_ORDER, "The minimum order value is EUR 100.00.", ["100 EUR"]),
    (TermKind.DISCOUNT, "Supplier grants a discount of 2.5 % on orders of at least EUR 5,000.00.", ["2.5 % from 5000 EUR"]),
    (TermKind.PAYMENT_TERMS, "Invoices are paid within thirty (30) days of receipt of the invoice.",
     ["within thirty (30) days of receipt of the invoice"]),
    (TermKind.PAYMENT_TERMS, "Payment: net 45 days.", ["net 45 days"]),
    (TermKind.DELIVERY_TERMS, "Goods are delivered DAP Bremen (Incoterms 2020).", ["DAP Bremen (Incoterms 2020)"]),
    (TermKind.LEAD_TIME, "The lead time is 3 weeks.", ["21"]),
    (TermKind.LEAD_TIME, "The lead time is 10 working days.", ["14"]),
    (TermKind.LEAD_TIME, "Supplier delivers within 12 days of receipt of the order.", ["12"]),
    (TermKind.LEAD_TIME, "Supplier delivers the drawings within 12 days of request.", []),
    (TermKind.CONTRACT_ID, "Framework Agreement No. FA-2026/17 of the parties.", ["FA-2026/17"]),
    (TermKind.AMENDS, "Amendment No. 1 to the Framework Agreement No. FA-2026/17 dated 4 May 2026.", ["FA-2026/17"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "expected"), OTHERS)
def test_other_terms(kind: TermKind, text: str, expected: list[str]) -> None:
    assert values(f"SUPPLY AGREEMENT\n\n{text}\n", kind) == expected


PASSAGES = [
    (TermKind.MINIMUM_COMMITMENT, "Buyer shall purchase at least 4,000 castings per calendar year."),
    (TermKind.VOLUME_RESTRICTION, "Licensee may use the software for not more than 250 users."),
    (TermKind.LIABILITY_CAP, "The liability of Supplier is limited to the price of the goods concerned."),
    (TermKind.PRICE_RESTRICTION, "Prices shall not be increased by more than 3 % a year."),
    (TermKind.REBATE, "At the end of the year Supplier pays a rebate of 2 % of the turnover."),
    (TermKind.GOVERNING_DOCUMENT, "In the event of a conflict this Agreement prevails over any purchase order."),
]


@pytest.mark.parametrize(("kind", "text"), PASSAGES)
def test_passages_are_the_sentence_itself(kind: TermKind, text: str) -> None:
    assert values(f"1. Scope. Supplier sells goods to Buyer. {text} The parties shake hands.", kind) == [text]


class TestDoubts:
    def test_no_parties(self) -> None:
        read_ = read("The supplier delivers nuts to the buyer.")
        assert not read_.found(TermKind.PARTY)
        assert any("parties" in notice for notice in read_.notices)

    def test_two_ends(self) -> None:
        read_ = read(f"{HEAD}1. This Agreement shall expire on 31 March 2020.\n\n2. This Agreement shall expire on 30 June 2021.")
        assert not read_.found(TermKind.EXPIRATION_DATE)
        assert any("2020-03-31 or 2021-06-30" in notice for notice in read_.notices)

    def test_a_day_that_may_be_two(self) -> None:
        read_ = read("This Agreement is made on 03/04/2020 by the parties.")
        assert not read_.found(TermKind.AGREEMENT_DATE)
        assert any("03/04/2020" in notice for notice in read_.notices)

    def test_a_span_without_a_day_to_count_from(self) -> None:
        read_ = read("1. The term of this Agreement shall be two (2) years.")
        assert not read_.found(TermKind.EXPIRATION_DATE)
        assert any("no day is stated" in notice for notice in read_.notices)

    def test_a_counted_end_says_how_it_was_counted(self) -> None:
        read_ = read(f"{HEAD}1. The term of this Agreement shall be two (2) years.")
        assert any("2020-01-05 was counted" in notice for notice in read_.notices)
