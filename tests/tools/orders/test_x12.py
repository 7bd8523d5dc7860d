"""X12 orders: where each value was printed, how separators are found, and that no damage makes the reader crash."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from signoff.domain.errors import Unreadable
from signoff.domain.reading import DraftOrder, Part, SetAside, Unread
from signoff.tools.documents import x12 as standard
from signoff.tools.documents.document import Source
from signoff.tools.orders import x12
from signoff.tools.orders.segments import day, decimal

FOLDER = Path(__file__).parents[2] / "documents" / "x12"
FILES = sorted(p for p in FOLDER.iterdir() if p.suffix != ".json")


def parts(data: bytes) -> list[Part]:
    return x12.read(standard.open(Source("order.x12", data)))


def attempt(data: bytes) -> list[Part] | str:
    """What was read, or the sentence of the refusal."""
    try:
        return parts(data)
    except Unreadable as error:
        return str(error)


def order(name: str) -> DraftOrder:
    (part,) = parts((FOLDER / name).read_bytes())
    assert isinstance(part, DraftOrder)
    return part


def test_every_value_names_the_element_it_was_printed_in() -> None:
    draft = order("order.x12")
    shown = {
        p: (draft.evidence[p].where, draft.evidence[p].text)
        for p in ("/order_number", "/lines/1/quantity", "/lines/1/unit", "/supplier/name")
    }
    assert shown == {
        "/order_number": ("BEG[1]/03", "HB-70431"),
        "/lines/1/quantity": ("PO1[2]/02", "12"),
        "/lines/1/unit": ("PO1[2]/03", "CA"),
        "/supplier/name": ("N1[2]/02", "Orrington Fasteners LLC"),
    }
    assert draft.evidence["/allowances_charges/0/amount"].text == "12550"
    assert draft.order.allowances_charges[0].amount == Decimal("125.50")


@pytest.mark.parametrize("separators", ["*~", "|\n", "^'", "\x1d\x1c", "!$", "*\r"])
def test_separators_come_from_the_header(separators: str) -> None:
    element, terminator = tuple(separators)
    text = (FOLDER / "order.x12").read_text().replace("\n", "").replace("*", element).replace("~", terminator)
    (part,) = parts(text.encode())
    assert isinstance(part, DraftOrder)
    assert part.order == order("order.x12").order


def test_a_look_alike_is_set_aside_and_the_order_beside_it_is_read() -> None:
    first, second = parts((FOLDER / "no-envelope.x12").read_bytes())
    assert isinstance(first, DraftOrder)
    assert first.order.order_number == "HB-70438"
    assert isinstance(second, SetAside)
    assert second.kind == "invoice"


def test_two_orders_without_a_header_between_them_stay_two() -> None:
    found = parts((FOLDER / "lost-header-between.x12").read_bytes())
    assert [len(p.order.lines) for p in found if isinstance(p, DraftOrder)] == [1, 1]
    assert all(p.notices for p in found if isinstance(p, DraftOrder))


def test_an_interchange_that_ends_as_another_is_told() -> None:
    text = (FOLDER / "order.x12").read_text().replace("IEA*1*000000101", "IEA*1*000000102")
    (part,) = parts(text.encode())
    assert isinstance(part, DraftOrder)
    assert [n.message for n in part.notices] == ["The interchange trailer (IEA) names interchange '000000102', the header '000000101'."]


@pytest.mark.parametrize(
    ("sub_line", "notices", "notes"),
    [
        ("SLN*1**I*4*EA****VP*OF-G1~", [], ["Line 1 includes 4 EA OF-G1"]),
        ("SLN*1**I****~", [], []),
        ("SLN*1**I*4*EA*2~", ["rows_missing"], []),
        ("SLN*1**A*4*EA~", ["rows_missing"], []),
    ],
)
def test_a_sub_line_that_is_bought_is_never_dropped_in_silence(sub_line: str, notices: list[str], notes: list[str]) -> None:
    text = (FOLDER / "sub-lines.x12").read_text().replace("000000120", "000000119")
    head, _, _ = text.partition("SLN*")
    (part,) = parts((head + sub_line + "SE*13*0001~IEA*1*000000119~").encode())
    assert isinstance(part, DraftOrder)
    assert [n.code for n in part.notices] == notices
    assert list(part.order.notes) == notes


def test_a_value_too_long_for_an_order_is_unread_and_no_crash() -> None:
    text = (FOLDER / "order.x12").read_text().replace("HB-70431", "H" * 5000)
    (part,) = parts(text.encode())
    assert isinstance(part, Unread)
    assert "/order_number" in part.reason


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.name))
def test_a_cut_file_is_never_taken_for_a_whole_one(path: Path) -> None:
    data = path.read_bytes()
    whole = parts(data)
    for end in range(110, len(data) - 40, 97):
        found = attempt(data[:end])
        if isinstance(found, str):
            continue
        last = found[-1]
        assert (
            last in whole or not isinstance(last, DraftOrder) or last.notices or last.controls.segment_count != last.controls.segments_seen
        )


@pytest.mark.parametrize(
    "text", ["", "ISA", "ISA*00*", "ISA*00*" + "*" * 300, "ST*850*1~BEG~PO1~SE~", "GS*PO*~ST*850*", "ISA*00*\x00~GS*\xff"]
)
def test_rubbish_is_refused_in_a_sentence(text: str) -> None:
    found = attempt(text.encode("latin-1"))
    if isinstance(found, str):
        assert found.endswith("again.")
    else:
        assert all(isinstance(p, DraftOrder) and p.notices for p in found)


def test_prose_and_mail_are_not_x12() -> None:
    mail = b"From: a@b.example\nSubject: ISA*00*\n\nISA*00*          *00*          *ZZ*A~"
    for data in (b"Please order 5 ST*850 today", mail, b"ISA is short for individual savings account", b"ST;123;X\nAB;1;2"):
        assert not standard.matches(Source("a", data))


@pytest.mark.parametrize(
    ("text", "value"), [("12", "12"), (".5", "0.5"), ("-3.40", "-3.40"), ("1,200", None), ("1E3", None), ("NaN", None), ("", None)]
)
def test_numbers(text: str, value: str | None) -> None:
    assert decimal(text, "X12") == (Decimal(value) if value else None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20260914", dt.date(2026, 9, 14)),
        ("260914", dt.date(2026, 9, 14)),
        ("990914", dt.date(1999, 9, 14)),
        ("20261350", None),
        ("²0260914", None),
    ],
)
def test_dates(text: str, value: dt.date | None) -> None:
    assert day(text) == value
