"""The ERPs that the conformance suite (`test_erp.py`) holds for. A further one is one more entry in `WORLDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from odoo_double import DATABASE, KEY, LOGIN, OdooDouble, serving
from pydantic import SecretStr
from tryton_server import server

from signoff.tools.erp import files, odoo
from signoff.tools.erp.configured import Place
from signoff.tools.erp.protocol import ERP
from signoff.tools.erp.sqlite import SqliteERP
from signoff.tools.erp.tryton import Settings, TrytonERP

Open = Callable[[], ERP]
"""Opens the same ERP every time, as another process would."""


@contextmanager
def sqlite(folder: Path) -> Iterator[Open]:
    yield lambda: SqliteERP(folder / "erp.db")


@contextmanager
def odoo_double(api: str, folder: Path) -> Iterator[Open]:
    """The double of Odoo with six digits for prices; how it rounds with two is in `test_odoo.py`."""
    with serving(OdooDouble(price_digits=6)) as url:
        settings = odoo.Settings.model_validate({"url": url, "api": api, "database": DATABASE, "login": LOGIN, "free_text_item": "MISC"})
        yield lambda: odoo.open_erp(settings, Place(folder, SecretStr(KEY)))


@contextmanager
def file_drop(form: str, folder: Path) -> Iterator[Open]:
    yield lambda: files.open_erp(files.Settings.model_validate({"format": form}), Place(folder, None))


@contextmanager
def tryton(database: str, folder: Path) -> Iterator[Open]:
    running = server()
    running.restore(database)
    settings = Settings(url=running.url(database), company="Weserkontor GmbH", bridge="required" if database == "bridged" else "auto")
    yield lambda: TrytonERP(settings, running.keys["key"])


WORLDS: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {
    "sqlite": sqlite,
    "odoo-json2": partial(odoo_double, "json-2"),
    "odoo-xmlrpc": partial(odoo_double, "xml-rpc"),
    "files-ubl": partial(file_drop, "ubl"),
    "files-cxml": partial(file_drop, "cxml"),
    "files-csv": partial(file_drop, "csv"),
    "tryton": partial(tryton, "bridged"),
    "tryton-unmodified": partial(tryton, "plain"),
}
"""Each makes an empty ERP, with the vendor V-1, the item A-1 and the units and currencies of the suite, for the time of one test."""

TRYTON_HOLDS = {"233.33": "is no price per unit of 4 decimals"}
ODOO_HOLDS = {"12345678901234567890.12": "more digits than"}
HOLDS: dict[str, dict[str, str]] = {
    "tryton": TRYTON_HOLDS, "tryton-unmodified": TRYTON_HOLDS, "odoo-json2": ODOO_HOLDS, "odoo-xmlrpc": ODOO_HOLDS
}  # fmt: skip
"""Totals of the suite that an ERP cannot hold, and how it says so: it refuses, it does not round."""
