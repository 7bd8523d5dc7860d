"""`signoff eval run contracts`: contracts that experts have read, read by Signoff, and compared term by term."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from signoff.domain.agreement import Agreement, TermKind
from signoff.domain.errors import Unreadable
from signoff.evals.contract_answers import CATEGORIES, PASSAGES, Labelled
from signoff.evals.contract_scores import by_contract, score
from signoff.evals.statistics import Counts, wilson
from signoff.tools.agreements.paper import Wanted
from signoff.tools.documents.document import Source
from signoff.tools.isolation import Readers

ENOUGH = 20
"""From so many contracts on each half is scored by itself: the one that rules may be made on, and the one nobody reads."""
BY_CONTRACT = {TermKind.PARTY: "all of a contract"} | dict.fromkeys(PASSAGES, "any")
"""Kinds that are also counted once a contract, and what is counted."""
Reader = Callable[[Source], Agreement]
Agent = Callable[[Agreement], Agreement]
"""Adds what a model proposes to what the rules found."""


@dataclass(frozen=True)
class Read:
    """A contract as it was read, or why not; how long it took."""

    labelled: Labelled
    agreement: Agreement | None
    problem: str | None
    seconds: float


@dataclass(frozen=True)
class Row:
    """A line of the table. `papers` that have the kind, by the experts; `by` is `rules` or `model`."""

    by: str
    part: str
    name: str
    papers: int
    counts: Counts

    def record(self) -> dict[str, object]:
        """For JSON; shares as numbers, 95 % intervals by Wilson."""
        c = self.counts
        told: dict[str, object] = {"by": self.by, "part": self.part, "term": self.name, "papers": self.papers}
        told |= {"wanted": c.wanted, "found": c.found, "right": c.right, "met": c.met}
        told |= {"precision": c.precision, "precision_interval": wilson(c.right, c.found) if c.found else None}
        told |= {"recall": c.recall, "recall_interval": wilson(c.met, c.wanted) if c.wanted else None}
        return told | {"f1": c.f1}


def reader(readers: Readers) -> Reader:
    """Reads in a process apart; `readers` run `tools.agreements.paper.READER`."""
    return lambda source: readers.ask(source, Wanted(), Agreement).result()


def read_all(labelled: Iterable[Labelled], read: Reader) -> Iterator[Read]:
    """Every contract, one after the other."""
    for one in labelled:
        source = Source(one.path.name, one.path.read_bytes())
        begun = time.perf_counter()
        try:
            agreement, problem = read(source), None
        except Unreadable as error:
            agreement, problem = None, str(error)
        yield Read(one, agreement, problem, time.perf_counter() - begun)


def improved(reads: Iterable[Read], agent: Agent) -> Iterator[Read]:
    """The same with what a model adds."""
    for one in reads:
        begun = time.perf_counter()
        agreement = agent(one.agreement) if one.agreement else None
        yield Read(one.labelled, agreement, one.problem, one.seconds + time.perf_counter() - begun)


def table(reads: Sequence[Read], by: str = "rules") -> list[Row]:
    """Every kind over all contracts and, where there are enough, over each half; see `BY_CONTRACT`."""
    parts = [("all", list(reads))]
    if len(reads) >= ENOUGH:
        parts += [("development", [r for r in reads if not r.labelled.held_out]), ("held out", [r for r in reads if r.labelled.held_out])]
    return [row for part, own in parts for kind in CATEGORIES for row in _rows(by, part, kind, own)]


def _rows(by: str, part: str, kind: TermKind, reads: Sequence[Read]) -> Iterator[Row]:
    papers = sum(bool(r.labelled.expected[kind].values) for r in reads)
    name = kind.replace("_", " ")
    yield Row(by, part, name, papers, sum((_score(r, kind) for r in reads), Counts()))
    if kind in BY_CONTRACT:
        there = (by_contract(r.agreement or _nothing(r), kind, r.labelled.expected[kind]) for r in reads)
        yield Row(by, part, f"{name}: {BY_CONTRACT[kind]}", papers, sum(there, Counts()))


def _score(read: Read, kind: TermKind) -> Counts:
    """A contract that could not be read was not found anything in."""
    return score(read.agreement or _nothing(read), kind, read.labelled.expected[kind])


def _nothing(read: Read) -> Agreement:
    return Agreement(source=read.labelled.path.name, sha256="0" * 64, clauses=())
