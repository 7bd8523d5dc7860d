"""Whoever works on a job writes only as long as the job is theirs. A process that was stopped, or cut off, for longer than its lease
wakes up to find its job with another, and may not go on where that one has taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from signoff.domain.errors import SignoffError
from signoff.graph.store.port import Jobs
from signoff.graph.store.rows import Job

_JOB: ContextVar[Job | None] = ContextVar("job", default=None)


class Superseded(SignoffError):
    """Somebody else has taken the job over; there is nothing left to do, nor to tell."""


@contextmanager
def holding(job: Job) -> Iterator[None]:
    """What is written within, also by tasks that are started there, is written for this job."""
    token = _JOB.set(job if job.owner else None)
    try:
        yield
    finally:
        _JOB.reset(token)


def check(jobs: Jobs) -> None:
    """At the beginning of a transaction: raises `Superseded` when the job it is for is no longer held."""
    job = _JOB.get()
    if job is not None and not jobs.holds(job):
        raise Superseded(f"Job {job.job_id} was taken over by another worker.")
