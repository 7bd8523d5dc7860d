"""Grounding: a value is found again in the text it is said to come from, in any usual rendering.

Numbers may be grouped and pointed in any way (`1.234,50`, `1,234.50`, `1 234.50`, `1'234.50`), dates written in any order,
with month names, or as a week. A number is never found inside a longer one.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol

from signoff.domain.checks.fields import CODED

NUMBER = re.compile(r"(?<![\d.,])[.,]?\d+(?:[.,'’٫٬]\d+)*")
SPACED = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)")
RUN = re.compile(r"[^\W\d_]+|\d+")
MINUS = re.compile(r"[-−–(]|\bCR\b", re.IGNORECASE)
LEADING_MINUS = re.compile(r"\s*[-−(]")
MONTH_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "sv", "da", "nb", "fi", "hu", "ro", "tr")
DAY_FORMS = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%y%m%d", "%d%m%y", "%m%d%y")
LOCAL_MONEY = {
    "SEK": ("kr",),
    "NOK": ("kr",),
    "DKK": ("kr",),
    "PLN": ("zł", "zl"),
    "CZK": ("kč", "kc"),
    "CHF": ("fr", "sfr"),
    "HUF": ("ft",),
    "CNY": ("¥", "元", "rmb"),
    "JPY": ("円",),
}


def grounded(kind: str, value: object, text: str, *, raw: bool = False) -> bool:
    """Whether the text says the value. `raw`: the text is the bare element of a structured format (implied decimals)."""
    if text and text == str(value):
        return True
    leaf = kind.rsplit("/", 1)[-1]
    if leaf in CODED:
        return bool(text.strip())
    if isinstance(value, Decimal):
        return _says_number(abs(value), text, raw) if leaf == "amount" else _says_signed(value, text, raw)
    if isinstance(value, dt.date):
        return _says_date(value, text)
    if leaf == "currency":
        return _says_currency(str(value), text)
    return _says_text(str(value), text)


def _says_signed(value: Decimal, text: str, raw: bool) -> bool:
    negative = bool(MINUS.search(text)) if value < 0 else bool(value and LEADING_MINUS.match(text))
    return negative == (value < 0) and _says_number(abs(value), text, raw)


def _says_number(value: Decimal, text: str, raw: bool) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    if any(value == n for n in _numbers(plain)):
        return True
    digits = plain.strip().lstrip("+-")
    if not raw or len(digits) > 30:
        return False
    if re.fullmatch(r"\d+(\.\d*)?[Ee][+-]?\d{1,2}", digits):
        return Decimal(digits) == value
    return digits.isdecimal() and any(Decimal(digits).scaleb(-k) == value for k in range(1, 7))


def _numbers(text: str) -> Iterator[Decimal]:
    """Every number that a reader of the text could mean."""
    for token in NUMBER.findall(text[:4000]):
        yield from _readings(token)
    for token in SPACED.findall(text[:4000]):
        yield from _readings(token.replace(" ", ""))


def _readings(token: str) -> Iterator[Decimal]:
    token = re.sub("['’٬]", "", token).replace("٫", ".")
    points, commas = token.count("."), token.count(",")
    if points and commas:
        mark = max(".,", key=token.rfind)
        other = "," if mark == "." else "."
        yield from [Decimal(token.replace(other, "").replace(mark, "."))] if token.count(mark) == 1 else []
    elif points + commas == 1:
        yield Decimal(token.replace(",", "."))
        head, tail = re.split("[.,]", token)
        if len(tail) == 3 and 1 <= len(head) <= 3:
            yield Decimal(head + tail)
    else:
        yield Decimal(token.replace(".", "").replace(",", ""))


def _says_date(day: dt.date, text: str) -> bool:
    if day.isoformat() in text:
        return True
    plain = unicodedata.normalize("NFKC", text)
    runs = re.findall(r"\d+", plain)
    if any(r.startswith(day.strftime("%Y%m%d")) or (len(r) in (6, 8) and r in _compact(day)) for r in runs):
        return True
    numbers = [int(r) for r in runs if len(r) <= 4]
    year, week, _ = day.isocalendar()
    if re.search(r"(?i)\b(?:kw|cw|wk|week|woche|semaine|w)\s*\d", plain) and week in numbers and year in numbers:
        return True
    if not {day.day, day.year} <= set(numbers) and not {day.day, day.year % 100} <= set(numbers):
        return False
    years = numbers.count(day.year) + numbers.count(day.year % 100)
    return (years and _counted(day, numbers)) or _names_month(day.month, plain)


def _compact(day: dt.date) -> set[str]:
    year, week, _ = day.isocalendar()
    return {day.strftime(f) for f in DAY_FORMS} | {f"{year}{week:02}"}


def _counted(day: dt.date, numbers: list[int]) -> bool:
    """Day, month and year each stand there by themselves: 05.05.2026 needs two fives."""
    wanted = [day.day, day.month]
    return any(all(numbers.count(n) >= [*wanted, y].count(n) for n in (*wanted, y)) for y in (day.year, day.year % 100))


@lru_cache(maxsize=12)
def _month_names(month: int) -> frozenset[str]:
    """Folded names and abbreviations (three letters and more) of a month in the languages we know."""
    names: set[str] = set()
    for language in MONTH_LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names.add(_fold(months[context][width][month]))
    return frozenset(n for n in names if len(n) >= 3)


def _names_month(month: int, text: str) -> bool:
    names = _month_names(month)
    return any(_fold(w) in names for w in re.findall(r"[^\W\d_]+", text))


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if c.isalnum())


def _says_text(value: str, text: str) -> bool:
    """Letters and digits of the value stand in the text one after the other, from the start of a word to the end of one.

    `450` is not found in `4501`, but `4501` is found in `PO4501`; spaces, hyphens and line breaks do not matter.
    """
    runs = RUN.findall(unicodedata.normalize("NFKC", text).casefold())
    wanted = "".join(RUN.findall(unicodedata.normalize("NFKC", value).casefold()))
    if not wanted:
        return value.strip() in text
    edges = [0]
    for run in runs:
        edges.append(edges[-1] + len(run))
    joined, bounds = "".join(runs), set(edges)
    at = joined.find(wanted)
    while at >= 0:
        if at in bounds and at + len(wanted) in bounds:
            return True
        at = joined.find(wanted, at + 1)
    return False


def _says_currency(code: str, text: str) -> bool:
    if code in text.upper():
        return True
    low = text.casefold()
    words = set(re.findall(r"[^\W\d_]+", low))
    signs = {c for c in text if unicodedata.category(c) == "Sc"}
    return bool(signs & set(_symbol(code))) or _name(code) in low or any(s in words or s in signs for s in LOCAL_MONEY.get(code, ()))


def _symbol(code: str) -> str:
    return str(get_currency_symbol(code, locale="en"))


def _name(code: str) -> str:
    return str(get_currency_name(code, locale="en")).casefold()
