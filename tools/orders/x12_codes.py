"""Code lists of ASC X12 that an order needs, by data element number."""

from __future__ import annotations

KINDS = {
    "204": "transport order",
    "210": "freight invoice",
    "214": "shipment status",
    "753": "routing request",
    "810": "invoice",
    "812": "credit or debit adjustment",
    "816": "organisation list",
    "820": "payment advice",
    "824": "application advice",
    "830": "delivery forecast",
    "832": "price catalogue",
    "840": "request for quotation",
    "843": "quotation",
    "845": "price authorisation",
    "846": "inventory report",
    "852": "sales report",
    "855": "order response",
    "856": "despatch advice",
    "857": "shipment and invoice notice",
    "861": "receipt advice",
    "862": "shipping schedule",
    "864": "text message",
    "865": "order response",
    "867": "sales report",
    "869": "order status enquiry",
    "870": "order status report",
    "878": "product authorisation",
    "879": "price catalogue",
    "880": "invoice",
    "888": "item maintenance",
    "889": "promotion announcement",
    "894": "delivery record",
    "895": "delivery record",
    "940": "warehouse shipping order",
    "943": "stock transfer advice",
    "944": "stock transfer advice",
    "945": "warehouse shipping advice",
    "947": "inventory adjustment",
    "997": "functional acknowledgement",
    "999": "functional acknowledgement",
}
"""Element 143, transaction sets that look like an order and are none."""

CANCELS = frozenset({"01", "03"})
CHANGES = frozenset({"02", "04", "05", "20", "25"})
ORDERS = frozenset({"00", "06", "07", "15", "18", "54"})
NOT_FOR_ACTION = {"12": "order not processed", "13": "request", "22": "information copy", "24": "draft order", "44": "rejection"}
"""Element 353, transaction set purpose."""

PURPOSES = {
    "06": "The sender calls this a confirmation of an order that was placed before.",
    "07": "The sender calls this a duplicate of an order that was sent before.",
    "15": "The sender calls this a re-submission.",
    "18": "The sender calls this a reissue.",
}

STATUSES = {
    "N": "00", "S": "00", "B": "00", "C": "06", "E": "06", "D": "01", "F": "01", "G": "04", "R": "04", "L": "05", "T": "15", "A": "22",
}  # fmt: skip
"""Element 473, order status of the grocery order, as the purpose (element 353) that means the same."""

UNITS = {
    "AM": "XAM", "BG": "XBG", "BO": "XBO", "BX": "XBX", "CA": "XCS", "CN": "XCA", "CT": "XCT", "DR": "XDR", "JR": "XJR",
    "PA": "XPL", "PK": "XPK", "PL": "XPX", "RE": "XRL", "RL": "XRO", "SH": "XST", "TB": "XTU", "VI": "XVI", "BA": "XBL",
    "CM": "CMT", "MM": "MMT", "MR": "MTR", "FT": "FOT", "LF": "FOT", "IN": "INH", "YD": "YRD", "SF": "FTK", "SY": "YDK", "SM": "MTK",
    "CF": "FTQ", "CR": "MTQ", "GA": "GLL", "QT": "QTL", "PT": "PTL", "LT": "LTR", "ML": "MLT", "FO": "OZA",
    "GR": "GRM", "KG": "KGM", "LB": "LBR", "OZ": "ONZ", "TN": "STN", "MP": "TNE", "ME": "MGM",
    "DZ": "DZN", "HC": "CEN", "TH": "MIL", "GS": "GRO", "PC": "H87", "UN": "C62", "ST": "SET", "BF": "BFT",
    "HR": "HUR", "DA": "DAY", "WK": "WEE", "MO": "MON", "YR": "ANN", "KH": "KWH",
}  # fmt: skip
"""Element 355, units whose code differs from UN/ECE Rec 20 (packages: Rec 21 with an X)."""

PER = {
    "HP": 100, "LC": 100, "QH": 100, "RC": 100, "TC": 100, "WC": 100, "HF": 100,
    "TP": 1000, "LM": 1000, "QS": 1000, "RM": 1000, "TM": 1000, "WM": 1000, "TF": 1000, "PN": 10,
}  # fmt: skip
"""Element 639, prices for a number of the ordered unit: per hundred (feet), per thousand (feet), per ten."""

PER_UNIT = {
    "PP": "LBR", "PO": "ONZ", "PA": "APZ", "PT": "STN", "PY": "YRD", "PD": "DZN", "LD": "DZN", "RD": "DZN", "TD": "DZN", "WD": "DZN",
}  # fmt: skip
"""Element 639, prices per one of the unit named here, whatever unit is ordered."""

