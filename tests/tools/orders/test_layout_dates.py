"""Day first or month first: what the paper as a whole says, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from papers import Row, draft

DAY, MONTH = dt.date(2026, 4, 3), dt.date(2026, 3, 4)


@pytest.mark.parametrize(
    ("says", "read"),
    [
        ([], None),
        (["Delivery date: 25/04/2026"], DAY),
        (["Leeds LS1 4DY"], DAY),
        (["14 Hill Road, Mumbai, India"], DAY),
        (["Tampa, FL 33602"], MONTH),
        (["10115 Berlin, DE 10115"], None),
        (["Tampa, FL 33602", "Leeds LS1 4DY"], None),
        (["Datum: 03/04/2026", "Lieferant: Oakum GmbH", "Menge in Stück"], DAY),
        (["Delivery date: 05/06/2026"], None),
        (["Delivery date: 01/06/2026"], DAY),
        (["Delivery date: 25/04/2026", "Printed 04/25/2026"], None),
        (["Hex bolt M8 5MM"], None),
    ],
)
def test_the_order_of_day_and_month_is_proved_or_open(says: list[str], read: dt.date | None) -> None:
    rows: list[Row] = [(72 + 12 * n, [(50, text)]) for n, text in enumerate(says)]
    found = draft((30, [(50, "PURCHASE ORDER", 12)]), (60, [(50, "Order date: 03/04/2026")]), *rows)
    assert found.order.issue_date == read
    assert any(n.field == "/issue_date" for n in found.notices) is (read is None)
