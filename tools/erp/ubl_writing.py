"""UBL 2.1 Order, OrderChange and OrderCancellation (OASIS, November 2013). What `tools/orders/ubl.py` reads is what is written here.

The vendor's number in the company's own books is cbc:CustomerAssignedAccountID. A change states the whole order anew. UBL wants an issue
date, a number for every line and, where totals stand, the payable amount: the day of posting and the position take the missing place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from lxml import etree

from signoff.domain.errors import Refused
from signoff.domain.order import AllowanceCharge, Order, OrderLine, OrderType, Party
from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Source
from signoff.tools.documents.xml import open as open_xml
from signoff.tools.erp.marks import Marks, Written
from signoff.tools.erp.xml_writing import Maker, document, marks_of
from signoff.tools.orders import ubl

SUFFIX = ".xml"
_NAMES = "urn:oasis:names:specification:ubl:schema:xsd:"
ROOTS = {kind: name for name, kind in ubl.ORDERS.items()}
ACTIONS = {"added": "1", "deleted": "2", "changed": "3", "unchanged": "4", "accepted": "5", "rejected": "7"}
"""UNTDID 1229."""
Elements = list[etree._Element | None]


def write(order: Order, marks: Marks, today: dt.date) -> bytes:
    """The file. Raises `Refused` for an order that UBL has no room for."""
    root = ROOTS[order.order_type]
    made = _Writer(order, root).root(marks, today)
    return document(made, marks)


def read(data: bytes) -> Written | None:
    """The file as it stands on disk; `None` when it is not one of Signoff's."""
    marks = marks_of(data)
    parts = ubl.read(open_xml(Source("posted.xml", data))) if marks else []
    return next((Written(order=part.order, marks=marks) for part in parts if marks and isinstance(part, DraftOrder)), None)


