"""Who signs: examples that a buyer can follow, and promises that hold for any policy (tried with Hypothesis)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.checks.matching import Setting
from signoff.domain.checks.routing import NO_RULE, requesters, route
from signoff.domain.errors import NeedsPerson
from signoff.domain.findings import Code, Severity, finding
from signoff.domain.order import Order
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.reading import Lane, Reading, Verdict
from signoff.domain.stages import Answer, Check, CheckedOrder, Route, RoutedOrder, VerifiedOrder
from signoff.domain.vendor import VendorMatch

BOSS = Person(person_id="boss", name="Bea Boss", email="bea@cedarworks.test", roles=("procurement_manager",), limit=Decimal(100_000))
LEAD = Person(person_id="lead", name="Lou Lead", roles=("finance", "procurement_manager"), manager="boss", limit=Decimal(10_000))
DESK = Person(person_id="desk", name="Dee Desk", roles=("buyer",), manager="lead")
HEAD = Person(person_id="head", name="Hal Head", manager="desk", limit=Decimal(1_000), cost_centers=("4100",))
ANN = Person(person_id="ann", name="Ann Lee", email="ann@cedarworks.test", roles=("planner",), manager="head")
PEOPLE = [BOSS, LEAD, DESK, HEAD, ANN]


def policy(*rules: dict[str, Any], **more: Any) -> Policy:
    company = {"name": "Cedarworks"}
    return Policy.model_validate(
        {"version": 1, "dated": "2026-01-01", "company": company, "base_currency": "EUR", "approvals": rules} | more
    )


def checked(
    amount: object = "500", findings: tuple[Any, ...] = (), *, contract: str | None = "K-1", category: str = "tools", **order: Any
) -> CheckedOrder:
    verified = VerifiedOrder(
        order=Order.model_validate({"order_number": "PO-1", "currency": "EUR", "requester": "Ann Lee"} | order),
        lane=Lane.STRUCTURED,
        reading=Reading(verdict=Verdict.CLEAR, confidence=1, confidences={}),
    )
    check = Check(
        match=VendorMatch(vendor_id="V-1", how="id", score=100),
        contract_id=contract,
        category=category,
        base_amount=None if amount is None else Decimal(str(amount)),
        findings=findings,
    )
    accepted = {f.code: Answer(task_id="t", person="desk", decision="approve") for f in check.blocking}
    return CheckedOrder(verified=verified, check=check, accepted=accepted)


def routed(order: CheckedOrder, rules: Policy, people: list[Person] = PEOPLE) -> Route:
    return route(order, rules, Directory(people), "hash")


def signers(found: Route) -> list[list[tuple[str, ...]]]:
    return [[a.candidates for a in step.approvers] for step in found.steps]


def codes(found: Route) -> list[Code]:
    return [f.code for f in found.findings]


SMALL = {"name": "Small orders need nobody", "when": {"amount_up_to": 1000}, "nobody": True}
MANAGERS = {"name": "Managers sign above 1,000", "when": {"amount_above": 1000}, "steps": [{"management": True}]}
FINANCE = {"name": "Finance signs above 20,000", "when": {"amount_above": 20000}, "steps": [{"role": "finance"}]}
PLAIN = policy(SMALL, MANAGERS, FINANCE)


class TestAmounts:
    @pytest.mark.parametrize(
        ("amount", "steps"), [("0", 0), ("999.99", 0), ("1000", 0), ("1000.00", 0), ("1000.01", 2), ("20000", 3), ("20000.01", 3)]
    )
    def test_a_threshold_belongs_to_the_rule_below_it(self, amount: str, steps: int) -> None:
        assert len(routed(checked(amount), PLAIN).steps) == steps

    def test_every_manager_with_a_limit_signs_up_to_the_one_who_covers(self) -> None:
        found = routed(checked("10000"), PLAIN)
        assert signers(found) == [[("head",)], [("lead",)]]
        assert found.rules == ("Managers sign above 1,000",)
        assert found.steps[0].why == "amount 10,000.00 EUR is above 1,000 (rule 'Managers sign above 1,000')"

    def test_nobody_covers_so_the_fallback_signs_last_and_it_is_said(self) -> None:
        found = routed(checked("100000.01"), policy(MANAGERS))
        assert signers(found) == [[("head",)], [("lead",)], [("boss",)], [("boss", "lead")]]
        assert [(f.code, f.severity) for f in found.findings] == [(Code.APPROVER_LIMIT, Severity.BLOCKING)]
        assert "100,000.01 EUR" in found.findings[0].message

    def test_an_unknown_amount_is_above_every_threshold_and_below_none(self) -> None:
        found = routed(checked(None), PLAIN)
        assert found.rules == ("Managers sign above 1,000", "Finance signs above 20,000")
        assert codes(found) == [Code.APPROVER_LIMIT]

    def test_a_credit_counts_like_an_order_of_the_same_sum(self) -> None:
        assert signers(routed(checked("-10000"), PLAIN)) == signers(routed(checked("10000"), PLAIN))


class TestRules:
    def test_no_rule_means_the_fallback_signs(self) -> None:
        found = routed(checked("500"), policy(FINANCE))
        assert (found.rules, signers(found)) == ((NO_RULE,), [[("boss", "lead")]])

    def test_nobody_gives_way_to_another_rule(self) -> None:
        tools = {"name": "Tools", "when": {"categories": ["TOOLS"]}, "steps": [{"role": "buyer"}]}
        found = routed(checked("500"), policy(SMALL, tools))
        assert (found.rules, signers(found)) == (("Small orders need nobody", "Tools"), [[("desk",)]])

    def test_nobody_gives_way_to_a_warning_whose_owners_sign(self) -> None:
        rules = policy(SMALL, gates={"owners": {"split_order": "finance"}})
        seen = (finding(Code.SPLIT_ORDER, "x"), finding(Code.CONTRACT_MISSING, "y"), finding(Code.CONTRACT_EXPIRING, "z"))
        assert signers(routed(checked("500", seen), rules)) == [[("lead",), ("desk",)]]
        assert routed(checked("500", seen[2:]), rules).steps == ()

    @pytest.mark.parametrize(
        ("when", "fits"),
        [
            ({"cost_centers": ["4100"]}, True),
            ({"cost_centers": ["4200"]}, False),
            ({"vendors": ["v-1"]}, True),
            ({"vendors": ["V-2"]}, False),
            ({"currencies": ["EUR"]}, True),
            ({"currencies": ["USD"]}, False),
            ({"findings": ["split_order", "history_price_jump"]}, True),
            ({"findings": ["history_price_jump"]}, False),
            ({"no_contract": True}, False),
            ({"no_contract": False}, True),
            ({"categories": ["tools"], "amount_above": 500}, False),
            ({"categories": ["tools"], "amount_above": 499}, True),
        ],
    )
    def test_everything_stated_must_be_so(self, when: dict[str, Any], fits: bool) -> None:
        rules = policy({"name": "R", "when": when, "steps": [{"role": "buyer"}]})
        found = routed(checked("500", (finding(Code.SPLIT_ORDER, "x"),), cost_center="4100"), rules)
        assert found.rules == (("R",) if fits else (NO_RULE,))

    def test_the_same_sign_off_is_asked_for_once_at_the_latest_place(self) -> None:
        first = {"name": "A", "steps": [{"role": "finance"}, {"role": "buyer"}]}
        second = {"name": "B", "steps": [{"all_of": [{"person": "boss"}, {"person": "lead"}]}]}
        found = routed(checked(), policy(first, second))
        assert signers(found) == [[("desk",)], [("boss",), ("lead",)]]

    def test_a_choice_is_kept_whole_beside_a_duty(self) -> None:
        rules = policy({"name": "A", "steps": [{"any_of": [{"role": "finance"}, {"role": "buyer"}]}, {"role": "finance"}]})
        found = routed(checked(), rules)
        assert signers(found) == [[("lead",), ("desk",)], [("lead",)]]
        assert [s.any_of for s in found.steps] == [True, False]

    def test_policy_may_switch_the_notice_off_but_not_the_sign_off(self) -> None:
        found = routed(checked("200000"), policy(MANAGERS, severities={"approver_limit": "off"}))
        assert (found.findings, len(found.steps)) == ((), 4)


class TestRequester:
    @pytest.mark.parametrize(
        "word", ["Ann Lee", "ANN LEE ", "ann", "ann@cedarworks.test", "Lee, Ann", "Ann Lee (Lab 2)", "Ms A. <ann@cedarworks.test>"]
    )
    def test_is_found_as_documents_name_people(self, word: str) -> None:
        assert [p.person_id for p in requesters(Order(requester=word), Directory(PEOPLE))] == ["ann"]

    @pytest.mark.parametrize("word", [None, "", "Annabel Leerdam", "joann@cedarworks.test.example", "Dept. 4"])
    def test_is_nobody_when_nobody_fits(self, word: str | None) -> None:
        assert requesters(Order(requester=word), Directory(PEOPLE)) == ()

    def test_never_signs_and_the_next_manager_does(self) -> None:
        found = routed(checked(requester="Dee Desk"), policy({"name": "A", "steps": [{"role": "buyer"}]}))
        assert signers(found) == [[("lead",)]]
        assert [(f.code, f.severity) for f in found.findings] == [(Code.REQUESTER_IS_APPROVER, Severity.INFO)]

    def test_is_left_out_of_a_role_that_others_hold(self) -> None:
        found = routed(checked("500", requester="lead"), policy({"name": "A", "steps": [{"role": "procurement_manager"}]}))
        assert (signers(found), codes(found)) == ([[("boss",)]], [Code.REQUESTER_IS_APPROVER])

    def test_at_the_top_has_the_fallback_sign(self) -> None:
        found = routed(checked("5000", requester="boss"), PLAIN)
        assert (signers(found), codes(found)) == ([[("lead",)]], [Code.REQUESTER_IS_APPROVER, Code.APPROVER_LIMIT])

    def test_unknown_means_the_owner_of_the_cost_centre_is_asked_from(self) -> None:
        found = routed(checked("5000", requester="Lab 7", cost_center="4100"), PLAIN)
        assert signers(found) == [[("lead",)]]

    def test_unknown_without_an_owner_means_the_fallback(self) -> None:
        found = routed(checked("5000", requester=None), PLAIN)
        assert (signers(found), codes(found)) == ([[("boss", "lead")]], [])

    def test_two_people_of_that_name_are_both_out(self) -> None:
        twin = Person(person_id="twin", name="Ann Lee", roles=("buyer",))
        found = routed(checked(), policy({"name": "A", "steps": [{"role": "buyer"}, {"role": "planner"}]}), [*PEOPLE, twin])
        assert signers(found) == [[("desk",)], [("boss", "lead")]]


class TestNobodyLeft:
    def test_a_role_without_holder_goes_to_the_fallback(self) -> None:
        found = routed(checked(), policy({"name": "A", "steps": [{"role": "legal"}, {"person": "gone"}, {"role": "buyer"}]}))
        assert signers(found) == [[("boss", "lead")], [("desk",)]]

    def test_without_a_fallback_a_person_must_mend_the_policy(self) -> None:
        with pytest.raises(NeedsPerson, match=r"'nemo', which policy.yaml names under gates.fallback_approver"):
            routed(checked(), policy(FINANCE, gates={"fallback_approver": "nemo"}))

    def test_a_requester_who_is_the_only_fallback_is_not_asked(self) -> None:
        only = [BOSS.model_copy(update={"roles": ("procurement_manager",)})]
        with pytest.raises(NeedsPerson, match="but for the requester nobody"):
            routed(checked(requester="boss"), policy(FINANCE), only)


# What holds for any policy without upper bounds on rules that ask for somebody: more to worry about never means fewer to ask.

AMOUNTS = st.integers(0, 200_000).map(Decimal)
STEP = st.sampled_from(
    [
        {"management": True},
        {"role": "finance"},
        {"role": "legal"},
        {"person": "desk"},
        {"all_of": [{"role": "buyer"}, {"role": "finance"}]},
        {"any_of": [{"role": "planner"}, {"person": "boss"}]},
    ]
)
SEEN = st.sampled_from([Code.SPLIT_ORDER, Code.CONTRACT_MISSING, Code.PRICE_ABOVE_CONTRACT, Code.HISTORY_PRICE_JUMP])
RISING = st.fixed_dictionaries(
    {}, optional={"amount_above": AMOUNTS, "findings": st.lists(SEEN, min_size=1, max_size=2), "no_contract": st.just(False)}
)
ASKING = st.fixed_dictionaries({"name": st.text("abc", min_size=1), "when": RISING, "steps": st.lists(STEP, min_size=1, max_size=3)})
FREE = st.fixed_dictionaries({"name": st.just("free"), "nobody": st.just(True), "when": st.builds(lambda a: {"amount_up_to": a}, AMOUNTS)})
POLICIES = st.builds(lambda asking, free: policy(*asking, *free), st.lists(ASKING, max_size=4), st.lists(FREE, max_size=1))
WHO = st.sampled_from([None, "Ann Lee", "Lou Lead", "Bea Boss", "Dee Desk", "somebody else"])
FOUND = st.lists(
    st.builds(lambda c, s: finding(c, "x").model_copy(update={"severity": s}), SEEN, st.sampled_from(list(Severity)[1:])), max_size=3
)
QUICK = settings(max_examples=50, deadline=None, derandomize=True)


def asked(found: Route) -> set[frozenset[tuple[str, ...]]]:
    """The sign-offs that rules ask for: a choice as a whole, each of the others by itself."""
    of_rules = [s for s in found.steps if s.rule not in (NO_RULE, "free")]
    return {
        frozenset(c)
        for s in of_rules
        for c in ([[a.candidates for a in s.approvers]] if s.any_of else [[a.candidates] for a in s.approvers])
    }


def rises(low: Route, high: Route) -> bool:
    return asked(low) <= asked(high) and (bool(high.steps) or not low.steps)


@QUICK
@given(POLICIES, AMOUNTS, AMOUNTS, FOUND, WHO)
def test_a_larger_amount_never_asks_fewer(rules: Policy, one: Decimal, other: Decimal, found: list[Any], who: str | None) -> None:
    low, high = (routed(checked(a, tuple(found), requester=who), rules) for a in sorted((one, other)))
    assert rises(low, high)
    assert rises(high, routed(checked(None, tuple(found), requester=who), rules))


@QUICK
@given(POLICIES, AMOUNTS, FOUND, FOUND, WHO)
def test_another_finding_never_asks_fewer(rules: Policy, amount: Decimal, some: list[Any], more: list[Any], who: str | None) -> None:
    low, high = (routed(checked(amount, tuple(f), requester=who), rules) for f in (some, [*some, *more]))
    assert rises(low, high)


@QUICK
@given(POLICIES, AMOUNTS, FOUND, WHO)
def test_a_graver_finding_never_asks_fewer(rules: Policy, amount: Decimal, found: list[Any], who: str | None) -> None:
    graver = tuple(f.model_copy(update={"severity": Severity.BLOCKING}) for f in found)
    low, high = (routed(checked(amount, f, requester=who), rules) for f in (tuple(found), graver))
    assert rises(low, high)
    assert len(low.steps) <= len(high.steps)


@QUICK
@given(POLICIES, AMOUNTS, FOUND, WHO, st.permutations(PEOPLE))
def test_any_order_of_people_gives_the_same_route_that_can_be_followed(
    rules: Policy, amount: Decimal, found: list[Any], who: str | None, people: list[Person]
) -> None:
    order = checked(amount, tuple(found), requester=who)
    made = routed(order, rules)
    assert made == routed(order, rules, people)
    person = Directory(PEOPLE).find(who)
    RoutedOrder(checked=order, route=made, requester=person.person_id if person else None)
    assert all(a.candidates for s in made.steps for a in s.approvers)


def test_two_steps_of_different_people_from_one_group_stay_two() -> None:
    """A rule that asks another of the group for herself takes nobody away who was asked under another name."""
    people = [Person(person_id=i, name=f"Name {i}", roles=("buyer", "procurement_manager")) for i in ("P0", "P1")]
    first = {"name": "first", "when": {}, "steps": [{"role": "buyer"}, {"cost_center_owner": True, "distinct": True}]}
    second = {"name": "second", "when": {"amount_above": "0"}, "steps": [{"role": "buyer", "distinct": True}]}
    low, high = (routed(checked("500", requester=None), policy(*rules), people) for rules in ([first], [first, second]))
    assert [len(found.steps) for found in (low, high)] == [2, 2]
    assert signers(high) == [[("P0", "P1")], [("P0", "P1")]]


def test_a_sign_off_that_a_step_of_different_people_asks_for_takes_no_other_one_away() -> None:
    """The buyer's place is taken by the step of different people; finance, whom the same manager stands in for, still signs."""
    lead = Person(person_id="P1", name="Name P1")
    away = {"absent_from": "2026-11-23", "absent_until": "2026-11-23"}
    people = [Person(person_id="P0", name="Name P0", manager="P1"), lead]
    people += [Person.model_validate({"person_id": "P2", "name": "Name P2", "roles": ["buyer", "finance", "procurement_manager"]} | away)]
    first = {"name": "first", "when": {}, "steps": [{"role": "finance"}, {"role": "buyer", "distinct": True}]}
    second = {"name": "second", "when": {"amount_above": "0"}, "steps": [{"role": "buyer"}]}
    setting = Setting(day=dt.date(2026, 11, 23))
    asked = checked("500", requester="P0")
    low, high = (route(asked, policy(*rules), Directory(people), "hash", None, setting) for rules in ([first], [first, second]))
    assert signers(low) == signers(high) == [[("P1",)], [("P1", "P2")]]


