"""cXML OrderRequest (cXML Reference Guide 1.2.x, chapter "Purchase Orders"), and cXML's other requests and messages, set aside.

An update or a deletion carries the number of the order that it is about. `Total` is taken as the payable amount: by the
guide it holds neither tax nor shipping, in practice it often does, so shipping counts as a charge only where the total
holds it. Buyer and supplier are named by their credentials; their companies' names only where a contact gives them.
"""

from __future__ import annotations

import re
from decimal import Decimal

from signoff.domain.order import OrderType
from signoff.domain.reading import Evidence, Part, SetAside
from signoff.tools.documents.document import Document
from signoff.tools.orders.draft import TEST
from signoff.tools.orders.xpath import Node, Value, XmlDraft, agreed, joined, lead, payloads

FORMAT = "cxml"
TYPES = {"new": OrderType.ORDER, "update": OrderType.CHANGE, "delete": OrderType.CANCELLATION}
MEANINGS = {
    "PunchOutOrderMessage": ("shopping cart", "a cart from the supplier's shop that nobody has ordered yet"),
    "ConfirmationRequest": ("order confirmation", "the supplier's answer to an order"),
    "ShipNoticeRequest": ("ship notice", "the supplier's notice of a delivery"),
    "InvoiceDetailRequest": ("invoice", "the supplier's bill"),
    "QuoteRequest": ("request for quotation", "a request for an offer"),
    "QuoteMessage": ("quotation", "the supplier's offer"),
    "StatusUpdateRequest": ("status update", "a report on another document"),
    "CatalogUploadRequest": ("catalogue", "a catalogue of what may be ordered"),
    "MasterAgreementRequest": ("master agreement", "an agreement that orders nothing by itself"),
}
SCHEMES = {"duns": "DUNS", "duns+4": "DUNS+4", "gln": "GLN", "eanid": "GLN", "ean": "GLN", "iln": "GLN"}
TAX_DOMAINS = frozenset({"vatid", "taxid", "vatnumber", "taxnumber", "suppliertaxid", "buyervatid", "federaltaxid", "gsttaxid"})
BUYER_ROLES = ("buyercorporate", "soldto", "buyer", "buyermasteraccount", "buyeraccount")
SUPPLIER_ROLES = ("suppliercorporate", "supplier", "suppliermasteraccount", "supplieraccount")
REQUESTER_NAMES = frozenset({"requester", "requestername", "requestor", "requestorname", "requestedby", "requisitioner"})
CENT = Decimal("0.01")
COST_NAMES = frozenset({"costcenter", "costcentre", "costcentercode", "costcentrecode", "costcenterid"})


def matches(document: Document) -> bool:
    """Whether the root element is cXML, of any version."""
    return document.xml is not None and any(n.name.lower() == "cxml" for n in payloads(document.xml)[:1])


def read(document: Document) -> list[Part]:
    """One part for each request or message."""
    parts: list[Part] = []
    for root in payloads(document.xml) if document.xml is not None else []:
        bodies = [*root.walk("Request"), *root.walk("Message"), *root.walk("Response")]
        said = [child for body in bodies for same in body.children.values() for child in same if child.name != "Status"]
        parts += [_order(root, n) if n.name == "OrderRequest" else _set_aside(n) for n in said or bodies[:1] or [root]]
    return parts


def _set_aside(node: Node) -> SetAside:
    words = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", node.name[:60])).lower() or "message"
    kind, meaning = MEANINGS.get(node.name, (words, "another kind of message"))
    return SetAside(format=FORMAT, kind=kind, reason=f"this is a cXML {node.name[:60]}: {meaning}, not an order")


def _order(root: Node, request: Node) -> Part:
    x = XmlDraft(FORMAT)
    head = request.first("OrderRequestHeader") or request
    lines = request.all("ItemOut")
    currency = head.leaf("Total", "Money", "@currency") or agreed([i.leaf(*_detail(i), "UnitPrice", "Money", "@currency") for i in lines])
    x.currency = currency.text if currency else None
    x.text("/currency", currency)
    _head(x, root, head)
    _parties(x, root, head)
    for i, item in enumerate(lines):
        _line(x, f"/lines/{i}", item)
    _terms(x, head, lines)
    _totals(x, head)
    return x.done("cXML OrderRequest")


