"""A person at a terminal: a pseudo-terminal with `signoff chat` in it, and what can be read on its screen.

    with Terminal("chat", "--as", "E-030", workspace=path) as terminal:
        terminal.until("Signed in as")
        terminal.type("/waiting\\r")

What programs send to steer a terminal is left out of what is read, whichever terminal it is meant for.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from pathlib import Path

from signoff_run import SIGNOFF, environment

STEERING = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[=>78DEHMNOZc])|[\x00-\x08\x0b-\x1f]")
CTRL_C, CTRL_D, TAB, ENTER = "\x03", "\x04", "\t", "\r"
WHERE, HERE = b"\x1b[6n", "\x1b[40;1R"
"""A program asks where the cursor stands, and the terminal tells it: with ten lines below it."""
PATIENCE = 30.0


class Terminal:
    """`columns` wide. Leaving it ends what runs in it."""

    def __init__(self, *args: object, workspace: Path, columns: int = 100, **variables: str) -> None:
        shown = os.environ | environment(workspace) | {"TERM": "xterm-256color"} | variables
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self._size(0, columns)
            os.execve(SIGNOFF, ["signoff", *map(str, args)], shown)
        self._size(self.fd, columns)
        self._raw, self._read = b"", 0
        self._status: int | None = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.fd)
        self._ended()

    def _size(self, fd: int, columns: int) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    @property
    def screen(self) -> str:
        """Everything that was shown so far."""
        return STEERING.sub("", self._raw.decode("utf-8", "ignore"))

    def until(self, text: str) -> str:
        """What is shown from where the last `until` ended to where this text ends, wherever its lines are broken."""
        deadline = time.monotonic() + PATIENCE
        words = re.compile(r"\s+".join(map(re.escape, text.split())))
        while not (at := words.search(self.screen, self._read)):
            if not self._more(deadline):
                raise AssertionError(f"{text!r} was not shown; what was is:\n{self.screen[self._read :]}")
        start, self._read = self._read, at.end()
        return self.screen[start : self._read]

    def end(self) -> int:
        """Wait until the program has ended; its exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._more(deadline):
            pass
        assert time.monotonic() < deadline, f"it goes on and on:\n{self.screen[self._read :]}"
        return self._ended()

    def _ended(self) -> int:
        if self._status is None:
            self._status = os.waitpid(self.pid, 0)[1]
        return os.waitstatus_to_exitcode(self._status)

    def _more(self, deadline: float) -> bool:
        """Read what there is; false when there will be no more, or not in time."""
        if not select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return False
        try:
            found = os.read(self.fd, 65536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self._raw += found
        for _ in range(found.count(WHERE)):
            self.type(HERE)
        return bool(found)
