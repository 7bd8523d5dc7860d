"""Autonomy that is earned: what a certificate promises, what it hangs on, and which readings it lets pass without a person.

Of the orders that pass under a certificate at most `alpha` are wrong, with probability 1 - `delta` (`domain.guarantee`). It holds for
exactly the readers, weights, model, prompts and policy that it was made with, up to its last day, until it is withdrawn.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from signoff.domain.checks.signals import Weights
from signoff.domain.guarantee import Drift
from signoff.domain.reading import DraftOrder, Lane, Reading, Verdict
from signoff.domain.record import Record, Text

SEARCHING = frozenset({Lane.TABULAR, Lane.LAYOUT, Lane.OCR, Lane.AGENT})
"""Lanes that search for what they read; only a certificate lets their orders pass."""


class Versions(Record):
    """What a reading hangs on, as hashes: the code that reads and checks, the weights of the signals, the policy, the model and what it is
    told. Without a model the last two are empty."""

    readers: str
    weights: str
    policy: str
    model: str = ""
    prompts: str = ""

    def differing(self, other: Versions) -> Iterator[str]:
        """What is not the same, in words."""
        for name, words in WORDS.items():
            if getattr(self, name) != getattr(other, name):
                yield words


WORDS = {
    "readers": "the code that reads orders", "weights": "the weights of the signals", "policy": "the policy", "model": "the language model",
    "prompts": "what the model is told",
}  # fmt: skip


class Bound(Record):
    """Something that is kept in one piece and vouched for by its SHA-256 in the event that made or changed it."""

    @property
    def name(self) -> str:
        """How events name it."""
        raise NotImplementedError

    @property
    def bound(self) -> dict[str, str]:
        return {self.name: hashlib.sha256(self.model_dump_json().encode()).hexdigest()}


class Calibration(Bound):
    """Weights that were fitted to labelled readings: how many, of how many vendors, by which data (SHA-256), when."""

    number: int = 0
    made_at: dt.datetime
    made_by: str
    weights: Weights
    orders: int
    fields: int
    vendors: int
    data_sha256: str

    @property
    def name(self) -> str:
        return f"calibration {self.number}"


class Point(Record):
    """What a threshold was seen to do on the orders it was tested on: so many of them pass, so many of those are wrong.

    `p_value` is that of `more than alpha are wrong`; the thresholds that the test reached are `shown`.
    """

    threshold: float
    passed: int
    errors: int
    p_value: float
    shown: bool


class Certificate(Bound):
    """A threshold with its guarantee. `orders` were labelled for the test, of `vendors`; `passed` reach the threshold, `errors` of them are
    wrong. `raised_to` is a stricter threshold that a person set; `drift` is what the audits since say."""

    number: int = 0
    made_at: dt.datetime
    made_by: str
    expires_at: dt.datetime
    alpha: float = Field(gt=0, lt=1)
    delta: float = Field(gt=0, lt=1)
    orders: int
    vendors: int
    passed: int
    errors: int
    threshold: float = Field(ge=0, le=1)
    lanes: tuple[Lane, ...]
    versions: Versions
    source: Text
    data_sha256: str
    curve: tuple[Point, ...] = ()
    raised_to: float | None = None
    drift: Drift
    status: Literal["active", "withdrawn", "replaced"] = "active"
    because: str = ""

    @property
    def name(self) -> str:
        return f"certificate {self.number}"

    @property
    def at_least(self) -> float:
        """The confidence that a reading needs."""
        return max(self.threshold, self.raised_to or 0.0)

    def void(self, versions: Versions, now: dt.datetime) -> str | None:
        """Why it does not hold, if it does not."""
        if self.status != "active":
            return f"certificate {self.number} was {self.status}" + (f": {self.because}" if self.because else "")
        if now >= self.expires_at:
            return f"certificate {self.number} expired on {self.expires_at:%Y-%m-%d}"
        if changed := list(self.versions.differing(versions)):
            return f"certificate {self.number} was made before a change of " + " and of ".join(changed)
        return None


class Permit(Record):
    """What is allowed to pass at a moment: nothing where `void` says why, else readings of these lanes from this confidence on."""

    certificate: int | None = None
    at_least: float = 1.0
    lanes: tuple[Lane, ...] = ()
    void: str | None = "there is no certificate"


def permitted(certificate: Certificate, versions: Versions, now: dt.datetime) -> Permit:
    """What the last certificate allows."""
    void = certificate.void(versions, now)
    return Permit(certificate=certificate.number, at_least=certificate.at_least, lanes=certificate.lanes, void=void)


def uncovered(permit: Permit, draft: DraftOrder, reading: Reading) -> str | None:
    """Why a reading does not pass under a permit; `None` when it does."""
    if reading.verdict is not Verdict.CLEAR:
        return "the reading is in doubt"
    if permit.void is not None:
        return permit.void
    if missing := sorted(lanes_of(draft) - set(permit.lanes)):
        return f"certificate {permit.certificate} does not cover what was read by {' and '.join(missing)}"
    if reading.confidence < permit.at_least:
        return f"its confidence {reading.confidence:.4f} is below the {permit.at_least:.4f} of certificate {permit.certificate}"
    return None


def lanes_of(draft: DraftOrder) -> set[Lane]:
    """The lanes that searched for what they read, those that only filled in fields too."""
    return {draft.lane, *draft.lanes.values()} & SEARCHING


class Sample(Bound):
    """A case that was drawn from those that passed, for a person to look at: under which certificate it passed, and what they found.

    Times are in UTC (ISO 8601). `wrong` is empty until somebody has looked.
    """

    case: int
    revision: int
    certificate: int | None
    drawn_at: str
    judged_by: str | None = None
    judged_at: str | None = None
    wrong: bool | None = None
    note: Text = ""

    @property
    def name(self) -> str:
        return f"audit of case {self.case}.{self.revision}"
