"""The days that running text names: when an order was written, and when its goods are wanted.

A day without a year ("by Friday 9 Feb") is the first such day on or after the one on which the text was written, where that is known and
the weekday agrees; else it is nobody's, and leaves a notice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import cache

from babel import Locale
from babel.dates import get_day_names

from signoff.domain.reading import Region
from signoff.tools.orders.layout_header import Found
from signoff.tools.orders.layout_values import Style
from signoff.tools.orders.passages import Passage
from signoff.tools.orders.values import LANGUAGES, date, months

SAID = 0.5
"""The strength of what a text says; a label weighs 1 and more."""
AHEAD = 300
"""How many days before a day without a year the text that names it was written, at most."""

_MONTH = r"[^\W\d_]{3,12}\.?"
DAY = (
    rf"(?P<day>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de |of )?{_MONTH},?\s+(?:de )?\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}},?\s+\d{{4}})"
)
_ISSUED = re.compile(
    rf"(?:\b(?:dated|date of order|vom|datiert|du|en date du|del|de fecha|con fecha|in data|d\.d\.|van|av den|av|datert)\s+"
    rf"|^[^\W\d_][\w. '-]{{2,30}},\s*(?:le|den|the|il|a)?\s*){DAY}",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^(?:(?:date|datum|fecha|data|dato)\s*:?\s*)?{DAY}\.?$", re.IGNORECASE)
_BEHIND = re.compile(rf"[\s,]*\(\s*{DAY}\s*\)", re.IGNORECASE)
_WANTED = re.compile(
    r"\b(?:deliver\w*|need\w*|require\w*|wanted|by|before|until|not later than|liefer\w*|anliefer\w*|benötig\w*|bis|spätestens"
    r"|livr\w*|au plus tard"
    r"|avant|entreg\w*|antes|consegn\w*|entro|lever\w*|uiterlijk|vóór|senast|senest|toimit\w*|viimeistään)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:[^.!?]|[.!?](?!\s|$)|(?<=\d)\.(?=\s+[^\W\d_])|(?<=[^\W\d_]{3})\.(?=\s+\d))+\.?")


def issued(passage: Passage, codes: Sequence[re.Match[str]], style: Style) -> Found | None:
    """The day of the order: behind "dated", alone on its line, or in brackets behind one of the order numbers."""
    text = passage.text
    behind = (_BEHIND.match(text, m.end()) for m in codes)
    match = _ISSUED.search(text) or _ALONE.match(text) or next((m for m in behind if m), None)
    day = date(match["day"], style.order) if match else None
    return Found("/issue_date", day, passage.cell(*match.span("day")), SAID, Region.HEADER, passage.lines[0]) if match and day else None


def wanted(passage: Passage, style: Style, written: Found | None) -> Iterator[Found]:
    """The one day in a sentence that speaks of delivery; `written` is the day of the order, which is another."""
    own = written.cell.text.strip("().,;") if written else None
    for sentence in _SENTENCE.finditer(passage.text):
        days = [m for m in re.finditer(DAY, sentence[0]) if m["day"] != own]
        if len(days) == 1 and _WANTED.search(sentence[0][: days[0].start()]):
            yield _delivery(passage, sentence.start(), days[0], date(days[0]["day"], style.order))


def wanted_soon(passage: Passage, style: Style, today: dt.date | None) -> Iterator[Found]:
    """The same of a day without a year, seen from the day on which the text was written."""
    for sentence in _SENTENCE.finditer(passage.text):
        cue = _WANTED.search(sentence[0])
        days = list(_short().finditer(sentence[0], cue.end())) if cue else []
        if cue and len(days) == 1 and not re.search(DAY, sentence[0][cue.end() :]):
            yield _delivery(passage, sentence.start(), days[0], _next(days[0], today, style) if today else None)


def _delivery(passage: Passage, start: int, match: re.Match[str], day: dt.date | None) -> Found:
    cell = passage.cell(*(start + n for n in match.span("day")))
    return Found("/requested_delivery_date", day, cell, SAID if day else 0.0, Region.HEADER, passage.lines[0])


def _named(text: str, year: int, style: Style) -> dt.date | None:
    plain = text.rstrip(".")
    return date(f"{plain}.{year}" if plain[-1:].isdigit() and "." in plain else f"{plain} {year}", style.order)


def _next(match: re.Match[str], today: dt.date, style: Style) -> dt.date | None:
    """The first such day from today on, if it is near and of the weekday that is printed."""
    days = [d for year in (today.year, today.year + 1) if (d := _named(match["day"], year, style)) and 0 <= (d - today).days <= AHEAD]
    weekday = _weekdays().get((match["weekday"] or "").lower())
    return days[0] if days and weekday in (None, days[0].weekday()) else None


@cache
def _short() -> re.Pattern[str]:
    """A day without a year, perhaps with its weekday: `Friday 9 Feb`, `Feb 9th`, `9.2.`."""
    month, weekday = ("|".join(sorted(map(re.escape, names), key=len, reverse=True)) for names in (months(), _weekdays()))
    return re.compile(
        rf"(?:\b(?P<weekday>{weekday})\.?,?\s+(?:the |den |le |il |el )?)?"
        rf"(?P<day>\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de |of )?(?:{month})\b"
        rf"|\b(?:{month})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?![.,]?\d)|\b\d{{1,2}}\.\s?\d{{1,2}}\.(?!\d))",
        re.IGNORECASE,
    )


@cache
def _weekdays() -> dict[str, int]:
    """The names of the days of the week in all languages, Monday 0 (CLDR); those that mean two days are left out."""
    names: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for day, name in get_day_names(width, "format", Locale.parse(language)).items():
                names.setdefault(name.lower().rstrip("."), set()).add(day)
    return {name: days.pop() for name, days in names.items() if len(days) == 1}
