"""Who buys and who supplies: by labels, by the letterhead, by the addressee; and when nobody can tell."""

from __future__ import annotations

import pytest
from papers import LINES, Row, draft

from signoff.domain.reading import Witness

NUMBER: Row = (90, [(350, "Order no: A-4711")])
LETTER: list[Row] = [
    (30, [(50, "Larkfield Foods Ltd", 14), (350, "PURCHASE ORDER", 12)]),
    (48, [(50, "1 Mill Street")]),
    (60, [(50, "Leeds LS1 2AB")]),
    NUMBER,
]
VENDOR: list[Row] = [(142, [(50, "Oakum Chandlers Limited")]), (153, [(50, "3 Rope Walk")]), (164, [(50, "Hull HU1 2AB")])]


@pytest.mark.parametrize(
    "label",
    [
        "Vendor",
        "To:",
        "Supplier",
        "Lieferant:",
        "Fournisseur",
        "Proveedor:",
        "Messrs",
        "Firma",
        "Spett.le",
        "Titulaire",
        "An:",
        "To: Supplier",
        "Adressé à",
        "Exmo.(s) Sr.(s)",
    ],
)
def test_a_labelled_supplier_and_the_letterhead(label: str) -> None:
    order = draft(*LETTER, (130, [(50, label)]), *VENDOR).order
    assert (order.buyer.name, order.supplier.name) == ("Larkfield Foods Ltd", "Oakum Chandlers Limited")


def test_the_addressee_of_a_letter_is_the_supplier() -> None:
    order = draft(*LETTER, *VENDOR).order
    assert (order.buyer.name, order.supplier.name) == ("Larkfield Foods Ltd", "Oakum Chandlers Limited")


def test_the_senders_line_above_a_window_tells_the_buyer() -> None:
    """DIN 5008: small above the addressee, who is set like the buyer's own address elsewhere."""
    found = draft(
        (30, [(330, "Larkfield Foods Ltd")]),
        (42, [(330, "1 Mill Street, Leeds")]),
        NUMBER,
        (130, [(50, "Larkfield Foods Ltd · 1 Mill Street · Leeds LS1 2AB", 6)]),
        *VENDOR,
        (190, [(50, "Purchase order A-4711", 12)]),
    )
    assert (found.order.buyer.name, found.order.supplier.name) == ("Larkfield Foods Ltd", "Oakum Chandlers Limited")
    assert Witness.REPEATED in found.witnesses["/buyer/name"]


def test_two_possible_addressees_are_none() -> None:
    other: list[Row] = [
        (142, [(50, "Oakum Chandlers Limited"), (300, "Tarry Ropes Limited")]),
        (153, [(50, "3 Rope Walk"), (300, "5 Hemp Row")]),
    ]
    more: Row = (164, [(50, "Hull HU1 2AB"), (300, "Hull HU3 4CD")])
    assert draft(*LETTER, *other, more).order.supplier.name is None


def test_a_buyer_that_is_a_person_asks_for_the_goods() -> None:
    order = draft(*LETTER, (102, [(350, "Buyer: Jane Smith")]), (130, [(50, "Vendor")]), *VENDOR).order
    assert (order.buyer.name, order.requester) == ("Larkfield Foods Ltd", "Jane Smith")


def test_the_suppliers_contact_did_not_ask_for_the_goods() -> None:
    order = draft(*LETTER, (130, [(50, "Vendor")]), *VENDOR, (175, [(50, "Attn: Paul Sands")])).order
    assert order.requester is None


@pytest.mark.parametrize(
    ("rows", "name", "number"),
    [
        ([(130, [(50, "Supplier:"), (120, "100234")]), (142, [(120, "Oakum Chandlers Limited")])], "Oakum Chandlers Limited", None),
        ([(130, [(50, "Supplier:"), (120, "77 - Oakum Chandlers Limited")])], "Oakum Chandlers Limited", "77"),
        (
            [(130, [(50, "Supplier")]), (141, [(50, "Oakum Chandlers")]), (152, [(50, "Shipping GmbH")])],
            "Oakum Chandlers Shipping GmbH",
            None,
        ),
        ([(130, [(50, "Supplier")]), (141, [(50, "Attn: Paul Sands")]), (152, [(50, "Oakum Chandlers Limited")])], None, None),
        ([(130, [(50, "Supplier")]), (141, [(50, "9 Rope Walk, Hull")])], None, None),
        ([(130, [(50, "Supplier: Oakum Limited, 3 Rope Walk, Hull")])], "Oakum Limited", None),
    ],
)
def test_a_name_is_a_companys(rows: list[Row], name: str | None, number: str | None) -> None:
    supplier = draft(*LETTER, *rows).order.supplier
    assert (supplier.name, supplier.id) == (name, number)


def test_one_name_for_both_parties_is_a_persons_to_judge() -> None:
    found = draft(
        (30, [(50, "PURCHASE ORDER", 12)]), NUMBER, (102, [(50, "Buyer: Oakum Limited")]), (114, [(50, "Supplier: Oakum Limited")])
    )
    assert ("readings_disagree", "/supplier") in [(n.code, n.field) for n in found.notices]


