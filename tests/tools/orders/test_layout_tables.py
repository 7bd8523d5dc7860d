"""Line tables in laid-out text: what columns hold, rows of every kind, the count of rows, totals that arithmetic names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from signoff.domain.checks.arithmetic import identities
from signoff.domain.order import OrderLine
from signoff.domain.reading import DraftOrder
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders import layout

HEAD = """\
PURCHASE ORDER
PO Number:  A-100
Order Date:  2026-05-01
Supplier:  Rowan Supplies Ltd
Currency:  EUR

"""


def draft(table: str) -> DraftOrder:
    (found,) = layout.read(plain.open(Source("x.txt", (HEAD + table).encode())))
    assert isinstance(found, DraftOrder)
    return found


def test_strokes_below_narrow_headings_part_the_columns() -> None:
    table = (
        "LN STOCK NO DESCRIPTION                QTY UM UNIT PRICE EXTENSION\n"
        "-- -------- ------------------------ ----- -- ---------- ---------\n"
        " 1 40-5030  Drain pump 24 V              1 EA     235.96    235.96\n"
        " 2 40-5031  Hose clamp 12 mm, 20 bag    25 EA       2.14     53.50\n"
        "\n"
        "                                                TOTAL       289.46\n"
    )
    found = draft(table)
    assert figures(found) == [("1", "235.96", "235.96"), ("25", "2.14", "53.50")]
    assert [line.item_ids[0] for line in found.order.lines] == ["40-5030", "40-5031"]
    assert described(found) == ["Drain pump 24 V", "Hose clamp 12 mm, 20 bag"]


def test_headings_in_polish() -> None:
    table = (
        "Lp.   Kod       Nazwa towaru          Ilość   J.m.   Cena netto   Wartość netto\n"
        "1     KB-300    Kabel 3x2,5           300     mb.    5,88         1 764,00\n"
        "2     FA-5      Farba biała 5 l       4       szt.   195,91       783,64\n"
        "\n"
        "Razem netto                                                       2 547,64\n"
    )
    assert figures(draft(table)) == [("300", "5.88", "1764.00"), ("4", "195.91", "783.64")]


def figures(found: DraftOrder) -> list[tuple[str, ...]]:
    return [tuple(str(v) for v in (x.quantity, x.unit_price, x.line_amount)) for x in found.order.lines]


def described(found: DraftOrder) -> list[str | None]:
    return [x.description for x in found.order.lines]


def proves(found: DraftOrder) -> bool:
    """Whether every line adds up, and all of them to a printed total."""
    sums = identities(found.order, Decimal("0.01"))
    lines = range(len(found.order.lines))
    return sums.tied and not sums.findings and all(f"/lines/{i}/line_amount" in sums.proved for i in lines)


@pytest.mark.parametrize("price", ["Kept rate", "Zzyzx", "Ordered"])
def test_arithmetic_tells_what_a_column_holds_whatever_its_heading(price: str) -> None:
    found = draft(
        f"Line   Description        Qty     {price:12}     Ordered (EUR)\n"
        "1      Blue paint           4             1.50              6.00\n"
        "2      Red paint            3             2.25              6.75\n\n"
        "Total                                                      12.75\n"
    )
    assert figures(found) == [("4", "1.50", "6.00"), ("3", "2.25", "6.75")]
    assert proves(found)


def test_a_quantity_is_told_from_a_price_by_its_heading_and_its_place() -> None:
    found = draft(
        "No.    Description        Price       Count       Amount\n"
        "1      Blue paint          1.50           4         6.00\n"
        "2      Red paint           2.00           3         6.00\n"
    )
    assert figures(found) == [("4", "1.50", "6.00"), ("3", "2.00", "6.00")]


@pytest.mark.parametrize(("rate", "amount", "percent"), [("15", "51.00", "15"), ("15 %", "51.00", "15"), ("10+5", "51.30", "14.5")])
def test_a_discount_in_percent_is_the_lines_own_allowance(rate: str, amount: str, percent: str) -> None:
    found = draft(
        "Item no    Description        Qty     Unit price     Disc %      Amount\n"
        f"B-100      Blue paint           5          12.00     {rate:>6}       {amount}\n"
        "B-200      Red paint            1           8.00                   8.00\n"
    )
    (own,) = found.order.lines[0].allowances_charges
    assert (own.charge, own.amount, own.percent) == (False, Decimal("60.00") - Decimal(amount), Decimal(percent))
    assert found.order.lines[1].allowances_charges == ()
    assert "/lines/0/allowances_charges/0/percent" in identities(found.order, Decimal("0.01")).proved


def test_a_rate_that_does_not_give_the_amount_is_no_allowance() -> None:
    found = draft(
        "Item no    Description        Qty     Unit price     Disc %      Amount\n"
        "B-100      Blue paint           5          12.00         15       52.00\n"
    )
    assert found.order.lines[0].allowances_charges == ()
    assert identities(found.order, Decimal("0.01")).findings


LAYERED = (
    "Item     Material     Description\n"
    "         Order qty    Unit           Price per unit     Net value\n"
    "00010    70012345     Blue paint 5 l\n"
    "         20           EA                       4.00         80.00\n"
    "00020    70054321     Red paint 5 l\n"
    "         2            EA                      10.00         20.00\n"
    "              Discount % on gross                            2.00-\n"
    "              Net price incl. discount                      18.00\n"
    "\nTotal net value                                             98.00\n"
)


def test_an_item_may_take_two_lines_with_headings_of_their_own() -> None:
    found = draft(LAYERED)
    assert [(x.line_number, x.supplier_item_id, x.description) for x in found.order.lines] == [
        ("00010", "70012345", "Blue paint 5 l"),
        ("00020", "70054321", "Red paint 5 l"),
    ]
    assert figures(found) == [("20", "4.00", "80.00"), ("2", "10.00", "18.00")]


def test_what_is_taken_off_below_a_row_belongs_to_its_line() -> None:
    found = draft(LAYERED)
    assert [(a.charge, a.amount, a.reason) for a in found.order.lines[1].allowances_charges] == [
        (False, Decimal("2.00"), "Discount % on gross")
    ]
    assert proves(found)


def test_rows_go_on_below_a_subtotal() -> None:
    found = draft(
        "Line   Description        Qty     Unit price     Amount\n"
        "1      Blue paint           4           1.50       6.00\n"
        "Subtotal                                           6.00\n"
        "2      Red paint            3           2.25       6.75\n\n"
        "Total                                             12.75\n"
    )
    assert described(found) == ["Blue paint", "Red paint"]
    assert found.order.payable_amount == Decimal("12.75")


def test_a_delivery_schedule_between_the_rows_is_no_row() -> None:
    found = draft(
        "Line   Item       Description        Quantity     Price       Amount\n"
        "1      120-55     Blue paint               60     21.00     1,260.00\n"
        "       Schedule   Ship to      Requested date     Quantity\n"
        "       1.1        Leeds           13-Mar-2026           30\n"
        "       1.2        Leeds           27-Mar-2026           30\n"
        "2      236-37     Red paint                 1     15.98        15.98\n"
        "       Schedule   Ship to      Requested date     Quantity\n"
        "       2.1        Leeds           13-Mar-2026            1\n\n"
        "Total                                                       1,275.98\n"
    )
    assert figures(found) == [("60", "21.00", "1260.00"), ("1", "15.98", "15.98")]
    assert found.controls.printed_rows == 2


def test_a_numbered_row_is_a_line_whatever_it_names_and_freight_without_a_number_is_a_charge() -> None:
    found = draft(
        "Line   Description        Qty     Unit price     Amount\n"
        "1      Blue paint           4           1.50       6.00\n"
        "2      Tax                  1           0.60       0.60\n"
        "Freight                                            5.00\n\n"
        "Total                                             11.60\n"
    )
    assert described(found) == ["Blue paint", "Tax"]
    assert [(a.charge, a.amount) for a in found.order.allowances_charges] == [(True, Decimal("5.00"))]
    assert proves(found)


def test_line_numbers_count_the_rows_that_the_reader_misses() -> None:
    found = draft(
        "Line   Description        Qty     Unit price     Amount\n"
        "1      Blue paint           4           1.50       6.00\n"
        "2      Red paint          ???            ???        ???\n"
        "3      Green paint          3           2.25       6.75\n"
    )
    assert described(found)[-1] == "Green paint"
    assert (len(found.order.lines), found.controls.printed_rows) == (2, 3)


def test_rows_that_prove_themselves_need_no_count_by_figures() -> None:
    found = draft(
        "Item no    Description        Qty     Unit price     Amount\n"
        "B-100      Blue paint           4           1.50       6.00\n"
        "           of which tax       20 %          0.20       1.00\n"
        "B-200      Red paint            3           2.25       6.75\n\n"
        "Total                                                 12.75\n"
    )
    assert found.controls.printed_rows is None
    assert proves(found)


def test_sizes_are_columns_of_their_own_and_the_sum_is_the_quantity() -> None:
    found = draft(
        "                                       Sizes\n"
        "Style      Description        S     M     L     XL        Total qty     Cost     Total cost\n"
        "802855     Polo shirt        10    18    12      6               46    14.50         667.00\n"
        "254755     Fleece jacket      8          12     12               32    31.75       1,016.00\n\n"
        "Total                                                            78                1,683.00\n"
    )
    assert figures(found) == [("46", "14.50", "667.00"), ("32", "31.75", "1016.00")]
    assert described(found) == ["Polo shirt", "Fleece jacket"]


def test_arithmetic_names_totals_that_no_label_names() -> None:
    found = draft(
        "Line   Description        Qty     Unit price     Amount\n"
        "1      Blue paint           4           1.50       6.00\n"
        "2      Red paint            2           2.00       4.00\n\n"
        "Aaa                                               10.00\n"
        "Bbb                                                2.00\n"
        "Ccc                                               12.00\n"
    )
    assert (found.order.line_total, found.order.tax_total, found.order.payable_amount) == (Decimal(10), Decimal(2), Decimal(12))


def test_several_rates_of_tax_leave_the_tax_to_the_lines_rates() -> None:
    found = draft(
        "Description        VAT %     Qty     Unit price     Amount\n"
        "Blue paint          20 %      10          10.00     100.00\n"
        "Red paint            5 %      20          10.00     200.00\n\n"
        "Net total                                           300.00\n"
        "VAT 20 %                                             20.00\n"
        "VAT 5 %                                              10.00\n"
        "Total                                               330.00\n"
    )
    assert (found.order.tax_total, found.order.payable_amount) == (None, Decimal("330.00"))
    assert proves(found)


def line(row: str) -> OrderLine:
    return draft("Item no        Description                       Qty     Unit price     Amount\n" + row).order.lines[0]


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [("4 (M)", "MTR"), ("4 x case of 12", "case of 12"), ("4 Unité(s)", "C62"), ("4 EA", "EA")],
)
def test_a_quantity_with_its_unit_in_one_cell(quantity: str, unit: str) -> None:
    read = line(f"B-100-200      Blue paint              {quantity:>14}           1.50       6.00\n")
    assert (read.quantity, read.unit) == (4, unit)


def test_a_size_is_no_quantity() -> None:
    wrapped = "               S235 5 mm,                  1000x500\n"
    read = line("B-100-200      Steel plate                        3          20.00      60.00\n" + wrapped)
    assert read.quantity == 3


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ("[LT-1291] Blue paint           4           1.50       6.00\n", ["LT-1291"]),
        (
            "HS-9953 Blue paint             4           1.50       6.00\nFZ-0296 Red paint              3           2.25       6.75\n",
            ["HS-9953", "FZ-0296"],
        ),
        ("M10x40 bolt                    4           1.50       6.00\n", [None]),
    ],
)
def test_an_id_may_stand_in_front_of_the_description(rows: str, ids: list[str | None]) -> None:
    found = draft("Description                  Qty     Unit price     Amount\n" + rows)
    assert [x.buyer_item_id for x in found.order.lines] == ids


def test_zeros_that_fill_an_id_up_are_not_part_of_it() -> None:
    assert line("00000000700101 Blue paint                         4           1.50       6.00\n").buyer_item_id == "700101"


def test_numbers_under_no_that_follow_no_order_are_the_items() -> None:
    found = draft(
        "No.        Description        Qty     Unit price     Amount\n"
        "301088     Blue paint           4           1.50       6.00\n"
        "247876     Red paint            3           2.25       6.75\n"
    )
    assert [(x.line_number, x.buyer_item_id) for x in found.order.lines] == [(None, "301088"), (None, "247876")]


def test_a_figure_is_labelled_by_its_heading() -> None:
    found = draft("Description        Qty     Unit price     Amount\nBlue paint           4           1.50       6.00\n")
    labels = [found.evidence[f"/lines/0/{name}"].label for name in ("quantity", "unit_price", "line_amount")]
    assert labels == ["Qty", "Unit price", "Amount"]


def test_rows_that_add_up_are_read_where_they_do_not_stand_under_their_headings() -> None:
    found = draft(
        "Line Description Qty Price Amount\n"
        "1      Blue paint                        4            1.50           6.00\n"
        "2      Red paint                         3            2.25           6.75\n"
    )
    assert figures(found) == [("4", "1.50", "6.00"), ("3", "2.25", "6.75")]


def test_freight_and_a_total_below_a_single_row_are_no_part_of_its_amount() -> None:
    found = draft(
        "Description        Qty     Unit price     Amount\n"
        "Blue paint           4           1.50       6.00\n"
        "   Crating at cost                          5.00\n"
        "   Endvalue                                11.00\n"
    )
    assert figures(found) == [("4", "1.50", "6.00")]


def test_a_long_table_is_read_whole() -> None:
    rows = [f"{n:<6} Blue paint {n:<6} {n:4}           1.50    {n * Decimal('1.50'):7}" for n in range(1, 801)]
    found = draft(
        "Line   Description        Qty     Unit price     Amount\n" + "\n".join(rows) + f"\n\nTotal   {Decimal('1.50') * 320400}\n"
    )
    assert len(found.order.lines) == found.controls.printed_rows == 800
    assert proves(found)


@pytest.mark.parametrize(
    ("rows", "read", "told"),
    [
        (("$5.75   540 EA   $3,105.00", "$2.10   100 EA   $210.00"), [("540", "5.75", "3105.00"), ("100", "2.10", "210.00")], True),
        (("5.75   540   3,105.00", "2.10   100   210.00"), [("540", "5.75", "3105.00"), ("100", "2.10", "210.00")], True),
        (("5.00   7.50   37.50", "6.00   4.25   25.50"), [("5.00", "7.50", "37.50"), ("6.00", "4.25", "25.50")], False),
    ],
)
def test_a_product_does_not_tell_which_factor_is_the_quantity(rows: tuple[str, str], read: list[tuple[str, ...]], told: bool) -> None:
    """A currency, a unit or decimals do; where nothing does, the reading says so."""
    found = draft(f"1   AB-1001   Blue paint   {rows[0]}\n2   AB-1002   Red paint   {rows[1]}\n")
    assert figures(found) == read
    assert any(n.code == "readings_disagree" and n.field == "/lines" for n in found.notices) is not told


def test_the_price_is_for_as_many_as_its_heading_says() -> None:
    found = draft(
        "Pos   Description         Qty       Price/100     Amount\n"
        "1     Cable tie natural   1,200     219.71        2,636.52\n"
        "2     Cable tie black       600     326.31        1,957.86\n"
        "\n"
        "Total                                             4,594.38\n"
    )
    assert [str(x.price_base_quantity) for x in found.order.lines] == ["100", "100"]
    assert proves(found)


def test_a_heading_of_two_lines_names_the_columns_of_items_of_two_lines() -> None:
    found = draft(
        "Pos   Material   Description\n"
        "      Qty        Unit           Price       Net value\n"
        "\n"
        "10    47851537   Hex screw M10\n"
        "      1,000      PCE            0.28        280.00\n"
        "\n"
        "20    92712608   Cold cleaner\n"
        "      5          CAN            97.01       485.05\n"
        "\n"
        "Total                                       765.05\n"
    )
    assert described(found) == ["Hex screw M10", "Cold cleaner"]
    assert [x.supplier_item_id for x in found.order.lines] == ["47851537", "92712608"]
    assert figures(found) == [("1000", "0.28", "280.00"), ("5", "97.01", "485.05")]


def test_a_column_of_words_in_capitals_beside_descriptions_holds_ids() -> None:
    found = draft(
        "Item     Description       Qty   Price   Amount\n"
        "PAPER    Copy paper A4     2     4.50    9.00\n"
        "BINDER   Binder A4 60 mm   3     2.10    6.30\n"
        "\n"
        "Total                                    15.30\n"
    )
    assert [x.supplier_item_id for x in found.order.lines] == ["PAPER", "BINDER"]
    assert described(found) == ["Copy paper A4", "Binder A4 60 mm"]


@pytest.mark.parametrize("tail", ["Art. No. {}", "({})", "[{}]"])
def test_an_id_at_the_end_of_a_description_is_taken_out_of_it(tail: str) -> None:
    one, two = tail.format("KP-80"), tail.format("BR-60")
    found = draft(
        "Description                       Qty   Price   Amount\n"
        f"{'Copy paper A4, ' + one:32}  2     4.50    9.00\n"
        f"{'Binder 60 mm, ' + two:32}  3     2.10    6.30\n"
        "\n"
        "Total                                         15.30\n"
    )
    ids = [x.supplier_item_id or x.buyer_item_id for x in found.order.lines]
    assert ids == ["KP-80", "BR-60"]
    assert [(text or "").strip(",") for text in described(found)] == ["Copy paper A4", "Binder 60 mm"]


def test_two_orders_on_one_page_are_two() -> None:
    orders = [
        f"Order W-30{n}\n\nSupplier: Rowan Supplies Ltd\n\nItem   Description   Qty   Price   Amount\n"
        f"A-{n}    Blue paint    {n}     2.00    {2 * n}.00\n\nTotal                            {2 * n}.00\n\n"
        for n in (3, 4)
    ]
    found = layout.read(plain.open(Source("x.txt", "\n".join(orders).encode())))
    read = [(p.order.order_number, str(p.order.payable_amount)) for p in found if isinstance(p, DraftOrder)]
    assert read == [("W-303", "6.00"), ("W-304", "8.00")]


LABOUR = (
    "#    Classification        Hours   Rate     Sum\n"
    "L1   Fitter, regular time  14.5    98.00    1,421.00\n"
    "L2   Helper                14.5    54.00      783.00\n"
    "     Labor subtotal                         2,204.00\n"
    "\n"
    "#    Part No.   Material        Qty   Unit   Unit cost   Total\n"
    "M1   CM-5T      Compressor      1     ea     2,184.60    2,184.60\n"
    "M2   FD-163     Filter drier    2     ea        31.18       62.36\n"
    "     Materials subtotal                                  2,246.96\n"
    "\n"
)


def test_tables_under_different_headings_are_one_orders_when_a_printed_total_says_so() -> None:
    found = draft(LABOUR + "Grand total   4,450.96\n")
    assert described(found) == ["Fitter, regular time", "Helper", "Compressor", "Filter drier"]
    assert str(found.order.payable_amount) == "4450.96"
    assert not [n for n in found.notices if n.code == "rows_missing"]


def test_tables_that_nothing_adds_up_stay_apart() -> None:
    assert len(draft(LABOUR).order.lines) == 2
