"""How long people have to answer what they are asked (the service level), and where an open task stands in that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from pydantic import model_validator

from signoff.domain.findings import Severity
from signoff.domain.record import Record, Text
from signoff.domain.working_time import Calendar, Span

Kind = Literal["review", "exception", "approval", "question"]


class Level(Record):
    """When somebody is reminded of a task, and when others are asked too; all in working time from when it was opened.

    With `tell` whoever is asked hears of it at once. `remind_every` repeats the reminder. With `escalate_to` the holders of a role are
    asked, otherwise the managers of those who were.
    """

    tell: bool = False
    remind_after: Span | None = None
    remind_every: Span | None = None
    escalate_after: Span | None = None
    escalate_to: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Level:
        if self.remind_every and not self.remind_after:
            raise ValueError("remind_every repeats a reminder; say when the first one comes with remind_after")
        if self.escalate_to and not self.escalate_after:
            raise ValueError("escalate_to needs escalate_after: when the role is asked")
        return self


class Special(Level):
    """A level that holds only for some tasks: all that is stated must fit. `severity` is that of the gravest finding, at least."""

    kinds: tuple[Kind, ...] = ()
    rules: tuple[Text, ...] = ()
    roles: tuple[Text, ...] = ()
    severity: Severity | None = None

    @model_validator(mode="after")
    def _aimed(self) -> Special:
        if not (self.kinds or self.rules or self.roles or self.severity):
            raise ValueError("an override of the sla names kinds, rules, roles or a severity")
        return self

    def fits(self, about: About) -> bool:
        """Whether it holds for a task."""
        grave = self.severity is None or (about.severity is not None and about.severity.rank >= self.severity.rank)
        stated = ((self.kinds, about.kind), (self.rules, about.rule), (self.roles, about.role))
        return grave and all(not wanted or value in wanted for wanted, value in stated)


class About(Record):
    """What a level is chosen by: the kind of task, the rule behind it, the role it asks, the gravest finding of its case."""

    kind: Kind
    rule: str | None = None
    role: str | None = None
    severity: Severity | None = None


class Sla(Record):
    """The level of each kind of task, and `overrides` for some of them; the last one that fits holds instead."""

    review: Level = Level()
    exception: Level = Level()
    approval: Level = Level()
    question: Level = Level()
    overrides: tuple[Special, ...] = ()

    def level(self, about: About) -> Level:
        """What holds for a task."""
        usual: Level = getattr(self, about.kind)
        return next((special for special in reversed(self.overrides) if special.fits(about)), usual)


class StandIn(Record):
    """Somebody who may answer a task besides those who are asked, and in whose place: it was forwarded to them, or escalated."""

    person: str
    principal: str


class Standing(Record):
    """How an open task stands: by when it should be answered, when somebody is told, who has it, who may answer besides.

    `holder` was given the task by somebody who was asked. `paused_at` is since when its time stands still, for a question. A question
    has `asked_by` and, in `about`, the number of the task that it was asked for. Times are in UTC, to the second.
    """

    due_at: dt.datetime | None = None
    tell_at: dt.datetime | None = None
    remind_at: dt.datetime | None = None
    escalate_at: dt.datetime | None = None
    paused_at: dt.datetime | None = None
    holder: str | None = None
    stand_ins: tuple[StandIn, ...] = ()
    asked_by: str | None = None
    about: int | None = None

    @property
    def places(self) -> Mapping[str, str]:
        """In whose place each stand-in answers."""
        return {s.person: s.principal for s in self.stand_ins}

    def overdue(self, now: dt.datetime) -> bool:
        """Whether it should have been answered by now; never while its time stands still."""
        return self.due_at is not None and self.paused_at is None and self.due_at < now


def begun(level: Level, calendar: Calendar, now: dt.datetime) -> Standing:
    """How a task stands when it is opened."""
    remind, escalate = (calendar.after(now, span) if span else None for span in (level.remind_after, level.escalate_after))
    tell = now.astimezone(dt.UTC).replace(microsecond=0) if level.tell else None
    return Standing(due_at=escalate or remind, tell_at=tell, remind_at=remind, escalate_at=escalate)


def resumed(standing: Standing, calendar: Calendar, now: dt.datetime) -> Standing:
    """A task whose time goes on: it has as much working time left as it had when it was paused."""
    paused = standing.paused_at
    if paused is None:
        return standing

    def later(at: dt.datetime | None) -> dt.datetime | None:
        return at if at is None or at <= paused else calendar.add(now, calendar.between(paused, at))

    times = {name: later(getattr(standing, name)) for name in ("due_at", "remind_at", "escalate_at")}
    return standing.model_copy(update={**times, "paused_at": None})
