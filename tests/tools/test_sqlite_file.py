"""Several processes open a new file at once: each gets it, with its tables, whoever makes them."""

from __future__ import annotations

import multiprocessing
import multiprocessing.queues
import sqlite3
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from signoff.domain.errors import BadInput
from signoff.graph.checkpoints import open_checkpoints
from signoff.graph.store.sqlite import SqliteStore
from signoff.tools.erp.sqlite import SqliteERP

PROCESSES, ROUNDS = 6, 5
FORK = multiprocessing.get_context("fork")


def erp(path: Path) -> None:
    SqliteERP(path)


def store(path: Path) -> None:
    SqliteStore(path, b"key")


def checkpoints(path: Path) -> None:
    open_checkpoints(path)


def _open(opener: Callable[[Path], None], path: Path, barrier: Barrier, errors: multiprocessing.queues.Queue[str]) -> None:
    barrier.wait(timeout=30)
    told = ""
    try:
        opener(path)
    except (OSError, sqlite3.Error, BadInput) as error:
        told = repr(error)
    errors.put(told)


@pytest.mark.parametrize("opener", [erp, store, checkpoints])
def test_a_new_file_is_opened_by_many_at_once(opener: Callable[[Path], None], tmp_path: Path) -> None:
    told: list[str] = []
    for number in range(ROUNDS):
        path, barrier = tmp_path / f"{number}.db", FORK.Barrier(PROCESSES)
        errors: multiprocessing.queues.Queue[str] = FORK.Queue()
        many = [FORK.Process(target=_open, args=(opener, path, barrier, errors)) for _ in range(PROCESSES)]
        for one in many:
            one.start()
        told += [errors.get(timeout=60) for _ in many]
        for one in many:
            one.join()
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert told == [""] * (PROCESSES * ROUNDS)
