"""Content digests: blind to how and in which order the same thing is written, not to what is bought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.checks.content import digest, loose, tight
from signoff.domain.order import Order, OrderLine

BOLT = OrderLine(supplier_item_id="BOLT-M8", quantity=Decimal(200), unit="EA", unit_price=Decimal("0.50"))
GLOVE = OrderLine(description="Work gloves, size 9", quantity=Decimal(2), unit="DZN", unit_price=Decimal(24))
ORDER = Order(order_number="PO-1", currency="EUR", lines=(BOLT, GLOVE))


def with_bolt(**changes: Any) -> Order:
    return ORDER.model_copy(update={"lines": (BOLT.model_copy(update=changes), GLOVE)})


@pytest.mark.parametrize(
    "changes",
    [
        {"supplier_item_id": "bolt-m8 "},
        {"quantity": Decimal("200.000")},
        {"quantity": Decimal("2E+2")},
        {"unit": "PCE"},
        {"unit_price": Decimal(50), "price_base_quantity": Decimal(100)},
        {"line_number": "10", "description": "Bolt"},
    ],
)
def test_the_same_in_other_words(changes: dict[str, Any]) -> None:
    assert digest(with_bolt(**changes)) == digest(ORDER)


@pytest.mark.parametrize(
    "changes",
    [{"supplier_item_id": "BOLT-M9"}, {"quantity": Decimal(201)}, {"unit": "BX"}, {"unit_price": Decimal("0.51")}, {"quantity": None}],
)
def test_something_else(changes: dict[str, Any]) -> None:
    assert digest(with_bolt(**changes)) != digest(ORDER)


def test_number_date_and_line_order_do_not_count_but_currency_and_count_do() -> None:
    assert digest(ORDER.model_copy(update={"order_number": "PO-2", "lines": (GLOVE, BOLT)})) == digest(ORDER)
    assert digest(ORDER.model_copy(update={"currency": "USD"})) != digest(ORDER)
    assert digest(ORDER.model_copy(update={"lines": (BOLT, BOLT, GLOVE)})) != digest(ORDER)
    assert len(digest(Order())) == 32


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=5), st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9)),
        max_size=4,
    )
)
def test_any_order_of_lines_gives_one_digest(items: list[tuple[str, Decimal]]) -> None:
    lines = tuple(OrderLine(description=name, quantity=quantity) for name, quantity in items)
    assert digest(Order(lines=lines)) == digest(Order(lines=lines[::-1]))


def test_ids() -> None:
    assert tight(" Ab 12") == "ab12"
    assert tight("AB-12") != tight("AB12")
    assert loose("00AB-12/3") == "ab123"
    assert loose("000") == "000"