def _head(x: XmlDraft, root: Node, head: Node) -> None:
    stated = head.attribute("type")
    kind = TYPES.get(stated.text.lower()) if stated else OrderType.ORDER
    if kind is None and stated:
        x.draft.notice("readings_disagree", "/order_type", f"The order type {stated.text[:40]!r} is none of new, update and delete.")
    x.draft.put("/order_type", kind, Evidence(text=stated.text[:60], where=stated.where) if stated else None)
    number = head.attribute("orderID")
    x.text("/order_number", number)
    if kind in (OrderType.CHANGE, OrderType.CANCELLATION):
        x.text("/order_reference", number)
    x.date("/issue_date", head.attribute("orderDate"))
    x.date("/valid_to", head.attribute("expirationDate"))
    x.date("/requested_delivery_date", head.attribute("requestedDeliveryDate") or head.leaf("DeliveryPeriod", "Period", "@endDate"))
    x.text("/contract_reference", head.attribute("agreementID"))
    x.text("/customer_reference", head.attribute("requisitionID"))
    for comment in head.walk("Comments"):
        x.note(comment.value)
    mode = root.leaf("Request", "@deploymentMode")
    if mode and mode.text.lower() == "test":
        x.draft.notice("not_an_order", None, TEST.format('deploymentMode is "test"'), text=mode.text, where=mode.where)


def _parties(x: XmlDraft, root: Node, head: Node) -> None:
    for pointer, side, roles in (("/buyer", "From", BUYER_ROLES), ("/supplier", "To", SUPPLIER_ROLES)):
        sender = root.first("Header", side)
        contacts = _contacts(head, roles) + (sender.all("Correspondent", "Contact") if sender else [])
        if sender:
            _credential(x, pointer, sender)
        for contact in contacts:
            _address(x, pointer, contact)
    for pointer, place in (("/ship_to", "ShipTo"), ("/invoice_to", "BillTo")):
        if address := head.first(place, "Address"):
            x.text(f"{pointer}/id", address.attribute("addressID"))
            x.text(f"{pointer}/id_scheme", address.attribute("addressIDDomain"))
            _address(x, pointer, address)


def _contacts(head: Node, roles: tuple[str, ...]) -> list[Node]:
    """The contacts and business partners in these roles, in the order of the roles."""
    found = [(r.text.lower(), c) for c in head.walk("Contact") if (r := c.attribute("role"))]
    found += [(r.text.lower(), a) for p in head.walk("BusinessPartner") if (r := p.attribute("role")) for a in p.walk("Address")]
    return [contact for role in roles for said, contact in found if said == role]


def _credential(x: XmlDraft, pointer: str, side: Node) -> None:
    """The party's main identifier: a DUNS or GLN before a network's own."""
    stated = [(d.text, v) for c in side.walk("Credential") if (v := c.leaf("Identity")) and (d := c.attribute("domain"))]
    ids = [(d, v) for d, v in stated if d.lower() not in TAX_DOMAINS]
    for domain, identity in sorted(ids, key=lambda s: s[0].lower() not in SCHEMES)[:1]:
        x.text(f"{pointer}/id", identity)
        x.text(f"{pointer}/id_scheme", Value(SCHEMES.get(domain.lower(), domain), identity.where))
    for _, identity in [s for s in stated if s[0].lower() in TAX_DOMAINS][:1]:
        x.text(f"{pointer}/tax_id", identity)


def _address(x: XmlDraft, pointer: str, address: Node) -> None:
    """cXML's Address and Contact have the same elements."""
    x.text(f"{pointer}/name", address.leaf("Name"))
    x.text(f"{pointer}/city", address.leaf("PostalAddress", "City"))
    x.text(f"{pointer}/country", address.leaf("PostalAddress", "Country", "@isoCountryCode") or address.leaf("PostalAddress", "Country"))
    x.text(f"{pointer}/email", address.leaf("Email"))
    for reference in address.walk("IdReference"):
        domain = reference.attribute("domain")
        if domain and domain.text.lower() in TAX_DOMAINS:
            x.text(f"{pointer}/tax_id", reference.attribute("identifier"))


