"""The purchases of Tryton -> what was ordered before, or beside, Signoff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from signoff.tools.erp.protocol import Standing
from signoff.tools.erp.tryton_keys import PURCHASE
from signoff.tools.erp.tryton_rest import Rest, Row
from signoff.tools.erp.tryton_vendors import vendor_id
from signoff.tools.masterdata.history import HistoryLine

if TYPE_CHECKING:
    from signoff.tools.erp.tryton import Settings

BINDING = ["confirmed", "processing", "done"]
FIELDS = [
    "number", "reference", "purchase_date", "currency.code", "company.party.name", "party.code", "party.identifiers.type",
    "party.identifiers.code", "lines.type", "lines.quantity", "lines.unit.symbol", "lines.unit_price", "lines.amount", "lines.description",
    "lines.product.code", "lines.product_supplier.code",
]  # fmt: skip


def standing(rest: Rest, settings: Settings) -> Iterator[Standing]:
    """Every binding purchase of a party that is a vendor here, oldest first."""
    ours = {theirs: own for own, theirs in settings.items.items()}
    units = {theirs: own for own, theirs in settings.units.items()}
    for row in rest.pages(PURCHASE, [["company", "=", rest.company], ["state", "in", BINDING]], FIELDS):
        lines = [line for line in row["lines"] or () if line["type"] == "line" and line["quantity"]]
        if vendor := vendor_id(row["party"], settings):
            made = tuple(_line(row, vendor, number, line, (ours, units)) for number, line in enumerate(lines, 1))
            yield Standing(f"{PURCHASE},{row['id']}", made)


def _line(order: Row, vendor: str, number: int, line: Row, names: tuple[dict[str, str], dict[str, str]]) -> HistoryLine:
    """The item by the vendor's code, which papers print, else by ours."""
    ours, units = names
    product, symbol = _of(line, "product", "code"), _of(line, "unit", "symbol")
    return HistoryLine(
        order_number=order["reference"] or order["number"], issue_date=order["purchase_date"], vendor_id=vendor,
        buyer=order["company"]["party"]["name"], currency=order["currency"]["code"], line_number=str(number),
        item_id=_of(line, "product_supplier", "code") or (ours.get(product, product) if product else None),
        description=line["description"] or None, quantity=line["quantity"], unit=units.get(symbol or "", symbol),
        unit_price=line["unit_price"], line_amount=line["amount"],
    )  # fmt: skip


def _of(row: Row, name: str, field: str) -> str | None:
    return row[name][field] or None if row[name] else None
