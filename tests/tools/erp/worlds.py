"""The ERPs that the conformance suite (`test_erp.py`) holds for. A further one is one more entry in `WORLDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from tryton_server import server

from signoff.tools.erp.protocol import ERP
from signoff.tools.erp.sqlite import SqliteERP
from signoff.tools.erp.tryton import Settings, TrytonERP

Open = Callable[[], ERP]
"""Opens the same ERP every time, as another process would."""


@contextmanager
def sqlite(folder: Path) -> Iterator[Open]:
    yield lambda: SqliteERP(folder / "erp.db")


@contextmanager
def tryton(database: str, folder: Path) -> Iterator[Open]:
    running = server()
    running.restore(database)
    settings = Settings(url=running.url(database), company="Weserkontor GmbH", bridge="required" if database == "bridged" else "auto")
    yield lambda: TrytonERP(settings, running.keys["key"])


WORLDS: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {
    "sqlite": sqlite,
    "tryton": partial(tryton, "bridged"),
    "tryton-unmodified": partial(tryton, "plain"),
}
"""Each makes an empty ERP, with the vendor V-1, the item A-1 and the units and currencies of the suite, for the time of one test."""

TRYTON_HOLDS = {"233.33": "is no price per unit of 4 decimals"}
HOLDS: dict[str, dict[str, str]] = {"tryton": TRYTON_HOLDS, "tryton-unmodified": TRYTON_HOLDS}
"""Totals of the suite that an ERP cannot hold, and how it says so: it refuses, it does not round."""
