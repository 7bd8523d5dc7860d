"""cXML orders: attributes as evidence, shipping beside or in the total, and the buyer's terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document
from signoff.tools.orders.reading import read

DOCUMENTS = Path(__file__).parents[2] / "documents" / "cxml"


def draft(data: str) -> DraftOrder:
    (part,) = read(open_document(Source("order.xml", data.encode())))
    assert isinstance(part, DraftOrder)
    return part


@pytest.mark.parametrize(
    ("pointer", "where"),
    [
        ("/order_number", "/cXML/Request/OrderRequest/OrderRequestHeader/@orderID"),
        ("/lines/1/quantity", "/cXML/Request/OrderRequest/ItemOut[2]/@quantity"),
        ("/payable_amount", "/cXML/Request/OrderRequest/OrderRequestHeader/Total/Money"),
        ("/buyer/id", "/cXML/Header/From/Credential[2]/Identity"),
    ],
)
def test_evidence_names_elements_and_attributes(pointer: str, where: str) -> None:
    found = draft((DOCUMENTS / "new-order.xml").read_text(encoding="utf-8"))
    assert found.evidence[pointer].where == where


@pytest.mark.parametrize(("total", "charges"), [("50.00", 0), ("60.00", 1), ("77.00", 1)])
def test_shipping_is_a_charge_unless_the_total_leaves_it_out(total: str, charges: int) -> None:
    data = (DOCUMENTS / "total-without-shipping.xml").read_text(encoding="utf-8").replace("50.00", total)
    assert len(draft(data).order.allowances_charges) == charges


def test_lines_that_go_to_several_cost_centres_name_none_for_the_order() -> None:
    data = (DOCUMENTS / "new-order.xml").read_text(encoding="utf-8").replace('type="CostCenter" id="CC-9"', 'type="CostCenter" id="CC-8"')
    assert draft(data).order.cost_center is None
