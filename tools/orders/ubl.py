"""UBL 2.x Order, OrderChange and OrderCancellation (OASIS UBL 2.0 to 2.4), and the papers of the same standard that are no orders.

Covers the profiles in use: Peppol BIS Ordering 3 and its national variants, OIOUBL, EHF, NLCIUS, also inside an SBDH envelope.
A change or a cancellation has a number of its own and names the order it is about. The requested delivery date is the
end of the requested period, the day by which the goods must be there; its start where there is no end.
"""

from __future__ import annotations

import re

from signoff.domain.order import OrderType
from signoff.domain.reading import Evidence, Part, SetAside, Unread
from signoff.tools.documents.document import Document
from signoff.tools.orders.xpath import (
    ITEM_SCHEMES,
    PARTY_SCHEMES,
    Node,
    Value,
    XmlDraft,
    action,
    agreed,
    joined,
    lead,
    namespace,
    payloads,
    scheme,
)

FORMAT = "ubl"
ORDERS = {"Order": OrderType.ORDER, "OrderChange": OrderType.CHANGE, "OrderCancellation": OrderType.CANCELLATION}
PARTIES = {"/buyer": "BuyerCustomerParty", "/supplier": "SellerSupplierParty", "/invoice_to": "AccountingCustomerParty"}
OTHERS = {
    "OrderResponse": ("order response", "the supplier's answer to an order"),
    "OrderResponseSimple": ("order response", "the supplier's answer to an order"),
    "OrderAgreement": ("order agreement", "the supplier's record of an order that was agreed elsewhere"),
    "PunchOut": ("shopping cart", "a cart from the supplier's shop that nobody has ordered yet"),
    "Invoice": ("invoice", "the supplier's bill"),
    "SelfBilledInvoice": ("self-billed invoice", "a bill"),
    "FreightInvoice": ("freight invoice", "the carrier's bill"),
    "CreditNote": ("credit note", "the supplier's credit"),
    "SelfBilledCreditNote": ("self-billed credit note", "a credit"),
    "DebitNote": ("debit note", "a correction of a bill"),
    "Reminder": ("reminder", "a reminder of a bill"),
    "Statement": ("statement", "a statement of account"),
    "DespatchAdvice": ("despatch advice", "the supplier's notice of a delivery"),
    "ReceiptAdvice": ("receipt advice", "the buyer's notice of what was received"),
    "Quotation": ("quotation", "the supplier's offer"),
    "RequestForQuotation": ("request for quotation", "a request for an offer"),
    "ApplicationResponse": ("application response", "a machine's receipt for another document"),
    "RemittanceAdvice": ("remittance advice", "a notice of a payment"),
    "ForecastRevision": ("forecast", "an outlook that orders nothing"),
    "Forecast": ("forecast", "an outlook that orders nothing"),
}
RESPONSE_CODES = {"231": "a purchase order response", "320": "an acknowledgement of an order"}
"""UNTDID 1001 codes that contradict an order."""

_NAMESPACE = re.compile(r"urn:oasis:names:(?:specification|tc):ubl:schema:xsd:[A-Za-z]+-([12])(?:\.\d+)?")
_NOTHING = frozenset({"n/a", "na", "none", "null", "-"})
"""What systems write into an identifier that they must send and do not have."""


def matches(document: Document) -> bool:
    """Whether the document, or what its envelope holds, is of a UBL namespace."""
    return document.xml is not None and any(_NAMESPACE.fullmatch(namespace(n)) for n in payloads(document.xml)[:1])


def read(document: Document) -> list[Part]:
    """One part for each UBL document."""
    return [_part(node) for node in payloads(document.xml)] if document.xml is not None else []


def _part(node: Node) -> Part:
    version = _NAMESPACE.fullmatch(namespace(node))
    if node.name not in ORDERS or version is None:
        return _set_aside(node)
    if version[1] == "1":
        return Unread(format=FORMAT, reason=f"This {node.name} is in UBL 1.0, which is no longer in use; ask the sender for UBL 2.")
    if "order_agreement" in _customization(node):
        return _set_aside(node)
    return _order(node)


def _customization(node: Node) -> str:
    stated = node.leaf("CustomizationID")
    return stated.text.lower() if stated else ""


