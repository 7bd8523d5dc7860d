"""What people taught about layouts, put to use: a second reading of a paper, and what a correction of it teaches.

A second reading fills a field that was not read, under a notice that asks for a person; it bears witness to a field that was read under a
label of its own; and it contradicts in a notice. It lifts no doubt. A figure of a line counts only when the line adds up with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import localcontext
from typing import Any

from pydantic import ValidationError

from signoff.domain.checks.fields import CELLS, fields
from signoff.domain.checks.verify import ROOM
from signoff.domain.layouts import Layout, Lesson, Place, Relation, kind_of
from signoff.domain.order import Order, OrderLine
from signoff.domain.reading import DraftOrder, Evidence, Lane, Notice, Region, Witness
from signoff.tools.documents.document import Document
from signoff.tools.orders.layout_cells import Cell
from signoff.tools.orders.layout_marks import known, marks_of, tells
from signoff.tools.orders.layout_places import Print, Value, cell_of, column_places, labelled, line_value, places, same
from signoff.tools.orders.layout_roles import agrees


@dataclass(slots=True)
class _Second:
    """The second reading of a draft in the making: what it adds to it."""

    draft: DraftOrder
    values: dict[str, Value] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)

    def say(self, pointer: str, value: Value, cell: Cell, place: Place, read: Value | None) -> None:
        """Compare a learned place's value with what was read."""
        first = self.draft.evidence.get(pointer)
        if read is None:
            self.values[pointer] = value
            self.evidence[pointer] = cell.evidence(Region.TABLE if place.relation is Relation.COLUMN else Region.HEADER)
            self._notice("field_missing", pointer, cell, f"{value} was read {place.words}, as case {place.case} taught; look at the paper.")
        elif same(read, value):
            self.agreed += [pointer] if first is not None and first.label else []
        else:
            message = f"{str(read)[:80]!r} was read, but {place.words}, where case {place.case} had it, the paper says {str(value)[:80]!r}."
            self._notice("readings_disagree", pointer, cell, message)

    def _notice(self, code: Any, pointer: str, cell: Cell, message: str) -> None:
        self.notices.append(Notice(code=code, field=pointer, message=message, evidence=cell.evidence(Region.HEADER)))

    def done(self, layout: Layout, scanned: set[int]) -> DraftOrder:
        """The draft with both readings. Raises `ValidationError` when a value fits no order."""
        tree = self.draft.order.model_dump()
        for pointer, value in self.values.items():
            *path, leaf = pointer.strip("/").split("/")
            node: Any = tree
            for step in path:
                node = node[int(step)] if isinstance(node, list | tuple) else node[step]
            node[leaf] = value
        lanes = {p: Lane.OCR if e.page in scanned else Lane.LAYOUT for p, e in self.evidence.items()}
        witnesses = {p: tuple(dict.fromkeys((*self.draft.witnesses.get(p, ()), Witness.SECOND_READING))) for p in self.agreed}
        return self.draft.model_copy(
            update={
                "order": Order.model_validate(tree),
                "evidence": self.draft.evidence | self.evidence,
                "lanes": self.draft.lanes | lanes,
                "notices": (*self.draft.notices, *self.notices),
                "witnesses": self.draft.witnesses | witnesses,
                "layout": layout.number,
            }
        )


def recalled(draft: DraftOrder, document: Document, memory: Sequence[Layout]) -> DraftOrder:
    """The draft with a second reading by what was learned of its layout, if anything was."""
    if not memory or not document.pages:
        return draft
    paper = Print(document, draft.evidence)
    layout = known(memory, draft.order, paper.lines)
    if layout is None:
        return draft
    second = _Second(draft)
    read = {pointer: value for pointer, _, value in fields(draft.order)}
    for place in layout.places:
        if place.relation is not Relation.COLUMN and (found := labelled(paper, place)) is not None:
            second.say(place.pointer, *found, place, read.get(place.pointer))
    _lines(second, paper, [p for p in layout.places if p.relation is Relation.COLUMN])
    with suppress(ValidationError):
        return second.done(layout, {page.number for page in document.pages if page.scanned})
    return draft


