"""The words that label an order: field labels, column headings and titles in ten languages, as pointers and roles.

    >>> header_field("P.O. No.:"), header_field("Bestell-Nr."), column_role("Unit Price (EUR)"), title_kind("RECHNUNG")
    ('/order_number', '/order_number', 'unit_price', 'invoice')

The words are those of UBL, of the major ERP systems' forms, and of the trade in English, German, French, Spanish,
Italian, Dutch, Danish, Norwegian, Swedish and Finnish, and the commonest in Portuguese and Polish. They live in
`label_words.py`, `label_titles.py` and `label_columns.py`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from signoff.tools.orders.label_columns import COLUMN_WORDS, COLUMNS
from signoff.tools.orders.label_grammar import OTHER as COMPOSED_OTHER
from signoff.tools.orders.label_grammar import composed, word_class
from signoff.tools.orders.label_titles import TITLES
from signoff.tools.orders.label_words import CHARGES, FIELDS, OTHER

_KEPT = 16_384  # the same cells are asked about again and again
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "№": " no "})
_INITIAL = re.compile(r"\b([a-z])\.(?=[a-z]\.?(?:\b|$))")
_ABBREVIATED = re.compile(r"\bn(?:\.?[°º]|\.(?=\s|$))")
_BETWEEN = re.compile(r"[^0-9a-z%]+")
_NUMBER = re.compile(r"\b(?:numbers?|num|nummer|numero|numer|nro|nr|nb)\b")
_NUMBERED = re.compile(r"\b([a-z]{3,}?)s?(?:nummer|nr)\b")
_TWICE = re.compile(r"\bno(?: no)+\b")

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CURRENCY = re.compile(r"\b(?:in )?(?:eur|usd|gbp|chf|sek|nok|dkk|euro)\b|[€$£]", re.IGNORECASE)
_PERCENT = re.compile(r"\+?\b\d+(?:[.,]\d+)?\s*%")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OR = re.compile(r"\s/\s|\s\|\s|\n")
_PER = re.compile(
    r"\s*(?:/|\b(?:per|pro|je|par|por|pour|voor|pr|for|für|à|al|av)\b\.?)\s*(?P<base>10{1,4}|1[., '’]000)(?!\d)"
    r"(?:\s*(?:stk|stück|pcs?|pce|ea|each|units?|st|stuks?|unités?|uds?|pz)\b\.?)?",
    re.IGNORECASE,
)
"""What a price is for, in its heading: `Price/1000`, `Preis je 100 Stk`."""
_LEAD = re.compile(
    r"^(?:our|your|the|unsere?|ihre?|notre|votre|nuestro|su|nostro|vostro|onze|uw|vores|var|total no of|please|enter"
    r"|zzgl|abzgl|plus|incl|inkl|add|less|spett(?:abile| le)?|egr(?:egio)?|messrs)\s+"
)


@lru_cache(_KEPT)
def fold(text: str) -> str:
    """A label without case, accents and punctuation; every word for "number" becomes `no`: `Bestell-Nr.` -> `bestell no`."""
    lower = text[:200].lower()
    if not lower.isascii() or "." in lower or "#" in lower:
        lower = _ABBREVIATED.sub(" no ", _INITIAL.sub(r"\1", lower.translate(_LETTERS)).replace("#", " no "))
    plain = lower if lower.isascii() else "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    words = _BETWEEN.sub(" ", plain)
    if "n" in words:
        words = _NUMBERED.sub(r"\1 no", _NUMBER.sub("no", words))
    folded = " ".join(words.split())
    return _TWICE.sub("no", folded) if "no no" in folded else folded


@lru_cache(_KEPT)
def _variants(text: str) -> tuple[str, ...]:
    """The label, then without what stands in brackets, without a currency or unit, and without our, your, the."""
    bare = _BRACKETS.sub(" ", text)
    short = _CURRENCY.sub(" ", bare.lower() if bare.isupper() else bare)
    bare = _PERCENT.sub(" ", bare) if "%" in bare else bare
    camel = _CAMEL.sub(" ", text) if " " not in text.strip() else text
    first = _OR.split(text.strip(), maxsplit=1)[0]
    folded = dict.fromkeys(map(fold, dict.fromkeys((text, bare, short, camel, first))))
    return tuple(dict.fromkeys([*folded, *(_LEAD.sub("", f) for f in folded)]))


def _table(words: dict[str, str]) -> dict[str, str]:
    """Folded label -> meaning; a label that is listed under two meanings is an error in the lists."""
    table: dict[str, str] = {}
    for meaning, labels in words.items():
        for label in labels.split("|"):
            if table.setdefault(fold(label), meaning) != meaning:
                raise ValueError(f"the label {label!r} is listed for {table[fold(label)]} and for {meaning}")
    return table


_FIELDS, _COLUMNS, _TITLES, _CHARGES = _table(FIELDS), _table(COLUMNS), _table(TITLES), _table(CHARGES)
_OTHER = frozenset(fold(label) for label in OTHER.split("|"))
_COLUMN_WORDS = [(re.compile(pattern), role) for pattern, role in COLUMN_WORDS]
_ANY_COLUMN = re.compile("|".join(f"(?:{pattern})" for pattern, _ in COLUMN_WORDS))


@lru_cache(_KEPT)
def header_field(text: str) -> str | None:
    """The JSON Pointer of the order field that a label names (`/order_number`, `/supplier/name`, `/payable_amount`)."""
    if not _label_like(text):
        return None
    variants = _variants(text)
    known = next((_FIELDS[v] for v in variants if v in _FIELDS), None)
    if known or any(v in table for v in variants for table in (_OTHER, _COLUMNS)):
        return known
    _, comma, last = text.rpartition(",")  # `Order, customer no` names the customer's number
    made = composed(variants[0])
    if made and comma:
        made = composed(fold(last)) or made
    return made if made != COMPOSED_OTHER else None


@lru_cache(_KEPT)
def column_role(text: str) -> str | None:
    """What a column heading says the column holds.

    A field of `domain.order.OrderLine` by its name; `item` where content must tell (position, id or name); `details`,
    `package`, `tax_amount`, `discount_percent`, `discount_amount`, `other_quantity` (received, open, minimum ...),
    `stock`, `invoice_number`; or a JSON Pointer for a field of the whole order that is repeated on each row.
    """
    if not _label_like(text):
        return None
    if price_base(text) is not None and column_role(_PER.sub("", text)) == "unit_price":
        return "unit_price"
    variants = _variants(text)
    exact = next((_COLUMNS[v] for v in variants if v in _COLUMNS), None) or next((_FIELDS[v] for v in variants if v in _FIELDS), None)
    exact = {"/line_total": "line_amount", "/payable_amount": "line_amount", "/tax_total": "tax_amount"}.get(exact or "", exact)
    if exact or not _ANY_COLUMN.search("\n".join(variants[:2])):
        return exact
    return next((role for pattern, role in _COLUMN_WORDS if any(pattern.search(v) for v in variants[:2])), None)


def price_base(heading: str) -> Decimal | None:
    """How many units the prices below a heading are for, where it says so: `Price per 100`."""
    found = _PER.search(heading) if "0" in heading else None
    return Decimal(re.sub(r"\D", "", found["base"])) if found else None


@lru_cache(_KEPT)
def title_kind(text: str) -> str | None:
    """The kind of paper that a title names: `order`, `change`, `cancellation`, or a look-alike such as `invoice`."""
    if not _label_like(text):
        return None
    unnumbered = re.sub(r"\s+(?:no|c|page|seite|pag|dated|vom|du)\b.*$|\s+\S*\d.*$", "", fold(text))
    forms = (*_variants(text), unnumbered, _unqualified(unnumbered))
    return next((_TITLES[v] for v in forms if v in _TITLES), None)


_QUALIFIED = re.compile(
    r"(?P<what>\w+) (?P<title>purchase order)|(?P<order>.+?) (?:to|do|a|ao|au|al|an|aan|til|till|fur|per) (?P<whom>\w+)"
)


def _unqualified(folded: str) -> str:
    """A title without what kind of goods it is for (`service purchase order`) or that it goes to a supplier (`encomenda a fornecedor`)."""
    found = _QUALIFIED.fullmatch(folded)
    if found is None:
        return folded
    if found["title"]:
        return found["title"] if word_class(found["what"]) is None else folded
    return found["order"] if word_class(found["whom"]) == "supplier" else folded


@lru_cache(_KEPT)
def charge_label(text: str) -> bool | None:
    """True for a charge on the whole order (freight, packing), False for an allowance (discount), else `None`."""
    found = next((_CHARGES[v] for v in _variants(text) if v in _CHARGES), None) if _label_like(text) else None
    return None if found is None else found == "charge"


@lru_cache(_KEPT)
def is_label(text: str) -> bool:
    """Whether a text labels something else and so is no value itself: a field, a charge, a column, `Phone`, `Status`."""
    if not _label_like(text):
        return False
    known = any(v in table for v in _variants(text) for table in (_FIELDS, _CHARGES, _COLUMNS))
    return known or any(v in _OTHER for v in _variants(text)) or composed(fold(text)) is not None


@lru_cache(_KEPT)
def split_label(text: str) -> tuple[str, str] | None:
    """`PO Number: 4711` -> ("PO Number", "4711") when the part before the colon is a label and something follows it."""
    label, colon, value = text.partition(":")
    known = colon and value.strip() and (header_field(label) or charge_label(label) is not None)
    return (label.strip(), value.strip()) if known else None


def _label_like(text: str) -> bool:
    return 0 < len(text.strip()) <= 60 and len(text.split()) <= 8 and any(c.isalpha() or c in "#№%" for c in text)
