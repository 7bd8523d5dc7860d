"""An approved order in the words of Tryton: party, currency, products, units and prices as its records.

Tryton's API takes values as they are: what its client would fill in (address, unit, taxes, payment term) is filled in here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, Inexact, InvalidOperation, localcontext
from typing import TYPE_CHECKING, Any

from signoff.domain.checks.units import canonical
from signoff.domain.errors import Refused
from signoff.domain.money import cents
from signoff.domain.order import Order, OrderLine, line_amount
from signoff.domain.stages import ApprovedOrder
from signoff.tools.erp.http import chunks
from signoff.tools.erp.protocol import Attachment
from signoff.tools.erp.tryton_rest import Domain, Rest, Row
from signoff.tools.orders.units import unit as printed

if TYPE_CHECKING:
    from signoff.tools.erp.tryton import Settings

PARTY = ["name", "code", "supplier_tax_rule", "supplier_payment_term", "addresses.invoice"]
PRODUCT = ["code", "identifiers.code", "template.account_category"]


class Values:
    """Translates orders for one company."""

    def __init__(self, rest: Rest, settings: Settings) -> None:
        self._rest, self._settings = rest, settings

    def purchase(self, approved: ApprovedOrder, company: int, taxes: bool) -> Row:
        """A new purchase with its lines; `taxes` when Tryton does not work them out itself."""
        party = self._party(approved)
        return self._header(approved.order, party, company) | {"lines": [["create", self._lines(approved.order, party, taxes)]]}

    def change(self, approved: ApprovedOrder, taxes: bool) -> Row:
        """What a change order alters: the lines, and the date."""
        lines = self._lines(approved.order, self._party(approved), taxes)
        return {"delivery_date": approved.order.requested_delivery_date, "lines": [["create", lines]]}

    def _header(self, order: Order, party: Row, company: int) -> Row:
        return {
            "company": company, "party": party["id"], "invoice_address": _address(party), "reference": order.order_number,
            "currency": self._currency(order.currency), "purchase_date": order.issue_date,
            "payment_term": self._payment_term(order.payment_terms, party), "delivery_date": order.requested_delivery_date,
        }  # fmt: skip

    def _lines(self, order: Order, party: Row, taxes: bool) -> list[Row]:
        products = self._products(order.lines, party["id"])
        categories = self._taxes(party, products) if taxes and self._settings.taxes == "product" else {}
        symbols = {unit["symbol"]: int(unit["id"]) for unit in self._rest.search("product.uom", [], ["symbol"])}
        made = [self._line(i, line, products.get(i), symbols) for i, line in enumerate(order.lines, 1)]
        for i, (line, values) in enumerate(zip(order.lines, made, strict=True), 1):
            values["unit_price"] = unit_price(i, line, order.currency, self._settings.digits)
            if i in products and (found := categories.get(_category(products[i]))):
                values["taxes"] = [["add", found]]
        return made

    def _line(self, number: int, line: OrderLine, product: Row | None, symbols: dict[str, int]) -> Row:
        values: Row = {
            "type": "line", "sequence": number, "product": product and product["id"], "unit": self._unit(number, line, product, symbols),
            "quantity": _quantity(number, line), "description": line.description or next(iter(line.item_ids), None),
        }  # fmt: skip
        if line.requested_delivery_date:
            values |= {"delivery_date_edit": True, "delivery_date_store": line.requested_delivery_date}
        return values

    def _party(self, approved: ApprovedOrder) -> Row:
        vendor = approved.routed.checked.check.match.vendor_id
        if not vendor:
            raise Refused("The order names no vendor of the master, and Tryton wants a party; add the vendor here and there, then retry.")
        by = self._settings.vendor_identifier
        which: Domain = [["identifiers", "where", [["type", "=", by], ["code", "=", vendor]]]] if by else [["code", "=", vendor]]
        found = self._rest.search("party.party", which, PARTY, limit=2)
        if len(found) != 1:
            many = "several parties" if found else "no active party"
            raise Refused(f"Tryton has {many} with {by or 'the code'} {vendor}; correct the parties there, then retry.")
        return found[0]

    def _currency(self, code: str | None) -> int:
        found = self._rest.search("currency.currency", [["code", "=", code or ""]], ["code"], limit=1)
        if not found:
            raise Refused(f"Tryton has no active currency {code}; add it there, then retry.")
        return int(found[0]["id"])

    def _payment_term(self, terms: str | None, party: Row) -> int | None:
        name = self._settings.payment_terms.get(terms or "")
        if name is None:
            own = party["supplier_payment_term"]
            return None if own is None else int(own)
        found = self._rest.search("account.invoice.payment_term", [["name", "=", name]], ["name"], limit=1)
        if not found:
            raise Refused(f"Tryton has no payment term {name!r}, which erp.yaml names; add it there, or correct payment_terms.")
        return int(found[0]["id"])

    def _products(self, lines: tuple[OrderLine, ...], party: int) -> dict[int, Row]:
        """Line number -> product: by our own code, by the supplier's, by a standard one such as a GTIN, in this order."""
        own = {i: self._settings.items.get(line.buyer_item_id, line.buyer_item_id) for i, line in enumerate(lines, 1) if line.buyer_item_id}
        theirs = {i: line.supplier_item_id for i, line in enumerate(lines, 1) if line.supplier_item_id}
        standard = {i: line.standard_item_id for i, line in enumerate(lines, 1) if line.standard_item_id}
        by_code = {p["code"]: p for p in self._rows("product.product", "code", own.values(), PRODUCT)}
        by_supplier = self._supplied(theirs.values(), party)
        by_standard = {
            i["code"]: p
            for p in self._rows("product.product", "identifiers.code", standard.values(), PRODUCT)
            for i in p["identifiers"] or ()
        }
        found = {i: by_standard.get(code) for i, code in standard.items()}
        found |= {i: p for i, code in theirs.items() if (p := by_supplier.get(code))}
        found |= {i: p for i, code in own.items() if (p := by_code.get(code))}
        return {i: product for i, product in found.items() if product}

    def _supplied(self, codes: Iterable[str], party: int) -> dict[str, Row]:
        fields = ["code", "product", "template.products"]
        rows = self._rows("purchase.product_supplier", "code", codes, fields, [["party", "=", party]])
        products = {row["code"]: row["product"] or _only(row["template"]["products"]) for row in rows}
        numbers = [n for n in products.values() if n]
        if not numbers:
            return {}
        by_id = {p["id"]: p for p in self._rest.search("product.product", [["id", "in", numbers]], PRODUCT)}
        return {code: by_id[n] for code, n in products.items() if n in by_id}

    def _rows(self, model: str, field: str, codes: Iterable[str], fields: list[str], more: Domain | None = None) -> list[Row]:
        return [row for part in chunks(codes) for row in self._rest.search(model, [[field, "in", part], *(more or [])], fields)]

    def _unit(self, number: int, line: OrderLine, product: Row | None, symbols: dict[str, int]) -> int | None:
        """By the symbol that erp.yaml maps it to, by its own, by its code of Recommendation 20."""
        if line.unit is None:
            if product:
                raise Refused(f"Line {number} states no unit, which Tryton wants for the product {product['code']}; correct the order.")
            return None
        wanted = self._settings.units.get(line.unit, line.unit)
        same = [u for s, u in symbols.items() if canonical(printed(s)) == canonical(wanted)]
        if wanted not in symbols and not same:
            raise Refused(f"Tryton has no unit for {line.unit} of line {number}; add one there, or map it under units in erp.yaml.")
        return symbols[wanted] if wanted in symbols else same[0]

    def _taxes(self, party: Row, products: dict[int, Row]) -> dict[int | None, Any]:
        """Account category -> the taxes on purchases of it."""
        if party["supplier_tax_rule"] is not None:
            raise Refused(
                f"The party {party['name']} has a tax rule, which Tryton applies to orders of its bridge only; install the bridge, or set "
                "taxes: none in erp.yaml."
            )
        numbers = sorted({c for c in map(_category, products.values()) if c})
        rows = self._rest.search("product.category", [["id", "in", numbers]], ["supplier_taxes_used"]) if numbers else []
        return {row["id"]: row["supplier_taxes_used"] for row in rows}


