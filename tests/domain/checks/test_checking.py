"""Promises that hold for every order: no crash, no finding lost to a worse price, policy obeyed, the same answer each time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.checks.checking import check
from signoff.domain.checks.content import digest
from signoff.domain.checks.selection import select
from signoff.domain.checks.subject import Subject
from signoff.domain.contract import Contract, OrderDiscount, PriceLine, SpendCap, Tier
from signoff.domain.facts import Facts, PastOrder, PastPrice
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import AllowanceCharge, Order, OrderLine, OrderType
from signoff.domain.policy import Policy
from signoff.domain.stages import Check
from signoff.domain.vendor import Vendor, VendorMatch

TODAY = dt.date(2026, 6, 1)
VENDOR = Vendor(vendor_id="V-1", name="Nordlund Supplies", category="hardware")
CONTRACT = Contract(
    contract_id="K-100",
    vendor_id="V-1",
    starts=dt.date(2026, 1, 1),
    ends=dt.date(2026, 12, 31),
    currency="EUR",
    spend_cap=SpendCap(amount=Decimal(9000)),
    minimum_order=Decimal(10),
    payment_terms="30 days net",
    delivery_terms="DAP Aarhus",
    lead_time_days=10,
    discounts=(OrderDiscount(from_amount=Decimal(1000), percent=Decimal(3)),),
    prices=(
        PriceLine(
            supplier_item_id="A-1",
            unit="EA",
            price=Decimal(10),
            tiers=(Tier(from_quantity=Decimal(100), price=Decimal(9)),),
            minimum=Decimal(2),
            multiple=Decimal("0.5"),
            units={"BX": Decimal(12), "BAD": Decimal(0)},
        ),
        PriceLine(buyer_item_id="4711", description="Work gloves", unit="DZN", price=Decimal(24), price_base_quantity=Decimal(3)),
    ),
)
PAST = PastOrder(reference="C-1", order_number="PO-1", currency="EUR", amount=Decimal(5), base_amount=Decimal(450), content="x")
WORSE = {Code.PRICE_ABOVE_CONTRACT, Code.TIER_PRICE_MISSED, Code.DISCOUNT_MISSED, Code.SPEND_CAP_EXCEEDED, Code.BUDGET_EXCEEDED}


def policy(**more: Any) -> Policy:
    rules = [{"name": "head", "when": {"amount_above": "500"}, "steps": [{"role": "head"}]}]
    budgets = [{"cost_center": "4100", "year": 2026, "amount": "700"}]
    company = {"name": "Fjordby Works"}
    said = {"version": 1, "dated": TODAY, "company": company, "base_currency": "EUR", "approvals": rules, "budgets": budgets}
    return Policy.model_validate(said | more)


def checked(order: Order, decided: Policy | None = None, facts: Facts | None = None, more: tuple[Finding, ...] = ()) -> Check:
    decided = decided or policy()
    subject = Subject(
        order=order,
        match=VendorMatch(vendor_id="V-1", how="id", score=100),
        vendor=VENDOR,
        contract=select(order, VENDOR, (CONTRACT,), TODAY),
        contracts=(CONTRACT,),
        facts=facts or Facts(today=TODAY),
        policy=decided,
        tolerances=decided.tolerances_for("V-1"),
        base_amount=order.amount,
    )
    return check(subject, more)


extremes = st.sampled_from(
    [Decimal(t) for t in ("0", "-1", "0.01", "1", "9999.99", "9" * 28, "1E-20", "-" + "9" * 28, "100", "0.5", "1E+27")]
)
numbers = st.none() | extremes | st.decimals(min_value=-1000, max_value=100000, places=3, allow_nan=False)
texts = (
    st.none()
    | st.sampled_from(["A-1", "a1", "4711", "EA", "BX", "DZN", "KGM", "BAD", "EUR", "USD", "K-100", "K-2", "Net 30", "DAP"])
    | st.text(max_size=12)
)
days = st.none() | st.dates()
charges = st.lists(st.builds(AllowanceCharge, charge=st.booleans(), amount=numbers), max_size=2).map(tuple)
lines = st.builds(
    OrderLine,
    line_number=texts,
    action=texts,
    buyer_item_id=texts,
    supplier_item_id=texts,
    standard_item_id=texts,
    description=texts,
    quantity=numbers,
    unit=texts,
    unit_price=numbers,
    price_base_quantity=extremes,
    line_amount=numbers,
    requested_delivery_date=days,
    contract_reference=texts,
    allowances_charges=charges,
)
orders = st.builds(
    Order,
    order_number=texts,
    order_type=st.sampled_from(list(OrderType)),
    issue_date=days,
    currency=texts,
    contract_reference=texts,
    cost_center=st.none() | st.just("4100"),
    payment_terms=texts,
    delivery_terms=texts,
    requested_delivery_date=days,
    lines=st.lists(lines, max_size=4).map(tuple),
    allowances_charges=charges,
    line_total=numbers,
    payable_amount=numbers,
)
pasts = st.builds(
    Facts,
    today=st.just(TODAY),
    same_number=st.lists(st.just(PAST), max_size=1).map(tuple),
    same_content=st.lists(st.just(PAST), max_size=1).map(tuple),
    window=st.lists(st.just(PAST), max_size=3).map(tuple),
    prices=st.lists(
        st.builds(PastPrice, item_id=texts.map(lambda t: t or ""), unit=texts, currency=texts, unit_price=extremes, reference=st.just("P")),
        max_size=3,
    ).map(tuple),
    contract_spend=numbers,
    budget_spend=numbers,
    original=st.none() | st.just(PAST),
)


@settings(max_examples=60, deadline=None)
@given(orders, pasts)
def test_never_raises_and_keeps_its_order(order: Order, facts: Facts) -> None:
    result = checked(order, facts=facts)
    ranks = [f.severity.rank for f in result.findings]
    assert ranks == sorted(ranks, reverse=True)
    assert result == checked(order, facts=facts)
    assert all(not f.field or f.field.startswith("/") for f in result.findings)
    assert Check.model_validate_json(result.model_dump_json()) == result


@settings(max_examples=40, deadline=None)
@given(
    quantity=st.sampled_from([Decimal(n) for n in ("1", "10", "99.5", "100", "500")]),
    price=st.decimals(min_value=10, max_value=50, places=2),
    rise=st.decimals(min_value=0, max_value=9000, places=2),
    off=st.decimals(min_value=0, max_value=100, places=2),
)
def test_a_worse_price_never_removes_a_finding(quantity: Decimal, price: Decimal, rise: Decimal, off: Decimal) -> None:
    def found(unit_price: Decimal) -> set[Code]:
        line = OrderLine(supplier_item_id="A-1", unit="EA", quantity=quantity, unit_price=unit_price)
        taken = (AllowanceCharge(charge=False, amount=off),)
        order = Order(order_number="1", issue_date=TODAY, currency="EUR", cost_center="4100", lines=(line,), allowances_charges=taken)
        return {f.code for f in checked(order).findings} & WORSE

    assert found(price) <= found(price + rise)


@settings(max_examples=40, deadline=None)
@given(orders, pasts, st.sampled_from(list(Code)))
def test_a_code_that_is_switched_off_never_shows(order: Order, facts: Facts, code: Code) -> None:
    shown = {f.code for f in checked(order, policy(severities={code: Severity.OFF}), facts).findings}
    assert shown == {f.code for f in checked(order, facts=facts).findings} - {code}


def test_vendor_findings_are_judged_and_sorted_with_the_rest() -> None:
    late = finding(Code.CERTIFICATE_EXPIRED, "The certificate ended.")
    order = Order(
        order_number="1",
        issue_date=TODAY,
        currency="USD",
        lines=(OrderLine(supplier_item_id="A-1", quantity=Decimal(2), unit_price=Decimal(10)),),
    )
    rules = [{"category": "hardware", "severities": {"certificate_expired": "blocking"}}]
    result = checked(order, policy(overrides=rules), more=(late,))
    assert [f.code for f in result.blocking] == [Code.CERTIFICATE_EXPIRED, Code.CURRENCY_MISMATCH]
    assert (result.contract_id, result.category, result.base_amount) == ("K-100", "hardware", Decimal(20))


def test_a_change_of_an_unknown_order_stops() -> None:
    order = Order(order_number="1", order_type=OrderType.CHANGE, order_reference="PO-9", issue_date=TODAY, currency="EUR")
    unknown, known = checked(order), checked(order, facts=Facts(today=TODAY, original=PAST))
    assert [f.severity for f in unknown.findings if f.code is Code.ORDER_CHANGED] == [Severity.BLOCKING]
    assert [f.severity for f in known.findings if f.code is Code.ORDER_CHANGED] == [Severity.WARNING]


def test_a_duplicate_says_whether_the_lines_are_the_same() -> None:
    order = Order(
        order_number="1",
        issue_date=TODAY,
        currency="EUR",
        lines=(OrderLine(supplier_item_id="A-1", quantity=Decimal(2), unit_price=Decimal(10)),),
    )
    same, other = PAST.model_copy(update={"content": digest(order)}), PAST.model_copy(update={"reference": "C-2"})
    for past, expected in (((other, same), ("C-1", True)), ((other,), ("C-2", False))):
        found = next(f for f in checked(order, facts=Facts(today=TODAY, same_number=past)).findings if f.code is Code.DUPLICATE_ORDER)
        assert (found.evidence["reference"], found.evidence["same_content"]) == expected


def test_a_price_finding_has_evidence_on_both_sides() -> None:
    order = Order(
        order_number="1",
        issue_date=TODAY,
        currency="EUR",
        lines=(OrderLine(supplier_item_id="a 1", quantity=Decimal(2), unit_price=Decimal(12)),),
    )
    found = next(f for f in checked(order).findings if f.code is Code.PRICE_ABOVE_CONTRACT)
    assert found.evidence == {"contract": "K-100", "item": "A-1", "order": "/lines/0", "unit": "EA"}
    assert found.message == "Line 1 (a 1) costs 12.00 EUR per EA; the contract K-100 says 10.00 agreed, a difference of 4.00 EUR."


def test_orders_split_below_what_passes_without_a_sign_off() -> None:
    rules = [
        {"name": "small", "when": {"amount_up_to": "800"}, "nobody": True},
        {"name": "head", "steps": [{"role": "head"}]},
        {"name": "others", "when": {"amount_above": "100", "cost_centers": ["9000"]}, "steps": [{"role": "head"}]},
    ]
    line = OrderLine(supplier_item_id="A-1", quantity=Decimal(35), unit_price=Decimal(10))
    order = Order(order_number="1", issue_date=TODAY, currency="EUR", cost_center="4100", lines=(line,))

    def split(*window: PastOrder) -> list[Any]:
        found = checked(order, policy(approvals=rules, budgets=[]), Facts(today=TODAY, window=window)).findings
        return [f.evidence["rule"] for f in found if f.code is Code.SPLIT_ORDER]

    assert split(PAST) == []
    assert split(PAST.model_copy(update={"base_amount": Decimal("450.01")})) == ["small"]
