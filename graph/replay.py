"""Replay: a case is taken through the real graph once more, on its recorded inputs, and everything it writes is compared.

What came in is taken from the record: what intake read, the facts of the past, policy and master data as they were, the
answers of people, models, tools and the ERP. What the code makes of it must come out byte for byte.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver
from pydantic import ValidationError

from signoff.agents.crew import Crew, Opener
from signoff.domain.checks.signals import PRIORS, Weights
from signoff.domain.errors import BadInput, SignoffError
from signoff.graph.clockwork import tend
from signoff.graph.conversing import Handover, Inquiry, Reply, answer, ask, forward
from signoff.graph.decisions import Decision, decide
from signoff.graph.flow import compiled
from signoff.graph.jobs import STEP_OF, execute_job, open_case, retry
from signoff.graph.kept import KeptCompanies
from signoff.graph.recorded import FreeBudget, NoArchive, RecordedERP, RecordedModel, Tape
from signoff.graph.services import Services
from signoff.graph.store.chain import canonical
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Event, Lease, case_id
from signoff.graph.store.sqlite_recorded import RecordedStore
from signoff.tools.access import Access
from signoff.tools.paper import Paper

NOTHING = object()


@dataclass(frozen=True)
class Replayed:
    """How a replay went: how much was compared, what it took, and the first difference as a sentence, if any."""

    case_id: str
    events: int
    calls: int
    ms: float
    fault: str | None


class Replays:
    """Replays the cases of one store. `open` gives the originals to agents that read them."""

    def __init__(self, source: Store, open: Opener) -> None:
        self.source, self.open = source, open
        self.saver = InMemorySaver()
        self.graph = compiled(self.saver)
        self.companies = KeptCompanies(source.masters)
        self.rights = lru_cache(maxsize=16)(self._rights)
        self.weights = lru_cache(maxsize=16)(self._weights)

    async def replay(self, number: int) -> Replayed:
        """Take a case along its record. Raises `BadInput` when there is no such case."""
        started = time.perf_counter()
        tape = Tape(self.source, number)
        store = RecordedStore(tape)
        try:
            await self._play(tape, store)
            fault = next(_differences(tape, store), None)
        except SignoffError as error:
            fault = str(error)
        except ValidationError as error:
            fault = f"The record cannot be read: {error.errors()[0]['msg']} ({error.title})."
        finally:
            store.close()
            self.saver.delete_thread(case_id(number))
        fault = next(iter(tape.missing), fault)
        ms = round((time.perf_counter() - started) * 1000, 1)
        return Replayed(case_id(number), len(tape.events), len(tape.calls), ms, fault)

    async def _play(self, tape: Tape, store: RecordedStore) -> None:
        """From the case's opening to where the record ends, or where the replay goes another way."""
        _open(tape, self._services(tape, store))
        while True:
            services = self._services(tape, store)
            while jobs := store.jobs.claim(Lease("replay", 0, 1), 1, tape.number):
                await execute_job(self.graph, services, jobs[0])
            event = tape.upcoming
            if event is None or event.type not in RESUMED or _astray(tape):
                return
            RESUMED[event.type](self._services(tape, store), event)

    def _services(self, tape: Tape, store: RecordedStore) -> Services:
        """What the next event on record was decided with."""
        event = tape.upcoming or tape.events[-1]
        basis = str(event.body.get("basis", ""))
        masters = basis.split(".")[1:]
        rights, fitted = (*masters[3:], "", "")[:2]
        crew = self._crew(tape, rights) if rights else None
        known = self.companies.of(".".join(basis.split(".")[:4]))
        return Services(
            store=store, archive=NoArchive(), erp=RecordedERP(tape), clock=tape.now, policy=known.policy, policy_hash=known.policy_hash,
            people=known.people, vendors=known.vendors, contracts=known.contracts, crew=crew, masters=tuple(masters[:3]),
            weights=self.weights(fitted),
        )  # fmt: skip

    def _crew(self, tape: Tape, access: str) -> Crew:
        budget = FreeBudget()
        return Crew(
            model=RecordedModel(tape), budget=budget, chat_budget=budget, access=self.rights(access), open=self.open, rest=_nothing,
            close=lambda: None,
        )  # fmt: skip

    def _weights(self, digest: str) -> Weights:
        if not digest:
            return PRIORS
        text = self.source.masters.kept("weights", digest)
        if text is None:
            raise BadInput(f"The weights {digest} that readings had are missing from the record.")
        return Weights(**json.loads(text))

    def _rights(self, digest: str) -> Access:
        text = self.source.masters.kept("access", digest)
        if text is None:
            raise BadInput(f"The rights {digest} that agents had are missing from the record.")
        return Access(text)


async def _nothing() -> None:
    """No connection was opened."""


def _open(tape: Tape, services: Services) -> None:
    """Open the case with what intake read."""
    case = tape.case
    for kind, step in STEP_OF.items():
        if body := tape.source.cases.step(tape.number, 0, step):
            paper = Paper(case.member, case.sha256, case.format, (kind.model_validate_json(body),))
            with services.store.transaction():
                open_case(services, case.source, case.file_sha256, case.part, (paper, paper.parts[0]))
            return
    tape.miss("what was read of the document")


