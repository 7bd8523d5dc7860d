"""Ordinary orders: what a company buys under its contracts when nothing is wrong."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from signoff.evals.generating.company import RATES, Company, Person, Price, Vendor
from signoff.evals.generating.paper import Charge, Line, Order, Party, money

FIRST_DAY, SLOT, SLOTS = dt.date(2026, 1, 19), 9, 33
"""Orders to one vendor lie nine days apart, so that nobody takes them for one order that was split."""
AMOUNTS = ((72, 30, 950), (20, 1_050, 9_000), (6, 9_000, 48_000), (2, 51_000, 180_000))
"""How often an order aims at what sum in euros."""


@dataclass
class Buying:
    """A company at work: which days and numbers are taken. `number` counts on from order to order."""

    company: Company
    used: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bought: set[tuple[str, Decimal]] = field(default_factory=set)
    number: int = 0

    def take(self, vendor: Vendor) -> tuple[dt.date, tuple[str, tuple[Person, ...]]]:
        """The vendor's next free day and the department that orders."""
        n = self.used[vendor.vendor_id]
        self.used[vendor.vendor_id] += 1
        teams = self.company.teams
        offset = int(vendor.vendor_id[2:]) % SLOT
        day = FIRST_DAY + dt.timedelta(days=SLOT * (n * 7 % SLOTS) + offset)
        return day, teams[(n // SLOTS + int(vendor.vendor_id[2:])) % len(teams)]

    def free(self, rng: Random, vendors: list[Vendor]) -> Vendor:
        """One of the vendors that were ordered from least."""
        least = min(self.used[v.vendor_id] for v in vendors)
        return rng.choice([v for v in vendors if self.used[v.vendor_id] == least])

    def next_number(self, rng: Random) -> str:
        """Numbers as different systems of one company give them."""
        self.number += rng.randrange(1, 4)
        return (f"45000{20000 + self.number}", f"PO-{20000 + self.number}", f"B26/{20000 + self.number}")[rng.randrange(3)]


def order(buying: Buying, rng: Random, vendor: Vendor, aim: tuple[int, int] | None = None, lines: int | None = None) -> Order:
    """An order within all that was agreed. `aim` is the span of its sum in euros, `lines` how many it has."""
    day, (center, team) = buying.take(vendor)
    contract = vendor.contract
    low, high = aim or _aim(rng)
    count = lines or rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8))
    if not lines and len(contract.prices) > 12 and rng.random() < 0.4:
        count = rng.randrange(15, 55)
    target = Decimal(rng.randrange(low, high)) / RATES[contract.currency]
    picked = _pick(rng, contract.prices, count, target)
    made = tuple(_line(buying, rng, n, price, target / len(picked)) for n, price in enumerate(picked, 1))
    wanted = day + dt.timedelta(days=contract.lead_days + rng.randrange(2, 30))
    placed = Order(
        number=buying.next_number(rng),
        date=day,
        buyer=buying.company.party,
        supplier=replace(vendor.party, bank=""),
        currency=contract.currency,
        lines=made,
        ship_to=site(buying.company, rng),
        contract_ref=contract.contract_id,
        requester=rng.choice(team).name,
        cost_center=center,
        payment_terms=str(contract.payment_days),
        delivery_terms=contract.delivery_terms,
        delivery_date=wanted,
    )
    return _within(placed, aim or (low, high))


def _within(placed: Order, aim: tuple[int, int]) -> Order:
    """Freight on some; never so near above a limit that a cent decides."""
    share = placed.net % 7
    freight = (Charge(True, money(Decimal(15) + share), "freight"),) if share < 1 and aim[0] > 1_000 else ()
    return replace(
        placed, charges=freight, tax_percent=Decimal(19) if placed.supplier.country == "DE" and share > 5 and aim[0] > 1_000 else None
    )


def _aim(rng: Random) -> tuple[int, int]:
    [(_, low, high)] = rng.choices(AMOUNTS, weights=[a[0] for a in AMOUNTS])
    return low, high


def site(company: Company, rng: Random) -> Party:
    """Where the goods go: the company itself or its second works."""
    own = company.party
    second = Party(f"{own.name} Werk 2", own.id[:-3] + "911", "", "Am Kanal 3", own.postcode, own.city, own.country)
    return replace(own, tax_id="") if rng.random() < 0.7 else replace(second, id="")


def _pick(rng: Random, prices: tuple[Price, ...], count: int, target: Decimal) -> list[Price]:
    """So many items, of which the sum can be reached; at least one."""
    least = {p: p.price / p.base * max(p.minimum or 1, p.multiple or 1) for p in prices}
    cheap = [p for p in prices if least[p] * count <= target] or [min(prices, key=lambda p: least[p])]
    return rng.sample(cheap, min(count, len(cheap)))


def _line(buying: Buying, rng: Random, n: int, price: Price, worth: Decimal) -> Line:
    """A line worth about so much, at the price its quantity earns; no item twice in the same quantity."""
    step = price.multiple or Decimal(1)
    wanted = max(Decimal(1), (worth * price.base / price.price).to_integral_value())
    qty = max(price.minimum or step, wanted // step * step, step)
    qty = min(qty, price.maximum or qty)
    while (price.buyer_part, qty) in buying.bought:
        qty = qty + step if price.maximum is None or qty < price.maximum else step * rng.randrange(10, 400)
    buying.bought.add((price.buyer_part, qty))
    return line_of(str(n * 10), price, qty)


def line_of(number: str, price: Price, qty: Decimal, each: Decimal | None = None) -> Line:
    """A line of an agreed item, at its price or another."""
    cost = price.at(qty) if each is None else each
    return Line(number, price.part, price.buyer_part, price.description, qty, price.unit, cost, price.base, money(qty * cost / price.base))
