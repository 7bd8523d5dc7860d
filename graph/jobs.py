"""Work is jobs, and `execute_job` does them all: take one case as far as it goes without a person.

Where a thread stands is classified here and nowhere else, and never by `state.next == ()`: after a kill between two
checkpoint writes that is empty on a thread that is not finished, and the order would be lost.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from signoff.domain.errors import SignoffError, Unavailable, Unwritable
from signoff.domain.reading import DraftOrder, Part, SetAside, Unread
from signoff.domain.states import ENDED, State
from signoff.graph import tracing
from signoff.graph.desk import Desk
from signoff.graph.road import CaseState
from signoff.graph.services import Services
from signoff.graph.store.fence import Superseded, holding
from signoff.graph.store.rows import Case, Job, NewCase, case_id
from signoff.graph.workers import Worker, now_ms
from signoff.tools.documents.document import Source
from signoff.tools.paper import Contents, Paper

Graph = CompiledStateGraph[CaseState, Services, CaseState, CaseState]
TRIES = 5
"""A job that was begun so often without getting any further, by processes that died of it, or with it, is set aside."""
POISON = f"Work on it was begun {TRIES} times and never came to an end, as whatever did it died; look into it, then: signoff retry."
DELAYS_MS = tuple(min(30_000 * 2**n, 900_000) for n in range(8))
"""How long a patient worker puts a job off, one time after the other: from half a minute to a quarter of an hour, over an hour in all."""
STEP_OF: dict[type[Part], str] = {DraftOrder: "draft", SetAside: "set_aside", Unread: "unread"}


def known(services: Services, source: Source) -> list[Case]:
    """The cases of a file that was taken in before under the same name; it need not be read again."""
    return services.store.cases.of_file(source.name, hashlib.sha256(source.data).hexdigest())


def take_in(services: Services, source: Source, contents: Contents) -> list[Case]:
    """Open a case for each order in a file, with what was read, all in one transaction; a known file gives its cases."""
    digest = hashlib.sha256(source.data).hexdigest()
    started = time.perf_counter() - contents.seconds
    if source.problem is None:
        services.archive.put(source.data)
    with services.store.transaction():
        if cases := services.store.cases.of_file(source.name, digest):
            return cases
        items = ((p, part) for p in contents.papers for part in p.parts)
        numbers = [open_case(services, source.name, digest, i, item) for i, item in enumerate(items)]
        services.store.cases.add_duration(numbers[0], round((time.perf_counter() - started) * 1000))
    return services.store.cases.of_file(source.name, digest)


def open_case(services: Services, name: str, digest: str, index: int, item: tuple[Paper, Part]) -> int:
    """Open a case for the order with this index within the file of this name and SHA-256; its number."""
    paper, part = item
    lane, order_number = (part.lane, part.order.order_number) if isinstance(part, DraftOrder) else (None, None)
    new = NewCase(name, paper.member, index, digest, paper.sha256, part.format, lane, order_number)
    number = services.store.cases.add(new, services.clock())
    desk = Desk(services, number)
    saved = desk.save(STEP_OF[type(part)], part)
    desk.record("case.received", source=name, member=paper.member, part=index, document=paper.sha256, file=digest, steps=saved)
    services.store.jobs.enqueue(f"start:{number}", number, "start")
    return number


async def execute_job(graph: Graph, services: Services, job: Job, patient: bool = False) -> None:
    """Do one job. A crash becomes the state of its case, and is nobody else's trouble.

    With `patient`, what is out of reach is waited for: the job is put off, again and again for longer, before its case fails. Raises
    `Unwritable` when the store itself is out of reach; the job is then free again once its lease is over.
    """
    with suppress(Superseded), holding(job), tracing.job(job):
        started = time.perf_counter()
        try:
            error = await _tried(graph, services, job)
        except Unwritable:
            raise
        except Unavailable as outage:
            if patient and job.delays < len(DELAYS_MS):
                _put_off(services, job, outage)
                return
            error = str(outage)
        with services.store.transaction():
            if error:
                _fail(services, job.case, error)
            services.store.cases.add_duration(job.case, round((time.perf_counter() - started) * 1000))
            services.store.jobs.finish(job, error, "set_aside" if error == POISON else None)


async def _tried(graph: Graph, services: Services, job: Job) -> str | None:
    """What kept the job from being done, as a sentence."""
    try:
        if _begun(services, job) > TRIES and not _over(services, job):
            return POISON
        with tracing.workflow(case_id(job.case)):
            await advance(graph, services, job)
    except (Unavailable, Superseded):
        raise
    except Exception as crash:  # noqa: BLE001 - where a crash becomes a case's state
        return _sentence(crash)
    return None


def _begun(services: Services, job: Job) -> int:
    """How often the job was begun at the same point, by processes that died of it, or with it."""
    if job.attempts == 1 or not job.owner:
        return 0
    with services.store.transaction():
        return services.store.jobs.begin(job)


def _over(services: Services, job: Job) -> bool:
    """Whether its case has come to its end, and nothing is left to be set aside but the word of it."""
    case = services.store.cases.get(job.case)
    return case is not None and case.state in ENDED - {State.FAILED}


def _put_off(services: Services, job: Job, outage: Unavailable) -> None:
    wait = DELAYS_MS[job.delays]
    with services.store.transaction():
        Desk(services, job.case).record("case.deferred", because=str(outage), seconds=wait // 1000)
        services.store.jobs.put_back(job, now_ms() + wait, str(outage))


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, SignoffError) else f"unexpected {type(error).__name__}: {error}"[:500]


def _fail(services: Services, number: int, error: str) -> None:
    desk = Desk(services, number)
    if desk.case.state not in ENDED:
        if desk.case.state is not State.APPROVED:  # what was approved may stand in the ERP already, and goes on counting
            services.store.past.suspend(number)
        desk.record("case.failed", to=State.FAILED, reason=error, was=desk.case.state)


async def advance(graph: Graph, services: Services, job: Job) -> None:
    """Run the case's thread until it ends or waits for a person. Safe to call again at any point."""
    config: RunnableConfig = {"configurable": {"thread_id": case_id(job.case), "__pregel_strict_resume": True}, "recursion_limit": 50}
    begin: CaseState = {"case": job.case, "next": "read"}
    start: Any = begin
    if job.kind != "start" or job.attempts > 1:
        snapshot = await graph.aget_state(config)
        if snapshot.created_at is None:
            start = begin
        elif snapshot.interrupts:
            start = Command(resume={i.id: "settled" for i in snapshot.interrupts})
        elif snapshot.tasks:
            start = None
        else:
            return
    await graph.ainvoke(start, config, context=services, durability="sync")


