"""The company's files as `signoff init` and the imports take them: policy, vendors, people, contracts, history."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from signoff.evals.generating.company import RATES, Company, Contract, Price, Vendor
from signoff.evals.generating.orders import line_of
from signoff.evals.generating.paper import Order
from signoff.evals.generating.rules import LARGE, OWNERS, SMALL

POLICY = """\
# What {name} has decided about its purchase orders. Written by `signoff eval generate`.
version: 1
dated: 2026-01-05
company:
  name: {name}
  aliases: [{name} Werk 2]
  ids: ["{id}"]
  tax_ids: [{tax_id}]
base_currency: EUR
fx:
  table:
    - since: 2024-01-01
      rates: {{{rates}}}
required_fields: [/order_number, /supplier, /lines]
tolerances:
  price_percent: "0.5"
  price_amount: "0.01"
  total_amount: "0.02"
  near_duplicate_days: 30
  split_window_days: 7
split_orders: [[vendor, requester], [vendor, cost_center]]
severities:
  discount_missed: warning
  certificate_expired: warning
gates:
  reviewers: buyer
  default_owner: buyer
  owners:
{owners}
  fallback_approver: procurement_manager
approvals:
  - name: Small orders under contract pass
    when: {{amount_up_to: {small}, no_contract: false}}
    nobody: true
  - name: Managers sign above the small amount
    when: {{amount_above: {small}}}
    steps: [{{management: true}}]
  - name: The CFO signs large orders
    when: {{amount_above: {large}}}
    steps: [{{role: cfo}}]
  - name: IT needs the security officer and a buyer
    when: {{categories: [it]}}
    steps:
      - all_of: [{{role: it_security}}, {{role: buyer}}]
  - name: Chemicals need compliance
    when: {{categories: [chemicals]}}
    steps: [{{role: compliance}}]
  - name: Without a contract the procurement manager decides
    when: {{no_contract: true}}
    steps: [{{role: procurement_manager}}]
  - name: Changes are confirmed by a buyer
    when: {{findings: [order_changed]}}
    steps: [{{role: buyer}}]
budgets:
  - {{cost_center: CC-9100, year: 2026, amount: 5000}}
