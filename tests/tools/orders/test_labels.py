"""Labels, headings and titles are known in ten languages, however they are punctuated."""

from __future__ import annotations

import pytest

from signoff.domain.order import Order, Party
from signoff.tools.orders.label_words import FIELDS
from signoff.tools.orders.labels import charge_label, column_role, fold, header_field, is_label, split_label, title_kind


@pytest.mark.parametrize(
    ("label", "pointer"),
    [
        ("P.O. No.:", "/order_number"),
        ("PO#", "/order_number"),
        ("po_number", "/order_number"),
        ("Bestell-Nr.", "/order_number"),
        ("N° de commande", "/order_number"),
        ("Número de pedido", "/order_number"),
        ("Inkoopordernummer", "/order_number"),
        ("Our Order No.", "/order_number"),
        ("Vendor:", "/supplier/name"),
        ("Lieferanten-Nr.", "/supplier/id"),
        ("Kostenstelle", "/cost_center"),
        ("TOTAL (EUR)", "/payable_amount"),
        ("Total excl. VAT", "/line_total"),
        ("zzgl. 19 % MwSt", "/tax_total"),
        ("VAT (20%)", "/tax_total"),
    ],
)
def test_header_fields(label: str, pointer: str) -> None:
    assert header_field(label) == pointer


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Quantity\nOrdered", "quantity"),
        ("OrderQty", "quantity"),
        ("Q.tà", "quantity"),
        ("Price Per\nUnit", "unit_price"),
        ("Einzelpreis €", "unit_price"),
        ("PU HT", "unit_price"),
        ("Amount USD", "line_amount"),
        ("Total", "line_amount"),
        ("Menge / Qty", "quantity"),
        ("NDC#", "standard_item_id"),
        ("Vendor Part #", "supplier_item_id"),
        ("Art.-Nr.", "buyer_item_id"),
        ("Pos.", "line_number"),
        ("item", "item"),
        ("ship_by", "requested_delivery_date"),
        ("qty_received", "other_quantity"),
        ("% IVA", "tax_percent"),
        ("PO Number", "/order_number"),
    ],
)
def test_column_roles(heading: str, role: str) -> None:
    assert column_role(heading) == role


@pytest.mark.parametrize(
    "text", ["Brightwater Fasteners Inc.", "M10x40", "12.50", "", "x" * 200, "the goods shall be delivered free of any charge to us"]
)
def test_what_is_no_label(text: str) -> None:
    assert (header_field(text), column_role(text), title_kind(text), is_label(text)) == (None, None, None, False)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("PURCHASE ORDER", "order"),
        ("Purchase Order No. 4711", "order"),
        ("Bestelländerung", "change"),
        ("Annulation de commande", "cancellation"),
        ("RECHNUNG", "invoice"),
        ("Angebot Nr. 77", "quotation"),
        ("Auftragsbestätigung", "order response"),
        ("Price list", "price list"),
    ],
)
def test_titles(title: str, kind: str) -> None:
    assert title_kind(title) == kind


def test_charges_allowances_and_labels_with_their_value() -> None:
    assert (charge_label("Freight:"), charge_label("Rabatt"), charge_label("Bolt")) == (True, False, None)
    assert split_label("PO Number: 4711") == ("PO Number", "4711")
    assert split_label("Ratio: 4:3") is None


def test_number_words_fold_to_one() -> None:
    assert {fold(t) for t in ("Bestell-Nr.", "Bestellnummer", "Bestell Nummer", "bestell no")} == {"bestell no"}


def test_every_pointer_is_a_field_of_the_order() -> None:
    for pointer in FIELDS:
        first, *rest = pointer[1:].split("/")
        assert first in Order.model_fields
        assert not rest or rest[0] in Party.model_fields
