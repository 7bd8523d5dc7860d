"""What kind of paper a text is, from its title, its labels and what only one kind of letter says."""

from __future__ import annotations

import pytest

from signoff.domain.reading import DraftOrder, Part, SetAside
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers
from signoff.tools.orders.layout_kind import paper

ORDERED = (
    "Pos  Description        Qty  Price   Amount\n1    Hex bolt M8x30     10   1.20    12.00\n2    Washer 8.4         20   0.05    1.00\n"
)


def read(text: str) -> Part:
    (found,) = papers(Source("letter.txt", text.encode()))
    return found.parts[0]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Purchase Order 19022", "order"),
        ("Købsordre 106033", "order"),
        ("Inköpsorder 5", "order"),
        ("Rammeordre 5", "order"),
        ("Einkaufsbestellung", "order"),
        ("Bestellung 4711 vom 12.01.2026", "order"),
        ("Lieferabruf AB 77120-04 zum Rahmenvertrag RA-2025-0093", "order"),
        ("Betreft: bestelling 2026.0418", "order"),
        ("Objet : commande n° 2026-BC-118", "order"),
        ("Subject: RE: PO 4711", "order"),
        ("Betreff: Unsere Bestellung Nr. 4711 vom 1.2.2026", "order"),
        ("Bestellung 4711 zu Rechnung 5", "order"),
        ("Rechnung Nr. 5 zu Bestellung 4711", "invoice"),
        ("Sammelrechnung", "invoice"),
        ("Subject: Order confirmation 5", "order response"),
        ("Salgsordre 1001", "order response"),
        ("Verkaufsorder 12", "order response"),
        ("Ihre Bestellung Nr. 4711", None),
        ("Your order 4711", None),
        ("Recorder", None),
        ("Border 12", None),
    ],
)
def test_titles(title: str, kind: str | None) -> None:
    assert paper(title) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Dear Ms Hale,\n\nThank you for your order PO-7719, which we acknowledge as follows:\n\nOur order SO-11\n\n" + ORDERED,
            "order response",
        ),
        ("Guten Tag,\n\nwir danken für Ihre Bestellung 4711 und bestätigen:\n\n" + ORDERED, "order response"),
        (
            "Guten Tag,\n\nunsere Bestellung 4711 war für den 22.10.2026 zugesagt. Offen sind noch:\n\nPos 10  Zylinder  10 Stk\n",
            "reminder",
        ),
        ("Hello,\n\nPO 4711 has not been received yet. Please confirm a new delivery date.\n", "reminder"),
        ("Hello,\n\nplease note that our new bank details apply to PO 4711 and all later orders.\n", "payment request"),
        ("Hi, are you at your desk? We need to order 5 gift cards for a client today.\n", "payment request"),
        ("This week only: order 3 boxes, pay for 2!\n\nUnsubscribe\n", "newsletter"),
        ("Hello,\n\nwe have today paid your invoice 88 for PO 4711, 12.00 EUR.\n", "remittance advice"),
    ],
)
def test_letters_that_name_an_order_and_are_none(text: str, kind: str) -> None:
    found = read(text)
    assert isinstance(found, SetAside)
    assert (found.kind, "not an order" in found.reason) == (kind, True)


@pytest.mark.parametrize(
    "text",
    [
        "PURCHASE ORDER\nOrder no. 4711\n\nSupplier: Nordlicht GmbH\n\n" + ORDERED + "\nOverdue deliveries are charged at 1 % a week.\n",
        "Guten Tag,\n\nhiermit bestellen wir, Bestellung 4711:\n\n" + ORDERED + "\nBitte nennen Sie uns den Liefertermin.\n",
    ],
)
def test_an_order_stays_one_whatever_else_it_says(text: str) -> None:
    assert isinstance(read(text), DraftOrder)
