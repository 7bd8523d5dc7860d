"""Printed values: numbers, dates, currencies and units as people write them, read exactly or not at all.

Sources: month and currency names from Unicode CLDR (babel), currencies ISO 4217, units UN/ECE Recommendation 20.
A value that can mean two things is `None`, unless the document as a whole settles it (`decimal_mark`, `date_order`).

    >>> number("1.234,50 €", ",")
    Decimal('1234.50')
    >>> number("1.234", None) is None
    True
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from babel import Locale
from babel.core import get_global
from babel.dates import get_month_names

from signoff.tools.orders.units import unit as unit

Mark = Literal[".", ","]
DateOrder = Literal["dmy", "mdy", "ymd"]

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "da", "nb", "sv", "fi", "pt")
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u2002\u2003"), " ") | dict.fromkeys(map(ord, "\u2212\u2012\u2013\u2014"), "-")
_CODES = frozenset(get_global("all_currencies"))  # ISO 4217, with the currencies of the past
_SYMBOLS = r"(?:(?:US|CA|AU|NZ|HK|C|A|S|R|MX)?\$|[€£¥₹₩₺₽₴₪฿₫₱₦]|kr\.?|Kč|zł|Fr\.?|" + "|".join(sorted(_CODES)) + ")"
_AFFIXES = re.compile(
    rf"^(?:{_SYMBOLS}\s*)*(?P<core>[-+(]?\s*(?:{_SYMBOLS})?\s*[-+]?\s*[\d.,' ’]*\d[.,]?(?:\s*-+)?\s*\)?)(?:\s*{_SYMBOLS})*$"
)
_SHAPES: dict[Mark, re.Pattern[str]] = {
    ".": re.compile(r"(?:\d+|[1-9]\d{0,2}(?P<g>[,'’ ])\d{3}(?:(?P=g)\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3})?(?:\.\d+)?"),
    ",": re.compile(r"(?:\d+|[1-9]\d{0,2}(?P<g>[.'’ ])\d{3}(?:(?P=g)\d{3})*)?(?:,\d+)?"),
}


@lru_cache(16_384)
def number(text: str, mark: Mark | None) -> Decimal | None:
    """The number a text is, or `None` when it is none, is ill-grouped, or (without a mark) could be two numbers.

    Understands currency symbols and codes around it, grouping by space, apostrophe, point or comma (lakhs too),
    a leading or trailing minus, parentheses for negatives, and `120,-` for a whole amount. Not percent signs.
    """
    core, negative = _core(text)
    if core is None:
        return None
    found = {v for v in (_exact(core, m) for m in ([mark] if mark else (".", ","))) if v is not None}
    if len(found) != 1:
        return None
    value = found.pop()
    return -value if negative and value else value


def _core(text: str) -> tuple[str | None, bool]:
    """The digits and marks of a number without symbols and sign, and whether it is negative."""
    if len(text) > 60:
        return None, False
    match = _AFFIXES.match(text.translate(SPACES).strip())
    if not match:
        return None, False
    core = re.sub(_SYMBOLS, "", match["core"]).strip()
    whole = re.fullmatch(r"([\d.,' ’]*\d)[.,]\s*-+", core)  # "120,-": no cents
    if whole:
        return whole[1], False
    inner = core.strip("()").strip()
    bracketed = core.startswith("(") and core.endswith(")")
    if (core != inner and not bracketed) or len(re.findall("[-+]", inner)) > 1:
        return None, False
    return inner.strip("+- "), bracketed or "-" in inner


def _exact(core: str, mark: Mark) -> Decimal | None:
    if not core or len(core) > 28 or not _SHAPES[mark].fullmatch(core):
        return None
    kept = "".join(c for c in core if c.isdigit() or c == mark).replace(",", ".")
    return Decimal(kept) if any(c.isdigit() for c in kept) else None


def decimal_mark(texts: Iterable[str]) -> Mark | None:
    """The decimal mark that the numbers of a document prove, or `None` when they prove none or contradict each other.

    Numbers with both marks (`1.234,50`) prove most, then amounts with two decimals, then the rest: a part number
    such as `2.5` does not outvote the amounts.
    """
    votes = [_vote(t) for t in texts]
    for rank in (3, 2, 1):
        marks = {m for m, r in votes if r == rank and m}
        if len(marks) == 2:
            return None
        if marks:
            mark = marks.pop()
            ours, theirs = (sum(r > 1 for m, r in votes if m and (m == mark) is same) for same in (True, False))
            return mark if ours >= theirs else None
    return None


def _vote(text: str) -> tuple[Mark | None, int]:
    core, _ = _core(text)
    if not core:
        return None, 0
    marks: list[Mark] = [m for m in _SHAPES if _exact(core, m) is not None]
    if len(marks) != 1 or not {".", ","} & set(core):
        return None, 0
    mark = marks[0]
    if "." in core and "," in core:
        return mark, 3
    return mark, 2 if re.search(r"[.,]\d\d$", core) or core.count(",") + core.count(".") > 1 else 1


def quantity(text: str, mark: Mark | None) -> tuple[Decimal, str | None] | None:
    """A number with the unit printed after it: `12 Stk` or `12 (Stk)` -> (12, "Stk"), `12` or `x 12` -> (12, None)."""
    match = re.fullmatch(r"\s*(?:[x×]\s*)?([-+]?[\d.,'’\s]*\d)\s*\(?([^\W\d_][\w./²³-]{0,14}\.?)?\)?\s*", text.translate(SPACES))
    value = number(match[1], mark) if match else None
    return None if match is None or value is None else (value, match[2])


@cache
def months() -> dict[str, int]:
    """Month names and abbreviations of all languages, lower case and without a final point; none is ambiguous."""
    names: dict[str, int] = {"sept": 9, "mrz": 3, "maerz": 3, "fevr": 2, "fev": 2, "aout": 8, "juil": 7, "dec": 12}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in get_month_names(width, context, Locale.parse(language)).items():
                    names.setdefault(name.lower().rstrip("."), month)
    return names


_ISO = re.compile(r"((?:19|20|21)\d\d)([./-]?)(\d{1,2})\2(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_TIME = re.compile(r"[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?\s*(?:Z|[+-]\d{2}:?\d{2})?$")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|°)?[.]?[\s./-]*(?:of |de |d')?\s*([^\W\d_]{3,14})\.?[\s,./-]*(?:de |of )?(\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,14})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?\s*[,\s-]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[\s./-]*([^\W\d_]{3,14})\.?[\s./-]*(\d{1,2})")


def date(text: str, order: DateOrder | None) -> dt.date | None:
    """The day a text names; with order `None` only when it can be one day alone.

    `05.06.2026` is read day first whatever else, as every CLDR locale that uses points does, unless order is "mdy".
    """
    if len(text) > 60:
        return None
    plain = _TIME.sub("", text.translate(SPACES).strip())
    named = _named(plain) or _named(plain.partition(" ")[2])  # the second without a weekday or an article
    if named:
        return named
    iso = _ISO.fullmatch(plain)
    if iso and (iso[2] or len(plain) == 8):
        return _day(iso[1], iso[3], iso[4])
    match = _NUMERIC.fullmatch(plain)
    if not match:
        return None
    found = {d for o in _orders(order, match[2]) if (d := _by_order(o, match[1], match[3], match[4]))}
    return found.pop() if len(found) == 1 else None


def _orders(order: DateOrder | None, separator: str) -> tuple[DateOrder, ...]:
    if order and order != "ymd":
        return (order,)
    if separator == ".":
        return ("dmy",)
    return ("ymd",) if order == "ymd" else ("dmy", "mdy")


def _by_order(order: DateOrder, first: str, second: str, third: str) -> dt.date | None:
    if order == "ymd":
        return _day(first, second, third) if len(third) == 2 else None
    return _day(third, second, first) if order == "dmy" else _day(third, first, second)


def _named(text: str) -> dt.date | None:
    lower = text.lower()
    for pattern, (y, m, d) in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_YEAR_FIRST, (1, 2, 3))):
        match = pattern.fullmatch(lower)
        month = months().get(match[m]) if match else None
        if match and month:
            return _day(match[y], str(month), match[d])
    return None


def _day(year: str, month: str, day: str) -> dt.date | None:
    full = int(year) + (2000 if len(year) == 2 else 0)
    try:
        return dt.date(full, int(month), int(day)) if 1900 <= full <= 2199 else None
    except ValueError:
        return None


def date_order(texts: Iterable[str]) -> DateOrder | None:
    """The order of day, month and year that the numeric dates of a document prove; `None` when none or both are proved."""
    seen: set[DateOrder] = set()
    for text in texts:
        plain = _TIME.sub("", text.translate(SPACES).strip()) if len(text) < 40 else ""
        match = _NUMERIC.fullmatch(plain)
        if (iso := _ISO.fullmatch(plain)) and iso[2]:
            seen.add("ymd")
        elif match:
            fits: list[DateOrder] = [o for o in _orders(None, match[2]) if _by_order(o, match[1], match[3], match[4])]
            seen.update(fits if len(fits) == 1 and (match[2] != "." or int(match[1]) > 12) else [])
    days: set[DateOrder] = seen - {"ymd"}
    if days:
        return days.pop() if len(days) == 1 else None
    return "ymd" if seen else None


_NAMES: dict[str, str] = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound sterling": "GBP", "pounds sterling": "GBP", "british pound": "GBP",
    "us$": "USD", "us dollar": "USD", "us dollars": "USD", "u.s. dollar": "USD", "u.s. dollars": "USD", "ca$": "CAD", "c$": "CAD",
    "canadian dollar": "CAD", "canadian dollars": "CAD", "au$": "AUD", "a$": "AUD", "australian dollars": "AUD", "nz$": "NZD",
    "hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "₹": "INR", "rupees": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₴": "UAH",
    "₪": "ILS", "฿": "THB", "₫": "VND", "₱": "PHP", "₦": "NGN", "kč": "CZK", "zł": "PLN", "zloty": "PLN", "swiss franc": "CHF",
    "swiss francs": "CHF", "schweizer franken": "CHF", "franken": "CHF", "sfr": "CHF", "rmb": "CNY", "renminbi": "CNY", "jp¥": "JPY",
    "cn¥": "CNY", "japanese yen": "JPY", "yen": "JPY", "danish kroner": "DKK", "danske kroner": "DKK", "norske kroner": "NOK",
    "svenska kronor": "SEK", "swedish kronor": "SEK",
}  # fmt: skip
_IN_PROSE = frozenset(
    [
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "JPY",
        "CNY",
        "CAD",
        "AUD",
        "NZD",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "BGN",
        "ISK",
        "TRY",
        "INR",
        "SGD",
        "HKD",
        "KRW",
        "TWD",
        "THB",
        "MYR",
        "IDR",
        "PHP",
        "VND",
        "BRL",
        "MXN",
        "ARS",
        "CLP",
        "COP",
        "PEN",
        "ZAR",
        "NGN",
        "KES",
        "EGP",
        "ILS",
        "AED",
        "SAR",
        "QAR",
        "KWD",
        "BHD",
        "OMR",
        "JOD",
        "UAH",
        "RUB",
        "RSD",
        "MAD",
        "PKR",
        "BDT",
        "LKR",
    ]
)  # codes that are no word in capitals, unlike ALL, TOP or CUP


_AT_FIGURE = re.compile(r"[^\w]*[\d.,']*([A-Z]{3})[\d.,']*[^\w]*")


def currency(text: str) -> str | None:
    """The ISO 4217 code that a text names, or `None` when it names none, several, or only `$`, `¥` or `kr`."""
    folded = " ".join(text.translate(SPACES).split())
    if folded in _CODES or folded.upper() in _IN_PROSE:
        return folded.upper()
    lower = folded.lower().replace("s $", "s$")
    if lower in _NAMES:
        return _NAMES[lower]
    if re.fullmatch(r"R ?\d{1,3}(?:[ ,]?\d{3})*[.,]\d\d", folded):  # as CLDR prints the rand
        return "ZAR"
    found = {m[1] for m in map(_AT_FIGURE.fullmatch, folded.split()) if m and m[1] in _IN_PROSE}
    found |= {code for name, code in _NAMES.items() if name in lower and re.search(rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])", lower)}
    return found.pop() if len(found) == 1 else None
