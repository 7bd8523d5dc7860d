"""Labels that no list holds are understood by their parts."""

from __future__ import annotations

import pytest

from signoff.tools.orders.label_grammar import composed
from signoff.tools.orders.labels import fold


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
        ("Blue paint", None),
        ("Order", None),
    ],
)
def test_a_label_means_what_its_words_mean_together(label: str, meaning: str | None) -> None:
    assert composed(fold(label)) == meaning
