"""What the number formats and properties of an XLSX tell beyond its values (ECMA-376 part 1, 18.8.30 and 18.3.1).

Leading zeros and percents as they are printed, the currency that the formats print, and which rows, columns and cells
a person does not see.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as FormattedCell
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from signoff.tools.documents.formulas import Results
from signoff.tools.documents.spreadsheet_looks import Looks

MAX_CELLS = 300_000
_CURRENCIES = {"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₺": "TRY", "₪": "ILS", "Kč": "CZK", "zł": "PLN", "US$": "USD", "R$": "BRL"}
_UNFORMATTED = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError)


def looks(data: bytes, names: list[str]) -> dict[str, Looks] | None:
    """How each named sheet looks; `None` when the styles of a workbook are damaged though its values are sound."""
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # about features that we do not read
            book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        found = {name: _look(book[name]) for name in names if name in book.sheetnames and isinstance(book[name], Worksheet)}
        return _with_results(data, found) if _lacks_results(data) else found
    except (*_UNFORMATTED, zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, XMLSyntaxError):
        return None


def _lacks_results(data: bytes) -> bool:
    """Whether some formula is stored without its result, as libraries that write workbooks leave it."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [n for n in package.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        return any(re.search(rb"</f>\s*(?:<v\s*/>|<v></v>|</c>)|<f [^>]*/>\s*(?:<v\s*/>|<v></v>|</c>)", package.read(n)) for n in sheets)


def _with_results(data: bytes, found: dict[str, Looks]) -> dict[str, Looks]:
    """The looks with what a spreadsheet program would show for formulas that have no stored result."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        book = load_workbook(io.BytesIO(data), keep_links=False)
    return {name: _computed(look, _results(book[name])) for name, look in found.items()}


def _computed(look: Looks, results: dict[tuple[int, int], Decimal | str | None]) -> Looks:
    known = {place: value for place, value in results.items() if value is not None}
    return replace(look, printed=look.printed | known, unknown=frozenset(results.keys() - known.keys()))


def _results(sheet: Worksheet) -> dict[tuple[int, int], Decimal | str | None]:
    formulas: dict[tuple[int, int], str] = {}
    values: dict[tuple[int, int], Decimal | str | bool | None] = {}
    for cell in _cells(sheet):
        place, value = (cell.row, cell.column), cell.value
        if cell.data_type == "f" and isinstance(value, str):
            formulas[place] = value
        else:
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            values[place] = Decimal(repr(value)) if numeric else value if isinstance(value, bool) else str(value)
    results = Results(formulas, values)
    shown = {place: results.of(place) for place in formulas}
    return {(row - 1, column - 1): value for (row, column), value in shown.items()}


def _look(sheet: Worksheet) -> Looks:
    rows = frozenset(i - 1 for i, d in sheet.row_dimensions.items() if d.hidden)
    columns = frozenset(_hidden_columns(sheet))
    printed: dict[tuple[int, int], str | Decimal] = {}
    cells, currencies = set(), set()
    for cell in _cells(sheet):
        place = (cell.row - 1, cell.column - 1)
        if _invisible(cell):
            cells.add(place)
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
            code = str(cell.number_format)
            currencies.add(_currency(code))
            text = printed_number(Decimal(repr(cell.value)), code)
            if text is not None:
                printed[place] = text
    known = currencies - {None}
    return Looks(printed, rows, columns, frozenset(cells), known.pop() if len(known) == 1 else None)


def _cells(sheet: Worksheet) -> Iterator[FormattedCell]:
    if sheet.max_row * sheet.max_column <= MAX_CELLS:
        for row in sheet.iter_rows():
            yield from (c for c in row if isinstance(c, FormattedCell) and c.value is not None)


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.hidden:
            first = dimension.min or column_index_from_string(letter)
            yield from range(first - 1, min(dimension.max or first, 16_384))


def _invisible(cell: FormattedCell) -> bool:
    """White on no fill, or the format `;;;` that prints nothing."""
    white = cell.font and cell.font.color and cell.font.color.type == "rgb" and str(cell.font.color.rgb)[-6:].upper() == "FFFFFF"
    return cell.number_format == ";;;" or bool(white and (cell.fill is None or cell.fill.fill_type is None))


def printed_number(value: Decimal, code: str) -> str | None:
    """The text that a format prints where it says more than the number: `00000`, `"PO-"0000`, `0%`; else `None`."""
    section = code.split(";")[0]
    if "%" in section and '"' not in section:
        return f"{round(value * 100, 8).normalize():f}%"
    match = re.fullmatch(r'((?:"[^"]*"|\\.|[-/])*)(0+)((?:"[^"]*"|\\.)*)', section)
    if not match or value != value.to_integral_value() or value < 0:
        return None
    before, zeros, after = (re.sub(r'"|\\', "", part) for part in match.groups())
    if len(zeros) == 1 and not re.search(r"[A-Za-z]", before):
        return None
    return before + f"{value:f}".split(".")[0].zfill(len(zeros)) + after


def _currency(code: str) -> str | None:
    symbols = re.findall(r"\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]|\"([^\"]+)\"|([€£₹$])", code.split(";")[0])
    texts = {next(t for t in found if t).strip() for found in symbols}
    codes = {_CURRENCIES.get(t) or (t if t == "$" or re.fullmatch("[A-Z]{3}", t) else None) for t in texts} - {None}
    return codes.pop() if len(codes) == 1 else None