def _category(product: Row) -> int | None:
    found = product["template"]["account_category"]
    return None if found is None else int(found)


def _only(numbers: list[int]) -> int | None:
    return numbers[0] if len(numbers) == 1 else None


def _address(party: Row) -> int:
    addresses = sorted(party["addresses"] or (), key=lambda a: not a["invoice"])
    if not addresses:
        raise Refused(f"The party {party['name']} has no address in Tryton, which a purchase wants; add one there, then retry.")
    return int(addresses[0]["id"])


def _quantity(number: int, line: OrderLine) -> float:
    """Tryton keeps quantities as binary fractions of 15 digits; what would come back as another is refused."""
    if line.quantity is None:
        raise Refused(f"Line {number} states no quantity, which Tryton wants; correct the order.")
    if Decimal(repr(float(line.quantity))) != line.quantity:
        raise Refused(f"The quantity {line.quantity} of line {number} has more digits than Tryton keeps; correct the order.")
    return float(line.quantity)


def unit_price(number: int, line: OrderLine, currency: str | None, digits: int) -> Decimal | None:
    """The price per unit whose product with the quantity is the line's amount: Tryton knows no price per hundred and no discount."""
    amount = line_amount(line)
    if amount is None:
        return None
    price = _exact(line.unit_price, line.price_base_quantity)
    if price is None or cents(price * (line.quantity or 0), currency) != cents(amount, currency):
        price = _exact(amount, line.quantity)
    if price is None or price != round(price, digits):
        per = f"{line.unit_price} per {line.price_base_quantity}" if line.unit_price is not None else f"{amount} for {line.quantity}"
        raise Refused(f"The price of line {number} ({per}) is no price per unit of {digits} decimals, as Tryton keeps it; post it by hand.")
    return price


def _exact(dividend: Decimal | None, divisor: Decimal | None) -> Decimal | None:
    """The quotient when it ends within 28 digits."""
    if dividend is None or not divisor:
        return None
    with localcontext() as context:
        context.traps[Inexact] = True
        try:
            return dividend / divisor
        except (Inexact, InvalidOperation):
            return None


def papers(paper: Attachment | None) -> Row:
    """The paper as an attachment, created in the same call as its purchase."""
    return {"attachments": [["create", [{"name": paper.name, "type": "data", "data": paper.data}]]]} if paper else {}
