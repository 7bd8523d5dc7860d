"""`signoff` in a process that kills itself (`python dying.py MOMENT ARGUMENT...`), as a power cut would: nothing is tidied up.

`before-record` and `after-record`: when a call to the model was answered, before or after it is written down. An event's type:
before that event is written; `order.read:2` only of the second case.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from signoff.agents.ledger import ModelCall
from signoff.app import cli
from signoff.graph.calls import StoreLedger
from signoff.graph.desk import Desk


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(moment: str) -> None:
    record, note = StoreLedger.record, Desk.record

    def recording(self: StoreLedger, call: ModelCall) -> None:
        if moment == "before-record":
            die()
        record(self, call)
        if moment == "after-record":
            die()

    def noting(self: Desk, type: str, *args: Any, **more: Any) -> None:
        if moment in (type, f"{type}:{self.number}"):
            die()
        note(self, type, *args, **more)

    StoreLedger.record, Desk.record = recording, noting  # type: ignore[method-assign]


if __name__ == "__main__":
    arm(sys.argv[1])
    sys.argv = ["signoff", *sys.argv[2:]]
    cli.main()
