"""The identities that the figures of an order must satisfy, and which fields they prove.

- line: quantity x unit price / base quantity + line charges - line allowances = line amount
- sum: the line amounts add up to the line total (UBL cac:AnticipatedMonetaryTotal/cbc:LineExtensionAmount)
- total: line total + charges - allowances = payable amount, with or without tax (both usages exist)
- control figures that the document prints about itself (X12 CTT, EDIFACT CNT and UNT, row counts)

A product may be rounded or cut off to the currency's minor unit or to the digits that the document's amounts print;
printed figures must add up to less than `tolerances.total_amount`. An identity with a side missing is not tested: it
neither fails nor proves. A change or cancellation may repeat totals of the whole order, so there a sum is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.money import minor_unit
from signoff.domain.order import AllowanceCharge, Order, OrderLine, OrderType, extension

ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(slots=True)
class Identities:
    """What was tested. `tied`: a proved sum covers every line; `tax_included`: whether the payable amount holds the tax."""

    proved: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    tied: bool = False
    tax_included: bool | None = None

    def failed(self, pointer: str, message: str, expected: object, actual: object, amount: Decimal | None = None) -> None:
        code, sides = Code.ARITHMETIC_MISMATCH, {"expected": plain(expected), "actual": plain(actual)}
        self.findings.append(finding(code, message, field=pointer, amount=_stake(amount), **sides))


def identities(order: Order, tolerance: Decimal) -> Identities:
    """Every identity of the order. Run it under a decimal context with room for products of two 28-digit numbers."""
    tested = Identities()
    unit = minor_unit(order.currency or "XXX")
    digits = _printed_digits(order, unit)
    for i, line in enumerate(order.lines):
        _line(tested, i, line, digits)
    total = _sum(tested, order, unit, tolerance)
    _payable(tested, order, total, unit, tolerance)
    if order.order_type is not OrderType.ORDER:
        tested.findings = [f if f.field.startswith("/lines/") else _softer(f) for f in tested.findings]
    return tested


def _printed_digits(order: Order, unit: Decimal) -> tuple[Decimal, ...]:
    """The steps an amount may be rounded to: the minor unit, and what the document's own amounts print."""
    stated = [*(line.line_amount for line in order.lines), order.line_total, order.payable_amount]
    finest = max((places(a) for a in stated if a is not None), default=0)
    return unit, Decimal(1).scaleb(-finest)


def _line(tested: Identities, i: int, line: OrderLine, steps: tuple[Decimal, ...]) -> None:
    at = f"/lines/{i}"
    if line.price_base_quantity <= 0:
        tested.failed(f"{at}/price_base_quantity", f"Line {_label(i, line)} has a price per {line.price_base_quantity:f}.", "> 0", "")
        return
    exact = extension(line)
    if exact is None or line.line_amount is None or _unknown(line.allowances_charges):
        return
    own = {Decimal(1).scaleb(-places(line.line_amount))} if places(line.line_amount) > places(min(steps)) else set()
    if any(line.line_amount == exact.quantize(step, rounding) for step in {*steps, *own} for rounding in ROUNDINGS):
        tested.proved.update(f"{at}/{name}" for name in ("quantity", "unit_price", "line_amount", "price_base_quantity"))
        tested.proved.update(f"{at}/allowances_charges/{k}/amount" for k in range(len(line.allowances_charges)))
        _rates(tested, i, line, steps[0])
        return
    right = exact.quantize(steps[0], ROUND_HALF_UP)
    message = f"Line {_label(i, line)}: {_product(line)} = {plain(right)}, but the document prints {plain(line.line_amount)}."
    tested.failed(f"{at}/line_amount", message, right, line.line_amount, abs(right - line.line_amount))


def _rates(tested: Identities, i: int, line: OrderLine, unit: Decimal) -> None:
    """A line's own allowances that are printed as a rate: the rate of the goods' value is the amount, but for rounding."""
    value = (line.quantity or ZERO) * (line.unit_price or ZERO) / line.price_base_quantity
    for k, own in enumerate(line.allowances_charges):
        if own.percent is not None and own.amount is not None and abs(abs(value) * own.percent / HUNDRED - abs(own.amount)) <= unit:
            tested.proved.add(f"/lines/{i}/allowances_charges/{k}/percent")


@dataclass(frozen=True, slots=True)
class Total:
    """The goods' value and how far its rounding may be off; `lines` are the fields it was added up from."""

    value: Decimal
    slack: Decimal
    lines: tuple[str, ...]