def _terms(x: XmlDraft, head: Node, lines: list[Node]) -> None:
    x.text("/payment_terms", joined([_payment(t) for t in head.walk("PaymentTerm")], "; "))
    terms = head.first("TermsOfDelivery")
    if terms:
        transport = terms.first("TransportTerms")
        code = transport and (transport.attribute("value") if transport.element.get("value") != "Other" else transport.value)
        place = terms.leaf("Address", "Name") or terms.leaf("Address", "PostalAddress", "City")
        said = [code or terms.leaf("TermsOfDeliveryCode", "@value"), place, terms.leaf("Comments")]
        x.text("/delivery_terms", joined(said, " "))
    contacts = _contacts(head, ("requester", "requestor"))
    x.text("/requester", next((n for c in contacts if (n := c.leaf("Name"))), None) or _extrinsic(head, REQUESTER_NAMES))
    x.text("/requester", agreed([_extrinsic(i, REQUESTER_NAMES) or _extrinsic(i.first(*_detail(i)), REQUESTER_NAMES) for i in lines]))
    x.text("/cost_center", _extrinsic(head, COST_NAMES) or agreed([_cost_center(i) for i in lines]))


def _payment(term: Node) -> Value | None:
    """`net 30 days`, `2% discount within 10 days`."""
    days = term.attribute("payInNumberOfDays")
    percent = term.leaf("Discount", "DiscountPercent", "@percent")
    amount = term.leaf("Discount", "DiscountAmount", "Money")
    discount = f"{percent.text}%" if percent and percent.text.strip("+-0.") else amount.text if amount else ""
    if not days or not (discount or days.text):
        return None
    return days._replace(text=f"{discount} discount within {days.text} days" if discount else f"net {days.text} days")


def _extrinsic(node: Node | None, names: frozenset[str]) -> Value | None:
    """The first extrinsic of one of these names, however it is written (`CostCenter`, `cost_center`, `Cost Center`)."""
    found = node.walk("Extrinsic") if node else ()
    return next((v for e in found if _plain(e.element.get("name")) in names and (v := e.value)), None)


def _plain(name: str | None) -> str:
    return "".join(c for c in (name or "").lower() if c.isalnum())


def _cost_center(item: Node) -> Value | None:
    """The cost centre that a line's cost goes to; `None` when it is shared among several."""
    found = []
    for accounting in item.walk("Distribution", "Accounting"):
        found += [s.attribute("id") for s in accounting.walk("Segment") if _plain(s.element.get("type")) in COST_NAMES]
        found += [s.attribute("id") for s in accounting.walk("AccountingSegment") if (n := s.leaf("Name")) and _plain(n.text) in COST_NAMES]
    return agreed([*found]) or (None if found else _extrinsic(item, COST_NAMES) or _extrinsic(item.first(*_detail(item)), COST_NAMES))


def _detail(item: Node) -> tuple[str]:
    """The element that describes the item: a blanket order has its own."""
    return ("BlanketItemDetail",) if "BlanketItemDetail" in item.children else ("ItemDetail",)