"""
BEFORE = dt.date(2026, 1, 5)
"""The day of what was bought before the dataset begins."""


def write_company(folder: Path, company: Company, history: Iterable[Order]) -> None:
    """Writes `company/`; `history` are the orders that some papers repeat, change or split."""
    (folder / "contracts").mkdir(parents=True, exist_ok=True)
    (folder / "policy.yaml").write_text(_policy(company), encoding="utf-8")
    (folder / "vendors.csv").write_text(_csv(_vendors(company)), encoding="utf-8")
    (folder / "people.csv").write_text(_csv(_people(company)), encoding="utf-8")
    by_name = {v.party.name: v for v in company.vendors}
    rows = [row for order in (*_spent(company), *history) for row in _history(order, by_name[order.supplier.name])]
    (folder / "history.csv").write_text(_csv(rows), encoding="utf-8")
    for vendor in company.vendors:
        if vendor.special != "no_contract":
            text = "\n".join(_contract(vendor)) + "\n"
            (folder / "contracts" / f"{vendor.contract.contract_id}.yaml").write_text(text, encoding="utf-8")


def _policy(company: Company) -> str:
    own = company.party
    rates = ", ".join(f'{code}: "{rate}"' for code, rate in RATES.items() if code != "EUR")
    owners = "\n".join(f"    {code}: {role}" for role, codes in OWNERS.items() for code in codes.split())
    return POLICY.format(name=own.name, id=own.id, tax_id=own.tax_id, rates=rates, owners=owners, small=SMALL, large=LARGE)


def _csv(rows: list[dict[str, Any]]) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _vendors(company: Company) -> list[dict[str, Any]]:
    return [
        {
            "vendor_id": v.vendor_id, "name": v.party.name, "aliases": "", "tax_ids": v.party.tax_id, "gs1_ids": v.party.id,
            "status": v.status, "status_reason": "" if v.status == "active" else "see file", "currency": v.contract.currency,
            "category": v.category, "country": v.party.country, "bank_fingerprint": _fingerprint(v.party.bank),
            "certificates": "ISO 9001=2025-06-30" if v.special == "certificate" else "ISO 9001=2039-06-30",
        }
        for v in company.vendors
    ]  # fmt: skip


def _fingerprint(account: str) -> str:
    """As docs/policy.md says: the first 16 hex digits of the SHA-256 of the account number."""
    return hashlib.sha256(account.encode()).hexdigest()[:16] if account else ""


def _people(company: Company) -> list[dict[str, Any]]:
    return [
        {
            "person_id": p.person_id, "name": p.name, "email": f"{p.person_id.lower()}@buyer.example", "roles": ";".join(p.roles),
            "manager": p.manager, "limit": "" if p.limit is None else p.limit,
            "cost_centers": p.cost_center if "department_head" in p.roles else "",
        }
        for p in company.people
    ]  # fmt: skip


def _spent(company: Company) -> Iterator[Order]:
    """What took capped contracts to just below their cap, and the small budget nearly to its end."""
    for vendor in company.with_special("cap"):
        yield _bought(company, vendor, Decimal(19_990), "CC-8000")
    yield _bought(company, next(v for v in company.ordinary() if v.contract.currency == "EUR"), Decimal(4_900), "CC-9100")


def _bought(company: Company, vendor: Vendor, amount: Decimal, center: str) -> Order:
    price = vendor.contract.prices[0]
    line = line_of("10", price, Decimal(1), amount * price.base)
    number = f"H-{vendor.vendor_id}-{center}"
    return Order(number, BEFORE, company.party, vendor.party, vendor.contract.currency, (line,), cost_center=center)


def _history(order: Order, vendor: Vendor) -> Iterator[dict[str, Any]]:
    for line in order.lines:
        yield {
            "order_number": order.number, "issue_date": order.date, "vendor_id": vendor.vendor_id, "buyer": order.buyer.name,
            "requester": order.requester or "", "cost_center": order.cost_center or "", "currency": order.currency,
            "line_number": line.number, "item_id": line.part, "description": line.description, "quantity": line.qty, "unit": line.unit,
            "unit_price": line.price / line.base, "line_amount": line.amount,
        }  # fmt: skip


def _contract(vendor: Vendor) -> Iterator[str]:
    contract = vendor.contract
    yield from (f"contract_id: {contract.contract_id}", f"vendor_id: {vendor.vendor_id}", f"title: Supply by {vendor.party.name}")
    yield from (f"starts: {contract.starts}", f"ends: {contract.ends}", f"currency: {contract.currency}")
    yield from (f"payment_terms: {contract.payment_days} days net", f"delivery_terms: {contract.delivery_terms}")
    yield f"lead_time_days: {contract.lead_days}"
    yield from _particular(contract)
    yield "prices:"
    for price in contract.prices:
        yield from _price(price)


def _particular(contract: Contract) -> Iterator[str]:
    if contract.cap is not None:
        yield f"spend_cap: {{amount: {contract.cap}, per: year}}"
    if contract.minimum_order is not None:
        yield f"minimum_order: {contract.minimum_order}"
    if contract.discount is not None:
        yield f"discounts: [{{from_amount: {contract.discount[0]}, percent: {contract.discount[1]}}}]"


def _price(price: Price) -> Iterator[str]:
    yield f'  - supplier_item_id: "{price.part}"'
    yield f'    buyer_item_id: "{price.buyer_part}"'
    yield f"    description: {json.dumps(price.description, ensure_ascii=False)}"
    yield f'    unit: {price.unit}\n    price: "{price.price}"'
    for name, value in (("minimum", price.minimum), ("multiple", price.multiple), ("maximum", price.maximum)):
        if value is not None:
            yield f"    {name}: {value}"
    if price.base != 1:
        yield f"    price_base_quantity: {price.base}"
    if price.tiers:
        yield "    tiers: [" + ", ".join(f'{{from_quantity: {least}, price: "{cost}"}}' for least, cost in price.tiers) + "]"
