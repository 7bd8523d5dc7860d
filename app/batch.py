"""Batch: a folder of files becomes cases, and every case goes as far as it can without a person."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress, TaskID

from signoff.app.terminal import progress
from signoff.app.workspace import Workspace, finished
from signoff.domain.errors import BadInput
from signoff.domain.states import State
from signoff.graph.jobs import Queue, execute_job, known, retry, take_in
from signoff.graph.record import record
from signoff.graph.services import Services
from signoff.graph.store.rows import Case, Job
from signoff.graph.workers import Worker, now_ms
from signoff.tools.documents.document import Source
from signoff.tools.isolation import Readers
from signoff.tools.limits import MAX_BYTES
from signoff.tools.paper import Contents

IGNORED = (".", "~$")
AHEAD = 64
"""Files that are read, or being read, before their turn has come."""
PATIENCE = 2.0
"""Seconds that what is broken off has for its own end, before it is told once more."""
NEWS = 10.0
"""Seconds after which the readers are told what was learned of layouts meanwhile."""


@dataclass(frozen=True)
class BatchResult:
    """The cases of the batch as they stand afterwards, in the order of their files."""

    cases: list[Case]

    @property
    def counts(self) -> Counter[State]:
        return Counter(c.state for c in self.cases)


def run_batch(workspace: Workspace, folder: Path, readers: Readers, at_once: int | None = None, enqueue: bool = False) -> BatchResult:
    """Take in every file below the folder (or the one file) and work until nothing is left that needs no person.

    `at_once` cases are worked on together: as many as files are read, or enough to keep a model busy where there is one. With `enqueue`
    the files are taken in, and the work on their cases is left to workers.
    """
    return asyncio.run(batched(workspace, folder, readers, at_once, enqueue))


async def batched(workspace: Workspace, folder: Path, readers: Readers, at_once: int | None = None, enqueue: bool = False) -> BatchResult:
    """The same within an event loop that runs. Cancelled, it leaves every case where the next batch takes it up."""
    files = files_of(folder)
    with progress() as bar, workspace.worker() as (services, worker):
        run = _Run(workspace, services, worker, readers, bar)
        run.at_once = at_once or (2 * workspace.settings.model_concurrency if services.crew else readers.count)
        async with worker.alive(services.store):
            await finished(services, run.taken_in(folder, files) if enqueue else run.all(folder, files))
    after = (workspace.services.store.cases.get(c.number) for c in run.cases)
    return BatchResult([case for case in after if case])


class _Run:
    """One batch under way: files are read in other processes while this one opens their cases and works on those it has."""

    def __init__(self, workspace: Workspace, services: Services, worker: Worker, readers: Readers, bar: Progress) -> None:
        self.workspace, self.services = workspace, services
        self.worker, self.readers, self.bar = worker, readers, bar
        self.cases: list[Case] = []
        self.at_once = 1
        self._arrived, self._complete = asyncio.Event(), False
        self._told = time.monotonic()

    async def all(self, folder: Path, files: list[Path]) -> None:
        tasks = [asyncio.create_task(self.taken_in(folder, files)), asyncio.create_task(self._work())]
        try:
            await asyncio.gather(*tasks)
        finally:
            await _ended(tasks)

    async def taken_in(self, folder: Path, files: list[Path]) -> None:
        """Open the cases of each file, in the order of the files whichever is read first."""
        reading = self.bar.add_task("reading", total=len(files))
        async for source, contents in self._read(_source(path, folder) for path in files):
            cases = take_in(self.services, source, contents) if contents else known(self.services, source)
            for case in cases:
                if case.state is State.FAILED:
                    retry(self.services, case.number)
            self.cases += cases
            self._arrived.set()
            self.bar.advance(reading)
        self._complete = True
        self._arrived.set()

    async def _read(self, sources: Iterator[Source]) -> AsyncIterator[tuple[Source, Contents | None]]:
        """Each file with what it holds, nothing for one that is known. Others are read ahead while the next one takes its time."""
        ahead: deque[tuple[Source, Future[Contents] | None]] = deque()
        for source in sources:
            self._teach()
            ahead.append((source, None if known(self.services, source) else self.readers.submit(source)))
            while len(ahead) > AHEAD or sum(len(s.data) for s, _ in ahead) > 2 * MAX_BYTES:
                yield await _first(ahead)
        while ahead:
            yield await _first(ahead)

    def _teach(self) -> None:
        """Tell the readers now and then what people have taught while the batch goes on."""
        if time.monotonic() > self._told + NEWS:
            self.readers.remember(self.services.store.layouts.all())
            self._told = time.monotonic()

    async def _work(self) -> None:
        """Work until the batch's own cases have nothing queued or running, also in other processes."""
        checking = self.bar.add_task("checking", total=None)
        free, at_work = asyncio.Semaphore(self.at_once), set[asyncio.Task[None]]()
        try:
            while True:
                complete = self._complete
                self._arrived.clear()
                for job in Queue(self.services, self.worker):
                    await free.acquire()
                    task = asyncio.create_task(self._one(job, free, checking))
                    at_work.add(task)
                    task.add_done_callback(at_work.discard)
                if complete and not at_work and not {c.number for c in self.cases} & self.services.store.jobs.open_cases(now_ms()):
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await self._arrived.wait()
        finally:
            await _ended(at_work)

    async def _one(self, job: Job, free: asyncio.Semaphore, checking: TaskID) -> None:
        try:
            async with self.worker.doing(job):
                await execute_job(self.workspace.graph, self.services, job)
        finally:
            free.release()
            self._arrived.set()
        self.bar.update(checking, advance=1, total=len(self.cases))


