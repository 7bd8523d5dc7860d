"""The fingerprint of a layout: other data leave it as it is, another form or another sender does not."""

from __future__ import annotations

import pytest

from signoff.domain.layouts import ALIKE, Layout, Mark, alike
from signoff.domain.order import Order, Party
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders.layout_cells import Line
from signoff.tools.orders.layout_marks import known, marks_of, tells
from signoff.tools.orders.layout_places import Print

FORM = """\
PURCHASE ORDER
{sender}

PO Number:  {number}          Order Date:  2026-05-01
Our sign:   {sign}

Item     Description         Qty      Unit Price       Amount
{rows}

                             Total:                     {total}
"""


def printed(text: str) -> tuple[list[Line], tuple[Mark, ...]]:
    lines = Print(plain.open(Source("x.txt", text.encode()))).lines
    return lines, marks_of(lines)


def form(sender: str = "Rowan Supplies Ltd", rows: int = 1, **more: str) -> str:
    values = {"number": "A-1", "sign": "Q7", "total": "8.00"} | more
    own = [f"R-{n:<7}Paint in tin {n:<7}{2 * n:<9}4.00             {8 * n}.00" for n in range(1, rows + 1)]
    return FORM.format(sender=sender, rows="\n".join(own), **values)


def order(buyer: str | None = None, supplier: str | None = None) -> Order:
    return Order(buyer=Party(name=buyer), supplier=Party(name=supplier))


def test_other_data_and_more_rows_leave_the_marks() -> None:
    assert alike(printed(form())[1], printed(form(rows=9, number="B-9", sign="ZZ", total="360.00"))[1]) == 1.0


def test_another_form_has_other_marks() -> None:
    head = "PURCHASE ORDER\nRowan Supplies Ltd\n\nSupplier:  Thistle Ltd\nDelivery date:  2026-05-09\n\n"
    other = head + "Qty   Price   Amount\n2   3.00   6.00\n"
    assert alike(printed(form())[1], printed(other)[1]) < ALIKE / 2


def test_a_mark_that_moved_is_another_one() -> None:
    assert alike([("po no", 60), ("total", 700)], [("po no", 66), ("total", 400)]) == pytest.approx(1 / 3)
    assert alike([], []) == 0.0


@pytest.mark.parametrize(
    ("sender", "seen", "read", "is_known"),
    [
        ("Rowan Supplies Ltd", "Rowan Supplies Ltd", order(), True),
        ("Rowan Supplies Ltd", "ROWAN  supplies, Ltd.", order(), True),
        ("Rowan Supplies Ltd", "", order(buyer="Rowan Supplies Ltd"), True),
        ("Rowan Supplies Ltd", "Thistle Ltd", order(buyer="Thistle Ltd"), False),
        ("Rowan Supplies Ltd", "Rowan Supplies Ltd", order(supplier="Rowan Supplies Ltd"), False),
    ],
)
def test_the_sender_must_be_the_same(sender: str, seen: str, read: Order, is_known: bool) -> None:
    layout = Layout(number=3, sender=sender, marks=printed(form())[1])
    lines, _ = printed(form(sender=seen, rows=2))
    assert (known([layout], read, lines) is layout) is is_known


def test_too_little_tells_no_layout() -> None:
    marks = printed(form())[1]
    assert tells(marks, "Rowan Supplies Ltd")
    assert not tells(marks, "")
    assert not tells(marks[:2], "Rowan Supplies Ltd")
