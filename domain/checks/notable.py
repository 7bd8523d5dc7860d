"""What a careful reader mentions about an order although nothing is wrong with its reading: shown, and seldom more.

A silent currency, date or buyer; a year of two digits; tax, freight or a surcharge booked as a line; the same line twice; a placeholder for
a name; a delivery later than the order asks for; a number that ends like a revision; notes on a person's health or identity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import Order, OrderLine, OrderType
from signoff.domain.reading import DraftOrder, Lane

TAXES = "tax|taxes|vat|gst|hst|pst|mwst|ust|umsatzsteuer|tva|iva|btw|moms|mva|alv"
CHARGES = (
    "freight|shipping|postage|handling|surcharge|surcharges|carriage|fracht|frachtkosten|versand|versandkosten|porto|zuschlag|"
    "verpackungskosten|port|emballage|flete|portes|trasporto|verzendkosten|vrachtkosten|toeslag|fragt|frakt|tillägg|rahti"
)
FILLERS = (
    "sales|state|city|use|local|charge|charges|cost|costs|fee|fees|and|or|for|of|delivery|inbound|outbound|estimated|fuel|energy|material|"
    "metal|packaging|packing|insurance|service|frais|de|spese|di|gastos|envío|gebühr|und"
)
TAX_ONLY, CHARGE_ONLY = (frozenset(f"{words}|{FILLERS}".split("|")) for words in (TAXES, CHARGES))
TAX_WORDS, CHARGE_WORDS = frozenset(TAXES.split("|")), frozenset(CHARGES.split("|"))
"""A description of nothing but these words names a tax or a charge; the fillers alone name nothing."""
PLACEHOLDER = re.compile(
    r"^\W*(?:(?:new|unknown|any|some|various|misc(?:ellaneous)?|test|sample|dummy|other|one[- ]time)\s+"
    r"(?:supplier|vendor|buyer|customer|company)s?"
    r"|t\.?b\.?[acd]\.?|to be (?:confirmed|advised|determined)|n\.?/?a\.?|unknown|various|none"
    r"|supplier(?: name)?|vendor(?: name)?|company name"
    r"|(?:neuer|unbekannter?|diverse) (?:lieferant|kreditor)(?:en)?|unbekannt|diverse|nouveau fournisseur|inconnu|divers|nuevo proveedor"
    r"|nuovo fornitore|nieuwe leverancier|x{2,}|\?+)\W*$",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"\b(?:patient(?:en|in)?|d\.?o\.?b\.?|date of birth|diagnos[ie]s|medical record|mrn|ssn|social security|dea|passport|prescription for"
    r"|geburtsdatum|diagnose|sozialversicherung\w*|personalausweis|date de naissance"
    r"|numéro de sécurité sociale|fecha de nacimiento|data di nascita)\b",
    re.IGNORECASE,
)
"""Words next to which health or identity data of a person stand (GDPR article 9)."""
ADDED = ("surcharge", "zuschlag", "toeslag")
WORD, LONGEST = re.compile(r"[^\W\d_]+"), 60
SHARED_SIGN = re.compile(r"(?:^|[^A-Za-z])(?P<sign>\$|kr\.?|¥|Fr\.?)(?![A-Za-z])")
SHORT_YEAR = re.compile(r"^\D*\d{1,2}[./ -](?:\d{1,2}|[^\W\d_]{3,9})[./ -]\d{2}(?!\d)")
REVISION = re.compile(r"(?:[-/_ ]|\b)(?:rev|version|v|r)\.?\s*\d{1,2}$|(?<=\d{4})[-/]\d{1,2}$", re.IGNORECASE)


def notable(draft: DraftOrder) -> Iterator[Finding]:
    """What is worth a mention, in the order of the document; linear in its lines."""
    order = draft.order
    if draft.lane is not Lane.STRUCTURED and order.order_type is not OrderType.CANCELLATION:
        yield from _silent(draft)
    yield from _dates(draft)
    if order.order_number and REVISION.search(order.order_number):
        yield _told("/order_number", f"The order number {order.order_number} ends like a revision; is an earlier one here?")
    for name in ("supplier", "buyer"):
        party = getattr(order, name).name
        if party and PLACEHOLDER.match(party):
            yield _told(f"/{name}/name", f"The {name} {party!r} is a placeholder and names nobody.", Severity.BLOCKING)
    yield from _lines(order)
    texts = [(f"/notes/{i}", note) for i, note in enumerate(order.notes)]
    texts += [(f"/lines/{i}/description", line.description or "") for i, line in enumerate(order.lines)]
    for pointer, text in texts:
        if (word := private(text)) and Code.SUSPICIOUS_TEXT not in {n.code for n in draft.notices}:
            message = f"The text speaks of a person's health or identity ({word}); pass on no more of it than the order needs."
            yield _told(pointer, message, code=Code.SUSPICIOUS_TEXT)


def private(text: str) -> str | None:
    """The word that says a text holds a person's health or identity data."""
    match = PRIVATE.search(text)
    return match[0] if match else None


