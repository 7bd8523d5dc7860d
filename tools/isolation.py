"""Files are read in processes of their own: one that crashes, hangs or eats the memory fails its file and nothing else.

`Readers` keeps a few such processes (`isolated.py`) warm, `apart` starts one for one file. Own code, because pools that survive a death
(pebble) leave a busy process behind when their own is killed, hand it the environment with its keys, and take back pickles, which run
code when they are loaded.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import BinaryIO, Self, TypeVar

from pydantic import TypeAdapter, ValidationError

from signoff.domain.errors import Unavailable, Unreadable
from signoff.domain.layouts import MEMORY, Layout
from signoff.domain.record import Record
from signoff.tools.documents.document import Source
from signoff.tools.isolated import DONE, OUT_OF_MEMORY, READY, REFUSED, packed, receive, send
from signoff.tools.limits import LIMITS, Limits
from signoff.tools.paper import Contents, unread

READER = "signoff.tools.intake:contents"
CONTENTS: TypeAdapter[Contents] = TypeAdapter(Contents)
MAX_ANSWER, MAX_SENTENCE = 500_000_000, 2000
WORTH_A_START = 1.0
"""Seconds that a file waits for another one before a further process is started, which takes about as long."""
_CHILD = """
import sys
sys.path[:] = {path!r}
from signoff.tools import isolated, limits
isolated.main({reader!r}, limits.{limits!r}, {parent})
"""
A = TypeVar("A")


def apart(reader: str, source: Source, question: Record, answer: type[A], limits: Limits = LIMITS) -> A:
    """What a function (`package.module:function`, from a `Source` and a question) makes of one file in a process of its own.

    Raises `Unreadable` with its sentence, or with the limit or the crash it ended by; `Unavailable` where no process can be started.
    """
    process = _Process(reader, limits)
    late = threading.Timer(limits.patience, process.give_up)
    late.start()
    try:
        process.begin()
        return process.read(source, question.model_dump_json().encode(), TypeAdapter(answer))
    finally:
        late.cancel()
        process.kill()
        process.wait()


class Readers:
    """Up to `count` processes that read files, with the layouts that were learned. Closing it ends them all, whatever they are at.

    `remember` tells them what has been learned since; it holds for files that are handed in afterwards.
    """

    def __init__(self, count: int, limits: Limits = LIMITS, reader: str = READER, memory: Sequence[Layout] = ()) -> None:
        self.count, self.limits, self.reader = count, limits, reader
        self.remember(memory)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reader")
        self._lock = threading.Condition()
        self._since = math.inf  # when the first process was ready
        self._idle: list[_Process] = []
        self._all: set[_Process] = set()
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._watching, name="readers' watch", daemon=True)
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def remember(self, memory: Sequence[Layout]) -> None:
        self._memory = MEMORY.dump_json(tuple(memory))

    def submit(self, source: Source) -> Future[Contents]:
        """What the file holds, as soon as it is read. Raises `Unavailable` where no process can be started.

        Where the process dies of it, an `Unread` paper names the limit or the crash.
        """
        return self._threads.submit(self._read, source, self._memory, time.monotonic())

    def ask(self, source: Source, question: Record, answer: type[A]) -> Future[A]:
        """What the reader makes of a file and a question about it. Raises `Unreadable` with its sentence, or how the process ended."""
        asked = question.model_dump_json().encode()
        return self._threads.submit(self._answer, source, asked, TypeAdapter(answer), time.monotonic())

    def warm(self) -> None:
        """Start a process now, while this one has something else to do."""
        self._threads.submit(lambda: self._free(self._taken(time.monotonic())))

    def close(self) -> None:
        """End every process; files that are not read yet never will be."""
        with self._lock:
            self._closed.set()
            self._lock.notify_all()
            for process in self._all:
                process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.wait()

    def _watching(self) -> None:
        """Give up what takes too long. One thread for all: a timer for each file costs more than a small file does."""
        while not self._closed.wait(min(0.5, self.limits.patience / 2)):
            with self._lock:
                for process in self._all:
                    process.look_at_the_clock()

    def _read(self, source: Source, memory: bytes, asked: float) -> Contents:
        try:
            return self._answer(source, memory, CONTENTS, asked)
        except Unreadable as error:
            return Contents((unread(source, str(error)),), 0.0)

    def _answer(self, source: Source, question: bytes, answers: TypeAdapter[A], asked: float) -> A:
        process = self._taken(asked)
        try:
            return process.read(source, question, answers)
        finally:
            self._free(process)

    def _free(self, process: _Process) -> None:
        with self._lock:
            if process.alive:
                self._idle.append(process)
            else:
                self._all.discard(process)
            self._lock.notify()

    def _taken(self, asked: float) -> _Process:
        """A process that waits for work; a new one where there is none, or where a file has waited longer than one takes to start."""
        with self._lock:
            while True:
                while self._idle:
                    process = self._idle.pop()
                    if process.alive:
                        return process
                    self._all.discard(process)
                if self._closed.is_set():
                    raise Unavailable("Reading was stopped.")
                rest = max(asked, self._since) + WORTH_A_START - time.monotonic()
                if not self._all or rest <= 0:
                    break
                self._lock.wait(min(rest, threading.TIMEOUT_MAX))
            process = _Process(self.reader, self.limits)
            self._all.add(process)
        return self._begun(process)

    def _begun(self, process: _Process) -> _Process:
        """The process as soon as it is ready; the others that wait count from the first one's readiness."""
        try:
            process.begin()
            self._since = min(self._since, time.monotonic())
        except Unavailable:
            self._all.discard(process)
            raise
        finally:
            with self._lock:
                self._lock.notify_all()
        return process


