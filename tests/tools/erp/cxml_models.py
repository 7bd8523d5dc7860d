"""What cXML 1.2.050 allows of the elements that Signoff writes: children in order, as expressions, and the attributes that must be there.

The DTD itself is in no package that could be pinned. These models were put down by hand after it; they cover what is written and no more.
"""

from __future__ import annotations

import re

from lxml import etree

MODELS = {
    "cXML": "Header Request",
    "Header": "From To Sender",
    "From": "(Credential )+",
    "To": "(Credential )+",
    "Sender": "(Credential )+UserAgent",
    "Credential": "Identity",
    "Request": "OrderRequest",
    "OrderRequest": "OrderRequestHeader (ItemOut )+",
    "OrderRequestHeader": (
        "Total (ShipTo )?BillTo (Tax )?(PaymentTerm )*(Contact )*(Comments )*(TermsOfDelivery )?(Extrinsic )*"
    ),
    "Total": "Money (Modifications )?",
    "Modifications": "(Modification )+",
    "Modification": "(AdditionalDeduction |AdditionalCost )(ModificationDetail )?",
    "AdditionalDeduction": "DeductionAmount",
    "AdditionalCost": "Money",
    "DeductionAmount": "Money",
    "ModificationDetail": "Description",
    "ShipTo": "Address",
    "BillTo": "Address",
    "Address": "Name (PostalAddress )?(Email )?",
    "Contact": "Name (PostalAddress )*(Email )*",
    "PostalAddress": "(Street )+City Country",
    "Tax": "Money Description",
    "TermsOfDelivery": "TermsOfDeliveryCode ShippingPaymentMethod (TransportTerms )?",
    "ItemOut": "ItemID ((ItemDetail |BlanketItemDetail ))?(MasterAgreementIDInfo )?",
    "ItemID": "SupplierPartID (BuyerPartID )?",
    "ItemDetail": (
        "UnitPrice (Description )+UnitOfMeasure (PriceBasisQuantity )?(Classification )+(ManufacturerPartID )?(ItemDetailIndustry )?"
    ),
    "BlanketItemDetail": "(Description )+(UnitOfMeasure )?",
    "UnitPrice": "Money",
    "PriceBasisQuantity": "UnitOfMeasure",
    "ItemDetailIndustry": "ItemDetailRetail",
    "ItemDetailRetail": "EANID",
}  # fmt: skip
TEXTS = frozenset(
    (
        "Identity", "UserAgent", "Money", "Name", "Street", "City", "Country", "Email", "Description", "Comments", "Extrinsic",
        "SupplierPartID", "BuyerPartID", "UnitOfMeasure", "Classification", "ManufacturerPartID", "EANID", "TransportTerms",
    )
)  # fmt: skip
EMPTY = frozenset(("PaymentTerm", "TermsOfDeliveryCode", "ShippingPaymentMethod", "MasterAgreementIDInfo"))
REQUIRED = {
    "cXML": ("payloadID", "timestamp"), "Credential": ("domain",), "OrderRequestHeader": ("orderID", "orderDate"), "Money": ("currency",),
    "ItemOut": ("quantity",), "Extrinsic": ("name",), "PaymentTerm": ("payInNumberOfDays",),
    "PriceBasisQuantity": ("quantity", "conversionFactor"),
    "Classification": ("domain",), "Country": ("isoCountryCode",), "ModificationDetail": ("name",), "TermsOfDeliveryCode": ("value",),
    "ShippingPaymentMethod": ("value",), "TransportTerms": ("value",), "MasterAgreementIDInfo": ("agreementID",),
}  # fmt: skip


def faults(data: bytes) -> list[str]:
    """Where a file is not as cXML has it."""
    found = []
    for element in etree.fromstring(data).iter("*"):
        name = str(element.tag)
        children = "".join(f"{c.tag} " for c in element)
        model = "" if name in TEXTS | EMPTY else MODELS.get(name)
        if model is None:
            found.append(f"{name} is not known")
        elif not re.fullmatch(re.sub(r"(\w)$", r"\1 ", model), children):
            found.append(f"{name} holds {children}")
        found += [f"{name} has no {a}" for a in REQUIRED.get(name, ()) if a not in element.attrib]
    return found
