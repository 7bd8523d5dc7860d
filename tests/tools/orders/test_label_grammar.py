"""Labels that no list holds are understood by their parts."""

from __future__ import annotations

import pytest

from signoff.tools.orders.label_grammar import composed
from signoff.tools.orders.labels import fold, header_field


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Requested date of dispatch", "/requested_delivery_date"),
        ("No. of our purchase order", "/order_number"),
        ("Data dell'ordine di acquisto", "/issue_date"),
        ("Gevraagde ontvangstdatum", "/requested_delivery_date"),
        ("Latest delivery date", "/requested_delivery_date"),
        ("Ship all items to", "/ship_to/name"),
        ("Requisition no.", "other"),
        ("Order confirmation date", "other"),
        ("Supplier order no", "other"),
        ("Contract start date", "other"),
        ("Til leverandør", "/supplier/name"),
        ("Blue paint", None),
        ("Order", None),
    ],
)
def test_a_label_means_what_its_words_mean_together(label: str, meaning: str | None) -> None:
    assert composed(fold(label)) == meaning


def test_behind_a_comma_stands_what_the_value_is() -> None:
    assert header_field("Order, kundnr") == "/buyer/id"
    assert header_field("Delivery date, requested") == "/requested_delivery_date"
