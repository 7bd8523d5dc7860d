"""What laid-out text says about an order's money and size: its lines, charges, totals, and the count of rows it prints.

A total is the labelled figure that adds up with the lines, else the last one. Where no label can be read, figures below the lines that
are their sum, and their sum with the tax between, are the totals: arithmetic names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from signoff.domain.reading import Region
from signoff.tools.orders.draft import Draft, plain
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.layout_count import most, numbered, rows_with_figures, zeros
from signoff.tools.orders.layout_header import Found, charges
from signoff.tools.orders.layout_item import Item
from signoff.tools.orders.layout_table import Table
from signoff.tools.orders.layout_values import Style

Printed = tuple[Decimal, Cell, str]
"""A figure with its cell and the words beside it."""
ZERO, HIGHEST_TAX = Decimal(0), Decimal("0.35")
FLUSH = 3.0
"""How far the edges of figures in one column may differ, in points."""
REACH = 45
"""Lines below the table in which its totals are looked for when no label names them."""


def put_lines(draft: Draft, items: Sequence[Item]) -> None:
    """The lines with their evidence, and a notice for each cell that could not be converted."""
    for n, item in enumerate(items):
        for name, (value, cell) in item.values.items():
            shown = plain(value) if isinstance(value, Decimal) else value
            draft.put(f"/lines/{n}/{name}", shown, cell.evidence(Region.TABLE, item.labels.get(name)))
        for name, cell in item.unread.items():
            message = f"Line {n + 1}: {cell.text[:60]!r} cannot be read as {name.replace('_', ' ')} for certain; enter it by hand."
            draft.notice("field_missing", f"/lines/{n}/{name}", message, text=cell.text, page=cell.page)
        for k, own in enumerate(item.own):
            at = f"/lines/{n}/allowances_charges/{k}"
            draft.put(f"{at}/charge", own.amount > 0)
            draft.put(f"{at}/amount", plain(abs(own.amount)), own.cell.evidence(Region.TABLE))
            draft.put(f"{at}/percent", plain(own.percent.normalize()) if own.percent is not None else None, own.cell.evidence(Region.TABLE))
            if own.reason is not None:
                draft.put(f"{at}/reason", own.reason.text[:200], own.reason.evidence(Region.TABLE))
    if not all(item.told for item in items):
        message = "The figures add up, but nothing says which of them is the quantity and which the price; look at the lines."
        draft.notice("readings_disagree", "/lines", message)


def put_charges(draft: Draft, lines: Sequence[Line], taken: set[int], style: Style) -> None:
    """Charges and allowances on the whole order, among the totals or between the rows."""
    for n, (charge, value, label, printed) in enumerate(charges(lines, taken, min(taken, default=0), style)):
        draft.put(f"/allowances_charges/{n}/charge", charge)
        draft.put(f"/allowances_charges/{n}/amount", plain(value), printed.evidence(Region.TOTALS, label.text))
        draft.put(f"/allowances_charges/{n}/reason", label.text.rstrip(": "), label.evidence(Region.TOTALS))


def put_totals(draft: Draft, values: Sequence[Found], items: Sequence[Item], below: Sequence[Line], style: Style) -> None:
    """Each total where it adds up with the lines, else where it stands last; without a label, where arithmetic proves it."""
    total = _sum(items)
    extra = _charged(draft)
    net = _total(draft, "/line_total", _named(values, "/line_total"), {total} if total else None)
    payable = _named(values, "/payable_amount")
    taxes = _distinct(_named(values, "/tax_total"))
    if len(taxes) > 1 and any(p.value == (net or total) + extra + sum(taxes.values()) for p in payable):
        tax = sum(taxes.values(), ZERO)  # several rates: no one figure is the order's tax
    else:
        tax = _total(draft, "/tax_total", _named(values, "/tax_total"), _gaps(payable, net or total, extra)) or ZERO
    nets = _named(values, "/line_total")
    if not payable and not tax and not extra and not _outgrown(nets, below, style):  # the only total printed is what it comes to
        payable = nets
    _total(draft, "/payable_amount", payable, {(net or total) + t + e for t in (tax, ZERO) for e in (extra, ZERO)})
    if total:
        _by_arithmetic(draft, [f for line in below[:REACH] for f in _figures(line, style)], total, extra, tax)


def _outgrown(nets: Sequence[Found], below: Sequence[Line], style: Style) -> bool:
    """Whether a larger figure stands under the net total, flush with it: what it is called is not known, but it may be what is to pay."""
    last = max(nets, key=lambda v: (v.cell.page, v.cell.top), default=None)
    if last is None or not isinstance(last.value, Decimal):
        return False
    under = (f for line in below for f in _figures(line, style) if line.page == last.cell.page and f[1].top > last.cell.bottom)
    return any(value > last.value and abs(cell.right - last.cell.right) <= FLUSH for value, cell, _ in under)


def _named(values: Sequence[Found], pointer: str) -> list[Found]:
    return [v for v in values if v.pointer == pointer]


def _sum(items: Iterable[Item]) -> Decimal:
    return sum((a for i in items if (a := i.figure("line_amount")) is not None), ZERO)


def _charged(draft: Draft) -> Decimal:
    own = draft.tree.get("allowances_charges", [])
    return sum((Decimal(a["amount"]) * (1 if a["charge"] else -1) for a in own if "amount" in a), ZERO)


def _distinct(values: Sequence[Found]) -> dict[int, Decimal]:
    """The last figure of each line that names a tax."""
    return {v.line: v.value for v in values if isinstance(v.value, Decimal)}


def _gaps(payable: Sequence[Found], net: Decimal, extra: Decimal) -> set[Decimal]:
    """What the tax is, by each figure that could be the payable amount."""
    return {p.value - net - e for p in payable for e in (extra, ZERO) if isinstance(p.value, Decimal)} - {ZERO}


def _total(draft: Draft, pointer: str, values: Sequence[Found], expected: set[Decimal] | None) -> Decimal | None:
    fits = [v for v in values if expected and v.value in expected]
    chosen = max(fits or values, key=lambda v: (v.strength if fits else 0, v.line), default=None)
    if chosen is None or not isinstance(chosen.value, Decimal):
        return None
    draft.put(pointer, plain(chosen.value), chosen.cell.evidence(Region.TOTALS, chosen.label.text if chosen.label else None))
    return chosen.value


def _figures(line: Line, style: Style) -> Iterator[Printed]:
    """The amounts of a line with what stands beside them."""
    words = " ".join(c.text for c in line.cells if any(ch.isalpha() for ch in c.text) and amount(c.text, style.mark) is None)
    for cell in line.cells:
        value = amount(cell.text, style.mark)
        if value is not None and value > 0 and any(ch in cell.text for ch in ".,"):
            yield value, cell, words


def _by_arithmetic(draft: Draft, figures: Sequence[Printed], total: Decimal, extra: Decimal, tax: Decimal) -> None:
    """The totals that no label names: the sum of the lines, a tax behind it, and their sum; or the tax that leads to the payable."""
    net = total + extra
    if "payable_amount" in draft.tree:
        gap = Decimal(draft.tree["payable_amount"]) - net
        if not tax and 0 < gap <= HIGHEST_TAX * net:
            _put(draft, "/tax_total", next((f for f in figures if f[0] == gap), None))
        return
    at = next((n for n, (value, _, _) in enumerate(figures) if value == total), None)
    behind = figures[at + 1 :] if at is not None else figures
    taxes = [tax] if tax else [value for value, _, _ in behind if 0 < value <= HIGHEST_TAX * total]
    paid = next((f for f in reversed(behind) if any(f[0] == net + t for t in taxes)), None)
    if paid is not None:
        _put(draft, "/tax_total", next((f for f in behind if f[0] == paid[0] - net), None))
        _put(draft, "/payable_amount", paid)
    elif at is not None and not tax and not extra and all(value <= total for value, _, _ in behind):
        _put(draft, "/payable_amount", figures[at])
    if at is not None and paid is not None:
        _put(draft, "/line_total", figures[at])


def _put(draft: Draft, pointer: str, printed: Printed | None) -> None:
    if printed is not None:
        draft.put(pointer, plain(printed[0]), printed[1].evidence(Region.TOTALS, printed[2] or None))


def put_controls(draft: Draft, lines: Sequence[Line], table: Table | None, items: Sequence[Item]) -> None:
    """How many rows are printed, counted from the lines of text apart from the reading of rows, and the printed sum of the quantities.

    Numbered rows are counted by their numbers. Without numbers rows are counted by figures, which is weaker than the proof that every line
    adds up, and all of them to a printed total; then only lines for nothing can be missing, and those are counted.
    """
    if table is None or not table.body or not items:
        return
    body = [lines[i] for i in table.body]
    count, tied, total = numbered(body, table), _tied(draft, items), _sum(items)
    edge = most(i.values["line_amount"][1].right for i in items if "line_amount" in i.values)
    if tied and (count is None or count < len(items)):
        free = zeros(body, edge) - sum(i.figure("line_amount") == 0 for i in items) if edge is not None else 0
        count = len(items) + free if free > 0 else None
    elif count is None:
        count = max(rows_with_figures(body, total), len(items))
    if count:
        draft.controls["printed_rows"] = count


def _tied(draft: Draft, items: Sequence[Item]) -> bool:
    """Whether every line adds up, and all of them to a printed total."""
    total = _sum(items)
    tax = Decimal(draft.tree.get("tax_total", 0))
    printed = {Decimal(draft.tree[name]) for name in ("line_total", "payable_amount") if name in draft.tree}
    return all(i.proved for i in items) and bool(printed & {total, total + _charged(draft), total + _charged(draft) + tax})
