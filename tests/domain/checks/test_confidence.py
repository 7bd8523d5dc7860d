"""How sure a reading is as a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from signoff.domain.checks.confidence import NOT_FOUND, overall
from signoff.domain.order import Order, OrderLine
from signoff.domain.reading import Lane

LINES = (OrderLine(quantity=Decimal(1)), OrderLine(quantity=Decimal(2)))
ORDER = Order(lines=LINES)
HEADER = {"/order_number": 0.9, "/currency": 1.0, "/payable_amount": 0.8, "/supplier/name": 0.5, "/supplier/id": 0.9}
CELLS = {f"/lines/{n}/{cell}": 0.9 - n / 10 for n in range(2) for cell in ("quantity", "unit_price", "line_amount")}
WHOLE = HEADER | CELLS


def test_critical_fields_multiply_and_the_surer_of_the_suppliers_name_and_id_counts() -> None:
    assert overall(ORDER, WHOLE, False, Lane.LAYOUT) == pytest.approx(0.9 * 0.8 * 0.9 * 0.9 * 0.8, abs=1e-4)


def test_lines_that_a_proved_sum_ties_count_once_by_the_weakest() -> None:
    assert overall(ORDER, WHOLE, True, Lane.LAYOUT) == pytest.approx(0.9 * 0.8 * 0.9 * 0.8, abs=1e-4)


@pytest.mark.parametrize("missing", ["/order_number", "/payable_amount"])
def test_what_was_searched_for_and_not_found_makes_a_reading_less_sure(missing: str) -> None:
    rest = {p: c for p, c in WHOLE.items() if p != missing}
    assert overall(ORDER, rest, False, Lane.LAYOUT) == pytest.approx(
        overall(ORDER, WHOLE, False, Lane.LAYOUT) / WHOLE[missing] * NOT_FOUND, abs=1e-4
    )
    assert overall(ORDER, rest, False, Lane.STRUCTURED) >= overall(ORDER, WHOLE, False, Lane.STRUCTURED)


def test_a_line_without_its_quantity_is_less_sure_and_one_without_a_price_beside_its_amount_is_not() -> None:
    sure = overall(ORDER, WHOLE, False, Lane.TABULAR)
    assert overall(ORDER, {p: c for p, c in WHOLE.items() if p != "/lines/0/unit_price"}, False, Lane.TABULAR) == sure
    assert overall(ORDER, {p: c for p, c in WHOLE.items() if p != "/lines/0/quantity"}, False, Lane.TABULAR) < sure


def test_an_order_without_lines_is_no_sure_reading() -> None:
    assert overall(Order(), HEADER, True, Lane.TABULAR) == pytest.approx(0.9 * 0.8 * 0.9 * NOT_FOUND, abs=1e-4)
