"""UBL 2.1 Order, OrderChange and Invoice (OASIS UBL 2.1; Peppol BIS Ordering 3, OIOUBL 2.02)."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from signoff.evals.generating.paper import Line, Order, Party

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC, CBC = SCHEMA + "CommonAggregateComponents-2", SCHEMA + "CommonBasicComponents-2"
ROOTS = {"order": "Order", "change": "OrderChange", "invoice": "Invoice"}
PROFILES = {
    "peppol": ("urn:fdc:peppol.eu:poacc:trns:order:3", "urn:fdc:peppol.eu:poacc:bis:ordering:3", "0088"),
    "oioubl": ("OIOUBL-2.02", "urn:www.nesubl.eu:profiles:profile5:ver2.0", "GLN"),
}
Node = etree._Element


def render(order: Order, profile: str) -> bytes:
    """One document in the words of a profile."""
    name = ROOTS[order.kind]
    spaces: dict[str | None, str] = {None: f"{SCHEMA}{name}-2", "cac": CAC, "cbc": CBC}
    root = etree.Element(f"{{{SCHEMA}{name}-2}}{name}", nsmap=spaces)  # type: ignore[arg-type]  # lxml-stubs knows no default namespace
    _head(root, order, profile)
    roles = (
        ("AccountingCustomerParty", "AccountingSupplierParty") if order.kind == "invoice" else ("BuyerCustomerParty", "SellerSupplierParty")
    )
    for role, who in zip(roles, (order.buyer, order.supplier), strict=True):
        _party(_part(root, f"{role}/Party"), who, PROFILES[profile][2])
    if order.kind != "invoice":
        _logistics(root, order)
    _terms(root, order)
    _totals(root, order)
    for line in order.lines:
        _line(root, order, line)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: Node, name: str, text: object = None, **attributes: str) -> None:
    if text not in (None, ""):
        child = etree.SubElement(parent, f"{{{CBC}}}{name}", attributes)
        child.text = f"{text:f}" if isinstance(text, Decimal) else str(text)


def _part(parent: Node, path: str) -> Node:
    for name in path.split("/"):
        parent = etree.SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def _money(parent: Node, name: str, amount: Decimal | None, order: Order) -> None:
    _add(parent, name, amount, currencyID=order.currency)


def _head(root: Node, order: Order, profile: str) -> None:
    customization, process, _ = PROFILES[profile]
    _add(root, "UBLVersionID", "2.1")
    _add(root, "CustomizationID", customization.replace("order", ROOTS[order.kind].lower()))
    _add(root, "ProfileID", process)
    _add(root, "ID", order.number)
    _add(root, "IssueDate", order.date)
    if order.kind == "change":
        _add(root, "SequenceNumberID", "1")
    if order.kind == "invoice":
        _add(root, "InvoiceTypeCode", "380")
    for note in order.notes:
        _add(root, "Note", note)
    _add(root, "DocumentCurrencyCode", order.currency)
    _add(root, "AccountingCost", order.cost_center)
    if order.reference:
        _add(_part(root, "OrderReference"), "ID", order.reference)
    if order.contract_ref and order.kind != "invoice":
        _add(_part(root, "Contract"), "ID", order.contract_ref)


def _party(node: Node, who: Party, scheme: str) -> None:
    if who.id:
        _add(node, "EndpointID", who.id, schemeID=scheme)
        _add(_part(node, "PartyIdentification"), "ID", who.id, schemeID=scheme)
    _add(_part(node, "PartyName"), "Name", who.name)
    address = _part(node, "PostalAddress")
    _add(address, "StreetName", who.street)
    _add(address, "CityName", who.city)
    _add(address, "PostalZone", who.postcode)
    _add(_part(address, "Country"), "IdentificationCode", who.country)
    if who.tax_id:
        tax = _part(node, "PartyTaxScheme")
        _add(tax, "CompanyID", who.tax_id)
        _add(_part(tax, "TaxScheme"), "ID", "VAT")
    _add(_part(node, "PartyLegalEntity"), "RegistrationName", who.name)


def _logistics(root: Node, order: Order) -> None:
    if order.requester:
        _add(_part(root, "OriginatorCustomerParty/Party/Contact"), "Name", order.requester)
    delivery = _part(root, "Delivery")
    if order.ship_to:
        address = _part(_part(delivery, "DeliveryLocation"), "Address")
        _add(address, "StreetName", order.ship_to.street)
        _add(address, "CityName", order.ship_to.city)
        _add(address, "PostalZone", order.ship_to.postcode)
        _add(_part(address, "Country"), "IdentificationCode", order.ship_to.country)
    if order.delivery_date:
        _add(_part(delivery, "RequestedDeliveryPeriod"), "EndDate", order.delivery_date)
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        terms = _part(root, "DeliveryTerms")
        _add(terms, "ID", code, schemeID="INCOTERMS")
        _add(_part(terms, "DeliveryLocation"), "ID", place)


def _terms(root: Node, order: Order) -> None:
    if order.supplier.bank:
        means = _part(root, "PaymentMeans")
        _add(means, "PaymentMeansCode", "30")
        _add(_part(means, "PayeeFinancialAccount"), "ID", order.supplier.bank)
    if order.payment_terms:
        _add(_part(root, "PaymentTerms"), "Note", f"{order.payment_terms} days net")
    for charge in order.charges:
        node = _part(root, "AllowanceCharge")
        _add(node, "ChargeIndicator", str(charge.charge).lower())
        _add(node, "AllowanceChargeReason", charge.reason)
        _money(node, "Amount", charge.amount, order)
    if order.tax is not None:
        _money(_part(root, "TaxTotal"), "TaxAmount", order.tax, order)


def _totals(root: Node, order: Order) -> None:
    node = _part(root, "LegalMonetaryTotal" if order.kind == "invoice" else "AnticipatedMonetaryTotal")
    _money(node, "LineExtensionAmount", order.net, order)
    if order.tax is not None:
        _money(node, "TaxExclusiveAmount", order.subtotal, order)
        _money(node, "TaxInclusiveAmount", order.total, order)
    charges = sum((c.amount for c in order.charges if c.charge), Decimal(0))
    _money(node, "ChargeTotalAmount", charges or None, order)
    _money(node, "PayableAmount", order.total, order)


def _line(root: Node, order: Order, line: Line) -> None:
    invoice = order.kind == "invoice"
    node = _part(root, "InvoiceLine" if invoice else "OrderLine/LineItem")
    _add(node, "ID", line.number)
    if order.kind == "change":
        _add(node, "LineStatusCode", "3")
    _add(node, "InvoicedQuantity" if invoice else "Quantity", line.qty, unitCode=line.unit)
    _money(node, "LineExtensionAmount", line.amount, order)
    price = _part(node, "Price")
    _money(price, "PriceAmount", line.price, order)
    if line.base != 1:
        _add(price, "BaseQuantity", line.base, unitCode=line.unit)
    item = _part(node, "Item")
    _add(item, "Name", line.description)
    for role, number in (("Buyers", line.buyer_part), ("Sellers", line.part)):
        if number:
            _add(_part(item, f"{role}ItemIdentification"), "ID", number)
    if order.tax_percent is not None:
        tax = _part(item, "ClassifiedTaxCategory")
        _add(tax, "ID", "S")
        _add(tax, "Percent", order.tax_percent)
        _add(_part(tax, "TaxScheme"), "ID", "VAT")
