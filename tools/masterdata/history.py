"""`history.csv` -> what was bought before Signoff: one order line a row, for price jumps, duplicates, splits and budgets."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from signoff.domain.record import Number, Record, Text
from signoff.tools.masterdata.csv_rows import Table, date, load_table, number, text
from signoff.tools.masterdata.vendors import currency


class HistoryLine(Record):
    """One line of an earlier order. `unit_price` is per one `unit`, `line_amount` the line's total, both in `currency`."""

    order_number: Text
    issue_date: dt.date
    vendor_id: Text
    buyer: Text | None = None
    requester: Text | None = None
    cost_center: Text | None = None
    currency: Text
    line_number: Text | None = None
    item_id: Text | None = None
    description: Text | None = None
    quantity: Number | None = None
    unit: Text | None = None
    unit_price: Number | None = None
    line_amount: Number | None = None


TABLE = Table(
    model=HistoryLine,
    columns={
        "order_number": text,
        "issue_date": date,
        "vendor_id": text,
        "buyer": text,
        "requester": text,
        "cost_center": text,
        "currency": currency,
        "line_number": text,
        "item_id": text,
        "description": text,
        "quantity": number,
        "unit": text,
        "unit_price": number,
        "line_amount": number,
    },
    required=("order_number", "issue_date", "vendor_id", "currency"),
    key=("vendor_id", "buyer", "order_number", "line_number"),
)


def load_history(path: Path) -> list[HistoryLine]:
    """Every line. Raises `BadInput` with file, line and column of what is wrong."""
    return [entry.record for entry in load_table(path, TABLE)]