def _set_aside(node: Node) -> SetAside:
    custom = _customization(node)
    name = "OrderAgreement" if "order_agreement" in custom else "PunchOut" if "punch_out" in custom else node.name
    if "CommonAggregateComponents" in namespace(node) or "CommonBasicComponents" in namespace(node):
        reason = f"this is a piece of a UBL document ({name[:60]}), not a whole one"
        return SetAside(format=FORMAT, kind="fragment", reason=reason)
    words = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name[:60])).lower() or name[:60]
    unlisted = "a catalogue of what may be ordered" if name.startswith("Catalogue") else "another kind of document"
    kind, meaning = OTHERS.get(name, (words, unlisted))
    return SetAside(format=FORMAT, kind=kind, reason=f"this is a UBL {name[:60]}: {meaning}, not an order")


def _order(root: Node) -> Part:
    x = XmlDraft(FORMAT)
    _head(x, root)
    _terms(x, root)
    lines = root.all("OrderLine")
    for i, line in enumerate(lines):
        _line(x, f"/lines/{i}", line)
    x.text("/cost_center", root.leaf("AccountingCost") or root.leaf("AccountingCostCode") or _shared_cost(lines))
    _totals(x, root)
    x.count("line_count", root.leaf("LineCountNumeric"))
    return x.done(f"UBL {root.name}")


def _head(x: XmlDraft, root: Node) -> None:
    kind, code = ORDERS[root.name], root.leaf("OrderTypeCode")
    if code and code.text == "230" and kind is OrderType.ORDER:
        kind = OrderType.CHANGE
    if code and code.text in RESPONSE_CODES:
        message = f"The document is a UBL Order, but its type code {code.text} says {RESPONSE_CODES[code.text]}."
        x.draft.notice("readings_disagree", None, message)
    said = Evidence(text=code.text[:60], where=code.where) if code else Evidence(text=root.name, where=root.where)
    x.draft.put("/order_type", kind, said)
    x.text("/order_number", root.leaf("ID"))
    x.text("/order_reference", root.leaf("OrderReference", "ID") or root.leaf("OrderDocumentReference", "ID"))
    x.date("/issue_date", root.leaf("IssueDate"))
    currency = root.leaf("DocumentCurrencyCode") or _only_currency(root)
    x.text("/currency", currency)
    x.currency = currency.text if currency else None
    x.text("/contract_reference", root.leaf("Contract", "ID") or root.leaf("Contract", "ContractDocumentReference", "ID"))
    x.text("/quotation_reference", root.leaf("QuotationDocumentReference", "ID"))
    x.text("/customer_reference", root.leaf("CustomerReference"))
    x.date("/valid_to", root.leaf("ValidityPeriod", "EndDate"))
    for note in [*root.walk("Note"), *root.walk("CancellationNote")]:
        x.note(note.value)
    _parties(x, root)


def _only_currency(root: Node) -> Value | None:
    """The currency of the amounts where the document does not state one, and all amounts agree."""
    found = {c for e in root.element.iter() if isinstance(e.tag, str) and (c := e.get("currencyID"))}
    return Value(found.pop(), f"{root.where}//@currencyID") if len(found) == 1 else None


def _parties(x: XmlDraft, root: Node) -> None:
    for pointer, role in PARTIES.items():
        if holder := root.first(role):
            _party(x, pointer, holder.first("Party"))
            # the number under which the other side knows this party, where it has no identifier of its own
            other = "CustomerAssignedAccountID" if role == "SellerSupplierParty" else "SupplierAssignedAccountID"
            x.text(f"{pointer}/id", holder.leaf(other))
            x.text(f"{pointer}/email", holder.leaf("SellerContact", "ElectronicMail") or holder.leaf("BuyerContact", "ElectronicMail"))
    x.text("/supplier/bank_account", root.leaf("PaymentMeans", "PayeeFinancialAccount", "ID"))
    if delivery := root.first("Delivery"):
        _party(x, "/ship_to", delivery.first("DeliveryParty"))
        _place(x, delivery)
    if origin := root.first("OriginatorCustomerParty", "Party") or root.first("OriginatorCustomerParty"):
        x.text("/requester", origin.leaf("Contact", "Name") or _person(origin) or _name(origin))


