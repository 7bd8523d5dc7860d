"""cXML 1.2 OrderRequest (cXML Reference Guide 1.2, OrderRequest)."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree
from source import Paper

from signoff.domain.order import Order, OrderLine, Party

TYPES = {"order": "new", "change": "update", "cancellation": "delete"}


def render(paper: Paper) -> bytes:
    """One OrderRequest in its envelope."""
    order = paper.orders[0]
    stamp = f"{order.issue_date}T08:30:00+02:00"
    root = etree.Element("cXML", payloadID=f"{order.order_number}.1@halvermoor.example", timestamp=stamp)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en-US")
    _header(root, order)
    request = etree.SubElement(etree.SubElement(root, "Request", deploymentMode="production"), "OrderRequest")
    _order_header(request, paper, order, stamp)
    for line in order.lines:
        _item(request, order, line)
    doctype = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.056/cXML.dtd">'
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True, doctype=doctype)


def _header(root: etree._Element, order: Order) -> None:
    header = etree.SubElement(root, "Header")
    for name, party in (("From", order.buyer), ("To", order.supplier), ("Sender", order.buyer)):
        credential = etree.SubElement(etree.SubElement(header, name), "Credential", domain="GLN")
        etree.SubElement(credential, "Identity").text = party.id
    etree.SubElement(header[-1], "UserAgent").text = "Halvermoor Purchasing 7"


def _order_header(request: etree._Element, paper: Paper, order: Order, stamp: str) -> None:
    head = etree.SubElement(request, "OrderRequestHeader", orderID=order.order_number or "", orderDate=stamp)
    head.set("orderType", "regular")
    head.set("type", TYPES[order.order_type.value])
    if order.contract_reference:
        head.set("agreementID", order.contract_reference)
    _money(etree.SubElement(head, "Total"), order.payable_amount, order)
    _address(etree.SubElement(head, "ShipTo"), paper, order.ship_to)
    _address(etree.SubElement(head, "BillTo"), paper, order.buyer)
    if order.tax_total is not None:
        tax = etree.SubElement(head, "Tax")
        _money(tax, order.tax_total, order)
        etree.SubElement(tax, "Description", {"{http://www.w3.org/XML/1998/namespace}lang": "en"}).text = "VAT"
    days = (order.payment_terms or "").split(" ")[0]
    if days.isdigit():
        etree.SubElement(head, "PaymentTerm", payInNumberOfDays=days)
    if order.requester:
        contact = etree.SubElement(head, "Contact", role="requester")
        etree.SubElement(contact, "Name", {"{http://www.w3.org/XML/1998/namespace}lang": "en"}).text = order.requester
    if order.delivery_terms:
        _delivery_terms(head, order.delivery_terms)
    if order.notes:
        etree.SubElement(head, "Comments", {"{http://www.w3.org/XML/1998/namespace}lang": "en"}).text = " ".join(order.notes)
    for name, value in (("CostCenter", order.cost_center),):
        if value:
            etree.SubElement(head, "Extrinsic", name=name).text = value


def _delivery_terms(head: etree._Element, terms: str) -> None:
    code, _, place = terms.partition(" ")
    node = etree.SubElement(head, "TermsOfDelivery")
    etree.SubElement(node, "TermsOfDeliveryCode", value="TransportCondition")
    etree.SubElement(node, "ShippingPaymentMethod", value="Other").text = None
    etree.SubElement(node, "TransportTerms", value="Other").text = code
    comment = etree.SubElement(node, "Comments", {"type": "TermsOfDelivery", "{http://www.w3.org/XML/1998/namespace}lang": "en"})
    comment.text = f"{code} {place}".strip()


def _money(node: etree._Element, amount: Decimal | None, order: Order) -> None:
    etree.SubElement(node, "Money", currency=order.currency or "EUR").text = f"{amount:f}"


def _address(node: etree._Element, paper: Paper, party: Party) -> None:
    lang = {"{http://www.w3.org/XML/1998/namespace}lang": "en"}
    place = paper.place(party)
    address = etree.SubElement(node, "Address", addressID=party.id or "")
    etree.SubElement(address, "Name", lang).text = party.name
    postal = etree.SubElement(address, "PostalAddress")
    etree.SubElement(postal, "Street").text = place.street
    etree.SubElement(postal, "City").text = party.city
    etree.SubElement(postal, "PostalCode").text = place.postcode
    etree.SubElement(postal, "Country", isoCountryCode=party.country or "DE").text = party.country


def _item(request: etree._Element, order: Order, line: OrderLine) -> None:
    item = etree.SubElement(request, "ItemOut", quantity=f"{line.quantity:f}", lineNumber=line.line_number or "")
    if order.requested_delivery_date:
        item.set("requestedDeliveryDate", f"{order.requested_delivery_date}T12:00:00+01:00")
    ids = etree.SubElement(item, "ItemID")
    etree.SubElement(ids, "SupplierPartID").text = line.supplier_item_id
    if line.buyer_item_id:
        etree.SubElement(ids, "BuyerPartID").text = line.buyer_item_id
    detail = etree.SubElement(item, "ItemDetail")
    _money(etree.SubElement(detail, "UnitPrice"), line.unit_price, order)
    etree.SubElement(detail, "Description", {"{http://www.w3.org/XML/1998/namespace}lang": "en"}).text = line.description
    etree.SubElement(detail, "UnitOfMeasure").text = line.unit
    if line.price_base_quantity != 1:
        basis = etree.SubElement(detail, "PriceBasisQuantity", quantity=f"{line.price_base_quantity:f}", conversionFactor="1")
        etree.SubElement(basis, "UnitOfMeasure").text = line.unit
    etree.SubElement(detail, "Classification", domain="UNSPSC").text = "31171504"
