"""Who does jobs. Each process that does holds a lock file of its own for as long as it lives; the system lets go of it
when the process dies, however it dies, and then its jobs are free for others at once.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from signoff.graph.store.port import Job, Store


class Worker:
    """One process doing jobs. `folder` holds the lock files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.name = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._lock = FileLock(self._path(self.name))
        self._lock.acquire(timeout=0)

    def claim(self, store: Store, case: int | None = None, most: int = 8) -> list[Job]:
        """Take the next free jobs: queued ones, and those of workers that died."""
        with store.transaction():
            return store.jobs.claim(self.name, self._living(store.jobs.owners()), most, case)

    def _living(self, owners: Iterable[str]) -> list[str]:
        return [o for o in owners if o != self.name and self._alive(o)]

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
