"""Labelled values: where they may stand, whose they are, and when there is none."""

from __future__ import annotations

import datetime as dt

import pytest
from papers import LINES, Row, draft

from signoff.domain.reading import Witness

TITLE: Row = (30, [(50, "PURCHASE ORDER", 14)])
MARCH_14 = dt.date(2026, 3, 14)


@pytest.mark.parametrize(
    "head",
    [
        [(60, [(50, "PO Number: A-4711"), (300, "Order Date: 14/03/2026")])],
        [(60, [(50, "PO Number"), (150, "A-4711"), (300, "Order Date"), (400, "14/03/2026")])],
        [(60, [(50, "PO Number:"), (300, "Order Date:")]), (71, [(50, "A-4711"), (300, "14/03/2026")])],
        [(60, [(50, "Buyer's code"), (150, "PO Number"), (250, "Order Date")]), (71, [(50, "7"), (150, "A-4711"), (250, "14/03/2026")])],
        [(60, [(50, "PO No: A-4711 Order date: 14/03/2026 Revision: 0")])],
        [(60, [(50, "PO number/date")]), (71, [(50, "A-4711 / 14.03.2026")])],
        [(60, [(50, "Purchase"), (150, "Order")]), (69, [(50, "Order No."), (150, "Date")]), (84, [(50, "A-4711"), (150, "14/03/2026")])],
        [(60, [(50, "1. DATE OF ORDER", 6), (250, "2. ORDER NO.", 6)]), (70, [(50, "14/03/2026"), (250, "A-4711")])],
        [(60, [(50, "N° de votre commande d'achat")]), (71, [(50, "A-4711")]), (90, [(50, "Date de la commande"), (200, "14/03/2026")])],
        [(60, [(50, "PO No. / Numéro"), (200, "A-4711")]), (72, [(50, "Date / Datum"), (200, "14 March 2026")])],
        [(60, [(50, "Purchase Order No. A-4711 dated 14.03.2026")])],
        [(60, [(50, "Bestell-Nr."), (150, ": A-4711")]), (72, [(50, "Bestelldatum"), (150, ": 14.03.2026")])],
    ],
    ids=["one cell", "beside", "below", "grid", "one line", "double", "stacked", "boxes", "composed", "bilingual", "title", "apart"],
)
def test_a_value_is_found_where_a_label_may_have_it(head: list[Row]) -> None:
    order = draft(TITLE, *head).order
    assert (order.order_number, order.issue_date) == ("A-4711", MARCH_14)


@pytest.mark.parametrize(
    "label",
    ["Requisition No", "Your quotation", "Contract no.", "Customer no.", "Vendor No.", "Project no.", "Delivery note no.", "Invoice No."],
)
def test_another_number_is_not_the_orders(label: str) -> None:
    assert draft(TITLE, (60, [(50, f"{label}:"), (200, "X-9001")])).order.order_number is None


def test_a_value_belongs_to_the_nearest_label() -> None:
    """A label whose own place is empty does not take its neighbour's value."""
    order = draft(
        TITLE,
        (60, [(50, "Delivery date:")]),
        (72, [(50, "Order date:"), (150, "14/03/2026")]),
        (90, [(50, "PO No."), (200, "Requisition no:"), (300, "R-5512")]),
        (102, [(50, "A-4711")]),
    ).order
    assert (order.order_number, order.issue_date, order.requested_delivery_date) == ("A-4711", MARCH_14, None)


def test_two_numbers_labelled_alike_are_none() -> None:
    found = draft(TITLE, (60, [(50, "PO No: A-4711")]), (72, [(50, "PO Number: B-9922")]))
    assert found.order.order_number is None
    assert [(n.code, n.field) for n in found.notices] == [("readings_disagree", "/order_number")]


def test_the_addressees_number_is_weaker_than_the_senders() -> None:
    order = draft((30, [(50, "Purchase order no. P-62", 12)]), (60, [(50, "Your order reference:"), (200, "K-9913")])).order
    assert order.order_number == "P-62"


