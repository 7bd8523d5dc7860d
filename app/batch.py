"""Batch: a folder of files becomes cases, and every case goes as far as it can without a person."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from signoff.app.terminal import progress
from signoff.app.workspace import Workspace
from signoff.domain.errors import BadInput
from signoff.domain.states import State
from signoff.graph.jobs import Queue, retry, take_in, work
from signoff.graph.record import record
from signoff.graph.store.port import Case, Job
from signoff.graph.workers import Worker
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import MAX_BYTES

IGNORED = (".", "~$")


@dataclass(frozen=True)
class BatchResult:
    """The cases of the batch as they stand afterwards, in the order of their files."""

    cases: list[Case]

    @property
    def counts(self) -> Counter[State]:
        return Counter(c.state for c in self.cases)


def run_batch(workspace: Workspace, folder: Path, concurrency: int) -> BatchResult:
    """Take in every file below the folder (or the one file) and work until nothing is left that needs no person."""
    files = list(_files(folder))
    if not files:
        raise BadInput(f"There are no files in {folder}.")
    services = workspace.services
    cases: list[Case] = []
    with progress() as bar, workspace.worker() as worker:
        reading = bar.add_task("reading", total=len(files))
        for path in files:
            cases += take_in(services, _source(path, folder))
            bar.advance(reading)
        for case in cases:
            if case.state is State.FAILED:
                retry(services, case.number)
        checking = bar.add_task("checking", total=len(services.store.jobs.open_cases()))
        asyncio.run(_work(workspace, worker, {c.number for c in cases}, concurrency, lambda _: bar.advance(checking)))
    after = (services.store.cases.get(c.number) for c in cases)
    return BatchResult([case for case in after if case])


async def _work(workspace: Workspace, worker: Worker, mine: set[int], concurrency: int, done: Callable[[Job], None]) -> None:
    """Work until the batch's own cases have nothing queued or running, also in other processes."""
    services = workspace.services
    while True:
        queue = Queue(services, worker)
        await asyncio.gather(*(work(workspace.graph, services, queue, done) for _ in range(concurrency)))
        if not mine & services.store.jobs.open_cases():
            return
        await asyncio.sleep(0.2)


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
