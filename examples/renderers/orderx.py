"""Order-X 1.0, profile comfort (FNFE-MPE / FeRD): UN/CEFACT SCRDM CII order, as bare XML and inside a PDF."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from unittest import mock

from facturx import facturx, generate_from_binary, xml_check_xsd
from lxml import etree
from pypdf import PdfReader, PdfWriter
from source import Paper, compact

from renderers import pages
from signoff.domain.order import Order, OrderLine, Party

BASE = "urn:un:unece:uncefact:data:"
NS = {
    "rsm": BASE + "SCRDMCCBDACIOMessageStructure:100",
    "ram": BASE + "standard:ReusableAggregateBusinessInformationEntity:128",
    "udt": BASE + "standard:UnqualifiedDataType:128",
}


class _Still(dt.datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> _Still:
        return cls(2026, 10, 1, 8, 0, 0, tzinfo=tz)


def add(parent: etree._Element, path: str, text: object = None, **attributes: str) -> etree._Element:
    """A chain of `ram:` elements; the last one gets the text and the attributes."""
    for name in path.split("/"):
        prefix, _, local = name.rpartition(":")
        parent = etree.SubElement(parent, f"{{{NS[prefix or 'ram']}}}{local}")
    for key, value in attributes.items():
        parent.set(key, value)
    if text is not None:
        parent.text = f"{text:f}" if isinstance(text, Decimal) else str(text)
    return parent


def render(paper: Paper) -> bytes:
    """The bare XML, valid against the schema of Order-X."""
    order = paper.orders[0]
    root = etree.Element(f"{{{NS['rsm']}}}SCRDMCCBDACIOMessageStructure", nsmap=NS)
    context = add(root, "rsm:ExchangedDocumentContext")
    add(context, "GuidelineSpecifiedDocumentContextParameter/ID", "urn:order-x.eu:1p0:comfort")
    document = add(root, "rsm:ExchangedDocument")
    add(document, "ID", order.order_number)
    add(document, "TypeCode", "220")
    _date(document, "IssueDateTime", order.issue_date)
    add(document, "PurposeCode", "9")
    for note in order.notes:
        add(document, "IncludedNote/Content", note)
    transaction = add(root, "rsm:SupplyChainTradeTransaction")
    for line in order.lines:
        _line(add(transaction, "IncludedSupplyChainTradeLineItem"), line)
    _agreement(add(transaction, "ApplicableHeaderTradeAgreement"), paper, order)
    delivery = add(transaction, "ApplicableHeaderTradeDelivery")
    _party(add(delivery, "ShipToTradeParty"), paper, order.ship_to)
    if order.requested_delivery_date:
        _date(delivery, "RequestedDeliverySupplyChainEvent/OccurrenceDateTime", order.requested_delivery_date)
    _settlement(add(transaction, "ApplicableHeaderTradeSettlement"), order)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    xml_check_xsd(data, flavor="order-x", level="comfort")
    return data


def render_pdf(paper: Paper) -> bytes:
    """The printed order with the XML inside. factur-x stamps the file with the clock, so the clock stands still meanwhile."""
    with mock.patch.object(facturx, "datetime", _Still):
        filled = generate_from_binary(pages.render(paper), render(paper), flavor="order-x", level="comfort", orderx_type="order")
    writer = PdfWriter(clone_from=PdfReader(BytesIO(filled)))
    writer._ID = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _date(parent: etree._Element, path: str, day: dt.date | None) -> None:
    add(parent, path + "/udt:DateTimeString", compact(day), format="102")


def _party(node: etree._Element, paper: Paper, party: Party) -> None:
    if party.id:
        add(node, "GlobalID", party.id, schemeID="0088")
    add(node, "Name", party.name)
    place = paper.place(party)
    address = add(node, "PostalTradeAddress")
    for name, value in (
        ("PostcodeCode", place.postcode),
        ("LineOne", place.street),
        ("CityName", party.city),
        ("CountryID", party.country),
    ):
        if value:
            add(address, name, value)
    if party.tax_id:
        add(node, "SpecifiedTaxRegistration/ID", party.tax_id, schemeID="VA")


def _agreement(node: etree._Element, paper: Paper, order: Order) -> None:
    _party(add(node, "SellerTradeParty"), paper, order.supplier)
    _party(add(node, "BuyerTradeParty"), paper, order.buyer)
    if order.requester:
        add(node, "BuyerRequisitionerTradeParty/DefinedTradeContact/PersonName", order.requester)
    if order.delivery_terms:
        code, _, place = order.delivery_terms.partition(" ")
        terms = add(node, "ApplicableTradeDeliveryTerms")
        add(terms, "DeliveryTypeCode", code)
        add(terms, "RelevantTradeLocation/Name", place)
    if order.contract_reference:
        add(node, "ContractReferencedDocument/IssuerAssignedID", order.contract_reference)


def _line(node: etree._Element, line: OrderLine) -> None:
    add(node, "AssociatedDocumentLineDocument/LineID", line.line_number)
    product = add(node, "SpecifiedTradeProduct")
    if line.standard_item_id:
        add(product, "GlobalID", line.standard_item_id, schemeID="0160")
    if line.supplier_item_id:
        add(product, "SellerAssignedID", line.supplier_item_id)
    if line.buyer_item_id:
        add(product, "BuyerAssignedID", line.buyer_item_id)
    add(product, "Name", line.description)
    price = add(node, "SpecifiedLineTradeAgreement/NetPriceProductTradePrice")
    add(price, "ChargeAmount", line.unit_price)
    if line.price_base_quantity != 1:
        add(price, "BasisQuantity", line.price_base_quantity, unitCode=line.unit or "EA")
    add(node, "SpecifiedLineTradeDelivery/RequestedQuantity", line.quantity, unitCode=line.unit or "EA")
    settlement = add(node, "SpecifiedLineTradeSettlement")
    if line.tax_percent is not None:
        tax = add(settlement, "ApplicableTradeTax")
        add(tax, "TypeCode", "VAT")
        add(tax, "CategoryCode", "S")
        add(tax, "RateApplicablePercent", line.tax_percent)
    add(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount", line.line_amount)


def _settlement(node: etree._Element, order: Order) -> None:
    add(node, "OrderCurrencyCode", order.currency)
    if order.payment_terms:
        add(node, "SpecifiedTradePaymentTerms/Description", order.payment_terms)
    sums = add(node, "SpecifiedTradeSettlementHeaderMonetarySummation")
    tax, total = order.tax_total or Decimal(0), order.payable_amount or Decimal(0)
    add(sums, "LineTotalAmount", order.line_total)
    add(sums, "TaxBasisTotalAmount", total - tax)
    if order.tax_total is not None:
        add(sums, "TaxTotalAmount", order.tax_total, currencyID=order.currency or "EUR")
    add(sums, "GrandTotalAmount", total)
    if order.cost_center:
        add(node, "ReceivableSpecifiedTradeAccountingAccount/ID", order.cost_center)