async def _ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Break off what still runs, and wait until it has ended. Who was told already is told again only when it takes long: a second word
    would break off what it does to come to its own end, and a library that was about to be done may have missed the first."""
    pending = {task for task in tasks if not task.done()}
    for task in pending:
        if not task.cancelling():
            task.cancel()
    while pending:
        _, pending = await asyncio.wait(pending, timeout=PATIENCE)
        for task in pending:
            task.cancel()


async def _first(ahead: deque[tuple[Source, Future[Contents] | None]]) -> tuple[Source, Contents | None]:
    source, future = ahead.popleft()
    if future is None:
        return source, None
    return source, await asyncio.wrap_future(future)


def files_of(folder: Path) -> list[Path]:
    """The files that a batch takes in. Raises `BadInput` where there are none."""
    files = list(_files(folder))
    if not files:
        raise BadInput(f"There are no files in {folder}.")
    return files


def _files(folder: Path) -> Iterator[Path]:
    """The regular files below a folder in a fixed order, without hidden and lock files."""
    if not folder.exists():
        raise BadInput(f"{folder} does not exist.")
    if folder.is_file():
        yield folder
        return
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        dangling = path.is_symlink() and not path.exists()
        if (path.is_file() or dangling) and not any(n.startswith(IGNORED) for n in names):
            yield path


def _source(path: Path, folder: Path) -> Source:
    """The file with its name as people see it, relative to the folder; what cannot be had is said in `problem`."""
    name = path.relative_to(folder).as_posix() if path != folder else path.name
    name = os.fsencode(name).decode("utf-8", "replace")  # a name that is no text cannot be stored
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Source(name, b"", f"{name} cannot be opened: {error.strerror}.")
    return Source(name, data, f"{name} is larger than {MAX_BYTES // 1_000_000} MB, the limit." if len(data) > MAX_BYTES else None)


def write_records(workspace: Workspace, cases: list[Case], target: Path) -> None:
    """One record a line, the whole file at once: a reader never sees half of it."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as out:
        for case in cases:
            out.write(json.dumps(record(workspace.services, case.number), ensure_ascii=False) + "\n")
    unfinished.replace(target)
