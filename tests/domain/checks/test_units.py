"""Units: what is the same, what converts exactly, and what nobody may convert."""

from __future__ import annotations

from decimal import Decimal

import pytest

from signoff.domain.checks.units import ratio


@pytest.mark.parametrize(
    ("unit", "into", "quantity", "expected"),
    [
        ("EA", "C62", "7", "7"),
        ("pcs.", "NMB", "7", "7"),
        ("DZN", "PCE", "2", "24"),
        ("PCE", "DZN", "36", "3"),
        ("CEN", "EA", "3", "300"),
        ("MIL", "CEN", "1", "10"),
        ("GRM", "KGM", "1500", "1.5"),
        ("MMT", "MTR", "2500", "2.5"),
        ("LBR", "KGM", "1", "0.45359237"),
        ("MIN", "HUR", "90", "1.5"),
        ("crate", "CRATE", "2", "2"),
        ("XCS", "CS", "2", "2"),
        ("case", "XCS", "2", "2"),
        ("XRO", "roll", "2", "2"),
        ("XPX", "PX", "2", "2"),
        ("XBX", "BX", "2", "2"),
        ("XCT", "carton", "2", "2"),
        ("XPK", "PK", "2", "2"),
    ],
)
def test_conversions(unit: str, into: str, quantity: str, expected: str) -> None:
    found = ratio(unit, into)
    assert found is not None
    assert found.of(Decimal(quantity)) == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "into"),
    [
        ("BX", "EA"),
        ("KGM", "MTR"),
        ("EA", "KGM"),
        ("ST", "EA"),
        ("DAY", "HUR"),
        ("", "EA"),
        ("GLL", "LTR"),
        ("XCA", "XCS"),
        ("CA", "XCS"),
        ("XRL", "XRO"),
    ],
)
def test_nobody_says(unit: str, into: str) -> None:
    assert ratio(unit, into) is None


def test_the_contract_says_how_many_a_box_holds() -> None:
    holds = {"box": Decimal(50), "PAL": Decimal(0)}
    box, pallet = ratio("BX", "EA", holds), ratio("PAL", "EA", holds)
    assert box is not None
    assert box.of(Decimal(3)) == 150
    assert pallet is None


def test_one_step_through_a_unit_that_the_contract_knows() -> None:
    found = ratio("GRM", "LTR", {"KGM": Decimal("1.25")})
    assert found is not None
    assert found.of(Decimal(2000)) == Decimal("2.5")
