"""Which contract an order falls under, and which price line a line means."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from signoff.domain.checks.selection import price_line, select
from signoff.domain.contract import Contract, PriceLine
from signoff.domain.order import Order, OrderLine
from signoff.domain.vendor import Vendor

VENDOR = Vendor(vendor_id="V-1", name="Nordlund Supplies")
DAY = dt.date(2026, 6, 1)


def item(price: str = "1", unit: str = "EA", **ids: Any) -> PriceLine:
    return PriceLine(unit=unit, price=Decimal(price), **ids)


def contract(name: str, *prices: PriceLine, **more: Any) -> Contract:
    return Contract.model_validate(
        {"contract_id": name, "vendor_id": "V-1", "starts": "2026-01-01", "currency": "EUR", "prices": prices} | more
    )


OLD = contract("K-1", item(supplier_item_id="A"), starts="2024-01-01", ends="2024-12-31")
TOOLS = contract("K-2", item(supplier_item_id="A"), item(supplier_item_id="B"))
PARTS = contract("K-3", item(supplier_item_id="C"), starts="2026-02-01", title="Frame contract 2026/17")
DOLLARS = contract("K-4", item(supplier_item_id="C"), currency="USD")
OTHERS = contract("K-9", vendor_id="V-2")
ALL = (OLD, TOOLS, PARTS, DOLLARS, OTHERS)


def order(*items: str, **more: Any) -> Order:
    lines = tuple(OrderLine(supplier_item_id=i) for i in items)
    return Order.model_validate({"issue_date": DAY, "currency": "EUR", "lines": lines} | more)


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        (order("A", "B"), "K-2"),
        (order("C"), "K-3"),
        (order("X"), "K-3"),
        (order("C", currency="USD"), "K-4"),
        (order("A", contract_reference="k 3"), "K-3"),
        (order("A", contract_reference="Frame contract 2026-17"), "K-3"),
        (order("A", contract_reference="K-1"), "K-1"),
        (order("A", contract_reference="K-9"), "K-2"),
        (order("A", issue_date="2024-05-01"), "K-1"),
        (order("A", issue_date="2025-05-01"), "K-2"),
        (order("A", issue_date=None), "K-2"),
        (order("A", currency="GBP"), "K-2"),
    ],
)
def test_select(placed: Order, expected: str) -> None:
    chosen = select(placed, VENDOR, ALL, DAY)
    assert chosen is not None
    assert chosen.contract_id == expected


def test_select_by_the_lines_and_without_a_vendor() -> None:
    lines = tuple(OrderLine(contract_reference=r) for r in ("K-2", "K-3", "K-3"))
    assert select(Order(issue_date=DAY, lines=lines), VENDOR, ALL) is PARTS
    assert select(order("A"), None, ALL) is None
    assert select(order("A"), VENDOR, (OTHERS,)) is None


PRICES = contract(
    "K-5",
    item("1", supplier_item_id="AB-12", buyer_item_id="100"),
    item("2", supplier_item_id="AB-13", buyer_item_id="200"),
    item("3", supplier_item_id="12-3"),
    item("4", supplier_item_id="1-23"),
    item("5", standard_item_id="04012345678901"),
    item("6", description="Cable, 3 m"),
    item("7", description="Cable 5 m", supplier_item_id="C5"),
    item("8", description="Plug", supplier_item_id="P1"),
    item("9", description="Plug", supplier_item_id="P2"),
    item("10", supplier_item_id="BX-1", unit="EA"),
    item("90", supplier_item_id="BX-1", unit="BX"),
    item("11", supplier_item_id="T-1", valid_to="2026-05-31"),
    item("12", supplier_item_id="T-1", valid_from="2026-06-01"),
)


@pytest.mark.parametrize(
    ("line", "price"),
    [
        (OrderLine(supplier_item_id="ab-12"), "1"),
        (OrderLine(supplier_item_id="AB12"), "1"),
        (OrderLine(buyer_item_id="000100"), "1"),
        (OrderLine(buyer_item_id="AB-12"), "1"),
        (OrderLine(supplier_item_id="200"), "2"),
        (OrderLine(buyer_item_id="AB-12", supplier_item_id="100"), "1"),
        (OrderLine(buyer_item_id="100", supplier_item_id="AB-13"), None),
        (OrderLine(buyer_item_id="100", supplier_item_id="NEW-1"), "1"),
        (OrderLine(supplier_item_id="12-3"), "3"),
        (OrderLine(supplier_item_id="123"), None),
        (OrderLine(standard_item_id="4012345678901"), "5"),
        (OrderLine(description="CABLE 3 M"), "6"),
        (OrderLine(description="Cable 3 m black"), None),
        (OrderLine(description="Cable 5 m"), "7"),
        (OrderLine(description="Cable 5 m", supplier_item_id="C6"), None),
        (OrderLine(description="Plug"), None),
        (OrderLine(supplier_item_id="BX-1", unit="BOX"), "90"),
        (OrderLine(supplier_item_id="BX-1", unit="PCE"), "10"),
        (OrderLine(supplier_item_id="T-1"), "12"),
        (OrderLine(supplier_item_id="AB-14"), None),
        (OrderLine(), None),
    ],
)
def test_price_line(line: OrderLine, price: str | None) -> None:
    found = price_line(PRICES, line, DAY)
    assert (found.price if found else None) == (Decimal(price) if price else None)


def test_price_line_on_another_day() -> None:
    found = price_line(PRICES, OrderLine(supplier_item_id="T-1"), dt.date(2026, 5, 31))
    assert found is not None
    assert found.price == 11