def test_a_desk_is_no_buyer() -> None:
    head: list[Row] = [(130, [(50, "Vendor"), (300, "Bill To")]), (142, [(50, "Oakum Chandlers Limited"), (300, "Accounts Payable")])]
    assert draft(*LETTER, *head).order.buyer.name == "Larkfield Foods Ltd"


def test_a_company_named_with_a_word_for_company_is_not_cut_at_it() -> None:
    found = draft((100, [(50, "PURCHASE ORDER")]), (130, [(50, "Fournisseur")]), (142, [(50, "Société Hydraulique du Pré SAS")]))
    assert found.order.supplier is not None
    assert found.order.supplier.name == "Société Hydraulique du Pré SAS"


def test_a_label_that_says_only_name_is_the_partys_beside_or_above_it() -> None:
    found = draft(
        (100, [(50, "Commande fournisseur", 14)]),
        (130, [(50, "Acheteur"), (130, "Société"), (250, "Transports du Lac SARL")]),
        (142, [(130, "Adresse"), (250, "ZI Nord, 34500 Béziers")]),
        (160, [(50, "Fournisseur"), (130, "Société"), (250, "Papeterie Corvin SAS")]),
        (172, [(130, "Adresse"), (250, "4 impasse du Torrent, 38250 Villard")]),
    )
    assert (found.order.buyer.name, found.order.supplier.name) == ("Transports du Lac SARL", "Papeterie Corvin SAS")


def test_a_greeting_names_the_supplier() -> None:
    found = draft((90, [(50, "Bestellung B-17", 14)]), (120, [(50, "Guten Tag Wendel Bedarf GmbH & Co. KG,")]))
    assert found.order.supplier.name == "Wendel Bedarf GmbH & Co. KG"
    assert found.evidence["/supplier/name"].label == "Guten Tag"


def test_a_number_behind_a_partys_label_leaves_the_name_below() -> None:
    found = draft((100, [(50, "Inkooporder 4500118", 14)]), (130, [(50, "Leverancier 20417")]), (142, [(50, "Verpakkingen Hoek N.V.")]))
    assert found.order.supplier.name == "Verpakkingen Hoek N.V."


def test_a_desk_is_not_the_company_it_belongs_to() -> None:
    found = draft((90, [(50, "Purchase Order B-17", 14)]), (120, [(50, "Attn: Order desk, Redfern Fastener Supply Co.")]))
    assert found.order.supplier.name == "Redfern Fastener Supply Co."


def test_who_signs_a_letter_buys_and_whom_it_is_addressed_to_supplies() -> None:
    found = draft(
        (30, [(50, "Wendel Bedarf GmbH & Co. KG")]),
        (42, [(50, "Hafenweg 77")]),
        (54, [(50, "21079 Hamburg")]),
        (80, [(50, "Menden, den 15. Mai 2031")]),
        (100, [(50, "Unsere Bestellung KB-0311")]),
        (120, [(50, "Sehr geehrte Damen und Herren,")]),
        (132, [(50, "wir bestellen hiermit, was wir bis zum 25. Juni 2031 benötigen:")]),
        lines=[
            *LINES[:3],
            (470, [(50, "Insgesamt 12,50 EUR.")]),
            (490, [(50, "Mit freundlichen Grüßen")]),
            (502, [(50, "Druckguss Hollertal GmbH")]),
            (800, [(50, "Druckguss Hollertal GmbH · Hollerweg 60 · 58706 Menden", 6)]),
        ],
    )
    order = found.order
    assert (order.buyer.name, order.supplier.name) == ("Druckguss Hollertal GmbH", "Wendel Bedarf GmbH & Co. KG")
    assert str(order.requested_delivery_date) == "2031-06-25"


def test_an_institution_may_have_a_number_in_its_name() -> None:
    found = draft(
        (30, [(120, "PINEFIELD SCHOOL DISTRICT NO. 14", 12)]),
        (46, [(150, "4 Quarry Ave, Westfield, IL 60887")]),
        (60, [(200, "PURCHASE ORDER", 12)]),
        (100, [(50, "VENDOR"), (320, "SHIP TO")]),
        (112, [(50, "Oakum Chandlers Limited"), (320, "Central Warehouse")]),
        (124, [(50, "3 Rope Walk, Hull HU1 2AB"), (320, "2 Mill Road, Westfield, IL 60887")]),
    )
    assert found.order.buyer.name == "PINEFIELD SCHOOL DISTRICT NO. 14"


def test_a_supplier_named_in_the_line_of_its_label() -> None:
    order = draft(*LETTER, (130, [(50, "Supplier Oakum Chandlers, 3 Rope Walk")])).order
    assert order.supplier.name == "Oakum Chandlers"


def test_an_addressee_that_may_be_a_person_is_not_sure() -> None:
    found = draft(*LETTER, (142, [(50, "Oakum Chandler Goods")]), (153, [(50, "3 Rope Walk")]), (164, [(50, "Hull HU1 2AB")]))
    assert found.order.supplier.name == "Oakum Chandler Goods"
    assert found.evidence["/supplier/name"].label is None
