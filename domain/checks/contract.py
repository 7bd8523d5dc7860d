"""Checks of the whole order against the contract: whether it holds, in which money, up to how much, and on which terms."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from signoff.domain.checks.content import loose
from signoff.domain.checks.figures import HUNDRED, NOTHING, money_text, plain, stake
from signoff.domain.checks.selection import by_reference
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.terms import same_delivery, same_payment
from signoff.domain.contract import Contract
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import line_amount


def in_contract(contract: Contract, **more: Any) -> dict[str, Any]:
    """Evidence on the contract's side: its id, where its text stands, and what else is known."""
    source = {"source": contract.source} if contract.source else {}
    return {"contract": contract.contract_id, **source, **more}


def missing(subject: Subject) -> Iterator[Finding]:
    """No contract at all, or a reference that no contract of the vendor has. An unknown vendor is a finding of its own."""
    if subject.vendor is None:
        return
    vendor = subject.vendor.vendor_id
    stated = subject.order.contract_reference
    if subject.contract is None:
        text = f"There is no contract with {subject.vendor.name} on file" + (f"; the order names {stated}." if stated else ".")
        yield finding(
            Code.CONTRACT_MISSING,
            text,
            field="/contract_reference",
            actual=stated or "",
            amount=_stake(subject),
            evidence={"vendor": vendor},
        )
        return
    for pointer, reference in _references(subject).items():
        if by_reference(reference, subject.contracts) is None:
            text = f"The order names the contract {reference}, which is not on file for this vendor; it was checked against "
            yield finding(
                Code.CONTRACT_MISSING,
                text + f"{subject.contract.contract_id}.",
                field=pointer,
                expected=subject.contract.contract_id,
                actual=reference,
                evidence=in_contract(subject.contract, vendor=vendor),
            )


def _references(subject: Subject) -> dict[str, str]:
    """Each contract that header or lines name, by the first place that names it."""
    places = [("/contract_reference", subject.order.contract_reference)]
    places += [(f"{b.pointer}/contract_reference", b.line.contract_reference) for b in subject.lines]
    first: dict[str, tuple[str, str]] = {}
    for pointer, reference in places:
        if reference and loose(reference):
            first.setdefault(loose(reference), (pointer, reference))
    return dict(first.values())


def dates(subject: Subject) -> Iterator[Finding]:
    """Every contract that the order falls under must be in force on its day; one that ends soon is said."""
    used = {id(b.contract): b.contract for b in subject.lines if b.contract}
    if subject.contract:
        used[id(subject.contract)] = subject.contract
    for contract in used.values():
        yield from _dates(subject, contract)


def _dates(subject: Subject, contract: Contract) -> Iterator[Finding]:
    day, ends, name = subject.day, contract.ends, contract.contract_id
    more: dict[str, Any] = {
        "field": "/issue_date",
        "actual": day,
        "evidence": in_contract(contract, starts=str(contract.starts), ends=str(ends or "")),
    }
    if day < contract.starts:
        text = f"The contract {name} starts on {contract.starts}, the order is of {day}."
        yield finding(Code.CONTRACT_NOT_STARTED, text, expected=f"from {contract.starts}", amount=_stake(subject), **more)
    elif ends and day > ends:
        text = f"The contract {name} ended on {ends}, the order is of {day}."
        yield finding(Code.CONTRACT_EXPIRED, text, expected=f"until {ends}", amount=_stake(subject), **more)
    elif ends and (ends - day).days <= subject.tolerances.contract_expiring_days:
        text = f"The contract {name} ends on {ends}, {(ends - day).days} days after the order; see to its renewal."
        yield finding(Code.CONTRACT_EXPIRING, text, expected=f"until {ends}", **more)


def currency(subject: Subject) -> Iterator[Finding]:
    """The order's money is the contract's; otherwise no price of it can be compared."""
    contract = subject.contract
    if contract and not subject.in_currency(contract):
        name, stated = contract.contract_id, subject.order.currency
        text = f"The order is in {stated}, the contract {name} in {contract.currency}; prices were not compared."
        yield finding(
            Code.CURRENCY_MISMATCH,
            text,
            field="/currency",
            expected=contract.currency,
            actual=subject.order.currency or "",
            evidence=in_contract(contract),
            amount=_stake(subject),
        )


def spend_cap(subject: Subject) -> Iterator[Finding]:
    """What was committed on the contract so far and this order stay within the cap. A change counts by what it adds."""
    contract, amount = subject.contract, subject.order.amount
    if contract is None or contract.spend_cap is None or amount is None or not subject.in_currency(contract):
        return
    cap, spent = contract.spend_cap, subject.facts.contract_spend or NOTHING
    total = spent + amount - min(subject.replaced_amount, spent)
    if total <= cap.amount:
        return
    unit = contract.currency
    period = "a year" if cap.per == "year" else "over its term"
    text = f"With this order {money_text(total, unit)} are committed on the contract {contract.contract_id}, which allows "
    yield finding(
        Code.SPEND_CAP_EXCEEDED,
        text + f"{money_text(cap.amount, unit)} {period}.",
        field=subject.amount_field,
        expected=plain(cap.amount),
        actual=plain(total),
        evidence=in_contract(contract, committed=plain(spent), cap_per=cap.per),
        amount=stake(min(total - cap.amount, max(amount, NOTHING)), unit),
    )


