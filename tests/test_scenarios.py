"""The scenarios in tests/scenarios: tables that a buyer can read, each row one order and every finding that it must have.

A document has `## Given the ...` sections (the case that every row starts from) and sections of rows with the columns
when, then, at, expected, actual, at stake.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from signoff.domain.checks.checking import check
from signoff.domain.checks.content import digest
from signoff.domain.checks.selection import select
from signoff.domain.checks.subject import Subject
from signoff.domain.contract import Contract
from signoff.domain.facts import Facts, PastOrder, PastPrice
from signoff.domain.findings import Code, Finding, Group
from signoff.domain.order import Order
from signoff.domain.policy import Policy
from signoff.domain.vendor import Vendor, VendorMatch

HERE = Path(__file__).parent / "scenarios"
VENDOR = Vendor(vendor_id="V-1", name="Nordlund Supplies")
LISTS = ("same_number", "same_content", "window", "prices")
Row = dict[str, str]
Found = tuple[str, str, str, str, str]


@dataclass
class Scenario:
    """One `when` with the findings it must have."""

    name: str
    given: dict[str, list[Row]]
    found: list[Found]


def sections(text: str) -> Iterator[tuple[str, list[Row]]]:
    """Each `## heading` with the rows of its table."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, *lines = part.splitlines()
        table = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")]
        table = [[*cells, *[""] * (len(table[0]) - len(cells))] for cells in table]
        yield heading.strip(), [dict(zip(table[0], cells, strict=True)) for cells in table[2:]]


def scenarios(path: Path) -> list[Scenario]:
    parts = list(sections(path.read_text(encoding="utf-8")))
    given = {heading.removeprefix("Given the "): rows for heading, rows in parts if heading.startswith("Given")}
    told: list[Scenario] = []
    for row in (row for heading, rows in parts if not heading.startswith("Given") for row in rows):
        if row["when"]:
            told.append(Scenario(row["when"], given, []))
        if row["then"] != "no finding":
            told[-1].found.append((row["then"], row["at"], row["expected"], row["actual"], row["at stake"]))
    return told


def value(name: str, cell: str) -> Any:
    """A cell as the field takes it."""
    pairs = re.findall(r"from (\S+): (\S+)", cell)
    if name == "tiers":
        return [{"from_quantity": start, "price": price} for start, price in pairs]
    if name == "discounts":
        return [{"from_amount": start, "percent": percent} for start, percent in pairs]
    if name == "units":
        return dict(re.findall(r"(\S+) = (\S+)", cell))
    if name == "spend_cap":
        amount, _, per = cell.partition(" ")
        return {"amount": amount, "per": "year" if "year" in per else "term"}
    if name == "allowances_charges":
        return [{"charge": False, "amount": cell.removesuffix(" off")}]
    return None if cell == "nothing" else cell


def record(row: Row) -> dict[str, Any]:
    return {name: value(name, cell) for name, cell in row.items() if cell}


def terms(rows: list[Row]) -> dict[str, Any]:
    """A table of two columns: name and value."""
    return {name: value(name, cell) for name, cell in (tuple(row.values()) for row in rows)}


def policy(rows: list[Row]) -> dict[str, Any]:
    said: dict[str, str] = dict(tuple(row.values()) for row in rows)
    limits = [limit.strip() for limit in said.pop("approvals above", "1000000").split(",")]
    rules = [{"name": f"above {limit}", "when": {"amount_above": limit}, "steps": [{"role": "head"}]} for limit in limits]
    budgets = [(re.findall(r"budget of (\S+) in (\d+)", name)[0], amount) for name, amount in said.items()]
    return {
        "version": 1,
        "dated": dt.date(2026, 1, 1),
        "company": {"name": "Fjordby Works"},
        "base_currency": "EUR",
        "tolerances": {},
        "approvals": rules,
        "budgets": [{"cost_center": center, "year": int(year), "amount": amount} for (center, year), amount in budgets],
    }


def case(scenario: Scenario) -> dict[str, Any]:
    """The given case as trees of plain values, with what `when` changes."""
    given = scenario.given
    tree: dict[str, Any] = {
        "contract": terms(given["contract"]) | {"prices": [record(r) for r in given.get("prices", [])]},
        "order": terms(given["order"]) | {"lines": [record(r) for r in given["lines"]]},
        "policy": policy(given.get("policy", [])),
        "past": {"today": "2026-06-01"},
    }
    for change in scenario.name.split("; ") if scenario.name != "nothing changes" else []:
        who, name, cell = re.fullmatch(r"(line \d+|price \d+|order|contract|policy|past) (\w+) is (.+)", change).groups()  # type: ignore[union-attr]
        target = tree["policy"]["tolerances"] if who == "policy" else tree.get(who)
        if target is None:
            kind, number = who.split()
            target = (tree["order"]["lines"] if kind == "line" else tree["contract"]["prices"])[int(number) - 1]
        target[name] = value(name, cell)
    return tree


def past(scenario: Scenario, said: dict[str, Any], lines: str) -> Facts:
    """Facts, with the rows that are named by reference put in their place."""
    rows = copy.deepcopy([*scenario.given.get("earlier orders", []), *scenario.given.get("earlier prices", [])])
    known: dict[str, Any] = {}
    for row in rows:
        if "content" in row:
            row["content"] = lines if row["content"] == "same" else "0" * 32
        model = PastPrice if "item_id" in row else PastOrder
        known[row["reference"]] = model.model_validate(record(row))
    for name in LISTS:
        if name in said:
            said[name] = [known[reference.strip()] for reference in said[name].split(",")]
    if "original" in said:
        said["original"] = known[said["original"]]
    return Facts.model_validate(said)


def findings(scenario: Scenario) -> tuple[Finding, ...]:
    tree = case(scenario)
    order, contract = Order.model_validate(tree["order"]), Contract.model_validate(tree["contract"])
    own = tuple(c for c in (contract,) if c.vendor_id == VENDOR.vendor_id)
    decided = Policy.model_validate(tree["policy"])
    subject = Subject(
        order=order,
        match=VendorMatch(vendor_id=VENDOR.vendor_id, how="id", score=100),
        vendor=VENDOR,
        contract=select(order, VENDOR, own),
        contracts=own,
        facts=past(scenario, tree["past"], digest(order)),
        policy=decided,
        tolerances=decided.tolerances_for(VENDOR.vendor_id),
        base_amount=order.amount,
    )
    return check(subject).findings


ALL = [(path.stem, scenario) for path in sorted(HERE.glob("*.md")) for scenario in scenarios(path)]


@pytest.mark.parametrize("scenario", [s for _, s in ALL], ids=[f"{stem}: {s.name}" for stem, s in ALL])
def test_scenario(scenario: Scenario) -> None:
    found = [(f.code.value, f.field, f.expected, f.actual, "" if f.amount is None else f"{f.amount:.2f}") for f in findings(scenario)]
    assert sorted(found) == sorted(scenario.found)


def test_every_code_of_contract_and_order_has_a_scenario() -> None:
    told = {found[0] for _, scenario in ALL for found in scenario.found}
    routing = {Code.REQUESTER_IS_APPROVER, Code.APPROVER_LIMIT}
    assert {c.value for c in Code if c.group in (Group.CONTRACT, Group.ORDER)} - routing == told
