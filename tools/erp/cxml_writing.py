"""cXML 1.2.050 OrderRequest (cXML Reference Guide, chapter "Purchase Orders"): `type` new, update or delete. What `tools/orders/cxml.py`
reads is what is written here.

cXML has no amount of a line. Where quantity and price do not come to it, the price is the amount for the whole quantity
(PriceBasisQuantity). A line without a price is a BlanketItemDetail, for an ItemDetail must have one. An update or deletion carries the
number of the order that it is about, and a deletion its lines too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from signoff.domain.errors import Refused
from signoff.domain.order import Order, OrderLine, OrderType, Party, line_amount
from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Source
from signoff.tools.documents.xml import open as open_xml
from signoff.tools.erp.marks import Marks, Written
from signoff.tools.erp.xml_writing import Maker, Value, document, marks_of, text
from signoff.tools.orders import cxml

SUFFIX = ".xml"
DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">'
TYPES = {kind: name for name, kind in cxml.TYPES.items()}
VENDOR = "VendorNumber"
"""The domain of the vendor's number in the company's own books."""
_NET = re.compile(r"net (\d{1,4}) days", re.IGNORECASE)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
Elements = list[etree._Element | None]


def write(order: Order, marks: Marks, today: dt.date) -> bytes:
    """The file. Raises `Refused` for an order that cXML has no room for."""
    if order.currency is None:
        raise Refused("The order has no currency, and cXML states one with every amount; enter it in the case.")
    return document(_Writer(order, marks, today).root(), marks, DOCTYPE)


def read(data: bytes) -> Written | None:
    """The file as it stands on disk; `None` when it is not one of Signoff's."""
    marks = marks_of(data)
    parts = cxml.read(open_xml(Source("posted.xml", data))) if marks else []
    return next((Written(order=part.order, marks=marks) for part in parts if marks and isinstance(part, DraftOrder)), None)