def _line(x: XmlDraft, at: str, item: Node) -> None:
    x.row(at)
    number = item.attribute("lineNumber")
    x.text(f"{at}/line_number", number)
    if item.element.get("isReturn") == "yes" and (flag := item.attribute("isReturn")):
        x.text(f"{at}/action", flag._replace(text="return"))
    x.number(f"{at}/quantity", item.attribute("quantity"))
    schedule = agreed([s.attribute("requestedDeliveryDate") for s in item.walk("ScheduleLine")])
    x.date(f"{at}/requested_delivery_date", item.attribute("requestedDeliveryDate") or schedule)
    contract = item.leaf("MasterAgreementIDInfo", "@agreementID") or item.leaf("MasterAgreementReference", "@agreementID")
    x.text(f"{at}/contract_reference", contract or item.attribute("agreementID"))
    x.text(f"{at}/supplier_item_id", item.leaf("ItemID", "SupplierPartID"))
    x.text(f"{at}/buyer_item_id", item.leaf("ItemID", "BuyerPartID"))
    for comment in item.walk("Comments"):
        x.note(comment.value, lead(number, at))
    rates = [v for t in item.walk("Tax", "TaxDetail") if (v := t.attribute("percentageRate"))]
    x.number(f"{at}/tax_percent", agreed([*rates]))
    if detail := item.first(*_detail(item)):
        _describe(x, at, detail)
        if limit := detail.leaf("MaxAmount", "Money"):
            x.note(limit._replace(text=f"at most {limit.text[:40]} {x.currency or ''}".rstrip()), lead(number, at))


def _describe(x: XmlDraft, at: str, detail: Node) -> None:
    x.text(f"{at}/description", detail.leaf("Description") or detail.leaf("Description", "ShortName"))
    x.text(f"{at}/unit", detail.leaf("UnitOfMeasure"))
    x.amount(f"{at}/unit_price", detail.first("UnitPrice", "Money"))
    basis = detail.first("PriceBasisQuantity")
    if basis:
        x.number(f"{at}/price_base_quantity", basis.attribute("quantity"))
        factor = basis.attribute("conversionFactor")
        if factor and factor.text.strip("0.") != "1":
            message = f"The price at {basis.where} is in another unit ({factor.text[:20]} of it in each ordered unit); check the amount."
            x.draft.notice("readings_disagree", f"{at}/price_base_quantity", message, text=factor.text[:60], where=factor.where)
    retail = detail.leaf("ItemDetailIndustry", "ItemDetailRetail", "EANID")
    made = detail.leaf("ManufacturerPartID")
    x.text(f"{at}/standard_item_id", retail or made)
    if standard := retail or made:
        x.text(f"{at}/standard_item_scheme", standard._replace(text="GTIN" if retail else "MPN"))


def _totals(x: XmlDraft, head: Node) -> None:
    x.amount("/payable_amount", head.first("Total", "Money"))
    x.amount("/tax_total", head.first("Tax", "Money"))
    place = 0
    for change in head.walk("Total", "Modifications", "Modification"):
        for kind in ("AdditionalDeduction", "AdditionalCost"):
            if node := change.first(kind):
                amount = node.first("Money") or node.first("DeductionAmount", "Money") or node.first("CostAmount", "Money")
                reason = change.leaf("ModificationDetail", "@name") or change.leaf("ModificationDetail", "Description")
                x.charge(f"/allowances_charges/{place}", kind == "AdditionalCost", amount, reason)
                place += 1
    _shipping(x, head.first("Shipping"), place)


def _shipping(x: XmlDraft, shipping: Node | None, place: int) -> None:
    money = shipping.first("Money") if shipping else None
    cost = money.value if money else None
    if shipping is None or cost is None or not cost.text.strip("0."):
        return
    goods, total = _goods(x), x.draft.tree.get("payable_amount")
    if goods is not None and total is not None and abs(goods - total) < CENT:
        x.note(cost._replace(text=f"Shipping of {cost.text[:40]} {x.currency or ''} is stated beside the total.".replace("  ", " ")))
    else:
        x.charge(f"/allowances_charges/{place}", True, money, shipping.leaf("Description") or Value("Shipping", shipping.where))


def _goods(x: XmlDraft) -> Decimal | None:
    """What the lines and the changes of the total come to."""
    value = Decimal(0)
    for line in x.draft.tree.get("lines", []):
        if "quantity" not in line or "unit_price" not in line or not line.get("price_base_quantity", 1):
            return None
        value += line["quantity"] * line["unit_price"] / line.get("price_base_quantity", 1)
    for own in x.draft.tree.get("allowances_charges", []):
        value += own.get("amount", Decimal(0)) * (1 if own["charge"] else -1)
    return value
