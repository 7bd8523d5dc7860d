"""What a generated paper says: parties, lines, sums. What is `None` is not printed, and so not in the truth either."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

CENT = Decimal("0.01")


def stream(*parts: object) -> Random:
    """A source of chance of its own for each thing that is drawn, so that one more order changes no other."""
    return Random("/".join(str(p) for p in parts))


def money(amount: Decimal) -> Decimal:
    """To the cent, half up, as papers print it."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Party:
    """A company on paper. `id` is a GLN."""

    name: str
    id: str = ""
    tax_id: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    bank: str = ""

    @property
    def address(self) -> list[str]:
        """Street, town, country, as printed below the name."""
        return [t for t in (self.street, f"{self.postcode} {self.city}".strip(), self.country) if t]


@dataclass(frozen=True)
class Line:
    """One item. `price` is for `base` units; `unit` is a code of UN/ECE Recommendation 20."""

    number: str
    part: str
    buyer_part: str
    description: str
    qty: Decimal
    unit: str
    price: Decimal
    base: Decimal
    amount: Decimal | None = None
    delivery: dt.date | None = None
    amount_shown: bool = True


@dataclass(frozen=True)
class Charge:
    """Freight (`charge`) or a discount, for the whole order."""

    charge: bool
    amount: Decimal
    reason: str


@dataclass(frozen=True)
class Order:
    """One paper's order. `kind` is order, change, or what only looks like one: invoice, quotation, response."""

    number: str | None
    date: dt.date
    buyer: Party
    supplier: Party
    currency: str
    lines: tuple[Line, ...]
    kind: str = "order"
    ship_to: Party | None = None
    reference: str | None = None
    contract_ref: str | None = None
    requester: str | None = None
    cost_center: str | None = None
    payment_terms: str | None = None
    delivery_terms: str | None = None
    delivery_date: dt.date | None = None
    charges: tuple[Charge, ...] = ()
    tax_percent: Decimal | None = None
    total_printed: Decimal | None = None
    total_shown: bool = True
    notes: tuple[str, ...] = ()
    hidden: str | None = None

    @property
    def net(self) -> Decimal:
        """The sum of the lines as printed."""
        return sum((line.amount or CENT * 0 for line in self.lines), Decimal("0.00"))

    @property
    def subtotal(self) -> Decimal:
        """The lines with freight and discounts, before tax."""
        return self.net + sum((c.amount if c.charge else -c.amount for c in self.charges), Decimal("0.00"))

    @property
    def tax(self) -> Decimal | None:
        return None if self.tax_percent is None else money(self.subtotal * self.tax_percent / 100)

    @property
    def total(self) -> Decimal:
        """What the paper says is to be paid, right or wrong."""
        return self.total_printed if self.total_printed is not None else self.subtotal + (self.tax or Decimal("0.00"))


@dataclass(frozen=True)
class Expected:
    """What a careful company makes of an order, by the generator's own knowledge.

    `asked` are the roles that must answer for a blocking finding or a doubtful paper, `route` the sign-offs in their order.
    """

    kind: str
    findings: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    outcome: str = "posted_unseen"
    asked: tuple[str, ...] = ()
    route: tuple[tuple[str, ...], ...] = ()
    posted: bool = True


@dataclass(frozen=True)
class Labelled:
    """An order with what is expected of it; `vendor` is its number in the master, `None` for a stranger."""

    order: Order
    expected: Expected
    vendor: str | None
    history: tuple[Order, ...] = ()
