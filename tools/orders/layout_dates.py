"""Whether a document writes the day or the month first, from the document as a whole; nothing when it does not say.

A numeric date with a day past the twelfth proves it. Else what else is printed tells where the paper comes from: the language of its
labels, its postal codes and tax numbers; and a delivery that would lie before its order leaves the other reading.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache

from babel import Locale

from signoff.tools.orders.layout_cells import Line
from signoff.tools.orders.layout_header import found
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.values import LANGUAGES, DateOrder, Mark, date, date_order

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT"
    "|VA|WA|WV|WI|WY|DC|PR"
)
_MONTH_FIRST = re.compile(
    rf"\b(?:{_STATES})\.?,? +\d{{5}}(?:-\d{{4}})?\b|\bDE,? 19[79]\d\d\b|\bUnited States\b|\bU\.S\.A\.?|\bUSA$|\bUSA\b[,.]?$"
)
_DAY_FIRST = re.compile(
    r"(?-i:\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b)"  # a British postal code
    r"|\b(?:NSW|VIC|QLD|TAS) \d{4}\b|\b\d{2}[A-Z]{5}\d{4}[A-Z]\d[A-Z]\d\b"  # Australian postal codes, Indian tax numbers
    r"|\b(?:GB ?\d{9}|ABN|GSTIN|DE ?\d{9}|ATU\d{8})\b",
    re.IGNORECASE,
)
_OTHER_DOLLAR = re.compile(r"\b(?:Canada|Mexico|Taiwan|[A-Z]\d[A-Z] \d[A-Z]\d)\b")  # the last a Canadian postal code
_LANGUAGES = re.compile(
    r"\b(?:désignation|qté|tva|ttc|mwst|btw|datum|bestell\w*|liefer\w*|lieferant|menge|preis|stück|bitte|commande|livraison|livrer|fournisseur|quantité|montant|prix"
    r"|veuillez|merci|fecha|pedido|proveedor|cantidad|importe|entrega|precio|unidades|gracias|saludos|señores|ordine|fornitore|quantità"
    r"|consegna|prezzo|grazie|besteldatum|leverancier|aantal|prijs|stuks|graag|dato|leverandør|antal|antall|levering|pris|hilsen"
    r"|leverantör|tack|päivä\w*|tilaus\w*|toimittaja|kiitos|encomenda|fornecedor|quantidade|zamówieni\w*|dostawc\w*)\b",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_PARTS = re.compile(r"[,·|–-]")
_OTHERWISE = frozenset(
    {"US", "UM", "CA", "PH", "PR", "GU", "VI", "AS", "MP", "CN", "JP", "KR", "KP", "TW", "HU", "LT", "MN", "IR", "GE", "JE", "TD"}
)
"""Territories that write the month or the year first or either way, and some whose names are other words (Georgia, Jersey, Chad)."""
LEAST_WORDS, LONGEST, LONGEST_TEXT = 3, 400, 120
"""Words of another language that tell it, the longest time in days from an order to its delivery, and characters of an address."""


def day_order(lines: Sequence[Line], mark: Mark | None) -> DateOrder | None:
    """The order of day and month in which the document's numeric dates are written."""
    texts = [c.text for line in lines for c in line.cells]
    words = [w.text for line in lines for w in line.words]
    proved = date_order([*texts, *words])
    if proved is not None:
        return proved
    if {"dmy", "mdy"} <= {date_order([text]) for text in {*texts, *words} if text[:1].isdigit()}:
        return None  # both are proved: dates of two hands
    place = origin(texts, mark)
    return place if place is not None else _by_delivery(lines, mark)


def origin(texts: list[str], mark: Mark | None) -> DateOrder | None:
    """What the place of origin says; nothing where its signs contradict each other."""
    found: set[DateOrder] = set()
    if mark == "," or sum(bool(_LANGUAGES.search(t)) for t in texts) >= LEAST_WORDS:
        return "dmy"
    found |= {"mdy"} if any(_MONTH_FIRST.search(t) for t in texts) else set()
    found |= {"dmy"} if any(_abroad(t) for t in texts) else set()
    return found.pop() if len(found) == 1 else None


def _abroad(text: str) -> bool:
    """Whether a text names a country that writes the day first: by postal code, tax number, or name where a part begins or ends."""
    if _DAY_FIRST.search(text):
        return True
    for part in _PARTS.split(text.casefold()) if len(text) <= LONGEST_TEXT else ():
        words = part.strip(" .").split()
        if any(" ".join(w) in _countries() for n in (1, 2, 3) for w in (words[:n], words[-n:]) if w):
            return True
    return False


@cache
def _countries() -> frozenset[str]:
    """The names of the countries that write the day first, in ten languages (CLDR)."""
    territories = (item for language in LANGUAGES for item in Locale.parse(language).territories.items())
    named = {name.casefold() for code, name in territories if code.isalpha() and code not in _OTHERWISE}
    return frozenset(named) | {"uk", "u.k", "england", "scotland", "wales", "uae"}


def american(lines: Sequence[Line]) -> bool:
    """Whether addresses of the United States stand on the paper, and none of another country."""
    return american_texts([c.text for line in lines for c in line.cells])


def american_texts(texts: Sequence[str]) -> bool:
    """The same of texts that stand on it."""
    return any(_MONTH_FIRST.search(t) for t in texts) and not any(_abroad(t) or _OTHER_DOLLAR.search(t) for t in texts)


def _by_delivery(lines: Sequence[Line], mark: Mark | None) -> DateOrder | None:
    """The reading under which every delivery follows the order within a year or so, where the other does not."""
    texts = {"/issue_date": set[str](), "/requested_delivery_date": set[str]()}
    for each in found(lines, set(), Style(mark, None), len(lines)):
        day = _NUMERIC.search(each.cell.text) if each.pointer in texts and each.value is None else None
        if day is not None:
            texts[each.pointer].add(day[0])
    issued, wanted = texts.values()
    orders: tuple[DateOrder, DateOrder] = ("dmy", "mdy")
    fits = [o for o in orders if all(_follows(date(a, o), date(b, o)) for a in issued for b in wanted)]
    return fits[0] if len(fits) == 1 and issued and wanted else None


def _follows(issued: dt.date | None, delivered: dt.date | None) -> bool:
    return issued is not None and delivered is not None and 0 <= (delivered - issued).days <= LONGEST
