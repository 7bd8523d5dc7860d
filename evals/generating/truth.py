"""The truth files: what a paper says as it prints it, and what is expected of its orders."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from signoff.evals.generating.paper import Expected, Labelled, Line, Party

LOOKALIKES = ("invoice", "quotation", "response")


def truth(family: str, papers: list[Labelled]) -> dict[str, Any]:
    """The truth of one document: an entry for each order in it, none for a paper that orders nothing."""
    first = papers[0]
    orders = [entry(p) for p in papers if p.order.kind not in LOOKALIKES]
    whole = {"family": family, "vendor": first.vendor, "kind": first.expected.kind, "derived_from": None, "documents": orders}
    return whole if orders else {**whole, **expected(first.expected, first)}


def entry(paper: Labelled) -> dict[str, Any]:
    """One order. Decimals as strings, dates ISO 8601, currency ISO 4217; `null` is what the paper does not say."""
    order = paper.order
    return {
        "number": order.number, "type": order.kind, "original_order": order.reference, "date": order.date.isoformat(),
        "currency": order.currency, "buyer": party(order.buyer), "supplier": party(order.supplier),
        "total": text(order.total if order.total_shown else None),
        "contract_ref": order.contract_ref, "delivery_date": _day(order.delivery_date), "requester": order.requester,
        "cost_center": order.cost_center, "lines": [line(each) for each in order.lines], **expected(paper.expected, paper),
    }  # fmt: skip


def party(who: Party) -> dict[str, str | None]:
    return {"name": who.name or None, "id": who.id or who.tax_id or None}


def line(each: Line) -> dict[str, str | None]:
    return {
        "part": each.part, "buyer_part": each.buyer_part or None, "supplier_part": each.part, "description": each.description,
        "qty": text(each.qty), "unit": each.unit, "unit_price": text(each.price),
        "price_base_qty": None if each.base == 1 else text(each.base), "amount": text(each.amount if each.amount_shown else None),
        "delivery_date": _day(each.delivery),
    }  # fmt: skip


def expected(what: Expected, paper: Labelled) -> dict[str, Any]:
    end = {
        "posted": what.posted,
        "amount": text(paper.order.total) if what.posted else None,
        "vendor": paper.vendor if what.posted else None,
    }
    return {
        "kind": what.kind, "findings": list(what.findings), "expected_flags": list(what.flags), "outcome": what.outcome,
        "asked": list(what.asked), "route": [list(step) for step in what.route], "end": end,
    }  # fmt: skip


def text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
