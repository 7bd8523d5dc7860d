"""Payment and delivery terms by their meaning: "30 days net", "Net 30" and "zahlbar innerhalb 30 Tagen netto" are one.

Payment: days until due, cash discounts, and what the days count from, in the wordings of the larger trade languages.
Delivery: the rule and the named place of Incoterms (ICC, 2000 to 2020 editions). What is not understood is `None`, and
the caller compares the words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from signoff.domain.checks.content import words

_DAY = (
    r"(?:(?:calendar|consecutive|kalender) ?)?"
    r"(?:days?|tagen?|tage|tg|jours?|jrs|giorni|gg|dias?|dage|dagen|dager|dagar|dgr|dgn|dni|dnu|paivaa|pv|nap|zile|gun|d|j|日|天)(?![a-z])"
)
_NET = r"(?:netto|neto|nettó|nett|net|n)"
_NUMBER = r"(\d{1,3})"
_DAYS = re.compile(
    rf"(?<![\w.,]){_NUMBER}\)? ?{_DAY}"  # 30 days, thirty (30) days
    rf"|(?<![a-z]){_NET}[ /:-]*(?:\w+ )?{_NUMBER}(?![\w%.,/]\w)(?! ?%)"  # net 30, n/30
    rf"|(?<![\w.,]){_NUMBER} {_NET}(?![a-z])"  # 30 netto
)
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d+)?) ?(?:%|percent|per cent|pct|prozent|procent|por ciento|pour cent|per cento)")
_SLASH = re.compile(r"(?<![\w/.,])(\d{1,2}(?:[.,]\d+)?) ?%? ?/ ?(\d{1,3})(?![\w/%])")
_BARE = re.compile(r"(% ?,? ?)(\d{1,3})(?= ?[,;]? ?net)")  # 2% 10 net 30
_CLAUSE = r"(?:[^.,;]|[.,](?=\d))*"
_LATE = re.compile(rf"{_CLAUSE}\b(?:interest|late|overdue|penalty|verzug\w*|interets|interessi|intereses|rente)\b{_CLAUSE}")

_MARKS = {
    "end of month": r"end of (?:the )?month|\beom\b|monatsende|fin de mois|fine mese|fin de mes|einde maand|l.bende m.ned|m.nedens slut",
    "working days": r"(?:business|working|bank) days|werktage\w*|arbeitstage\w*|bankdage|jours ouvr\w+",
    "after delivery": r"(?:after|from|upon|of) (?:the )?(?:date of )?delivery|nach lieferung|apres livraison|nach wareneingang",
}
_KINDS = {
    "in advance": r"prepa(?:id|y\w*)|in advance|vorkasse|vorauskasse|voraus\w*|anticipat\w*|d'avance|pro ?forma|forudbetaling|vooruit\w*",
    "on delivery": r"cash .*on delivery|\bc\.?o\.?d\.?\b|nachnahme|contre remboursement|contrassegno|efterkrav|rembours",
    "at once": r"(?:up)?on receipt|at receipt|immediate\w*|sofort\w*|bei erhalt|nach erhalt|a reception|comptant|vista|al contado|kontant"
    r"|\bcash\b|ricevimento fattura|direct betaalbaar",
}
LONGEST = 400
_PARTIAL = re.compile(r"deposit|anzahlung|acompte|acconto|anticipo|milestone|instal|balance|restbetrag")


@dataclass(frozen=True)
class Payment:
    """Due after `days` (0 with `kind` "at once"); `discounts` are (percent, days); `marks` say what the days count from."""

    days: int | None
    kind: str = "days"
    discounts: tuple[tuple[Decimal, int], ...] = ()
    marks: frozenset[str] = frozenset()


@lru_cache(maxsize=1024)
def payment(text: str) -> Payment | None:
    """The meaning of payment terms, or `None` when the wording is not understood."""
    if len(text) > LONGEST:
        return None
    said = _BARE.sub(r"\1\2 days", _SLASH.sub(r"\1% \2 days ", _LATE.sub(" ", _plain(text))))
    days = [int(next(g for g in m.groups() if g)) for m in _DAYS.finditer(_without_working(said))]
    percents = [Decimal(m.group(1).replace(",", ".")) for m in _PERCENT.finditer(said) if m.group(1) != "100"]
    if _PARTIAL.search(said) or len(days) not in (len(percents), len(percents) + 1):
        return None
    marks = frozenset(name for name, pattern in _MARKS.items() if re.search(pattern, said))
    due = None
    if len(days) > len(percents):
        due = max(days)
        days.remove(due)
    kind = _kind(said)
    if due is None:
        return Payment(0, kind, _pairs(percents, days)) if kind else None
    if kind in ("in advance", "on delivery"):
        return None
    return Payment(due, "at once" if due == 0 else "days", _pairs(percents, days), marks if due else frozenset())


def _without_working(said: str) -> str:
    """`10 working days` counts as days here; that they are working days is a mark."""
    return re.sub(r"(?:business|working|bank) days|werktage\w*|arbeitstage\w*|bankdage|jours ouvr\w+", "days", said)


def _pairs(percents: list[Decimal], days: list[int]) -> tuple[tuple[Decimal, int], ...]:
    return tuple(sorted((p.normalize(), d) for p, d in zip(percents, days, strict=True)))


def _kind(said: str) -> str | None:
    return next((name for name, pattern in _KINDS.items() if re.search(pattern, said)), None)


def _plain(text: str) -> str:
    """Lower case, without accents, white space folded."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


