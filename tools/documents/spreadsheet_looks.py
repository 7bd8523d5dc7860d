"""What a person sees of a sheet beyond its values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Looks:
    """How a sheet looks: 0-based (row, column) -> printed text or computed result, what is hidden, and the one currency formats print.

    `unknown` are cells of formulas that nobody computed, of use where no value is stored either.
    """

    printed: dict[tuple[int, int], str | Decimal] = field(default_factory=dict)
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    cells: frozenset[tuple[int, int]] = frozenset()
    currency: str | None = None
    unknown: frozenset[tuple[int, int]] = frozenset()
