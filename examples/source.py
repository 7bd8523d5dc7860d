"""Reads `orders.yaml`: what each example order says, and what should become of it.

An entry gives only what is particular to an order. The supplier's name and numbers come from `company/vendors.csv`; terms,
units and descriptions from the contract that the entry names, unless the entry states them itself.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from signoff.domain.order import Order, Party

HERE = Path(__file__).parent
COMPANY = HERE / "company"
CENT = Decimal("0.01")


class _Exact(SafeConstructor):
    """YAML with exact decimals in place of floats."""


_Exact.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node)))


@dataclass(frozen=True)
class Place:
    """Where a party is, for papers that print an address."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True)
class Paper:
    """One file to render: its orders, the renderer's name and options, and the places of the parties by their id."""

    file: str
    render: str
    about: str
    options: dict[str, Any]
    orders: tuple[Order, ...]
    expect: tuple[dict[str, Any], ...]
    places: dict[str, Place] = field(repr=False, default_factory=dict)

    def place(self, party: Party) -> Place:
        """Where a party is; empty when the source gives no address."""
        return self.places.get(party.id or "", Place())


def load_yaml(path: Path) -> Any:
    """A YAML 1.2 file with exact decimals."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Exact
    return yaml.load(path.read_text(encoding="utf-8"))


def load_papers(path: Path = HERE / "orders.yaml") -> list[Paper]:
    """Every paper of the source file, in its order. Raises `KeyError` or pydantic's `ValidationError` for a bad entry."""
    source = load_yaml(path)
    book = Book(source)
    return [book.paper(entry) for entry in source["papers"]]


def outcomes(papers: list[Paper]) -> list[dict[str, Any]]:
    """What must become of each order: `{file, part, status, findings}`; `part` counts the orders of a file from 0."""
    return [{"file": paper.file, "part": n, **expected} for paper in papers for n, expected in enumerate(paper.expect)]


class Book:
    """Vendors, contracts and places, to fill in what an entry leaves out."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.company: dict[str, Any] = source["company"]
        self.sites: dict[str, dict[str, str]] = source["sites"]
        self.addresses: dict[str, dict[str, str]] = source["addresses"]
        with (COMPANY / "vendors.csv").open(encoding="utf-8", newline="") as file:
            self.vendors = {row["vendor_id"]: row for row in csv.DictReader(file)}
        contracts = [load_yaml(p) for p in (COMPANY / "contracts").glob("*.yaml")]
        self.contracts: dict[str, dict[str, Any]] = {c["contract_id"]: c for c in contracts}
        with (COMPANY / "people.csv").open(encoding="utf-8", newline="") as file:
            self.people = {row["person_id"]: row["name"] for row in csv.DictReader(file)}

    def paper(self, entry: dict[str, Any]) -> Paper:
        orders = entry.get("orders", [])
        return Paper(
            file=entry["file"],
            render=entry["render"],
            about=entry["about"],
            options=entry.get("options", {}),
            orders=tuple(self.order(o) for o in orders),
            expect=tuple(o["expect"] for o in orders) or (entry["expect"],),
            places=self.places(),
        )

    def places(self) -> dict[str, Place]:
        keys = ("street", "postcode", "city", "country")
        named = {self.vendors[v]["gs1_ids"]: a for v, a in self.addresses.items()} | {s["id"]: s for s in self.sites.values()}
        named[self.company["id"]] = self.company
        return {i: Place(**{k: a.get(k, "") for k in keys}) for i, a in named.items()}

    def supplier(self, vendor_id: str) -> dict[str, Any]:
        row, address = self.vendors[vendor_id], self.addresses[vendor_id]
        party = {"name": row["name"], "id": row["gs1_ids"], "id_scheme": "GLN", "tax_id": row["tax_ids"] or None}
        return party | {"city": address["city"], "country": address["country"]}

    def order(self, entry: dict[str, Any]) -> Order:
        """The order in UBL terms, with every amount worked out."""
        told = {k: v for k, v in entry.items() if k not in ("vendor", "contract", "site", "lines", "tax_percent", "expect")}
        contract = self.contracts.get(entry.get("contract", ""), {})
        site = self.sites[entry.get("site", "bremen")]
        lines = [self.line(n, line, entry, contract) for n, line in enumerate(entry["lines"], 1)]
        filled: dict[str, Any] = {
            "currency": contract.get("currency", "EUR"),
            "contract_reference": contract.get("contract_id"),
            "payment_terms": contract.get("payment_terms"),
            "delivery_terms": contract.get("delivery_terms"),
            "buyer": {k: self.company[k] for k in ("name", "id", "id_scheme", "tax_id", "city", "country")},
            "supplier": self.supplier(entry["vendor"]) if "vendor" in entry else {},
            "ship_to": {"id_scheme": "GLN"} | {k: site[k] for k in ("name", "id", "city", "country")},
            "lines": lines,
        }
        told["requester"] = self.people.get(told.get("requester", ""), told.get("requester"))
        return Order.model_validate(filled | totals(lines, entry) | told)

    @staticmethod
    def line(number: int, line: dict[str, Any], entry: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
        named = line.get("supplier_item_id")
        agreed: dict[str, Any] = next((p for p in contract.get("prices", []) if p.get("supplier_item_id") == named), {})
        known = ("buyer_item_id", "standard_item_id", "description", "unit", "price_base_quantity")
        filled = {"line_number": str(number * 10)} | {k: agreed[k] for k in known if k in agreed} | line
        if filled.get("standard_item_id"):
            filled["standard_item_scheme"] = "GTIN"
        if "tax_percent" in entry:
            filled["tax_percent"] = Decimal(entry["tax_percent"])
        base = Decimal(filled.get("price_base_quantity", 1))
        amount = Decimal(filled["quantity"]) * Decimal(filled["unit_price"]) / base
        return {"line_amount": amount.quantize(CENT, ROUND_HALF_UP)} | filled


def totals(lines: list[dict[str, Any]], entry: dict[str, Any]) -> dict[str, Any]:
    """Line total, tax and payable amount; a cancellation without lines has none."""
    if not lines:
        return {}
    line_total = sum((Decimal(line["line_amount"]) for line in lines), Decimal(0))
    extra = sum((a["amount"] if a["charge"] else -a["amount"] for a in entry.get("allowances_charges", [])), Decimal(0))
    if "tax_percent" not in entry:
        return {"line_total": line_total, "payable_amount": line_total + extra}
    tax = ((line_total + extra) * Decimal(entry["tax_percent"]) / 100).quantize(CENT, ROUND_HALF_UP)
    return {"line_total": line_total, "tax_total": tax, "payable_amount": line_total + extra + tax}


def compact(day: dt.date | None) -> str:
    """CCYYMMDD, as EDI standards write a date; empty for none."""
    return day.strftime("%Y%m%d") if day else ""
