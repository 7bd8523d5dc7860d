"""Working time: what passes while the company is at work, whatever the clock, the weekend or a holiday does."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from signoff.domain.findings import Severity
from signoff.domain.sla import About, Level, Sla, Special, begun, resumed
from signoff.domain.working_time import Calendar

BERLIN = Calendar(time_zone="Europe/Berlin", holidays=(dt.date(2026, 12, 25),))
FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 3600).map(lambda seconds: FIRST + dt.timedelta(seconds=seconds))


def at(text: str) -> dt.datetime:
    """A moment as the clocks in Berlin have it."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN.time_zone))


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-16 10:00", "4 hours", "2026-11-16 14:00"),
        ("2026-11-16 15:00", "4 hours", "2026-11-17 11:00"),
        ("2026-11-16 10:00", "1 day", "2026-11-17 10:00"),
        ("2026-11-20 16:30", "1 hour", "2026-11-23 09:30"),  # over the weekend
        ("2026-11-21 12:00", "1 hour", "2026-11-23 10:00"),  # asked on a Saturday
        ("2026-11-16 06:00", "2 hours", "2026-11-16 11:00"),  # before work
        ("2026-12-24 16:00", "2 hours", "2026-12-28 10:00"),  # Christmas Day is a Friday
        ("2026-03-27 16:00", "2 hours", "2026-03-30 10:00"),  # the clocks change in between
        ("2026-11-16 09:00", "1 day", "2026-11-16 17:00"),
        ("2026-11-16 10:00", "30 minutes", "2026-11-16 10:30"),
    ],
)
def test_so_much_later(start: str, span: str, end: str) -> None:
    assert BERLIN.after(at(start), span) == at(end)


@given(MOMENTS, st.integers(0, 10_000))
def test_the_time_between_is_the_time_that_was_added(start: dt.datetime, minutes: int) -> None:
    span = dt.timedelta(minutes=minutes)
    end = BERLIN.add(start, span)
    assert BERLIN.between(start, end) == span
    assert end >= start


@given(MOMENTS, st.integers(0, 2000), st.integers(0, 2000))
def test_time_is_added_bit_by_bit_or_at_once(start: dt.datetime, one: int, two: int) -> None:
    first, second = dt.timedelta(minutes=one), dt.timedelta(minutes=two)
    assert BERLIN.between(start, BERLIN.add(BERLIN.add(start, first), second)) == first + second


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": ()}, "at least one working day"),
        ({"hours": "17:00-09:00"}, "from the earlier to the later"),
        ({"hours": "9-17"}, 'written like "09:00-17:00"'),
        ({"time_zone": "Berlin"}, "is no time zone"),
        ({"time_zone": "../../etc/passwd"}, "is no time zone"),
        ({"days": ("someday",)}, "'mon', 'tue'"),
    ],
    ids=lambda v: str(v)[:30],
)
def test_a_calendar_that_cannot_be(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace("(", r"\(")):
        Calendar(**wrong)


@pytest.mark.parametrize("span", ["1", "0 days", "soon", "1.5 hours", "-1 day", "2 weeks", "99999 days"])
def test_a_span_that_is_none(span: str) -> None:
    with pytest.raises(ValidationError, match="write it like 4 hours"):
        Level(remind_after=span)


def test_the_last_override_that_fits_holds() -> None:
    quick, role = Special(severity=Severity.BLOCKING, remind_after="1 hour"), Special(roles=("compliance",), remind_after="2 hours")
    sla = Sla(approval=Level(remind_after="1 day"), overrides=(quick, role))
    assert sla.level(About(kind="approval")).remind_after == "1 day"
    assert sla.level(About(kind="approval", severity=Severity.WARNING)).remind_after == "1 day"
    assert sla.level(About(kind="approval", severity=Severity.BLOCKING)).remind_after == "1 hour"
    assert sla.level(About(kind="approval", severity=Severity.BLOCKING, role="compliance")).remind_after == "2 hours"


@pytest.mark.parametrize("wrong", [{"remind_every": "1 day"}, {"escalate_to": "cfo"}], ids=str)
def test_a_level_that_says_half(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=r"remind_after|escalate_after"):
        Level(**wrong)


def test_a_pause_takes_no_working_time() -> None:
    level = Level(remind_after="2 hours", escalate_after="1 day")
    standing = begun(level, BERLIN, at("2026-11-16 10:00"))
    paused = standing.model_copy(update={"paused_at": at("2026-11-16 13:00").astimezone(dt.UTC)})
    assert not paused.overdue(at("2026-12-01 10:00"))
    after = resumed(paused, BERLIN, at("2026-11-18 09:00"))
    assert after.paused_at is None
    assert after.remind_at == standing.remind_at, "what was due before the pause stays due"
    assert after.escalate_at == at("2026-11-18 14:00"), "four hours of the Monday were left, and one of the Tuesday"
    assert after.due_at == after.escalate_at
