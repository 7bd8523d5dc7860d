"""The tables of tests/scenarios: how a row that a buyer can read becomes a case, and what is found about it.

A document has `## Given the ...` sections (the case that every row starts from) and sections of rows with the columns when, then, at,
expected, actual, at stake, but not when. An empty `when` adds a finding to the row above; what stands under `but not when` is the
counter-example, of which nothing at all is found.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from signoff.domain.checks.changes import past_line
from signoff.domain.checks.checking import check
from signoff.domain.checks.content import digest
from signoff.domain.checks.likeness import likeness
from signoff.domain.checks.releases import blanket_owner
from signoff.domain.checks.releases import item_of as released_item
from signoff.domain.checks.routing import route
from signoff.domain.checks.selection import item_of, select
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.vendor import fingerprint, vendor_findings
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.contract import Contract
from signoff.domain.facts import Drawn, Facts, PastLine, PastOrder, PastPrice
from signoff.domain.findings import Code, Finding
from signoff.domain.order import Order, OrderLine
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.reading import Lane, Reading, Verdict
from signoff.domain.stages import Answer, CheckedOrder, VerifiedOrder
from signoff.domain.vendor import Vendor, VendorMatch

LISTS = ("same_number", "same_content", "window", "prices")
SINGLE = ("original", "blanket")
Row = dict[str, str]
Found = tuple[str, str, str, str, str]


@dataclass
class Scenario:
    """One `when` with the findings it must have, and what must not be found any more."""

    file: str
    section: str
    name: str
    given: dict[str, Any]
    found: list[Found] = field(default_factory=list)
    inside: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


def scenarios(path: Path) -> list[Scenario]:
    """Every row of a document that begins a case."""
    parts = list(_sections(path.read_text(encoding="utf-8")))
    given = {heading.removeprefix("Given the "): rows for heading, rows in parts if heading.startswith("Given")}
    told: list[Scenario] = []
    for section, rows in ((heading, rows) for heading, rows in parts if not heading.startswith("Given")):
        for row in rows:
            if row["when"]:
                told.append(Scenario(path.stem, section, row["when"], given, [], row.get("but not when", "")))
            if row["then"] != "no finding":
                told[-1].found.append((row["then"], row["at"], row["expected"], row["actual"], row["at stake"]))
    return told


def _sections(text: str) -> Iterator[tuple[str, Any]]:
    """Each `## heading` with the rows of its table, or the lines of the paper that stands there."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, *lines = part.splitlines()
        if paper := re.search(r"^```\n(.*?)^```", part, re.DOTALL | re.MULTILINE):
            yield heading.strip(), paper[1]
            continue
        table = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])] for line in lines if line.startswith("|")]
        table = [[*cells, *[""] * (len(table[0]) - len(cells))] for cells in table]
        yield heading.strip(), [dict(zip(table[0], cells, strict=True)) for cells in table[2:]]


def value(name: str, cell: str) -> Any:
    """A cell as the field takes it."""
    pairs = re.findall(r"from ([^\s:]+): ([^\s,]+)", cell)
    if name == "tiers":
        return [{"from_quantity": start, "price": price} for start, price in pairs]
    if name == "discounts":
        return [{"from_amount": start, "percent": percent} for start, percent in pairs]
    if name == "units":
        return dict(re.findall(r"(\S+) = (\S+)", cell))
    if name in ("spend_cap", "quantity_total"):
        amount, _, per = cell.partition(" ")
        return {"amount" if name == "spend_cap" else "quantity": amount, "per": "year" if "year" in per else "term"}
    if name == "allowances_charges":
        return [{"charge": False, "amount": cell.removesuffix(" off")}]
    if name == "certificates":
        return [{"name": name, "expires": day} for name, day in re.findall(r"(.+?) until (\S+)", cell)]
    if name == "bank_account_on_file":
        return fingerprint(cell)
    if name in ("aliases", "tax_ids", "roles"):
        return cell.split(", ")
    return None if cell == "nothing" else cell


NAMES = {"bank_account_on_file": "bank_fingerprint"}


def record(row: Row) -> dict[str, Any]:
    return {NAMES.get(name, name): value(name, cell) for name, cell in row.items() if cell}


