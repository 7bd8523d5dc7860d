"""Days and spans of time as contracts write them: `the 1st day of March, 2026`, `three (3) years`, `zwölf Monate`."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from signoff.tools.orders.values import DateOrder, date, months

CENTURY = 70
"""A year of two digits from this on is of the last century."""
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "eighteen": 18, "twenty": 20, "twenty-four": 24, "twenty-five": 25,
    "thirty": 30, "thirty-six": 36, "forty-five": 45, "forty-eight": 48, "fifty": 50, "sixty": 60, "seventy-five": 75, "ninety": 90,
    "hundred": 100, "one hundred": 100, "one hundred twenty": 120, "one hundred and twenty": 120, "one hundred eighty": 180,
    "one hundred and eighty": 180, "ein": 1, "eine": 1, "einem": 1, "einen": 1, "eines": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4,
    "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "vierundzwanzig": 24, "sechsunddreißig": 36,
}  # fmt: skip
_SPELLED = "|".join(word.replace(" ", r"\s+").replace("-", r"[-\s]?") for word in sorted(NUMBERS, key=len, reverse=True))
_UNITS = {"y": "Y", "m": "M", "w": "W", "d": "D", "j": "Y", "q": "Q", "t": "D"}
_UNIT = (
    r"(?:calendar|contract|full|additional|consecutive|business|working|successive|further|volle[nr]?)?\s*-?\s*"
    r"(?P<unit>years?|months?|weeks?|days?|jahre?[ns]?|monate?[ns]?|wochen?|tage?[ns]?)"
)
SPAN = re.compile(
    rf"\b(?:(?P<word>{_SPELLED}|a|an)\b\s*-?\s*)?(?:\(\s*(?P<boxed>\d{{1,3}}|I)\s*\)\s*-?\s*"
    rf"|(?P<bare>\d{{1,3}})\s*-?\s*(?:\(\s*[\w\s-]{{2,20}}\)\s*)?)?"
    rf"{_UNIT}\b(?:\s*\(\s*(?P<late>\d{{1,3}})\s*\))?",
    re.IGNORECASE,
)
_TIME = re.compile(r"year|month|week|day|jahr|monat|woche|tag|anniversary", re.IGNORECASE)
_TWELVE = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_TEENS = ("thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth")
_TWENTIES = ("twentieth", *(f"twenty-{word}" for word in _TWELVE[:9]), "thirtieth", "thirty-first")
NTH = {name: n for n, name in enumerate((*_TWELVE, *_TEENS, *_TWENTIES), 1)}
_NTH = "|".join(name.replace("-", r"[-\s]") for name in sorted(NTH, key=len, reverse=True))
ANNIVERSARY = re.compile(
    rf"\b(?:(?P<word>{_NTH})\s*(?:\(\s*\d{{1,2}}(?:st|nd|rd|th)?\s*\)\s*)?|(?P<n>\d{{1,2}})\s?(?:st|nd|rd|th)\s+)(?:year\s+)?anniversary\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, and where it stands in its sentence."""

    count: int
    unit: str  # Y, M, W or D
    start: int
    end: int

    def __str__(self) -> str:
        """ISO 8601; twelve months are a year, so that two ways to write it are one value."""
        if self.unit == "M" and self.count % 12 == 0:
            return f"P{self.count // 12}Y"
        return f"P{self.count}{self.unit}"

    def after(self, day: dt.date) -> dt.date | None:
        """The same day so much later; the month's last where it has none such."""
        try:
            if self.unit in "DW":
                return day + dt.timedelta(days=self.count * (7 if self.unit == "W" else 1))
            total = day.year * 12 + day.month - 1 + self.count * (12 if self.unit == "Y" else 1)
            year, month = divmod(total, 12)
            return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        except (ValueError, OverflowError):
            return None


def spans(text: str) -> Iterator[Span]:
    """The spans of time with a number; one that is written twice, in words and figures, counts where both agree."""
    if not _TIME.search(text):
        return
    for match in SPAN.finditer(text):
        figures = match["boxed"] or match["bare"] or match["late"]
        figure = (1 if figures == "I" else int(figures)) if figures else None
        word = _counted(match["word"])
        if figure is None and (word is None or match["word"].lower() in ("a", "an")) and not _article(match):
            continue
        if figure is not None and word is not None and match["word"].lower() not in ("a", "an") and word != figure:
            continue
        count = figure if figure is not None else word
        if count:
            yield Span(count, _UNITS[match["unit"][0].lower()], match.start(), match.end())


def anniversaries(text: str) -> Iterator[Span]:
    """`the third anniversary`: so many years."""
    for match in ANNIVERSARY.finditer(text):
        yield Span(int(match["n"]) if match["n"] else _nth(match["word"]), "Y", match.start(), match.end())


def _nth(word: str) -> int:
    return NTH["-".join(word.lower().split())]


def _article(match: re.Match[str]) -> bool:
    """`a year` is a span; `a days` is none."""
    return bool(match["word"]) and match["unit"].lower() in ("year", "month", "week", "day")


def _counted(word: str | None) -> int | None:
    if word is None:
        return None
    plain = " ".join(word.lower().split())
    if plain in ("a", "an"):
        return 1
    return NUMBERS.get(plain) or NUMBERS.get(plain.replace(" ", "-"))


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and where it stands in its sentence; nothing for one that can be read as two days."""

    day: dt.date | None
    start: int
    end: int


def days(text: str, order: DateOrder | None) -> list[Day]:
    """The days that a text names."""
    return [Day(_read(m, order), m.start(), m.end()) for m in _pattern().finditer(text)]


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(sorted((re.escape(name) for name in months() if len(name) > 2), key=len, reverse=True))
    nth = r"\s?(?:s\s?t|n\s?d|r\s?d|t\s?h|\.|º)?"
    return re.compile(
        rf"(?<!\d)(?:(?P<d1>\d{{1,2}}){nth}|(?P<w1>\b(?:{_NTH})))[\s,-]*(?:(?:day\s+)?of\s+|day,?\s+"
        rf"|de\s+)?(?P<m1>{names})\b\.?[\s,-]*(?:in\s+the\s+year\s+|de\s+)?(?P<y1>(?:19|20)\d\d)\b"
        rf"|(?<![^\W_])(?P<m2>{names})\b\.?\s*(?:the\s+)?(?P<d2>\d{{1,2}}){nth}\s*,?\s*(?P<y2>(?:19|20)\d\d)\b"
        r"|(?<![\d./-])(?P<iso>(?:19|20)\d\d-\d{1,2}-\d{1,2})(?![\d/-])"
        r"|(?<![\d./-])(?P<n>\d{1,2}\s?(?P<sep>[./-])\s?\d{1,2}\s?(?P=sep)\s?(?:(?:19|20)\d\d|\d\d))(?![\d/-])",
        re.IGNORECASE,
    )


def _read(match: re.Match[str], order: DateOrder | None) -> dt.date | None:
    if match["iso"]:
        return date(match["iso"], None)
    if match["n"]:
        first, second, year = re.split(r"\s?[./-]\s?", match["n"])
        century = ("19" if int(year) >= CENTURY else "20") if len(year) == 2 else ""
        return date(f"{first}{match['sep']}{second}{match['sep']}{century}{year}", order)
    month, year = (match[f"{part}1"] or match[f"{part}2"] for part in "my")
    day = _nth(match["w1"]) if match["w1"] else int(match["d1"] or match["d2"])
    try:
        return dt.date(int(year), months()[month.lower().rstrip(".")], day)
    except ValueError:
        return None
