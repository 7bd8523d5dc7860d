"""Labels that a narrow cell has broken over two lines, and labels that stand at half the height of an address."""

from __future__ import annotations

from decimal import Decimal

import pytest
from papers import LINES, Row, draft

HEAD: list[Row] = [
    (30, [(50, "Larkfield Foods Ltd", 14), (350, "PURCHASE ORDER", 12)]),
    (90, [(350, "Order no: A-4711")]),
    (130, [(50, "Supplier: Oakum Chandlers Limited")]),
]
ROWS = LINES[:3]
NET: Row = (460, [(360, "Net total"), (450, "12.50")])


@pytest.mark.parametrize(
    "rows",
    [
        [(480, [(360, "Amount")]), (486, [(450, "14.50")]), (493, [(360, "payable")])],
        [(480, [(360, "Amount"), (450, "14.50")]), (493, [(360, "payable")])],
        [(480, [(360, "Amount")]), (493, [(360, "payable"), (450, "14.50")])],
        [(480, [(360, "Totaalbedra")]), (486, [(450, "14.50")]), (493, [(360, "g")])],
        [(480, [(360, "Totaal-")]), (486, [(450, "14.50")]), (493, [(360, "bedrag")])],
    ],
    ids=["beside both", "beside the first", "beside the second", "a broken word", "a hyphen"],
)
def test_a_label_of_two_lines_has_its_figure(rows: list[Row]) -> None:
    freight: list[Row] = [(470, [(360, "Freight"), (450, "2.00")])]
    order = draft(*HEAD, lines=[*ROWS, NET, *freight, *rows]).order
    assert (order.line_total, order.payable_amount) == (Decimal("12.50"), Decimal("14.50"))
    assert [a.amount for a in order.allowances_charges] == [Decimal("2.00")]


def test_two_totals_below_each_other_stay_two() -> None:
    rows: list[Row] = [NET, (472, [(360, "VAT"), (450, "2.50")]), (484, [(360, "Total"), (450, "15.00")])]
    order = draft(*HEAD, lines=[*ROWS, *rows]).order
    assert (order.line_total, order.tax_total, order.payable_amount) == (Decimal("12.50"), Decimal("2.50"), Decimal("15.00"))


def test_a_net_total_is_not_what_is_to_pay_where_a_larger_figure_stands_under_it() -> None:
    """Nobody knows what the label below means, so the amount payable is not known either."""
    order = draft(*HEAD, lines=[*ROWS, NET, (475, [(360, "Qwertzu"), (450, "19.90")])]).order
    assert order.payable_amount is None
    assert draft(*HEAD, lines=[*ROWS, NET]).order.payable_amount == Decimal("12.50")


@pytest.mark.parametrize("pitch", [9.0, 13.0, 14.5])
def test_a_label_at_half_the_height_of_an_address_names_its_first_line(pitch: float) -> None:
    address = ["Oakum Chandlers Limited", "3 Rope Walk", "HULL HU1 2AB", "UK", "VAT ID GB900000006"]
    middle = 142 + 2 * pitch
    rows: list[Row] = [(142 + n * pitch, [(180, text)]) for n, text in enumerate(address) if n != 2]
    found = draft(*HEAD[:2], *rows, (middle, [(50, "Supplier"), (180, address[2])]))
    assert found.order.supplier.name == "Oakum Chandlers Limited"
    assert found.evidence["/supplier/name"].label == "Supplier"


def test_a_heading_whose_word_is_broken_names_its_column() -> None:
    rows: list[Row] = [
        (400, [(50, "Artikelnumm"), (150, "Omschrijving"), (300, "Aantal"), (360, "Prijs"), (450, "Bedrag")]),
        (409, [(50, "er")]),
        (425, [(50, "FC-1"), (150, "Blauwe verf"), (300, "4"), (360, "1.50"), (450, "6.00")]),
        (440, [(50, "FC-2"), (150, "Rode verf"), (300, "2"), (360, "3.25"), (450, "6.50")]),
        (460, [(360, "Totaal"), (450, "12.50")]),
    ]
    lines = draft(*HEAD, lines=rows).order.lines
    assert [(line.buyer_item_id or line.supplier_item_id, line.description) for line in lines] == [
        ("FC-1", "Blauwe verf"),
        ("FC-2", "Rode verf"),
    ]