def terms(rows: list[Row]) -> dict[str, Any]:
    """A table of two columns: name and value."""
    return {name: value(name, cell) for name, cell in (tuple(row.values()) for row in rows)}


def policy(rows: list[Row]) -> dict[str, Any]:
    said: dict[str, str] = dict(tuple(row.values()) for row in rows)
    limits = [limit.strip() for limit in said.pop("approvals above", "1000000").split(",")]
    steps = [{"management": True}] if said.pop("signed by", "head") == "management" else [{"role": "head"}]
    rules = [{"name": f"above {limit}", "when": {"amount_above": limit}, "steps": steps} for limit in limits]
    budgets = [(re.findall(r"budget of (\S+) in (\d+)", name)[0], amount) for name, amount in said.items()]
    return {
        "version": 1,
        "dated": dt.date(2026, 1, 1),
        "company": {"name": "Fjordby Works"},
        "base_currency": "EUR",
        "fx": {"table": [{"since": "2026-01-01", "rates": {"USD": "0.90"}}]},
        "tolerances": {},
        "severities": {},
        "overrides": [],
        "gates": {"fallback_approver": "head"},
        "approvals": rules,
        "budgets": [{"cost_center": center, "year": int(year), "amount": amount} for (center, year), amount in budgets],
    }


def case(given: dict[str, Any], when: str) -> dict[str, Any]:
    """The given case as trees of plain values, with what `when` changes."""
    tree: dict[str, Any] = {
        "contract": terms(given.get("contract", [])) | {"prices": [record(r) for r in given.get("prices", [])]},
        "order": terms(given["order"]) | {"lines": [record(r) for r in given["lines"]]},
        "vendors": [record(r) for r in given.get("vendors", [])],
        "policy": policy(given.get("policy", [])),
        "past": {"today": "2026-06-01"},
    }
    for party in ("supplier", "buyer"):
        tree["order"][party] = terms(given.get(party, []))
    for change in when.split("; ") if when != "nothing changes" else []:
        _change(tree, change)
    return tree


def _change(tree: dict[str, Any], change: str) -> None:
    if own := re.fullmatch(r"for (vendor|category|contract) (\S+) (\w+) is (\S+)", change):
        kind = "severities" if own[3] in set(Code) else "tolerances"
        tree["policy"]["overrides"].append({own[1]: own[2], kind: {own[3]: own[4]}})
        return
    if code := re.fullmatch(r"severity of (\w+) is (\w+)", change):
        tree["policy"]["severities"][code[1]] = code[2]
        return
    found = re.fullmatch(r"((?:line|price|vendor) \d+|order|contract|policy|past|supplier|buyer) (\w+) is (.+)", change)
    assert found, f"a row says {change!r}, which nobody understands"
    _target(tree, found[1])[NAMES.get(found[2], found[2])] = value(found[2], found[3])


def _target(tree: dict[str, Any], who: str) -> dict[str, Any]:
    if who == "policy":
        return tree["policy"]["tolerances"]  # type: ignore[no-any-return]
    if who in ("supplier", "buyer"):
        return tree["order"][who]  # type: ignore[no-any-return]
    if who in tree:
        return tree[who]  # type: ignore[no-any-return]
    kind, number = who.split()
    rows = {"line": tree["order"]["lines"], "price": tree["contract"]["prices"], "vendor": tree["vendors"]}[kind]
    while len(rows) < int(number):
        rows.append({})
    return rows[int(number) - 1]  # type: ignore[no-any-return]


def past(given: dict[str, Any], said: dict[str, Any], order: Order, contract: Contract | None) -> Facts:
    """Facts, with the rows that are named by reference put in their place."""
    known: dict[str, Any] = {row["reference"]: _past_order(given, row, order, contract) for row in given.get("earlier orders", [])}
    known |= {row["reference"]: PastPrice.model_validate(record(row)) for row in given.get("earlier prices", [])}
    for name in LISTS:
        if name in said:
            said[name] = [known[reference.strip()] for reference in said[name].split(",")]
    for name in SINGLE:
        if name in said:
            said[name] = known[said[name]]
    if "drawn" in said:
        said["drawn"] = _drawn(said["drawn"], contract, said.get("blanket"))
    return Facts.model_validate(said)