def minimum_order(subject: Subject) -> Iterator[Finding]:
    """The order's lines reach the contract's minimum order value. A change may show only what it changes."""
    contract = subject.contract
    if contract is None or contract.minimum_order is None or subject.is_change or not subject.in_currency(contract):
        return
    total = _goods(subject)
    if total is None:
        return
    if total < contract.minimum_order:
        least = money_text(contract.minimum_order, contract.currency)
        yield finding(
            Code.BELOW_MINIMUM,
            f"The lines come to {money_text(total, contract.currency)}; the contract {contract.contract_id} asks for {least} an order.",
            field="/line_total",
            expected=plain(contract.minimum_order),
            actual=plain(total),
            evidence=in_contract(contract, order="/line_total"),
            amount=stake(contract.minimum_order - total, contract.currency),
        )


def order_discount(subject: Subject) -> Iterator[Finding]:
    """A discount that the line total earns was taken: as an allowance on the order, or in prices that are lower already."""
    contract = subject.contract
    total = _goods(subject) if contract and contract.discounts else None
    if contract is None or total is None or subject.is_change or not subject.in_currency(contract):
        return
    percent = max((d.percent for d in contract.discounts if d.from_amount <= total), default=NOTHING)
    due = total * percent / HUNDRED
    allowed = sum((a.amount for a in subject.order.allowances_charges if not a.charge and a.amount), NOTHING)
    taken = allowed + _in_prices(subject)
    slack = max(subject.tolerances.total_amount, due * subject.tolerances.price_percent / HUNDRED)
    if due - taken > slack:
        yield finding(
            Code.DISCOUNT_MISSED,
            f"The contract {contract.contract_id} grants {plain(percent)} % on {money_text(total, contract.currency)}; "
            f"{money_text(taken, contract.currency)} was taken off.",
            field="/allowances_charges",
            expected=plain(stake(due, contract.currency) or due),
            actual=plain(stake(taken, contract.currency) or taken),
            evidence=in_contract(contract, percent=plain(percent), order="/allowances_charges"),
            amount=stake(due - taken, contract.currency),
        )


def _in_prices(subject: Subject) -> Decimal:
    """By how much the lines are below the contract's prices already; a line that is above takes nothing away."""
    saved = NOTHING
    for bought in subject.lines:
        price = bought.agreed_price
        if price and bought.price is not None and bought.line.quantity:
            saved += max((price.earned - bought.price) * bought.line.quantity, NOTHING)
    return saved


def _goods(subject: Subject) -> Decimal | None:
    """The sum of the lines before allowances and charges on the order, else the total that the document prints."""
    amounts = [line_amount(b.line) for b in subject.lines]
    known = [a for a in amounts if a is not None]
    return sum(known, NOTHING) if known and len(known) == len(amounts) else subject.order.line_total


def payment_terms(subject: Subject) -> Iterator[Finding]:
    """Days and discounts are the agreed ones, in whatever words. An order that is silent agrees."""
    contract, stated = subject.contract, subject.order.payment_terms
    if contract and contract.payment_terms and stated and not same_payment(contract.payment_terms, stated):
        text = f"The order says {stated[:200]!r}; the contract {contract.contract_id} agrees on {contract.payment_terms[:200]!r}."
        yield finding(
            Code.PAYMENT_TERMS_DIFFER,
            text,
            field="/payment_terms",
            expected=contract.payment_terms,
            actual=stated,
            evidence=in_contract(contract, order="/payment_terms"),
        )


def delivery_terms(subject: Subject) -> Iterator[Finding]:
    """The Incoterms rule, and the place where both name one, are the agreed ones. An order that is silent agrees."""
    contract, stated = subject.contract, subject.order.delivery_terms
    if contract and contract.delivery_terms and stated and not same_delivery(contract.delivery_terms, stated):
        text = f"The order says {stated[:200]!r}; the contract {contract.contract_id} agrees on {contract.delivery_terms[:200]!r}."
        yield finding(
            Code.DELIVERY_TERMS_DIFFER,
            text,
            field="/delivery_terms",
            expected=contract.delivery_terms,
            actual=stated,
            evidence=in_contract(contract, order="/delivery_terms"),
        )


def lead_time(subject: Subject) -> Iterator[Finding]:
    """Between the order and the delivery it asks for lie the contract's lead time in calendar days."""
    contract = subject.contract
    if contract is None or contract.lead_time_days is None:
        return
    header = subject.order.requested_delivery_date
    places = [("/requested_delivery_date", header)]
    places += [(f"{b.pointer}/requested_delivery_date", b.line.requested_delivery_date) for b in subject.lines]
    for pointer, wanted in places:
        if wanted is None or (wanted == header and pointer != "/requested_delivery_date"):
            continue
        days = (wanted - subject.day).days
        if days < contract.lead_time_days:
            text = f"Delivery is asked for on {wanted}, {days} days after the order; the contract {contract.contract_id} needs "
            yield finding(
                Code.LEAD_TIME_TOO_SHORT,
                text + f"{contract.lead_time_days} days.",
                field=pointer,
                expected=f"{contract.lead_time_days} days",
                actual=f"{days} days",
                evidence=in_contract(contract, order=pointer),
            )


def _stake(subject: Subject) -> Decimal | None:
    return stake(subject.order.amount, subject.order.currency)


RULES = (missing, dates, currency, spend_cap, minimum_order, order_discount, payment_terms, delivery_terms, lead_time)