def retry(services: Services, number: int) -> bool:
    """Queue a case that failed on its way to be taken up where it broke off; False when there is nothing to take up."""
    with services.store.transaction():
        desk = Desk(services, number)
        failures = [e for e in services.store.events.of_case(number) if e.type == "case.failed"]
        was = failures[-1].body.get("was") if failures else None
        if desk.case.state is not State.FAILED or was is None:
            return False
        services.store.past.resume(number)
        desk.record("case.retried", to=State(was))
        services.store.jobs.take_up(number)
        return services.store.jobs.enqueue(f"retry:{number}:{failures[-1].seq}", number, "retry")


class Queue:
    """The jobs this process has claimed, handed out one by one in the order of the queue to whoever is free."""

    def __init__(self, services: Services, worker: Worker, case: int | None = None) -> None:
        self.services, self.worker, self.case = services, worker, case
        self._claimed: deque[Job] = deque()

    def __iter__(self) -> Iterator[Job]:
        return self

    def __next__(self) -> Job:
        if not self._claimed:
            self._claimed.extend(self.worker.claim(self.services.store, self.case))
        if not self._claimed:
            raise StopIteration
        return self._claimed.popleft()

    def give_back(self) -> None:
        """Let others do what was claimed here and not begun."""
        if self._claimed:
            self.worker.give_back(self.services.store, self._claimed)
            self._claimed.clear()


async def work(graph: Graph, services: Services, jobs: Queue, done: Callable[[Job], None]) -> None:
    """Do jobs until none is left that is free. Several of these may share one source of jobs."""
    for job in jobs:
        async with jobs.worker.doing(job):
            await execute_job(graph, services, job)
        done(job)
