"""Code lists of UN/EDIFACT (UNTDID D.93A to D.01B, EANCOM) that an order needs, by data element number."""

from __future__ import annotations

KINDS = {
    "APERAK": "application advice",
    "CONTRL": "acknowledgement",
    "CREADV": "credit advice",
    "DELFOR": "delivery forecast",
    "DELJIT": "delivery call-off",
    "DESADV": "despatch advice",
    "DIRDEB": "direct debit",
    "IFTMIN": "transport instruction",
    "IFTSTA": "transport status",
    "INVOIC": "invoice",
    "INVRPT": "inventory report",
    "OSTENQ": "order status enquiry",
    "OSTRPT": "order status report",
    "ORDRSP": "order response",
    "PARTIN": "party information",
    "PAYMUL": "payment order",
    "PAYORD": "payment order",
    "PRICAT": "price catalogue",
    "PRODAT": "product data",
    "QUOTES": "quotation",
    "RECADV": "receipt advice",
    "REMADV": "remittance advice",
    "REQOTE": "request for quotation",
    "RETANN": "return announcement",
    "SLSFCT": "sales forecast",
    "SLSRPT": "sales report",
}
"""Element 0065, messages that look like an order and are none."""

ORDER_DOCUMENTS = frozenset({"105", "220", "221", "222", "223", "224", "225", "226", "227", "228", "258", "22E", "23E", "YA9", "402"})
CHANGE_DOCUMENTS = frozenset({"230"})
OTHER_DOCUMENTS = {
    "231": "order response",
    "310": "quotation",
    "311": "request for quotation",
    "320": "order response",
    "325": "pro forma invoice",
    "351": "despatch advice",
    "380": "invoice",
    "381": "credit note",
    "9": "price catalogue",
}
NAMES = {
    "221": "blanket order",
    "222": "spot order",
    "223": "lease order",
    "224": "rush order",
    "225": "repair order",
    "226": "call-off order",
    "227": "consignment order",
    "228": "sample order",
    "258": "standing order",
}
"""Element 1001, document name: what an ORDERS message is when its header is lost, and what it is not."""

CANCELS = frozenset({"1", "3"})
CHANGES = frozenset({"2", "4", "5", "33", "36"})
ORDERS = frozenset({"", "6", "7", "9", "31", "42", "43", "46"})
FUNCTIONS = {
    "6": "The sender calls this a confirmation of an order that was placed before.",
    "7": "The sender calls this a duplicate of an order that was sent before.",
    "31": "The sender calls this a copy of an order that was sent before.",
    "42": "The sender calls this a confirmation of an order that was placed by other means.",
    "43": "The sender calls this an additional transmission.",
    "46": "The sender calls this provisional.",
}
"""Element 1225, message function."""

ROLES = {"BY": "buyer", "SU": "supplier", "SE": "supplier", "DP": "ship_to", "IV": "invoice_to"}
STAND_INS = {"OB": "buyer", "VN": "supplier", "ST": "ship_to", "CN": "ship_to", "UC": "ship_to", "UD": "ship_to", "BT": "invoice_to"}
"""Element 3035. A stand-in counts only where no party has the role itself."""

AGENCIES = {"9": "GLN", "14": "GLN", "16": "DUNS", "91": "assigned by seller", "92": "assigned by buyer"}
"""Element 3055. 14 is EAN International's office for locations; 9 is GS1."""

REFERENCES = {
    "CT": "/contract_reference",
    "BO": "/contract_reference",
    "AAG": "/quotation_reference",
    "PR": "/quotation_reference",
    "PQ": "/quotation_reference",
    "CR": "/customer_reference",
    "CO": "/customer_reference",
}
"""Element 1153. BO is the blanket order that a call-off draws from."""

COST_CENTERS = frozenset({"AWE", "AOU"})
"""Element 1153. AWE is a cost centre, AOU a cost account; ADE and AV are accounts that one side keeps for the other."""

FUNDS = frozenset({"LFN"})
"""Element 7405. The library fund that a line is paid from (EDItEUR)."""

BUYING_CONTACTS = frozenset({"OC", "PD"})
OTHER_CONTACTS = frozenset({"AP", "AR", "DL", "GR", "SR", "TR", "WH"})
"""Element 3139. Order and purchasing contacts come first; accounts, delivery, receiving and sales are not whom the order comes from."""

TAX_REFERENCES = frozenset({"VA", "FC", "TL"})
DELIVERY_DATES = ("2", "63", "358", "69", "76", "64", "10")
VALID_TO_DATES = ("36", "61")
ISSUE_DATES = ("137", "4")
"""Element 2005, best first."""

TOTALS = {
    "/payable_amount": ("9", "86", "77", "39", "128"),
    "/line_total": ("79",),
    "/tax_total": ("176", "150", "124"),
}
CHARGE_AMOUNTS = ("8", "23", "204", "131")
"""Element 5025, best first."""

QUANTITIES = ("21", "1", "113")
PRICES = ("AAA", "INV", "CAL", "AAB", "AAC", "CON", "NTP", "GRP")
NET_PRICES = frozenset({"AAA", "NTP", "CAL"})
"""Elements 6063 and 5125, best first. A net price has the line's allowances and charges in it already."""

SUPPLIER_IDS = frozenset({"SA", "VN", "VP", "SN"})
BUYER_IDS = frozenset({"IN", "BP", "BI"})
STANDARD_IDS = {"SRV": "GTIN", "EN": "GTIN", "UP": "GTIN", "EU": "GTIN", "IB": "ISBN", "ISB": "ISBN"}
MAKER_IDS = frozenset({"MF", "MP"})
"""Element 7143, item number type."""

ACTIONS = {"1": "added", "2": "deleted", "3": "changed", "4": "unchanged"}
"""Element 1229, what a line of an order change asks for."""

PERIODS = {"D": "days", "CD": "days", "W": "weeks", "M": "months", "Y": "years", "WD": "working days"}
STARTS = {"1": "date of order", "5": "date of invoice", "9": "date of invoice", "21": "date of receipt of goods", "66": "date of delivery"}
"""Elements 2151 and 2475 of payment terms, in words."""
