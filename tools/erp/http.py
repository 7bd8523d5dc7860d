"""HTTP of the ERPs that are reached over a network: what did not answer is `Unavailable`, what says no is `Refused`.

A time-out says nothing about what the ERP has done; whoever asks again looks the order up by its key first. No message holds a key.
"""

from __future__ import annotations

import httpx

from signoff.domain.errors import Refused, Unavailable

TIMEOUT = httpx.Timeout(30, connect=5)
LATER = frozenset({408, 425, 429})
"""Statuses of the 4xx that ask for another try."""
_LONGEST = 500


def send(client: httpx.Client, request: httpx.Request, system: str) -> httpx.Response:
    """The ERP's answer of status 2xx or 4xx. Raises `Unavailable` for everything that may pass, `Refused` for a redirect."""
    try:
        answer = client.send(request)
    except httpx.TimeoutException as error:
        raise Unavailable(f"{system} did not answer in time; the order is looked up before it is sent again.") from error
    except httpx.TransportError as error:
        raise Unavailable(f"{system} at {request.url.host} cannot be reached ({type(error).__name__}); try again.") from error
    if answer.status_code in LATER or answer.status_code >= 500:
        raise Unavailable(f"{system} answers with status {answer.status_code}; look into its log if that stays so.")
    if answer.is_redirect:
        raise Refused(f"{system} answers with a redirect; set url in erp.yaml to the address that it is really at.")
    return answer


def refused(system: str, message: str) -> Refused:
    """What the ERP says about why not, as one sentence."""
    said = " ".join(message.split())[:_LONGEST].rstrip(". ") or "no reason given"
    return Refused(f"{system} refuses: {said}.")
