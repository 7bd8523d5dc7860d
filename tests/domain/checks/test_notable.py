"""What a careful reader mentions: each remark is made where it belongs, and none of them stops an order that is read well."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from test_verify import POLICY, drafted, ordered

from signoff.domain.checks.notable import notable
from signoff.domain.checks.verify import verify
from signoff.domain.findings import Finding, Severity
from signoff.domain.order import Order, OrderLine, Party
from signoff.domain.reading import Evidence, Lane, Notice


def told(order: Order, lane: Lane = Lane.LAYOUT, **more: Any) -> list[Finding]:
    return list(notable(drafted(order, lane, **more)))


def described(*descriptions: str | None, **more: Any) -> Order:
    lines = tuple(OrderLine(description=d, quantity=Decimal(1), unit_price=Decimal(5), line_amount=Decimal(5)) for d in descriptions)
    return ordered().model_copy(update={"lines": lines, **more})


def test_nothing_is_said_of_an_ordinary_order() -> None:
    assert told(ordered()) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"currency": None}, "/currency"), ({"issue_date": None}, "/issue_date"), ({"buyer": Party()}, "/buyer")],
)
def test_what_the_paper_does_not_say_is_shown_and_stops_nothing(change: dict[str, Any], field: str) -> None:
    assert [(f.field, f.severity) for f in told(ordered(**change))] == [(field, Severity.INFO)]
    assert told(ordered(**change), Lane.STRUCTURED) == []


@pytest.mark.parametrize(("text", "implied"), [("$ 13.75", True), ("US$ 13.75 USD", False), ("13,75 kr", True), ("EUR 13.75", True)])
def test_a_sign_that_several_currencies_share_only_implies_one(text: str, implied: bool) -> None:
    found = told(ordered(currency="USD"), evidence={"/currency": Evidence(text=text)})
    assert [f.field for f in found] == ["/currency"] * implied


def test_an_implied_currency_is_told_once() -> None:
    notice = Notice(code="field_missing", field="/currency", message="Only a sign is printed.", severity=Severity.WARNING)
    draft = drafted(ordered(currency="USD"), Lane.TABULAR, evidence={"/currency": Evidence(text="$")}, notices=(notice,))
    assert [(f.field, f.severity) for f in verify(draft, POLICY).findings] == [("/currency", Severity.WARNING)]
    assert verify(draft, POLICY).reading.reasons == ()


@pytest.mark.parametrize(("text", "short"), [("02.11.26", True), ("2 Nov 26", True), ("11/2/2026", False), ("2026-11-02", False)])
def test_a_year_of_two_digits(text: str, short: bool) -> None:
    found = told(ordered(), evidence={"/issue_date": Evidence(text=text)})
    assert [f.field for f in found] == ["/issue_date"] * short


@pytest.mark.parametrize(
    "text",
    [
        "Tax",
        "Sales tax 8.25 %",
        "MwSt",
        "Freight",
        "Freight charges",
        "Frais de port",
        "Energiezuschlag",
        "Steel scrap surcharge",
        "Fracht",
    ],
)
def test_a_tax_or_a_charge_booked_as_a_line(text: str) -> None:
    (found,) = told(described("Hex bolt", text))
    assert (found.field, found.severity) == ("/lines/1", Severity.INFO)


@pytest.mark.parametrize(
    "text", ["Shipping labels", "Transport trolley", "Packaging tape", "Tax law commentary", "Service", "Portable lamp", None]
)
def test_goods_that_sound_like_a_charge(text: str | None) -> None:
    assert told(described(text, "Hex bolt")) == []


def test_the_same_line_twice_asks_for_a_signature() -> None:
    (found,) = told(described("Hex bolt", "Washer", "Hex bolt"))
    assert (found.field, found.severity) == ("/lines/2", Severity.WARNING)
    other_day = described("Hex bolt", "Hex bolt")
    dated = [line.model_copy(update={"requested_delivery_date": dt.date(2026, 12, i + 1)}) for i, line in enumerate(other_day.lines)]
    assert told(other_day.model_copy(update={"lines": tuple(dated)})) == []


@pytest.mark.parametrize("name", ["New supplier", "TBD", "to be confirmed", "Neuer Lieferant", "Diverse", "n/a", "???"])
def test_a_placeholder_is_no_supplier(name: str) -> None:
    seen = verify(drafted(ordered(supplier=Party(name=name))), POLICY)
    assert "low_confidence /supplier/name" in seen.reading.reasons


@pytest.mark.parametrize("name", ["New Supplier Logistics GmbH", "Various Artists Ltd", "NA Motors"])
def test_a_name_that_holds_such_words_is_one(name: str) -> None:
    assert told(ordered(supplier=Party(name=name))) == []


def test_a_line_wanted_after_the_order() -> None:
    order = ordered(requested_delivery_date=dt.date(2026, 11, 20))
    late = order.lines[1].model_copy(update={"requested_delivery_date": dt.date(2026, 11, 27)})
    (found,) = told(order.model_copy(update={"lines": (order.lines[0], late)}))
    assert found.field == "/lines/1/requested_delivery_date"


@pytest.mark.parametrize(("number", "revised"), [("4500017-2", True), ("PO 4711 Rev 3", True), ("PO-4711", False), ("2026-118", False)])
def test_a_number_that_ends_like_a_revision(number: str, revised: bool) -> None:
    assert [f.field for f in told(ordered(order_number=number))] == ["/order_number"] * revised


def test_health_and_identity_of_a_person_in_the_text() -> None:
    found = told(ordered(notes=("Gate 2.", "For patient in ward 4, DOB below")))
    assert [(f.code, f.field, f.severity) for f in found] == [("suspicious_text", "/notes/1", Severity.INFO)]
    assert verify(drafted(ordered(notes=("For patient in ward 4",))), POLICY).reading.reasons == ()
