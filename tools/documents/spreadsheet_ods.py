"""What an ODS tells beyond its values (OASIS OpenDocument 1.3 part 3, 9.1): how far its cells reach, and what it hides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_HIDING = ("collapse", "filter")


@dataclass(frozen=True, slots=True)
class Extent:
    """A sheet's reach in rows and columns, and its hidden rows and columns (0-based, within that reach)."""

    name: str
    height: int
    width: int
    rows: frozenset[int]
    columns: frozenset[int]


def extents(content: bytes) -> Iterator[Extent]:
    """The extent of each sheet in `content.xml`. Raises lxml's `XMLSyntaxError` when it is not well-formed."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for table in root.iter(_TABLE + "table"):
        height = width = row = 0
        hidden: list[tuple[int, int]] = []
        for element in table.iter(_TABLE + "table-row"):
            times = _repeated(element, "rows")
            reach = _reach(element)
            if reach:
                height, width = row + times, max(width, reach)
                if element.get(_TABLE + "visibility") in _HIDING:
                    hidden.append((row, row + times))
            row += times
        shown = (n for start, end in hidden for n in range(start, min(end, 200_000)))
        yield Extent(table.get(_TABLE + "name", ""), height, width, frozenset(shown), frozenset(_hidden_columns(table, width)))


def _reach(row: etree._Element) -> int:
    """The number of columns up to the last cell with content."""
    column = reach = 0
    for cell in row.iter(_TABLE + "table-cell", _TABLE + "covered-table-cell"):
        column += _repeated(cell, "columns")
        reach = column if len(cell) else reach
    return reach


def _hidden_columns(table: etree._Element, width: int) -> Iterator[int]:
    column = 0
    for element in table.iter(_TABLE + "table-column"):
        times = _repeated(element, "columns")
        if element.get(_TABLE + "visibility") in _HIDING:
            yield from range(column, min(column + times, width))
        column += times


def _repeated(element: etree._Element, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdigit() and len(text) <= 9 else 1
