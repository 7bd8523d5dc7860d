"""Checks of each line's price against the contract: what one unit costs, tiers, placeholders, items without a price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from signoff.domain.checks import selection
from signoff.domain.checks.bought import AgreedPrice, BoughtLine
from signoff.domain.checks.figures import HUNDRED, NOTHING, money_text, plain, price_text, stake
from signoff.domain.checks.subject import Subject
from signoff.domain.contract import Contract, PriceLine
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import OrderLine, line_amount

FAR = Decimal("0.5")
"""A price that looks like a placeholder is one when it is off the agreed price by more than half of it."""


def evidence(bought: BoughtLine, **more: Any) -> dict[str, Any]:
    """Both sides of a line: the contract and its item, and where the order line stands."""
    contract = bought.contract.contract_id if bought.contract else ""
    return {"contract": contract, "item": item_name(bought.agreed), "order": bought.pointer, **more}


def item_name(agreed: PriceLine | None) -> str:
    """The price line by its first id, else its description."""
    if agreed is None:
        return ""
    return agreed.supplier_item_id or agreed.buyer_item_id or agreed.standard_item_id or agreed.description or ""


def off_contract(subject: Subject) -> Iterator[Finding]:
    """Every line is an item of the contract that has a price on the order's day. A contract without prices agrees on none."""
    for bought in subject.lines:
        contract = bought.contract
        line = bought.line
        if contract is None or bought.agreed or not contract.prices or _is_text(line):
            continue
        yield finding(
            Code.ITEM_OFF_CONTRACT,
            f"{bought.label} {_why(subject, contract, bought)}.",
            field=bought.pointer,
            expected="an item of the contract",
            actual=" / ".join(line.item_ids) or line.description or "",
            evidence=evidence(bought),
            amount=stake(line_amount(line), subject.order.currency),
        )


def _is_text(line: OrderLine) -> bool:
    """A line that only says something: it orders no quantity at no price."""
    return line.quantity is None and line.unit_price is None and line.line_amount is None


def _why(subject: Subject, contract: Contract, bought: BoughtLine) -> str:
    late = selection.candidates(contract, bought.line)
    if late:
        spans = " and ".join(f"from {p.valid_from or contract.starts} to {p.valid_to or contract.ends or 'its end'}" for p in late[:3])
        return f"has a price in the contract {contract.contract_id} only {spans}, not on {subject.day}"
    return f"is not an item of the contract {contract.contract_id}, or its numbers there contradict each other"


def against_contract(subject: Subject) -> Iterator[Finding]:
    """What one unit costs lies within the tolerance around the agreed price, and the tier that the quantity earns was used.

    Listed price and tier are two findings, so that their amounts add up: what the line is above the list, and what the
    list is above the tier.
    """
    for bought in subject.lines:
        price = bought.agreed_price
        if price is None or bought.price is None or not (bought.contract and subject.in_currency(bought.contract)):
            continue
        slack = tolerance(subject, bought, price.listed)
        if bought.price - price.listed > slack:
            yield _finding(subject, bought, price, Code.PRICE_ABOVE_CONTRACT)
        if price.earned < price.listed and bought.price - price.earned > tolerance(subject, bought, price.earned):
            yield _finding(subject, bought, price, Code.TIER_PRICE_MISSED)
        if price.earned - bought.price > tolerance(subject, bought, price.earned) and not _stands_in(bought, price.earned):
            yield _finding(subject, bought, price, Code.PRICE_BELOW_CONTRACT)


def tolerance(subject: Subject, bought: BoughtLine, agreed: Decimal) -> Decimal:
    """The greater of the policy's amount and percentage. The amount is about the printed price, so per 100 it is a hundredth."""
    base, amount = bought.line.price_base_quantity, subject.tolerances.price_amount
    if base > 1:
        amount /= base
    return max(amount, agreed * subject.tolerances.price_percent / HUNDRED)


def _finding(subject: Subject, bought: BoughtLine, price: AgreedPrice, code: Code) -> Finding:
    line, contract = bought.line, bought.contract
    money = subject.order.currency or (contract.currency if contract else "")
    unit = line.unit or (bought.agreed.unit if bought.agreed else "")
    expected, gap = _sides(bought.price or NOTHING, price, code)
    at_stake = stake(None if line.quantity is None else gap * abs(line.quantity), money)
    tier = {"tier_from": plain(price.tier.from_quantity)} if price.tier else {}
    says = f"from {tier['tier_from']} on" if tier and code is not Code.PRICE_ABOVE_CONTRACT else "agreed"
    text = f"{bought.label} costs {price_text(bought.price or NOTHING)} {money} per {unit}; "
    text += f"the contract {contract.contract_id if contract else ''} says {price_text(expected)} {says}"
    return finding(
        code,
        text + (f", a difference of {money_text(at_stake, money)}." if at_stake is not None else "."),
        field=f"{bought.pointer}/unit_price",
        expected=price_text(expected),
        actual=price_text(bought.price or NOTHING),
        evidence=evidence(bought, unit=unit, **tier),
        amount=at_stake,
    )


def _sides(charged: Decimal, price: AgreedPrice, code: Code) -> tuple[Decimal, Decimal]:
    """The price that this finding expects, and by how much one unit is off it."""
    if code is Code.PRICE_ABOVE_CONTRACT:
        return price.listed, charged - price.listed
    if code is Code.TIER_PRICE_MISSED:
        return price.earned, min(charged, price.listed) - price.earned
    return price.earned, price.earned - charged


def placeholder(subject: Subject) -> Iterator[Finding]:
    """A price that stands in for one: zero, a cent, a one or a row of nines, where the agreed price is nothing like it."""
    for bought in subject.lines:
        printed = bought.line.unit_price
        if printed is None or bought.line.quantity == 0:
            continue
        comparable = bought.contract is not None and subject.in_currency(bought.contract)
        price = bought.agreed_price if comparable else None
        expected = price.earned if price else None
        if not _stands_in(bought, expected):
            continue
        agreed = price_text(expected) if expected is not None else ""
        text = f"{bought.label} has the price {plain(printed)}, which looks like a placeholder" + (
            f"; agreed is {agreed}." if agreed else "."
        )
        yield finding(
            Code.PRICE_PLACEHOLDER,
            text,
            field=f"{bought.pointer}/unit_price",
            expected=agreed,
            actual=plain(printed),
            evidence=evidence(bought),
            amount=stake(line_amount(bought.line), subject.order.currency),
        )


def _stands_in(bought: BoughtLine, expected: Decimal | None) -> bool:
    printed, price = bought.line.unit_price, bought.price
    if printed is None or price is None or bought.line.quantity == 0:
        return False
    if expected is None:
        return printed in (0, Decimal("0.01")) or _nines(printed, 4)
    looks = printed in (0, Decimal("0.01"), 1) or _nines(printed, 3)
    return looks and abs(price - expected) > abs(expected) * FAR


def _nines(value: Decimal, whole: int) -> bool:
    """`9999.99`, `99999`: nothing but nines, at least so many before the point."""
    digits, _, rest = plain(value).partition(".")
    return len(digits) >= whole and set(digits + rest) == {"9"}


RULES = (off_contract, against_contract, placeholder)
