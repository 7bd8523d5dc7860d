"""The two wires to Odoo: JSON-2 (Odoo 19 and later) and XML-RPC (until Odoo 21).

Both call a method of a model; parameters stand in the order of the method's signature, for XML-RPC sends them by position. Odoo's
numbers are floats: they come in as the decimal that the float prints as, and go out only where the float prints as the very decimal.
"""

from __future__ import annotations

import json
import xmlrpc.client
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Protocol, cast
from xml.parsers.expat import ExpatError

import httpx

from signoff.domain.errors import Refused, Unavailable
from signoff.tools.erp.http import client_of, refused, send

SYSTEM = "Odoo"
CONTEXT = {"lang": "en_US"}
"""Names of units are translated; they are looked up in English."""
_FINEST = Decimal("1e-10")
_NOTHING_TO_SAY = "cannot marshal None"
_FAULT_CRASH, _FAULT_DENIED = 1, 3
"""Fault codes of Odoo's XML-RPC; 2 is a business error, 4 a missing right."""


class Wire(Protocol):
    """One of the two transports."""

    def call(self, model: str, method: str, ids: list[int] | None = None, **params: Any) -> Any:
        """What the method returns. Raises `Unavailable` and `Refused`."""

    def close(self) -> None:
        """Let go of the connections."""


def as_float(value: Decimal) -> float:
    """A number for Odoo. What has no end is cut at ten digits after the point; what a float cannot hold is `Refused`."""
    kept = value if -value.as_tuple().exponent <= 10 else value.quantize(_FINEST, ROUND_HALF_EVEN)  # type: ignore[operator]
    found = float(kept)
    if Decimal(repr(found)) != kept:
        raise Refused(f"The number {value} has more digits than Odoo can hold; post this order by hand.")
    return found


class Json2:
    """`POST /json/2/<model>/<method>` with the key as bearer (External JSON-2 API of Odoo's documentation)."""

    def __init__(self, url: str, database: str | None, key: str) -> None:
        headers = {"Authorization": f"bearer {key}", "User-Agent": "signoff"} | ({"X-Odoo-Database": database} if database else {})
        self._client = client_of(url, headers)

    def call(self, model: str, method: str, ids: list[int] | None = None, **params: Any) -> Any:
        body = params | {"context": CONTEXT} | ({} if ids is None else {"ids": ids})
        answer = send(self._client, self._client.build_request("POST", f"json/2/{model}/{method}", json=body), SYSTEM)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise Refused("Odoo does not accept the key in SIGNOFF_ERP_KEY; make a new one under Preferences, Account Security.")
        said = _json(answer)
        if answer.is_error:
            raise refused(SYSTEM, str(said.get("message", "")) if isinstance(said, dict) else str(said))
        return said

    def close(self) -> None:
        self._client.close()


def _json(answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content, parse_float=Decimal)
    except ValueError as error:
        if answer.is_error:
            raise refused(SYSTEM, f"status {answer.status_code} without an explanation; check url and database in erp.yaml") from error
        raise Unavailable("Odoo's answer is no JSON; check that url in erp.yaml is that of Odoo itself.") from error


class XmlRpc:
    """`/xmlrpc/2/common` for the sign-in, `/xmlrpc/2/object` for the calls (External RPC API of Odoo's documentation)."""

    def __init__(self, url: str, database: str, login: str, key: str) -> None:
        self._client = client_of(url, {"Content-Type": "text/xml", "User-Agent": "signoff"})
        self._database, self._login, self._key = database, login, key
        self._user: int | None = None

    def call(self, model: str, method: str, ids: list[int] | None = None, **params: Any) -> Any:
        if self._user is None:
            self._user = self._signed_in()
        positional = [*([] if ids is None else [ids]), *params.values()]
        return self._post("object", "execute_kw", self._user, self._key, model, method, positional, {"context": CONTEXT})

    def _signed_in(self) -> int:
        user = self._post("common", "authenticate", self._login, self._key, {})
        if not isinstance(user, int) or not user:
            raise Refused("Odoo does not accept login (erp.yaml) with the key in SIGNOFF_ERP_KEY; make a new key for that user.")
        return user

    def _post(self, service: str, method: str, *arguments: Any) -> Any:
        body = xmlrpc.client.dumps((self._database, *arguments), method).encode()
        answer = send(self._client, self._client.build_request("POST", f"xmlrpc/2/{service}", content=body), SYSTEM)
        if answer.is_error:
            raise refused(SYSTEM, f"status {answer.status_code} for XML-RPC; check url in erp.yaml, or set api to json-2")
        return _loads(answer.content.replace(self._key.encode(), b"..."))

    def close(self) -> None:
        self._client.close()


class _Exact(xmlrpc.client.Unmarshaller):
    """Reads `<double>` as the decimal that is written there."""

    dispatch = dict(xmlrpc.client.Unmarshaller.dispatch)

    def end_double(self, data: str) -> None:
        self.append(Decimal(data.strip()))
        self._value = False

    dispatch["double"] = cast(Any, end_double)


def _loads(content: bytes) -> Any:
    reader = _Exact()
    parser = xmlrpc.client.ExpatParser(reader)
    try:
        parser.feed(content)
        parser.close()
        found: Any = reader.close()
        return found[0]
    except xmlrpc.client.Fault as fault:
        return _fault(fault)
    except (ExpatError, xmlrpc.client.Error, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise Unavailable("Odoo's answer is no XML-RPC; check that url in erp.yaml is that of Odoo itself.") from error


def _fault(fault: xmlrpc.client.Fault) -> None:
    """A method that returns nothing has done its work, and cannot say so in XML-RPC; any other fault raises."""
    said = str(fault.faultString)
    if _NOTHING_TO_SAY in said:
        return
    if fault.faultCode == _FAULT_CRASH:
        last = (said.strip().splitlines() or [""])[-1][:300]
        raise Unavailable(f"Odoo failed ({last}); look into its log if that stays so.")
    if fault.faultCode == _FAULT_DENIED:
        raise Refused("Odoo does not accept the key in SIGNOFF_ERP_KEY; make a new one under Preferences, Account Security.")
    raise refused(SYSTEM, said)
