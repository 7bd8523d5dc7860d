"""Is the record whole? Walks the chain and everything that is bound to it, and names the first thing that is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from signoff.domain.states import State
from signoff.graph.holding import HeldContracts
from signoff.graph.store.chain import GENESIS, merkle_head
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Owner, RawEvent, case_id


@dataclass(frozen=True)
class Verified:
    """How many records there are, the Merkle head over them (RFC 9162), and the first fault as a sentence, if any."""

    records: int
    head: str
    fault: str | None


_Bound = tuple[Owner, str | None, str]
"""Whose call it is, the hash of what was asked (of a model), and the SHA-256 of what is kept of it."""

MASTERS = {"masterdata.imported", "contract.confirmed"}
AGREEMENTS = {"contract.proposed", "contract.confirmed", "contract.dropped"}
CALLS = {"model.called": "model", "tool.called": "tool"}


@dataclass
class _Told:
    """What the events say, to be compared with what the tables hold."""

    steps: dict[tuple[int, int, str], str] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    answers: dict[int, tuple[int, str, str, str | None]] = field(default_factory=dict)
    standings: dict[int, dict[str, Any]] = field(default_factory=dict)
    approved: set[int] = field(default_factory=set)
    posted: dict[int, str] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)
    learned: dict[int, str | None] = field(default_factory=dict)
    called: dict[tuple[str, int], _Bound] = field(default_factory=dict)
    agreements: dict[int, tuple[str, str]] = field(default_factory=dict)
    credentials: dict[str, str] = field(default_factory=dict)
    earned: dict[str, str] = field(default_factory=dict)


def verify(store: Store) -> Verified:
    """Verify the whole store; reads every record once."""
    leaves: list[bytes] = []
    told = _Told()
    fault = _chain(store, leaves, told) or next(_bound(store, told), None)
    return Verified(len(leaves), merkle_head(leaves), fault)


def _chain(store: Store, leaves: list[bytes], told: _Told) -> str | None:
    prev = GENESIS
    for expected, event in enumerate(store.events.raw(), 1):
        seq, case, at, type_, *_ = event
        if seq != expected:
            return f"Event {expected} is missing."
        if event[6] != prev or event[7] != store.events.mac_of(event, prev):
            about = f" about case {case_id(case)}" if case else ""
            return f"Event {seq} ({type_}{about}, {at}) was altered, or the one before it."
        prev = event[7]
        leaves.append(bytes.fromhex(prev))
        _hear(told, event)
    if store.events.last_seq() != len(leaves):
        return f"Events {len(leaves) + 1} to {store.events.last_seq()} are missing at the end."
    return None


def _hear(told: _Told, event: RawEvent) -> None:
    case, type_, actor, body = event[1], event[3], event[4], json.loads(event[5])
    if type_ in MASTERS and "sha256" in body:
        told.imported[body["kind"]] = body["sha256"]
    if type_ == "people.delegated":
        told.imported["people"] = body["sha256"]
    if type_ in AGREEMENTS:
        told.agreements[body["agreement"]] = (body["status"], body["body"])
    if type_ in CALLS:
        owner = Owner(case, body.get("conversation"))
        told.called[CALLS[type_], body["call"]] = (owner, body.get("input_hash"), body["sha256"])
    told.credentials |= body.get("credentials", {})
    told.earned |= body.get("autonomy", {})
    if case is None:
        return
    told.steps |= {(case, body["revision"], step): digest for step, digest in body["steps"].items()}
    told.states[case] = body.get("state", told.states.get(case, State.RECEIVED))
    if type_ == "task.answered":
        behalf = body.get("on_behalf_of", {})
        told.answers |= {task: (case, actor, body["decision"], behalf.get(str(task))) for task in body["tasks"]}
    if type_ == "question.answered":
        told.answers[body["task"]] = (case, actor, "answer", body["on_behalf_of"])
    told.standings |= {int(task): standing for task, standing in body.get("standing", {}).items()}
    if type_ == "layout.learned" and body["layout"] is not None:
        told.learned[body["layout"]] = body["sha256"]
    if type_ == "order.approved":
        told.approved.add(case)
    if type_ == "posting.done":
        told.posted[case] = body["erp_id"]


def _bound(store: Store, told: _Told) -> Iterator[str]:
    """Everything in the tables that the chain does not say, or says otherwise."""
    seen = set()
    for case, revision, step, body in store.cases.steps():
        seen.add((case, revision, step))
        if told.steps.get((case, revision, step)) != hashlib.sha256(body.encode()).hexdigest():
            yield f"The step {step!r} of case {case_id(case)} was altered, or written without an event."
    for case, _, step in sorted(told.steps.keys() - seen):
        yield f"The step {step!r} of case {case_id(case)} is missing."
    cases = set()
    for row in store.cases.listed():
        cases.add(row.number)
        if told.states.get(row.number) != row.state:
            yield f"Case {row.case_id} stands as {row.state}; its events say {told.states.get(row.number)}."
        if row.state is State.POSTED and (row.number not in told.approved or row.number not in told.posted):
            yield f"Case {row.case_id} was posted without an approval on record."
        if row.number in told.posted and (erp_id := _erp_id(store, row.number)) != told.posted[row.number]:
            yield f"Case {row.case_id} was posted as {told.posted[row.number]}; the outbox says {erp_id}."
    for number in sorted(told.states.keys() - cases):
        yield f"Case {case_id(number)} is missing; its events say {told.states[number]}."
    yield from _answers(store, told)
    for kind, digest in told.imported.items():
        if store.masters.digest(kind) != digest:
            yield f"The {kind} were altered after they were last imported."
    for number in sorted(told.learned.keys() | {layout.number for layout in store.layouts.all()}):
        if number not in told.learned or store.layouts.digest(number) != told.learned[number]:
            yield f"What was learned of layout {number} was altered, or learned without an event."
    yield from _agreements(store, told)
    yield from _calls(store, told)
    yield from _vouched(dict(store.credentials.bound()), told.credentials)
    yield from _vouched(dict(store.autonomy.bound()), told.earned)


def _agreements(store: Store, told: _Told) -> Iterator[str]:
    there = {number: (status, digest) for number, status, digest in store.agreements.raw()}
    for number in sorted(there.keys() | told.agreements.keys()):
        if there.get(number) != told.agreements.get(number):
            yield f"The proposed contract A{number} was altered, or proposed or settled without an event."
    if told.imported.get("contracts") is not None and HeldContracts(store.masters).digest != told.imported["contracts"]:
        yield "The list of contracts that hold was altered after they were last imported or confirmed."
    for owner in store.agreements.out_of_step(store.masters.contracts()):
        yield f"The clauses of {owner} that searches find are not those of its paper."


def _calls(store: Store, told: _Told) -> Iterator[str]:
    seen = set()
    for raw in store.calls.raw():
        seen.add((raw.kind, raw.number))
        bound = told.called.get((raw.kind, raw.number))
        if bound is None:
            yield f"The {raw.kind} call {raw.number} of {_owner(raw.owner)} was written without an event."
        elif bound != (raw.owner, raw.input_hash, raw.sha256):
            yield f"The {raw.kind} call {raw.number} of {_owner(bound[0])} was altered."
    for kind, number in sorted(told.called.keys() - seen):
        yield f"The {kind} call {number} of {_owner(told.called[kind, number][0])} is missing."


def _owner(owner: Owner) -> str:
    return f"case {case_id(owner.case)}" if owner.case is not None else f"conversation {owner.conversation}"


def _vouched(kept: dict[str, str], told: dict[str, str]) -> Iterator[str]:
    for name in sorted(kept.keys() | told.keys()):
        if kept.get(name) != told.get(name):
            yield f"The {name} was altered, or is there without an event."


def _answers(store: Store, told: _Told) -> Iterator[str]:
    answered = {t.task_id: t for t in store.tasks.answered()}
    for task in answered.values():
        if told.answers.get(task.task_id) != (task.case, task.answered_by, task.decision, task.on_behalf_of):
            yield f"The answer to task {task.task_id} of case {case_id(task.case)} is not the one on record."
    for task, standing in store.tasks.standings():
        if told.standings.get(task.task_id, {}) != json.loads(standing):
            yield f"Who may answer task {task.task_id} of case {case_id(task.case)}, or by when, is not what is on record."
    for number in sorted(told.answers.keys() - answered.keys()):
        yield f"The answer to task {number} of case {case_id(told.answers[number][0])} is missing."


def _erp_id(store: Store, number: int) -> str | None:
    posting = store.postings.of_case(number)
    return posting.erp_id if posting else None
