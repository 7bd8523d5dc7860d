"""Which rules fit an order, and the words for why and why not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from signoff.domain.approvals import Rule
from signoff.domain.checks.matching import Setting, Traits, because, entity_of, fits, why_not
from signoff.domain.contract import Contract
from signoff.domain.findings import Code, Severity
from signoff.domain.order import Order, Party
from signoff.domain.policy import Company
from signoff.domain.vendor import Vendor

VENDOR = Vendor(vendor_id="V-1", name="Acme", country="SE")
CONTRACT = Contract.model_validate({"contract_id": "K-1", "vendor_id": "V-1", "starts": "2026-01-01", "currency": "EUR"})
TRAITS = Traits(
    Decimal(500), category="tools", cost_center="4100", vendor="V-1", currency="EUR", contract="K-1",
    findings=frozenset({Code.SPLIT_ORDER}), gravest=Severity.WARNING, entity="Cedar Nordic", lane="ocr",
    order=Order.model_validate({"delivery_terms": "EXW"}), setting=Setting(vendor=VENDOR, contract=CONTRACT, format="pdf"),
)  # fmt: skip
UNKNOWN = Traits(None)


def rule(when: dict[str, Any], nobody: bool = False) -> Rule:
    return Rule.model_validate({"name": "R", "when": when} | ({"nobody": True} if nobody else {"steps": [{"role": "buyer"}]}))


CASES: list[tuple[dict[str, Any], bool, str]] = [
    ({"entities": ["cedar nordic"]}, True, "the ordering company is Cedar Nordic"),
    ({"entities": ["Cedar"]}, False, "the ordering company is Cedar Nordic, not Cedar"),
    ({"contracts": ["K-1", "K-2"]}, True, "contract is K-1"),
    ({"lanes": ["ocr", "agent"]}, True, "the way it was read is ocr"),
    ({"lanes": ["structured"]}, False, "the way it was read is ocr, not structured"),
    ({"formats": ["pdf"]}, True, "the document's format is pdf"),
    ({"severity": "warning"}, True, "the gravest finding is of severity warning"),
    ({"severity": "blocking"}, False, "no finding is of severity blocking or above"),
    ({"fields": {"/delivery_terms": ["EXW", "FCA"]}}, True, "/delivery_terms is EXW or FCA"),
    ({"fields": {"vendor.country": {"none_of": ["SE"]}}}, False, "not so: vendor.country is none of SE"),
    ({"fields": {"contract.ends": {"missing": True}}}, True, "contract.ends is not stated"),
    ({"amount_above": 1000, "categories": ["it"]}, False, "amount 500.00 EUR is not above 1,000; category is tools, not it"),
    ({"amount_up_to": "499.99"}, False, "amount 500.00 EUR is above 499.99"),
]


@pytest.mark.parametrize(("when", "so", "words"), CASES, ids=[c[2] for c in CASES])
def test_a_rule_says_why_it_fits_or_not(when: dict[str, Any], so: bool, words: str) -> None:
    own = rule(when)
    assert fits(own, TRAITS) is so
    assert (because(own, TRAITS, "EUR") if so else why_not(own, TRAITS, "EUR")).startswith(words)
    assert bool(why_not(own, TRAITS, "EUR")) is not so


@pytest.mark.parametrize("when", [w for w, *_ in CASES if "amount_above" not in w and "missing" not in str(w)], ids=str)
def test_what_is_not_known_fits_nothing(when: dict[str, Any]) -> None:
    assert not fits(rule(when), UNKNOWN)


def test_an_unknown_amount_is_above_all_but_lets_nothing_pass() -> None:
    assert fits(rule({"amount_above": 10**9}), UNKNOWN)
    assert not fits(rule({"amount_above": 0}, nobody=True), UNKNOWN)
    assert fits(rule({"fields": {"/payable_amount": {"above": 10**9}}}), UNKNOWN)
    assert not fits(rule({"fields": {"/payable_amount": {"above": 0}}}, nobody=True), UNKNOWN)


COMPANY = Company.model_validate(
    {
        "name": "Cedar",
        "ids": ["1"],
        "entities": [
            {"name": "Cedar Nordic AB", "aliases": ["Cedar North"], "ids": ["2"]},
            {"name": "Cedar Iberia", "tax_ids": ["ES1"], "ids": ["3", "4"]},
            {"name": "Cedar South", "aliases": ["Cedar North"], "ids": ["4"]},
        ],
    }
)


@pytest.mark.parametrize(
    ("buyer", "entity"),
    [
        (Party(id="2", name="whatever"), "Cedar Nordic AB"),
        (Party(id="9", name="CEDAR NORDIC AB"), "Cedar Nordic AB"),
        (Party(name="Cedar Iberia", tax_id="ES1"), "Cedar Iberia"),
        (Party(name="Cedar"), "Cedar"),
        (Party(name="Cedar North"), None),
        (Party(id="4"), None),
        (Party(name="Somebody"), None),
        (Party(), None),
    ],
)
def test_which_of_our_companies_ordered(buyer: Party, entity: str | None) -> None:
    assert entity_of(buyer, COMPANY) == entity
