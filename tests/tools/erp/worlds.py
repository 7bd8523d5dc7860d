"""The ERPs that the conformance suite (`test_erp.py`) holds for. A further one is one more entry in `WORLDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from odoo_double import DATABASE, KEY, LOGIN, OdooDouble, serving
from pydantic import SecretStr

from signoff.tools.erp import files, odoo
from signoff.tools.erp.configured import Place
from signoff.tools.erp.protocol import ERP
from signoff.tools.erp.sqlite import SqliteERP

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


WORLDS: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {
    "sqlite": sqlite,
    "odoo-json2": partial(odoo_double, "json-2"),
    "odoo-xmlrpc": partial(odoo_double, "xml-rpc"),
    "files-ubl": partial(file_drop, "ubl"),
    "files-cxml": partial(file_drop, "cxml"),
    "files-csv": partial(file_drop, "csv"),
}
"""Each makes an empty ERP, with the vendor V-1, the item A-1 and the units and currencies of the suite, for the time of one test."""

FLOATS = frozenset({"odoo-json2", "odoo-xmlrpc"})
"""The ERPs that keep amounts as floats, and so cannot hold every one."""
