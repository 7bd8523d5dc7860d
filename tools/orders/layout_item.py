"""An order line in the making, as it is read from the rows of laid-out text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from signoff.tools.orders.layout_cells import Cell
from signoff.tools.orders.layout_heading import FIGURES
from signoff.tools.orders.layout_roles import agrees

IDS = ("buyer_item_id", "supplier_item_id", "standard_item_id")
Value = str | Decimal | dt.date


@dataclass(frozen=True, slots=True)
class Own:
    """What is added to a line or (negative) taken off it, as an amount or as a rate in percent of quantity x price."""

    amount: Decimal
    cell: Cell
    reason: Cell | None = None
    percent: Decimal | None = None


@dataclass(slots=True)
class Item:
    """An order line in the making: values with the cells that prove them and what labels those, and what could not be converted.

    `told` is whether anything says which of two factors is the quantity; a product does not. `rest` is what stands around the row and is
    no value and no text of it.
    """

    values: dict[str, tuple[Value, Cell]] = field(default_factory=dict)
    unread: dict[str, Cell] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    own: list[Own] = field(default_factory=list)
    told: bool = True
    rest: list[Cell] = field(default_factory=list)

    def put(self, name: str, value: Value | None, cell: Cell, label: str | None = None) -> None:
        """Keep a value; the first for a field stays."""
        if value is not None and value != "" and name not in self.values:
            self.values[name] = (value, cell)
            if label:
                self.labels[name] = label

    def figure(self, name: str) -> Decimal | None:
        value = self.values.get(name, (None, None))[0]
        return value if isinstance(value, Decimal) else None

    @property
    def proved(self) -> bool:
        """Whether quantity x price / base, with the line's own allowances and charges, is the amount to the cent."""
        q, p, a = (self.figure(n) for n in FIGURES)
        base = self.figure("price_base_quantity") or Decimal(1)
        own = sum((o.amount for o in self.own), Decimal(0))
        return q is not None and p is not None and a is not None and agrees(q * p / base + own, a)
