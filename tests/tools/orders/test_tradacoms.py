"""TRADACOMS orders: implied decimals, the parties of the file's header, and that no damage makes the reader crash."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from signoff.domain.errors import Unreadable
from signoff.domain.reading import DraftOrder, Part, SetAside
from signoff.tools.documents import tradacoms as standard
from signoff.tools.documents.document import Source
from signoff.tools.orders import tradacoms

FOLDER = Path(__file__).parents[2] / "documents" / "tradacoms"
FILES = sorted(p for p in FOLDER.iterdir() if p.suffix != ".json")


def parts(data: bytes) -> list[Part]:
    return tradacoms.read(standard.open(Source("order.edi", data)))


def attempt(data: bytes) -> list[Part] | str:
    """What was read, or the sentence of the refusal."""
    try:
        return parts(data)
    except Unreadable as error:
        return str(error)


def test_prices_have_four_implied_decimals_and_measures_three() -> None:
    first, second = parts((FOLDER / "orders.edi").read_bytes())
    assert isinstance(first, DraftOrder)
    assert isinstance(second, DraftOrder)
    assert (first.order.lines[0].quantity, first.order.lines[0].unit_price) == (Decimal(60), Decimal("4.56"))
    assert first.evidence["/lines/0/unit_price"].text == "45600"
    assert first.evidence["/lines/0/unit_price"].where == "OLD[1]/07"
    assert (second.order.lines[0].quantity, second.order.lines[0].unit) == (Decimal("12.5"), "KGM")


def test_every_order_of_the_file_has_the_parties_of_its_header() -> None:
    found = parts((FOLDER / "orders.edi").read_bytes())
    assert {p.order.supplier.name for p in found if isinstance(p, DraftOrder)} == {"PEMBER FOODS LTD"}
    assert [p.order.order_number for p in found if isinstance(p, DraftOrder)] == ["T-70970", "T-70971"]


def test_an_invoice_file_is_set_aside_as_one() -> None:
    (part,) = parts((FOLDER / "invoices.edi").read_bytes())
    assert isinstance(part, SetAside)
    assert part.kind == "invoice"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.name))
def test_a_cut_file_is_never_taken_for_a_whole_one(path: Path) -> None:
    data = path.read_bytes()
    whole = parts(data)
    for end in range(60, len(data) - 30, 61):
        found = attempt(data[:end])
        if isinstance(found, str):
            continue
        last = found[-1]
        assert (
            last in whole or not isinstance(last, DraftOrder) or last.notices or last.controls.segment_count != last.controls.segments_seen
        )


@pytest.mark.parametrize(
    "text", ["", "STX=ANA:1+'", "MHD=1+ORDERS:9'", "MHD=1+ORDERS:9'ORD'OLD'MTR'", "STX=ANA:1'MHD=1+ORDHDR:9'MTR=2'END=1'"]
)
def test_rubbish_is_refused_or_left_with_a_notice(text: str) -> None:
    found = attempt(text.encode())
    if isinstance(found, str):
        assert found.endswith("again.")
    else:
        assert not [p for p in found if isinstance(p, DraftOrder) and not p.notices]
