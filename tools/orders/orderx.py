"""Order-X 1.0 (FNFE-MPE / FeRD: basic, comfort, extended) on UN/CEFACT's Cross Industry Order, as XML or embedded in a PDF.

Type codes (UNTDID 1001): 220 is an order, 230 a change, and with the purpose code 1 (UNTDID 1225) a cancellation; 231 is the
supplier's response. A Cross Industry Invoice (ZUGFeRD, Factur-X) is known here as well and set aside. In a PDF the pages
are what people see and the XML is what machines post, so the number and the total must be printed on the pages too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from signoff.domain.checks.grounding import grounded
from signoff.domain.order import OrderType
from signoff.domain.reading import Evidence, Part, SetAside
from signoff.tools.documents.document import Document, Page
from signoff.tools.orders.draft import TEST
from signoff.tools.orders.xpath import ITEM_SCHEMES, PARTY_SCHEMES, Node, Value, XmlDraft, action, agreed, joined, lead, payloads, scheme

FORMAT = "orderx"
ORDER_ROOT = "SCRDMCCBDACIOMessageStructure"
TYPES = {"220": OrderType.ORDER, "230": OrderType.CHANGE}
RESPONSE = "231"
CANCELLED = "1"
ACCOUNT = ("ReceivableSpecifiedTradeAccountingAccount", "ID")
"""The buyer's accounting reference."""
OTHERS = {
    "CrossIndustryInvoice": ("invoice", "a Cross Industry Invoice (ZUGFeRD, Factur-X): the supplier's bill"),
    "CrossIndustryDocument": ("invoice", "a ZUGFeRD 1 invoice: the supplier's bill"),
    "SCRDMCCBDACIDAMessageStructure": ("despatch advice", "a Deliver-X despatch advice: the supplier's notice of a delivery"),
}


def matches(document: Document) -> bool:
    """Whether the XML is a Cross Industry Order, or a sister message of it."""
    return document.xml is not None and any(n.name == ORDER_ROOT or n.name in OTHERS for n in payloads(document.xml)[:1])


def read(document: Document) -> list[Part]:
    """One part for each message."""
    return [_part(node, document.pages) for node in payloads(document.xml)] if document.xml is not None else []


def _part(root: Node, pages: tuple[Page, ...]) -> Part:
    if root.name != ORDER_ROOT:
        kind, meaning = OTHERS.get(root.name, ("other document", f"a document of type {root.name[:60]}"))
        return SetAside(format=FORMAT, kind=kind, reason=f"this is {meaning}, not an order")
    code = root.leaf("ExchangedDocument", "TypeCode")
    if code and code.text == RESPONSE:
        reason = "this is an Order-X response: the supplier's answer to an order, not an order"
        return SetAside(format=FORMAT, kind="order response", reason=reason)
    return _order(root, code, pages)


def _order(root: Node, code: Value | None, pages: tuple[Page, ...]) -> Part:
    x = XmlDraft(FORMAT)
    trade = root.first("SupplyChainTradeTransaction") or root
    agreement = trade.first("ApplicableHeaderTradeAgreement") or trade
    delivery = trade.first("ApplicableHeaderTradeDelivery") or trade
    settlement = trade.first("ApplicableHeaderTradeSettlement") or trade
    currency = settlement.leaf("OrderCurrencyCode") or settlement.leaf("InvoiceCurrencyCode")
    x.currency = currency.text if currency else None
    x.text("/currency", currency)
    _head(x, root, code)
    _agreement(x, agreement)
    _party(x, "/ship_to", delivery.first("ShipToTradeParty"))
    x.date("/requested_delivery_date", _wanted(delivery))
    lines = trade.all("IncludedSupplyChainTradeLineItem")
    for i, line in enumerate(lines):
        _line(x, f"/lines/{i}", line)
    _settlement(x, settlement)
    x.text("/cost_center", settlement.leaf(*ACCOUNT) or agreed([n.leaf("SpecifiedLineTradeSettlement", *ACCOUNT) for n in lines]))
    _compare(x, pages)
    return x.done("Order-X order")


