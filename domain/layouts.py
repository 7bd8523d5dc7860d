"""Layouts that people taught Signoff: where the papers of one sender print what a person had to correct.

A layout is known by its sender and its `marks`: the labels, headings and titles of the paper, each with its left edge. What was learned
is a second reading of a field and never more: it fills a gap under a notice, agrees, or disagrees.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from pydantic import TypeAdapter

from signoff.domain.record import Record, Text

Mark = tuple[Text, int]
"""A label, heading or title, folded, and its left edge in points."""

ALIKE, SHIFT = 0.75, 9
"""The share of all marks that two papers of one layout have in common, and how far one may be off, in points."""


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


def alike(one: Iterable[Mark], other: Iterable[Mark]) -> float:
    """The share of all marks that both have, each as often as it stands there (Jaccard)."""
    mine, theirs = _by_text(one), _by_text(other)
    common = sum(_common(lefts, theirs.get(text, [])) for text, lefts in mine.items())
    every = sum(map(len, mine.values())) + sum(map(len, theirs.values())) - common
    return common / every if every else 0.0


def _by_text(marks: Iterable[Mark]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for text, left in sorted(marks):
        found[text].append(left)
    return found


def _common(mine: list[int], theirs: list[int]) -> int:
    """Edges of both that lie next to each other, each counted once."""
    count = at = 0
    for left in mine:
        while at < len(theirs) and theirs[at] < left - SHIFT:
            at += 1
        if at < len(theirs) and theirs[at] <= left + SHIFT:
            count, at = count + 1, at + 1
    return count


def letters(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", text.casefold()))
