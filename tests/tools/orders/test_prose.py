"""Orders in running text: what is asked for, by whom, and what is no order at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from signoff.domain.reading import DraftOrder, Part, SetAside
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders import layout

Lines = list[tuple[str, str | None, str | None, str | None]]
HOSE, DRILL = ("40", "Garden hose", "1.20", None), ("12", "Broca", "3.40", None)


def parts(text: str) -> list[Part]:
    return layout.read(plain.open(Source("x.txt", text.encode())))


def draft(text: str) -> DraftOrder:
    (found,) = parts(text)
    assert isinstance(found, DraftOrder)
    return found


def lines(text: str) -> Lines:
    """Quantity, description, unit price and id of each line."""
    return [
        (f"{x.quantity}", x.description, None if x.unit_price is None else f"{x.unit_price}", next(iter(x.item_ids), None))
        for x in draft(text).order.lines
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please send us 20 boxes of wood screws (art. 4711) at 4.10 each.", [("20", "wood screws", "4.10", "4711")]),
        ("hi, can we get 6 paint rollers and 12 dust masks", [("6", "paint rollers", None, None), ("12", "dust masks", None, None)]),
        ("Please supply:\n- 3x Ball valve DN15 @ 12,50\n- 40 m Garden hose @ 1,20/m", [("3", "Ball valve DN15", "12.50", None), HOSE]),
        ("Wir bestellen:\n1) 5 Stk Leuchte rund (LR-20) zu 18,40 EUR", [("5", "Leuchte rund", "18.40", "LR-20")]),
        (
            "Veuillez nous livrer :\n- Ramettes A4 (réf. RA-44) : quantité 12, prix unitaire HT 4,20 €",
            [("12", "Ramettes A4", "4.20", "RA-44")],
        ),
        ("Necesitamos 5 unidades de Cinta al precio de 2,46 € cada una y 12 de Broca a 3,40 €.", [("5", "Cinta", "2.46", None), DRILL]),
        ("Vi beställer:\n4 st Skruvdragare, art. SD-18, à 990,00 kr", [("4", "Skruvdragare", "990.00", "SD-18")]),
        ("Hierbij bestellen wij bij u:\n- 60 st Lampen E27 (artikelnr. LE-27) à € 2,13", [("60", "Lampen E27", "2.13", "LE-27")]),
        ("Vorremmo ordinare 3 confezioni di Guanti taglia M a 7,80 € l'una", [("3", "Guanti taglia M", "7.80", None)]),
        (
            "Nouvelle commande :\n\n* Carton 12 bouteilles (CA-12) : 600 PCE à 0,56 € HT\n* Film 50 cm (FI-50) : 60 ROU à 8,25 € HT",
            [("600", "Carton 12 bouteilles", "0.56", "CA-12"), ("60", "Film 50 cm", "8.25", "FI-50")],
        ),
        (
            "Bitte liefern:\nMutter M8 (MU-8), 20 Stk., 3,56 je Stk\nBohrer 8 mm (BO-8), 5 Stück, 4,10 je Stück",
            [("20", "Mutter M8", "3.56", "MU-8"), ("5", "Bohrer 8 mm", "4.10", "BO-8")],
        ),
        ("Il nous faudrait 24 cartouches de graisse à 5,15 €", [("24", "cartouches de graisse", "5.15", None)]),
        ("Bjr, 50 m tuyau bleu 8 mm svp", [("50", "tuyau bleu 8 mm", None, None)]),
        (
            "Please deliver:\n- 4 CS Gloves M, cat# NG-2, $4.70 ea = $18.80\n- 13 BX Wipes blue, cat# WB-9, $1.12 ea = $14.56",
            [("4", "Gloves M", "4.70", "NG-2"), ("13", "Wipes blue", "1.12", "WB-9")],
        ),
        ("please send us two step ladders", [("2", "step ladders", None, None)]),
        ("we need another case of printer paper please", [("1", "printer paper", None, None)]),
    ],
)
def test_what_is_asked_for(text: str, found: Lines) -> None:
    assert lines(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "We can offer you 20 boxes of screws at 4.10 each. Please order by Friday.",
        "Your order 4711 has been shipped: 3 boxes of screws.",
        "Unser Angebot: 12 Stk Leuchten zu 18,40 EUR. Bestellen Sie bald.",
        "Please send the signed copy within 14 days.",
        "The delivery of order 88-12 is 30 days late. When can we expect it?",
        "Hello,\n\nplease find the drawings attached.\n\nKind regards\nJo\n12 Mill Lane\nLeeds LS1 4AP",
    ],
)
def test_what_is_no_order(text: str) -> None:
    assert all(isinstance(p, SetAside) for p in parts(text))


def test_the_size_of_a_pack_is_not_taken_for_a_quantity_in_silence() -> None:
    found = draft("please send nitrile gloves size 9, 100 ct")
    assert any("100 ct can be the quantity or the size of a pack" in n.message for n in found.notices)


def test_of_two_quantities_behind_a_name_none_is_taken_in_silence() -> None:
    found = draft("Bitte liefern:\n\n- Rohr 3 Stk, 6 m\n- Bogen, 4 Stk\n")
    assert any("3 Stk and 6 m can each be the quantity" in n.message for n in found.notices)


def test_a_letter_of_one_endless_sentence_is_read_to_its_end() -> None:
    wanted = ", ".join(f"{n % 90 + 1} boxes of nails number {n}" for n in range(1500))
    assert len(draft(f"Please send us on our order 4711-22: {wanted}.").order.lines) == 1500


def test_a_long_list_without_prices_is_an_order() -> None:
    assert (
        len(
            draft(
                "Please order on PO 4711-22:\n" + "".join(f"{n % 90 + 1} boxes of nails no. {n} for wood\n" for n in range(200))
            ).order.lines
        )
        == 200
    )


def test_terms_alone_are_set_aside_as_terms() -> None:
    clauses = [
        "1. Scope",
        "These terms shall be binding for every purchase order hereby placed.",
        "2. Law",
        "Each party accepts the governing law.",
    ]
    (part,) = parts("General Terms and Conditions of Purchase\n\n" + "\n".join(clauses) + "\n3. End\nTermination shall be in writing.\n")
    assert isinstance(part, SetAside)
    assert part.kind == "terms"


def test_a_sentence_gives_the_total() -> None:
    order = draft("Commande BC-3319 :\n\n* Film (FI-50) : 60 ROU à 8,25 € HT\n\nSoit 495,00 € HT.\n").order
    assert (order.order_number, order.line_total) == ("BC-3319", Decimal("495.00"))


def test_the_usual_is_an_order_without_lines() -> None:
    found = draft("hi, need to order more of the usual - Rita")
    assert found.order.lines == ()
    assert [n.code for n in found.notices] == ["rows_missing"]


def test_the_header_from_a_letters_sentences() -> None:
    order = draft(
        "Hello,\n\nour PO 5518-A, dated 24 February 2026.\nPlease send:\n\n3 x Step ladder, art. SL-3, 35.90 each\n\n"
        "Total £107.70 ex VAT.\n"
        "Needed on site by 9 March 2026.\n\nBest regards\nOlu Adeyemi\nBrackenfell Farms Ltd\n"
    ).order
    assert (order.order_number, order.issue_date, order.currency) == ("5518-A", dt.date(2026, 2, 24), "GBP")
    assert (order.requested_delivery_date, order.payable_amount) == (dt.date(2026, 3, 9), Decimal("107.70"))
    assert order.buyer.name == "Brackenfell Farms Ltd"


def test_a_delivery_day_that_can_be_two_days_is_neither() -> None:
    found = draft("PO 88-120: send 4 step ladders. Deliver by 6/2/26.")
    assert found.order.requested_delivery_date is None
    assert "/requested_delivery_date" in [n.field for n in found.notices]


def test_evidence_is_the_words_in_the_text() -> None:
    found = draft("Please send us 20 boxes of wood screws (art. 4711) at 4.10 each.")
    assert {p: e.text for p, e in found.evidence.items() if p.startswith("/lines/0")} == {
        "/lines/0/quantity": "20",
        "/lines/0/unit": "boxes",
        "/lines/0/description": "wood screws",
        "/lines/0/supplier_item_id": "4711)",
        "/lines/0/unit_price": "4.10",
    }
