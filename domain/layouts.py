"""Layouts that people taught Signoff: where the papers of one sender print what a person had to correct.

A layout is known by its sender and its `marks`: the labels, headings and titles of the paper, each with its left edge. What was learned
is a second reading of a field and never more: it fills a gap under a notice, agrees, or disagrees.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import TypeAdapter

from signoff.domain.record import Record, Text

Mark = tuple[Text, int]
"""A label, heading or title, folded, and its left edge in points."""


class Relation(StrEnum):
    """Where a value stands from the printed words that name it; `column`: below them, in the rows of a table."""

    BESIDE = "beside"
    BELOW = "below"
    COLUMN = "column"


class Place(Record):
    """Where a field is printed: from the words `label`, whose left edge is `left` points from the page's.

    `pointer` has a star for the line, `/lines/*/buyer_item_id`. `case` is the case whose correction taught it, `by` the person.
    """

    pointer: str
    relation: Relation
    label: Text
    left: int
    case: str = ""
    by: str = ""

    @property
    def words(self) -> str:
        """The place as a person says it."""
        label = self.label.rstrip(": ")
        return f"in the column {label!r}" if self.relation is Relation.COLUMN else f"{self.relation} {label!r}"


class Layout(Record):
    """One sender's layout and what is known of it; `number` is its key in the store, 0 before it has one."""

    number: int = 0
    sender: Text
    marks: tuple[Mark, ...]
    places: tuple[Place, ...] = ()


class Lesson(Record):
    """What a correction teaches: the layout of its paper with the places found, and for every other corrected field why there is none."""

    layout: Layout | None = None
    untaught: dict[str, str] = {}


MEMORY: TypeAdapter[tuple[Layout, ...]] = TypeAdapter(tuple[Layout, ...])


def kind_of(pointer: str) -> str:
    """The pointer with a star for the line: `/lines/3/quantity` -> `/lines/*/quantity`."""
    steps = pointer.split("/")
    return "/".join("*" if at == 2 and steps[1] == "lines" else step for at, step in enumerate(steps))