class _Process:
    """One process that reads, as its parent sees it. Used by one thread at a time."""

    def __init__(self, reader: str, limits: Limits) -> None:
        self.limits = limits
        self._until, self._late = math.inf, False
        code = _CHILD.format(path=sys.path, reader=reader, limits=limits, parent=os.getpid())
        self._popen = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._requests: BinaryIO = self._popen.stdin  # type: ignore[assignment]
        self._answers: BinaryIO = self._popen.stdout  # type: ignore[assignment]

    @property
    def alive(self) -> bool:
        return not self._late and self._popen.poll() is None

    def begin(self) -> None:
        """Wait until it is ready. Raises `Unavailable` when it is not; it has said why on standard error."""
        if receive(self._answers, len(READY)) != READY:
            self.wait()
            raise Unavailable("The process that reads documents could not be started; see the message above.")

    def read(self, source: Source, question: bytes, answers: TypeAdapter[A]) -> A:
        """What it makes of the file. Raises `Unreadable` with its sentence, or with the limit or the crash it ended by."""
        self._until = time.monotonic() + self.limits.patience
        try:
            send(self._requests, packed(source, question))
            answer = receive(self._answers, MAX_ANSWER) or b""
        except (BrokenPipeError, ConnectionResetError):
            answer = b""
        finally:
            self._until = math.inf
        if answer.startswith(REFUSED):
            raise Unreadable(answer[len(REFUSED) : MAX_SENTENCE].decode("utf-8", "replace"))
        with suppress(ValidationError):  # a process that a file has taken over may answer anything
            if answer.startswith(DONE):
                return answers.validate_json(answer[len(DONE) :])
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(1)  # one that is ending says how
        self.kill()
        raise Unreadable(f"{source.name} {self._epitaph(self.wait())}")

    def look_at_the_clock(self) -> None:
        """End it when its file has taken too long."""
        if time.monotonic() > self._until:
            self.give_up()

    def give_up(self) -> None:
        self._late = True
        self.kill()

    def kill(self) -> None:
        self._popen.kill()

    def wait(self) -> int:
        """How it ended: its code, or minus the signal's number."""
        self._popen.wait()
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # what was still to be sent
                pipe.close()
        return self._popen.returncode

    def _epitaph(self, code: int) -> str:
        again = "ask the sender for it in another form, or enter the order by hand."
        if self._late:
            return f"was not read within {self.limits.patience} seconds, the limit; {again}"
        if code == -getattr(signal, "SIGXCPU", 0):
            return f"takes more than {self.limits.seconds} seconds of computing, the limit; {again}"
        if code == OUT_OF_MEMORY:
            return f"needs more than {self.limits.megabytes} MB of memory, the limit; {again}"
        if code == -signal.SIGKILL:
            return f"was taken off by the system while it was read, as a rule for want of memory; {again}"
        if code == -signal.SIGABRT:
            return f"made the program that reads it give up, as a rule for want of memory ({self.limits.megabytes} MB); {again}"
        if code < 0:
            return f"broke off the program that reads it ({signal.Signals(-code).name}); {again}"
        return f"ended the program that reads it (code {code}); {again}"
