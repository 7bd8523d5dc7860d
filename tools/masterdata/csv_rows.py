"""CSV (RFC 4180, with `,` or `;` as Excel writes it) -> records, with the line and the column of everything that is wrong.

A file is taken whole or not at all. Lists stand in one cell, split on `;`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from signoff.domain.errors import BadInput
from signoff.tools.masterdata.sentences import brief, nearest, not_one_of, phrase, refuse

Model = TypeVar("Model", bound=BaseModel)
Column = Callable[[str], object]
"""What turns a cell's text into a value; raises `ValueError` with the words for a person."""

MAX_BYTES = 200_000_000
_NUMBER = re.compile(r"-?[0-9]{1,28}(\.[0-9]{1,28})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Table(Generic[Model]):
    """How a file becomes records: its columns, those that must be there, and those that together name a record."""

    model: type[Model]
    columns: Mapping[str, Column]
    required: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry(Generic[Model]):
    """A record and the line it starts on."""

    line: int
    record: Model


def text(cell: str) -> str:
    """The cell as it is."""
    return cell


def words(cell: str) -> tuple[str, ...]:
    """A list: `buyer;planner`."""
    return tuple(word.strip() for word in cell.split(";") if word.strip())


def number(cell: str) -> Decimal:
    """An exact number with a point and no thousands separators: what `1,000` means depends on the country."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{brief(cell)} is not a number; write it like 1234.50")
    return Decimal(cell)


def date(cell: str) -> dt.date:
    """An ISO 8601 day: what `03/04/2026` means depends on the country."""
    try:
        if _DATE.fullmatch(cell):
            return dt.date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError(f"{brief(cell)} is not a date; write it like 2026-11-30")


def load_table(path: Path, table: Table[Model]) -> list[Entry[Model]]:
    """Every record of the file. Raises `BadInput` naming file, line and column."""
    entries: list[Entry[Model]] = []
    problems: list[str] = []
    for line, cells in _rows(path, table):
        made = _record(path.name, line, cells, table)
        problems += made if isinstance(made, list) else []
        entries += [] if isinstance(made, list) else [Entry(line, made)]
    problems += _twice(path.name, entries, table.key)
    if problems:
        raise refuse(problems)
    return entries


def _rows(path: Path, table: Table[Any]) -> Iterator[tuple[int, dict[str, str]]]:
    """The filled cells of each row by column, with the line that the row starts on."""
    content = _content(path)
    first = content.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    header: list[str] = []
    start = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not header:
                header = _header(path.name, start, cells, table)
            elif any(cells):
                yield start, _filled(path.name, start, header, cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{path.name}, line {max(reader.line_num, 1)}: not valid CSV: {error}; mind the quotes.") from None
    if not header:
        raise BadInput(f"{path.name} is empty; its first line must be {','.join(table.columns)}.")


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path.name} has more than {MAX_BYTES // 1_000_000} MB; split it.")
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{path.name}, line {line}: not UTF-8 text; save the file as 'CSV UTF-8'.") from None


def _header(name: str, line: int, cells: list[str], table: Table[Any]) -> list[str]:
    header = [cell.casefold() for cell in cells]
    unknown = [f"{name}, line {line}: unknown column {brief(c)}{nearest(c, list(table.columns))}" for c in header if c not in table.columns]
    twice = [f"{name}, line {line}: column {c!r} is there twice" for c in table.columns if header.count(c) > 1]
    missing = [f"{name}, line {line}: column {c!r} is missing" for c in table.required if c not in header]
    if unknown or twice or missing:
        raise refuse([*unknown, *twice, *missing])
    return header


def _filled(name: str, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    """A row of another length has lost or gained a separator, and every cell after it would mean something else."""
    if len(cells) < len(header) or any(cells[len(header) :]):
        raise BadInput(f"{name}, line {line}: {len(cells)} cells where the header has {len(header)}; check the separators and quotes.")
    return {column: cell for column, cell in zip(header, cells, strict=False) if cell}


def _record(name: str, line: int, cells: dict[str, str], table: Table[Model]) -> Model | list[str]:
    """The row's record, or what is wrong with it."""
    values: dict[str, object] = {}
    problems: list[str] = []
    for column, cell in cells.items():
        try:
            values[column] = table.columns[column](cell)
        except ValueError as error:
            problems.append(f"{name}, line {line}, column {column}: {error}")
    if problems:
        return problems
    try:
        return table.model.model_validate(values)
    except ValidationError as error:
        return [_problem(name, line, table.model, e) for e in error.errors(include_url=False)]


def _problem(name: str, line: int, model: type[BaseModel], error: Any) -> str:
    column = str(error["loc"][0]) if error["loc"] else "?"
    if error["type"] == "missing":
        return f"{name}, line {line}, column {column}: must not be empty"
    if error["type"] == "enum":
        known = [str(member) for member in model.model_fields[column].annotation or ()]
        return f"{name}, line {line}, column {column}: {not_one_of(error['input'], known)}"
    return f"{name}, line {line}, column {column}: {phrase(error)}"


def _twice(name: str, entries: list[Entry[Model]], key: tuple[str, ...]) -> list[str]:
    """Records with the same key; ids that differ only in case would be mixed up by people."""
    seen: dict[tuple[str, ...], int] = {}
    problems = []
    for entry in entries:
        values = tuple(getattr(entry.record, column) or "" for column in key)
        first = seen.setdefault(tuple(str(v).casefold() for v in values), entry.line)
        if first != entry.line and values[-1]:
            named = " ".join(str(v) for v in values if v)
            problems.append(f"{name}, line {entry.line}, column {key[-1]}: {brief(named)} is there twice, first on line {first}; keep one")
    return problems
