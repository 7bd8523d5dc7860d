"""The ERPs that the conformance suite (`test_erp.py`) holds for. A further one is one more entry in `WORLDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from signoff.tools.erp.protocol import ERP
from signoff.tools.erp.sqlite import SqliteERP

Open = Callable[[], ERP]
"""Opens the same ERP every time, as another process would."""


@contextmanager
def sqlite(folder: Path) -> Iterator[Open]:
    yield lambda: SqliteERP(folder / "erp.db")


WORLDS: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {"sqlite": sqlite}
"""Each makes an empty ERP, with the vendor V-1, the item A-1 and the units and currencies of the suite, for the time of one test."""
