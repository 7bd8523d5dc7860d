"""Payment and delivery terms mean the same in many words, and differ in few."""

from __future__ import annotations

import pytest

from signoff.domain.checks.terms import payment, same_delivery, same_payment

NET_30 = [
    "30 days net",
    "Net 30",
    "NET30",
    "n/30",
    "30 dage netto",
    "zahlbar innerhalb 30 Tagen netto",
    "Within 30 days due net",
    "30 jours nets",
]
NET_30 += [
    "thirty (30) days",
    "30 giorni",
    "30 días neto",
    "betalbar innen 30 dager",
    "30日",
    "30 netto",
    "Net 30 days; late payments bear 1.5 % interest",
]
SKONTO = [
    "2/10 net 30",
    "2% 10, net 30",
    "2 % Skonto innerhalb 10 Tagen, 30 Tage netto",
    "30 days net, 2 % within 10 days",
    "10 Tage 2,0 %, 30 Tage netto",
]
DIFFERENT = ["Net 30", "Net 31", "2/10 net 30", "3/10 net 30", "2/14 net 30", "Net 30 end of month", "30 working days", "due on receipt"]
DIFFERENT += ["prepayment", "cash on delivery", "30 days after delivery", "50 % deposit, balance 30 days", "as usual"]


@pytest.mark.parametrize("words", NET_30)
def test_net_30(words: str) -> None:
    assert same_payment("Net 30", words)


@pytest.mark.parametrize("words", SKONTO)
def test_two_percent_in_ten_days(words: str) -> None:
    assert same_payment("2/10 net 30", words)


def test_different_meanings_differ_from_each_other() -> None:
    same = [(a, b) for a in DIFFERENT for b in DIFFERENT if a != b and same_payment(a, b)]
    assert same == []


def test_due_at_once_in_several_languages() -> None:
    assert all(same_payment("due upon receipt", other) for other in ("sofort netto", "à réception", "immediate", "0 days net"))


@pytest.mark.parametrize("text", ["", "net", "2/10", "payment in 3 instalments", "%" * 300, "9" * 4000, "30 days " * 500])
def test_what_is_not_understood_is_the_same_only_word_for_word(text: str) -> None:
    assert same_payment(text, text)
    assert not same_payment(text, "Net 30")
    assert payment(text) is None or payment(text) != payment("Net 30")


@pytest.mark.parametrize(
    ("agreed", "ordered", "same"),
    [
        ("DAP Hamburg", "Delivered at Place, Hamburg, Germany (Incoterms® 2020)", True),
        ("EXW", "ex works Odense", True),
        ("ex works Odense", "ab Werk, Odense", True),
        ("FCA (Free Carrier) Aarhus", "fca aarhus", True),
        ("DAP Hamburg", "DAP Bremen", False),
        ("FOB Odense", "FCA Odense", False),
        ("FCA Odense", "franco domicile", False),
        ("Free delivery", "free  delivery.", True),
        ("CIF or CIP", "CIF", False),
    ],
)
def test_delivery(agreed: str, ordered: str, same: bool) -> None:
    assert same_delivery(agreed, ordered) is same
    assert same_delivery(ordered, agreed) is same
