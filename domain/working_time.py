"""Working time: when the company is at work, and how much of that lies between two moments.

Times are given and taken with their offset; hours are those of the company's time zone, so that nine o'clock stays nine o'clock when
the clocks change.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, model_validator

from signoff.domain.record import Record, Text

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
SPAN = re.compile(r"([1-9]\d{0,3}) ?(minutes?|hours?|days?)")


def _span(text: str) -> str:
    if not SPAN.fullmatch(text):
        raise ValueError("write it like 4 hours, 2 days or 30 minutes; days and hours are working time")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write it like Europe/Berlin") from None
    return name


Span = Annotated[Text, AfterValidator(_span)]
"""Working time as people write it: `4 hours`, `2 days`. A day is as long as the calendar's hours."""


class Calendar(Record):
    """When the company is at work: the same hours on each of `days`, but not on `holidays`."""

    time_zone: Annotated[Text, AfterValidator(_zone)] = "UTC"
    days: tuple[Day, ...] = DAYS[:5]
    hours: Text = "09:00-17:00"
    holidays: tuple[dt.date, ...] = ()

    @model_validator(mode="after")
    def _works(self) -> Calendar:
        if not self.days:
            raise ValueError("name at least one working day, such as days: [mon, tue, wed, thu, fri]")
        if not HOURS.fullmatch(self.hours) or self.length <= dt.timedelta():
            raise ValueError('hours are written like "09:00-17:00", from the earlier to the later')
        return self

    @property
    def length(self) -> dt.timedelta:
        """How long a working day is."""
        start, end = _hours(self.hours)
        day = dt.date.min
        return dt.datetime.combine(day, end) - dt.datetime.combine(day, start)

    def time(self, span: str) -> dt.timedelta:
        """The working time of a span."""
        found = SPAN.fullmatch(span)
        assert found is not None, "a span is checked where it is read"
        unit = {"m": dt.timedelta(minutes=1), "h": dt.timedelta(hours=1), "d": self.length}[found[2][0]]
        return int(found[1]) * unit

    def after(self, start: dt.datetime, span: str) -> dt.datetime:
        """The moment at which that much working time has passed since `start`, in UTC."""
        return self.add(start, self.time(span))

    def add(self, start: dt.datetime, left: dt.timedelta) -> dt.datetime:
        """The same for an amount of working time, to the second."""
        at = start.astimezone(dt.UTC).replace(microsecond=0)
        day = self.local(at).date()
        while True:
            opens, closes = self._open(day) or (at, at)
            begins = max(at, opens)
            if closes > begins and begins + left <= closes:
                return begins + left
            left -= max(closes - begins, dt.timedelta())
            day += dt.timedelta(days=1)

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """The working time from one moment to a later one; none when it is not later."""
        day, last = self.local(start).date(), self.local(end).date()
        total = dt.timedelta()
        while day <= last:
            if hours := self._open(day):
                total += max(min(end, hours[1]) - max(start, hours[0]), dt.timedelta())
            day += dt.timedelta(days=1)
        return total

    def local(self, at: dt.datetime) -> dt.datetime:
        """The moment as the company's clocks have it."""
        return at.astimezone(ZoneInfo(self.time_zone))

    def _open(self, day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
        """From when until when there is work on a day."""
        if DAYS[day.weekday()] not in self.days or day in self.holidays:
            return None
        zone = ZoneInfo(self.time_zone)
        start, end = (dt.datetime.combine(day, time, zone).astimezone(dt.UTC) for time in _hours(self.hours))
        return start, end


@lru_cache(maxsize=16)
def _hours(text: str) -> tuple[dt.time, dt.time]:
    start, _, end = text.partition("-")
    return dt.time.fromisoformat(start), dt.time.fromisoformat(end)