def _past_order(given: dict[str, Any], row: Row, order: Order, contract: Contract | None) -> PastOrder:
    """An earlier order; where its lines are given, how much it is like this one follows from them."""
    own = dict(row)
    if "content" in own:
        own["content"] = digest(order) if own["content"] == "same" else "0" * 32
    lines = tuple(_past_line(record(r), contract) for r in given.get(f"lines of {row['reference']}", []))
    alike = {"likeness": likeness([past_line(line) for line in order.lines], lines)} if lines else {}
    return PastOrder.model_validate({"vendor_id": "V-1", "approved": True} | record(own) | alike | {"lines": lines})


def _past_line(said: dict[str, Any], contract: Contract | None) -> PastLine:
    line = past_line(OrderLine.model_validate(said))
    price = next((p for p in contract.prices if p.supplier_item_id in line.item_ids), None) if contract else None
    if price is None or contract is None:
        return line
    return line.model_copy(update={"owner": f"contract {contract.contract_id}", "item": item_of(price), "drawn": line.quantity})


def _drawn(cell: str, contract: Contract | None, blanket: PastOrder | None) -> list[Drawn]:
    """`700 of BOLT-M8 in the year, 900 over the term`, of the contract or the blanket order."""
    found = re.fullmatch(r"(\S+) of (\S+) in the year, (\S+) over the term", cell)
    assert found, cell
    if blanket is not None and blanket.order_number:
        item = next(released_item(line) for line in blanket.lines if found[2] in line.item_ids)
        return [Drawn(owner=blanket_owner("V-1", blanket.order_number), item=item, year=found[1], term=found[3])]
    assert contract is not None
    item = next(item_of(p) for p in contract.prices if p.supplier_item_id == found[2])
    return [Drawn(owner=f"contract {contract.contract_id}", item=item, year=found[1], term=found[3])]


VENDOR = Vendor(vendor_id="V-1", name="Nordlund Supplies", category="hardware")


@lru_cache
def _book(bodies: tuple[str, ...]) -> VendorBook:
    return VendorBook([Vendor.model_validate_json(body) for body in bodies])


def findings(given: dict[str, Any], when: str) -> tuple[Finding, ...]:
    """Everything that vendor, contract, order and routing say about the case, as they run in the graph."""
    tree = case(given, when)
    order = Order.model_validate(tree["order"])
    contract = Contract.model_validate(tree["contract"]) if "contract_id" in tree["contract"] else None
    decided = Policy.model_validate(tree["policy"])
    match, vendor = VendorMatch(vendor_id="V-1", how="id", score=100), VENDOR
    if tree["vendors"]:
        book = _book(tuple(Vendor.model_validate(v).model_dump_json() for v in tree["vendors"]))
        match = book.match(order.supplier)
        vendor = book.get(match.vendor_id or "")  # type: ignore[assignment]
    own = tuple(c for c in (contract,) if c and vendor and c.vendor_id == vendor.vendor_id)
    selected = select(order, vendor, own)
    facts = past(given, tree["past"], order, contract)
    subject = Subject(
        order=order, match=match, vendor=vendor, contract=selected, contracts=own, facts=facts, policy=decided,
        tolerances=decided.tolerances_for(match.vendor_id, vendor.category if vendor else None, selected.contract_id if selected else None),
        base_amount=_base(order, decided),
    )  # fmt: skip
    checked = check(subject, vendor_findings(order, match, vendor, decided, facts.today))
    return checked.findings + (_routed(given, order, checked, decided) if "people" in given else ())


def _base(order: Order, decided: Policy) -> Decimal | None:
    day = order.issue_date or dt.date(2026, 6, 1)
    return None if order.amount is None else decided.fx.convert(order.amount, (order.currency or "EUR").upper(), "EUR", day)


def _routed(given: dict[str, Any], order: Order, checked: Any, decided: Policy) -> tuple[Finding, ...]:
    """What routing notices, with every exception accepted."""
    verified = VerifiedOrder(order=order, lane=Lane.STRUCTURED, reading=Reading(verdict=Verdict.CLEAR, confidence=1.0))
    accepted = {f.code: Answer(task_id="1", person="P-9", decision="approve") for f in checked.blocking}
    people = Directory([Person.model_validate(record(row)) for row in given["people"]])
    return route(CheckedOrder(verified=verified, check=checked, accepted=accepted), decided, people, "0" * 64).findings
