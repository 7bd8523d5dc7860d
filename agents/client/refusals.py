"""What a refusal by HTTP status means (RFC 9110, 15), in a sentence that names the variable to mend and never the key."""

from __future__ import annotations

from dataclasses import dataclass, field

from signoff.agents.client.dialect import too_long
from signoff.agents.client.trouble import Trouble, lost, scrubbed

BROKE = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
FILTERED = ("content_filter", "content_policy", "responsibleaipolicy")
GATEWAY_TIMEOUTS = (504, 524)
NOT_NOW = (408, 409, 425, 429)


@dataclass(frozen=True)
class Place:
    """An endpoint as errors speak of it. `variable` is where its model's name was set."""

    host: str
    model: str
    variable: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Refusal:
    """A response that is none: its status, what its body says and the code it gives, and how long to wait."""

    status: int
    said: str = ""
    code: str = ""
    after: float | None = None


def trouble(refusal: Refusal, at: Place) -> Trouble:
    """What helps against it."""
    status, http = refusal.status, f"(HTTP {refusal.status})"
    if refusal.code in BROKE:
        return _mend(f"The account at {at.host} has no credit left {http}; see to it, or set another OPENAI_API_KEY.")
    if status in GATEWAY_TIMEOUTS:
        return lost(f"A gateway before {at.host} did not wait for the answer {http}.")
    if status in NOT_NOW or status >= 500:
        words = "asks for fewer requests" if status == 429 else "is overloaded or out of order"
        return Trouble("wait", "unavailable", f"{at.host} {words} {http}.", after=refusal.after)
    return _for_good(refusal, at, http)


def _for_good(refusal: Refusal, at: Place, http: str) -> Trouble:
    status = refusal.status
    if status == 401 and not at.key:
        return _mend(f"{at.host} wants a key {http}; set OPENAI_API_KEY.")
    if status in (401, 403):
        return _mend(f"{at.host} does not accept the key for {at.model} {http}; check OPENAI_API_KEY and {at.variable}.")
    if status == 402:
        return _mend(f"The account at {at.host} has no credit left {http}; see to it, or set another OPENAI_API_KEY.")
    if status == 404:
        return _mend(f"{at.host} does not know the model {at.model}, or has no chat completions there {http}; "
                     f"check {at.variable} and OPENAI_BASE_URL.")  # fmt: skip
    if status < 400:
        return _mend(f"{at.host} sends requests on to another address {http}; set OPENAI_BASE_URL to that.")
    said = scrubbed(refusal.said, at.key)
    if status == 413 or too_long(f"{refusal.said} {refusal.code}"):
        return Trouble("none", "invalid", f"The question is too long for {at.model} {http}: {said}")
    if any(word in refusal.code.casefold() for word in FILTERED):
        return Trouble("none", "refused", f"The provider's content filter refused the question {http}.")
    if "tool" in refusal.said.casefold():
        return _mend(f"{at.model} at {at.host} takes no tools {http}; set SIGNOFF_MODEL_TOOLS=schema.")
    return _mend(f"{at.host} refuses the request {http}: {said or 'no reason given'}; check {at.variable} and OPENAI_BASE_URL.")


def _mend(sentence: str) -> Trouble:
    return Trouble("none", "misconfigured", sentence)
