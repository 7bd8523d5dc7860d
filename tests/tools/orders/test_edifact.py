"""EDIFACT orders: where each value was printed, separators and charsets, and that no damage makes the reader crash."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from signoff.domain.errors import Unreadable
from signoff.domain.reading import DraftOrder, Part, SetAside, Unread
from signoff.tools.documents import edifact as standard
from signoff.tools.documents.document import Source
from signoff.tools.documents.edi import Segment
from signoff.tools.orders import edifact
from signoff.tools.orders.edifact_lines import date_of
from signoff.tools.orders.segments import decimal

FOLDER = Path(__file__).parents[2] / "documents" / "edifact"
FILES = sorted(p for p in FOLDER.iterdir() if p.suffix != ".json")


def parts(data: bytes) -> list[Part]:
    return edifact.read(standard.open(Source("order.edi", data)))


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


def test_every_value_names_the_component_it_was_printed_in() -> None:
    draft = order("order.edi")
    shown = {
        p: (draft.evidence[p].where, draft.evidence[p].text)
        for p in ("/order_number", "/buyer/name", "/lines/1/quantity", "/lines/0/line_amount")
    }
    assert shown == {
        "/order_number": ("BGM[1]/02", "LX-55012"),
        "/buyer/name": ("NAD[1]/04", "Lindqvist Maskin AB"),
        "/lines/1/quantity": ("QTY[2]/01.2", "1000"),
        "/lines/0/line_amount": ("MOA[1]/01.2", "699.84"),
    }


@pytest.mark.parametrize("separators", [":+.? '", "^|.! ~", ":+,? '", "\x1f\x1d.? \x1c"])
def test_separators_come_from_una(separators: str) -> None:
    text = (FOLDER / "order.edi").read_text().replace("\n", "")
    if separators[2] == ",":
        text = text.replace("14.58", "14,58").replace("699.84", "699,84").replace("3.5:CT", "3,5:CT")
    for plain, own in zip(":+'", (separators[0], separators[1], separators[5]), strict=True):
        text = text.replace(plain, own)
    (part,) = parts(f"UNA{separators}{text}".encode())
    assert isinstance(part, DraftOrder)
    assert part.order == order("order.edi").order


def test_a_net_price_holds_the_allowances_of_its_line_unless_the_amount_says_otherwise() -> None:
    gross, net, further = order("allowances.edi").order.lines
    assert [len(line.allowances_charges) for line in (gross, net, further)] == [1, 0, 1]
    assert [line.unit_price for line in (gross, net, further)] == [Decimal(10), Decimal(9), Decimal(9)]


def test_a_damaged_message_is_read_with_a_notice_when_it_says_that_it_is_an_order() -> None:
    first, second, third = parts((FOLDER / "damaged-headers.edi").read_bytes())
    assert isinstance(first, DraftOrder)
    assert first.notices
    assert isinstance(second, DraftOrder)
    assert not second.notices
    assert isinstance(third, Unread)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("TOD+3++DAP:::Bremen'", "DAP Bremen"),
        ("TOD+3++DAP'LOC+1+DEBRE::16:Bremen'", "DAP Bremen"),
        ("TOD+3++DAP'LOC+1+DEBRE'", "DAP DEBRE"),
        ("TOD+3++FCA:::Free carrier'LOC+1+:::Ostrava'", "FCA Ostrava"),
        ("TOD+6++CIF:::CIF Oslo'", "CIF Oslo"),
        ("TOD+6++:::Delivered:free of charge'", "Delivered free of charge"),
        ("TOD+3++EXW'", "EXW"),
    ],
)
def test_delivery_terms_keep_their_place(terms: str, expected: str) -> None:
    text = (FOLDER / "order.edi").read_text().replace("TOD+3++DAP:23:9'\nLOC+1+SEMMA::16:Malmo'", terms)
    (part,) = parts(text.encode())
    assert isinstance(part, DraftOrder)
    assert part.order.delivery_terms == expected


def test_look_alikes_are_set_aside() -> None:
    found = parts((FOLDER / "not-orders.edi").read_bytes())
    assert len(found) == 10
    assert all(isinstance(p, SetAside) for p in found)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.name))
def test_a_cut_file_is_never_taken_for_a_whole_one(path: Path) -> None:
    data = path.read_bytes()
    whole = parts(data)
    for end in range(60, len(data) - 30, 83):
        found = attempt(data[:end])
        if isinstance(found, str):
            continue
        last = found[-1]
        assert (
            last in whole or not isinstance(last, DraftOrder) or last.notices or last.controls.segment_count != last.controls.segments_seen
        )


@pytest.mark.parametrize(
    "text", ["", "UNA", "UNA:+.? '", "UNB+UNOA:1'", "UNB+UNOA:1'UNH'", "UNH+1+ORDERS:D'BGM'LIN'QTY'PRI'UNT'", "UNT'", "?"]
)
def test_rubbish_is_refused_in_a_sentence(text: str) -> None:
    found = attempt(text.encode())
    if isinstance(found, str):
        assert found.endswith("again.")
    else:
        assert all(isinstance(p, Unread) or (isinstance(p, DraftOrder) and p.notices) for p in found)


def test_prose_is_not_edifact() -> None:
    for data in (b"UNA NOCHE en Madrid", b"UNB is a university", b"From: a@b.example\nSubject: x\n\nUNB+UNOA:1+A+B'"):
        assert not standard.matches(Source("a", data))


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("2,5", ",", "2.5"),
        ("2,5", ".", "2.5"),
        ("2.5", ",", "2.5"),
        ("1.000", ",", None),
        ("1,000", ".", None),
        ("1.000", ".", "1.000"),
        ("1.2.3", ".", None),
    ],
)
def test_decimal_marks(text: str, mark: str, value: str | None) -> None:
    assert decimal(text, mark) == (Decimal(value) if value else None)


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("20261005", "102", dt.date(2026, 10, 5)),
        ("202610051230", "203", dt.date(2026, 10, 5)),
        ("261005", "101", dt.date(2026, 10, 5)),
        ("2026100520261009", "718", dt.date(2026, 10, 9)),
        ("20261005-20261009", "718", dt.date(2026, 10, 9)),
        ("051026", "2", dt.date(2026, 10, 5)),
        ("20261005", "", dt.date(2026, 10, 5)),
        ("20261332", "102", None),
        ("1230", "401", None),
        ("", "102", None),
    ],
)
def test_dates(text: str, form: str, value: dt.date | None) -> None:
    assert date_of(Segment("DTM", 1, (("2", text, form),))) == value