def _answer(services: Services, event: Event) -> None:
    """Give a person's answer again, to the tasks it was given to."""
    body = event.body
    only = body["tasks"][0] if len(body["tasks"]) == 1 else None
    said = Decision(
        person=event.actor, decision=body["decision"], edits=body["edits"], note=body["note"], task=only, alike=body.get("alike", "")
    )
    decide(services, event.case or 0, said)


def _retry(services: Services, event: Event) -> None:
    retry(services, event.case or 0)


def _forward(services: Services, event: Event) -> None:
    """Give a task on again, to the person it was given to."""
    body = event.body
    only = body["tasks"][0] if len(body["tasks"]) == 1 else None
    forward(services, event.case or 0, Handover(person=event.actor, to=body["person"], task=only, note=body["note"]))


def _ask(services: Services, event: Event) -> None:
    body = event.body
    ask(services, event.case or 0, Inquiry(person=event.actor, to=body["person"], text=body["text"], task=body["about"]))


def _reply(services: Services, event: Event) -> None:
    answer(services, event.case or 0, Reply(person=event.actor, text=event.body["text"], task=event.body["task"]))


def _tend(services: Services, event: Event) -> None:
    """Look at the clock again, at the moment on record."""
    tend(services, event.case or 0, event.body["task"])


RESUMED = {
    "task.answered": _answer, "task.forwarded": _forward, "question.asked": _ask, "question.answered": _reply, "task.told": _tend,
    "task.reminded": _tend, "task.escalated": _tend, "case.retried": _retry,
}  # fmt: skip
"""Events that begin with somebody outside, or with the clock: how a replay makes them happen."""


def _differences(tape: Tape, store: Store) -> Iterator[str]:
    """Everything that came out otherwise than it is on record, in the order it came."""
    yield from _other_events(tape, store)
    for event in tape.events:
        for step in event.body["steps"]:
            if told := _other_step(tape, store, event.body["revision"], step):
                yield told
    if unasked := tape.unasked:
        question = unasked[0].call.question
        yield f"The model call of {question.agent} on record (input {unasked[0].input_hash[:12]}) was not asked for."


def _other_events(tape: Tape, store: Store) -> Iterator[str]:
    for i, (then, now) in enumerate(zip_longest(tape.events, tape.heard), 1):
        if now is None:
            yield f"Event {i}, {then.type} of {then.at}, was not reached; the replay ends before it."
            return
        type, actor, body = now
        if then is None:
            if tape.rests:
                yield f"The record ends before event {i}; the replay goes on with {_shown(type, actor, body)}."
            return
        if (then.type, then.actor) != (type, actor):
            yield f"Event {i} is {_shown(then.type, then.actor, then.body)} on record; the replay has {_shown(type, actor, body)}."
        elif canonical(then.body) != canonical(body):
            yield from filter(None, (_other_step(tape, store, then.body["revision"], step) for step in then.body["steps"]))
            pointer, was, is_ = _first(then.body, json.loads(canonical(body)))
            if pointer.startswith("/steps/"):
                yield f"The step {pointer[7:]!r} on record is not the one that {then.type} names; it was altered."
            yield f"Event {i}, {then.type}: {pointer} is {_brief(was)} on record, {_brief(is_)} in the replay."


def _astray(tape: Tape) -> bool:
    """Whether the replay has left the record, so that going on would say nothing."""
    pairs = zip(tape.events, tape.heard, strict=False)
    return any((then.type, then.actor, canonical(then.body)) != (type, actor, canonical(body)) for then, (type, actor, body) in pairs)


def _other_step(tape: Tape, store: Store, revision: int, step: str) -> str | None:
    """In what a step came out otherwise."""
    then, now = (s.cases.step(tape.number, revision, step) for s in (tape.source, store))
    if then == now:
        return None
    where = f"The step {step!r} of revision {revision}"
    if then is None or now is None:
        return f"{where} is missing {'from the record' if then is None else 'in the replay'}."
    pointer, was, is_ = _first(json.loads(then), json.loads(now))
    if was is NOTHING and is_ is NOTHING:
        return f"{where} has the same values in another order."
    return f"{where}: {pointer or '/'} is {_brief(was)} on record, {_brief(is_)} in the replay."


def _first(then: Any, now: Any, pointer: str = "") -> tuple[str, Any, Any]:
    """The first place where two JSON values differ, by JSON Pointer, and what each has there; nothing twice when they are equal."""
    if isinstance(then, dict) and isinstance(now, dict):
        pairs = [(str(key), then.get(key, NOTHING), now.get(key, NOTHING)) for key in {**then, **now}]
    elif isinstance(then, list) and isinstance(now, list):
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip_longest(then, now, fillvalue=NOTHING))]
    else:
        return (pointer, NOTHING, NOTHING) if then == now else (pointer, then, now)
    found = (_first(a, b, f"{pointer}/{key}") for key, a, b in pairs)
    return next((f for f in found if f[1] is not f[2]), (pointer, NOTHING, NOTHING))


def _shown(type: str, actor: str, body: dict[str, Any]) -> str:
    reason = body.get("reason")
    return f"{type} by {actor}" + (f" ({reason})" if reason else "")


def _brief(value: Any) -> str:
    return "absent" if value is NOTHING else _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