_CODES = r"(EXW|FCA|FAS|FOB|CFR|CIF|CPT|CIP|DAP|DPU|DDP|DAT|DAF|DES|DEQ|DDU)"
_RULE = re.compile(rf"(?<![^\W_]){_CODES}(?![^\W_])")
_FIRST = re.compile(rf"^\W*{_CODES}(?![^\W_])", re.IGNORECASE)
_NAMES = {
    "ex works": "EXW",
    "ab werk": "EXW",
    "free carrier": "FCA",
    "free alongside ship": "FAS",
    "free on board": "FOB",
    "cost and freight": "CFR",
    "cost,? insurance and freight": "CIF",
    "carriage and insurance paid to": "CIP",
    "carriage paid to": "CPT",
    "delivered at place unloaded": "DPU",
    "delivered at place": "DAP",
    "delivered duty paid": "DDP",
    "delivered duty unpaid": "DDU",
}
_EDITION = re.compile(r"incoterms?®?|\bicc\b|\b(?:19|20)\d\d\b", re.IGNORECASE)


@dataclass(frozen=True)
class Delivery:
    """An Incoterms rule and the words of its named place, empty when it names none."""

    rule: str
    place: frozenset[str] = frozenset()


@lru_cache(maxsize=1024)
def delivery(text: str) -> Delivery | None:
    """The meaning of delivery terms, or `None` when they name no single Incoterms rule."""
    if len(text) > LONGEST:
        return None
    said = _FIRST.sub(lambda m: m.group().upper(), " ".join(text.split()), count=1)
    for name, rule in _NAMES.items():
        said = re.sub(name, rule, said, flags=re.IGNORECASE)
    rules = set(_RULE.findall(said))
    if len(rules) != 1:
        return None
    place = _EDITION.sub(" ", _RULE.sub(" ", said))
    return Delivery(rules.pop(), frozenset(words(place).split()))


def same_payment(agreed: str, ordered: str) -> bool:
    """Whether both texts mean the same; texts that are not understood are the same only word for word."""
    one, other = payment(agreed), payment(ordered)
    return one == other if one and other else words(agreed) == words(ordered)


def same_delivery(agreed: str, ordered: str) -> bool:
    """Whether rule and place agree. A place is compared when both name one, and `Hamburg` is part of `Hamburg, Germany`."""
    one, other = delivery(agreed), delivery(ordered)
    if not (one and other):
        return words(agreed) == words(ordered)
    return one.rule == other.rule and (one.place <= other.place or other.place <= one.place)
