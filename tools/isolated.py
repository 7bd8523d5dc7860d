"""The process that reads documents for another one, and may die of them alone. Nothing runs here but `main`.

It gets files on its standard input and answers with what it found, as JSON: data, never code. It sees no environment, reaches no network,
writes no file, prints nothing, and takes no more of the machine than `Limits`. It ends when its standard input does, or its parent.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO, get_type_hints

from pydantic import TypeAdapter

from signoff.domain.errors import SignoffError
from signoff.tools.documents.document import Source
from signoff.tools.limits import Limits

OUT_OF_MEMORY = 77
"""The code this process ends with when a file needs more memory than it may have."""
READY, DONE, REFUSED = b"ready", b"+", b"-"
"""What it says first, and how an answer begins: with what was made of the file, or with the sentence of a `SignoffError`."""
SIZE = struct.Struct(">Q")

_DEATH_SIGNAL, _NO_NEW_PRIVILEGES, _NEW_USER, _NEW_NETWORK = 1, 38, 0x10000000, 0x40000000
"""prctl(2) and unshare(2) of Linux."""


def main(reader: str, limits: Limits, parent: int) -> None:
    """Put one file after the other to `reader`: `package.module:function`, from a `Source` and a question to an answer, both typed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who ends this process
    _alone(parent)
    read = _Reader(reader)
    requests, answers = _taken_over(0, "rb"), _taken_over(1, "wb")
    _nothing(2, os.O_WRONLY)
    sys.dont_write_bytecode = True
    _confined(limits)
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)  # documents hold hardly a cycle, and each search for some goes through all of their words
    send(answers, READY)
    while (frame := receive(requests)) is not None:
        _more_time(limits)
        try:
            answer = read(*unpacked(frame))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        send(answers, answer)


class _Reader:
    """The function that reads, from bytes to bytes. A question that is the same as before is not parsed again."""

    def __init__(self, reader: str) -> None:
        module, _, name = reader.partition(":")
        self.function: Callable[..., Any] = getattr(import_module(module), name)
        _, question, answer = get_type_hints(self.function, include_extras=True).values()
        self.questions: TypeAdapter[Any] = TypeAdapter(question)
        self.answers: TypeAdapter[Any] = TypeAdapter(answer)
        self._asked, self._question = b"", None

    def __call__(self, source: Source, asked: bytes) -> bytes:
        if asked != self._asked:
            self._asked, self._question = asked, self.questions.validate_json(asked)
        try:
            return DONE + self.answers.dump_json(self.function(source, self._question))
        except SignoffError as error:
            return REFUSED + str(error).encode()


def packed(source: Source, asked: bytes) -> bytes:
    """A file and what is asked about it as one message: a line of JSON with the file's name and problem, the question, the file."""
    return json.dumps([source.name, source.problem, len(asked)]).encode("ascii") + b"\n" + asked + source.data


def unpacked(frame: bytes) -> tuple[Source, bytes]:
    """The file and the question."""
    head, _, rest = frame.partition(b"\n")
    name, problem, size = json.loads(head)
    return Source(name, rest[size:], problem), rest[:size]


def send(pipe: BinaryIO, message: bytes) -> None:
    """Write a message with its size before it."""
    pipe.write(SIZE.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: BinaryIO, most: int = sys.maxsize) -> bytes | None:
    """The next message; nothing when the other side has ended, or sends more than `most` bytes."""
    head = pipe.read(SIZE.size)
    size = SIZE.unpack(head)[0] if len(head) == SIZE.size else None
    message = pipe.read(size) if size is not None and size <= most else b""
    return message if len(message) == size else None


def _taken_over(number: int, mode: str) -> BinaryIO:
    """A standard stream for ourselves alone: what a library prints or asks for goes nowhere."""
    own = os.dup(number)
    _nothing(number, os.O_RDWR)
    return open(own, mode)  # type: ignore[return-value]


def _nothing(number: int, flags: int) -> None:
    null = os.open(os.devnull, flags)
    os.dup2(null, number)
    os.close(null)


def _alone(parent: int) -> None:
    """No network and no rights to gain, where the system is Linux and allows it; and the parent's death is ours."""
    if sys.platform != "linux":
        return
    system = ctypes.CDLL(None)
    system.unshare(_NEW_USER | _NEW_NETWORK)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    system.prctl(_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


def _confined(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_DATA, limits.megabytes * 1_000_000),  # memory in use: what onnxruntime and numpy merely reserve does not count
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, limits.files),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def _more_time(limits: Limits) -> None:
    """The seconds of computing for the next file; SIGXCPU ends the process after them."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + limits.seconds, hard))
