"""The REST API of Tryton 8.0: `/<database>/rest/model/<model>`, with an application key of a user (trytond/protocols/rest.py).

A search goes as POST of `search_read`, so that no domain is too long for an address and none stands in a log of addresses. Decimals,
dates and bytes travel as Tryton writes them: `{"__class__": "Decimal", "decimal": "0.125"}`.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from signoff.tools.erp.http import Forbidden, Wire

Row = dict[str, Any]
Domain = list[Any]
PAGE = 500
"""Rows a call of a search that may be long."""
READS = 3
"""Times a search is made: a row that is deleted between Tryton's search and its read looks like one that must not be seen."""


class Rest:
    """Models of one database; `company` is the context of every call once it is known."""

    def __init__(self, url: str, key: str, seconds: float = 30) -> None:
        self._wire = Wire("Tryton", url, key, seconds)
        self.company: int | None = None

    def search(self, model: str, domain: Domain, fields: list[str], limit: int | None = None, offset: int = 0) -> list[Row]:
        """Rows in the order of their ids; `party.code` is read as `row["party"]["code"]`."""
        asked = {"domain": domain, "offset": offset, "limit": limit, "order": [["id", "ASC"]], "fields_names": _with_ids(fields)}
        for _ in range(READS - 1):
            with suppress(Forbidden):
                return self._found(model, asked)
        return self._found(model, asked)

    def _found(self, model: str, asked: Row) -> list[Row]:
        return [_nested(row) for row in self.call(model, "search_read", **asked)]

    def pages(self, model: str, domain: Domain, fields: list[str]) -> Iterator[Row]:
        """The same, by and by: what is made meanwhile comes last."""
        last = 0
        while rows := self.search(model, [["id", ">", last], *domain], fields, PAGE):
            yield from rows
            last = int(rows[-1]["id"])

    def create(self, model: str, values: Row) -> int:
        return int(self._send("POST", model, values)["id"])

    def write(self, model: str, number: int, values: Row) -> None:
        self._send("PUT", f"{model}/{number}", values)

    def delete(self, model: str, number: int) -> None:
        self._send("DELETE", f"{model}/{number}", None)

    def press(self, model: str, number: int, button: str) -> None:
        self._send("POST", f"{model}/{number}/{button}?f=id", {})

    def call(self, model: str, method: str, **arguments: Any) -> Any:
        return self._send("POST", f"{model}/{method}", arguments)

    def _send(self, method: str, path: str, data: Any) -> Any:
        if method in ("POST", "PUT") and "?" not in path:
            path += "?f=id"
        context = json.dumps({} if self.company is None else {"company": self.company}).encode()
        headers = {"X-Tryton-Context": base64.urlsafe_b64encode(context).decode(), "Accept-Language": "en"}
        content = self._wire.send(method, f"rest/model/{path}", json.dumps(data, default=_written).encode(), headers, _words)
        return self._wire.json(content, _read)

    def close(self) -> None:
        self._wire.close()


def _words(answer: Any) -> str | None:
    parts = (answer.get("message"), answer.get("description")) if isinstance(answer, dict) else ()
    return " ".join(str(part).strip() for part in parts if part) or None


def _written(value: object) -> Row:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, dt.date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    if isinstance(value, bytes):
        return {"__class__": "bytes", "base64": base64.encodebytes(value).decode()}
    raise TypeError(f"{type(value).__name__} is nothing that Tryton takes")


def _read(value: Row) -> Any:
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return dt.date(value["year"], value["month"], value["day"])
    return value


def _with_ids(fields: list[str]) -> list[str]:
    """Tryton gives a nested row only the fields that are asked for, so its id is asked for too."""
    nested = {field.rpartition(".")[0] + ".id" for field in fields if "." in field}
    return [*fields, *sorted(nested - set(fields))]


def _nested(row: Row) -> Row:
    """`{"party": 3, "party.": {...}}` -> `{"party": {...}}`."""
    for name in [n for n in row if n.endswith(".")]:
        inner = row.pop(name)
        row[name[:-1]] = [_nested(i) for i in inner] if isinstance(inner, list | tuple) else _nested(inner) if inner else None
    return row
