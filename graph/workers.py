"""Who does jobs. A worker holds each job by a lease, which it prolongs as long as it lives; whoever is cut off or stopped for longer
loses it. On one machine nobody waits for that: each process holds a lock file as well, which the system lets go of when it dies.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from signoff.domain.errors import Unwritable
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Job, Lease

LEASE_MS = 60_000
"""How long a job stays with a worker that gives no sign. Clocks of machines must agree to within a fraction of it."""

SUSPECT = 3
"""A job that was begun so often without getting any further is done with no other beside it, which might die of it, too."""


def now_ms() -> int:
    """The time of leases, milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Worker:
    """One process doing jobs. `folder` holds the lock files."""

    def __init__(self, folder: Path, lease_ms: int = LEASE_MS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.lease_ms = folder, lease_ms
        self._host = socket.gethostname().replace("/", "_")
        self.name = f"{self._host}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._lock = FileLock(self._path(self.name))
        self._lock.acquire(timeout=0)
        self._held: set[Job] = set()
        self._at_work, self._suspects, self._left = 0, 0, asyncio.Event()

    def claim(self, store: Store, case: int | None = None, most: int = 8) -> list[Job]:
        """Take the next free jobs: queued ones, and those that nobody holds any more."""
        with store.transaction():
            now = now_ms()
            lease = Lease(self.name, now, now + self.lease_ms, tuple(self._dead(store.jobs.owners())))
            jobs = store.jobs.claim(lease, most, case)
        self._held.update(jobs)
        return jobs

    @asynccontextmanager
    async def doing(self, job: Job) -> AsyncIterator[None]:
        """While it is done, a job that was claimed stays claimed. One that many died with waits until it is alone, and others for it."""
        suspect = job.begun >= SUSPECT
        self._suspects += suspect
        try:
            while self._at_work if suspect else self._suspects:
                await self._left.wait()
            self._at_work += 1
            try:
                yield
            finally:
                self._at_work -= 1
        finally:
            self._suspects -= suspect
            self._held.discard(job)
            self._left.set()
            self._left.clear()

    def give_back(self, store: Store, jobs: Iterable[Job]) -> None:
        """Let others do what was claimed and not begun."""
        given = list(jobs)
        self._held.difference_update(given)
        with store.transaction():
            for job in given:
                store.jobs.give_back(job)

    @asynccontextmanager
    async def alive(self, store: Store) -> AsyncIterator[None]:
        """Within, what is held is prolonged in time. The task shares the store's connection: it never runs within a transaction."""
        beat = asyncio.create_task(self._beat(store))
        try:
            yield
        finally:
            beat.cancel()
            with suppress(asyncio.CancelledError):
                await beat

    async def _beat(self, store: Store) -> None:
        while True:
            await asyncio.sleep(self.lease_ms / 3000)
            if self._held:
                with suppress(Unwritable), store.transaction():  # in time for the next beat, perhaps
                    store.jobs.prolong(self._held, now_ms() + self.lease_ms)

    def _dead(self, owners: Iterable[str]) -> Iterator[str]:
        """Those of this machine that have ended; of other machines the lease tells."""
        return (o for o in owners if o != self.name and o.startswith(f"{self._host}-") and not self._alive(o))

    def _alive(self, owner: str) -> bool:
        path = self._path(owner)
        if not path.exists():
            return False
        try:
            with FileLock(path).acquire(timeout=0):
                pass
        except Timeout:
            return True
        path.unlink(missing_ok=True)
        return False

    def _path(self, owner: str) -> Path:
        return self.folder / f"{owner}.lock"

    def close(self) -> None:
        """Give up the lock; jobs still claimed are free for others."""
        self._lock.release()
        self._path(self.name).unlink(missing_ok=True)