def _silent(draft: DraftOrder) -> Iterator[Finding]:
    order = draft.order
    if order.currency is None:
        yield _told("/currency", "The document names no currency.", code=Code.FIELD_MISSING)
    elif "/currency" in {n.field for n in draft.notices}:
        pass  # its reader said so already
    elif (evidence := draft.evidence.get("/currency")) and order.currency not in evidence.text.upper():
        match = SHARED_SIGN.search(evidence.text)
        sign = f"several currencies share the sign {match['sign']}" if match else "no ISO 4217 code is printed"
        yield _told("/currency", f"The currency {order.currency} is only implied: {sign}.")
    if order.issue_date is None:
        yield _told("/issue_date", "The document states no order date.", code=Code.FIELD_MISSING)
    if not (order.buyer.name or order.buyer.id):
        yield _told("/buyer", "The document does not say who orders.", code=Code.FIELD_MISSING)


def _dates(draft: DraftOrder) -> Iterator[Finding]:
    order = draft.order
    for pointer in ("/issue_date", "/requested_delivery_date"):
        evidence = draft.evidence.get(pointer)
        if evidence and draft.lane is not Lane.STRUCTURED and SHORT_YEAR.match(evidence.text):
            yield _told(pointer, f"The date {evidence.text[:40]!r} prints its year with two digits.")
    wanted = order.requested_delivery_date
    later = [i for i, line in enumerate(order.lines) if wanted and line.requested_delivery_date and line.requested_delivery_date > wanted]
    if later:
        message = f"{len(later)} of {len(order.lines)} lines are to be delivered after {wanted}, the day the order asks for."
        yield _told(f"/lines/{later[0]}/requested_delivery_date", message)


def _lines(order: Order) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    several = len(order.lines) > 1
    for i, line in enumerate(order.lines):
        if line.description and (what := _charge(line.description)):
            yield _told(f"/lines/{i}", f"A {what} is booked as line {_label(i, line)} ({line.description!r}); is it agreed?")
        if line.quantity is None or not several:
            continue
        twin = first.setdefault(_content(line), i)
        if twin != i:
            message = f"Line {_label(i, line)} repeats line {_label(twin, order.lines[twin])} in every respect; is it meant twice?"
            yield _told(f"/lines/{i}", message, Severity.WARNING)


@lru_cache(4096)
def _charge(description: str) -> str | None:
    """`tax` or `charge` when the description names nothing else; compounds such as `Energiezuschlag` and `scrap surcharge` count."""
    words = set(WORD.findall(description.casefold())) if len(description) <= LONGEST else set()
    if words & TAX_WORDS and words <= TAX_ONLY:
        return "tax"
    last = max((w for w in WORD.findall(description.casefold()) if len(w) > 3), key=description.casefold().rfind, default="")
    added = (words & CHARGE_WORDS and words <= CHARGE_ONLY) or last.endswith(ADDED)
    return "charge" if added else None


def _content(line: OrderLine) -> tuple[object, ...]:
    day = line.requested_delivery_date
    return (*line.item_ids, line.description, line.quantity, line.unit, line.unit_price, line.line_amount, day, line.contract_reference)


def _label(i: int, line: OrderLine) -> str:
    return line.line_number or str(i + 1)


def _told(pointer: str, message: str, severity: Severity = Severity.INFO, code: Code = Code.LOW_CONFIDENCE) -> Finding:
    return finding(code, message, field=pointer).model_copy(update={"severity": severity})
