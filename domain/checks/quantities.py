"""Checks of each line's quantity and unit against the contract."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from signoff.domain.checks.bought import BoughtLine
from signoff.domain.checks.figures import HUNDRED, NOTHING, plain, stake
from signoff.domain.checks.prices import evidence
from signoff.domain.checks.releases import release_of
from signoff.domain.checks.subject import Subject, item_key
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import line_amount


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
                amount=stake(line_amount(bought.line), subject.order.currency),
            )


def limits(subject: Subject) -> Iterator[Finding]:
    """Minimum and maximum of a price line hold for all lines of its item together, the multiple for each line.

    Returns (below zero) and what a change sets to zero are not ordered. A change that names only some lines may show less than the
    minimum.
    """
    for together in _items(subject):
        agreed, total = together[0].agreed, _sum(together)
        if agreed is None:
            continue
        slack = subject.tolerances.quantity_percent / HUNDRED
        if agreed.minimum is not None and total < agreed.minimum * (1 - slack):
            yield _finding(subject, together, Code.BELOW_MINIMUM, agreed.minimum)
        if agreed.maximum is not None and total > agreed.maximum * (1 + slack):
            yield _finding(subject, together, Code.ABOVE_MAXIMUM, agreed.maximum)
        yield from _drawn(subject, together)
        for bought in together:
            if agreed.multiple is not None and agreed.multiple > 0 and not _is_multiple(bought, agreed.multiple):
                yield _finding(subject, [bought], Code.NOT_A_MULTIPLE, agreed.multiple)


def _is_multiple(bought: BoughtLine, multiple: Decimal) -> bool:
    """Whether the quantity is a whole number of multiples; in fractions, where a twelfth is exact."""
    if bought.line.quantity is None or bought.ratio is None:
        return True
    quantity = Fraction(bought.line.quantity) * Fraction(bought.ratio.many) / Fraction(bought.ratio.per)
    return (quantity / Fraction(multiple)).denominator == 1


def _items(subject: Subject) -> list[list[BoughtLine]]:
    """The lines that order something, those of one price line together."""
    items: dict[int, list[BoughtLine]] = {}
    for bought in subject.lines:
        quantity = bought.quantity
        if quantity is not None and bought.agreed and quantity >= 0 and not (quantity == 0 and subject.is_change):
            items.setdefault(id(bought.agreed), []).append(bought)
    return list(items.values())


def _sum(lines: list[BoughtLine]) -> Decimal:
    return sum((line.quantity or NOTHING for line in lines), NOTHING)


def _drawn(subject: Subject, together: list[BoughtLine]) -> Iterator[Finding]:
    """All orders together take no more of the item than the contract is for; a release takes from its blanket order instead."""
    first, agreed = together[0], together[0].agreed
    if agreed is None or agreed.quantity_total is None or release_of(subject):
        return
    most, span = agreed.quantity_total.quantity, agreed.quantity_total.per
    taken = subject.taken(item_key(first), span)
    total = taken + _sum(together)
    if total <= most * (1 + subject.tolerances.quantity_percent / HUNDRED):
        return
    over = min(total - most, _sum(together))
    when = "in the year" if span == "year" else "over the term"
    text = f"{first.label} takes what was ordered of it to {plain(total)} {agreed.unit} {when}; the contract is for {plain(most)}."
    yield finding(
        Code.ABOVE_MAXIMUM,
        text,
        field=f"{first.pointer}/quantity",
        expected=plain(most),
        actual=plain(total),
        evidence=evidence(first, unit=agreed.unit, drawn=plain(taken), per=span),
        amount=stake(first.worth(over), subject.order.currency),
    )


SAYS = {
    Code.BELOW_MINIMUM: "the contract's minimum is",
    Code.ABOVE_MAXIMUM: "the contract's maximum is",
    Code.NOT_A_MULTIPLE: "the contract asks for multiples of",
}


def _finding(subject: Subject, lines: list[BoughtLine], code: Code, limit: Decimal) -> Finding:
    """At stake is what is missing, what is over, or what stands over the last whole multiple."""
    bought, quantity = lines[0], _sum(lines)
    unit = bought.agreed.unit if bought.agreed else ""
    others = f" with {len(lines) - 1} more line{'s' if len(lines) > 2 else ''} of it" if len(lines) > 1 else ""
    gap = _rest(quantity, limit) if code is Code.NOT_A_MULTIPLE else abs(quantity - limit)
    return finding(
        code,
        f"{bought.label}{others} orders {plain(quantity)} {unit}; {SAYS[code]} {plain(limit)} {unit}.",
        field=f"{bought.pointer}/quantity",
        expected=plain(limit),
        actual=plain(quantity),
        evidence=evidence(bought, unit=unit),
        amount=stake(bought.worth(gap), subject.order.currency),
    )


def _rest(quantity: Decimal, multiple: Decimal) -> Decimal:
    """What stands over the last whole multiple; in fractions, for a remainder of decimals is not defined for every size."""
    rest = Fraction(quantity) % Fraction(multiple)
    return Decimal(rest.numerator) / Decimal(rest.denominator)


RULES = (units, limits)
