"""The company of a dataset in a workspace of its own, its papers taken in, and people who answer as the truth says."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from signoff.app.answering import answered
from signoff.app.batch import run_batch
from signoff.app.contract_import import import_contracts
from signoff.app.imports import KINDS
from signoff.app.workspace import Workspace, init, opened
from signoff.domain.errors import BadInput, Refused
from signoff.evals.answering import answer, decision
from signoff.graph.decisions import Decision
from signoff.graph.record import record
from signoff.tools.isolation import Readers

FILES = ("policy.yaml", "access.cedar", "vendors.csv", "people.csv")
WHO = "evaluation"
"""Who the record says imported, started and issued."""
Importing = Callable[[Workspace, list[Path], str], object]
ROUNDS = 12
"""How often people are asked anew; an order that still waits then is told as waiting."""


@contextmanager
def company(root: Path, source: Path | None, seed: int, today: dt.date | None) -> Iterator[Workspace]:
    """The workspace in a folder, made from a dataset's company the first time; its random draws hang on the seed alone."""
    fresh = not (root / "policy.yaml").exists()
    if fresh:
        root.mkdir(parents=True, exist_ok=True)
        (root / "audit.key").write_text(hashlib.sha256(f"evaluation {seed}".encode()).hexdigest(), encoding="ascii")
        for file in (source / name for name in FILES) if source else ():
            if file.is_file():
                shutil.copyfile(file, root / file.name)
        init(root)
        _import(root, source or root)
    with opened(root) as w:
        w.settings = w.settings.model_copy(update={"today": today})
        yield w


def _import(root: Path, folder: Path) -> None:
    """History comes last: it is told which contract an order ran under."""
    steps: tuple[tuple[str, Importing], ...] = (
        ("people.csv", KINDS["people"][0]), ("vendors.csv", KINDS["vendors"][0]), ("contracts", import_contracts),
        ("history.csv", KINDS["history"][0]),
    )  # fmt: skip
    for name, importing in steps:
        if (folder / name).exists():
            with opened(root) as w:
                importing(w, [folder / name], WHO)


def take_in(w: Workspace, folder: Path, processes: int) -> dict[str, list[dict[str, Any]]]:
    """Take every paper below a folder as far as it goes without a person; the records by the paper's name."""
    with Readers(processes, memory=w.store.layouts.all()) as readers:
        cases = run_batch(w, folder, readers).cases
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        found[case.source].append(record(w.services, case.number))
    return found


Entries = Mapping[int, Mapping[str, Any] | None]
"""The truth of each case by its number; nothing for one that is no order."""


def act(w: Workspace, entries: Entries, rounds: int = ROUNDS) -> None:
    """People answer until nothing waits."""
    corrected: set[int] = set()
    for _ in range(rounds):
        if not sum(_asked(w, number, entry, corrected) for number, entry in entries.items()):
            break


def _asked(w: Workspace, number: int, entry: Mapping[str, Any] | None, corrected: set[int]) -> bool:
    """One answer to what a case asks now; False when it asks nothing, or nobody may answer it."""
    task = next((t for t in w.store.tasks.of_case(number) if t.pending), None)
    if task is None:
        return False
    said = answer(record(w.services, number), entry, task.kind, number in corrected)
    corrected |= {number} if said[1] else set()
    return any(_decided(w, number, decision(person, task.task_id, said)) for person in (*task.candidates, *(p.person_id for p in w.people)))


def _decided(w: Workspace, number: int, said: Decision) -> bool:
    """Whether the answer counted; one that cannot be taken is tried once more without its corrections."""
    try:
        asyncio.run(answered(w, number, said))
    except Refused:
        return False
    except BadInput:
        return True
    return True


def answers(w: Workspace, number: int) -> tuple[dict[str, int], int]:
    """How often people answered for a case, by what they were asked, and how many values they corrected; from the record."""
    kinds = {t.task_id: t.kind for t in w.store.tasks.of_case(number)}
    told = [e.body for e in w.store.events.of_case(number) if e.type == "task.answered"]
    counts: dict[str, int] = {}
    for body in told:
        kind = kinds.get(next(iter(body["tasks"]), 0), "review")
        counts[kind] = counts.get(kind, 0) + 1
    return counts, sum(len(body["edits"]) for body in told)


def ended(w: Workspace, numbers: Iterable[int]) -> dict[int, tuple[dict[str, Any], list[str]]]:
    """What of each case stands in the ERP afterwards (whether, how much, from which vendor), and what was found in it."""
    ends = {}
    for number in numbers:
        found = record(w.services, number)
        order = found["order"] or {}
        there = found["posting"]["id"] is not None
        amount, vendor = (order.get("payable_amount"), found["vendor_id"]) if there else (None, None)
        ends[number] = {"posted": there, "amount": amount, "vendor": vendor}, sorted({f["code"] for f in found["findings"]})
    return ends
