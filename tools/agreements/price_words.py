"""The words of price lists: column headings, quantities from which a price holds, packs, validity.

    >>> role("Unit price (EUR)"), role("Valid from"), role("MOQ"), role("Your item no.")
    ('unit_price', 'valid_from', 'minimum', 'buyer_item_id')
    >>> step("from 100 pcs"), step("1-99"), step("500+"), step("Colour")
    (Decimal('100'), Decimal('1'), Decimal('500'), None)

Words in English, German, French, Spanish, Italian and Dutch, as suppliers head their lists.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from signoff.tools.orders.labels import column_role, fold
from signoff.tools.orders.units import unit
from signoff.tools.orders.values import number

PACKAGES = frozenset({"BX", "CT", "PK", "CS", "PX", "RO", "BG", "BO", "CA", "DR", "TU", "SET"})
"""Packages (UN/ECE Recommendation 21) that hold what the list says."""
IDS = ("supplier_item_id", "buyer_item_id", "standard_item_id")

_ROLES: dict[str, tuple[str, ...]] = {
    "valid_from": (
        r"valid (?:from|as of|since)|effective(?: date| from)?|start date",
        r"gultig (?:ab|von)|ab datum|valable (?:des|du|a partir du)|valid[oa] (?:desde|dal)|geldig (?:vanaf|van)",
    ),
    "valid_to": (
        r"valid (?:to|until|till|thru|through)|expir(?:y|es|ation)(?: date)?|end date",
        r"gultig bis|valable jusqu ?(?:au|a)|valid[oa] (?:hasta|fino al|al)|geldig tot(?: en met)?",
    ),
    "minimum": (
        r"moq|min(?:imum|imal)?(?: order)?(?: ?(?:qty|quantity|menge))?|mindest(?:bestell|abnahme|auftrags)?menge",
        r"quantite min(?:imale|imum)?|(?:cantidad|pedido) minim[oa]|quantita minima|minimale (?:bestel)?hoeveelheid",
    ),
    "multiple": (
        r"(?:order |qty |quantity )?multiples?(?: of)?|order (?:increment|unit qty)|(?:in )?steps of",
        r"vielfaches(?: von)?|multiple de commande|multiplo|veelvoud(?: van)?",
    ),
    "maximum": (r"max(?:imum|imal)?(?: order)?(?: ?(?:qty|quantity|menge))?|hochst(?:bestell|abnahme)?menge|quantite max(?:imale|imum)?",),
    "from_quantity": (
        r"(?:price |quantity |qty |volume )?(?:break|scale|tier)s?(?: ?(?:qty|quantity|from))?|from(?: ?(?:qty|quantity))?",
        r"(?:qty|quantity) from|ab(?: menge| stuck)?|menge ab|staffel(?:menge)?(?: ab)?",
        r"a partir de|desde|cantidad desde|da|vanaf(?: aantal)?",
    ),
    "pack_size": (
        r"(?:pack|package|packaging|box|carton|case)(?:ing)? ?(?:size|qty|quantity|content)",
        r"(?:pieces|pcs|pce|units|items|qty|quantity|ea)(?: in a| in| a)?(?: per)? ?(?:box|pack|package|carton|case|ctn|pallet)",
        r"vpe|ve|verpackungseinheit|packungsinhalt|inhalt|gebindegrosse|(?:unites|pieces) par (?:boite|carton|colis)|conditionnement",
        r"(?:unidades|piezas) por caja|pezzi per (?:scatola|confezione)|(?:stuks|aantal) per (?:doos|verpakking)",
    ),
    "base": (r"price ?unit|per|pe|preiseinheit|price per|preis je|unite de prix|prijseenheid|base(?: qty| quantity)?|price base",),
    "discount_percent": (r"(?:discount|rabatt|remise|descuento|sconto|korting)(?: ?(?:%|pct|percent|in))?",),
    "buyer_item_id": (
        r"(?:your|customer s?|buyer s?|ihre|kunden|votre|su|vostro|uw) ?"
        r"(?:item|article|artikel|material|part|product|sku|referenz?|reference)?s? ?(?:no|code|id|nummer)?",
    ),
}
_KNOWN = [(name, re.compile("|".join(patterns))) for name, patterns in _ROLES.items()]
_AGREED = re.compile(r"\b(?:nett?o?|your|contract|agreed|special|customer|ihr|vertrags?preis|nettopreis|votre|su|vostro|uw)\b")
_LISTED = re.compile(
    r"\b(?:list|listen?preis|catalogu?e|gross|brutto(?:preis)?|rrp|msrp|uvp|old|alt(?:er)?|previous|former|brut|bruto|lordo)\b"
)
_PACK_SIZE = re.compile("|".join(_ROLES["pack_size"]))
_SUPPLIERS = re.compile(
    r"\b(?:supplier|vendor|manufacturer|mfr|our|unsere|lieferanten|hersteller|fournisseur|notre|proveedor|fornitore|leverancier)"
)
_TAKEN = frozenset({"description", "unit", "unit_price", "standard_item_id", "/currency", "item", "package", "line_amount"})

_UPON = r"(?:from|starting at|ab|des|dès|à partir de|a partir de|desde|da|vanaf|>=|≥|>)"
_TAIL = r"\s*(?:[^\W\d_]{1,12}\.?)?"
_MORE = "and (?:more|over|above|up)|or more|und mehr|et plus|y más|o più|en meer"
_STEPS = (
    re.compile(rf"(?:[^\W\d_]+\s+)?{_UPON}\s*(\d[\d.,' ]*){_TAIL}\s*\+?", re.IGNORECASE),
    re.compile(rf"(?:[^\W\d_]+\s+)?(\d[\d.,']*)\s*(?:-|–|—|to|bis|à|a|tot)\s*\d[\d.,']*{_TAIL}", re.IGNORECASE),
    re.compile(
        rf"(?:[^\W\d_]+\s+)?(\d[\d.,']*){_TAIL}\s*(?:\+|and (?:more|over|above|up)|or more|und mehr|et plus|y más|o più|en meer)",
        re.IGNORECASE,
    ),
)
_FIRST = re.compile(rf"(?:up to|below|under|bis|unter|jusqu'à|hasta|fino a|tot|<=?|≤)\s*\d[\d.,']*{_TAIL}", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
_PER_UNIT = re.compile(r"\s*(?:/|\b(?:per|pro|je|par|por|al)\b)\s*[^\W\d_]{1,10}\.?$", re.IGNORECASE)
_PACK = re.compile(
    r"([^\W\d_]+)\.?\s*(?:of|à|a|á|zu|mit|de|da|di|van|/|x|\(|with)?\s*(\d{1,5})\s*(?:[^\W\d_]{1,10}\.?)?\s*\)?", re.IGNORECASE
)
_COUNTED = re.compile(r"(\d{1,6})\s*([^\W\d_][\w./²³]*\.?)")


@lru_cache(4096)
def role(heading: str) -> str | None:
    """What a column of a price list holds; nothing for a heading that says nothing of the kind."""
    words = re.sub(r"\b(?:eur|usd|gbp|chf)\b|[()\[\]]", " ", fold(heading)).strip()
    found = next(filter(None, map(column_role, (heading, _PER_UNIT.sub("", heading), _YEAR.sub("", heading)))), None)
    if found == "/valid_to":
        return "valid_to"
    if found in _TAKEN and not (found == "package" and _PACK_SIZE.fullmatch(words)):
        return found
    named = next((name for name, pattern in _KNOWN if pattern.fullmatch(words)), None)
    if named is not None:
        return named
    if found in ("buyer_item_id", "supplier_item_id"):
        return "supplier_item_id" if found == "buyer_item_id" or _SUPPLIERS.search(words) or "your" not in words else "buyer_item_id"
    return found if found and not found.startswith("/") and found not in ("quantity", "other_quantity", "line_number", "details") else None


@lru_cache(4096)
def price_rank(heading: str) -> int:
    """0 for a price that is agreed (`Net price`, `Your price`), 2 for one that is not (`List price`, `RRP`), 1 where nothing is said."""
    words = fold(heading)
    return 2 if _LISTED.search(words) else 0 if _AGREED.search(words) else 1


@lru_cache(4096)
def step(heading: str) -> Decimal | None:
    """From which quantity the prices of a column hold: `from 100`, `100-499`, `>= 500`, `1000+`; 1 for `up to 99`."""
    text = " ".join(heading.split()).strip(" :")
    if len(text) > 40:
        return None
    if _FIRST.fullmatch(text):
        return Decimal(1)
    found = next((m for pattern in _STEPS if (m := pattern.fullmatch(text))), None)
    return _whole(found[1]) if found else None


def _whole(text: str) -> Decimal | None:
    """A quantity in a heading: its marks group thousands unless they cannot."""
    bare = text.strip(" .,'")
    grouped = re.fullmatch(r"\d{1,3}(?:[.,' ]\d{3})+", bare)
    return Decimal(re.sub(r"\D", "", bare)) if grouped or bare.isdecimal() else number(bare, None)


@lru_cache(4096)
def pack(text: str) -> tuple[str, Decimal] | None:
    """A package and how many it holds: `box of 12` -> ("BX", 12), `Karton à 24 Stk` -> ("CT", 24)."""
    found = _PACK.fullmatch(" ".join(text.split()))
    code = unit(found[1]) if found else ""
    return (code, Decimal(found[2])) if found and code in PACKAGES and Decimal(found[2]) > 0 else None


@lru_cache(4096)
def counted(text: str) -> tuple[Decimal, str] | None:
    """How many of which unit a price is for: `100 pcs` -> (100, "C62"); a unit alone is 1 of it."""
    bare = " ".join(text.split()).lstrip("/").strip()
    found = _COUNTED.fullmatch(bare)
    if found:
        return Decimal(found[1]), unit(found[2])
    return (Decimal(1), unit(bare)) if bare and not bare[0].isdigit() else None
