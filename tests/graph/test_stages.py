"""No order can stand at a stage whose promise it does not keep: not made, not loaded, not by any combination of values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from signoff.domain.findings import Code, Severity, finding
from signoff.domain.order import Order
from signoff.domain.reading import Lane, Reading, Verdict
from signoff.domain.stages import (
    Answer,
    ApprovedOrder,
    Check,
    CheckedOrder,
    Route,
    RouteApprover,
    RoutedOrder,
    RouteStep,
    VerifiedOrder,
)
from signoff.domain.vendor import VendorMatch

PEOPLE = ["E-1", "E-2", "E-3", "E-4"]
CODES = [Code.PRICE_ABOVE_CONTRACT, Code.VENDOR_BLOCKED, Code.CONTRACT_MISSING, Code.BUDGET_EXCEEDED]

answers = st.builds(
    Answer, task_id=st.just("1"), person=st.sampled_from(PEOPLE), decision=st.sampled_from(["approve", "reject", "edit", "send_back"])
)
readings = st.builds(
    Reading, verdict=st.sampled_from(list(Verdict)), certified=st.booleans(), confidence=st.floats(0, 1), reasons=st.just(())
)
found = st.builds(
    lambda code, severity: finding(code, "as found").model_copy(update={"severity": severity}),
    st.sampled_from(CODES), st.sampled_from([Severity.INFO, Severity.WARNING, Severity.BLOCKING]),
)  # fmt: skip
candidates = st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True).map(tuple)
approvers = st.lists(st.builds(RouteApprover, label=st.just("role"), candidates=candidates), max_size=3).map(tuple)
steps = st.lists(st.builds(RouteStep, approvers=approvers, any_of=st.booleans(), rule=st.just("rule"), why=st.just("why")), max_size=3)
someone = st.none() | st.sampled_from(PEOPLE)


def made(stage: type[Any], **values: Any) -> Any:
    """The value, or nothing when it may not be. Loading it from its JSON must agree with making it."""
    try:
        value = stage(**values)
    except ValidationError:
        value = None
    body = stage.model_construct(**values).model_dump_json(exclude_defaults=True)
    try:
        loaded = stage.model_validate_json(body)
    except ValidationError:
        loaded = None
    assert loaded == value
    return value


VERIFIED = VerifiedOrder(order=Order(order_number="PO-1"), lane=Lane.STRUCTURED, reading=Reading(verdict=Verdict.CLEAR, confidence=1))


def checked() -> CheckedOrder:
    return CheckedOrder(verified=VERIFIED, check=Check(match=VendorMatch()))


@given(lane=st.sampled_from(list(Lane)), reading=readings, reviewed=st.none() | answers)
def test_a_verified_order_is_clear_and_certain_or_a_person_answered_for_it(lane: Lane, reading: Reading, reviewed: Answer | None) -> None:
    order = made(VerifiedOrder, order=Order(), lane=lane, reading=reading, reviewed=reviewed)
    clear = reading.verdict is Verdict.CLEAR
    by_itself = reviewed is None and clear and (lane is Lane.STRUCTURED or reading.certified)
    by_person = reviewed is not None and (reviewed.decision == "approve" or (reviewed.decision == "edit" and clear))
    assert (order is not None) is (by_itself or by_person)


@given(findings=st.lists(found, max_size=4).map(tuple), accepted=st.dictionaries(st.sampled_from(CODES), answers))
def test_a_checked_order_has_every_blocking_finding_accepted(findings: tuple[Any, ...], accepted: dict[Code, Answer]) -> None:
    order = made(CheckedOrder, verified=VERIFIED, check=Check(match=VendorMatch(), findings=findings), accepted=accepted)
    blocking = {f.code for f in findings if f.severity is Severity.BLOCKING}
    assert (order is not None) is all(code in accepted and accepted[code].decision == "approve" for code in blocking)


@given(steps=steps, requester=someone)
def test_a_routed_order_can_be_signed_and_never_by_its_requester(steps: list[RouteStep], requester: str | None) -> None:
    order = made(RoutedOrder, checked=checked(), route=Route(steps=tuple(steps), rules=("r",), policy_hash="h"), requester=requester)
    people = [a.candidates for s in steps for a in s.approvers]
    asked = all(s.approvers for s in steps)
    assert (order is not None) is (asked and all(who and requester not in who for who in people))


@given(steps=steps, requester=someone, approvals=st.lists(answers, max_size=5).map(tuple))
def test_an_approved_order_has_every_sign_off_and_none_of_its_requester(
    steps: list[RouteStep], requester: str | None, approvals: tuple[Answer, ...]
) -> None:
    route = Route(steps=tuple(s for s in steps if s.approvers and all(requester not in a.candidates and a.candidates for a in s.approvers)),
                  rules=("r",), policy_hash="h")  # fmt: skip
    routed = RoutedOrder(checked=checked(), route=route, requester=requester)
    order = made(ApprovedOrder, routed=routed, approvals=approvals)
    signed = {a.person for a in approvals if a.decision == "approve"}
    for step in route.steps:
        given_ = [any(person in signed for person in a.candidates) for a in step.approvers]
        if not (any(given_) if step.any_of else all(given_)):
            assert order is None
            return
    assert (order is not None) is (requester not in signed)


def test_a_route_names_its_rule() -> None:
    with pytest.raises(ValidationError, match="names the rule"):
        Route(rules=(), policy_hash="h")


def test_a_broken_promise_deep_inside_is_found_on_loading() -> None:
    approved = ApprovedOrder(routed=RoutedOrder(checked=checked(), route=Route(rules=("r",), policy_hash="h")))
    body = approved.model_dump_json()
    assert ApprovedOrder.model_validate_json(body) == approved
    for old, new in (('"clear"', '"doubtful"'), ('"structured"', '"layout"'), ('"rules":["r"]', '"rules":[]')):
        assert old in body
        with pytest.raises(ValidationError):
            ApprovedOrder.model_validate_json(body.replace(old, new, 1))


@pytest.mark.parametrize("stage", [VerifiedOrder, CheckedOrder, RoutedOrder, ApprovedOrder])
def test_a_stage_is_never_changed_in_place(stage: type[Any]) -> None:
    value = {
        VerifiedOrder: VERIFIED,
        CheckedOrder: checked(),
        RoutedOrder: RoutedOrder(checked=checked(), route=Route(rules=("r",), policy_hash="h")),
        ApprovedOrder: ApprovedOrder(routed=RoutedOrder(checked=checked(), route=Route(rules=("r",), policy_hash="h"))),
    }[stage]
    for name in stage.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(value, name, None)
    with pytest.raises(ValidationError, match=r"[Ee]xtra"):
        stage(**{n: getattr(value, n) for n in stage.model_fields}, approved=True)