class _Writer:
    def __init__(self, order: Order, marks: Marks, today: dt.date) -> None:
        self._order, self._marks, self._issued = order, marks, order.issue_date or today
        self._e = Maker({})

    def root(self) -> etree._Element:
        o, e = self._order, self._e
        number = o.order_number if o.order_type is OrderType.ORDER else o.order_reference or o.order_number
        attributes = {
            "orderID": number or self._marks.key,
            "orderDate": _moment(self._issued),
            "orderType": "regular",
            "type": TYPES[o.order_type],
            "orderVersion": str(self._marks.revision),
            "agreementID": o.contract_reference,
            "requisitionID": o.customer_reference,
            "expirationDate": _moment(o.valid_to),
            "requestedDeliveryDate": _moment(o.requested_delivery_date),
        }
        head = e("OrderRequestHeader", *self._head(), **attributes)
        request = e.root("Request", e.root("OrderRequest", *[head], *self._lines()), deploymentMode="production")
        return e.root("cXML", self._parties(), request, payloadID=f"{self._marks.key}@signoff", timestamp=_moment(self._issued))

    def _parties(self) -> etree._Element:
        o, e = self._order, self._e
        sender = e.root("Sender", e("Credential", e("Identity", "signoff"), domain="NetworkUserId"), e("UserAgent", "Signoff"))
        buyer = o.buyer if o.buyer.id else o.buyer.model_copy(update={"id": o.buyer.name or "buyer", "id_scheme": "name"})
        vendor = e("Credential", e("Identity", self._marks.vendor_id or "-"), domain=VENDOR)
        return e.root(
            "Header", e.root("From", *self._credentials(buyer)), e.root("To", *self._credentials(o.supplier), vendor), sender
        )  # fmt: skip

    def _credentials(self, party: Party) -> Elements:
        own = self._e("Credential", self._e("Identity", party.id), domain=party.id_scheme or "id") if party.id else None
        return [own, self._e("Credential", self._e("Identity", party.tax_id), domain="VatID") if party.tax_id else None]

    def _head(self) -> Elements:
        o, e = self._order, self._e
        bill_to = o.invoice_to if o.invoice_to.name or o.invoice_to.id else Party(name=o.buyer.name)
        return [
            e("Total", self._money(self._total()), self._modifications()),
            self._place("ShipTo", o.ship_to) if _stated(o.ship_to) else None,
            self._place("BillTo", bill_to),
            e("Tax", self._money(o.tax_total), self._description("Tax")) if o.tax_total is not None else None,
            *self._payment(),
            *self._contacts(),
            *(e("Comments", note, **{_LANGUAGE: "en"}) for note in o.notes),
            *self._delivery_terms(),
            *self._extrinsics(),
        ]

    def _total(self) -> Decimal:
        o = self._order
        return next((a for a in (o.payable_amount, o.line_total) if a is not None), None) or sum(
            (line_amount(line) or Decimal(0) for line in o.lines), Decimal(0)
        )

    def _modifications(self) -> etree._Element | None:
        e = self._e
        found = []
        for own in self._order.allowances_charges:
            if own.amount is None:
                raise Refused(f"The allowance or charge {own.reason or ''} has no amount, which cXML asks for; enter it in the case.")
            money = self._money(own.amount)
            changed = e("AdditionalCost", money) if own.charge else e("AdditionalDeduction", e("DeductionAmount", money))
            detail = e("ModificationDetail", self._description(own.reason or "-"), name=own.reason) if own.reason else None
            found.append(e("Modification", changed, detail))
        return e("Modifications", *found)

    def _payment(self) -> Iterator[etree._Element | None]:
        net = _NET.fullmatch(self._order.payment_terms or "")
        yield self._e("PaymentTerm", payInNumberOfDays=net[1]) if net else None

    def _delivery_terms(self) -> Elements:
        e, terms = self._e, self._order.delivery_terms
        codes = [e("TermsOfDeliveryCode", value="Other"), e("ShippingPaymentMethod", value="Other")]
        return [e("TermsOfDelivery", *codes, e("TransportTerms", terms, value="Other"))] if terms else []

    def _extrinsics(self) -> Elements:
        """What cXML has no element for."""
        o = self._order
        said = {"CostCenter": o.cost_center, "QuotationReference": o.quotation_reference, "SupplierBankAccount": o.supplier.bank_account}
        said |= {} if _NET.fullmatch(o.payment_terms or "") else {"PaymentTerms": o.payment_terms}
        return [self._e("Extrinsic", value, name=name) for name, value in said.items() if value]

    def _contacts(self) -> Elements:
        o = self._order
        parties = [self._contact(o.buyer, "buyerCorporate"), self._contact(o.supplier, "supplierCorporate")]
        return [*parties, self._contact(Party(name=o.requester), "requester") if o.requester else None]

    def _contact(self, party: Party, role: str) -> etree._Element | None:
        return self._e("Contact", *self._address(party), role=role) if party.name else None

    def _place(self, name: str, party: Party) -> etree._Element | None:
        identifier = {"addressID": party.id, "addressIDDomain": party.id_scheme if party.id else None}
        return self._e(name, self._e("Address", *self._address(party), **identifier))

    def _address(self, party: Party) -> Elements:
        e = self._e
        country = e.root("Country", party.country or "", isoCountryCode=party.country or "")
        return [
            e.root("Name", party.name or "", **{_LANGUAGE: "en"}),
            e("PostalAddress", e.root("Street"), e.root("City", party.city or ""), country) if party.city or party.country else None,
            e("Email", party.email),
        ]

    def _description(self, said: str) -> etree._Element:
        return self._e.root("Description", said, **{_LANGUAGE: "en"})

    def _money(self, amount: Decimal | None) -> etree._Element | None:
        return None if amount is None else self._e("Money", amount, currency=self._order.currency)

    def _lines(self) -> Iterator[etree._Element]:
        for position, line in enumerate(self._order.lines, 1):
            attributes: dict[str, Value] = {
                "quantity": Decimal(1) if line.quantity is None else line.quantity,
                "lineNumber": line.line_number or str(position),
                "requestedDeliveryDate": _moment(line.requested_delivery_date),
                "isReturn": "yes" if line.action == "return" else None,
            }
            contract = self._e("MasterAgreementIDInfo", agreementID=line.contract_reference)
            made = self._e("ItemOut", self._item(line), self._detail(line), contract, **attributes)
            assert made is not None, "a line has a number"
            yield made

    def _item(self, line: OrderLine) -> etree._Element:
        return self._e.root(
            "ItemID", self._e.root("SupplierPartID", line.supplier_item_id or ""), self._e("BuyerPartID", line.buyer_item_id)
        )  # fmt: skip

    def _detail(self, line: OrderLine) -> etree._Element | None:
        e = self._e
        described = self._description(line.description or "-")
        unit = e.root("UnitOfMeasure", line.unit or "EA")
        price, base = _price(line)
        if price is None:
            return e("BlanketItemDetail", described, unit)
        basis = (
            e("PriceBasisQuantity", e.root("UnitOfMeasure", line.unit or "EA"), quantity=base, conversionFactor="1") if base != 1 else None
        )
        made = line.standard_item_id if line.standard_item_scheme == "MPN" else None
        retail = e("ItemDetailRetail", e("EANID", line.standard_item_id if line.standard_item_scheme == "GTIN" else None))
        classified = e("Classification", "unknown", domain="unknown")
        industry = e("ItemDetailIndustry", retail)
        return e(
            "ItemDetail", e("UnitPrice", self._money(price)), described, unit, basis, classified, e("ManufacturerPartID", made), industry
        )


def _price(line: OrderLine) -> tuple[Decimal | None, Decimal]:
    """The price and what it is for, so that they come to the line's amount."""
    amount = line_amount(line)
    quantity = Decimal(1) if line.quantity is None else line.quantity
    if line.unit_price is not None and line.price_base_quantity and quantity * line.unit_price / line.price_base_quantity == amount:
        return line.unit_price, line.price_base_quantity
    return amount, quantity or Decimal(1)


def _stated(party: Party) -> bool:
    return party != Party()


def _moment(day: dt.date | None) -> str | None:
    return f"{text(day)}T00:00:00+00:00" if day else None