def test_a_number_printed_again_is_its_witness_and_a_label_its_evidence() -> None:
    found = draft((30, [(50, "Purchase order A-4711", 12)]), (60, [(50, "Order number:"), (200, "A-4711")]))
    assert found.witnesses["/order_number"] == (Witness.REPEATED,)
    assert found.evidence["/order_number"].label == "Purchase order"


def test_a_revision_belongs_to_the_number_and_its_place_to_one_evidence() -> None:
    found = draft((30, [(50, "Purchase order 4711", 12)]), (60, [(50, "Order number:"), (200, "4711-2")]))
    assert found.order.order_number == "4711-2"
    assert not [n for n in found.notices if n.field == "/order_number"]


def test_the_day_of_a_letter_stands_behind_its_place() -> None:
    assert draft(TITLE, (60, [(350, "Leeds, 14 March 2026")])).order.issue_date == MARCH_14


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Release against blanket agreement 300118.", "300118"),
        ("Abruf zum Rahmenvertrag RV-2025-09", "RV-2025-09"),
        ("Our contracts apply", None),
    ],
)
def test_a_contract_may_be_named_in_passing(text: str, reference: str | None) -> None:
    assert draft(TITLE, (60, [(50, text)])).order.contract_reference == reference


@pytest.mark.parametrize(
    ("city", "currency", "notices"),
    [
        ("Tampa, FL 33602", "USD", ["/currency"]),
        ("Toronto, ON M5V 2T6", None, ["/currency"]),
        ("Tampa, FL 33602, c/o Perth, Australia", None, ["/currency"]),
    ],
)
def test_a_dollar_sign_alone_is_no_currency_but_what_the_addresses_imply(city: str, currency: str | None, notices: list[str]) -> None:
    lines: list[Row] = [
        (400, [(50, "Item"), (120, "Description"), (300, "Qty"), (360, "Unit Price"), (450, "Amount")]),
        (415, [(50, "1"), (120, "Blue paint"), (300, "4"), (360, "$1.50"), (450, "$6.00")]),
    ]
    found = draft(TITLE, (60, [(50, "PO No: A-4711")]), (72, [(50, city)]), lines=lines)
    assert found.order.currency == currency
    assert [n.field for n in found.notices] == notices


def test_leading_dots_stand_for_a_colon() -> None:
    found = draft(TITLE, (60, [(50, "Order Number"), (150, ". . . . 00471"), (300, "Currency . . . . GBP")]))
    assert (found.order.order_number, found.order.currency) == ("00471", "GBP")
    assert found.evidence["/order_number"].label == "Order Number"


@pytest.mark.parametrize(
    "head",
    [
        [(60, [(50, "Date 14 March 2026")])],
        [(60, [(50, "Placed March 14, 2026")])],
        [(60, [(50, "N° A-4711"), (200, "du 14/03/2026")])],
        [(60, [(50, "#A-4711")]), (90, [(50, "14/03/2026")])],
    ],
    ids=["bare label", "month first", "behind of", "alone"],
)
def test_a_day_in_the_head_dates_the_order(head: list[Row]) -> None:
    assert draft(TITLE, *head).order.issue_date == MARCH_14


@pytest.mark.parametrize(
    "head",
    [
        [(60, [(50, "Zzyzx")]), (70, [(50, "14/03/2026")])],
        [(60, [(50, "Zzyzx"), (100, "14/03/2026")])],
        [(60, [(50, "14/03/2026")]), (90, [(50, "21/03/2026")])],
    ],
    ids=["below a word", "behind a word", "one of two"],
)
def test_a_day_that_may_be_another_dates_nothing(head: list[Row]) -> None:
    assert draft(TITLE, *head).order.issue_date is None


def test_a_number_keeps_a_prefix_that_says_what_its_label_says() -> None:
    assert draft(TITLE, (60, [(50, "Contract"), (150, "MSA 2031-44")])).order.contract_reference == "MSA 2031-44"


