"""Laid-out text: tables, labels, kinds of paper, and what is left open when it can be read in two ways."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from signoff.domain.errors import Unreadable
from signoff.domain.reading import DraftOrder, Region, SetAside
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders import layout

HEAD = """\
PURCHASE ORDER
PO Number:  A-100
Order Date:  {date}
Supplier:  Rowan Supplies Ltd
Currency:  {currency}

"""
TABLE = """\
Item     Description         Qty      Unit Price       Amount
R-1      Blue paint            4         {price}        {amount}

"""


def part(text: str) -> DraftOrder | SetAside:
    found = layout.read(plain.open(Source("x.txt", text.encode())))
    assert len(found) == 1
    assert isinstance(found[0], DraftOrder | SetAside)
    return found[0]


def draft(text: str) -> DraftOrder:
    found = part(text)
    assert isinstance(found, DraftOrder)
    return found


def paper(price: str, amount: str, *, date: str = "2026-05-01", currency: str = "EUR") -> str:
    return HEAD.format(date=date, currency=currency) + TABLE.format(price=price, amount=amount)


@pytest.mark.parametrize(
    ("price", "amount", "read"),
    [
        ("1,250.50", "5,002.00", Decimal("5002.00")),
        ("1.250,50", "5.002,00", Decimal("5002.00")),
        ("1 250,50", "5 002,00", Decimal("5002.00")),
        ("1'250.50", "5'002.00", Decimal("5002.00")),
        ("0,5", "2", Decimal(2)),
    ],
)
def test_the_decimal_mark_is_the_documents(price: str, amount: str, read: Decimal) -> None:
    assert draft(paper(price, amount)).order.lines[0].line_amount == read


def test_a_number_that_can_be_two_stays_empty_and_says_so() -> None:
    found = draft(paper("1.250", "5.000"))
    assert found.order.lines[0].unit_price is None
    assert {n.field for n in found.notices} == {"/lines/0/unit_price", "/lines/0/line_amount"}


def test_three_decimals_belong_to_a_currency_that_has_them() -> None:
    assert draft(paper("1.250", "5.000", currency="KWD")).order.lines[0].unit_price == Decimal("1.250")


@pytest.mark.parametrize(
    ("date", "proof", "read"),
    [
        ("03/04/2026", "", None),
        ("03/04/2026", "Delivery Date:  25/04/2026", dt.date(2026, 4, 3)),
        ("03/04/2026", "Ship To:  1 Main St, Austin, TX 78701", dt.date(2026, 3, 4)),
        ("3 April 2026", "", dt.date(2026, 4, 3)),
    ],
)
def test_a_date_is_read_when_the_document_proves_its_order(date: str, proof: str, read: dt.date | None) -> None:
    found = draft(HEAD.format(date=date, currency="EUR") + proof + "\n\n" + TABLE.format(price="1.50", amount="6.00"))
    assert found.order.issue_date == read
    assert any(n.field == "/issue_date" for n in found.notices) is (read is None)


def test_wrapped_text_belongs_to_its_row() -> None:
    text = paper("1.50", "6.00").rstrip() + "\n         low odour\n         Delivery Date: 2026-06-02\n\nTotal      6.00\n"
    line = draft(text).order.lines[0]
    assert (line.description, line.requested_delivery_date) == ("Blue paint low odour", dt.date(2026, 6, 2))


def test_the_total_is_the_one_that_adds_up() -> None:
    text = paper("1.50", "6.00") + "Subtotal     6.00\nFreight      2.00\nTotal        8.00\n"
    order = draft(text).order
    assert (order.line_total, order.payable_amount) == (Decimal("6.00"), Decimal("8.00"))
    assert [(a.charge, a.amount) for a in order.allowances_charges] == [(True, Decimal("2.00"))]


def test_evidence_names_page_box_and_region() -> None:
    found = draft(paper("1.50", "6.00") + "Total        6.00\n")
    regions = {p: found.evidence[p].region for p in ("/order_number", "/lines/0/quantity", "/payable_amount")}
    assert regions == {"/order_number": Region.HEADER, "/lines/0/quantity": Region.TABLE, "/payable_amount": Region.TOTALS}
    assert all(e.page == 1 and e.box for p, e in found.evidence.items() if p != "/lines/0/price_base_quantity")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("INVOICE", "invoice"),
        ("Rechnung", "invoice"),
        ("ANGEBOT", "quotation"),
        ("Auftragsbestätigung", "order response"),
        ("Lieferschein", "delivery note"),
    ],
)
def test_look_alikes_are_set_aside_by_their_title(title: str, kind: str) -> None:
    found = part(paper("1.50", "6.00").replace("PURCHASE ORDER", title))
    assert isinstance(found, SetAside)
    assert found.kind == kind


def test_an_order_that_speaks_of_invoices_is_an_order() -> None:
    assert (
        draft(paper("1.50", "6.00") + "Invoice To:  Accounts Ltd\nSend the invoice with the delivery note.\n").order.order_number == "A-100"
    )


def test_a_table_without_heading_is_read_where_it_adds_up() -> None:
    text = (
        HEAD.format(date="2026-05-01", currency="EUR")
        + "10   Blue paint     4   EA   1.50    6.00\n20   Red paint      2   EA   3.25    6.50\n"
    )
    lines = draft(text).order.lines
    assert [(x.quantity, x.unit_price, x.line_amount) for x in lines] == [
        (Decimal(4), Decimal("1.50"), Decimal("6.00")),
        (Decimal(2), Decimal("3.25"), Decimal("6.50")),
    ]


def test_an_order_in_prose_asks_for_a_person() -> None:
    found = draft("Purchase order A-7\n\nPlease send us the usual boxes of blue paint.\n")
    assert found.order.lines == ()
    assert any(n.code == "rows_missing" for n in found.notices)


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\ncan we get 3 boxes of blue paint by Friday?\n",
        "Bitte liefern Sie uns\n12 Eimer blaue Farbe.\n",
        "Bonjour, veuillez nous envoyer 5 cartons de peinture bleue.\n",
        "need 20 tins of primer, the usual account\n",
    ],
)
def test_a_mail_that_asks_for_a_quantity_is_an_order(text: str) -> None:
    (line,) = draft(text).order.lines
    assert line.quantity is not None
    assert line.unit_price is None


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nplease send the parcel within 14 days of the order, by 3 May at the latest.\n",
        "We visited 12 suppliers last week. The ordinary price is known.\n",
        "def order(quantity):\n    send(quantity)  # 12 boxes\n    return Order(number='A-7', lines=[quantity])\n",
        "Orders are sent to the desk, which places them with 3 suppliers at most and keeps a record of each of them.\n" * 30,
    ],
)
def test_a_text_that_orders_nothing_is_set_aside(text: str) -> None:
    found = part(text)
    assert isinstance(found, SetAside)
    assert found.kind == "text"


def test_a_program_that_holds_an_order_is_no_order() -> None:
    lines = [f'    write("{line}")' for line in paper("1.50", "6.00").splitlines() if line]
    assert isinstance(part("\n".join(["def main():", *lines])), SetAside)


def test_a_contract_is_set_aside_whatever_it_says_about_orders() -> None:
    text = (
        "SUPPLY AGREEMENT\n\nThis agreement is entered into by and between the parties below.\n"
        "1. The Supplier shall deliver 20 boxes a month.\n2. Purchase orders need a number.\n3. The governing law is that of Norway.\n"
    )
    found = part(text)
    assert isinstance(found, SetAside)
    assert found.kind == "contract"
    assert found.reason == "It is titled 'SUPPLY AGREEMENT', which is not an order."


def test_a_figure_flush_right_beside_its_unit_is_the_quantity() -> None:
    table = (
        "Line  Item      Description                  Quantity Unit     Unit price      Amount\n"
        "1     BR-BOLT   Bolt M8, zinc plated               15 EA            10.00      150.00\n"
    )
    line = draft(HEAD.format(date="2026-05-01", currency="EUR") + table).order.lines[0]
    assert (line.quantity, line.unit, line.supplier_item_id, line.description) == (15, "EA", "BR-BOLT", "Bolt M8, zinc plated")


@pytest.mark.parametrize(
    "head",
    [
        "Hollis & Wren GmbH - PURCHASE ORDER",
        "Hollis & Wren GmbH · Uferweg 4 · 28217 Bremen\n\nPURCHASE ORDER",
        "PURCHASE ORDER\nHollis & Wren GmbH\nUferweg 4\n28217 Bremen",
    ],
)
def test_the_letterhead_names_the_buyer_without_title_and_address(head: str) -> None:
    assert draft(paper("1.50", "6.00").replace("PURCHASE ORDER", head)).order.buyer.name == "Hollis & Wren GmbH"


def test_an_address_on_the_line_is_no_part_of_the_name() -> None:
    found = draft(paper("1.50", "6.00") + "Ship To:  Hollis & Wren, Inc., 12 Quay Road, Leeds\n")
    assert found.order.ship_to is not None
    assert found.order.ship_to.name == "Hollis & Wren, Inc."


def test_an_order_that_is_too_long_is_refused_and_never_cut_off() -> None:
    head, *rest = paper("10.00", "20.00").split("\n")
    rows = [f"{n}  Gasket {n}    2   EA   10.00   20.00" for n in range(layout.MAX_LINES + 1)]
    text = "\n".join([head, *rest, *rows])
    with pytest.raises(Unreadable, match="more than 5,000 lines"):
        layout.read(plain.open(Source("x.txt", text.encode())))
