"""Orders that are checked at the same moment, each by a process of its own on one database: no two take the last of anything."""

from __future__ import annotations

import multiprocessing as mp
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from office import Office, paper

from signoff.domain.contract import Contract, QuantityTotal, SpendCap
from signoff.domain.findings import Code
from signoff.domain.policy import Budget
from signoff.domain.stages import Check
from signoff.graph.desk import Desk
from signoff.graph.jobs import take_in
from signoff.graph.store.rows import Case
from signoff.tools.documents.document import Source
from signoff.tools.intake import contents

FILE, NUMBERS = "xml/4500018001.xml", (4500019001, 4500019002, 4500019003)
"""Each order is of 444.00 EUR for cost centre CC-4100: 60 of LH-6204 at 4.20, and something else."""

BEYOND = {Code.SPEND_CAP_EXCEEDED: 1, Code.ABOVE_MAXIMUM: 1, Code.TIER_PRICE_MISSED: 2, Code.BUDGET_EXCEEDED: 2}
"""How many of three orders come too late: the cap and the quantity hold for two, the tier begins with the second, the budget ends with
the first."""


def scarce(office: Office) -> None:
    """Little is left of everything."""
    changes = {"quantity_total": QuantityTotal(quantity=Decimal(130)), "tiers_on": "year"}

    def less(contract: Contract) -> Contract:
        prices = tuple(p.model_copy(update=changes) if p.supplier_item_id == "LH-6204" else p for p in contract.prices)
        return contract.model_copy(update={"spend_cap": SpendCap(amount=Decimal(900)), "prices": prices})

    own = tuple(map(less, office.services.contracts["V-1001"]))
    office.services = replace(office.services, contracts=office.services.contracts | {"V-1001": own})
    office.policy(budgets=(Budget(cost_center="CC-4100", year=2026, amount=Decimal(500)),))


def check(root: Path, start: Any) -> None:
    """One process: opens the office, and takes whatever is free once all are there."""
    office = Office(root)
    scarce(office)
    start.wait(120)
    office.work()
    office.close()


def test_orders_at_the_same_moment_cannot_both_take_the_last(tmp_path: Path) -> None:
    office = Office(tmp_path)
    cases = [c for n in NUMBERS for c in taken(office, str(n))]
    office.close()
    spawn = mp.get_context("spawn")
    start = spawn.Barrier(len(cases))
    processes = [spawn.Process(target=check, args=(tmp_path, start)) for _ in cases]
    for process in processes:
        process.start()
    for process in processes:
        process.join(180)
    assert [p.exitcode for p in processes] == [0] * len(cases)
    office = Office(tmp_path)
    found = [Desk(office.services, c.number).load("check", Check).findings for c in cases]
    assert {code: sum(any(f.code is code for f in each) for each in found) for code in BEYOND} == BEYOND
    office.close()


def taken(office: Office, number: str) -> list[Case]:
    source = Source(f"{number}.xml", paper(FILE, number=number))
    return take_in(office.services, source, contents(source))
