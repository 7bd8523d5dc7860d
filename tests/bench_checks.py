"""`make bench`: checking one order against 1,000 contracts and 100,000 past orders. Prints figures, fails on nothing.

What is timed is what the contract step does for an order of five lines: choose the contract, look back, and check. Once with the
contracts spread over 200 vendors, once with all of them at one vendor, who got every past order too.

Usage: python tests/bench_checks.py [ORDERS]
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median

from signoff.domain.checks.changes import past_line
from signoff.domain.checks.content import digest
from signoff.domain.checks.selection import select
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.contract import Contract, PriceLine, QuantityTotal, SpendCap, Tier
from signoff.domain.facts import PastOrder, PastPrice
from signoff.domain.order import Order, OrderLine
from signoff.domain.people import Directory
from signoff.domain.policy import Policy
from signoff.domain.vendor import Vendor, VendorMatch
from signoff.graph.judging import judged
from signoff.graph.services import Services
from signoff.graph.store.sqlite import SqliteStore
from signoff.tools.archive import Archive
from signoff.tools.erp.sqlite import SqliteERP
from signoff.tools.looking_back import Agreed, Looking

CONTRACTS, ITEMS, ROUNDS = 1000, 200, 300
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
TODAY = NOW.date()
POLICY = Policy.model_validate(
    {
        "version": 1,
        "dated": "2026-01-01",
        "company": {"name": "Fjordby Works"},
        "base_currency": "EUR",
        "approvals": [{"name": "above 500", "when": {"amount_above": "500"}, "steps": [{"role": "head"}]}],
        "budgets": [{"cost_center": f"CC-{n}", "year": 2026, "amount": "1000000000"} for n in range(50)],
    }
)


@dataclass(frozen=True)
class Timed:
    """Milliseconds of processor time an order takes of each part of the check."""

    choose: float
    look: float
    check: float

    @property
    def whole(self) -> float:
        return self.choose + self.look + self.check


PARTS: dict[str, Callable[[Timed], float]] = {
    "choose the contract": lambda t: t.choose, "look back": lambda t: t.look, "check": lambda t: t.check, "in all": lambda t: t.whole,
}  # fmt: skip


def item(vendor: int, contract: int, n: int) -> str:
    """Every tenth item is in all contracts of the vendor."""
    return f"V{vendor}-S-{n:04d}" if n % 10 == 0 else f"V{vendor}-{contract}-{n:04d}"


def contracts(vendors: int) -> list[Contract]:
    """A thousand of 200 price lines each, with caps, tiers on the year and limits in all."""
    made = []
    for n in range(CONTRACTS):
        vendor = n % vendors
        lines = tuple(
            PriceLine(
                supplier_item_id=item(vendor, n // vendors, i), unit="EA", price=Decimal(i % 50 + 1),
                tiers=(Tier(from_quantity=Decimal(10_000), price=Decimal("0.5")),), tiers_on="year",
                quantity_total=QuantityTotal(quantity=Decimal(10**9)),
            )
            for i in range(ITEMS)
        )  # fmt: skip
        cap = SpendCap(amount=Decimal(10**9))
        made.append(
            Contract(
                contract_id=f"K-{n:04d}", vendor_id=f"V-{vendor}", starts=dt.date(2025, 1, 1), currency="EUR", spend_cap=cap, prices=lines
            )
        )
    return made


def ordered(vendors: int, n: int, rng: random.Random) -> Order:
    vendor, contract = n % vendors, rng.randrange(CONTRACTS // vendors)
    numbers = rng.sample(range(ITEMS), 5)
    lines = tuple(
        OrderLine(
            line_number=str(i + 1), supplier_item_id=item(vendor, contract, at), quantity=Decimal(rng.randint(1, 9)), unit="EA",
            unit_price=Decimal(at % 50 + 1),
        )
        for i, at in enumerate(numbers)
    )  # fmt: skip
    day = TODAY - dt.timedelta(days=rng.randrange(365))
    return Order(
        order_number=f"PO-{n:07d}", issue_date=day, currency="EUR", requester=f"P-{n % 300}", cost_center=f"CC-{n % 50}", lines=lines
    )


def history(vendors: int, count: int) -> Iterator[tuple[PastOrder, str | None, tuple[PastPrice, ...]]]:
    rng = random.Random(5)
    for n in range(count):
        order = ordered(vendors, n, rng)
        past = PastOrder(
            reference=f"PO-{n:07d}", vendor_id=f"V-{n % vendors}", order_number=order.order_number, issue_date=order.issue_date,
            requester=order.requester, cost_center=order.cost_center, category="parts", currency="EUR", amount=order.amount,
            base_amount=order.amount, contract_amount=order.amount, content=digest(order), lines=tuple(map(past_line, order.lines)),
        )  # fmt: skip
        prices = tuple(
            PastPrice(
                item_id=line.item_ids[0], unit="EA", currency="EUR", unit_price=line.unit_price or Decimal(0), reference=past.reference
            )
            for line in order.lines
        )
        yield past, f"K-{n % vendors:04d}", prices


def services(root: Path, vendors: int, count: int) -> tuple[Services, float]:
    """The company, and how many seconds its past took to take in."""
    store = SqliteStore(root / "signoff.db", b"key")
    by_vendor: dict[str, tuple[Contract, ...]] = {}
    for contract in contracts(vendors):
        by_vendor[contract.vendor_id] = (*by_vendor.get(contract.vendor_id, ()), contract)
    started = time.perf_counter()
    with store.transaction():
        store.past.import_history(history(vendors, count))
    took = time.perf_counter() - started
    book = VendorBook([Vendor(vendor_id=f"V-{n}", name=f"Vendor {n}", category="parts") for n in range(vendors)])
    made = Services(
        store=store, archive=Archive(root / "archive"), erp=SqliteERP(root / "erp.db"), clock=lambda: NOW, policy=POLICY,
        policy_hash="0" * 64, people=Directory([]), vendors=book, contracts=by_vendor,
    )  # fmt: skip
    return made, took


def checked(company: Services, order: Order, vendor: str) -> Timed:
    """One order as the contract step takes it."""
    marks = [time.process_time()]
    supplier = company.vendors.get(vendor)
    own = company.contracts_of(vendor, order.issue_date or TODAY)
    agreed = select(order, supplier, own, TODAY)
    marks.append(time.process_time())
    with company.store.transaction():
        facts = Looking(company.store.past, POLICY.tolerances, TODAY, 0).facts(order, Agreed(supplier, agreed, own))
        marks.append(time.process_time())
        judged(company, order, VendorMatch(vendor_id=vendor, how="id", score=100), agreed, facts)
        marks.append(time.process_time())
    return Timed(*(1000 * (after - before) for before, after in pairwise(marks)))


def main(count: int) -> None:
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"one order of 5 lines against {CONTRACTS} contracts of {ITEMS} price lines and {count} past orders; ms of CPU")
    for vendors in (200, 1):
        with tempfile.TemporaryDirectory() as scratch:
            company, took = services(Path(scratch), vendors, count)
            rng = random.Random(7)
            orders = [ordered(vendors, n, rng) for n in range(count, count + ROUNDS)]
            first = [checked(company, order, f"V-{n % vendors}") for n, order in enumerate(orders[:vendors], count)]
            times = [checked(company, order, f"V-{n % vendors}") for n, order in enumerate(orders, count)]
            company.store.close()
        print(f"{'200 vendors' if vendors > 1 else 'one vendor'} (history taken in: {count / took:.0f} orders/s)")
        for name, part in PARTS.items():
            values = sorted(map(part, times))
            print(f"  {name:22} median {median(values):7.2f}   95 % {values[int(len(values) * 0.95)]:7.2f}   worst {values[-1]:7.2f}")
        values = sorted(t.whole for t in first)
        print(f"  {'the first of a vendor':22} median {median(values):7.2f}   worst {values[-1]:7.2f} (its contracts are indexed)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
