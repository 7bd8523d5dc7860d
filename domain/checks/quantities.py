"""Checks of each line's quantity and unit against the contract."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from signoff.domain.checks.bought import BoughtLine
from signoff.domain.checks.figures import plain
from signoff.domain.checks.prices import evidence
from signoff.domain.checks.subject import Subject
from signoff.domain.contract import PriceLine
from signoff.domain.findings import Code, Finding, finding


def units(subject: Subject) -> Iterator[Finding]:
    """The order's unit is the contract's or can be turned into it. Otherwise neither price nor quantity can be compared."""
    for bought in subject.lines:
        if bought.agreed and bought.ratio is None:
            unit, agreed = bought.line.unit or "", bought.agreed.unit
            text = f"{bought.label} is ordered in {unit}, the contract's price is per {agreed}"
            yield finding(
                Code.UNIT_MISMATCH,
                f"{text}; say under units in the contract how many {agreed} one {unit} is.",
                field=f"{bought.pointer}/unit",
                expected=agreed,
                actual=unit,
                evidence=evidence(bought),
            )


def limits(subject: Subject) -> Iterator[Finding]:
    """Minimum, maximum and multiple of the price line. Returns (below zero) and what a change sets to zero are not ordered."""
    for bought in subject.lines:
        quantity, agreed = bought.quantity, bought.agreed
        if quantity is None or agreed is None or quantity < 0 or (quantity == 0 and subject.is_change):
            continue
        if agreed.minimum is not None and quantity < agreed.minimum:
            yield _finding(bought, agreed, Code.BELOW_MINIMUM, agreed.minimum, "the contract's minimum is")
        if agreed.maximum is not None and quantity > agreed.maximum:
            yield _finding(bought, agreed, Code.ABOVE_MAXIMUM, agreed.maximum, "the contract's maximum is")
        if agreed.multiple is not None and agreed.multiple > 0 and not _is_multiple(bought, agreed.multiple):
            yield _finding(bought, agreed, Code.NOT_A_MULTIPLE, agreed.multiple, "the contract asks for multiples of")


def _is_multiple(bought: BoughtLine, multiple: Decimal) -> bool:
    """Whether the quantity is a whole number of multiples; in fractions, where a twelfth is exact."""
    if bought.line.quantity is None or bought.ratio is None:
        return True
    quantity = Fraction(bought.line.quantity) * Fraction(bought.ratio.many) / Fraction(bought.ratio.per)
    return (quantity / Fraction(multiple)).denominator == 1


def _finding(bought: BoughtLine, agreed: PriceLine, code: Code, limit: Decimal, says: str) -> Finding:
    quantity = bought.quantity or Decimal(0)
    return finding(
        code,
        f"{bought.label} orders {plain(quantity)} {agreed.unit}; {says} {plain(limit)} {agreed.unit}.",
        field=f"{bought.pointer}/quantity",
        expected=plain(limit),
        actual=plain(quantity),
        evidence=evidence(bought, unit=agreed.unit),
    )


RULES = (units, limits)