def _sum(tested: Identities, order: Order, unit: Decimal, tolerance: Decimal) -> Total | None:
    added = _added(order.lines, unit)
    stated = order.line_total
    if stated is None:
        return added
    if added is None:
        return Total(stated, ZERO, ())
    exact = [extension(line) for line in order.lines]
    unrounded = sum((e for e in exact if e is not None), ZERO)
    rounds = all(e is not None for e in exact) and abs(unrounded - stated) <= unit / 2
    if rounds or _equal(added.value, stated, added.slack, tolerance):
        tested.proved.update(("/line_total", *added.lines))
        tested.tied = True
        return Total(stated, ZERO, added.lines)
    message = f"The lines add up to {plain(added.value)}, but the document prints a line total of {plain(stated)}."
    tested.failed("/line_total", message, added.value, stated, abs(added.value - stated))
    return Total(stated, ZERO, ())


def _added(lines: tuple[OrderLine, ...], unit: Decimal) -> Total | None:
    """The sum of the lines; an amount that is not printed is computed, and may be off by half a minor unit when inexact."""
    value, slack = ZERO, ZERO
    used: list[str] = []
    for i, line in enumerate(lines):
        if line.line_amount is not None:
            value += line.line_amount
            used.append(f"/lines/{i}/line_amount")
            continue
        exact = extension(line)
        if exact is None or _unknown(line.allowances_charges):
            return None
        value += exact
        slack += ZERO if exact == exact.quantize(unit, ROUND_DOWN) else unit / 2
        used += [f"/lines/{i}/quantity", f"/lines/{i}/unit_price", f"/lines/{i}/price_base_quantity"]
    return Total(value, slack, tuple(used)) if lines else None


def _payable(tested: Identities, order: Order, goods: Total | None, unit: Decimal, tolerance: Decimal) -> None:
    stated = order.payable_amount
    if stated is None or goods is None or _unknown(order.allowances_charges):
        return
    net = goods.value + _own(order.allowances_charges)
    for included, expected, slack in _readings(order, net, goods.slack, unit):
        if _equal(expected, stated, slack, tolerance):
            tested.tax_included = included
            tested.tied = tested.tied or bool(goods.lines)
            tested.proved.update(("/payable_amount", *goods.lines))
            tested.proved.update(["/line_total"] if order.line_total is not None else [])
            tested.proved.update(["/tax_total"] if included and order.tax_total is not None else [])
            tested.proved.update(f"/allowances_charges/{k}/amount" for k in range(len(order.allowances_charges)))
            return
    tax = "no tax is stated" if order.tax_total is None else f"tax is {plain(order.tax_total)}"
    message = f"Lines, charges and allowances come to {plain(net)} and {tax}, but the document prints {plain(stated)} to pay."
    expected = net + (order.tax_total or ZERO)
    tested.failed("/payable_amount", message, expected, stated, abs(expected - stated))


def _readings(order: Order, net: Decimal, slack: Decimal, unit: Decimal) -> Iterator[tuple[bool, Decimal, Decimal]]:
    """(tax included, amount, slack): without tax, with the stated tax, or with the tax that the lines' rates give."""
    if order.tax_total is not None:
        yield True, net + order.tax_total, slack
    yield False, net, slack
    if order.tax_total is None and not order.allowances_charges and order.lines:
        taxed = [(line.line_amount, line.tax_percent) for line in order.lines]
        if all(a is not None and p for a, p in taxed):
            tax = sum((a * p / HUNDRED for a, p in taxed if a is not None and p is not None), ZERO)
            yield True, net + tax, slack + unit / 2


def _equal(left: Decimal, right: Decimal, slack: Decimal, tolerance: Decimal) -> bool:
    off = abs(left - right)
    return off <= slack or off < tolerance


def _own(charges: Iterable[AllowanceCharge]) -> Decimal:
    return sum(((c.amount or ZERO) * (1 if c.charge else -1) for c in charges), ZERO)


def _unknown(charges: Iterable[AllowanceCharge]) -> bool:
    return any(c.amount is None for c in charges)


def _stake(amount: Decimal | None) -> Decimal | None:
    """The money at stake as a finding can hold it; `None` for sums that no currency has."""
    if amount is None or amount.adjusted() >= 20:
        return None
    return amount.quantize(Decimal("0.000001"), ROUND_HALF_UP) if places(amount) > 6 else amount


def _softer(found: Finding) -> Finding:
    return found.model_copy(update={"severity": Severity.WARNING})


def _label(i: int, line: OrderLine) -> str:
    return line.line_number or str(i + 1)


def _product(line: OrderLine) -> str:
    base = f" / {line.price_base_quantity:f}" if line.price_base_quantity != 1 else ""
    own = _own(line.allowances_charges)
    return f"{line.quantity:f} x {line.unit_price:f}{base}" + (f" {'+' if own > 0 else '-'} {abs(own):f}" if own else "")


def places(amount: Decimal) -> int:
    """Digits after the point, as printed."""
    return max(0, -int(amount.as_tuple().exponent))


def plain(value: object) -> str:
    """A number as digits, without an exponent; anything else as it is."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
