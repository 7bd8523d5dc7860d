"""What can go wrong with one request, and what helps against it. Never leaves the model client."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from dataclasses import dataclass, field
from typing import Literal

from signoff.agents.messages import Failure, Usage

Remedy = Literal["wait", "again", "correct", "longer", "none"]
"""`wait`: nothing was generated, so wait and send again. `again`: the answer was lost or damaged. `correct`: it does not fit, so
say why. `longer`: it was cut, so allow twice the tokens. `none`: asking again will not help."""

KEY_LIKE = re.compile(r"\b(?:sk|pk|rk)-\S+|\bBearer\s+\S+|\S*\*{3,}\S*", re.IGNORECASE)
FRAGMENT = 6


@dataclass
class Heard:
    """What an endpoint said of its answer, right or wrong: for the bill."""

    model: str | None = None
    response_id: str | None = None
    usage: Usage = field(default_factory=Usage)


class Trouble(Exception):
    """One request that gave nothing. `failure` is what it amounts to where nothing helps; `after` the seconds to wait, if told."""

    def __init__(self, remedy: Remedy, failure: Failure, sentence: str, after: float | None = None, heard: Heard | None = None) -> None:
        super().__init__(sentence)
        self.remedy, self.failure, self.after, self.heard = remedy, failure, after, heard or Heard()

    @property
    def paid(self) -> bool:
        """Whether an answer was generated, or may have been: then it is asked for at most once more."""
        return self.remedy in ("again", "correct", "longer") or self.failure == "refused"


class Resting(Trouble):
    """The endpoint is left alone for now; nothing was sent."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__("wait", "unavailable", f"{host} is left alone for now: it failed too often, or asked for a pause.", after=seconds)


def lost(sentence: str, heard: Heard | None = None) -> Trouble:
    """An answer that did not arrive whole."""
    return Trouble("again", "unavailable", sentence, heard=heard)


def unfit(sentence: str, heard: Heard) -> Trouble:
    """An answer that is not what was asked for."""
    return Trouble("correct", "invalid", sentence, heard=heard)


def retry_after(headers: dict[str, str]) -> float | None:
    """Seconds of `Retry-After` (RFC 9110, 10.2.3) or `retry-after-ms`; a date is counted from the endpoint's own clock."""
    if (given := headers.get("retry-after-ms")) and (milliseconds := _number(given)) is not None:
        return milliseconds / 1000
    given = headers.get("retry-after", "").strip()
    if (seconds := _number(given)) is not None:
        return seconds
    until = _date(given)
    if until is None:
        return None
    return max(0.0, (until - (_date(headers.get("date", "")) or dt.datetime.now(dt.UTC))).total_seconds())


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", text) else None


def _date(text: str) -> dt.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def scrubbed(text: str, key: str) -> str:
    """Somebody else's words for an error, in one short line, without the key or any part of it that could be told."""
    line = KEY_LIKE.sub("[…]", " ".join(text[:2000].split()))
    pieces = {key[n : n + FRAGMENT] for n in range(len(key) - FRAGMENT + 1)}
    words = (("[…]" if any(word[n : n + FRAGMENT] in pieces for n in range(len(word))) else word) for word in line.split(" "))
    return " ".join(words)[:200]
