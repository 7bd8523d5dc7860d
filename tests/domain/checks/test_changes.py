"""A change beside the order it is about: each line finds its own, and the difference is the money that moves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.checks.changes import Comparison, compared, past_line
from signoff.domain.facts import PastLine
from signoff.domain.order import Order, OrderLine, OrderType

DAY = dt.date(2026, 6, 20)


def line(number: str, item: str, quantity: object, price: object, **more: Any) -> OrderLine:
    values = {"line_number": number, "supplier_item_id": item, "unit": "EA", "quantity": str(quantity), "unit_price": str(price)}
    return OrderLine.model_validate(values | more)


BEFORE = (line("10", "A-1", 5, "2.00", requested_delivery_date=DAY), line("20", "B-2", 3, "7.00"), line("30", "C-3", 1, "9.50"))


def change(*lines: OrderLine, before: tuple[OrderLine, ...] = BEFORE) -> Comparison:
    return compared(Order(order_type=OrderType.CHANGE, lines=lines), tuple(map(past_line, before)))


def told(found: Comparison) -> list[str]:
    return [c.text for c in found.changes]


CASES: dict[str, tuple[tuple[OrderLine, ...], list[str], str | None]] = {
    "nothing": (BEFORE, [], "0.00"),
    "in another order": (BEFORE[::-1], [], "0.00"),
    "a quantity": ((line("10", "A-1", 8, "2.00"), *BEFORE[1:]), ["line 10 (A-1): quantity 5, now 8"], "6.00"),
    "a price": ((BEFORE[0], line("20", "B-2", 3, "6.00"), BEFORE[2]), ["line 20 (B-2): price 7.00, now 6.00"], "-3.00"),
    "a price for a hundred": (
        (BEFORE[0], line("20", "B-2", 3, "700", price_base_quantity="100"), BEFORE[2]), [], "0.00"),
    "a day": (
        (line("10", "A-1", 5, "2.00", requested_delivery_date=dt.date(2026, 7, 1)), *BEFORE[1:]),
        ["line 10 (A-1): date 2026-06-20, now 2026-07-01"], "0.00"),
    "a day that is not said again": ((line("10", "A-1", 5, "2.00"), *BEFORE[1:]), [], "0.00"),
    "another word for the unit": ((line("10", "A-1", 5, "2.00", unit="PCE"), *BEFORE[1:]), [], "0.00"),
    "another unit": ((line("10", "A-1", 5, "2.00", unit="BX"), *BEFORE[1:]), ["line 10 (A-1): unit C62, now BX"], "0.00"),
    "a line more": ((*BEFORE, line("40", "D-4", 2, "1.00")), ["line 40 (D-4) added"], "2.00"),
    "a line less": (BEFORE[:2], ["line 30 (C-3) removed"], "-9.50"),
    "another item under the number": (
        (*BEFORE[:2], line("30", "D-4", 1, "9.50")), ["line 30 (D-4) added", "line 30 (C-3) removed"], "0.00"),
    "other numbers of the lines": ((line("1", "C-3", 1, "9.50"), line("2", "A-1", 5, "2.00"), line("3", "B-2", 3, "7.00")), [], "0.00"),
    "only one line, with what is done to it": (
        (line("20", "B-2", 4, "7.00", action="changed"),), ["line 20 (B-2): quantity 3, now 4"], "7.00"),
    "only a line that falls away": ((line("20", "B-2", 3, "7.00", action="2"),), ["line 20 (B-2) removed"], "-21.00"),
    "a line without a price": ((*BEFORE[:2], OrderLine(line_number="30", supplier_item_id="C-3", quantity=Decimal(1))), [], None),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_each_difference_is_told_with_the_money_that_moves(name: str) -> None:
    lines, differences, money = CASES[name]
    found = change(*lines)
    assert told(found) == differences
    assert (None if found.difference is None else f"{found.difference:.2f}") == money


def test_a_partial_change_leaves_the_other_lines_as_they_were() -> None:
    found = change(line("20", "B-2", 4, "7.00", action="changed"))
    assert found.partial
    assert {(a.item_ids[0], a.quantity) for a in found.after} == {("A-1", Decimal(5)), ("B-2", Decimal(4)), ("C-3", Decimal(1))}
    assert not change(*BEFORE[:2]).partial


def test_a_difference_says_where_it_stands_on_the_document() -> None:
    found = change(BEFORE[0], line("20", "B-2", 4, "7.00"))
    assert [c.pointer for c in found.changes] == ["/lines/1", None]
    assert found.changes[0].shown() == {"line": "line 20 (B-2)", "what": "quantity", "was": "3", "is": "4", "order": "/lines/1"}


LINES = st.lists(
    st.builds(
        OrderLine, line_number=st.sampled_from(["1", "2", "3", None]), supplier_item_id=st.sampled_from(["A", "B", None]),
        description=st.sampled_from(["a", "b", None]), quantity=st.integers(0, 5).map(Decimal), unit_price=st.integers(0, 5).map(Decimal),
        action=st.sampled_from([None, "deleted", "changed"]),
    ),
    max_size=6,
).map(tuple)  # fmt: skip


@given(before=LINES, lines=LINES)
def test_the_difference_is_what_the_lines_come_to_afterwards_less_before(
    before: tuple[OrderLine, ...], lines: tuple[OrderLine, ...]
) -> None:
    found = change(*lines, before=before)
    assert found.difference == total(found.after) - total(tuple(map(past_line, before)))


def total(lines: tuple[PastLine, ...]) -> Decimal:
    return sum((a.amount for a in lines if a.amount is not None), Decimal(0))
