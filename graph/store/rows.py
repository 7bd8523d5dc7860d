"""What a store gives and takes: cases, tasks, jobs, events, postings, calls, as values. `port.py` says what can be done with them.

Values are small; bodies are JSON text.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from signoff.agents.ledger import ModelCall
from signoff.domain.errors import BadInput
from signoff.domain.record import Record
from signoff.domain.sla import Standing
from signoff.domain.states import State

if TYPE_CHECKING:
    from signoff.agents.messages import Spent


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be opened: `source` is the file, `member` the attachment inside it, `part` counts orders within the file.

    The number 0 means the next one.
    """

    source: str
    member: str
    part: int
    file_sha256: str
    sha256: str
    format: str
    lane: str | None
    order_number: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands. `number` is its key; people see `case_id` (`C00042`)."""

    number: int
    source: str
    member: str
    part: int
    file_sha256: str
    sha256: str
    format: str
    lane: str | None
    state: State
    reason: str | None
    revision: int
    vendor_id: str | None
    contract_id: str | None
    order_number: str | None
    created_at: str
    updated_at: str
    duration_ms: int

    @property
    def case_id(self) -> str:
        return case_id(self.number)


def case_id(number: int) -> str:
    """How people see a case number."""
    return f"C{number:05d}"


def number_of(case: str) -> int:
    """The number in `C00042` or `42`. Raises `BadInput` for anything else."""
    found = re.fullmatch(r"[Cc]?0*(\d{1,15})", case.strip())
    if not found:
        raise BadInput(f"{case} is no case number; they look like C00042.")
    return int(found[1])


QUESTION = "question"
"""The kind of task that settles nothing: what one person asks another about a case."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person is asked. Tasks with the same `gate` are settled together (`needs_all`, else any one of them).

    A task that is opened with the number 0 gets the next one. `on_behalf_of` is in whose place it was answered.
    """

    task_id: int
    case: int
    revision: int
    gate: str
    kind: str
    label: str
    candidates: tuple[str, ...]
    needs_all: bool
    summary: str
    status: str
    version: int
    answered_by: str | None
    decision: str | None
    note: str | None
    created_at: str
    answered_at: str | None
    on_behalf_of: str | None = None
    standing: Standing = field(default_factory=Standing)

    @property
    def pending(self) -> bool:
        """Whether it is open and its case waits for it; no case waits for a question."""
        return self.status == "open" and self.kind != QUESTION


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: take the case as far as it goes. `attempts` counts how often it was taken, and tells its holders apart; `begun`
    how often it was begun again after somebody who did not finish it, without getting any further, `delays` how often it was put off.

    One that nobody holds has no `owner`.
    """

    job_id: int
    case: int
    kind: str
    attempts: int
    owner: str = ""
    begun: int = 0
    delays: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """On what terms a worker takes jobs: in whose name, the time now and until when (milliseconds since 1970), and who is known to be
    dead."""

    owner: str
    now: int
    until: int
    dead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many jobs are due, put off, at work, at work with nobody who holds them any more, and set aside; how many workers hold any."""

    queued: int = 0
    delayed: int = 0
    running: int = 0
    stalled: int = 0
    set_aside: int = 0
    workers: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the audit trail; `mac` chains it to the one before."""

    seq: int
    case: int | None
    at: str
    type: str
    actor: str
    body: dict[str, Any]
    prev: str
    mac: str


RawEvent = tuple[int, int | None, str, str, str, str, str, str]
"""seq, case, at, type, actor, body text, prev, mac: a record as it stands on disk."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """A posting: written before the ERP is called, completed after its answer was read back. `key` is unique."""

    key: str
    case: int
    action: str
    erp: str
    erp_id: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calls they are: a case's (its number) or a conversation's (its id)."""

    case: int | None = None
    conversation: str | None = None


class Kept(Record):
    """A model call as it is kept. `input_hash` is of what the model was really given, also where its words are redacted."""

    call: ModelCall
    input_hash: str
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class RawCall:
    """What is kept of a model call or a use of a tool, as it stands on disk; `number` counts each kind."""

    kind: Literal["model", "tool"]
    number: int
    owner: Owner
    input_hash: str | None
    body: str

    @property
    def sha256(self) -> str:
        """What binds it to its event."""
        return hashlib.sha256(self.body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Costs:
    """What the model calls of one `key` (an agent, a vendor, a day, a model) came to; `unpriced` of them have no known price."""

    key: str
    calls: int
    failed: int
    unpriced: int
    spent: Spent


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of a conversation, as it was said."""

    conversation: str
    seq: int
    person: str
    role: str
    body: str
    at: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a search found. `owner` is `contract K-1` or `proposal 7`; in `snippet` \\x02 and \\x03 stand around what was found."""

    owner: str
    paper: str
    number: str | None
    heading: str
    page: int | None
    snippet: str


@dataclass(frozen=True, slots=True)
class Span:
    """Cases from one number to another, both inclusive, that were taken in from `days[0]` on and before `days[1]` (ISO 8601)."""

    first: int
    last: int
    days: tuple[str, str] = ("", "9999")


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case with its tasks, some steps of its present revision as they are written, and some of its events, oldest first."""

    case: Case
    steps: dict[str, str]
    tasks: tuple[Task, ...]
    events: tuple[Event, ...]
