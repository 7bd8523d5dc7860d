"""Sheets on forms that nobody agreed on: several orders, sizes as columns, records, no headings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from signoff.domain.reading import DraftOrder, Part, Witness
from signoff.tools.documents.document import Cell, Document, Sheet, Source
from signoff.tools.intake import papers
from signoff.tools.orders import table

D = Decimal
Rows = list[list[Cell]]


def drafts(parts: list[Part]) -> list[DraftOrder]:
    found = [p for p in parts if isinstance(p, DraftOrder)]
    assert len(found) == len(parts)
    return found


def sheet(rows: Rows, currency: str | None = None) -> list[DraftOrder]:
    made = Sheet("Sheet1", tuple(map(tuple, rows)), currency=currency)
    return drafts(table.read(Document("orders.xlsx", "xlsx", b"", sheets=(made,))))


def delimited(text: str, charset: str = "utf-8") -> list[DraftOrder]:
    return drafts([part for paper in papers(Source("orders.csv", text.encode(charset))) for part in paper.parts])


def figures(draft: DraftOrder) -> list[tuple[str | None, str, str]]:
    return [(line.description, f"{line.quantity}", f"{line.unit_price}") for line in draft.order.lines]


def test_orders_below_each_other_keep_their_own_fields_and_totals() -> None:
    def block(number: str, supplier: str, total: int) -> Rows:
        head: Rows = [["PO No.", number, None, "Supplier", supplier], ["Item", "Description", "Qty", "Price", "Total"]]
        return [*head, ["A1", "Yarn", D(1), D(total), D(total)], [None, None, None, "Total", D(total)], []]

    first, second = sheet(
        [["Loomtest Mills plc"], ["Purchase orders week 14"], [], *block("T-1", "Alpha Ltd", 22), *block("T-2", "Beta Ltd", 9)]
    )
    assert [(d.order.order_number, d.order.supplier.name, d.order.payable_amount) for d in (first, second)] == [
        ("T-1", "Alpha Ltd", D(22)),
        ("T-2", "Beta Ltd", D(9)),
    ]
    assert first.order.buyer.name == second.order.buyer.name == "Loomtest Mills plc"


def test_rows_that_name_an_order_begin_it_under_headings_common_to_all() -> None:
    rows: Rows = [
        ["Artikel", "Omschrijving", "Aantal", "Prijs", "Bedrag"],
        ["Bestelling: INK-101", None, "Leverancier: Buizen Test BV"],
        ["B1", "Buis", D(5), D(2), D(10)],
        ["Bestelling: INK-102", None, "Leverancier: Hout Test BV"],
        ["H1", "Balk", D(6), D(9), D(54)],
    ]
    assert [(d.order.order_number, d.order.supplier.name, len(d.order.lines)) for d in sheet(rows)] == [
        ("INK-101", "Buizen Test BV", 1),
        ("INK-102", "Hout Test BV", 1),
    ]


def test_each_size_that_is_ordered_is_a_line() -> None:
    rows: Rows = [
        ["Order", "MX-9"],
        ["Supplier", "Shirt Test Ltd"],
        [],
        ["Style", "Description", "S", "M", "L", "Qty", "Price", "Total"],
        ["ST-1", "Shirt", D(1), D(2), D(3), D(6), D(10), D(60)],
        ["ST-2", "Polo", None, D(2), None, D(2), D(12), D(24)],
        [None, None, None, None, None, None, "Total", D(84)],
    ]
    (draft,) = sheet(rows)
    assert figures(draft) == [("Shirt S", "1", "10"), ("Shirt M", "2", "10"), ("Shirt L", "3", "10"), ("Polo M", "2", "12")]
    assert draft.controls.printed_rows == 4
    assert [line.line_amount for line in draft.order.lines] == [None, None, None, D(24)]


def test_short_headings_that_do_not_make_up_the_quantity_are_no_sizes() -> None:
    rows: Rows = [
        ["Order", "MX-9"],
        [],
        ["Item", "Description", "S", "M", "L", "Qty"],
        ["A", "Bolt", D(1), D(2), D(3), D(40)],
        ["B", "Nut", D(1), D(1), D(1), D(5)],
    ]
    assert [line.quantity for line in sheet(rows)[0].order.lines] == [D(40), D(5)]


def test_a_table_without_headings_is_told_by_arithmetic_and_says_so() -> None:
    (draft,) = delimited(
        "Bestellung 26-0815;\nLieferant: Kraus Test GmbH;\n1;WZ-100;Bohrer 8 mm;10;Stk;2,35;23,50\n"
        "2;WZ-200;Bohrer 9 mm;4;Stk;3,10;12,40\n;;;;;Summe;35,90\n"
    )
    assert figures(draft) == [("Bohrer 8 mm", "10", "2.35"), ("Bohrer 9 mm", "4", "3.10")]
    assert [(n.code, n.field) for n in draft.notices] == [("field_missing", "/lines")]


def test_records_of_two_kinds_with_and_without_headings() -> None:
    bare = "K;4711-26;01.04.2026;Liefertest AG;EUR;70,00\nP;10;A-1;Ware eins;10;ST;5,00;50,00\nP;20;A-2;Ware zwei;4;ST;5,00;20,00\n"
    (draft,) = delimited(bare)
    assert (draft.order.order_number, draft.order.supplier.name, draft.order.payable_amount) == ("4711-26", "Liefertest AG", D("70.00"))
    headed = (
        "HDR,PONumber,PODate,Vendor\nLIN,LineNo,SKU,Description,Qty,Price,Amount\n"
        "HDR,7001,2026-02-03,Orchard Ltd\nLIN,1,OT-1,Crate,10,4.00,40.00\nHDR,7002,2026-02-04,Meadow Ltd\nLIN,1,MT-1,Bale,3,6.50,19.50\n"
    )
    assert [(d.order.order_number, d.order.supplier.name, figures(d)) for d in delimited(headed)] == [
        ("7001", "Orchard Ltd", [("Crate", "10", "4.00")]),
        ("7002", "Meadow Ltd", [("Bale", "3", "6.50")]),
    ]


def test_headings_nobody_knows_are_settled_by_contents_and_a_discount_counts() -> None:
    rows: Rows = [["Order", "X-1"], [], ["Kürzel", "Description", "Drk", "Price", "Discount %", "Total"]]
    rows += [
        ["K-1", "Oil", "10", D("4.5"), D(10), D("40.5")],
        ["K-2", "Fat", "4", D("2.25"), None, D(9)],
        ["K-3", "Wax", "3", D("1.5"), None, D("4.5")],
    ]
    (draft,) = sheet(rows)
    assert [(line.buyer_item_id, line.quantity, line.line_amount) for line in draft.order.lines] == [
        ("K-1", D(10), D("40.5")),
        ("K-2", D(4), D(9)),
        ("K-3", D(3), D("4.5")),
    ]
    assert draft.order.lines[0].allowances_charges[0].percent == D(10)


def test_a_column_of_days_is_no_quantity_whatever_its_heading() -> None:
    rows: Rows = [
        ["Order", "Ordered", "Supplier", "Material", "Text", "Order qty"],
        ["P1", dt.date(2026, 9, 28), "0000104471 Muster GmbH", "M1", "Hinge", D(4)],
    ]
    (draft,) = sheet([*rows, ["P1", dt.date(2026, 9, 28), "0000104471 Muster GmbH", "M2", "Glue", D(2)]])
    assert draft.order.issue_date == dt.date(2026, 9, 28)
    assert (draft.order.supplier.id, draft.order.supplier.name) == ("0000104471", "Muster GmbH")
    assert draft.witnesses["/order_number"] == (Witness.REPEATED,)


def test_a_schedule_of_deliveries_orders_nothing_again() -> None:
    rows: Rows = [
        ["Purchase Order No: S-5"],
        [],
        ["Item", "Description", "Qty", "Unit Price", "Total"],
        ["C-1", "Casting", D(100), D(3), D(300)],
    ]
    rows += [
        [None, None, None, "Total", D(300)],
        [],
        ["Item", "Delivery date", "Qty"],
        ["C-1", dt.date(2026, 5, 1), D(60)],
        ["C-1", dt.date(2026, 6, 1), D(40)],
    ]
    (draft,) = sheet(rows)
    assert [line.quantity for line in draft.order.lines] == [D(100)]


def test_a_total_repeated_on_each_row_is_the_order_s() -> None:
    (draft,) = delimited(
        "OrderNo,Item,Description,Qty,Unit Cost,Line Amount,Order Total\n"
        "P1,F1,Hammer,3,10.00,30.00,50.00\nP1,F2,Chisel,4,5.00,20.00,50.00\n"
    )
    assert (draft.order.payable_amount, [line.line_amount for line in draft.order.lines]) == (D("50.00"), [D("30.00"), D("20.00")])


def test_a_dollar_is_american_where_an_address_says_so() -> None:
    rows: Rows = [
        ["Sample Robotics Corp."],
        ["20 Servo Dr, Boulder, CO 80301"],
        ["Purchase order", "R-1"],
        ["Date", "03/04/2026"],
        [],
        ["Item", "Description", "Qty", "Price", "Total"],
    ]
    (draft,) = sheet([*rows, ["A", "Chair", D(1), D(5), D(5)]], currency="$")
    assert (draft.order.currency, draft.order.buyer.name, draft.order.issue_date) == ("USD", "Sample Robotics Corp.", dt.date(2026, 3, 4))


def test_the_label_stands_in_the_evidence() -> None:
    (draft,) = sheet([["PO No", "P-1"], ["Item no", "Description", "Qty", "Price"], ["A", "Bolt", D(2), D(3)]])
    assert (draft.evidence["/order_number"].label, draft.evidence["/lines/0/unit_price"].label) == ("PO No", "Price")


def test_a_company_addressed_without_a_label_is_asked_about() -> None:
    rows: Rows = [
        ["Granja Test S.A."],
        ["C/ Mayor 5, 28001 Madrid"],
        [],
        ["Suministros Prueba S.L."],
        ["46001 Valencia"],
        [],
        ["ORDEN DE COMPRA Nº OC-33"],
        [],
    ]
    (draft,) = sheet([*rows, ["Código", "Concepto", "Cantidad", "Precio", "Total"], ["P-1", "Pienso", D(10), D("12.5"), D(125)]])
    assert (draft.order.buyer.name, draft.order.supplier.name) == ("Granja Test S.A.", "Suministros Prueba S.L.")
    assert [(n.code, n.field) for n in draft.notices] == [("field_missing", "/supplier")]


def test_western_letters_in_an_old_character_set() -> None:
    (draft,) = delimited("Bestellnummer;Artikel;Bezeichnung;Menge\nB1;F1;Fräser Ø10;3\nB1;F2;Muttern;3\n", "cp1252")
    assert draft.order.lines[0].description == "Fräser Ø10"