def test_a_title_ends_where_it_names_what_the_order_is_placed_under() -> None:
    order = draft((30, [(50, "Bestellung AB 4711-04 zum Rahmenvertrag RV-2031", 12)])).order
    assert (order.order_number, order.contract_reference) == ("AB 4711-04", "RV-2031")


def test_totals_are_read_from_one_cell_each_and_behind_a_rate() -> None:
    lines = [*LINES[:3], (450, [(400, "Subtotal 12.50 USD")]), (462, [(400, "Sales tax 7.5% 0.94 USD")]), (474, [(400, "Total 13.44 USD")])]
    order = draft(TITLE, lines=lines).order
    assert [str(v) for v in (order.line_total, order.tax_total, order.payable_amount)] == ["12.50", "0.94", "13.44"]


def test_the_tax_is_not_the_amount_it_is_a_rate_of() -> None:
    lines = [*LINES[:3], (460, [(360, "TVA 20 % sur 12.50"), (480, "2.50")]), (472, [(360, "Total"), (480, "15.00")])]
    assert str(draft(TITLE, lines=lines).order.tax_total) == "2.50"


def test_of_several_days_the_one_below_the_number_dates_the_order() -> None:
    order = draft(
        (60, [(50, "Requisition"), (150, "Quotation"), (250, "Purchase order")]),
        (71, [(50, "RQ-0081"), (150, "QT-5521"), (250, "A-4711")]),
        (82, [(50, "01-Mar-2026"), (150, "02-Mar-2026"), (250, "14-Mar-2026")]),
    ).order
    assert (order.order_number, order.issue_date) == ("A-4711", MARCH_14)


def test_a_number_ends_at_a_bar() -> None:
    order = draft((30, [(50, "Nota de Encomenda", 14)]), (60, [(50, "NE 2031/0412 | 14-03-2026 | Proposta PR-118/26 de 10-03-2026")])).order
    assert (order.order_number, order.issue_date) == ("NE 2031/0412", MARCH_14)


def test_what_dots_lead_to_a_value_is_no_title() -> None:
    assert (
        draft(TITLE, (60, [(50, "Requisition ....... AF-R-1187")]), (72, [(50, "Order number ..... A-4711")])).order.order_number
        == "A-4711"
    )


def test_freight_in_one_cell_is_a_charge() -> None:
    lines = [*LINES[:3], (450, [(400, "Freight 2.00")]), (462, [(400, "Order total 14.50")])]
    order = draft(TITLE, lines=lines).order
    assert [(c.charge, str(c.amount)) for c in order.allowances_charges] == [(True, "2.00")]
    assert str(order.payable_amount) == "14.50"


def test_a_text_left_of_the_table_parts_no_row_from_its_second_line() -> None:
    lines: list[Row] = [
        (400, [(167, "#"), (190, "Description"), (350, "Qty"), (420, "Price"), (500, "Amount")]),
        (412, [(20, "DELIVER TO")]),
        (416, [(20, "Larkfield"), (167, "1"), (190, "Blue paint"), (350, "4"), (420, "1.50"), (500, "6.00")]),
        (428, [(190, "SKU: BP-104")]),
        (434, [(20, "Foods Ltd")]),
        (444, [(167, "2"), (190, "Red paint"), (350, "2"), (420, "3.25"), (500, "6.50")]),
        (456, [(190, "SKU: RP-105")]),
        (463, [(20, "1 Mill Street")]),
        (490, [(420, "Total"), (500, "12.50")]),
    ]
    order = draft(TITLE, lines=lines).order
    assert [x.supplier_item_id for x in order.lines] == ["BP-104", "RP-105"]


def test_the_number_in_the_title_beats_a_mere_reference() -> None:
    found = draft((30, [(50, "Purchase order A-4711", 12)]), (60, [(50, "Order reference:"), (200, "Q-2026-8")]))
    assert found.order.order_number == "A-4711"
    assert draft(TITLE, (60, [(50, "Order reference:"), (200, "Q-2026-8")])).order.order_number == "Q-2026-8"
