"""Spreadsheets: XLSX, XLSM, XLSB (ECMA-376), XLS (MS-XLS) and ODS (OASIS OpenDocument), as the reader of the file sees them.

Values come from calamine. openpyxl adds what only number formats and properties of an XLSX tell: leading zeros, percents,
currencies, and what is hidden. Hidden sheets, rows and columns are not read as data; a notice says that they exist.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from lxml.etree import XMLSyntaxError
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Evidence, Notice
from signoff.tools.documents.commands import macros, stored
from signoff.tools.documents.document import Cell, Document, Sheet, Source, column_letters
from signoff.tools.documents.spreadsheet_looks import Looks
from signoff.tools.documents.spreadsheet_ods import extents

FORMAT = "spreadsheet"

MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 2000, 100_000_000, 100
MAX_ROWS, MAX_CELLS = 100_000, 2_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOKS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb"}
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_BROKEN = (
    CalamineError,
    XmlError,
    ZipError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    NotImplementedError,
    EOFError,
    KeyError,
    XMLSyntaxError,
)


def matches(source: Source) -> bool:
    """Whether the bytes are a workbook; an encrypted OLE2 package only when its name says so, for it could be any Office file."""
    return _kind(source) is not None


def open(source: Source) -> Document:
    """The workbook's sheets. Raises `Unreadable` when it is damaged, encrypted, larger than its limits, or without a cell."""
    kind = _kind(source)
    if kind == "encrypted":
        raise Unreadable(f"{source.name} is protected by a password; save it without one.")
    if kind in ("xlsx", "xlsb", "ods"):
        _bounded(source)
    try:
        sheets = _sheets(source.data)
    except PasswordError as error:
        raise Unreadable(f"{source.name} is protected by a password; save it without one.") from error
    except _BROKEN as error:
        raise Unreadable(f"{source.name} is damaged and cannot be opened; ask for it again or save it anew.") from error
    looked = _looks(source.data, kind, sheets)
    shown = [_as_seen(sheet, (looked or {}).get(sheet.name, Looks())) for sheet in sheets]
    notices = [n for _, found in shown for n in found]
    notices += [*(stored(source.data) if kind == "xlsx" else []), *macros(source.data)]
    if looked is None:
        notices.append(
            Notice(code="hidden_text", message="The workbook's formats are damaged, so what it hides cannot be told from what it shows.")
        )
    if not any(cell is not None for sheet in sheets for row in sheet.rows for cell in row):
        raise Unreadable(f"{source.name} has no cell with content.")
    return Document(source.name, kind or FORMAT, source.data, sheets=tuple(s for s, _ in shown), notices=tuple(notices))


def _kind(source: Source) -> str | None:
    """`xlsx`, `xlsb`, `ods`, `xls`, `encrypted`, or `None` when the bytes are no workbook."""
    if source.data.startswith(_OLE):
        return _ole_kind(source)
    if not source.data.startswith(_ZIP):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # A cut-off package has no directory any more, but its first entries still tell what it was.
        head = source.data[:4096]
        return "ods" if _ODS in head else "xlsx" if b"xl/" in source.data and b"word/" not in source.data else None
    if _ODS in source.data[:200]:
        return "ods"
    return next((kind for name, kind in _BOOKS.items() if name in names), None)


def _ole_kind(source: Source) -> str | None:
    if "EncryptedPackage".encode("utf-16-le") in source.data:
        return "encrypted" if source.suffix in (".xlsx", ".xlsm", ".xlsb", ".xls", "") else None
    streams = [name.encode("utf-16-le") + b"\x00\x00" for name in ("Workbook", "Book")]
    foreign = [name.encode("utf-16-le") for name in ("__substg1.0_", "WordDocument", "PowerPoint Document")]
    return "xls" if any(s in source.data for s in streams) and not any(f in source.data for f in foreign) else None


