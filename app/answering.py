"""A person's answer is taken, and its case goes on from there: the same from whichever way in."""

from __future__ import annotations

from signoff.app.workspace import Workspace, finished
from signoff.graph.decisions import Decision, decide
from signoff.graph.jobs import Queue, work


async def answered(w: Workspace, number: int, said: Decision) -> str:
    """A sentence on what the answer did. Raises `Refused` when it does not count."""
    with w.worker() as (services, worker):
        sentence = decide(services, number, said)
        async with worker.alive(services.store):
            await finished(services, work(w.graph, services, Queue(services, worker, number), lambda _: None))
    return sentence
