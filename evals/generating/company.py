"""A company from a seed: its vendors, the contracts with them, and its people with their limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from stdnum import ean
from stdnum.iso7064 import mod_11_10, mod_97_10

from signoff.evals.generating import names
from signoff.evals.generating.paper import Party, money, stream

CATEGORIES = (*["mro"] * 6, *["packaging"] * 3, *["castings"] * 2, *["office"] * 3, "it", "chemicals")
COUNTRIES = ("DE", "DE", "DE", "GB", "FR", "ES", "IT", "NL", "SE", "US")
MONEY = {"GB": "GBP", "US": "USD", "SE": "SEK"}
RATES = {"EUR": Decimal(1), "USD": Decimal("0.92"), "GBP": Decimal("1.17"), "SEK": Decimal("0.088")}
STARTS, ENDS = dt.date(2024, 1, 1), dt.date(2031, 12, 31)
SPECIAL = (
    "on_hold", "blocked", "pending", "certificate", "expired", "not_started", "cap", "discount", "minimum_order", "no_contract",
)  # fmt: skip
"""Vendors with something about them; ordinary orders go to the others."""
STRANGERS = 40
"""Firms that stand in no master."""


@dataclass(frozen=True)
class Price:
    """An agreed item: `price` for `base` units, better from `tiers` on, in multiples, between minimum and maximum."""

    part: str
    buyer_part: str
    description: str
    unit: str
    price: Decimal
    base: Decimal = Decimal(1)
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    minimum: Decimal | None = None
    multiple: Decimal | None = None
    maximum: Decimal | None = None

    def at(self, qty: Decimal) -> Decimal:
        """What `base` units cost when so many are ordered."""
        return min((price for least, price in self.tiers if qty >= least), default=self.price)


@dataclass(frozen=True)
class Contract:
    """What was agreed with a vendor."""

    contract_id: str
    currency: str
    prices: tuple[Price, ...]
    payment_days: int
    delivery_terms: str
    lead_days: int
    starts: dt.date = STARTS
    ends: dt.date = ENDS
    cap: Decimal | None = None
    minimum_order: Decimal | None = None
    discount: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True)
class Vendor:
    """A vendor of the master. `special` is what is wrong or particular about it, empty for most."""

    vendor_id: str
    party: Party
    category: str
    contract: Contract
    special: str = ""

    @property
    def status(self) -> str:
        return self.special if self.special in ("on_hold", "blocked", "pending") else "active"


@dataclass(frozen=True)
class Person:
    """Somebody who buys or signs. `limit` is in the base currency."""

    person_id: str
    name: str
    roles: tuple[str, ...]
    manager: str = ""
    limit: int | None = None
    cost_center: str = ""


@dataclass(frozen=True)
class Company:
    """The buyer with all it knows."""

    seed: int
    party: Party
    vendors: tuple[Vendor, ...]
    people: tuple[Person, ...]
    teams: tuple[tuple[str, tuple[Person, ...]], ...]
    strangers: tuple[Party, ...]

    def ordinary(self) -> list[Vendor]:
        return [v for v in self.vendors if not v.special]

    def with_special(self, special: str) -> list[Vendor]:
        return [v for v in self.vendors if v.special == special]

    def holding(self, role: str) -> list[Person]:
        return [p for p in self.people if role in p.roles]

    def person(self, person_id: str) -> Person:
        return next(p for p in self.people if p.person_id == person_id)


def make_company(seed: int, vendor_count: int) -> Company:
    """A company with so many vendors, the particular ones among them."""
    rng = stream(seed, "company")
    words = names.stems(rng, vendor_count + 1 + STRANGERS)
    people = tuple(_people(rng))
    centers = sorted({p.cost_center for p in people if "department_head" in p.roles})
    teams = tuple((c, tuple(p for p in people if p.cost_center == c and p.roles == ("requester",))) for c in centers)
    own = replace(_party(rng, f"{words[0]} Pumpen GmbH", "DE", 0), bank="")
    each = max(1, vendor_count // 40)
    special = [s for s in SPECIAL for _ in range(each)]
    kinds = special + [""] * (vendor_count - len(special))
    vendors = tuple(
        _vendor(stream(seed, "vendor", i), i, word, kind)
        for i, (word, kind) in enumerate(zip(words[1 : vendor_count + 1], kinds, strict=True), 1)
    )
    strangers = tuple(_stranger(rng, word, n) for n, word in enumerate(words[vendor_count + 1 :], 900))
    return Company(seed, own, vendors, people, teams, strangers)


def _stranger(rng: Random, word: str, index: int) -> Party:
    country = rng.choice(COUNTRIES)
    return replace(_party(rng, f"{word} Trading {names.FORMS[country]}", country, index), bank="")


def _party(rng: Random, name: str, country: str, index: int) -> Party:
    postcode, city = rng.choice(names.TOWNS[country])
    number = f"952{index:09}"
    tax = f"{90000000 + index * 37:08}"
    account = f"{rng.randrange(10**10):010}"
    bank = f"99900000{account}"
    return Party(
        name=name,
        id=number + ean.calc_check_digit(number),
        tax_id=f"DE{tax}{mod_11_10.calc_check_digit(tax)}" if country == "DE" else "",
        street=f"{names.STREETS[country]} {rng.randrange(1, 140)}",
        postcode=postcode,
        city=city,
        country=country,
        bank=f"DE{mod_97_10.calc_check_digits(bank + 'DE')}{bank}" if country == "DE" else "",
    )


def _vendor(rng: Random, index: int, word: str, special: str) -> Vendor:
    country, category = rng.choice(COUNTRIES), rng.choice(CATEGORIES[:-2] if special else CATEGORIES)
    name = f"{word} {rng.choice(names.TRADES[category])} {names.FORMS[country]}"
    party = _party(rng, name, country, index)
    contract = _contract(rng, index, country, special)
    return Vendor(f"V-{1000 + index}", party, category, contract, special)


def _contract(rng: Random, index: int, country: str, special: str) -> Contract:
    prefix = "".join(rng.choice("BCDFGHKLMNPRSTVWX") for _ in range(2))
    plain = special in ("discount", "minimum_order", "cap")
    chances = 3 if plain else 8 if rng.random() < 0.12 else 7
    prices = tuple(
        _price(rng, f"{prefix}{rng.choice(('-', ''))}{1000 + 13 * n}", index * 100 + n, country, chances)
        for n in range(1, 61 if rng.random() < 0.1 else 13)
    )
    contract = Contract(
        contract_id=f"K-2024-{index:03}",
        currency=MONEY.get(country, "EUR"),
        prices=prices,
        payment_days=rng.choice((14, 30, 30, 45, 60)),
        delivery_terms=rng.choice(("DAP Neuhalden", "DAP Neuhalden", "FCA " + names.TOWNS[country][0][1])),
        lead_days=rng.choice((3, 5, 7, 10)),
    )
    return _with_terms(contract, special)


def _with_terms(contract: Contract, special: str) -> Contract:
    """What the contract of a particular vendor says besides."""
    if special == "expired":
        return replace(contract, ends=dt.date(2025, 12, 31))
    if special == "not_started":
        return replace(contract, starts=dt.date(2027, 6, 1))
    if special == "cap":
        return replace(contract, cap=Decimal(20000))
    if special == "minimum_order":
        return replace(contract, minimum_order=money(400 / RATES[contract.currency]))
    return replace(contract, discount=(Decimal(1000), Decimal(3))) if special == "discount" else contract


def _price(rng: Random, part: str, number: int, country: str, chances: int) -> Price:
    """One item. Of `chances` the first three mean nothing, the others a rule each; the last is a price for a hundred."""
    each = money(Decimal(str(round(10 ** rng.uniform(0.2, 2.6), 2))))
    price = Price(part, str(300000 + number), names.goods(rng, country), rng.choice(("EA", "EA", "EA", "EA", "KGM", "MTR", "SET")), each)
    kind = rng.randrange(chances)
    if kind == 3 and each > 2:
        return replace(price, tiers=((Decimal(50), money(each * Decimal("0.93"))), (Decimal(200), money(each * Decimal("0.85")))))
    if kind in (4, 5):
        return replace(price, multiple=Decimal(rng.choice((5, 10, 12))))
    if kind == 6:
        return replace(price, minimum=Decimal(rng.choice((3, 5, 8))), maximum=Decimal(500))
    return replace(price, base=Decimal(100), price=money(each * 20)) if kind == 7 and price.unit == "EA" else price


def _people(rng: Random) -> Iterator[Person]:
    """A managing director, two chiefs below, plants and departments below them, and those who look after things."""
    made = 0

    def one(roles: str, manager: str = "", limit: int | None = None, center: str = "") -> Person:
        nonlocal made
        made += 1
        return Person(f"P-{made:03}", names.person(made, rng), tuple(roles.split(";")), manager, limit, center)

    md = one("managing_director", limit=1_000_000)
    cfo, coo = one("cfo", md.person_id, 250_000), one("coo", md.person_id, 100_000)
    plants = [one("plant_manager", coo.person_id, 25_000) for _ in range(2)]
    heads = [one("department_head", plants[n % 2].person_id, 5_000, f"CC-{4100 + 100 * n}") for n in range(6)]
    yield from (md, cfo, coo, *plants, *heads)
    manager = one("procurement_manager", cfo.person_id, 25_000)
    yield from (manager, one("procurement_manager", cfo.person_id, 25_000))
    for role, boss in (
        ("buyer", manager),
        ("planner", plants[0]),
        ("compliance", md),
        ("legal", md),
        ("it_security", cfo),
        ("controlling", cfo),
    ):
        yield from (one(role, boss.person_id) for _ in range(2))
    for head in heads:
        yield from (one("requester", head.person_id, center=head.cost_center) for _ in range(3))
