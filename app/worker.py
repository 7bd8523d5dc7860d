"""`signoff worker`: does what waits for no person. Queued jobs, reminders and escalations, and the messages about them.

Any number of them may run on one workspace: jobs are claimed, and whatever time does to a task is done once, in a transaction. Policy,
people and vendors are looked at afresh in every round. Told to stop, a worker finishes what it has in hand and gives back the rest.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signoff.app.workspace import Workspace, finished, opened
from signoff.domain.errors import SignoffError, Unavailable
from signoff.graph.clockwork import due, tend
from signoff.graph.services import Services
from signoff.graph.store.rows import Job, case_id
from signoff.tools.notices import MailFolder, Notifier

if TYPE_CHECKING:
    from signoff.app.metrics import Metrics
    from signoff.graph.workers import Worker

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
Log = Callable[..., None]
SIGNALS = (signal.SIGTERM, signal.SIGINT)
JOBS_A_ROUND = 64
"""After so many jobs the clock is looked at again."""


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do all that is due, and end.")] = False,
    poll: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds to wait when nothing is due.")] = 5.0,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=256, help="Cases worked on at the same time (default: the processor's cores).")
    ] = None,
    lease: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds after which work of a worker that gives no sign of life is free for others.")
    ] = 60.0,
    listen: Annotated[str | None, typer.Option(help="Serve /metrics, /healthz and /readyz at this address, like 127.0.0.1:9464.")] = None,
    workspace: W = None,
) -> None:
    """Carry on what waits for no person: queued work, postings, reminders and escalations. Stops on Ctrl-C or SIGTERM."""
    with opened(workspace) as w:
        folder = MailFolder(w.root / "outbox")
        shift = Shift(w, concurrency or os.cpu_count() or 1, folder, partial(log, w.settings.now))
        with _listening(shift, listen):
            asyncio.run(shift.run(once, poll, lease))


@contextmanager
def _listening(shift: Shift, listen: str | None) -> Iterator[None]:
    if listen is None:
        yield
        return
    from signoff.app.metrics import Metrics, served

    shift.metrics = Metrics()
    with served(shift.metrics, listen) as address:
        shift.log("listening", address=address)
        yield


def log(clock: Callable[[], dt.datetime], did: str, **facts: Any) -> None:
    """One line on standard output: what was done, as `name=value`; no secrets and nothing of what papers say."""
    words = [f"at={clock():%Y-%m-%dT%H:%M:%SZ}", f"did={did}", *(f"{name}={_value(value)}" for name, value in facts.items())]
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def _value(value: Any) -> str:
    text = str(value)
    return text if text and not set(text) & set(' "=\n') else json.dumps(text, ensure_ascii=False)


class Shift:
    """One worker's time at work, in rounds: some jobs, then the clock, then the messages."""

    def __init__(self, w: Workspace, at_once: int, notifier: Notifier, log: Log) -> None:
        self.w, self.at_once, self.notifier, self.log = w, at_once, notifier, log
        self.stop = asyncio.Event()
        self.metrics: Metrics | None = None

    async def run(self, once: bool, poll: float, lease: float = 60) -> None:
        """Until it is told to stop; with `once` until nothing is due. Raises the error that keeps it from working only with `once`."""
        from signoff.graph.workers import Worker

        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            with suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(number, self._end, loop)
        worker = Worker(self.w.root / "locks", round(lease * 1000))
        self.log("started", worker=worker.name)
        try:
            async with worker.alive(self.w.store):
                await self._rounds(worker, once, poll)
        finally:
            worker.close()
            self.log("stopped", worker=worker.name)

    async def _rounds(self, worker: Worker, once: bool, poll: float) -> None:
        while not self.stop.is_set():
            did = await self._round(worker, once)
            if once and not did:
                break
            if not did:
                await self._rest(poll)

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        """End after what is in hand; whoever tells it a second time does not want to wait for that."""
        self.stop.set()
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()

    async def _round(self, worker: Worker, once: bool) -> bool:
        """Whether anything was done."""
        today = Workspace(self.w.root, self.w.settings, self.w.store)
        try:
            with today.at_work() as services:
                self._tell()
                return await finished(services, self._all(services, worker))
        except SignoffError as error:
            if once:
                raise
            self._tell(str(error))
            self.log("waits", because=error)
            return False

    def _tell(self, trouble: str | None = None) -> None:
        """Show that this worker lives, and the store's figures now and then."""
        if self.metrics is None:
            return
        from signoff.graph.monitoring import figures

        self.metrics.alive(trouble)
        if self.metrics.due and trouble is None:
            self.metrics.show(figures(self.w.store, self.w.settings.now()))

    async def _all(self, services: Services, worker: Worker) -> bool:
        jobs = await self._jobs(services, worker)
        return any([jobs, self._clock(services), self._messages(services)])

    async def _jobs(self, services: Services, worker: Worker) -> int:
        from signoff.graph.jobs import Queue

        queue, free, at_work = Queue(services, worker), asyncio.Semaphore(self.at_once), list[asyncio.Task[None]]()
        try:
            while len(at_work) < JOBS_A_ROUND:
                await free.acquire()
                job = None if self.stop.is_set() else next(queue, None)
                if job is None:
                    break
                at_work.append(asyncio.create_task(self._job(services, worker, job, free)))
        finally:
            ended = await asyncio.gather(*at_work, return_exceptions=True)
            queue.give_back()
        for error in filter(None, ended):
            raise error
        return len(at_work)

    async def _job(self, services: Services, worker: Worker, job: Job, free: asyncio.Semaphore) -> None:
        from signoff.graph.jobs import execute_job

        started = time.perf_counter()
        try:
            async with worker.doing(job):
                await execute_job(self.w.graph, services, job, patient=True)
        finally:
            free.release()
        case = services.store.cases.get(job.case)
        status = case.state if case else "gone"
        seconds = time.perf_counter() - started
        self.log("job", case=case_id(job.case), kind=job.kind, status=status, ms=round(seconds * 1000))
        if self.metrics:
            self.metrics.job(job.kind, str(status), seconds)

    def _clock(self, services: Services) -> int:
        """Remind and escalate."""
        count = 0
        for task in due(services):
            if self.stop.is_set():
                break
            if done := tend(services, task.case, task.task_id):
                count += 1
                self.log(done.what, case=case_id(task.case), task=task.task_id, kind=task.kind, people=",".join(done.people))
        return count

    def _messages(self, services: Services) -> int:
        """Send what was written, to each person at once. What cannot be sent now is tried again in the next round, in the same order."""
        count = 0
        try:
            while not self.stop.is_set() and (sent := self._mailed(services)):
                count += sent
        except Unavailable as error:
            self.log("waits", because=error)
        return count

    def _mailed(self, services: Services) -> int:
        """Send the oldest notice and the others for the same person, while no other worker can; how many there were."""
        with services.store.transaction():
            notices = services.store.notices.unsent()
            if not notices:
                return 0
            person = services.people.get(notices[0].person)
            if person is not None:
                self.notifier.send(notices, person)
            services.store.notices.sent(notices, services.clock())
        cases = ",".join(dict.fromkeys(case_id(n.case) for n in notices))
        self.log("sent" if person else "dropped", notice=notices[0].number, person=notices[0].person, cases=cases)
        return len(notices)
