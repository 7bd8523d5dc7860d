"""What `signoff policy check` says before an order runs into it. Every example starts from a policy that is sound."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from signoff.domain.checks.policy_check import check_policy
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.vendor import Vendor

BOSS = Person(person_id="boss", name="Bea Boss", roles=("procurement_manager",), limit=Decimal(50_000))
LEAD = Person(person_id="lead", name="Lou Lead", roles=("procurement_manager", "finance"), manager="boss", limit=Decimal(5_000))
BUYER = Person(person_id="desk", name="Dee Desk", roles=("buyer",), manager="lead", cost_centers=("4100",))
PEOPLE = (BOSS, LEAD, BUYER)
VENDORS = (
    Vendor(vendor_id="V-1", name="Acme Tools", currency="EUR", category="tools"),
    Vendor(vendor_id="V-2", name="Labware", category="lab"),
)
ANN = Person(person_id="ann", name="Ann Assistant", manager="desk")


def away(person: Person, since: str = "2026-01-01", delegate: str | None = None) -> Person:
    told = {"absent_from": since, "absent_until": "2026-05-01", "delegate": delegate}
    return Person.model_validate(person.model_dump() | told)


SMALL = {"name": "Small", "when": {"amount_up_to": 1000}, "nobody": True}
LARGE = {"name": "Large", "when": {"amount_above": 1000}, "steps": [{"management": True}]}


def said(*rules: dict[str, Any], people: tuple[Person, ...] = PEOPLE, vendors: tuple[Vendor, ...] = VENDORS, **more: Any) -> list[str]:
    base = {"version": 1, "dated": "2026-01-01", "company": {"name": "Cedarworks"}, "base_currency": "EUR"}
    policy = Policy.model_validate(base | {"approvals": rules or (SMALL, LARGE)} | more)
    return check_policy(policy, Directory(list(people)), vendors, ["K-1", "K-2025-028"])


def asks(step: dict[str, Any]) -> dict[str, Any]:
    return {"name": "All", "steps": [step]}


def test_a_sound_policy_has_nothing_to_mend() -> None:
    assert said() == []


ROLE = "Nobody in people.csv has the role"
CASES: list[tuple[list[dict[str, Any]], dict[str, Any], str]] = [
    ([asks({"role": "finanze"})], {}, f"{ROLE} 'finanze', which step 1 of the approval rule 'All' asks for (did you mean 'finance'?)"),
    ([asks({"any_of": [{"role": "legal"}, {"role": "buyer"}]})], {}, f"{ROLE} 'legal'"),
    ([], {"gates": {"fallback_approver": "owner"}}, f"{ROLE} 'owner', which gates.fallback_approver asks for"),
    ([], {"gates": {"reviewers": "reader"}}, f"{ROLE} 'reader', which gates.reviewers asks for"),
    ([], {"gates": {"owners": {"vendor_blocked": "compliance"}}}, f"{ROLE} 'compliance', which gates.owners.vendor_blocked asks for"),
    (
        [asks({"person": "bos"})],
        {},
        "Step 1 of the approval rule 'All' names 'bos', who is not a person_id in people.csv (did you mean 'boss'?)",
    ),
    ([SMALL, LARGE, SMALL], {}, "Two approval rules are called 'Small'"),
    (
        [LARGE],
        {},
        "No approval rule covers orders up to 1,000 EUR with a contract; they would all go to 'procurement_manager', so add a rule",
    ),
    ([SMALL], {}, "No approval rule covers orders above 1,000 EUR with a contract"),
    ([SMALL, {**LARGE, "when": {"amount_above": 2000}}], {}, "covers orders above 1,000 up to 2,000 EUR with a contract"),
    ([SMALL, {**LARGE, "when": {"amount_above": 1000, "no_contract": True}}], {}, "covers orders above 1,000 EUR with a contract"),
    (
        [SMALL, {**LARGE, "when": {"amount_above": 1000, "categories": ["lab"]}}],
        {},
        "above 1,000 EUR in no category, category 'tools' with a",
    ),
    ([{"name": "IT", "when": {"findings": ["split_order"]}, "nobody": True}], {}, "covers orders of any amount EUR with a contract"),
    ([SMALL, {**LARGE, "when": {"amount_above": 60000}}], {}, "nobody above Dee Desk, Lou Lead may sign more than 60,000 EUR"),
    ([SMALL, LARGE, {**LARGE, "name": "Mid", "when": {"amount_up_to": 50001}}], {}, "nobody above Dee Desk, Lou Lead may sign 50,001 EUR"),
    ([], {"people": (*PEOPLE, Person(person_id="lone", name="Lee Lone"))}, "goes up to the managers, but nobody above Lee Lone may sign"),
    ([], {"overrides": [{"contract": "K-9"}]}, "overrides[0] names the contract 'K-9', which is not there (did you mean 'K-1'?)"),
    (
        [{"name": "C", "when": {"contracts": ["K-2025-28"]}, "steps": [{"role": "finance"}]}],
        {},
        "The approval rule 'C' names the contract 'K-2025-28', which is not there (did you mean 'K-2025-028'?); correct it, or import",
    ),
    ([], {"overrides": [{"vendor": "V-3"}]}, "overrides[0] names the vendor 'V-3', who is not in vendors.csv (did you mean 'V-"),
    ([], {"overrides": [{"category": "tool"}]}, "overrides[0] names the category 'tool', which no vendor has (did you mean 'tools'?)"),
    (
        [SMALL, LARGE, {**LARGE, "name": "V", "when": {"vendors": ["X"]}}],
        {},
        "The approval rule 'V' names the vendor 'X', who is not in vendors.csv",
    ),
    ([], {"budgets": [{"cost_center": "4100", "year": 2026, "amount": n} for n in (1, 2)]}, "'4100' has more than one budget for 2026"),
    (
        [],
        {"vendors": (*VENDORS, Vendor(vendor_id="V-9", name="Usco", currency="USD"))},
        "no exchange rate for USD (used by Usco) on or before 2026-01-01",
    ),
    (
        [],
        {"people": (*PEOPLE, BUYER.model_copy(update={"person_id": "too", "name": "Al"}))},
        "'4100' belongs to Al, Dee Desk in people.csv",
    ),
    (
        [asks({"role": "buyer"})],
        {"people": (BOSS.model_copy(update={"roles": ("buyer", "procurement_manager")}),)},
        "Only Bea Boss can sign step 1",
    ),
    ([asks({"role": "procurement_manager", "quorum": 3})], {}, "asks for 3 people with the role 'procurement_manager', but only 2 have it"),
    (
        [asks({"quorum": 2, "of": [{"role": "buyer"}, {"person": "desk"}]})],
        {},
        "'All' asks for more different people than those whom it names",
    ),
    (
        [{"name": "All", "steps": [{"role": "buyer"}, {"person": "desk", "distinct": True}]}],
        {},
        "'All' asks for more different people than those whom it names",
    ),
    (
        [asks({"role": "procurement_manager", "quorum": 2})],
        {"people": (BOSS, LEAD.model_copy(update={"manager": None}), BUYER)},
        "asks for different people, and there are too few of them when Bea Boss, Lou Lead requests the order",
    ),
    ([asks({"management": True, "up_to_level": 1}), LARGE], {"people": (*PEOPLE, ANN)}, "above Ann Assistant, within 1 levels, may sign"),
    ([], {"people": (BOSS.model_copy(update={"limits": {"lab": Decimal(500)}}), LEAD, BUYER)}, "may sign more than 1,000 EUR for 'lab'"),
    (
        [asks({"role": "buyer"})],
        {"people": (BOSS, LEAD, away(BUYER))},
        "Dee Desk is away on 2026-01-01 with nobody who is there to stand in",
    ),
    ([asks({"role": "buyer"})], {"people": (BOSS, LEAD, away(BUYER, "2026-03-01"))}, "Dee Desk is away on 2026-03-01 with nobody"),
    (
        [asks({"role": "buyer"})],
        {"people": (BOSS, away(LEAD, delegate="desk"), away(BUYER, delegate="lead"))},
        "Dee Desk is away on 2026-01-01 and has Lou Lead stand in, who is away then, too, and leads to nobody who is there",
    ),
    ([SMALL, {**LARGE, "when": {"amount_above": 9, "amount_up_to": 9}}], {}, "'Large' can never hold: no amount is above 9 and at most 9"),
    (
        [SMALL, LARGE, {**LARGE, "name": "F", "when": {"findings": ["split_order"]}}],
        {"severities": {"split_order": "off"}},
        "'F' can never hold: split_order is switched off under severities",
    ),
    ([SMALL, LARGE, {**LARGE, "name": "E", "when": {"entities": ["Cedar"]}}], {}, "'E' can never hold: Cedar is no company"),
    ([SMALL, LARGE, {**LARGE, "name": "K", "when": {"no_contract": True, "contracts": ["K-1"]}}], {}, "'K' can never hold: it asks for a"),
    (
        [SMALL, asks({"role": "buyer"})],
        {},
        "'Small' changes nothing, because every order that it fits also fits 'All', which asks for sign",
    ),
    (
        [SMALL, LARGE, {**SMALL, "name": "Smaller", "when": {"amount_up_to": 10, "no_contract": False}}],
        {},
        "'Smaller' changes nothing, because every order that it fits also fits 'Small', which says the same",
    ),
    (
        [{"name": "Low", "when": {"amount_up_to": 1000}, "steps": [{"role": "buyer"}, {"role": "finance"}]}, LARGE],
        {},
        "An order above 1,000 EUR asks for fewer sign-offs than one up to 1,000 (1 instead of 2)",
    ),
]


@pytest.mark.parametrize(("rules", "change", "sentence"), CASES, ids=[c[2][-40:] for c in CASES])
def test_what_is_wrong_is_said(rules: list[dict[str, Any]], change: dict[str, Any], sentence: str) -> None:
    found = said(*rules, **change)
    assert any(sentence in s for s in found), found
    assert all(s.endswith(".") for s in found)


def test_a_rate_that_starts_after_the_policy_does_not_count() -> None:
    vendors = (Vendor(vendor_id="V-1", name="Usco", currency="USD"),)
    table = [{"since": "2026-01-02", "rates": {"USD": "0.9"}}]
    assert len(said(vendors=vendors, fx={"table": table})) == 1
    assert said(vendors=vendors, fx={"table": [{**table[0], "since": "2026-01-01"}]}) == []


def test_one_signer_is_no_trap_while_a_manager_stands_above() -> None:
    assert said(asks({"role": "buyer"})) == []


def test_who_stands_in_for_the_last_signer_may_request_something() -> None:
    """Bea Boss is away without an end and Dee Desk acts for her: what Dee requests nobody could sign, what others do she can."""
    boss = away(BOSS, delegate="desk").model_copy(update={"absent_until": None})
    alone = BUYER.model_copy(update={"manager": None})
    for people in ((boss, alone), (boss.model_copy(update={"delegate": None}), alone.model_copy(update={"roles": BOSS.roles}))):
        assert any("nobody could sign what Dee Desk requests, who would be left" in sentence for sentence in said(people=people))
    assert not any("would be left" in sentence for sentence in said(people=(boss, LEAD, BUYER)))


def test_owners_of_warnings_count_where_people_must_differ() -> None:
    """A warning adds its owner to the rule; with one person there who may sign, the two cannot be different people."""
    top, boss = Person(person_id="top", name="Top"), BOSS.model_copy(update={"roles": ("procurement_manager", "buyer"), "manager": "top"})
    apart = asks({"cost_center_owner": True, "distinct": True})
    tight = "asks for different people, and there are too few of them"
    assert any(tight in sentence for sentence in said(SMALL, apart, people=(top, boss)))
    assert not any(tight in sentence for sentence in said(apart, people=(top, boss)))