def _lines(second: _Second, paper: Print, learned: Sequence[Place]) -> None:
    """The second reading of each line in the columns that were learned."""
    lines = second.draft.order.lines if learned else ()
    for i, row in (item for item in paper.rows.items() if item[0] < len(lines)):
        columns = paper.columns(row)
        line = lines[i]
        for place in learned:
            leaf = place.pointer.rpartition("/")[2]
            cell = cell_of(paper, row, columns, place)
            value = line_value(leaf, cell, paper.style) if cell is not None else None
            if cell is not None and value is not None and (leaf not in CELLS or _adds_up(line, leaf, value)):
                read = getattr(line, leaf)
                # A description may go on over several lines of text, a column holds the first of them.
                second.say(f"/lines/{i}/{leaf}", read if _begins(leaf, read, value) else value, cell, place, read)


def _begins(leaf: str, read: object, value: Value) -> bool:
    return leaf == "description" and isinstance(read, str) and str(value) in read


def _adds_up(line: OrderLine, leaf: str, value: Value) -> bool:
    q, p, a = (getattr(line.model_copy(update={leaf: value}), cell) for cell in CELLS)
    with localcontext(ROOM):
        return None not in (q, p, a) and agrees(q * p / (line.price_base_quantity or 1), a)


def lesson(draft: DraftOrder, edits: Sequence[str], corrected: Order, document: Document) -> Lesson:
    """What the correction of these fields teaches about the layout of a draft's paper."""
    wanted = {pointer: value for pointer, _, value in fields(corrected)}
    paper, sender = Print(document, draft.evidence), corrected.buyer.name or ""
    marks = marks_of(paper.lines)
    if not tells(marks, sender):
        why = "has too few labels to know its layout again" if sender else "does not say who sent it; /buyer/name would tell"
        return Lesson(untaught=dict.fromkeys(edits, f"the paper {why}"))
    header = {p: wanted[p] for p in edits if p in wanted and not p.startswith("/lines/")}
    found = [place for pointer, value in header.items() if (place := _place(paper, pointer, value)) is not None]
    found += _columns(paper, {p: wanted[p] for p in edits if p in wanted and p.startswith("/lines/")})
    taught = {place.pointer for place in found}
    untaught = {p: _why(p, wanted) for p in edits if kind_of(p) not in taught}
    return Lesson(layout=Layout(sender=sender, marks=marks, places=tuple(found)), untaught=untaught)


def _why(pointer: str, wanted: Mapping[str, Value]) -> str:
    if pointer not in wanted:
        return "the value was taken out"
    return f"no label or heading on the paper leads to {str(wanted[pointer])[:80]!r}"


def _place(paper: Print, pointer: str, value: Value) -> Place | None:
    """The likeliest place that gives this value when it is read."""
    return next((p for p in places(paper, pointer, value) if (found := labelled(paper, p)) and same(found[0], value)), None)


def _columns(paper: Print, wanted: Mapping[str, Value]) -> Iterator[Place]:
    """The columns that every corrected row agrees on."""
    rows = paper.rows
    by_line: dict[int, dict[str, Value]] = defaultdict(dict)
    for pointer, value in wanted.items():
        steps = pointer.split("/")
        if len(steps) == 4 and int(steps[2]) in rows:
            by_line[int(steps[2])][steps[3]] = value
    votes: dict[str, set[Place]] = defaultdict(set)
    for i, values in by_line.items():
        found = {p.pointer: p for p in column_places(paper, rows[i], paper.columns(rows[i]), values)}
        for leaf in values:
            place = found.get(f"/lines/*/{leaf}")
            votes[leaf] |= {place} if place is not None else set()
    yield from (next(iter(told)) for told in votes.values() if len(told) == 1)
