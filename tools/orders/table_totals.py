"""The totals under a table: which printed figure is the sum of the lines, which the tax, which is to be paid.

`Total` alone means either; the figures themselves tell which: the one that equals the lines' sum, or that sum with tax and charges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from signoff.domain.reading import Evidence, Region
from signoff.tools.orders.cells import Grid
from signoff.tools.orders.column_roles import SUMS
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.table_form import FormField
from signoff.tools.orders.values import number

_CENT = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed total with where it stands."""

    pointer: str
    value: Decimal
    evidence: Evidence
    label: str


def put_totals(draft: Draft, fields: Iterable[tuple[Grid, FormField]]) -> None:
    """Totals, tax, allowances and charges. Figures that contradict each other are left out with a notice."""
    figures = [f for grid, found in fields if (f := _figure(grid, found))]
    extra = _charges(draft, figures)
    tax = _tax(draft, [f for f in figures if f.pointer == "/tax_total"], figures)
    lines = _sum(draft)
    nets = [f for f in figures if f.pointer == "/line_total"]
    gross = [f for f in figures if f.pointer == "/payable_amount"]
    net = _chosen(draft, "/line_total", nets, {lines} - {None})
    base = net.value if net else lines
    due: set[Decimal | None] = {base + (tax or 0) + extra} if base is not None else set()
    if not net and base is not None and (tax or extra):
        net = next((f for f in gross if abs(f.value - base) <= _CENT), None)
        gross = [f for f in gross if f is not net]
    if net:
        draft.put("/line_total", net.value, net.evidence)
    chosen = _chosen(draft, "/payable_amount", gross, due)
    if chosen:
        draft.put("/payable_amount", chosen.value, chosen.evidence)


def _figure(grid: Grid, found: FormField) -> Figure | None:
    if found.pointer not in SUMS and found.pointer not in ("charge", "allowance"):
        return None
    value = grid.number(found.place)
    value = number(found.text, grid.habits.mark) if value is None else value
    return None if value is None else Figure(found.pointer, value, grid.evidence(found.place, Region.TOTALS, found.text), found.label)


def _sum(draft: Draft) -> Decimal | None:
    """The sum of the lines' amounts, when every line has one."""
    amounts = [line.get("line_amount") for line in draft.tree.get("lines", [])]
    return None if None in amounts or not amounts else sum(amounts, Decimal(0))


def _charges(draft: Draft, figures: Sequence[Figure]) -> Decimal:
    """Put each allowance and charge; their effect on the total."""
    effect = Decimal(0)
    own = [f for f in figures if f.pointer in ("charge", "allowance") and f.value]
    for index, figure in enumerate(own):
        charge, amount = figure.pointer == "charge", abs(figure.value)
        draft.put(f"/allowances_charges/{index}/charge", charge)
        draft.put(f"/allowances_charges/{index}/amount", amount, figure.evidence)
        draft.put(f"/allowances_charges/{index}/reason", figure.label.rstrip(": ")[:200])
        effect += amount if charge else -amount
    return effect


def _tax(draft: Draft, taxes: Sequence[Figure], figures: Sequence[Figure]) -> Decimal | None:
    """The tax; of several (two rates, state and city) their sum when a printed total proves it."""
    if not taxes:
        return None
    values = {f.value for f in taxes}
    total = sum((f.value for f in taxes), Decimal(0))
    if len(values) == 1 or len(taxes) == 1:
        draft.put("/tax_total", taxes[0].value, taxes[0].evidence)
        return taxes[0].value
    nets = [f.value for f in figures if f.pointer == "/line_total"] or [_sum(draft) or Decimal(0)]
    gross = [f.value for f in figures if f.pointer == "/payable_amount"]
    largest = max(taxes, key=lambda f: f.value)
    for candidate, evidence in ((total, taxes[-1].evidence), (largest.value, largest.evidence)):
        if any(abs(n + candidate - g) <= _CENT for n in nets for g in gross):
            draft.put("/tax_total", candidate, evidence)
            return candidate
    _contradiction(draft, "/tax_total", taxes)
    return None


def _chosen(draft: Draft, pointer: str, figures: Sequence[Figure], expected: set[Decimal | None]) -> Figure | None:
    """The figure that the arithmetic expects, else the only one; several that nothing decides between are a contradiction."""
    proved = next((f for f in figures if any(e is not None and abs(f.value - e) <= _CENT for e in expected)), None)
    if proved or len({f.value for f in figures}) <= 1:
        return proved or next(iter(figures), None)
    _contradiction(draft, pointer, figures)
    return None


def _contradiction(draft: Draft, pointer: str, figures: Sequence[Figure]) -> None:
    shown = " and ".join(f"{f.evidence.text} ({f.evidence.where})" for f in figures[:4])
    draft.notice("readings_disagree", pointer, f"The document prints more than one figure for this: {shown}.")