class _Writer:
    def __init__(self, order: Order, root: str) -> None:
        self._order, self._root = order, root
        common = {"cac": f"{_NAMES}CommonAggregateComponents-2", "cbc": f"{_NAMES}CommonBasicComponents-2"}
        self._e = Maker({"": f"{_NAMES}{root}-2", **common})
        if order.currency is None and order.order_type is not OrderType.CANCELLATION:
            raise Refused("The order has no currency, and UBL states one with every amount; enter it in the case.")

    def root(self, marks: Marks, today: dt.date) -> etree._Element:
        o, e = self._order, self._e
        head: Elements = [e("cbc:UBLVersionID", "2.1"), e("cbc:ID", o.order_number or marks.key), e("cbc:IssueDate", o.issue_date or today)]
        notes = [e("cbc:Note", note) for note in o.notes]
        parties = [self._buyer(), self._supplier(marks.vendor_id)]
        if o.order_type is OrderType.CANCELLATION:
            note = e("cbc:CancellationNote", "The order is cancelled.")
            return e.root(self._root, *head, *notes, note, self._reference(), *self._contract(), *parties)
        before = [e("cbc:SequenceNumberID", str(marks.revision))] if o.order_type is OrderType.CHANGE else []
        reference = [self._reference()] if o.order_type is OrderType.CHANGE else []
        return e.root(
            self._root, *head, *before, *notes, e("cbc:DocumentCurrencyCode", o.currency), e("cbc:CustomerReference", o.customer_reference),
            e("cbc:AccountingCost", o.cost_center), e("cbc:LineCountNumeric", str(len(o.lines))),
            e("cac:ValidityPeriod", e("cbc:EndDate", o.valid_to)), *reference,
            e("cac:QuotationDocumentReference", e("cbc:ID", o.quotation_reference)), *self._contract(), *parties, *self._terms(),
            *self._charges(o.allowances_charges), *self._totals(),
            *(self._line(line, i) for i, line in enumerate(o.lines, 1)),
        )  # fmt: skip

    def _reference(self) -> etree._Element | None:
        return self._e("cac:OrderReference", self._e("cbc:ID", self._order.order_reference or self._order.order_number or "-"))

    def _contract(self) -> Elements:
        return [self._e("cac:Contract", self._e("cbc:ID", self._order.contract_reference))]

    def _buyer(self) -> etree._Element:
        return self._e.root("cac:BuyerCustomerParty", self._party(self._order.buyer))

    def _supplier(self, vendor_id: str) -> etree._Element:
        account = self._e("cbc:CustomerAssignedAccountID", vendor_id or None)
        return self._e.root("cac:SellerSupplierParty", account, self._party(self._order.supplier))

    def _party(self, party: Party, name: str = "cac:Party") -> etree._Element | None:
        e = self._e
        identifier = e("cbc:ID", party.id, schemeID=party.id_scheme) if party.id else None
        tax = e("cbc:CompanyID", party.tax_id)
        country = e("cac:Country", e("cbc:IdentificationCode", party.country))
        return e(
            name,
            e("cac:PartyIdentification", identifier),
            e("cac:PartyName", e("cbc:Name", party.name)),
            e("cac:PostalAddress", e("cbc:CityName", party.city), country),
            e("cac:PartyTaxScheme", tax, e("cac:TaxScheme", e("cbc:ID", "VAT"))) if tax is not None else None,
            e("cac:Contact", e("cbc:ElectronicMail", party.email)),
        )

    def _terms(self) -> Elements:
        o, e = self._order, self._e
        account = e("cac:PayeeFinancialAccount", e("cbc:ID", o.supplier.bank_account))
        ship_to = self._party(o.ship_to, "cac:DeliveryParty")
        return [
            e("cac:OriginatorCustomerParty", e("cac:Party", e("cac:Contact", e("cbc:Name", o.requester)))),
            e("cac:AccountingCustomerParty", self._party(o.invoice_to)),
            e("cac:Delivery", self._wanted(o.requested_delivery_date), ship_to),
            e("cac:DeliveryTerms", e("cbc:SpecialTerms", o.delivery_terms)),
            e("cac:PaymentMeans", e("cbc:PaymentMeansCode", "1"), account) if account is not None else None,
            e("cac:PaymentTerms", e("cbc:Note", o.payment_terms)),
        ]

    def _wanted(self, day: dt.date | None) -> etree._Element | None:
        return self._e("cac:RequestedDeliveryPeriod", self._e("cbc:EndDate", day))

    def _charges(self, charges: Sequence[AllowanceCharge]) -> Iterable[etree._Element | None]:
        e = self._e
        for own in charges:
            if own.amount is None:
                raise Refused(f"The allowance or charge {own.reason or ''} has no amount, which UBL asks for; enter it in the case.")
            rate = own.percent / 100 if own.percent is not None else None
            yield e(
                "cac:AllowanceCharge",
                e("cbc:ChargeIndicator", own.charge),
                e("cbc:AllowanceChargeReason", own.reason),
                e("cbc:MultiplierFactorNumeric", rate),
                self._money("cbc:Amount", own.amount),
            )

    def _money(self, name: str, amount: object) -> etree._Element | None:
        return None if amount is None else self._e(name, amount, currencyID=self._order.currency)  # type: ignore[arg-type]

    def _totals(self) -> Elements:
        o, e = self._order, self._e
        tax = e("cac:TaxTotal", self._money("cbc:TaxAmount", o.tax_total))
        if o.payable_amount is None:
            return [tax]
        sums = [self._money("cbc:LineExtensionAmount", o.line_total), self._money("cbc:PayableAmount", o.payable_amount)]
        return [tax, e("cac:AnticipatedMonetaryTotal", *sums)]

    def _line(self, line: OrderLine, position: int) -> etree._Element | None:
        e = self._e
        quantity = e("cbc:Quantity", line.quantity, unitCode=line.unit) if line.quantity is not None else None
        base = e("cbc:BaseQuantity", line.price_base_quantity, unitCode=line.unit) if line.price_base_quantity != 1 else None
        price = self._money("cbc:PriceAmount", line.unit_price)
        return e(
            "cac:OrderLine",
            e(
                "cac:LineItem",
                e("cbc:ID", line.line_number or str(position)),
                e("cbc:LineStatusCode", ACTIONS.get(line.action or "", line.action)),
                quantity,
                self._money("cbc:LineExtensionAmount", line.line_amount),
                e("cac:Delivery", self._wanted(line.requested_delivery_date)),
                *self._charges(line.allowances_charges),
                e("cac:Price", price, base) if price is not None else None,
                self._item(line),
            ),
        )

    def _item(self, line: OrderLine) -> etree._Element:
        e = self._e
        made = line.standard_item_scheme == "MPN"
        scheme = None if made else line.standard_item_scheme
        standard = e("cbc:ID", line.standard_item_id, schemeID=scheme) if line.standard_item_id else None
        tax = e("cbc:Percent", line.tax_percent)
        return e.root(
            "cac:Item",
            e("cbc:Name", line.description),
            e("cac:BuyersItemIdentification", e("cbc:ID", line.buyer_item_id)),
            e("cac:SellersItemIdentification", e("cbc:ID", line.supplier_item_id)),
            e("cac:ManufacturersItemIdentification", standard) if made else None,
            e("cac:StandardItemIdentification", standard) if not made else None,
            e("cac:ClassifiedTaxCategory", tax, e("cac:TaxScheme", e("cbc:ID", "VAT"))) if tax is not None else None,
        )
