"""Rows of laid-out tables, and what stands around them: nothing is taken for a line that is none, and nothing is lost in silence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from signoff.domain.reading import DraftOrder
from signoff.tools.documents import plain
from signoff.tools.documents.document import Document, Page, Source
from signoff.tools.orders import layout
from signoff.tools.orders.layout_cells import amount
from signoff.tools.orders.layout_numbers import counting
from tests.tools.orders.papers import LINES, Row, document
from tests.tools.orders.papers import draft as on_paper

HEAD = """\
PURCHASE ORDER
PO Number:  A-100
Order Date:  2026-05-01
Supplier:  Rowan Supplies Ltd
Currency:  EUR

"""
NUMBERED = "Pos    Description                  Qty     Unit price      Amount\n"


def draft(table: str) -> DraftOrder:
    (found,) = layout.read(plain.open(Source("x.txt", (HEAD + table).encode())))
    assert isinstance(found, DraftOrder)
    return found


def described(found: DraftOrder) -> list[str | None]:
    return [x.description for x in found.order.lines]


def charged(found: DraftOrder) -> list[tuple[bool, Decimal | None, str | None]]:
    return [(a.charge, a.amount, a.reason) for a in found.order.allowances_charges]


def lost(found: DraftOrder) -> list[str]:
    return [n.evidence.text for n in found.notices if n.code == "rows_missing" and n.evidence]


def test_a_text_below_its_row_describes_it_wherever_it_stands() -> None:
    found = draft(
        "Item no      Qty     Unit     Date           Unit price      Amount\n"
        "B-100          4     EA       2026-06-01           1.50        6.00\n"
        "           Blue paint 5 l\n"
        "B-200          3     EA       2026-06-01           2.25        6.75\n"
        "           Red paint 5 l\n\n"
        "Total                                                         12.75\n"
    )
    assert described(found) == ["Blue paint 5 l", "Red paint 5 l"]
    assert not lost(found)


def test_the_column_with_the_most_text_describes_where_no_heading_does() -> None:
    found = draft(
        "Item no      Wqx                     Qty     Unit price      Amount\n"
        "B-100        Blue paint 5 l            4           1.50        6.00\n"
        "B-200        Red paint 5 l             3           2.25        6.75\n"
    )
    assert described(found) == ["Blue paint 5 l", "Red paint 5 l"]


def test_in_a_numbered_table_tax_and_rounding_below_the_goods_are_no_lines() -> None:
    found = draft(
        NUMBERED + "1      Blue paint 5 l                 4           1.50        6.00\n"
        "2      Red paint 5 l                  3           2.25        6.75\n"
        "       VAT 20 %                                     20        2.55\n"
        "       Round Off                                             -0.30\n"
        "       Total                                                 15.00\n"
    )
    assert described(found) == ["Blue paint 5 l", "Red paint 5 l"]
    assert (found.order.tax_total, found.order.payable_amount) == (Decimal("2.55"), Decimal("15.00"))
    assert charged(found) == [(False, Decimal("0.30"), "Round Off")]


def test_a_size_at_the_end_of_wrapped_text_is_no_quantity() -> None:
    found = draft(
        "Ln   Item no / Description                Qty     Unit price     Amount\n"
        "1    HX-12                                  4           1.50       6.00\n"
        "     Hydraulic hose half inch, two wire, 1200 mm\n"
        "2    HX-14                                  3           2.25       6.75\n"
        "     Hydraulic hose, 800 mm\n"
    )
    assert [x.quantity for x in found.order.lines] == [Decimal(4), Decimal(3)]
    assert described(found)[0] == "Hydraulic hose half inch, two wire, 1200 mm"


SCHEDULED = """\
Item     Description                Qty     Unit
1        Blue paint 5 l             300     EA
           Delivery 08/06/2026      {}     firm
           Delivery {}/06/2026      200     plan
2        Red paint 5 l              600     EA
           Delivery 22/06/2026      600     firm
