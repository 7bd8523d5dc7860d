"""Address blocks of laid-out text: lines set close below each other and flush left, headed by a name.

Vendor                          <- the label, where there is one
Acme Industrial Supply, Inc.
4 Mill Lane
Leeds LS1 4DY
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from signoff.tools.orders.label_grammar import OTHER
from signoff.tools.orders.labels import column_role, fold, header_field
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_kind import paper
from signoff.tools.orders.layout_labels import Label, any_label, label_of
from signoff.tools.orders.layout_values import NAMES, name
from signoff.tools.orders.party_words import COMPANY

CLOSE, HEADED, FLUSH, NEAR, MOST_LINES = 1.3, 2.0, 4.0, 12.0, 9
"""The widest gap between the lines of a block in heights of type, and below a name set larger; how far their left edges may differ in
points; how near a label stands left of its value; and lines of a block."""
PARTY_LABELS = NAMES | {OTHER, "/requester"}
_BETWEEN = frozenset("-–—·•|*")
_COUNTED = re.compile(r"(?:\s(?:no|nr)\.?|\sn°)?\s\d{1,4}$", re.IGNORECASE)
"""The number that institutions of one kind are told apart by: `School District No. 12`."""
_SENTENCE = re.compile(r"[^.]{12,}[a-zà-ÿ]{3,}\.$")


@dataclass(frozen=True, slots=True)
class Block:
    """An address block: its cells from the top, without the label above or before the first."""

    cells: tuple[Cell, ...]
    label: Label | None

    def holds(self, cell: Cell) -> bool:
        """Whether the cell, or the one it was cut from, is the block's."""
        return any(c.page == cell.page and abs(c.top - cell.top) < 2 and c.left - 1 <= cell.left <= c.right for c in self.cells)

    def below(self, cell: Cell) -> list[Cell]:
        """The block's cells below one of its own."""
        return [c for c in self.cells if c.top > cell.top + 2]

    @property
    def has_address(self) -> bool:
        """Whether one of the next lines holds digits and letters, as a street or a town does."""
        return any(any(ch.isdigit() for ch in c.text) and any(ch.isalpha() for ch in c.text) for c in self.cells[1:5])


def address_blocks(lines: Sequence[Line], table_top: int) -> list[Block]:
    """The blocks of the first page above the table, headed by a name."""
    own = [line for line in lines[:table_top] if line.page == lines[0].page]
    columns: list[list[Cell]] = []
    for cell in (c for line in own for c in line.cells):
        near = next((b for b in reversed(columns[-24:]) if _continues(b, cell)), None)
        if near is not None:
            near.append(cell)
        else:
            columns.append([cell])
    heads = {id(a) for column in columns for a, b in pairwise(column) if any_label(b) is None}
    beside = {id(b): a for line in own for a, b in pairwise(line.cells) if id(a) not in heads}
    return [block for column in columns for block in _blocks(column, beside)]


def _continues(column: list[Cell], cell: Cell) -> bool:
    last = column[-1]
    gap = cell.top - last.bottom
    close = (HEADED if len(column) == 1 and last.height > 1.1 * cell.height else CLOSE) * max(cell.height, last.height, 6.0)
    return abs(cell.left - column[0].left) < FLUSH and -0.5 * cell.height < gap < close and sender(last) is last


def _blocks(column: list[Cell], beside: dict[int, Cell]) -> list[Block]:
    """The blocks of a column of cells: a label above a cell or left of it begins the next; only a party's goes on below its first line."""
    found: list[Block] = []
    label: Label | None = None
    cells: list[Cell] = []

    def close(following: Label | None) -> None:
        nonlocal label, cells
        if cells:
            found.append(Block(tuple(cells[:MOST_LINES]), label))
        label, cells = following, []

    for cell in column:
        if paper(cell.text) is not None:
            close(None)
            continue
        own = any_label(cell)
        left = _left(cell, beside)
        if own is not None:
            close(own)
            cells = [own.rest] if own.rest is not None else []
            continue
        if left is not None or (cells and label is not None and label.pointer not in PARTY_LABELS):
            close(left)
        cells.append(cell)
    close(None)
    return found


def _left(cell: Cell, beside: dict[int, Cell]) -> Label | None:
    """The label that stands close left of a cell and says nothing itself."""
    before = beside.get(id(cell))
    label = any_label(before) if before is not None and cell.left - before.right < NEAR * max(before.height, 6.0) else None
    return label if label is not None and label.rest is None else None


def is_name(cell: Cell) -> bool:
    """Whether a cell may be a company's name: letters, no digits, no label, no title, no sentence."""
    text = cell.text
    bare = re.sub(r"\(.*\)", "", text).strip()
    digits = _COUNTED.sub("", text) if COMPANY.search(text) else text
    if name(text) is None or not bare or any(ch.isdigit() for ch in digits):
        return False
    if len(cell.words) > 8 or text.endswith((":", ",", "!", ".com")):
        return False
    if _SENTENCE.search(text) and not COMPANY.search(text.split()[-1]):
        return False
    return column_role(text) is None and header_field(text) is None and paper(text) is None and label_of(cell) is None


def sender(cell: Cell) -> Cell:
    """The sender's name where its line goes on behind a dash, a point, a bar or a comma with the address (DIN 5008) or a title."""
    marks = [n for n, w in enumerate(cell.words) if w.text in _BETWEEN]
    commas = [n + 1 for n, w in enumerate(cell.words[:-1]) if w.text.endswith(",")]
    at, start = (marks[0], marks[0] + 1) if marks else (commas[0], commas[0]) if commas else (0, 0)
    first, rest = (cell.cut(0, at), cell.cut(start)) if at else (None, None)
    if (
        first is None
        or rest is None
        or not (marks or COMPANY.search(first.text) or len(first.words) > 2)
        or not (paper(rest.text) or any(c.isdigit() for c in rest.text))
    ):
        return cell
    return _bare(first)


def _bare(cell: Cell) -> Cell:
    """The cell without the comma it ends with."""
    last = cell.words[-1]
    return Cell((*cell.words[:-1], replace(last, text=last.text.rstrip(","))), cell.page) if last.text.endswith(",") else cell


def same_name(a: str, b: str) -> bool:
    """Whether two names are one company's: the same words, or one begins with the other."""
    one, two = (" ".join(w for w in fold(t).split() if not COMPANY.fullmatch(w)) or fold(t) for t in (a, b))
    short, long = sorted((one, two), key=len)
    return bool(short) and (short == long or (len(short) > 3 and (long.startswith(short + " ") or f" {short} " in f" {long} ")))
