"""What kind of paper a text is, from its title, its labels and what only one kind of letter says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers import LINES, document

from signoff.domain.reading import DraftOrder, Part, SetAside
from signoff.tools.documents.document import Source, Word
from signoff.tools.intake import papers
from signoff.tools.orders import layout
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
        ("SERVICE PURCHASE ORDER", "order"),
        ("Invoice purchase order", None),
        ("Zamówienie do dostawcy nr Z/4711/2026", "order"),
        ("Supply Agreement No. 4711", "contract"),
        ("Betreff: Unsere Bestellung Nr. 4711 vom 1.2.2026", "order"),
        ("Bestellung 4711 zu Rechnung 5", "order"),
        ("Rechnung Nr. 5 zu Bestellung 4711", "invoice"),
        ("Sammelrechnung", "invoice"),
        ("Subject: Order confirmation 5", "order response"),
        ("Salgsordre 1001", "order response"),
        ("Verkaufsorder 12", "order response"),
        ("Ihre Bestellung Nr. 4711", None),
        ("Your order 4711", None),
        ("Ordererkännande", "order response"),
        ("Versandanzeige 5", "delivery note"),
        ("Sollecito di pagamento", "reminder"),
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
        ("Hi,\n\nPO 4711 of 2 March (10 x drain pump) was due on Monday. When will it ship?\n", "reminder"),
        ("Hello,\n\nplease note that our new bank details apply to PO 4711 and all later orders.\n", "payment request"),
        ("Hi, are you at your desk? We need to order 5 gift cards for a client today.\n", "payment request"),
        ("This week only: order 3 boxes, pay for 2!\n\nUnsubscribe\n", "newsletter"),
        ("Hello,\n\nwe have today paid your invoice 88 for PO 4711, 12.00 EUR.\n", "remittance advice"),
        ("Hello,\n\nour account details have changed. Pay order 4711 (12.00 EUR) to the new one.\n", "payment request"),
        ("Buongiorno,\n\nle nostre coordinate bancarie sono cambiate: ordine 4711, 12,00 EUR.\n", "payment request"),
        ("Hi,\n\nwe ordered 6 blue pails on PO 4711 in May. Any update? We need them soon.\n", "reminder"),
        ("Guten Tag,\n\nwie ist der Stand unserer Bestellung 4711 über 6 Eimer?\n", "reminder"),
        ("Hej,\n\nTack för er beställning 4711.\n\n" + ORDERED, "order response"),
        ("Hello,\n\nplease quote for 12 blue pails and 4 brushes, PO 4711 will follow.\n", "request for quotation"),
        ("Bonjour,\n\nmerci de nous faire parvenir votre devis pour 12 seaux bleus.\n", "request for quotation"),
        ("Dear buyer,\n\nbook a demo now. Order before 3 May and get 2 pails.\n", "newsletter"),
        (
            "REMITTANCE ADVICE\n\nVendor no. 20\n\nInvoice  Date         PO     Gross   Net\n1        02/18/2026   4711   12.00   11.00\n",
            "remittance advice",
        ),
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


@pytest.mark.parametrize(
    ("stamp", "held"), [("CANCELLED", True), ("Entwurf", True), ("ANNULÉE", True), ("COPY", False), ("Approved", False)]
)
def test_a_stamp_across_the_page_holds_an_order_that_is_not_meant(stamp: str, held: bool) -> None:
    paper_ = document([(60, [(50, "PURCHASE ORDER 4711", 16)]), *LINES])
    (page,) = paper_.pages
    (found,) = layout.read(replace(paper_, pages=(replace(page, aside=(Word(stamp, 200, 300, 400, 500, 60),)),)))
    assert isinstance(found, DraftOrder)
    assert any(n.code == "not_an_order" and stamp in n.message for n in found.notices) is held
