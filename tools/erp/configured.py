"""`erp.yaml` in the workspace says which ERP approved orders go to; without the file it is the built-in one.

    kind: tryton
    url: https://erp.example.com/production
    company: Kartenbrook Foods

Each kind's own fields stand with its class. A password or key is never in the file: it comes from `SIGNOFF_ERP_KEY`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from pydantic import SecretStr

from signoff.domain.errors import BadInput
from signoff.domain.record import Record
from signoff.tools.erp.protocol import ERP
from signoff.tools.masterdata.sentences import refuse
from signoff.tools.masterdata.yaml_lines import load_yaml, validate


class Place(NamedTuple):
    """Where an ERP is opened: the workspace's folder, and the key that the environment holds."""

    root: Path
    key: SecretStr | None


class Kind(Protocol):
    """What the module of a kind of ERP has: its fields in erp.yaml, and how it is opened."""

    Settings: type[Record]
    open_erp: Callable[[Record, Place], ERP]


KINDS = {
    "built-in": "signoff.tools.erp.sqlite",
    "odoo": "signoff.tools.erp.odoo",
    "files": "signoff.tools.erp.files",
    "tryton": "signoff.tools.erp.tryton",
}
"""The kinds of ERP and the module of each, which is imported when it is used."""


def configured(place: Place) -> ERP:
    """The workspace's ERP. Raises `BadInput` with file, line and field of what is wrong."""
    path = place.root / "erp.yaml"
    if not path.exists():
        return _opened("built-in", {}, place)
    file = load_yaml(path)
    values = dict(file.value) if isinstance(file.value, dict) else {}
    kind = values.pop("kind", None)
    if kind not in KINDS:
        raise refuse([file.sentence(("kind",), f"{kind!r} is no ERP that Signoff knows; it is one of {', '.join(KINDS)}")])
    module = _module(str(kind))
    return module.open_erp(validate(file, module.Settings, values), place)


def _opened(kind: str, values: dict[str, object], place: Place) -> ERP:
    module = _module(kind)
    return module.open_erp(module.Settings.model_validate(values), place)


def _module(kind: str) -> Kind:
    return cast(Kind, import_module(KINDS[kind]))


def secret(place: Place, what: str) -> str:
    """The key that an ERP asks for. Raises `BadInput` when the environment has none."""
    if place.key is None:
        raise BadInput(f"SIGNOFF_ERP_KEY is not set; set it to {what}.")
    return place.key.get_secret_value()
