"""UBL 2.1 orders (OASIS UBL 2.1; Peppol BIS Ordering 3, OIOUBL 2.02, NLCIUS), changes, cancellations, and two look-alikes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree
from source import Paper

from renderers.ubl_nodes import CAC, CBC, UBL, add, money, part
from signoff.domain.order import Order, OrderLine, Party

FLAVOURS = {
    "peppol": ("urn:fdc:peppol.eu:poacc:trns:order:3", "urn:fdc:peppol.eu:poacc:bis:ordering:3", "2.1"),
    "oioubl": ("OIOUBL-2.02", "urn:www.nesubl.eu:profiles:profile5:ver2.0", "2.0"),
    "nlcius": ("urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0", "urn:fdc:peppol.eu:poacc:bis:order_only:3", "2.1"),
}
ROOTS = {"order": "Order", "change": "OrderChange", "cancellation": "OrderCancellation", "invoice": "Invoice", "catalogue": "Catalogue"}


def render(paper: Paper) -> bytes:
    """One UBL document."""
    order = paper.orders[0]
    kind = paper.options.get("as", order.order_type.value)
    names: dict[str | None, str] = {None: f"{UBL}{ROOTS[kind]}-2", "cac": CAC, "cbc": CBC}
    root = etree.Element(f"{{{UBL}{ROOTS[kind]}-2}}{ROOTS[kind]}", nsmap=names)  # type: ignore[arg-type]  # lxml-stubs knows no default namespace
    _head(root, order, kind, paper.options)
    if kind == "cancellation":
        _parties(root, paper, order)
    elif kind == "catalogue":
        _catalogue(root, paper, order)
    else:
        _body(root, paper, order, kind)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _head(root: etree._Element, order: Order, kind: str, options: dict[str, Any]) -> None:
    customization, profile, version = FLAVOURS[options.get("flavour", "peppol")]
    add(root, "cbc:UBLVersionID", version)
    add(root, "cbc:CustomizationID", customization if kind == "order" else f"urn:fdc:peppol.eu:poacc:trns:{kind}:3")
    add(root, "cbc:ProfileID", profile)
    add(root, "cbc:ID", order.order_number)
    add(root, "cbc:IssueDate", order.issue_date)
    if kind == "change":
        add(root, "cbc:SequenceNumberID", "1")
    if kind == "invoice":
        add(root, "cbc:DueDate", order.requested_delivery_date)
        add(root, "cbc:InvoiceTypeCode", "380")
    for note in order.notes:
        add(root, "cbc:Note", note)
    if kind == "cancellation":
        add(root, "cbc:CancellationNote", "Please cancel this order.")
    elif kind != "catalogue":
        add(root, "cbc:DocumentCurrencyCode", order.currency)
    if kind in ("order", "change"):
        add(root, "cbc:AccountingCost", order.cost_center)
    if kind == "order" and order.valid_to:
        add(part(root, "ValidityPeriod"), "cbc:EndDate", order.valid_to)
    if order.order_reference:
        add(part(root, "OrderReference"), "cbc:ID", order.order_reference)
    if kind in ("order", "change", "cancellation") and order.contract_reference:
        add(part(root, "Contract"), "cbc:ID", order.contract_reference)


def _parties(
    root: etree._Element, paper: Paper, order: Order, names: tuple[str, str] = ("BuyerCustomerParty", "SellerSupplierParty")
) -> None:
    _party(part(root, f"{names[0]}/Party"), paper, order.buyer)
    _party(part(root, f"{names[1]}/Party"), paper, order.supplier)
    if order.requester:
        add(part(root, "OriginatorCustomerParty/Party/Contact"), "cbc:Name", order.requester)


def _party(node: etree._Element, paper: Paper, party: Party) -> None:
    oioubl = paper.options.get("flavour") == "oioubl"
    scheme = "GLN" if oioubl else "0088"
    if party.id:
        add(node, "cbc:EndpointID", party.id, schemeID=scheme)
        add(part(node, "PartyIdentification"), "cbc:ID", party.id, schemeID=scheme)
    add(part(node, "PartyName"), "cbc:Name", party.name)
    place = paper.place(party)
    address = part(node, "PostalAddress")
    add(address, "cbc:StreetName", place.street)
    add(address, "cbc:CityName", party.city)
    add(address, "cbc:PostalZone", place.postcode)
    add(part(address, "Country"), "cbc:IdentificationCode", party.country or "DE")
    if party.tax_id:
        tax = part(node, "PartyTaxScheme")
        add(tax, "cbc:CompanyID", party.tax_id)
        add(part(tax, "TaxScheme"), "cbc:ID", "VAT")
    add(part(node, "PartyLegalEntity"), "cbc:RegistrationName", party.name)


def _body(root: etree._Element, paper: Paper, order: Order, kind: str) -> None:
    invoice = kind == "invoice"
    _parties(
        root,
        paper,
        order,
        ("AccountingCustomerParty", "AccountingSupplierParty") if invoice else ("BuyerCustomerParty", "SellerSupplierParty"),
    )
    if not invoice:
        _delivery(root, paper, order)
    if order.supplier.bank_account:
        means = part(root, "PaymentMeans")
        add(means, "cbc:PaymentMeansCode", "30")
        add(part(means, "PayeeFinancialAccount"), "cbc:ID", order.supplier.bank_account)
    if order.payment_terms:
        add(part(root, "PaymentTerms"), "cbc:Note", order.payment_terms)
    for a in order.allowances_charges:
        node = part(root, "AllowanceCharge")
        add(node, "cbc:ChargeIndicator", str(a.charge).lower())
        add(node, "cbc:AllowanceChargeReason", a.reason)
        money(node, "Amount", a.amount, order)
    if order.tax_total is not None:
        money(part(root, "TaxTotal"), "TaxAmount", order.tax_total, order)
    _totals(part(root, "LegalMonetaryTotal" if invoice else "AnticipatedMonetaryTotal"), order)
    for line in order.lines:
        _line(root, order, line, kind)


def _delivery(root: etree._Element, paper: Paper, order: Order) -> None:
    delivery, site = part(root, "Delivery"), paper.place(order.ship_to)
    location = part(delivery, "DeliveryLocation")
    add(location, "cbc:ID", order.ship_to.id, schemeID="0088")
    add(location, "cbc:Name", order.ship_to.name)
    address = part(location, "Address")
    add(address, "cbc:StreetName", site.street)
    add(address, "cbc:CityName", order.ship_to.city)
    add(address, "cbc:PostalZone", site.postcode)
    add(part(address, "Country"), "cbc:IdentificationCode", order.ship_to.country)
    if order.requested_delivery_date:
        add(part(delivery, "RequestedDeliveryPeriod"), "cbc:EndDate", order.requested_delivery_date)
    add(part(delivery, "DeliveryParty/PartyName"), "cbc:Name", order.ship_to.name)
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        terms = part(root, "DeliveryTerms")
        add(terms, "cbc:ID", code, schemeID="INCOTERMS")
        add(part(terms, "DeliveryLocation"), "cbc:ID", place)


def _totals(node: etree._Element, order: Order) -> None:
    allowances = sum((a.amount or Decimal(0) for a in order.allowances_charges if not a.charge), Decimal(0))
    charges = sum((a.amount or Decimal(0) for a in order.allowances_charges if a.charge), Decimal(0))
    money(node, "LineExtensionAmount", order.line_total, order)
    if order.tax_total is not None and order.payable_amount is not None:
        money(node, "TaxExclusiveAmount", order.payable_amount - order.tax_total, order)
        money(node, "TaxInclusiveAmount", order.payable_amount, order)
    money(node, "AllowanceTotalAmount", allowances or None, order)
    money(node, "ChargeTotalAmount", charges or None, order)
    money(node, "PayableAmount", order.payable_amount, order)


def _line(root: etree._Element, order: Order, line: OrderLine, kind: str) -> None:
    item = part(root, "InvoiceLine") if kind == "invoice" else part(root, "OrderLine/LineItem")
    add(item, "cbc:ID", line.line_number)
    if kind == "change":
        add(item, "cbc:LineStatusCode", "3")
    add(item, "cbc:InvoicedQuantity" if kind == "invoice" else "cbc:Quantity", line.quantity, unitCode=line.unit or "EA")
    money(item, "LineExtensionAmount", line.line_amount, order)
    price = part(item, "Price")
    money(price, "PriceAmount", line.unit_price, order)
    if line.price_base_quantity != 1:
        add(price, "cbc:BaseQuantity", line.price_base_quantity, unitCode=line.unit or "EA")
    _item(part(item, "Item"), line)


def _item(node: etree._Element, line: OrderLine) -> None:
    add(node, "cbc:Name", line.description)
    for name, value in (("Buyers", line.buyer_item_id), ("Sellers", line.supplier_item_id)):
        if value:
            add(part(node, f"{name}ItemIdentification"), "cbc:ID", value)
    if line.standard_item_id:
        add(part(node, "StandardItemIdentification"), "cbc:ID", line.standard_item_id, schemeID="0160")
    if line.tax_percent is not None:
        tax = part(node, "ClassifiedTaxCategory")
        add(tax, "cbc:ID", "S")
        add(tax, "cbc:Percent", line.tax_percent)
        add(part(tax, "TaxScheme"), "cbc:ID", "VAT")


def _catalogue(root: etree._Element, paper: Paper, order: Order) -> None:
    _party(part(root, "ProviderParty"), paper, order.supplier)
    _party(part(root, "ReceiverParty"), paper, order.buyer)
    for line in order.lines:
        node = part(root, "CatalogueLine")
        add(node, "cbc:ID", line.line_number)
        money(part(node, "RequiredItemLocationQuantity/Price"), "PriceAmount", line.unit_price, order)
        _item(part(node, "Item"), line)
