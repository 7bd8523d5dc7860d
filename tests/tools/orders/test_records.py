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