PLAIN_BASES = frozenset({
    "AP", "BR", "CA", "CP", "CT", "DI", "DR", "DS", "ES", "LE", "NC", "NE", "NQ", "NT",
    "PE", "PR", "QE", "QT", "RE", "RT", "SR", "TB", "TE", "UM", "WE", "WH",
})  # fmt: skip
"""Element 639, prices per one of the ordered unit, and codes that only say what kind of price it is (catalogue, contract ...)."""

SINGLE = frozenset({"EA", "C62", "H87"})
"""Units that count single pieces."""

SUPPLIER_IDS = frozenset({"VN", "VP", "VC", "VA", "VS"})
BUYER_IDS = frozenset({"BP", "IN", "PI", "CB", "SK"})
STANDARD_IDS = frozenset({"UP", "UK", "EN", "UI", "EO", "UA", "UN", "UD", "U2", "U3", "IB", "ND"})
SCHEMES = {"IB": "ISBN", "ND": "NDC"}
MAKER_IDS = frozenset({"MG", "MN", "MF"})
"""Element 235, product id qualifiers. A manufacturer's part number stands in where there is no standard number."""

REFERENCES = {
    "CT": "/contract_reference",
    "PR": "/quotation_reference",
    "Q1": "/quotation_reference",
    "CR": "/customer_reference",
    "CO": "/customer_reference",
    "RQ": "/customer_reference",
}
TAX_REFERENCES = frozenset({"TJ", "GT", "VX"})
COST_CENTERS = ("CA", "DP")
"""Element 128. CA is a cost allocation reference, DP a department number; account numbers (11, 12) are the buyer's at the seller."""

BUYING_CONTACTS = frozenset({"BD", "OC", "RQ", "IC"})
OTHER_CONTACTS = frozenset({"AP", "AR", "DC", "DI", "RE", "SA", "SH", "SR", "SU", "TR"})
"""Element 366. Accounts, delivery, receiving, sales and shipping are not whom the order comes from."""

ROLES = {
    "BY": "buyer", "OB": "buyer",
    "SE": "supplier", "SU": "supplier", "VN": "supplier",
    "ST": "ship_to",
    "BT": "invoice_to", "IV": "invoice_to",
}  # fmt: skip
"""Element 98. What N1 names twice, such as SU beside SE, keeps the first."""

PARTY_SCHEMES = {"1": "DUNS", "9": "DUNS", "UL": "GLN", "91": "assigned by seller", "92": "assigned by buyer"}
TAX_SCHEMES = frozenset({"FI", "24", "34"})
"""Element 66. DUNS+4 counts as DUNS; a federal tax number is no party id but a tax id."""

FREIGHT = {
    "CC": "freight collect", "PP": "freight prepaid by seller", "PC": "freight prepaid, charged to buyer", "DF": "freight as agreed",
}  # fmt: skip
"""Element 146, shipment method of payment."""

DELIVERY_DATES = ("002", "996", "106", "074", "063", "071", "064", "010")
VALID_TO_DATES = ("036", "001", "061")
"""Element 374, best first: what says by when delivery is wanted, and after when the order is void."""

GROCERY_DATES = {"02": "002", "10": "010", "04": "004", "01": "001", "68": "002"}
"""Element 432, the grocery qualifiers, as element 374."""

CHARGES = {
    "A170": "adjustments", "B000": "bill-back", "B950": "damaged merchandise", "C000": "defective allowance", "C310": "discount",
    "C350": "discount - special", "D170": "free goods", "D240": "freight", "D500": "handling", "D980": "insurance", "E190": "labour",
    "E750": "minimum order charge", "F050": "other", "F340": "pick-up", "F800": "promotional allowance", "F810": "promotional discount",
    "G740": "service charge", "G821": "shipping", "G830": "shipping and handling", "H090": "special handling", "H740": "tax",
    "H850": "tax", "I170": "trade discount", "I180": "trade discount", "I310": "unsaleable merchandise", "I530": "volume discount",
}  # fmt: skip
"""Element 1300, allowances and charges met most often."""

CHANGED_LINES = frozenset({
    "CA", "CB", "CC", "CD", "CE", "CG", "CH", "CI", "CT", "MU", "PC",
    "PQ", "PR", "QD", "QI", "RA", "RB", "RE", "RM", "RQ", "RS", "RZ", "TI",
})  # fmt: skip
ACTIONS = {"AI": "added", "DI": "deleted", "CF": "deleted", "NC": "unchanged", "OC": "unchanged"} | dict.fromkeys(CHANGED_LINES, "changed")
"""Element 670, what a line of an order change asks for."""
