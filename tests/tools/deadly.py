"""A reader that does what its file says, for `test_isolation.py`: it runs in the process that may die."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from signoff.domain.errors import Unreadable
from signoff.domain.layouts import Layout
from signoff.domain.reading import Unread
from signoff.domain.record import Record
from signoff.tools.documents.document import Source
from signoff.tools.paper import Contents, Paper


def read(source: Source, memory: tuple[Layout, ...]) -> Contents:
    """A paper whose reason is what came of it, or who sent the layouts that were learned."""
    reason = DEEDS.get(source.data.decode(), lambda: " ".join(layout.sender for layout in memory))()
    return Contents((Paper("", "", "txt", (Unread(format="txt", reason=str(reason) or "nothing"),)),), 0.0)


def add(source: Source, more: Sum) -> Sum:
    """The number in the file and the one that is asked for, together; refused where the file holds none."""
    if not source.data.isdigit():
        raise Unreadable(f"{source.name} holds no number.")
    return Sum(number=int(source.data) + more.number)


def leave(source: Source, more: Sum) -> Sum:
    os._exit(5)


class Sum(Record):
    number: int


def loop() -> None:
    while True:
        pass


def fill_memory() -> int:
    return len([bytes([n % 256]) * 10_000_000 for n in range(10_000)])


def print_everywhere() -> str:
    print("{}")
    print("oops", file=sys.stderr, flush=True)
    sys.stdout.flush()
    ctypes.CDLL(None).puts(b"from C")
    ctypes.CDLL(None).fflush(None)
    return f"printed, and read {sys.stdin.read()!r}"


def failed(deed: Callable[[], object]) -> str:
    try:
        return f"done: {deed()}"
    except OSError as error:
        return type(error).__name__


def connect() -> str:
    return failed(lambda: socket.create_connection(("192.0.2.1", 80), timeout=5))


def write() -> str:
    target = Path(f"/tmp/signoff-test-{os.getpid()}")
    try:
        return failed(lambda: target.write_bytes(b"x" * 10))
    finally:
        target.unlink(missing_ok=True)


def lie() -> None:
    """Answer what is no answer, and be gone."""
    for pipe in range(3, 10):
        with suppress(OSError):
            os.write(pipe, b"\0" * 1000)
    os._exit(0)


DEEDS: dict[str, Callable[[], object]] = {
    "good": lambda: "fine",
    "pid": os.getpid,
    "segfault": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
    "leave": lambda: sys.exit(4),
    "raise": lambda: 1 // 0,
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "abort": os.abort,
    "loop": loop,
    "sleep": lambda: time.sleep(60),
    "memory": fill_memory,
    "print": print_everywhere,
    "lie": lie,
    "environment": lambda: sorted(set(os.environ) - {"LC_CTYPE", "PWD", "SHLVL", "_"}),
    "connect": connect,
    "write": write,
    "core": lambda: resource.getrlimit(resource.RLIMIT_CORE),
}
