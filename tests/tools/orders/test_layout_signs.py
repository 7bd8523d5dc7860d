"""A currency sign that several countries share means what the paper's other signs say, or nothing."""

from __future__ import annotations

import pytest

from signoff.domain.reading import DraftOrder
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders import layout

ORDER = "Please supply on order IB-7741:\n\n- 3 x Step ladder, art. SL-3, {price} each\n\nBest regards\nKim Holm\n{foot}\n"


def draft(price: str, foot: str) -> DraftOrder:
    (part,) = layout.read(plain.open(Source("order.txt", ORDER.format(price=price, foot=foot).encode())))
    assert isinstance(part, DraftOrder), part
    return part


@pytest.mark.parametrize(
    ("price", "foot", "meant"),
    [
        ("1 762,35 kr", "Fjällbo Bygg AB\n+46 16 000 140", "SEK"),
        ("kr 162,35", "Fjellbo Bygg AS\nNorge", "NOK"),
        ("162,35 kr.", "Bakkebo Byg ApS\nCVR 10 20 30 40", "DKK"),
        ("$162.35", "Brackenfell Farms LLC\nAustin, TX 78701", "USD"),
    ],
)
def test_the_paper_tells_which(price: str, foot: str, meant: str) -> None:
    found = draft(price, foot)
    assert found.order.currency == meant
    assert f"the addresses imply {meant}" in " ".join(n.message for n in found.notices)


@pytest.mark.parametrize(("price", "foot"), [("162,35 kr", "Kim Holm"), ("162,35 kr", "Fjällbo AB\n+45 16 00 01 40"), ("$162.35", "Kim")])
def test_what_is_not_told_is_left_to_a_person(price: str, foot: str) -> None:
    found = draft(price, foot)
    assert found.order.currency is None
    assert "which several currencies share" in " ".join(n.message for n in found.notices if n.field == "/currency")