def _party(x: XmlDraft, pointer: str, party: Node | None) -> None:
    if party is None:
        return
    x.text(f"{pointer}/name", _name(party) or _person(party))
    known = [*party.walk("PartyIdentification", "ID"), *party.walk("PartyLegalEntity", "CompanyID"), *party.walk("EndpointID")]
    for node in known:
        value = _identifier(node)
        if value:
            x.text(f"{pointer}/id", value)
            x.text(f"{pointer}/id_scheme", scheme(node.attribute("schemeID"), PARTY_SCHEMES))
            break
    x.text(f"{pointer}/tax_id", _tax_id(party))
    address = party.first("PostalAddress") or party.first("PartyLegalEntity", "RegistrationAddress")
    _address(x, pointer, address)
    x.text(f"{pointer}/email", party.leaf("Contact", "ElectronicMail"))


def _name(party: Node) -> Value | None:
    return party.leaf("PartyName", "Name") or party.leaf("PartyLegalEntity", "RegistrationName")


def _person(party: Node) -> Value | None:
    person = party.first("Person")
    return joined([person.leaf("FirstName"), person.leaf("FamilyName")], " ") if person else None


def _tax_id(party: Node) -> Value | None:
    """The VAT registration; of several, the one whose tax scheme says VAT."""
    schemes = [s for s in party.walk("PartyTaxScheme") if s.leaf("CompanyID")]
    vat = [s for s in schemes if (t := s.leaf("TaxScheme", "ID")) and t.text.upper() == "VAT"]
    return next((s.leaf("CompanyID") for s in [*vat, *schemes]), None)


def _identifier(node: Node | None) -> Value | None:
    value = node.value if node else None
    return value if value and value.text.casefold() not in _NOTHING else None


def _address(x: XmlDraft, pointer: str, address: Node | None) -> None:
    if address:
        x.text(f"{pointer}/city", address.leaf("CityName"))
        x.text(f"{pointer}/country", address.leaf("Country", "IdentificationCode"))


def _place(x: XmlDraft, delivery: Node) -> None:
    x.text("/ship_to/name", delivery.leaf("DeliveryLocation", "Name"))
    location = delivery.first("DeliveryLocation", "ID")
    if location and "id" not in x.draft.tree.get("ship_to", {}):
        x.text("/ship_to/id", location.value)
        x.text("/ship_to/id_scheme", scheme(location.attribute("schemeID"), PARTY_SCHEMES))
    _address(x, "/ship_to", delivery.first("DeliveryLocation", "Address") or delivery.first("DeliveryAddress"))


def _terms(x: XmlDraft, root: Node) -> None:
    x.date("/requested_delivery_date", _wanted(root))
    if delivery := root.first("DeliveryTerms"):
        place = delivery.first("DeliveryLocation")
        where = place.leaf("Name") or place.leaf("ID") or place.leaf("Address", "CityName") if place else None
        x.text("/delivery_terms", joined([delivery.leaf("ID"), where, *(n.value for n in delivery.walk("SpecialTerms"))], " "))
    notes = joined([n.value for n in root.walk("PaymentTerms", "Note")], "; ")
    x.text("/payment_terms", notes or joined([_payment(t) for t in root.walk("PaymentTerms")], "; "))
    for i, charge in enumerate(root.walk("AllowanceCharge")):
        _charge(x, f"/allowances_charges/{i}", charge)


def _wanted(node: Node) -> Value | None:
    period = ("Delivery", "RequestedDeliveryPeriod")
    return node.leaf(*period, "EndDate") or node.leaf(*period, "StartDate") or node.leaf("Delivery", "LatestDeliveryDate")


def _payment(terms: Node) -> Value | None:
    """Payment terms that are stated in figures only, as a sentence."""
    days = terms.first("SettlementPeriod", "DurationMeasure")
    length = days.value if days and (days.element.get("unitCode") or "DAY").upper() == "DAY" else None
    percent, due = terms.leaf("SettlementDiscountPercent"), terms.leaf("PaymentDueDate")
    said = [f"{percent.text}% discount" if percent else "", f"{length.text} days" if length else "", f"due {due.text}" if due else ""]
    return Value(", ".join(s for s in said if s), terms.where) if any(said) else None


