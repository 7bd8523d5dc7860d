"""Price lists in sheets and on pages: columns by their headings, tiers, packs, bases, validity, and what cannot be read is told."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from signoff.domain.agreement import FoundPrice
from signoff.domain.contract import PriceLine
from signoff.tools.agreements.price_words import pack, role, step
from signoff.tools.agreements.prices import PriceList, read_price_list, read_prices
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document


def listed(name: str, data: bytes | str) -> PriceList:
    return read_price_list(open_document(Source(name, data.encode() if isinstance(data, str) else data)))


def prices(name: str, data: bytes | str) -> list[PriceLine]:
    return [f.price for f in listed(name, data).prices]


def workbook(*rows: list[Any]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.title = "Prices"
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def tiers(price: PriceLine) -> list[tuple[int, str]]:
    return [(int(t.from_quantity), str(t.price)) for t in price.tiers]


class TestSheets:
    SHEET = workbook(
        ["Price list 2026"],
        ["All prices in EUR, valid from 1 January 2026 to 31 December 2026"],
        [],
        ["Article no.", "Description", "Unit", "Price", "from 100", "from 1000", "MOQ"],
        ["B-1", "Bolt M8", "pcs", 0.5, 0.45, 0.4, 50],
        ["B-2", "Washer", "pcs", 0.1, 0.09, None, None],
        ["B-3", "Nut", "pcs", "on request", None, None, None],
        [None, "Adhesives"],
        ["T-1", "Tape", "box of 12", 24, 22, None, 2],
    )

    def test_each_row_is_a_price_line_with_its_tiers(self) -> None:
        bolt, washer, _ = prices("list.xlsx", self.SHEET)
        assert (bolt.supplier_item_id, bolt.description, bolt.unit, bolt.price) == ("B-1", "Bolt M8", "C62", Decimal("0.5"))
        assert (tiers(bolt), bolt.minimum) == ([(100, "0.45"), (1000, "0.4")], 50)
        assert (tiers(washer), washer.minimum) == ([(100, "0.09")], None)

    def test_a_price_for_a_box_is_a_price_for_the_pieces_in_it(self) -> None:
        tape = prices("list.xlsx", self.SHEET)[2]
        assert (tape.unit, tape.price, tape.price_base_quantity, tape.units) == ("C62", 24, 12, {"BX": 12})
        assert (tape.minimum, tiers(tape)) == (24, [(1200, "22")])

    def test_currency_and_validity_that_are_stated_once_hold_for_all(self) -> None:
        found = listed("list.xlsx", self.SHEET).prices
        assert {f.currency for f in found} == {"EUR"}
        assert {(f.price.valid_from, f.price.valid_to) for f in found} == {(dt.date(2026, 1, 1), dt.date(2026, 12, 31))}

    def test_each_says_where_it_stands(self) -> None:
        first = listed("list.xlsx", self.SHEET).prices[0]
        assert (first.where, first.quote) == ("Prices!5", "B-1 | Bolt M8 | pcs | 0.5 | 0.45 | 0.4 | 50")

    def test_an_item_without_a_price_is_told(self) -> None:
        assert listed("list.xlsx", self.SHEET).notices == ("Prices, row 7: no price was read; check 'B-3 | Nut | pcs | on request'.",)

    def test_price_unit_minimum_and_dates_in_columns(self) -> None:
        one, two = listed(
            "liste.csv",
            "Artikel-Nr.;Bezeichnung;Einheit;Preis;Preiseinheit;Währung;gültig ab;gültig bis;Mindestmenge\n"
            "100-1;Schraube;Stk;12,50;100;EUR;01.01.2026;31.12.2026;200\n100-2;Mutter;Stk;1.200,00;1000;EUR;01.01.2026;31.12.2026;\n",
        ).prices
        assert (one.price.price, one.price.price_base_quantity, one.price.minimum, one.currency) == (Decimal("12.50"), 100, 200, "EUR")
        assert (one.price.valid_from, one.price.valid_to) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
        assert (two.price.price, two.price.price_base_quantity, two.price.minimum) == (1200, 1000, None)

    def test_tiers_in_rows_are_one_line_and_the_first_step_is_the_minimum(self) -> None:
        alpha, beta = prices(
            "steps.csv",
            "SKU,Description,UoM,Qty from,Price USD\nA1,Alpha,EA,1,10.00\nA1,Alpha,EA,50,9.00\nA1,Alpha,EA,100,8.00\n"
            "A2,Beta,EA,10,5.00\nA2,Beta,EA,100,4.50\n",
        )
        assert (alpha.price, tiers(alpha), alpha.minimum) == (10, [(50, "9.00"), (100, "8.00")], None)
        assert (beta.price, tiers(beta), beta.minimum) == (5, [(100, "4.50")], 10)

    def test_steps_below_an_item_belong_to_it(self) -> None:
        (alpha,) = prices("steps.csv", "SKU,Description,UoM,Qty from,Price\nA1,Alpha,EA,1,10.00\n,,,50,9.00\n,,,100,8.00\n")
        assert tiers(alpha) == [(50, "9.00"), (100, "8.00")]

    def test_ids_of_both_sides_units_in_headings_multiples_and_discounts(self) -> None:
        (line,) = prices(
            "m.xlsx",
            workbook(["Material", "Your item no.", "Name", "Price/kg", "Currency", "Order multiple", "Discount %"],
                     ["AL-7", "55-1", "Aluminium", 3.2, "USD", 25, 5]),
        )  # fmt: skip
        assert (line.supplier_item_id, line.buyer_item_id, line.unit, line.multiple, line.discount_percent) == (
            "AL-7",
            "55-1",
            "KGM",
            25,
            5,
        )

    def test_of_several_prices_the_agreed_one_is_read_and_discounted_once(self) -> None:
        (line,) = prices("net.csv", "Item no,Description,Unit,List price,Discount %,Net price\nX-1,Thing,EA,10.00,20,8.00\n")
        assert (line.price, line.discount_percent) == (8, None)
        (line,) = prices("list.csv", "Item no,Description,Unit,List price,Discount %\nX-1,Thing,EA,10.00,20\n")
        assert (line.price, line.discount_percent) == (10, 20)

    def test_where_nothing_tells_several_prices_apart_it_is_said(self) -> None:
        (found,) = listed("years.csv", "Item no,Description,Unit,Price 2026,Price 2027\nX-1,Thing,EA,10.00,11.00\n").prices
        assert (found.price.price, found.note) == (10, "of several prices the one under 'Price 2026' was read")

    def test_a_tier_for_another_quantity_than_the_price_is_told_and_not_read(self) -> None:
        found = listed("t.csv", "Item no,Description,Unit,Price,from 1000\nX-1,Thing,EA,1.00,80.00 / 100\n")
        assert (found.prices, len(found.notices)) == ((), 1)

    def test_no_unit_is_read_as_pieces_and_said(self) -> None:
        (found,) = listed("n.csv", "Item no,Description,Price EUR\nX-1,Thing,4.20\n").prices
        assert (found.price.unit, found.note) == ("C62", "no unit is printed; read as pieces")

    @pytest.mark.parametrize("text", ["Name;Town\nA;B\n", "order_number,quantity\n1,2\n"], ids=["addresses", "no price"])
    def test_a_sheet_without_prices_has_none(self, text: str) -> None:
        assert prices("x.csv", text) == []

    def test_a_number_that_can_be_two_is_told_and_not_read(self) -> None:
        found = listed("x.csv", "Item no;Description;Price EUR\nX-1;Thing;1.250\n")
        assert (found.prices, len(found.notices)) == ((), 1)


class TestPages:
    TEXT = """SUPPLY AGREEMENT

