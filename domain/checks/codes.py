"""Codes and check digits: ISO 4217 currencies, UN/ECE Rec 20 units, GTIN and GLN (GS1), IBAN (ISO 13616), VAT numbers;
and values no sane order has: negative quantities, impossible dates, absurd magnitudes.

A wrong check digit in a document that was read exactly is a warning, for people do use private codes; where letters
were guessed (OCR, agent) it is a misreading until a person has looked. In the buyer's own numbers, which nothing hangs on,
it is only shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from babel.core import get_global
from stdnum import ean, iban
from stdnum.eu import vat

from signoff.domain.checks.rec20 import UNITS
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.order import Order, OrderLine, OrderType, Party
from signoff.domain.reading import Lane

GTIN_SCHEMES = frozenset({"0160", "GTIN", "EAN", "EAN13", "UPC", "UP", "EN", "UK", "UA", "SRV", "EN13", "GTIN13", "GTIN14"})
GLN_SCHEMES = frozenset({"0088", "GLN", "9", "UL", "ILN", "EAN"})
EU_COUNTRIES = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI"
EU = frozenset(EU_COUNTRIES.split())
MOST = Decimal(10) ** 12
YEARS = (1990, 2100)
FAR = dt.timedelta(days=3 * 366)


def code_findings(order: Order, lane: Lane) -> Iterator[Finding]:
    """What is wrong with the order's codes and magnitudes, in the order of the document."""
    guessed = Severity.BLOCKING if lane in (Lane.OCR, Lane.AGENT) else Severity.WARNING
    if order.currency and order.currency not in get_global("all_currencies"):
        yield _doubt("/currency", f"{order.currency!r} is not an ISO 4217 currency code.", order.currency)
    yield from _party("/supplier", order.supplier, guessed)
    yield from _party("/buyer", order.buyer, guessed if guessed is Severity.BLOCKING else Severity.INFO)
    yield from _dates(order)
    for name in ("line_total", "payable_amount", "tax_total"):
        yield from _sane(f"/{name}", name.replace("_", " "), getattr(order, name), order.order_type)
    for i, line in enumerate(order.lines):
        yield from _line(i, line, order.order_type, guessed, lane is Lane.STRUCTURED)


def _line(i: int, line: OrderLine, kind: OrderType, guessed: Severity, structured: bool) -> Iterator[Finding]:
    at, label = f"/lines/{i}", f"line {line.line_number or i + 1}"
    if structured and line.unit and line.unit not in UNITS:
        yield _doubt(f"{at}/unit", f"The unit {line.unit!r} of {label} is not a UN/ECE Rec 20 code.", line.unit, Severity.INFO)
    item = line.standard_item_id
    if item and _is_gtin(item, line.standard_item_scheme) and not _gtin(item):
        yield _doubt(f"{at}/standard_item_id", f"The check digit of GTIN {item} on {label} is wrong.", item, guessed)
    for name in ("quantity", "unit_price", "line_amount"):
        value = getattr(line, name)
        if value is not None and not 0 <= value < MOST:
            yield from _sane(f"{at}/{name}", f"{name.replace('_', ' ')} of {label}", value, kind)


def _sane(pointer: str, name: str, value: Decimal | None, kind: OrderType) -> Iterator[Finding]:
    if value is None or 0 <= value < MOST:
        return
    severity = Severity.BLOCKING if kind is OrderType.ORDER else Severity.WARNING
    said = "is negative" if value < 0 else "is implausibly large"
    yield _doubt(pointer, f"The {name} {said}: {value:f}.", f"{value:f}", severity)


def _party(at: str, party: Party, guessed: Severity) -> Iterator[Finding]:
    if party.id and (party.id_scheme or "").upper() in GLN_SCHEMES and party.id.isdecimal() and not _gtin(party.id):
        yield _doubt(f"{at}/id", f"The check digit of the location number {party.id} is wrong.", party.id, guessed)
    if party.tax_id and not _tax(party.tax_id):
        yield _doubt(f"{at}/tax_id", f"The VAT number {party.tax_id} fails its check digits.", party.tax_id, guessed)
    account = "".join((party.bank_account or "").split()).upper()
    if account[:2].isalpha() and account[2:4].isdecimal() and len(account) >= 15 and not iban.is_valid(account, check_country=False):
        yield _doubt(f"{at}/bank_account", "The check digits of the IBAN are wrong.", f"...{account[-4:]}", guessed)


def _dates(order: Order) -> Iterator[Finding]:
    issued, wanted = order.issue_date, order.requested_delivery_date
    for pointer, day in (("/issue_date", issued), ("/requested_delivery_date", wanted)):
        if day and not YEARS[0] <= day.year <= YEARS[1]:
            yield _doubt(pointer, f"The date {day} lies outside {YEARS[0]} to {YEARS[1]}.", day)
    if issued and wanted and abs(issued - wanted) > FAR:
        yield _doubt("/requested_delivery_date", f"Delivery is asked for {wanted}, years away from the issue date {issued}.", wanted)


def _is_gtin(item: str, scheme: str | None) -> bool:
    """Said to be a GTIN, or a bare number of a GTIN's length with no scheme said."""
    return scheme.upper() in GTIN_SCHEMES if scheme else item.isdecimal() and len(item) in (8, 12, 13, 14)


@lru_cache(maxsize=4096)
def _gtin(number: str) -> bool:
    return number.isascii() and bool(ean.is_valid(number))


@lru_cache(maxsize=1024)
def _tax(number: str) -> bool:
    """Whether an EU VAT number is right; any other tax number is taken as it is."""
    compact = "".join(c for c in number if c.isalnum()).upper()
    return compact[:2] not in EU or not compact[2:].isalnum() or not any(map(str.isdecimal, compact)) or bool(vat.is_valid(compact))


def _doubt(pointer: str, message: str, actual: object, severity: Severity = Severity.BLOCKING) -> Finding:
    found = finding(Code.LOW_CONFIDENCE, message, field=pointer, actual=actual)
    return found if severity is found.severity else found.model_copy(update={"severity": severity})
