"""What the vendor master says about an order's supplier."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from signoff.domain.checks.vendor import fingerprint, vendor_findings
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.findings import Finding, Severity
from signoff.domain.order import Order, Party
from signoff.domain.policy import Policy
from signoff.domain.vendor import Certificate, Vendor, VendorStatus

TODAY = dt.date(2026, 11, 22)
ACCOUNT = "DE02 1203 0000 0000 2020 51"
POLICY = Policy.model_validate(
    {
        "version": 1,
        "dated": "2026-01-01",
        "company": {"name": "Werkhaus Beispiel AG", "aliases": ["Beispiel Montage"], "ids": ["9900001"], "tax_ids": ["XX555"]},
        "base_currency": "EUR",
        "approvals": [{"name": "all", "steps": [{"role": "buyer"}]}],
    }
)
US = Party(name="Werkhaus Beispiel AG")
THEM = Party(name="Nordlicht Elektro GmbH")


def found(order: Order, **vendor: Any) -> list[Finding]:
    known = Vendor(**({"vendor_id": "100", "name": "Nordlicht Elektro GmbH"} | vendor))
    match = VendorBook([known, Vendor(vendor_id="200", name="Kaltental Pumpen AG")]).match(order.supplier)
    return list(vendor_findings(order, match, known if match.vendor_id == "100" else None, POLICY, TODAY))


def codes(order: Order, **vendor: Any) -> list[str]:
    return [f.code.value for f in found(order, **vendor)]


def test_a_known_active_vendor_and_our_own_order_raise_nothing() -> None:
    assert codes(Order(supplier=THEM, buyer=US)) == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (VendorStatus.PENDING, "vendor_on_hold"),
        (VendorStatus.ON_HOLD, "vendor_on_hold"),
        (VendorStatus.BLOCKED, "vendor_blocked"),
        (VendorStatus.SANCTIONED, "vendor_sanctioned"),
    ],
)
def test_status(status: VendorStatus, code: str) -> None:
    flagged = found(Order(supplier=THEM), status=status, status_reason="Audit 7")
    assert [f.code.value for f in flagged] == [code]
    assert "Audit 7" in flagged[0].message


def test_unknown_lookalike_and_ambiguous() -> None:
    assert codes(Order(supplier=Party(name="Sonnenfeld Papier"))) == ["vendor_unknown"]
    assert codes(Order()) == ["vendor_unknown"]
    assert codes(Order(supplier=Party(name="Nordlicht E1ektro GmbH"))) == ["vendor_lookalike", "vendor_unknown"]
    named = found(Order(supplier=Party(id="100", name="Kaltental Pumpen AG")))
    assert [(f.code.value, f.actual) for f in named] == [("vendor_ambiguous", "200")]


def test_several_vendors_are_named() -> None:
    twins = VendorBook([Vendor(vendor_id="1", name="Twin AG"), Vendor(vendor_id="2", name="Twin AG")])
    order = Order(supplier=Party(name="Twin AG"))
    (ambiguous,) = vendor_findings(order, twins.match(order.supplier), None, POLICY, TODAY)
    assert (ambiguous.code.value, ambiguous.expected) == ("vendor_ambiguous", "1, 2")


def test_an_id_with_a_strange_name_is_a_warning() -> None:
    (strange,) = found(Order(supplier=Party(id="100", name="Quitzow Zirkusbedarf")))
    assert (strange.code.value, strange.severity) == ("vendor_ambiguous", Severity.WARNING)


def test_bank_details() -> None:
    order = Order(supplier=Party(name="Nordlicht Elektro GmbH", bank_account=ACCOUNT.lower()))
    assert codes(order, bank_fingerprint=fingerprint(ACCOUNT)) == []
    assert codes(order) == []
    (changed,) = found(order, bank_fingerprint=fingerprint("DE99"))
    assert changed.code.value == "bank_details_changed"
    assert ACCOUNT.replace(" ", "").lower() not in changed.message + changed.actual


def test_fingerprint_ignores_spaces_and_case() -> None:
    assert fingerprint("de02 1203") == fingerprint("DE021203") == "241aaa57f32678c9"


@pytest.mark.parametrize(("expires", "expected"), [(dt.date(2026, 11, 21), ["certificate_expired"]), (TODAY, [])])
def test_certificates_hold_through_their_last_day(expires: dt.date, expected: list[str]) -> None:
    assert codes(Order(supplier=THEM), certificates=(Certificate(name="ISO 9001", expires=expires),)) == expected


@pytest.mark.parametrize(
    "order",
    [
        Order(supplier=US, buyer=THEM),
        Order(supplier=Party(id="990 0001")),
        Order(supplier=Party(name="?", tax_id="xx-555")),
        Order(supplier=THEM, buyer=Party(name="Sonnenfeld Papier AG")),
        Order(supplier=THEM, buyer=THEM),
    ],
)
def test_swapped_parties_and_orders_that_are_not_ours(order: Order) -> None:
    assert "parties_swapped" in codes(order)


@pytest.mark.parametrize(
    "buyer",
    [
        Party(),
        Party(id="anything"),
        Party(name="Werkhaus Beispiel AG, Niederlassung Nord"),
        Party(name="BEISPIEL MONTAGE"),
        Party(name="Zentraleinkauf", tax_id="XX555"),
    ],
)
def test_branches_aliases_and_unstated_buyers_are_us(buyer: Party) -> None:
    assert codes(Order(supplier=THEM, buyer=buyer)) == []


def test_a_buyer_whose_invoice_comes_to_us() -> None:
    assert codes(Order(supplier=THEM, buyer=Party(name="Projektleitung Süd"), invoice_to=US)) == []
