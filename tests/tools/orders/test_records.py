"""Order lines printed as blocks of labels and values."""

from __future__ import annotations

from decimal import Decimal

from signoff.domain.reading import DraftOrder
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders import layout

PAPER = """\
ORDINE DI ACQUISTO

Numero ordine ............ OA-118
Data ..................... 23/03/2026
Consegna richiesta ....... 28/04/2026
Fornitore ................ Forniture Collina S.r.l.

RIGA 1
  Codice articolo ........ LV-6
  Descrizione ............ Lampada verde
  Quantità ............... 19 PZ
  Prezzo unitario ........ 14,32
  Importo riga ........... 272,08

RIGA 2
  Codice articolo ........ LR-1
  Descrizione ............ Lampada rossa
  Quantità ............... 1 PZ
  Prezzo unitario ........ 9,61
  Importo riga ........... 9,61

Totale ordine EUR ........ 281,69
"""


def test_each_block_is_a_line() -> None:
    (found,) = layout.read(plain.open(Source("x.txt", PAPER.encode())))
    assert isinstance(found, DraftOrder)
    assert [(x.line_number, x.supplier_item_id or x.buyer_item_id, x.description, x.quantity) for x in found.order.lines] == [
        ("1", "LV-6", "Lampada verde", 19),
        ("2", "LR-1", "Lampada rossa", 1),
    ]
    assert [x.line_amount for x in found.order.lines] == [Decimal("272.08"), Decimal("9.61")]
    assert str(found.order.requested_delivery_date) == "2026-04-28"
    assert found.order.lines[0].requested_delivery_date is None


def lines_of(text: str) -> list[tuple[str | None, ...]]:
    (found,) = layout.read(plain.open(Source("x.txt", text.encode())))
    assert isinstance(found, DraftOrder)
    figures = ("supplier_item_id", "description", "quantity", "unit_price", "line_amount")
    return [tuple(str(v) if (v := getattr(x, name)) is not None else None for name in figures) for x in found.order.lines]


def test_a_block_is_named_behind_its_number_and_holds_several_labels_a_line() -> None:
    text = (
        "Purchase order 1047\n\n1) Cable drum 25 m\n   Quantity: 4   Unit price: $61.90   Amount: $247.60\n\n"
        "2) Cable tie\n   Quantity: 1   Unit price: $2.38   Amount: $2.38\n\nOrder total: $249.98\n"
    )
    assert lines_of(text) == [(None, "Cable drum 25 m", "4", "61.90", "247.60"), (None, "Cable tie", "1", "2.38", "2.38")]


def test_a_block_is_named_by_the_line_above_it_and_needs_no_colons() -> None:
    text = (
        "Purchase order 1047\n\nCable drum 25 m\nPart CD-25\nQty 14 EA   Unit price $2.00   Line total $28.00\n"
        "Cable tie\nPart CT-7\nQty 2 EA   Unit price $3.00   Line total $6.00\n\nGrand total $34.00\n"
    )
    assert lines_of(text) == [("CD-25", "Cable drum 25 m", "14", "2.00", "28.00"), ("CT-7", "Cable tie", "2", "3.00", "6.00")]


def test_a_price_in_a_block_may_say_what_it_is_for() -> None:
    text = (
        "Bestellung 1047\n\nPos 10: Kabeltrommel\n    Artikelnummer: KT-25\n    Menge: 20 Stk\n    Preis: 3,56 je Stk\n    Wert: 71,20\n\n"
        "Pos 20: Kabelbinder\n    Artikelnummer: KB-7\n    Menge: 2 Stk\n    Preis: 3,00 je Stk\n    Wert: 6,00\n"
    )
    assert [(d, q, p) for _, d, q, p, _ in lines_of(text)] == [("Kabeltrommel", "20", "3.56"), ("Kabelbinder", "2", "3.00")]


def test_blocks_with_labels_and_values_in_cells_of_their_own() -> None:
    text = (
        "Purchase order W-1140\nSupplier: Rowan Supplies Ltd\n\n"
        "1     Culture flask 25 ml, vented\n"
        "      Catalogue no.   VN-9785     Quantity              2 CS\n"
        "      Unit price      75.62       Line total (ex VAT)   151.24\n"
        "2     Sodium chloride 1 kg\n"
        "      Catalogue no.   RF-8259     Quantity              1 EA\n"
        "      Unit price      27.43       Line total (ex VAT)   27.43\n\n"
        "Net   178.67\n"
    )
    (found,) = layout.read(plain.open(Source("x.txt", text.encode())))
    assert isinstance(found, DraftOrder)
    said = [(x.line_number, x.description, x.item_ids, x.quantity, x.unit_price, x.line_amount) for x in found.order.lines]
    assert said == [
        ("1", "Culture flask 25 ml, vented", ("VN-9785",), Decimal(2), Decimal("75.62"), Decimal("151.24")),
        ("2", "Sodium chloride 1 kg", ("RF-8259",), Decimal(1), Decimal("27.43"), Decimal("27.43")),
    ]
