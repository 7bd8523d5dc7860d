"""What somebody who watches over Signoff wants to know at a glance."""

from __future__ import annotations

import datetime as dt

from signoff.domain.record import Number, Record
from signoff.domain.states import ENDED, WAITING, State
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Backlog
from signoff.graph.workers import now_ms

SPANS = {"minute": dt.timedelta(minutes=1), "hour": dt.timedelta(hours=1), "day": dt.timedelta(days=1)}


class Stage(Record):
    """How many cases are in a state, and for how many seconds the one has been that is there longest."""

    count: int
    oldest_seconds: int


class Figures(Record):
    """At one moment. Rates are shares of the cases that were taken in within the last day; `None` where there were none.

    `money_waiting` is in base currency; `unchecked` waiting cases are not in it, as nobody knows yet what they commit.
    """

    at: str
    stages: dict[State, Stage]
    ended: dict[str, int]
    taken_in_day: int
    failed_rate: float | None
    exception_rate: float | None
    money_waiting: Number
    unchecked: int
    postings_pending: int
    model_calls_day: int
    model_cost_day: Number
    jobs: Backlog


def figures(store: Store, now: dt.datetime) -> Figures:
    """The figures of a store. Reads only."""
    told = store.figures
    day = (now - SPANS["day"]).isoformat()
    taken, (money, unchecked), (calls, cost) = told.taken_in(day), told.money(), told.spent(day)
    total = sum(taken.values())
    return Figures(
        at=now.isoformat(timespec="seconds"),
        stages={state: Stage(count=count, oldest_seconds=_age(now, oldest)) for state, count, oldest in told.stages()},
        ended={name: _sum(told.ended((now - span).isoformat()), ENDED) for name, span in SPANS.items()},
        taken_in_day=total,
        failed_rate=_sum(taken, {State.FAILED}) / total if total else None,
        exception_rate=_sum(taken, WAITING - {State.NEEDS_APPROVAL}) / total if total else None,
        money_waiting=money, unchecked=unchecked, postings_pending=told.pending(), model_calls_day=calls, model_cost_day=cost,
        jobs=store.jobs.backlog(now_ms()),
    )  # fmt: skip


def _sum(counts: dict[State, int], states: frozenset[State] | set[State]) -> int:
    return sum(count for state, count in counts.items() if state in states)


def _age(now: dt.datetime, since: str) -> int:
    return max(0, round((now - dt.datetime.fromisoformat(since)).total_seconds()))
