"""Days in running text: with a year or without, with a weekday that agrees or does not."""

from __future__ import annotations

import datetime as dt

import pytest

from signoff.domain.reading import DraftOrder
from signoff.tools import intake
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders import layout

ORDER = "Leeds, {on}\n\nPlease send 5 step ladders, art. SL-3, {by}.\n\nThanks\nOlu\nBrackenfell Farms Ltd\n"


def draft(text: str) -> DraftOrder:
    (part,) = layout.read(plain.open(Source("order.txt", text.encode())))
    assert isinstance(part, DraftOrder), part
    return part


@pytest.mark.parametrize(
    ("on", "by", "day"),
    [
        ("2 February 2026", "by Friday 6 Feb", dt.date(2026, 2, 6)),
        ("2 February 2026", "needed by 6 February please", dt.date(2026, 2, 6)),
        ("2 February 2026", "until Feb. 6th", dt.date(2026, 2, 6)),
        ("12 December 2026", "by 4 January", dt.date(2027, 1, 4)),
        ("2 February 2026", "by Thursday 6 Feb", None),  # it is a Friday
        ("2 February 2026", "by 1 February", None),  # a year ahead, or yesterday
    ],
)
def test_a_day_without_a_year_is_the_next_one(on: str, by: str, day: dt.date | None) -> None:
    found = draft(ORDER.format(on=on, by=by))
    assert found.order.requested_delivery_date == day
    assert ("/requested_delivery_date" in [n.field for n in found.notices]) is (day is None)


def test_without_the_day_of_writing_it_is_no_day() -> None:
    found = draft("Please send 5 step ladders, art. SL-3, by Friday 6 Feb.")
    assert found.order.requested_delivery_date is None
    assert "/requested_delivery_date" in [n.field for n in found.notices]


def test_a_mail_was_written_when_it_was_sent() -> None:
    head = (
        "From: Olu <olu@brackenfell.example>\nMessage-ID: <1@brackenfell.example>\nSubject: Order\nDate: Mon, 2 Feb 2026 09:00:00 +0000\n\n"
    )
    (paper,) = intake.papers(Source("a.eml", (head + "Please send 5 step ladders, art. SL-3, by Friday 6 Feb.\n").encode()))
    (found,) = paper.parts
    assert isinstance(found, DraftOrder)
    assert found.order.requested_delivery_date == dt.date(2026, 2, 6)


def test_german_short_days() -> None:
    found = draft("Köln, den 2.2.2026\n\nBitte liefern Sie bis 6.2.:\n\n- 10 Eimer Farbe, Art.-Nr. 4711, 3,50 EUR je Eimer\n")
    assert (found.order.issue_date, found.order.requested_delivery_date) == (dt.date(2026, 2, 2), dt.date(2026, 2, 6))


def test_a_day_in_brackets_behind_the_number_is_the_orders() -> None:
    found = draft("Hello,\n\nplease deliver on our order SW-2210 (2026-02-09):\n\n- 3 x Step ladder, art. SL-3, 35.90 each\n")
    assert (found.order.order_number, found.order.issue_date) == ("SW-2210", dt.date(2026, 2, 9))
