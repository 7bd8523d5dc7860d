"""cXML 1.2 OrderRequest (cXML Reference Guide 1.2)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lxml import etree

from signoff.evals.generating.paper import Line, Order, Party

DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.056/cXML.dtd">'
LANG = {"{http://www.w3.org/XML/1998/namespace}lang": "en"}
Node = etree._Element


def said(order: Order) -> Order:
    """The buyer is told by number, the day of delivery on each item, and no amount of an item."""
    lines = tuple(replace(line, delivery=order.delivery_date, amount_shown=False) for line in order.lines)
    bill_to = order.ship_to or order.buyer
    return replace(order, buyer=replace(order.buyer, name=""), ship_to=bill_to, delivery_date=None, lines=lines)


def render(order: Order, agent: str) -> bytes:
    """One OrderRequest in its envelope, as the system `agent` sends it."""
    stamp = f"{order.date}T08:30:00+01:00"
    root = etree.Element("cXML", payloadID=f"{order.number}.1@buyer.example", timestamp=stamp)
    header = etree.SubElement(root, "Header")
    for name, who in (("From", order.buyer), ("To", order.supplier), ("Sender", order.buyer)):
        credential = etree.SubElement(etree.SubElement(header, name), "Credential", domain="GLN")
        etree.SubElement(credential, "Identity").text = who.id or who.name
    etree.SubElement(header[-1], "UserAgent").text = agent
    request = etree.SubElement(etree.SubElement(root, "Request", deploymentMode="production"), "OrderRequest")
    _head(request, order, stamp)
    for line in order.lines:
        _item(request, order, line)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True, doctype=DOCTYPE)


def _head(request: Node, order: Order, stamp: str) -> None:
    kind = "update" if order.kind == "change" else "new"
    head = etree.SubElement(request, "OrderRequestHeader", orderID=order.number or "", orderDate=stamp, orderType="regular", type=kind)
    if order.contract_ref:
        head.set("agreementID", order.contract_ref)
    _money(etree.SubElement(head, "Total"), order.total, order)
    _address(etree.SubElement(head, "BillTo"), order.ship_to or order.buyer)
    if order.charges:
        _money(etree.SubElement(head, "Shipping"), order.charges[0].amount, order)
        etree.SubElement(head[-1], "Description", LANG).text = order.charges[0].reason
    if order.tax is not None:
        _money(etree.SubElement(head, "Tax"), order.tax, order)
        etree.SubElement(head[-1], "Description", LANG).text = "VAT"
    if order.payment_terms:
        etree.SubElement(head, "PaymentTerm", payInNumberOfDays=order.payment_terms)
    if order.requester:
        etree.SubElement(etree.SubElement(head, "Contact", role="requester"), "Name", LANG).text = order.requester
    _address(etree.SubElement(head, "Contact", role="supplierCorporate"), order.supplier, bare=True)
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        terms = etree.SubElement(head, "TermsOfDelivery")
        etree.SubElement(terms, "TransportTerms", value="Other").text = code
        etree.SubElement(terms, "Comments", {"type": "TermsOfDelivery", **LANG}).text = f"{code} {place}"
    if order.notes:
        etree.SubElement(head, "Comments", LANG).text = " ".join(order.notes)
    if order.cost_center:
        etree.SubElement(head, "Extrinsic", name="CostCenter").text = order.cost_center


def _money(node: Node, amount: Decimal | None, order: Order) -> None:
    if amount is not None:
        etree.SubElement(node, "Money", currency=order.currency).text = f"{amount:f}"


def _address(node: Node, who: Party, bare: bool = False) -> None:
    address = node if bare else etree.SubElement(node, "Address", addressID=who.id)
    etree.SubElement(address, "Name", LANG).text = who.name
    postal = etree.SubElement(address, "PostalAddress")
    for name, text in (("Street", who.street), ("City", who.city), ("PostalCode", who.postcode)):
        etree.SubElement(postal, name).text = text
    etree.SubElement(postal, "Country", isoCountryCode=who.country).text = who.country


def _item(request: Node, order: Order, line: Line) -> None:
    item = etree.SubElement(request, "ItemOut", quantity=f"{line.qty:f}", lineNumber=line.number)
    if line.delivery:
        item.set("requestedDeliveryDate", f"{line.delivery}T12:00:00+01:00")
    ids = etree.SubElement(item, "ItemID")
    etree.SubElement(ids, "SupplierPartID").text = line.part
    if line.buyer_part:
        etree.SubElement(ids, "BuyerPartID").text = line.buyer_part
    detail = etree.SubElement(item, "ItemDetail")
    _money(etree.SubElement(detail, "UnitPrice"), line.price, order)
    etree.SubElement(detail, "Description", LANG).text = line.description
    etree.SubElement(detail, "UnitOfMeasure").text = line.unit
    if line.base != 1:
        basis = etree.SubElement(detail, "PriceBasisQuantity", quantity=f"{line.base:f}", conversionFactor="1")
        etree.SubElement(basis, "UnitOfMeasure").text = line.unit