1. The supplier delivers the goods listed in Annex A at the prices stated there, which are in EUR.

Annex A: prices

Item no      Description              Unit      1-99     100-499    500+
M-100        Machine oil, canister    can       20.00    19.00      18.00
             of five litres
M-200        Grease                   kg         8.50     8.20       8.00

2. Invoices are paid 30 days after receipt of the goods and of the invoice, without deduction of 5 percent.
"""

    def test_a_table_among_clauses(self) -> None:
        oil, grease = listed("contract.txt", self.TEXT).prices
        assert (oil.price.supplier_item_id, oil.price.price, tiers(oil.price)) == ("M-100", 20, [(100, "19.00"), (500, "18.00")])
        assert oil.price.description == "Machine oil, canister of five litres"
        assert (grease.price.unit, grease.price.price, grease.page, grease.where) == ("KGM", Decimal("8.50"), 1, None)

    def test_a_table_of_a_web_page_with_prices_for_a_hundred(self) -> None:
        screw, _ = listed(
            "schedule.html",
            "<html><body><h1>Schedule 1</h1><p>Prices are in GBP and valid until 30 June 2027.</p><table>"
            "<tr><th>Part number</th><th>Product</th><th>Price per 100</th><th>Pack size</th><th>Packaging</th></tr>"
            "<tr><td>P-1</td><td>Screw 4x40</td><td>&pound;3.20</td><td>200</td><td>box</td></tr>"
            "<tr><td>P-2</td><td>Screw 5x60 zinc plated</td><td>&pound;4.10</td><td>100</td><td>box</td></tr></table></body></html>",
        ).prices
        assert (screw.price.price, screw.price.price_base_quantity, screw.currency) == (Decimal("3.20"), 100, "GBP")
        assert (screw.price.units, screw.price.valid_to) == ({"BX": 200}, dt.date(2027, 6, 30))

    def test_prose_alone_has_no_prices(self) -> None:
        assert prices("c.txt", "The price is EUR 30.00 for each unit.\nThe description of goods follows.\n") == []


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("Unit price (EUR)", "unit_price"), ("Valid from", "valid_from"), ("gültig bis", "valid_to"), ("MOQ", "minimum"), ("VPE", "pack_size"),
     ("Article no.", "supplier_item_id"), ("Your item no.", "buyer_item_id"), ("EAN", "standard_item_id"), ("Preiseinheit", "base"),
     ("Qty from", "from_quantity"), ("Remarks", None), ("Colour", None)],
    ids=lambda v: str(v),
)  # fmt: skip
def test_headings(heading: str, expected: str | None) -> None:
    assert role(heading) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("from 100", 100), ("ab 1.000 Stk", 1000), ("100-499", 100), ("500+", 500), (">= 50", 50), ("up to 99", 1), ("1,000 or more", 1000),
     ("Price", None), ("2026", None), ("M8 x 40", None)],
    ids=lambda v: str(v),
)  # fmt: skip
def test_steps(heading: str, expected: int | None) -> None:
    assert step(heading) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("box of 12", ("BX", 12)), ("Karton à 24 Stk", ("CT", 24)), ("pack (10)", ("PK", 10)), ("pcs", None), ("M8", None)],
    ids=lambda v: str(v),
)  # fmt: skip
def test_packs(text: str, expected: tuple[str, int] | None) -> None:
    assert pack(text) == expected


def test_the_prices_alone() -> None:
    found = read_prices(open_document(Source("n.csv", b"Item no,Description,Price EUR\nX-1,Thing,4.20\n")))
    assert [type(f) for f in found] == [FoundPrice]