def _charge(x: XmlDraft, pointer: str, node: Node) -> None:
    indicator = node.leaf("ChargeIndicator")
    charge = {"true": True, "1": True, "false": False, "0": False}.get(indicator.text.lower()) if indicator else None
    if charge is None:
        x.draft.notice("field_missing", pointer, f"{node.where} does not say whether it is an allowance or a charge.")
    reason = joined([n.value for n in node.walk("AllowanceChargeReason")]) or node.leaf("AllowanceChargeReasonCode")
    x.charge(pointer, bool(charge), node.first("Amount"), reason)


def _line(x: XmlDraft, at: str, line: Node) -> None:
    x.row(at)
    item_line = line.first("LineItem")
    if item_line is None:
        x.draft.notice("rows_missing", at, f"{line.where} has no LineItem.")
        return
    number = item_line.leaf("ID")
    x.text(f"{at}/line_number", number)
    x.text(f"{at}/action", action(item_line.leaf("LineStatusCode")))
    x.number(f"{at}/quantity", item_line.leaf("Quantity"))
    x.text(f"{at}/unit", item_line.leaf("Quantity", "@unitCode"))
    x.amount(f"{at}/line_amount", item_line.first("LineExtensionAmount"))
    x.amount(f"{at}/unit_price", item_line.first("Price", "PriceAmount"))
    x.number(f"{at}/price_base_quantity", item_line.leaf("Price", "BaseQuantity"))
    x.date(f"{at}/requested_delivery_date", _wanted(item_line))
    _item(x, at, item_line)
    for i, charge in enumerate(item_line.walk("AllowanceCharge")):
        _charge(x, f"{at}/allowances_charges/{i}", charge)
    if "SubLineItem" in item_line.children and not item_line.leaf("Price", "PriceAmount"):
        message = f"{item_line.where} has sub-lines that carry the prices; they were not read as lines of their own."
        x.draft.notice("rows_missing", at, message)
    for note in [*line.walk("Note"), *item_line.walk("Note")]:
        x.note(note.value, lead(number, at))


def _item(x: XmlDraft, at: str, line: Node) -> None:
    item = line.first("Item")
    if item is None:
        return
    x.text(f"{at}/description", joined([item.leaf("Name"), *(n.value for n in item.walk("Description"))]))
    x.text(f"{at}/buyer_item_id", _identifier(item.first("BuyersItemIdentification", "ID")))
    x.text(f"{at}/supplier_item_id", _identifier(item.first("SellersItemIdentification", "ID")))
    standard, made = item.first("StandardItemIdentification", "ID"), item.first("ManufacturersItemIdentification", "ID")
    if standard and (value := _identifier(standard)):
        x.text(f"{at}/standard_item_id", value)
        x.text(f"{at}/standard_item_scheme", scheme(standard.attribute("schemeID"), ITEM_SCHEMES))
    elif value := _identifier(made):
        x.text(f"{at}/standard_item_id", value)
        x.text(f"{at}/standard_item_scheme", value._replace(text="MPN"))
    taxed = ("TaxTotal", "TaxSubtotal", "TaxCategory", "Percent")
    x.number(f"{at}/tax_percent", item.leaf("ClassifiedTaxCategory", "Percent") or line.leaf(*taxed))


def _shared_cost(lines: list[Node]) -> Value | None:
    """The accounting cost of the lines, where every line names the same."""
    return agreed([line.leaf("LineItem", "AccountingCost") or line.leaf("LineItem", "AccountingCostCode") for line in lines])


def _totals(x: XmlDraft, root: Node) -> None:
    taxes = root.all("TaxTotal", "TaxAmount")
    own = [t for t in taxes if x.currency and t.element.get("currencyID") == x.currency]
    # a document may state its tax a second time in the currency of the tax report
    x.amount("/tax_total", next(iter(own or taxes), None))
    total = root.first("AnticipatedMonetaryTotal") or root.first("LegalMonetaryTotal")
    if total is None:
        return
    x.amount("/line_total", total.first("LineExtensionAmount"))
    x.amount("/payable_amount", total.first("PayableAmount"))
    x.summed(total.first("AllowanceTotalAmount"), "Allowances", charge=False)
    x.summed(total.first("ChargeTotalAmount"), "Charges", charge=True)
    # what stands between the taxed total and the payable amount is kept the same way, so that the figures add up
    x.adjust(total.first("PrepaidAmount"), "Prepaid", charge=False)
    x.adjust(total.first("PayableRoundingAmount"), "Rounding", charge=True)
