"""Formulas that would run a program or fetch from elsewhere are told, and never run."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from signoff.tools.documents.commands import macros, reaching
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.opening import open_document


def workbook(*formulas: str) -> Document:
    book = Workbook()
    for row, formula in enumerate(formulas, 1):
        book.active.cell(row, 1, formula)
    packed = io.BytesIO()
    book.save(packed)
    return open_document(Source("order.xlsx", packed.getvalue()))


@pytest.mark.parametrize(
    "formula", ['=WEBSERVICE("http://a.example")', "=cmd|' /C calc'!A0", '=HYPERLINK("http://a.example","pay")', '=IMPORTXML("x","y")']
)
def test_what_reaches_outside(formula: str) -> None:
    assert reaching(formula)


@pytest.mark.parametrize("text", ["=A1*B1", '=HYPERLINK("#Sheet2!A1")', "cmd prompt for PC", "-5"])
def test_what_does_not(text: str) -> None:
    assert not reaching(text)


def test_a_workbook_s_formula_is_told_and_not_run() -> None:
    document = workbook("Total", '=WEBSERVICE("http://a.example")')
    assert "suspicious_text" in [n.code for n in document.notices]
    assert [row[0] for row in document.sheets[0].rows] == ["Total"]


def test_a_delimited_cell_is_kept_as_text_with_a_notice() -> None:
    document = open_document(Source("order.csv", b"Item,Qty\n=cmd|' /C calc'!A0,4\nB,-5\n"))
    assert [n.code for n in document.notices] == ["suspicious_text"]
    assert document.sheets[0].rows[1][0] == "=cmd|' /C calc'!A0"


def test_a_formula_without_a_result_leaves_a_notice() -> None:
    document = workbook("Total", "=VLOOKUP(1,B1:C9,2)")
    assert [n.code for n in document.notices] == ["field_missing"]


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "Basic/Standard/Module1.xml"])
def test_macros_are_told_and_not_run(part: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr(part, "Sub AutoOpen()")
    (notice,) = macros(packed.getvalue())
    assert (notice.code, "not run" in notice.message, notice.evidence and notice.evidence.where) == ("suspicious_text", True, part)


def test_a_workbook_without_macros_says_nothing_of_them() -> None:
    assert not workbook("Total").notices
