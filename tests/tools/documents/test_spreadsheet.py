"""Workbooks as people see them, and the ones that nobody should open."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from signoff.domain.errors import Unreadable
from signoff.tools.documents import csv_text, plain, spreadsheet
from signoff.tools.documents.document import Source, column_letters
from signoff.tools.documents.formulas import compute
from signoff.tools.documents.spreadsheet_formats import printed_number


def workbook(**cells: object) -> bytes:
    book = Workbook()
    for name, value in cells.items():
        book.active[name] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("value", "exact"),
    [(0.1 + 0.2, "0.3"), (48.0, "48"), (1e-12, "0.000000000001"), (4006381333931.0, "4006381333931"), (1e22, "1" + "0" * 22)],
)
def test_binary_numbers_become_the_decimals_they_stand_for(value: float, exact: str) -> None:
    assert spreadsheet.exact(value) == Decimal(exact)


@pytest.mark.parametrize(
    ("value", "code", "printed"),
    [
        ("42", "00000", "00042"),
        ("42", '"PO-"0000', "PO-0042"),
        ("0.19", "0%", "19%"),
        ("42", "0", None),
        ("4.2", "00000", None),
        ("42", "#,##0.00", None),
    ],
)
def test_formats_that_say_more_than_the_number(value: str, code: str, printed: str | None) -> None:
    assert printed_number(Decimal(value), code) == printed


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=A1*B1", Decimal(10)),
        ("=SUM(A1:B1)", Decimal(7)),
        ("=IF(C1=FALSE,A1,B1)", Decimal(2)),
        ("=ROUND(A1/3,2)", Decimal("0.67")),
        ("=-A1+2*(B1-1)", Decimal(6)),
        ("=SUMPRODUCT(A1:B1,A1:B1)", Decimal(29)),
        ("=A1/C1", None),
        ("=TODAY()", None),
        ("=Other!A1", None),
        ('=A1+"x"', None),
        ("=SUM(A1", None),
    ],
)
def test_formulas_of_order_forms(formula: str, result: Decimal | None) -> None:
    cells = {(1, 1): Decimal(2), (1, 2): Decimal(5)}
    assert compute(formula, lambda row, column: cells.get((row, column))) == result


def test_formulas_that_need_each_other_have_no_result() -> None:
    sheet = spreadsheet.open(Source("a.xlsx", workbook(A1="Total", B1="=C1+1", C1="=B1+1", D1="=1+1"))).sheets[0]
    assert sheet.rows[0] == ("Total", None, None, Decimal(2))


def test_a_package_that_unpacks_to_far_more_than_it_weighs_is_refused() -> None:
    bomb = repacked(workbook(A1="x"), "xl/media/image1.bmp", bytes(30_000_000))
    with pytest.raises(Unreadable, match="unpacks to"):
        spreadsheet.open(Source("a.xlsx", bomb))


def test_two_far_corners_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(Unreadable, match="1,048,576 rows"):
        spreadsheet.open(Source("a.xlsx", workbook(A1=1, XFD1048576=1)))


def test_an_encrypted_package_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Unreadable, match="password"):
        spreadsheet.open(Source("a.xlsx", data))
    assert not spreadsheet.matches(Source("a.docx", data))


def test_other_office_files_are_left_to_their_openers() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert not spreadsheet.matches(Source("a.xlsx", buffer.getvalue()))


PROSE = "Dear Sir,\nplease send us, as agreed, ten boxes of screws, size M8.\nThey are needed by Friday, not later.\nKind regards\n"


@pytest.mark.parametrize("text", [PROSE, '{"a": 1,\n"b": 2}', "<a>1,2</a>\n<b>1,2</b>", "ISA*00*,,,\nGS*PO*,,,", "UNA:+.? '\nUNB+UNOC:3"])
def test_what_is_no_delimited_text(text: str) -> None:
    assert not csv_text.matches(Source("a.txt", text.encode()))


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimited_text_in_any_charset_under_any_name(charset: str, mark: str) -> None:
    rows = [["Bezeichnung", "Größe", "Stück"], ["Schäkel", "groß", "12"], ["Öse", "mittelgroß", "40"], ["Gewölbe", "klein", "7"]]
    source = Source("export.dat", "\r\n".join(mark.join(r) for r in rows).encode(charset))
    assert csv_text.matches(source)
    assert not plain.matches(source)
    assert [list(row) for row in csv_text.open(source).sheets[0].rows] == rows


def test_quoted_newlines_the_separator_hint_and_kept_zeros() -> None:
    sheet = csv_text.open(Source("a.csv", b'sep=;\r\nCode;Text\r\n="00123";"one\r\ntwo, three"\r\n')).sheets[0]
    assert sheet.rows == (("Code", "Text"), ("00123", "one\r\ntwo, three"))
    assert sheet.first_row == 2


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 52, 53, 702, 703, 16384)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]
