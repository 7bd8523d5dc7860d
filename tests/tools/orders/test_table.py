"""Orders in tables, whatever their layout."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from signoff.domain.reading import DraftOrder, Part, SetAside
from signoff.tools.documents.document import Cell, Document, Sheet
from signoff.tools.orders import table

D = Decimal
Rows = list[list[Cell]]
HEADINGS: list[Cell] = ["Item no", "Description", "Qty", "Price", "Total"]


def parts(*sheets: Rows, hidden: bool = False) -> list[Part]:
    made = tuple(Sheet(f"S{n}", tuple(map(tuple, rows)), hidden=hidden) for n, rows in enumerate(sheets, 1))
    return table.read(Document("orders.xlsx", "xlsx", b"", sheets=made))


def one(*sheets: Rows) -> DraftOrder:
    found = parts(*sheets)
    assert len(found) == 1
    assert isinstance(found[0], DraftOrder)
    return found[0]


def aside(*sheets: Rows) -> SetAside:
    found = parts(*sheets)
    assert len(found) == 1
    assert isinstance(found[0], SetAside)
    return found[0]


def test_every_field_says_which_cell_it_comes_from() -> None:
    draft = one([["PO No", "P-1"], HEADINGS, ["A", "Bolt", D(2), D(3), D(6)], [None, None, None, "Total", D(6)]])
    assert draft.evidence["/order_number"].where == "S1!B1"
    assert draft.evidence["/lines/0/unit_price"].where == "S1!D3"
    assert draft.evidence["/payable_amount"].where == "S1!E4"


def test_a_total_beside_a_tax_is_told_apart_by_the_sum_of_the_lines() -> None:
    draft = one(
        [
            HEADINGS,
            ["A", "Bolt", D(2), D(25), D(50)],
            [None, None, None, "Total", D(50)],
            [None, None, None, "VAT 10%", D(5)],
            [None, None, None, "Total", D(55)],
        ]
    )
    assert (draft.order.line_total, draft.order.tax_total, draft.order.payable_amount) == (D(50), D(5), D(55))


def test_totals_that_contradict_each_other_are_left_out_with_a_notice() -> None:
    draft = one(
        [HEADINGS, ["A", "Bolt", D(2), D(25), D(50)], [None, None, None, "Grand total", D(70)], [None, None, None, "Order total", D(90)]]
    )
    assert draft.order.payable_amount is None
    assert [n.code for n in draft.notices] == ["readings_disagree"]


def test_tax_with_a_quantity_and_a_price_is_a_line_and_freight_without_is_a_charge() -> None:
    draft = one([HEADINGS, ["A", "Bolt", D(1), D(5), D(5)], [None, "Tax", D(1), D("1.1"), D("1.1")], [None, "Freight", None, None, D(3)]])
    assert [line.description for line in draft.order.lines] == ["Bolt", "Tax"]
    assert [(c.charge, c.amount) for c in draft.order.allowances_charges] == [(True, D(3))]


def test_rows_without_a_number_of_their_own_belong_to_the_order_above() -> None:
    rows: Rows = [
        ["PO", "Supplier", "Item", "Description", "Qty"],
        ["P1", "X Co", "i1", "d1", D(1)],
        [None, None, "i2", "d2", D(3)],
        ["P2", "Y Co", "i3", "d3", D(5)],
    ]
    found = [p for p in parts(rows) if isinstance(p, DraftOrder)]
    assert [(p.order.order_number, len(p.order.lines), p.controls.printed_rows) for p in found] == [("P1", 2, 2), ("P2", 1, 1)]


def test_without_order_numbers_each_supplier_is_an_order() -> None:
    found = parts([["Supplier", "Description", "Qty"], ["X Co", "Nut", D(1)], ["Y Co", "Bolt", D(2)]])
    assert [p.order.supplier.name for p in found if isinstance(p, DraftOrder)] == ["X Co", "Y Co"]


def test_two_suppliers_under_one_number_are_reported_not_chosen() -> None:
    draft = one([["PO", "Supplier", "Description", "Qty"], ["P1", "X Co", "Nut", D(1)], ["P1", "Y Co", "Bolt", D(2)]])
    assert draft.order.supplier.name is None
    assert [(n.code, n.field) for n in draft.notices] == [("readings_disagree", "/supplier/name")]


def test_an_order_that_runs_over_two_sheets_is_one() -> None:
    pages: list[Rows] = [[["Purchase order", "7"], HEADINGS, [item, "x", D(2), D(3), D(6)]] for item in ("A", "B")]
    assert [line.buyer_item_id for line in one(*pages).order.lines] == ["A", "B"]


def test_figures_decide_what_headings_leave_open() -> None:
    draft = one([["PO", "1"], ["Product", None, "Total", "Cost"], ["Hinge", D(12), D("3.5"), D(42)], ["Latch", D(7), D(8), D(56)]])
    assert [(line.quantity, line.unit_price, line.line_amount) for line in draft.order.lines] == [
        (D(12), D("3.5"), D(42)),
        (D(7), D(8), D(56)),
    ]


def test_the_decimal_mark_is_proved_by_arithmetic_where_the_texts_leave_it_open() -> None:
    draft = one([["PO", "1"], HEADINGS, ["A", "Pump", "2", "1.250", "2.500"], ["B", "Valve", "3", "1.100", "3.300"]])
    assert draft.order.lines[0].unit_price is None  # 2 x 1.25 = 2.5 holds as well
    proved = one([["PO", "1"], HEADINGS, ["A", "Pump", "3", "999", "2.997"], ["B", "Valve", "3", "700", "2.100"]])
    assert [line.line_amount for line in proved.order.lines] == [D(2997), D(2100)]


def test_a_date_that_could_be_two_days_is_none_with_a_notice() -> None:
    draft = one([["PO", "1"], ["Order date", "03/04/2026"], HEADINGS, ["A", "Pump", D(2), D(3), D(6)]])
    assert draft.order.issue_date is None
    assert [(n.code, n.field) for n in draft.notices] == [("field_missing", "/issue_date")]
    proved = one([["PO", "1"], ["Order date", "03/04/2026"], ["Delivery date", "23/04/2026"], HEADINGS, ["A", "Pump", D(2), D(3), D(6)]])
    assert proved.order.issue_date == dt.date(2026, 4, 3)


def test_two_currencies_are_reported_not_chosen() -> None:
    draft = one([["PO", "1"], ["Description", "Qty", "Price USD", "Amount EUR"], ["a", D(1), D(2), D(2)]])
    assert draft.order.currency is None
    assert [(n.code, n.field) for n in draft.notices] == [("readings_disagree", "/currency")]


def test_printed_rows_count_what_the_lines_miss() -> None:
    draft = one(
        [
            ["PO", "1"],
            HEADINGS,
            ["A", "Pump", D(2), D(3), D(6)],
            [],
            [None, None, "see annex", D(4), D(8)],
            ["B", "Valve", D(1), D(1), D(1)],
        ]
    )
    assert draft.controls.printed_rows == 3
    assert len(draft.order.lines) == 2


def test_a_discount_is_kept_once_the_figures_prove_it() -> None:
    draft = one(
        [
            ["PO", "1"],
            ["SKU", "Qty", "Price", "Discount %", "Line total"],
            ["A", D(10), D(5), "10%", D(45)],
            ["B", D(10), D(5), "10%", D(50)],
        ]
    )
    assert [[c.amount for c in line.allowances_charges] for line in draft.order.lines] == [[D(5)], []]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([["INVOICE"], ["PO number", "P1"], HEADINGS, ["A", "b", D(1), D(2), D(2)]], "invoice"),
        ([["Quotation"], ["Description", "Qty", "Price"], ["a", D(1), D(2)]], "quotation"),
        ([["Quotation", "Q-7"], ["Description", "Qty", "Price"], ["a", D(1), D(2)]], "quotation"),
        ([["Order confirmation"], ["Your PO", "P1"], HEADINGS, ["A", "b", D(1), D(2), D(2)]], "order response"),
        ([["Article no", "Description", "Price"], ["A", "b", D(2)]], "price list"),
        ([["SKU", "Description", "On hand"], ["A", "b", D(2)]], "stock list"),
        ([["PO", "SKU", "Description", "Qty received"], ["P1", "A", "b", D(2)]], "delivery note"),
        (
            [
                ["PO number", "Supplier", "Order date", "Total"],
                ["P1", "x", dt.date(2026, 1, 1), D(5)],
                ["P2", "y", dt.date(2026, 1, 1), D(5)],
            ],
            "order register",
        ),
        ([["Purchase order", "P1"], HEADINGS, [], []], "blank form"),
        ([["Role", "Limit"], ["Lead", D(500)]], "other"),
    ],
)
def test_look_alikes_are_set_aside(rows: Rows, kind: str) -> None:
    assert aside(rows).kind == kind


def test_hidden_sheets_are_not_read() -> None:
    found = parts([["PO", "1"], HEADINGS, ["A", "b", D(1), D(2), D(2)]], hidden=True)
    assert [type(p) for p in found] == [SetAside]
