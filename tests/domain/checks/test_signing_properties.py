"""What holds of every company and every policy (tried with Hypothesis): who may sign, how far limits reach, that paths end, and that
more to worry about never means fewer to ask.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.checks.approvers import requesters
from signoff.domain.checks.matching import Setting
from signoff.domain.checks.policy_check import check_policy
from signoff.domain.checks.routing import ADVISED, NO_RULE, route
from signoff.domain.errors import NeedsPerson
from signoff.domain.findings import Code, Severity, finding
from signoff.domain.order import Order
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.reading import Lane, Reading, Verdict
from signoff.domain.signoffs import Signature, at_once, by_people
from signoff.domain.stages import Answer, ApprovedOrder, Check, CheckedOrder, Route, RoutedOrder, VerifiedOrder
from signoff.domain.vendor import Vendor, VendorMatch

DAY = dt.date(2026, 11, 23)
LATER = dt.date(2099, 1, 1)
IDS = [f"P{i}" for i in range(7)]
ROLES = ["buyer", "finance", "legal", "procurement_manager"]
CANNOT = "has the role|nobody could|nobody can sign|different people"
"""What `policy check` says where somebody could not be found."""
EXAMPLES = pytest.mark.parametrize("examples", [30, pytest.param(300, marks=pytest.mark.slow)])

# ---------------------------------------------------------------------------------------------------------- people and policies

amounts = st.integers(0, 100_000).map(Decimal)
days = st.integers(-5, 5).map(lambda n: DAY + dt.timedelta(n))


@st.composite
def staffs(draw: st.DrawFn) -> list[Person]:
    """A few people: managers that may go round in circles, limits here and there, delegates, absences that end or do not."""
    ids = IDS[: draw(st.integers(2, 7))]
    return [draw(_persons(i, ids)) for i in ids]


@st.composite
def _persons(draw: st.DrawFn, own: str, ids: list[str]) -> Person:
    others = [i for i in ids if i != own]
    away = draw(st.sampled_from(["there", "there", "there", "for days", "without an end"]))
    start = draw(days) if away == "for days" else DAY
    return Person(
        person_id=own,
        name=draw(st.sampled_from([f"Name {own}", f"Name {own}", "Same Name"])),
        roles=tuple(draw(st.lists(st.sampled_from(ROLES), unique=True, max_size=3))),
        manager=draw(st.sampled_from([None, *others])),
        limit=draw(st.one_of(st.none(), amounts)),
        limits=draw(st.dictionaries(st.just("it"), amounts, max_size=1)),
        cost_centers=tuple(draw(st.lists(st.just("4100"), max_size=1))),
        delegate=draw(st.sampled_from([None, *others])),
        absent_from=None if away == "there" else start,
        absent_until=start + dt.timedelta(draw(st.integers(0, 9))) if away == "for days" else None,
    )


approvers = st.one_of(
    st.sampled_from(ROLES).map(lambda r: {"role": r}),
    st.sampled_from(IDS).map(lambda p: {"person": p}),
    st.just({"cost_center_owner": True}),
)
several = st.lists(approvers, min_size=1, max_size=3)
maybe = st.fixed_dictionaries({}, optional={"distinct": st.booleans()})
steps = st.builds(
    lambda step, more: step | more,
    st.one_of(
        approvers,
        st.just({"management": True}),
        st.integers(1, 3).map(lambda n: {"management": True, "up_to_level": n}),
        several.map(lambda a: {"all_of": a}),
        several.map(lambda a: {"any_of": a}),
        st.tuples(st.sampled_from(ROLES), st.integers(1, 3)).map(lambda q: {"role": q[0], "quorum": q[1]}),
        several.flatmap(lambda a: st.integers(1, len(a)).map(lambda n: {"of": a, "quorum": n})),
    ),
    maybe,
)
SEEN = [Code.SPLIT_ORDER, Code.CONTRACT_MISSING, Code.PRICE_ABOVE_CONTRACT, Code.HISTORY_PRICE_JUMP]
fields = st.sampled_from(
    [
        {"/payable_amount": {"above": 500}},
        {"/lines/*/unit_price": {"above": 10}},
        {"/delivery_terms": ["EXW"]},
        {"vendor.country": ["DE", "FR"]},
        {"/cost_center": {"missing": True}},
    ]
)
whens = st.fixed_dictionaries(
    {},
    optional={
        "amount_above": amounts,
        "findings": st.lists(st.sampled_from(SEEN), min_size=1, max_size=2),
        "severity": st.sampled_from(["info", "warning", "blocking"]),
        "no_contract": st.booleans(),
        "categories": st.just(["it"]),
        "fields": fields,
    },
)
asking = st.fixed_dictionaries({"when": whens, "steps": st.lists(steps, min_size=1, max_size=3)})
passing = st.builds(lambda a: {"when": {"amount_up_to": a}, "nobody": True}, amounts)
owners = st.dictionaries(st.sampled_from(SEEN), st.one_of(approvers, st.just({"management": True})), max_size=2)


def made(rules: list[dict[str, Any]], owners: dict[Code, Any]) -> Policy:
    named = [{"name": f"rule {i}"} | rule for i, rule in enumerate(rules)]
    base = {"version": 1, "dated": DAY, "company": {"name": "Cedarworks"}, "base_currency": "EUR"}
    return Policy.model_validate(base | {"approvals": named, "gates": {"owners": owners}})


policies = st.builds(lambda a, b, c: made([*a, *b], c), st.lists(asking, max_size=4), st.lists(passing, max_size=1), owners)
found = st.lists(
    st.builds(
        lambda code, severity: finding(code, "x").model_copy(update={"severity": severity}),
        st.sampled_from(SEEN),
        st.sampled_from(list(Severity)[1:]),
    ),
    max_size=2,
)
orders = st.fixed_dictionaries(
    {
        "requester": st.sampled_from([None, "Same Name", "nobody we know", *IDS]),
        "cost_center": st.sampled_from([None, "4100"]),
        "delivery_terms": st.sampled_from([None, "EXW"]),
        "payable_amount": st.one_of(st.none(), amounts),
        "lines": st.lists(st.builds(lambda p: {"unit_price": p}, st.one_of(st.none(), amounts)), max_size=2),
    }
)


def checked(order: dict[str, Any], amount: Decimal | None, findings: list[Any], contract: str | None = "K-1") -> CheckedOrder:
    reading = Reading(verdict=Verdict.CLEAR, confidence=1, confidences={})
    verified = VerifiedOrder(order=Order.model_validate(order), lane=Lane.STRUCTURED, reading=reading)
    match = VendorMatch(vendor_id="V-1", how="id", score=100)
    check = Check(match=match, contract_id=contract, category="it", base_amount=amount, findings=tuple(findings))
    return CheckedOrder(verified=verified, check=check, accepted={f.code: ACCEPTED for f in check.blocking})


ACCEPTED = Answer(task_id="t", person="somebody", decision="approve")
SETTING = Setting(vendor=Vendor(vendor_id="V-1", name="Acme", country="DE"), day=DAY)


def routed(order: CheckedOrder, policy: Policy, staff: list[Person]) -> Route | None:
    """The route, or nothing where nobody could sign it."""
    try:
        return route(order, policy, Directory(staff), "hash", None, SETTING)
    except NeedsPerson:
        return None


# -------------------------------------------------------------------------------------------------------------------- signing


def signed(way: Route, staff: list[Person], chance: Random) -> dict[tuple[int, int], Signature] | None:
    """Sign-offs in whatever order people come; who is away comes back in the end. Nothing when the route is stuck."""
    people, given = Directory(staff), dict[tuple[int, int], Signature]()
    for number, step in enumerate(way.steps):
        while sum(at == number for at, _ in given) < step.needed:
            more = _next(way, number, given, (people, chance))
            if more is None:
                return None
            given |= more
    return given


def _next(way: Route, number: int, given: dict[Any, Signature], who: tuple[Directory, Random]) -> dict[Any, Signature] | None:
    people, chance = who
    for day in (DAY, LATER):
        choices = by_people(way.steps, lambda c, day=day: people.expected(c, day, way.barred))
        for person in chance.sample([p.person_id for p in people], len(list(people))):
            own = {}
            for i, approver in enumerate(way.steps[number].approvers):
                acting = people.acting(approver.candidates, day, way.barred)
                at_desk = person in acting and not (acting[person] is None and people.get(person).absent(day))  # type: ignore[union-attr]
                if at_desk and (number, i) not in given:
                    own[number, i] = Signature(person, acting[person] or person)
            if own and (chosen := at_once(way.steps, given, own, choices)):
                return chosen
    return None


def approved(order: CheckedOrder, way: Route, signatures: list[Signature]) -> ApprovedOrder:
    answers = tuple(
        Answer(task_id="t", person=s.person, decision="approve", on_behalf_of=None if s.person == s.principal else s.principal)
        for s in signatures
    )
    return ApprovedOrder(routed=RoutedOrder(checked=order, route=way), approvals=answers)


@EXAMPLES
def test_every_order_can_be_signed_or_the_policy_check_had_complained(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(staffs(), policies, orders, amounts, found, st.randoms(use_true_random=False))
    def holds(staff: list[Person], policy: Policy, order: dict[str, Any], amount: Decimal, findings: list[Any], chance: Random) -> None:
        case = checked(order, amount, findings)
        way = routed(case, policy, staff)
        given = None if way is None else signed(way, staff, chance)
        if way is None or given is None:
            told = check_policy(policy, Directory(staff), [], today=DAY)
            assert any(re.search(CANNOT, sentence) for sentence in told), (way, told)
            return
        signatures = list(given.values())
        assert len(approved(case, way, signatures).approvals) >= length(way), "one person may give several of a choice at once"
        asked = {p.person_id for p in requesters(case.verified.order, Directory(staff))}
        assert not asked.intersection(who for signature in signatures for who in signature)
        for number, step in enumerate(way.steps):
            if step.quorum:
                assert len({s.person for (at, _), s in given.items() if at == number}) >= step.quorum

    holds()


@EXAMPLES
def test_nobody_requests_and_signs_not_even_for_somebody_else(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(staffs(), policies, orders, amounts)
    def holds(staff: list[Person], policy: Policy, order: dict[str, Any], amount: Decimal) -> None:
        case = checked(order, amount, [])
        way = routed(case, policy, staff)
        if way is None:
            return
        people = Directory(staff)
        asked = {p.person_id for p in requesters(case.verified.order, people)}
        assert set(way.barred) == asked
        for step in way.steps:
            for approver in step.approvers:
                acting = people.acting(approver.candidates, DAY, way.barred)
                assert acting
                assert not asked.intersection(acting)
                assert not asked.intersection(p for p in acting.values() if p)

    holds()


@EXAMPLES
def test_the_last_manager_may_sign_the_amount_or_the_fallback_does(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(staffs(), orders, amounts, st.integers(0, 4))
    def holds(staff: list[Person], order: dict[str, Any], amount: Decimal, level: int) -> None:
        policy = made([{"steps": [{"management": True} | ({"up_to_level": level} if level else {})]}], {})
        way = routed(checked(order, amount, []), policy, staff)
        if way is None:
            return
        last, people = way.steps[-1].approvers[0], Directory(staff)
        limits = [p.limit_for(["it"]) for c in last.candidates if (p := people.get(c))]
        covered = all(limit is not None and limit >= amount for limit in limits)
        untold = Code.APPROVER_LIMIT not in {f.code for f in way.findings}
        assert "procurement_manager" in last.label or "the order does not tell whose managers to ask" in way.steps[-1].why or covered
        assert not untold or covered or "does not tell whose managers" in way.steps[-1].why
        by_managers = [s for s in way.steps if s.approvers[0].label.startswith(("Name", "Same")) and "in place" not in s.approvers[0].label]
        assert not level or len(by_managers) <= level

    holds()


# ---------------------------------------------------------------------------------------------------- more to worry about


def asked_for(way: Route | None) -> Counter[Any]:
    """The sign-offs that rules ask for by name, each as often as different people give it; a choice or part of a group counts as a whole.

    Who joins where there are too few different people (`... or Bea Boss`) does not make it another sign-off. The fallback role signs
    where no rule fits, and whoever a rule asks for signs in its place.
    """
    count: Counter[Any] = Counter()
    for step in way.steps if way else ():
        labels = tuple(sorted(_label(a.label) for a in step.approvers))
        if step.rule in (NO_RULE, ADVISED):
            continue
        if step.needed < len(step.approvers):
            whole = (*sorted(set(labels)), "any" if step.any_of else "some")
            count[whole] = max(step.needed, count[whole])
        else:
            count.update(labels)
    return count


def _label(label: str) -> str:
    return label.split(" in place of ")[-1].split(" or ")[0]


def rises(low: Route | None, high: Route | None) -> bool:
    """Whether everybody who signs the one signs the other, and as many do; what nobody can sign is as high as can be."""
    if high is None:
        return True
    if low is None:
        return False
    if length(high) < length(low):
        return False
    signers_low = {frozenset(a.candidates) for s in low.steps for a in s.approvers}
    signers_high = {frozenset(a.candidates) for s in high.steps for a in s.approvers}
    same = {label: n for label, n in asked_for(low).items() if n > asked_for(high)[label]}
    return not same or _merged(low, high, signers_low - signers_high)


def length(way: Route) -> int:
    """How many sign-offs it takes."""
    return sum(step.needed for step in way.steps)


def complained(policy: Policy, staff: list[Person], *ways: Route | None) -> bool:
    """Whether one of the ways is none at all, and `policy check` says why: an order waits there until somebody mends it."""
    return None in ways and any(re.search(CANNOT, sentence) for sentence in check_policy(policy, Directory(staff), [], today=DAY))


def _merged(low: Route, high: Route, gone: set[frozenset[str]]) -> bool:
    """Where two sign-offs of other names are of the very same people, one of them is asked for once."""
    return not any(not any(people <= set(a.candidates) for s in high.steps for a in s.approvers) for people in gone)


@EXAMPLES
def test_a_larger_amount_never_asks_fewer(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(staffs(), policies, orders, amounts, amounts, found)
    def holds(staff: list[Person], policy: Policy, order: dict[str, Any], one: Decimal, other: Decimal, findings: list[Any]) -> None:
        small, large = sorted((one, other))
        low = routed(checked(order | {"payable_amount": small}, small, findings), policy, staff)
        high = routed(checked(order | {"payable_amount": large}, large, findings), policy, staff)
        unknown = routed(checked(order | {"payable_amount": None}, None, findings), policy, staff)
        assert (rises(low, high) and rises(high, unknown)) or complained(policy, staff, low, high)

    holds()


@EXAMPLES
def test_another_or_a_graver_finding_never_asks_fewer(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(staffs(), policies, orders, amounts, found, found)
    def holds(staff: list[Person], policy: Policy, order: dict[str, Any], amount: Decimal, some: list[Any], more: list[Any]) -> None:
        low = routed(checked(order, amount, some), policy, staff)
        if low is None:
            assert complained(policy, staff, low)
            return
        assert rises(low, routed(checked(order, amount, [*some, *more]), policy, staff))
        graver = [f.model_copy(update={"severity": Severity.BLOCKING}) for f in some]
        assert rises(low, routed(checked(order, amount, graver), policy, staff))

    holds()