def _head(x: XmlDraft, root: Node, code: Value | None) -> None:
    document = root.first("ExchangedDocument") or root
    kind = TYPES.get(code.text) if code else None
    if kind is None:
        message = f"The type code {code.text[:20]!r} is none of 220 (order) and 230 (change)." if code else "The message has no type code."
        x.draft.notice("readings_disagree", "/order_type", message)
    purpose = document.leaf("PurposeCode")
    if purpose and purpose.text == CANCELLED:
        kind, code = OrderType.CANCELLATION, purpose
    x.draft.put("/order_type", kind, Evidence(text=code.text[:60], where=code.where) if code else None)
    number = document.leaf("ID")
    x.text("/order_number", number)
    agreement = root.first("SupplyChainTradeTransaction", "ApplicableHeaderTradeAgreement")
    original = agreement and agreement.leaf("BuyerOrderReferencedDocument", "IssuerAssignedID")
    if original and (kind is not OrderType.ORDER or number is None or original.text != number.text):
        x.text("/order_reference", original)
    x.date("/issue_date", _day(document.first("IssueDateTime")))
    x.date("/valid_to", _day(document.first("EffectiveSpecifiedPeriod", "EndDateTime")))
    for note in document.walk("IncludedNote", "Content"):
        x.note(note.value)
    test = root.leaf("ExchangedDocumentContext", "TestIndicator", "Indicator")
    if test and test.text.lower() in ("true", "1"):
        x.draft.notice("not_an_order", None, TEST.format(f"TestIndicator is {test.text}"), text=test.text, where=test.where)


def _agreement(x: XmlDraft, agreement: Node) -> None:
    _party(x, "/buyer", agreement.first("BuyerTradeParty"))
    _party(x, "/supplier", agreement.first("SellerTradeParty"))
    x.text("/customer_reference", agreement.leaf("BuyerReference"))
    x.text("/contract_reference", agreement.leaf("ContractReferencedDocument", "IssuerAssignedID"))
    x.text("/quotation_reference", agreement.leaf("QuotationReferencedDocument", "IssuerAssignedID"))
    if requester := agreement.first("BuyerRequisitionerTradeParty"):
        x.text("/requester", requester.leaf("DefinedTradeContact", "PersonName") or requester.leaf("Name"))
    if terms := agreement.first("ApplicableTradeDeliveryTerms"):
        place = terms.leaf("RelevantTradeLocation", "Name") or terms.leaf("RelevantTradeLocation", "ID")
        code = joined([terms.leaf("DeliveryTypeCode"), place], " ")
        x.text("/delivery_terms", joined([code, terms.leaf("Description")]))


def _party(x: XmlDraft, pointer: str, party: Node | None) -> None:
    if party is None:
        return
    x.text(f"{pointer}/name", party.leaf("Name") or party.leaf("SpecifiedLegalOrganization", "TradingBusinessName"))
    known = [*party.walk("GlobalID"), *party.walk("ID"), *party.walk("SpecifiedLegalOrganization", "ID")]
    if node := next((n for n in known if n.value), None):
        x.text(f"{pointer}/id", node.value)
        x.text(f"{pointer}/id_scheme", scheme(node.attribute("schemeID"), PARTY_SCHEMES))
    registered = [n for n in party.walk("SpecifiedTaxRegistration", "ID") if n.value]
    vat = [n for n in registered if n.element.get("schemeID") in ("VA", "VAT")]
    x.text(f"{pointer}/tax_id", next((n.value for n in [*vat, *registered]), None))
    x.text(f"{pointer}/city", party.leaf("PostalTradeAddress", "CityName"))
    x.text(f"{pointer}/country", party.leaf("PostalTradeAddress", "CountryID"))
    address = party.first("URIUniversalCommunication", "URIID")
    electronic = address.value if address and address.element.get("schemeID") == "EM" else None
    x.text(f"{pointer}/email", party.leaf("DefinedTradeContact", "EmailURIUniversalCommunication", "URIID") or electronic)


def _line(x: XmlDraft, at: str, line: Node) -> None:
    x.row(at)
    number = line.leaf("AssociatedDocumentLineDocument", "LineID")
    x.text(f"{at}/line_number", number)
    x.text(f"{at}/action", action(line.leaf("AssociatedDocumentLineDocument", "LineStatusCode")))
    if product := line.first("SpecifiedTradeProduct"):
        _product(x, at, product)
    if price := line.first("SpecifiedLineTradeAgreement", "NetPriceProductTradePrice"):
        x.amount(f"{at}/unit_price", price.first("ChargeAmount"))
        x.number(f"{at}/price_base_quantity", price.leaf("BasisQuantity"))
    x.text(f"{at}/contract_reference", line.leaf("SpecifiedLineTradeAgreement", "ContractReferencedDocument", "IssuerAssignedID"))
    if delivery := line.first("SpecifiedLineTradeDelivery"):
        x.number(f"{at}/quantity", delivery.leaf("RequestedQuantity"))
        x.text(f"{at}/unit", delivery.leaf("RequestedQuantity", "@unitCode"))
        x.date(f"{at}/requested_delivery_date", _wanted(delivery))
    if settlement := line.first("SpecifiedLineTradeSettlement"):
        x.number(f"{at}/tax_percent", settlement.leaf("ApplicableTradeTax", "RateApplicablePercent"))
        x.amount(f"{at}/line_amount", settlement.first("SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount"))
        _charges(x, at, settlement)
    for note in line.walk("AssociatedDocumentLineDocument", "IncludedNote", "Content"):
        x.note(note.value, lead(number, at))


