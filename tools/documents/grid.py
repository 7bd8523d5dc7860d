"""Text without coordinates as a page of words: a grid of characters, as a typewriter would set it.

HTML and Word tables are set as blocks beside each other, three blanks apart, so that whatever reads columns on a PDF page reads them here.
"""

from __future__ import annotations

import re
from itertools import groupby, zip_longest

from signoff.tools.documents.document import Page, Word

WIDTH, HEIGHT, SIZE = 6.0, 12.0, 10.0
BETWEEN, MAX_CELL, MAX_COLUMNS = 3, 60, 60
MAX_WORDS = 200_000

Block = list[str]
"""Lines of text; line breaks and columns stand where they would be seen."""


def wrap(text: str, width: int = MAX_CELL) -> Block:
    """The text in lines of at most `width` characters, broken at blanks."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines if lines != [""] else []


def tabbed(line: str) -> str:
    """What tabs part, set apart as columns are."""
    return (" " * BETWEEN).join(part.strip() for part in line.split("\t") if part.strip())


def tabs(lines: Block) -> Block:
    """The lines with what tabs part set as columns: runs of lines with as many tabs each as a table, other lines one by one."""
    done: Block = []
    for count, run in groupby(lines, key=lambda line: line.strip().count("\t")):
        rows = list(run)
        if count and len(rows) > 1:
            done += table([[([part.strip()], 1) for part in row.strip().split("\t")] for row in rows])
        else:
            done += [tabbed(row) if count else row.replace("\t", " " * BETWEEN) for row in rows]
    return done


def table(rows: list[list[tuple[Block, int]]]) -> Block:
    """Rows of cells, each a block and the number of columns it spans, set beside each other."""
    count = min(max((sum(span for _, span in row) for row in rows), default=0), MAX_COLUMNS)
    widths = [0] * count
    for row in rows:
        for column, block, span in _placed(row, count):
            if span == 1:
                widths[column] = max(widths[column], _width(block))
    for row in rows:
        for column, block, span in _placed(row, count):
            have = sum(widths[column : column + span]) + BETWEEN * (span - 1)
            widths[min(column + span, count) - 1] += max(0, _width(block) - have)
    return [line for row in rows for line in _row(list(_placed(row, count)), widths)]


def _width(block: Block) -> int:
    return max(map(len, block), default=0)


def _placed(row: list[tuple[Block, int]], count: int) -> list[tuple[int, Block, int]]:
    placed, column = [], 0
    for block, span in row:
        if column < count:
            placed.append((column, block, min(max(span, 1), count - column)))
        column += max(span, 1)
    return placed


def _row(cells: list[tuple[int, Block, int]], widths: list[int]) -> Block:
    lines = []
    for parts in zip_longest(*(block for _, block, _ in cells), fillvalue=""):
        line = ""
        for (column, _, _), part in zip(cells, parts, strict=True):
            start = sum(widths[:column]) + BETWEEN * column
            line = line.ljust(start) + part if part else line
        lines.append(line)
    return lines


def pages(lines: Block) -> tuple[Page, ...]:
    """One page for each form feed, its words on the grid. Tabs stop at every eighth column. At most `MAX_WORDS` words are set."""
    sheets: list[list[str]] = [[]]
    for line in lines:
        before, *after = line.split("\f")
        sheets[-1].append(before)
        sheets += [[part] for part in after]
    left = MAX_WORDS
    done: list[Page] = []
    for sheet in sheets:
        words = [w for row, line in enumerate(sheet) for w in _words(line.expandtabs(8), row)][:left]
        left -= len(words)
        if words:
            width = max(w.right for w in words)
            done.append(Page(len(done) + 1, width, HEIGHT * len(sheet), tuple(words)))
    return tuple(done)


def _words(line: str, row: int) -> list[Word]:
    top = row * HEIGHT
    return [Word(m[0], m.start() * WIDTH, top + 2, m.end() * WIDTH, top + SIZE, SIZE) for m in re.finditer(r"\S+", line)]
