"""Completeness: what a change takes out of an order needs neither quantity nor price; everything else does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from signoff.domain.checks.complete import missing
from signoff.domain.order import Order, OrderLine, OrderType
from signoff.domain.policy import Policy
from signoff.domain.reading import DraftOrder, Lane

POLICY = Policy.model_validate(
    {
        "version": 1,
        "dated": "2026-01-01",
        "company": {"name": "Werkhaus Beispiel AG"},
        "base_currency": "EUR",
        "approvals": [{"name": "all", "steps": [{"role": "buyer"}]}],
        "required_fields": ["/lines"],
    }
)


def fields(*lines: OrderLine) -> list[str]:
    order = Order(order_type=OrderType.CHANGE, lines=lines)
    return [f.field for f in missing(DraftOrder(format="test", lane=Lane.STRUCTURED, order=order), POLICY)]


@pytest.mark.parametrize(
    ("action", "expected"),
    [("deleted", []), ("changed", ["/lines/0/quantity", "/lines/0/unit_price"]), (None, ["/lines/0/quantity", "/lines/0/unit_price"])],
)
def test_a_deleted_line_needs_no_quantity_and_no_price(action: str | None, expected: list[str]) -> None:
    assert fields(OrderLine(line_number="2", action=action, supplier_item_id="A-1")) == expected


def test_deleted_lines_do_not_hide_that_the_others_have_no_price() -> None:
    gone, kept = OrderLine(action="deleted"), OrderLine(action="changed", quantity=Decimal(2))
    assert fields(gone, kept, kept) == ["/lines"]