def test_two_names_for_one_person_are_two_where_people_must_differ() -> None:
    """The manager and the fallback role are both Bea Boss; somebody else joins rather than that she signs for both."""
    people = [BOSS.model_copy(update={"limit": Decimal(0)}), Person(person_id="lead", name="Lou Lead", manager="boss")]
    people += [Person(person_id="ann", name="Ann Lee", manager="lead")]
    rule = {"name": "both", "when": {}, "steps": [{"role": "procurement_manager"}, {"management": True, "distinct": True}]}
    low, high = (routed(checked(amount), policy(rule), people) for amount in ("0", None))
    assert sum(step.needed for step in low.steps) == sum(step.needed for step in high.steps) == 2


def test_a_quorum_is_not_covered_by_a_step_of_another_name() -> None:
    """A further rule adds a quorum of the same one buyer: finance, who signs nothing else, does not take it away."""
    people = [Person(person_id="P1", name="Name P1", roles=("buyer", "finance")), BOSS.model_copy(update={"manager": None})]
    plain, other = {"name": "plain", "steps": [{"role": "buyer"}]}, {"name": "other", "steps": [{"role": "finance", "distinct": True}]}
    quorum = {"name": "quorum", "steps": [{"role": "buyer", "quorum": 1}]}
    low, high = (routed(checked(requester=None), policy(*rules), people) for rules in ([plain, other], [plain, quorum, other]))
    assert [sum(step.needed for step in found.steps) for found in (low, high)] == [2, 2]
