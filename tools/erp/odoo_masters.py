"""What an order names and Odoo must know: vendor, currency, products and units, each looked up and never made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from signoff.domain.errors import Refused
from signoff.domain.order import OrderLine
from signoff.tools.erp.odoo_rpc import Wire

UNITS = {
    "C62": "Units", "EA": "Units", "H87": "Units", "PCE": "Units", "DZN": "Dozens", "KGM": "kg", "GRM": "g", "TNE": "t", "LTR": "L",
    "MTR": "m", "CMT": "cm", "KMT": "km", "MTK": "m²", "MTQ": "m³", "HUR": "Hours", "DAY": "Days",
}  # fmt: skip
"""UN/ECE Recommendation 20 to the units that Odoo comes with, by their English names."""


class Product(NamedTuple):
    """A product's number in Odoo, and that of its own unit."""

    id: int
    unit: int


class Masters:
    """Odoo's master data as an order's values need it. Every `Refused` says what is to be added, and where."""

    def __init__(self, wire: Wire, units: dict[str, str], free_text_item: str | None) -> None:
        self._wire, self._units, self._free_text_item = wire, UNITS | units, free_text_item
        self._fields: dict[tuple[str, ...], str] = {}

    def field(self, model: str, *names: str) -> str:
        """The first of these names that the model has: Odoo renames fields between its versions."""
        if (model, *names) not in self._fields:
            known = self._wire.call(model, "fields_get", allfields=list(names), attributes=["type"])
            found = next((n for n in names if n in known), None)
            if found is None:
                raise Refused(f"Odoo's {model} has none of the fields {', '.join(names)}; this version is not supported.")
            self._fields[(model, *names)] = found
        return self._fields[(model, *names)]

    def rows(self, model: str, domain: list[Any], fields: list[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._wire.call(model, "search_read", domain=domain, fields=fields)
        return found

    def vendor(self, vendor_id: str | None) -> int:
        """The partner whose internal reference is the vendor's number."""
        found = self.rows("res.partner", [["ref", "=", vendor_id]], ["id"]) if vendor_id else []
        if len(found) != 1:
            how = "several partners" if found else "no partner"
            raise Refused(f"Odoo has {how} with the internal reference {vendor_id}; set it at the one vendor that it belongs to.")
        return int(found[0]["id"])

    def vendor_id(self, partner: int) -> str:
        return str(self.rows("res.partner", [["id", "=", partner]], ["ref"])[0]["ref"] or "")

    def currency(self, code: str | None) -> int:
        found = self.rows("res.currency", [["name", "=", code], ["active", "=", True]], ["id"]) if code else []
        if not found:
            raise Refused(f"Odoo has no active currency {code}; activate it under Invoicing, Configuration, Currencies.")
        return int(found[0]["id"])

    def company(self, name: str) -> int:
        found = self.rows("res.company", [["name", "=", name]], ["id"])
        if len(found) != 1:
            raise Refused(f"Odoo has no company {name!r} that this user may see; correct company in erp.yaml.")
        return int(found[0]["id"])

    def unit(self, code: str | None, product: Product) -> int:
        """The unit of a line; where it names none, the product's own."""
        if code is None:
            return product.unit
        name = self._units.get(code.upper(), self._units.get(code, code))
        found = self.rows("uom.uom", [["name", "=", name]], ["id"])
        if not found:
            raise Refused(f"Odoo has no unit {name!r} for {code}; say under units in erp.yaml what it is called there.")
        return int(found[0]["id"])

    def products(self, lines: Iterable[OrderLine], partner: int) -> list[Product]:
        """The product of every line: by internal reference, by barcode, by the vendor's own code, else the one for free text."""
        wanted = list(lines)
        by_code = self._products("default_code", [*(line.buyer_item_id for line in wanted), self._free_text_item])
        by_barcode = self._products("barcode", [line.standard_item_id for line in wanted])
        by_vendor = self._of_vendor([line.supplier_item_id for line in wanted], partner)
        found = []
        for line in wanted:
            product = (
                by_code.get(line.buyer_item_id or "")
                or by_barcode.get(line.standard_item_id or "")
                or by_vendor.get(line.supplier_item_id or "")
                or by_code.get(self._free_text_item or "")
            )
            if product is None:
                item = ", ".join(line.item_ids) or repr((line.description or "")[:60])
                raise Refused(f"Odoo has no product for item {item}; add it there, or name a product as free_text_item in erp.yaml.")
            found.append(product)
        return found

    def _products(self, field: str, values: Iterable[str | None]) -> dict[str, Product]:
        known = sorted({v for v in values if v})
        rows = self.rows("product.product", [[field, "in", known]], ["id", field, "uom_id"]) if known else []
        found: dict[str, Product] = {}
        for row in rows:
            product = Product(int(row["id"]), int(row["uom_id"][0]))
            if found.setdefault(str(row[field]), product) != product:
                raise Refused(f"Odoo has several products whose {field} is {row[field]}; archive all but one.")
        return found

    def _of_vendor(self, codes: Iterable[str | None], partner: int) -> dict[str, Product]:
        known = sorted({c for c in codes if c})
        if not known:
            return {}
        vendor = self.field("product.supplierinfo", "partner_id", "name")
        terms = [["product_code", "in", known], [vendor, "=", partner]]
        found: dict[str, Product] = {}
        for row in self.rows("product.supplierinfo", terms, ["product_code", "product_id", "product_tmpl_id"]):
            field = "id" if row["product_id"] else "product_tmpl_id"
            own = (row["product_id"] or row["product_tmpl_id"])[0]
            for product in self.rows("product.product", [[field, "=", own]], ["id", "uom_id"])[:1]:
                found[str(row["product_code"])] = Product(int(product["id"]), int(product["uom_id"][0]))
        return found
