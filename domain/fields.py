"""The fields that an approval rule may look at, by name and type: of the order, the vendor and the contract.

An order's fields are JSON Pointers (RFC 6901) with `*` for every entry of a list: `/delivery_terms`, `/lines/*/unit`. Those of the
vendor and the contract are spelled with points: `vendor.country`, `contract.prices.*.unit`.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from signoff.domain.contract import Contract
from signoff.domain.order import Order
from signoff.domain.vendor import Vendor

Root = Literal["order", "vendor", "contract"]
Kind = Literal["text", "number", "date", "flag"]
ROOTS: dict[Root, type[BaseModel]] = {"order": Order, "vendor": Vendor, "contract": Contract}


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name: where it begins, the steps to it (`*` for every entry of a list), and what stands there.

    `known` are the only values it can have, where they are fixed.
    """

    name: str
    root: Root
    steps: tuple[str, ...]
    kind: Kind
    known: tuple[str, ...] = ()

    def values(self, of: BaseModel | None) -> list[Any]:
        """Every value that stands there, `None` for one that is not known; never empty."""
        found = [of]
        for step in self.steps:
            found = [inner for value in found for inner in _inner(value, step)] or [None]
        return found


def _inner(value: Any, step: str) -> Iterator[Any]:
    if step == "*":
        yield from value or ()
    else:
        yield None if value is None else getattr(value, step)


@lru_cache(maxsize=1024)
def field(name: str) -> Field:
    """The field with this name. Raises `ValueError` with the words for whoever wrote the policy."""
    root, steps = _split(name)
    model: type[BaseModel] = ROOTS[root]
    at: Any = model
    for number, step in enumerate(steps):
        at = _below(at, step, (name, root, steps[:number]))
    kind, known = _kind(at, name)
    return Field(name, root, steps, kind, known)


def _split(name: str) -> tuple[Root, tuple[str, ...]]:
    if name.startswith("/"):
        return "order", tuple(name[1:].split("/"))
    start, *steps = name.split(".")
    for root in ROOTS:
        if root == start and root != "order" and steps:
            return root, tuple(steps)
    raise ValueError(f"{name!r} is no field; an order's begin with / as in /delivery_terms, others with vendor. or contract.")


def _below(at: Any, step: str, place: tuple[str, Root, tuple[str, ...]]) -> Any:
    """The type that stands one step further."""
    name, root, before = place
    at = _plain(at)
    if get_origin(at) is tuple:
        if step != "*":
            raise ValueError(f"{name!r}: {_spelled(root, before)} is a list; write {_spelled(root, (*before, '*'))} for any of them")
        return get_args(at)[0]
    fields = at.model_fields if isinstance(at, type) and issubclass(at, BaseModel) else {}
    if step not in fields:
        close = difflib.get_close_matches(step, list(fields), n=1)
        meant = f"; did you mean {_spelled(root, (*before, close[0]))!r}?" if close else f"; there is {', '.join(fields) or 'nothing'}"
        raise ValueError(f"{name!r} is no field of {'an order' if root == 'order' else f'a {root}'}{meant}")
    return fields[step].annotation


def _spelled(root: Root, steps: Sequence[str]) -> str:
    return "/" + "/".join(steps) if root == "order" else ".".join((root, *steps))


def _plain(annotation: Any) -> Any:
    """The type without `None` and without what pydantic is told besides."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(a for a in get_args(annotation) if a is not NoneType)
    return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation


def _kind(annotation: Any, name: str) -> tuple[Kind, tuple[str, ...]]:
    at = _plain(annotation)
    if get_origin(at) is Literal:
        return "text", tuple(str(a) for a in get_args(at))
    if get_origin(at) is tuple:
        raise ValueError(f"{name!r} is a list; write {name}{'/' if name.startswith('/') else '.'}* for any of them")
    if isinstance(at, type) and issubclass(at, StrEnum):
        return "text", tuple(at)
    for kind, types in KINDS.items():
        if at in types:
            return kind, ()
    inside = ", ".join(at.model_fields) if isinstance(at, type) and issubclass(at, BaseModel) else ""
    raise ValueError(f"{name!r} holds several values" + (f"; name one of them: {inside}" if inside else ""))


KINDS: dict[Kind, tuple[type, ...]] = {"text": (str,), "number": (Decimal, int, float), "date": (dt.date,), "flag": (bool,)}