def _bounded(source: Source) -> None:
    """Raise `Unreadable` for a package that would unpack to far more than it weighs, or spans more cells than fit in memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            entries = package.infolist()
            unpacked = sum(e.file_size for e in entries)
            if len(entries) > MAX_ENTRIES or unpacked > max(10_000_000, min(MAX_UNPACKED, MAX_RATIO * len(source.data))):
                raise Unreadable(f"{source.name} unpacks to {unpacked / 1e6:.0f} MB in {len(entries)} parts, more than a workbook may.")
            for entry in entries:
                rows, columns = _span(entry.filename, package)
                if rows > MAX_ROWS or rows * columns > MAX_CELLS:
                    raise Unreadable(f"{source.name} has a sheet of {rows:,} rows and {columns:,} columns; save the order alone.")
    except _BROKEN as error:
        raise Unreadable(f"{source.name} is damaged and cannot be opened; ask for it again or save it anew.") from error


def _span(name: str, package: zipfile.ZipFile) -> tuple[int, int]:
    """Rows and columns that a sheet reserves: calamine holds that rectangle in memory, and two far corners would exhaust it."""
    if name == "content.xml":
        found = list(extents(package.read(name)))
        return max((e.height for e in found), default=0), max((e.width for e in found), default=0)
    rows = columns = 0
    if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
        for letters, digits in re.findall(rb"<(?:\w+:)?c [^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']", package.read(name)):
            columns = max(columns, column_index(letters.decode()) + 1)
            rows = max(rows, int(digits))
    return rows, columns


def column_index(letters: str) -> int:
    """`A` -> 0, `AA` -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _looks(data: bytes, kind: str | None, sheets: list[Sheet]) -> dict[str, Looks] | None:
    """How each sheet looks, where its format tells; `None` when the styles are damaged."""
    if kind == "xlsx":
        from signoff.tools.documents.spreadsheet_formats import looks  # openpyxl takes longer to load than most files to read

        return looks(data, [s.name for s in sheets])
    return _ods_looks(data) if kind == "ods" else {}


def _ods_looks(data: bytes) -> dict[str, Looks]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {e.name: Looks(rows=e.rows, columns=e.columns) for e in extents(package.read("content.xml"))}


def _sheets(data: bytes) -> list[Sheet]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return list(_each(book))


def _each(book: CalamineWorkbook) -> Iterator[Sheet]:
    for meta in book.sheets_metadata:
        if meta.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(meta.name)
            yield Sheet(meta.name, _rows(sheet), hidden=meta.visible != SheetVisibleEnum.Visible)


def _rows(sheet: CalamineSheet) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(_cell(v) for v in row) for row in sheet.to_python(skip_empty_area=False))


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return exact(value)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value).strip() if value is not None else ""
    return text or None


def exact(value: float | Decimal) -> Decimal | str:
    """The decimal that a binary number stands for: rounded to 10 places, without the noise of 0.1 + 0.2."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    rounded = round(number, 10) if abs(number) < Decimal(10) ** 15 else number
    return Decimal(f"{(rounded or number).normalize():f}")


def _as_seen(sheet: Sheet, seen: Looks) -> tuple[Sheet, list[Notice]]:
    """The sheet with cells as they are printed and without hidden rows and columns, and notices of what is hidden."""
    if sheet.hidden:
        texts = [c for row in sheet.rows for c in row if c is not None]
        return sheet, [_hidden(sheet.name, "sheet", str(texts[0]))] if texts else []
    notices, rows = [], []
    lost: str | None = None
    height = max([len(sheet.rows), *(r + 1 for r, _ in seen.printed)])
    width = max([len(sheet.rows[0]) if sheet.rows else 0, *(c + 1 for _, c in seen.printed)])
    for r in range(height):
        cells: list[Cell] = []
        row = sheet.rows[r] if r < len(sheet.rows) else ()
        for c in range(width):
            cell = _printed(row[c] if c < len(row) else None, seen.printed.get((r, c)))
            hidden = r in seen.rows or c in seen.columns or (r, c) in seen.cells
            lost = lost or (str(cell) if hidden and cell is not None else None)
            cells.append(None if hidden else cell)
        rows.append(tuple(cells))
    if lost:
        notices.append(_hidden(sheet.name, "rows, columns or cells in the sheet", lost))
    empty = sorted(p for p in seen.unknown if p[0] >= height or p[1] >= width or rows[p[0]][p[1]] is None)
    if empty:
        where = f"{sheet.name}!{column_letters(empty[0][1] + 1)}{empty[0][0] + 1}"
        message = f"{len(empty)} formula(s), the first in {where}, have no stored result and cannot be computed here; the cells stay empty."
        notices.append(Notice(code="field_missing", message=message, evidence=Evidence(text=where, where=where)))
    return replace(sheet, rows=tuple(rows), currency=seen.currency), notices


def _printed(cell: Cell, shown: str | Decimal | None) -> Cell:
    """A stored value as its format prints it; a result only where no value is stored, and without noise."""
    if isinstance(shown, Decimal):
        return exact(shown) if cell is None else cell
    return cell if shown is None else shown or None


def _hidden(name: str, what: str, text: str) -> Notice:
    message = f"The workbook hides the sheet {name!r}; it was not read." if what == "sheet" else f"Hidden {what} {name!r} were not read."
    return Notice(code="hidden_text", message=message, evidence=Evidence(text=text[:200], where=name))
