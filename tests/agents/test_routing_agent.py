"""The routing agent: it may only choose what exists, and it only adds."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from scripted import Memory, Scripted, asker, says

from signoff.agents.messages import ModelFailed
from signoff.agents.routing import SHOWN_LINES, Choices, advise, order_shown
from signoff.domain.advice import Reviewer, RoutingAdvice
from signoff.domain.checks.routing import route
from signoff.domain.order import Order, OrderLine, Party
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.reading import Lane, Reading, Verdict
from signoff.domain.stages import Check, CheckedOrder, VerifiedOrder
from signoff.domain.vendor import VendorMatch

CHOICES = Choices(("chemicals", "tools"), ("4100",), ("buyer", "safety"), ("P-1", "P-2", "P-3"))
PEOPLE = Directory(
    [
        Person(person_id="P-1", name="Ada Long", roles=("buyer",), manager="P-2"),
        Person(person_id="P-2", name="Bo Short", roles=("procurement_manager",), limit=Decimal(5000)),
        Person(person_id="P-3", name="Cy Wide", roles=("safety", "finance"), limit=Decimal(90000)),
    ]
)
POLICY = Policy.model_validate(
    {
        "version": 1, "dated": dt.date(2026, 1, 1), "company": {"name": "Us"}, "base_currency": "EUR",
        "approvals": [
            {"name": "small", "when": {"amount_up_to": 1000}, "nobody": True},
            {"name": "large", "when": {"amount_above": 1000}, "steps": [{"role": "buyer"}]},
            {"name": "dangerous", "when": {"categories": ["chemicals"]}, "steps": [{"role": "safety"}]},
        ],
    }
)  # fmt: skip


def checked(amount: str = "200", lines: int = 1) -> CheckedOrder:
    order = Order(
        order_number="1", currency="EUR", payable_amount=Decimal(amount), supplier=Party(name="S", bank_account="DE00"),
        lines=tuple(OrderLine(description=f"Item {i}", line_amount=Decimal(i)) for i in range(lines)),
    )  # fmt: skip
    reading = Reading(verdict=Verdict.CLEAR, confidence=1.0)
    verified = VerifiedOrder(order=order, lane=Lane.STRUCTURED, reading=reading)
    return CheckedOrder(verified=verified, check=Check(match=VendorMatch(vendor_id="V-1"), currency="EUR", base_amount=Decimal(amount)))


def run(line: Any) -> RoutingAdvice:
    order = checked()
    return asyncio.run(advise(asker(Scripted(line), Memory()), order, route(order, POLICY, PEOPLE, "h"), CHOICES))


def signers(order: CheckedOrder, advice: RoutingAdvice | None) -> set[tuple[str, ...]]:
    return {a.candidates for s in route(order, POLICY, PEOPLE, "h", advice).steps for a in s.approvers}


def test_what_does_not_exist_is_left_out() -> None:
    said = {"category": "weapons", "cost_center": "9", "reviewers": [{"who": "pope", "why": "x"}], "brief": " One\n two "}
    assert run(says(**said)) == RoutingAdvice(brief="One two")


def test_what_exists_is_taken() -> None:
    said = {"category": "chemicals", "cost_center": "4100", "reviewers": [{"who": "safety", "why": "acid"}, {"who": "P-1", "why": ""}]}
    found = run(says(**said, brief="b"))
    assert (found.category, found.cost_center) == ("chemicals", "4100")
    assert found.reviewers == (Reviewer(role="safety", why="acid"), Reviewer(person="P-1", why="no reason given"))


def test_a_failure_is_said() -> None:
    assert run(ModelFailed("unavailable", "No answer.")).failed == "No answer."


def test_rules_of_the_category_it_sees_hold_besides() -> None:
    assert signers(checked("200"), None) == set()
    assert signers(checked("200"), RoutingAdvice(category="chemicals")) == {("P-3",)}
    assert signers(checked("2000"), RoutingAdvice(category="chemicals")) == {("P-1",), ("P-3",)}


def test_an_advice_that_failed_makes_nobody_confident() -> None:
    assert signers(checked("200"), RoutingAdvice(failed="No answer.")) == {("P-2",)}
    assert signers(checked("2000"), RoutingAdvice(failed="No answer.")) == {("P-1",)}


words = st.sampled_from(["chemicals", "tools", "4100", "buyer", "safety", "procurement_manager", "P-1", "P-2", "", "x"])
reviewers = st.builds(Reviewer, role=words, person=st.none(), why=words) | st.builds(Reviewer, role=st.none(), person=words, why=words)
advices = st.builds(
    RoutingAdvice,
    category=st.none() | words,
    cost_center=st.none() | words,
    reviewers=st.lists(reviewers, max_size=3).map(tuple),
    brief=st.text(max_size=20),
    failed=st.none() | st.just("No answer."),
)


@given(advices, st.sampled_from(["200", "1000.01", "80000"]))
def test_no_advice_takes_a_signer_away(advice: RoutingAdvice, amount: str) -> None:
    order = checked(amount)
    assert signers(order, None) <= signers(order, advice)


def test_a_model_sees_no_bank_account_and_only_the_largest_lines() -> None:
    shown = order_shown(checked(lines=SHOWN_LINES + 2).verified.order)
    assert "DE00" not in str(shown)
    assert [line["line"] for line in shown["lines"]] == list(range(2, SHOWN_LINES + 2))
    assert shown["lines_not_shown"] == 2
