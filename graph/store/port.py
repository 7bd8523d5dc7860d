"""What the process needs of a store, whichever database it is: one protocol, one conformance suite (`tests/graph/store`).

Writes happen inside `transaction()`, together with the event that says why. Values are small; bodies are JSON text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.domain.errors import BadInput
from signoff.domain.record import Record
from signoff.domain.sla import Standing
from signoff.domain.states import State
from signoff.tools.history import History

if TYPE_CHECKING:
    from signoff.agents.messages import Question, Spent
    from signoff.domain.autonomy import Calibration, Certificate, Permit, Sample, Versions
    from signoff.domain.checks.signals import Weights
    from signoff.domain.contract import Contract
    from signoff.domain.credentials import Password, Session, Token, Tries
    from signoff.domain.facts import PastOrder, PastPrice
    from signoff.domain.layouts import Layout
    from signoff.domain.people import Person
    from signoff.domain.proposal import Proposal, ProposalStatus
    from signoff.domain.stages import Answer
    from signoff.domain.vendor import Vendor
    from signoff.tools.notices import Notice

Earned = TypeVar("Earned", "Calibration", "Certificate")


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


class Cases(Protocol):
    def add(self, new: NewCase, now: dt.datetime) -> int: ...
    def get(self, number: int) -> Case | None: ...
    def of_file(self, source: str, file_sha256: str) -> list[Case]: ...
    def listed(self, states: Iterable[State] = ()) -> Iterator[Case]: ...
    def page(self, states: Iterable[State], most: int) -> list[Case]: ...
    def counts(self) -> dict[State, int]: ...
    def earlier_document(self, case: Case) -> int | None: ...
    def move(self, number: int, to: State, now: dt.datetime, reason: str | None = None) -> None: ...
    def set(self, number: int, **columns: Any) -> None: ...
    def add_duration(self, number: int, ms: int) -> None: ...
    def save_step(self, number: int, revision: int, step: str, body: str) -> None: ...
    def step(self, number: int, revision: int, step: str) -> str | None: ...
    def steps(self) -> Iterator[tuple[int, int, str, str]]: ...
    def forget(self) -> None: ...


class Tasks(Protocol):
    def open(self, task: Task) -> int: ...
    def of_case(self, number: int) -> list[Task]: ...
    def answered(self) -> list[Task]: ...
    def of_gate(self, gate: str) -> list[Task]: ...
    def waiting(self) -> list[Task]: ...
    def answer(self, task: Task, answer: Answer, now: dt.datetime) -> bool: ...
    def reply(self, task: Task, person: str, text: str, behalf: str | None, now: dt.datetime) -> bool: ...
    def stand(self, task: Task, standing: Standing) -> bool: ...
    def due(self, now: dt.datetime) -> list[Task]: ...
    def standings(self) -> Iterator[tuple[Task, str]]: ...
    def close(self, gate: str, now: dt.datetime) -> None: ...


class Notices(Protocol):
    """Messages to people, written with the event they tell of and sent later; each is sent once.

    `unsent` are the oldest that was not sent and those for the same person.
    """

    def add(self, case: int, person: str, subject: str, body: str, now: dt.datetime) -> None: ...
    def unsent(self, most: int = 100) -> list[Notice]: ...
    def sent(self, notices: Iterable[Notice], now: dt.datetime) -> None: ...


class Jobs(Protocol):
    """The queue. A job is held by lease, and one at a time runs for a case."""

    def enqueue(self, key: str, case: int, kind: str) -> bool: ...
    def claim(self, lease: Lease, most: int = 1, case: int | None = None) -> list[Job]: ...
    def prolong(self, jobs: Iterable[Job], until: int) -> None: ...
    def holds(self, job: Job) -> bool: ...
    def begin(self, job: Job) -> int: ...
    def finish(self, job: Job, error: str | None = None, status: str | None = None) -> None: ...
    def put_back(self, job: Job, not_before: int, error: str) -> None: ...
    def give_back(self, job: Job) -> None: ...
    def take_up(self, case: int) -> None: ...
    def owners(self) -> list[str]: ...
    def open_cases(self, now: int | None = None) -> set[int]: ...
    def backlog(self, now: int) -> Backlog: ...
    def turn(self, name: str, now: int, interval: int) -> int: ...


class Events(Protocol):
    """The record. While somebody is signed in (`session`), each event of theirs says how they are known."""

    session: Session | None

    def append(self, type: str, actor: str, body: dict[str, Any], now: dt.datetime, case: int | None = None) -> int: ...
    def all(self) -> Iterator[Event]: ...
    def of_case(self, number: int) -> list[Event]: ...
    def last_seq(self) -> int: ...
    def raw(self) -> Iterator[RawEvent]: ...
    def mac_of(self, event: RawEvent, prev: str) -> str: ...


class Postings(Protocol):
    def request(self, key: str, case: int, action: str, erp: str) -> None: ...
    def complete(self, key: str, erp_id: str) -> None: ...
    def all(self) -> Iterator[Outbox]: ...
    def get(self, key: str) -> Outbox | None: ...
    def of_case(self, number: int) -> Outbox | None: ...


class Masters(Protocol):
    """Vendors, people and contracts as they were last imported, and every policy and every state of them that ever was.

    What is kept (`people`, `vendors`, `contracts`, a row a line; `access`, the rights of agents) is found by its SHA-256.
    """

    def replace_vendors(self, vendors: Iterable[Vendor]) -> None: ...
    def replace_people(self, people: Iterable[Person]) -> None: ...
    def put_contracts(self, contracts: Iterable[Contract]) -> None: ...
    def vendors(self) -> list[Vendor]: ...
    def people(self) -> list[Person]: ...
    def contracts(self) -> list[Contract]: ...
    def contract(self, contract_id: str) -> Contract | None: ...
    def contracts_held(self) -> list[tuple[str, str]]: ...
    def keep_policy(self, hash: str, body: str) -> None: ...
    def policy(self, hash: str) -> tuple[str, str] | None: ...
    def digest(self, kind: str) -> str: ...
    def keep(self, kind: str, body: str) -> None: ...
    def kept(self, kind: str, digest: str) -> str | None: ...


class Layouts(Protocol):
    """Layouts that people taught, each with a number that is never given out again."""

    def put(self, layout: Layout) -> Layout: ...
    def all(self) -> list[Layout]: ...
    def digest(self, number: int) -> str | None: ...


class Calls(Protocol):
    """What models and tools were asked and what they answered, and what was said in conversations."""

    def keep(self, owner: Owner, kept: Kept) -> RawCall: ...
    def find(self, owner: Owner, question: Question) -> ModelCall | None: ...
    def of(self, owner: Owner) -> list[Kept]: ...
    def keep_tool(self, owner: Owner, call: ToolCall) -> RawCall: ...
    def find_tool(self, owner: Owner, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None: ...
    def tools_of(self, owner: Owner) -> list[ToolCall]: ...
    def raw(self) -> Iterator[RawCall]: ...
    def costs_of(self, owner: Owner) -> Costs: ...
    def costs(self, by: str) -> list[Costs]: ...
    def say(self, conversation: str, person: str, role: str, body: str, now: dt.datetime) -> Said: ...
    def said(self, conversation: str) -> list[Said]: ...
    def conversations(self, person: str) -> list[str]: ...


class Credentials(Protocol):
    """By what people are known, and which policy and rights were last adopted. `bound` gives what events vouch for, with its SHA-256."""

    def password(self, person: str) -> Password | None: ...
    def set_password(self, password: Password) -> None: ...
    def make_token(self, token: Token) -> Token: ...
    def token(self, number: int) -> Token | None: ...
    def tokens(self) -> list[Token]: ...
    def revoke(self, number: int, now: dt.datetime) -> None: ...
    def tries(self, person: str) -> Tries | None: ...
    def tried(self, person: str, now: dt.datetime) -> None: ...
    def forget_tries(self, person: str) -> None: ...
    def adopted(self, kind: str) -> str | None: ...
    def adopt(self, kind: str, digest: str, person: str, now: dt.datetime) -> None: ...
    def bound(self) -> Iterator[tuple[str, str]]: ...


class Agreements(Protocol):
    """Documents proposed as contracts, and the clauses of contracts and proposals as words that can be searched."""

    def put(self, proposal: Proposal) -> Proposal: ...
    def get(self, number: int) -> Proposal | None: ...
    def of_file(self, sha256: str) -> Proposal | None: ...
    def listed(self, status: ProposalStatus | None = None) -> list[Proposal]: ...
    def raw(self) -> Iterator[tuple[int, str, str]]: ...
    def search(self, words: str, most: int = 20) -> list[Hit]: ...
    def out_of_step(self, contracts: Iterable[Contract]) -> Iterator[str]: ...


class Past(History, Protocol):
    """Orders that commit or committed money. The checks look back through `History`, the process adds to it."""

    def register(self, case: int, order: PastOrder, contract_id: str | None) -> None: ...
    def release(self, case: int) -> None: ...
    def suspend(self, case: int) -> None: ...
    def resume(self, case: int) -> None: ...
    def supersede(self, case: int, by: int) -> None: ...
    def bought(self, case: int | None, vendor_id: str, prices: Iterable[PastPrice]) -> None: ...
    def has_history(self) -> bool: ...
    def import_history(self, rows: Iterable[tuple[PastOrder, str | None, tuple[PastPrice, ...]]]) -> int: ...


class Autonomy(Protocol):
    """What was earned: calibrations, certificates, and the audits of what passed. `bound` gives what events vouch for, with its SHA-256."""

    def calibrations(self) -> list[Calibration]: ...
    def weights(self) -> Weights: ...
    def certificates(self) -> list[Certificate]: ...
    def put(self, value: Earned) -> Earned: ...
    def permit(self, case: int, versions: Callable[[], Versions], now: dt.datetime) -> Permit: ...
    def chosen(self, case: int, share: float) -> bool: ...
    def add_sample(self, sample: Sample) -> None: ...
    def judge(self, sample: Sample) -> bool: ...
    def sample(self, case: int) -> Sample | None: ...
    def samples(self, open_only: bool = False) -> list[Sample]: ...
    def bound(self) -> Iterator[tuple[str, str]]: ...


class Figures(Protocol):
    """How much there is of everything, for whoever watches. Moments are ISO 8601 in UTC."""

    def stages(self) -> list[tuple[State, int, str]]: ...
    def ended(self, since: str) -> dict[State, int]: ...
    def taken_in(self, since: str) -> dict[State, int]: ...
    def money(self) -> tuple[Decimal, int]: ...
    def pending(self) -> int: ...
    def spent(self, since: str) -> tuple[int, Decimal]: ...


class Dossiers(Protocol):
    """Cases with all that was decided on, for those who look back over many."""

    def last(self) -> int: ...
    def of(self, span: Span, steps: Collection[str] = (), events: Collection[str] = ()) -> Iterator[Dossier]: ...


class Store(Protocol):
    """Everything that is remembered. `durable` makes the commit survive a power cut, not only a kill.

    A transaction within `holding` a job (`fence.py`) raises `Superseded` once somebody else has the job.
    """

    cases: Cases
    tasks: Tasks
    jobs: Jobs
    events: Events
    postings: Postings
    masters: Masters
    past: Past
    layouts: Layouts
    calls: Calls
    agreements: Agreements
    credentials: Credentials
    notices: Notices
    dossiers: Dossiers
    autonomy: Autonomy
    figures: Figures

    def transaction(self, durable: bool = False) -> AbstractContextManager[None]: ...
    def reading(self, areas: frozenset[str]) -> Store:
        """The store with the right to read these areas (`tools.access.AREAS`) and to change nothing. It is closed on its own."""

    def close(self) -> None: ...
