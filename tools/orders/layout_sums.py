"""Lines of sums below the rows of a line table, and of charges on the whole order: what they name, and what they say."""

from __future__ import annotations

from collections.abc import Sequence

from signoff.tools.orders.labels import charge_label, header_field
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_figures import figure
from signoff.tools.orders.values import currency

TOTALS = frozenset({"/line_total", "/tax_total", "/payable_amount"})


def is_total(line: Line) -> bool:
    """Whether the line names a total, or a charge on the whole order, and says a figure and little else."""
    words = [c for c in line.cells if any(ch.isalpha() for ch in c.text)]
    held = figures(line)
    if not words or held > 4 or (held > 2 and len(words) > 1):
        return False
    labels = [c.text.partition(":")[0] for c in words] + [_without_figures(c) for c in words]
    named = [t for t in labels if header_field(t) in TOTALS]
    named += [t for t in labels if held == len(words) == 1 and _is_subtotal(t)]
    return bool(named) or (charge_label(labels[0]) is not None and len(words) == 1 and len(line.cells) == 2)


def _is_subtotal(label: str) -> bool:
    """Whether a label names the sum of a part: `Materials subtotal`."""
    *part, last = label.split() or [""]
    return 0 < len(part) <= 3 and len(last) > 3 and header_field(last) in TOTALS - {"/tax_total"}


def _without_figures(cell: Cell) -> str:
    """The words of a label without figures, marks and currencies: `Total KWD`, `VAT 20 %`."""
    words = [w.text for w in cell.words if not any(ch.isdigit() for ch in w.text) and len(w.text) > 1]
    return " ".join(w for w in words if not (len(w) == 3 and w.isupper() and currency(w)))


def sums(lines: Sequence[Line], span: range) -> set[int]:
    """The lines of totals: with their labels beside them, or a line of labels and the lines of figures right below it."""
    found = {i for i in span if is_total(lines[i])}
    for i in span:
        held = figures(lines[i])
        named = any(header_field(c.text) in TOTALS for c in lines[i].cells)
        if (named and not held and len(lines[i].cells) > 1) or (i - 1 in found and held > 1 and not any(map(_wordy, lines[i].cells))):
            found.add(i)
    return found


def figures(line: Line) -> int:
    """How many cells of a line are figures."""
    return sum(figure(c.text) for c in line.cells)


def _wordy(cell: Cell) -> bool:
    return not figure(cell.text) and sum(ch.isalpha() for ch in cell.text) > 3