"""


def test_deliveries_that_add_up_to_the_quantity_are_no_lines() -> None:
    found = draft(SCHEDULED.format(100, 15))
    assert [(x.line_number, x.quantity) for x in found.order.lines] == [("1", Decimal(300)), ("2", Decimal(600))]
    assert [x.requested_delivery_date for x in found.order.lines] == [None, dt.date(2026, 6, 22)]
    assert not lost(found)


def test_deliveries_that_do_not_add_up_are_told() -> None:
    assert lost(draft(SCHEDULED.format(150, 15))) == ["150", "200"]


def test_who_writes_no_empty_decimals_groups_thousands() -> None:
    found = draft(SCHEDULED.replace("     EA", ",000  EA", 1).replace("300,000", " 3,600").format(100, 15))
    assert [x.quantity for x in found.order.lines] == [Decimal(3600), Decimal(600)]


def paged(*pages: list[Row]) -> DraftOrder:
    """The order on these pages."""
    sheets = [Page(n, 595, 842, document(rows).pages[0].words) for n, rows in enumerate(pages, 1)]
    (found,) = layout.read(Document("order.pdf", "pdf", b"", pages=tuple(sheets)))
    assert isinstance(found, DraftOrder)
    return found


TITLE: list[Row] = [(40, [(50, "PURCHASE ORDER")]), (60, [(50, "PO Number:"), (120, "A-100")])]
HEADING: Row = (100, [(50, "Pos"), (90, "Description"), (300, "Qty"), (360, "Unit Price"), (450, "Amount")])


def test_a_sum_carried_over_a_page_is_neither_a_charge_nor_a_total() -> None:
    found = paged(
        [
            *TITLE,
            HEADING,
            (115, [(50, "1"), (90, "Blue paint 5 l"), (300, "4"), (360, "1.50"), (450, "6.00")]),
            (130, [(50, "2"), (90, "Red paint 5 l"), (300, "2"), (360, "3.25"), (450, "6.50")]),
            (160, [(360, "Transport"), (450, "12.50")]),
        ],
        [
            (50, [(50, "Ship via"), (120, "626403"), (200, "NET 45"), (300, "Prepaid"), (450, "960123")]),
            HEADING,
            (112, [(360, "Transport"), (450, "12.50")]),
            (130, [(50, "3"), (90, "Green paint 5 l"), (300, "10"), (360, "2.00"), (450, "20.00")]),
            (160, [(360, "Total"), (450, "32.50")]),
        ],
    )
    assert described(found) == ["Blue paint 5 l", "Red paint 5 l", "Green paint 5 l"]
    assert (charged(found), found.order.payable_amount, lost(found)) == ([], Decimal("32.50"), [])


def test_figures_set_wider_than_their_headings_keep_to_their_columns() -> None:
    heading: Row = (100, [(50, "Pos"), (90, "Description"), (250, "Quantity"), (320, "Unit"), (360, "Unit Price"), (450, "Amount")])
    found = paged(
        [
            *TITLE,
            heading,
            (115, [(50, "1"), (90, "Blue paint 5 l"), (296, "4"), (320, "EA"), (360, "1.50"), (450, "6.00")]),
            (130, [(50, "2"), (90, "Red paint 5 l"), (296, "2"), (320, "EA"), (360, "3.25"), (450, "6.50")]),
        ]
    )
    assert [(x.quantity, x.unit) for x in found.order.lines] == [(Decimal(4), "EA"), (Decimal(2), "EA")]


def test_totals_may_stand_under_headings_of_their_own() -> None:
    found = draft(
        "Item no    Description              Qty     Unit price      Amount\n"
        "B-100      Blue paint 5 l             4           1.50        6.00\n"
        "B-200      Red paint 5 l              3           2.25        6.75\n\n"
        "Goods      Tax base             VAT %     VAT amount         TOTAL\n"
        "12.75         12.75             20.00           2.55         15.30\n"
    )
    assert len(found.order.lines) == 2
    assert found.order.payable_amount == Decimal("15.30")


def test_a_figure_with_words_we_do_not_know_is_a_charge_where_it_leads_to_the_total() -> None:
    rows = (
        NUMBERED + "1      Blue paint 5 l                 4           1.50        6.00\n"
        "2      Red paint 5 l                  3           2.25        6.75\n"
        "       Dry ice, cold chain                                    5.00\n"
    )
    assert charged(draft(rows + "Total                                                        17.75\n")) == [
        (True, Decimal("5.00"), "Dry ice, cold chain")
    ]
    other = draft(rows + "Total                                                        18.75\n")
    assert (charged(other), lost(other)) == ([], ["5.00"])


def test_a_labelled_discount_below_the_rows_is_no_line() -> None:
    found = draft(
        "Item no    Description              Qty     Unit price      Amount\n"
        "B-100      Blue paint 5 l             4           1.50        6.00\n"
        "B-200      Red paint 5 l              3           2.25        6.75\n\n"
        "                                  Agio 2 %:       -0.25\n"
        "                                   Net sum:       12.50\n"
    )
    assert len(found.order.lines) == 2


def test_a_text_among_the_lines_goes_with_the_notes() -> None:
    found = draft(
        NUMBERED + "1      Blue paint 5 l                 4           1.50        6.00\n"
        "                                      free sample\n"
        "2      Red paint 5 l                  3           2.25        6.75\n"
    )
    assert found.order.notes == ("free sample",)


@pytest.mark.parametrize("printed", ["Total                                 7                      12.75\n", "\nTotal quantity:  7\n"])
def test_a_printed_sum_of_the_quantities_is_a_control(printed: str) -> None:
    found = draft(
        NUMBERED + "1      Blue paint 5 l                 4           1.50        6.00\n"
        "2      Red paint 5 l                  3           2.25        6.75\n" + printed
    )
    assert found.controls.quantity_total == 7
    assert not lost(found)


@pytest.mark.parametrize("name", ["{} [{}]", "{} ({})", "{}\n       {}", "{}\n       Ref. {}"])
def test_an_id_without_digits_is_told_by_brackets_by_a_label_or_by_its_own_line(name: str) -> None:
    first, _, more = name.format("Blue paint", "BLU-PNT").partition("\n")
    second, _, other = name.format("Red paint", "RED-PNT").partition("\n")
    found = draft(
        f"{NUMBERED}1      {first:33}4           1.50        6.00\n{more}\n2      {second:33}3           2.25        6.75\n{other}\n"
    )
    assert [x.item_ids for x in found.order.lines] == [("BLU-PNT",), ("RED-PNT",)]
    assert described(found) == ["Blue paint", "Red paint"]


def test_a_capital_without_a_blank_before_an_amount_is_its_currency() -> None:
    assert amount("R30 635.91", ".") == Decimal("30635.91")
    assert amount("M12", ".") is None


def test_line_numbers_are_the_longest_count() -> None:
    assert counting([626403, 1, 2, 3, 7]) == [1, 2, 3, 4]
    assert counting([10, 20, 30, 960123]) == [0, 1, 2]
    assert counting([1, 2, 12, 3, 4]) == [0, 1, 3, 4]
    assert counting([]) == []


def test_a_row_that_stands_beside_the_columns_is_not_lost_in_silence() -> None:
    rows = [*LINES[:2], (422, [(120, "Free of any column"), (455, "9.99")]), *LINES[2:]]
    assert lost(on_paper((40, [(50, "PURCHASE ORDER")]), lines=rows)) == ["9.99"]


def test_a_line_that_names_no_item_is_told() -> None:
    found = draft(
        "Pos    Item no      Qty     Unit price      Amount\n"
        "1      B-100          4           1.50        6.00\n"
        "2                     3           2.25        6.75\n"
    )
    assert [n.field for n in found.notices if n.code == "field_missing"] == ["/lines/1/description"]
