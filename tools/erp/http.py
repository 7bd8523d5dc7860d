"""What ERPs that are spoken to over HTTP have in common: whatever goes wrong on the way becomes `Unavailable` or `Refused`.

An answer that does not come, or comes as 409, 429 or 5xx, leaves open whether the server did what it was asked: `Unavailable`, and the
look-up by key tells. Any other 4xx is the ERP saying no. No message holds a key.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import httpx

from signoff.domain.errors import Refused, Unavailable

TIMEOUT = httpx.Timeout(30, connect=5)
LATER = frozenset({408, 409, 425, 429})
"""Statuses of the 4xx that ask for another try."""
MOST_SAID = 500
"""Letters of an ERP's own words that go into a message."""


class Missing(Refused):
    """There is nothing under this address, or nothing that this user may see."""


class Forbidden(Refused):
    """The ERP's user may not do this."""


def client_of(url: str, headers: dict[str, str], timeout: httpx.Timeout | None = None) -> httpx.Client:
    """A client for one ERP, for any thread. A proxy of the environment does not stand between two programs of one machine."""
    return httpx.Client(base_url=url.rstrip("/") + "/", headers=headers, timeout=timeout or TIMEOUT, trust_env=not is_loopback(url))


def send(client: httpx.Client, request: httpx.Request, system: str) -> httpx.Response:
    """The ERP's answer of status 2xx or 4xx. Raises `Unavailable` for everything that may pass, `Refused` for a redirect."""
    try:
        answer = client.send(request)
    except httpx.TimeoutException as error:
        raise Unavailable(f"{system} did not answer in time; the order is looked up before it is sent again.") from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise Unavailable(f"{system} at {request.url.host} cannot be reached ({type(error).__name__}); try again.") from error
    if answer.status_code in LATER or answer.status_code >= 500:
        raise Unavailable(f"{system} answers with status {answer.status_code}; look into its log if that stays so.")
    if answer.is_redirect:
        raise Refused(f"{system} answers with a redirect; set url in erp.yaml to the address that it is really at.")
    return answer


def refused(system: str, message: str) -> Refused:
    """What the ERP says about why not, as one sentence."""
    said = " ".join(message.split())[:MOST_SAID].rstrip(". ") or "no reason given"
    return Refused(f"{system} refuses: {said}.")


class Wire:
    """Requests to one ERP, from any thread. `name` is the ERP's in messages; `key` is sent as a bearer token and never shown."""

    def __init__(self, name: str, url: str, key: str, seconds: float = 30) -> None:
        self._name, self._key = name, key
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._client = client_of(url, headers, httpx.Timeout(seconds, connect=min(seconds, 5)))

    def send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], words: Callable[[Any], str | None] = lambda _: None
    ) -> bytes:
        """The body of the answer. `words` finds the ERP's sentence in the JSON of a refusal."""
        request = self._client.build_request(method, path, content=body, headers={"Content-Type": "application/json"} | headers)
        answer = send(self._client, request, self._name)
        if answer.is_error:
            raise self._refusal(answer, words)
        return answer.content

    def json(self, content: bytes, hook: Callable[[dict[str, Any]], Any]) -> Any:
        """What an answer says; numbers are decimals."""
        try:
            return json.loads(content, object_hook=hook, parse_float=Decimal) if content else None
        except ValueError as error:
            raise Unavailable(
                f"{self._name} answered something other than JSON; look at its address and at what stands before it."
            ) from error

    def _refusal(self, answer: httpx.Response, words: Callable[[Any], str | None]) -> Refused:
        status, name = answer.status_code, self._name
        if status == httpx.codes.UNAUTHORIZED:
            return Refused(f"{name} does not know the key; set SIGNOFF_ERP_KEY to one that is valid there.")
        if status == httpx.codes.FORBIDDEN:
            return Forbidden(f"{name} does not let its user do this; give the rights that docs/erp.md names.")
        if status == httpx.codes.NOT_FOUND:
            return Missing(f"{name} has nothing under this address; check url in erp.yaml.")
        return refused(name, (_said(answer, words) or f"status {status}").replace(self._key, "***"))

    def close(self) -> None:
        self._client.close()


def _said(answer: httpx.Response, words: Callable[[Any], str | None]) -> str | None:
    try:
        return words(answer.json())
    except ValueError:
        return None


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def safe_address(url: str) -> str:
    """The address of an ERP; a key goes over plain HTTP to this machine only. Raises `ValueError`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise ValueError("must be an address like https://erp.example.com/database, without a password in it")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError("must begin with https://, as the key would be readable on the way")
    return url.rstrip("/")


def chunks(values: Iterable[str], size: int = 200) -> Iterable[list[str]]:
    """The values in lists that a server's limits allow, each once."""
    every = list(dict.fromkeys(values))
    return (every[i : i + size] for i in range(0, len(every), size))