def _product(x: XmlDraft, at: str, product: Node) -> None:
    x.text(f"{at}/description", joined([product.leaf("Name"), product.leaf("Description")]))
    x.text(f"{at}/buyer_item_id", product.leaf("BuyerAssignedID"))
    x.text(f"{at}/supplier_item_id", product.leaf("SellerAssignedID"))
    standard = product.first("GlobalID")
    made = product.leaf("ManufacturerAssignedID")
    if standard and standard.value:
        x.text(f"{at}/standard_item_id", standard.value)
        x.text(f"{at}/standard_item_scheme", scheme(standard.attribute("schemeID"), ITEM_SCHEMES))
    elif made:
        x.text(f"{at}/standard_item_id", made)
        x.text(f"{at}/standard_item_scheme", made._replace(text="MPN"))


def _charges(x: XmlDraft, at: str, settlement: Node) -> None:
    """Allowances and charges of the line or, with `at` empty, of the order."""
    for i, node in enumerate(settlement.walk("SpecifiedTradeAllowanceCharge")):
        pointer = f"{at}/allowances_charges/{i}"
        indicator = node.leaf("ChargeIndicator", "Indicator")
        charge = {"true": True, "1": True, "false": False, "0": False}.get(indicator.text.lower()) if indicator else None
        if charge is None:
            x.draft.notice("field_missing", pointer, f"{node.where} does not say whether it is an allowance or a charge.")
        x.charge(pointer, bool(charge), node.first("ActualAmount"), node.leaf("Reason") or node.leaf("ReasonCode"))


def _settlement(x: XmlDraft, settlement: Node) -> None:
    _party(x, "/invoice_to", settlement.first("InvoiceeTradeParty"))
    account = ("SpecifiedTradeSettlementPaymentMeans", "PayeePartyCreditorFinancialAccount")
    x.text("/supplier/bank_account", settlement.leaf(*account, "IBANID") or settlement.leaf(*account, "ProprietaryID"))
    x.text("/payment_terms", joined([n.value for n in settlement.walk("SpecifiedTradePaymentTerms", "Description")], "; "))
    _charges(x, "", settlement)
    summation = settlement.first("SpecifiedTradeSettlementHeaderMonetarySummation")
    if summation is None:
        return
    x.amount("/line_total", summation.first("LineTotalAmount"))
    x.summed(summation.first("AllowanceTotalAmount"), "Allowances", charge=False)
    x.summed(summation.first("ChargeTotalAmount"), "Charges", charge=True)
    taxes = summation.all("TaxTotalAmount")
    own = [t for t in taxes if x.currency and t.element.get("currencyID") == x.currency]
    x.amount("/tax_total", next(iter(own or taxes), None))
    x.amount("/payable_amount", summation.first("DuePayableAmount") or summation.first("GrandTotalAmount"))


def _wanted(delivery: Node) -> Value | None:
    """The day by which the goods must be there: the event's, the end of its period, or its start."""
    for event in delivery.walk("RequestedDeliverySupplyChainEvent"):
        period = event.first("OccurrenceSpecifiedPeriod")
        days = [_day(event.first("OccurrenceDateTime"))]
        days += [_day(period.first("EndDateTime")), _day(period.first("StartDateTime"))] if period else []
        if day := next((d for d in days if d), None):
            return day
    return None


def _day(node: Node | None) -> Value | None:
    """A date in the form its `format` names (UNTDID 2379: 102 and 203 start with CCYYMMDD) as ISO 8601."""
    if node is None:
        return None
    stated = node.leaf("DateTimeString") or node.leaf("DateString") or node.leaf("DateTime") or node.value
    digits = re.fullmatch(r"(\d{4})(\d\d)(\d\d)\d*", stated.text, re.ASCII) if stated else None
    return stated._replace(text="-".join(digits.groups())) if stated and digits else stated


def _passages(page: Page) -> Iterator[str]:
    """The page's text in overlapping pieces that are short enough to be searched for a number."""
    for start in range(0, len(page.words), 300):
        yield "... " + " ".join(w.text for w in page.words[start : start + 310])


def _compare(x: XmlDraft, pages: tuple[Page, ...]) -> None:
    """Report a number or a total of the XML that is not printed on the pages."""
    if not pages:
        return
    printed = [text for page in pages for text in _passages(page)]
    if not printed:
        message = "The pages have no text, so the order inside the file could not be compared with what they show."
        x.draft.notice("readings_disagree", None, message)
        return
    for pointer, name in (("/order_number", "order number"), ("/payable_amount", "total")):
        value = x.draft.tree.get(pointer[1:])
        if value is not None and not any(grounded(pointer, value, text) for text in printed):
            x.draft.notice("readings_disagree", pointer, f"The {name} {value} of the XML inside the file is not printed on its pages.")
