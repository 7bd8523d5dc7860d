"""The company of a dataset in a workspace of its own, its papers taken in, and people who answer as the truth says."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
from signoff.graph.record import record
from signoff.tools.isolation import Readers

FILES = ("policy.yaml", "access.cedar", "vendors.csv", "people.csv")
WHO = "evaluation"
"""Who the record says imported, started and issued."""
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
    for kind in ("people", "vendors", "contracts", "history"):
        path = folder / ("contracts" if kind == "contracts" else f"{kind}.csv")
        if path.exists():
            with opened(root) as w:
                if kind == "contracts":
                    import_contracts(w, [path], WHO)
                else:
                    KINDS[kind][0](w, [path], WHO)


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


def act(w: Workspace, entries: Entries, rounds: int = ROUNDS) -> dict[int, tuple[dict[str, int], int]]:
    """People answer until nothing waits: by case how many answers there were of each kind, and how many corrections."""
    told: dict[int, tuple[dict[str, int], int]] = {number: ({}, 0) for number in entries}
    corrected: set[int] = set()
    for _ in range(rounds):
        if not sum(_asked(w, number, entry, told, corrected) for number, entry in entries.items()):
            break
    return told


def _asked(
    w: Workspace, number: int, entry: Mapping[str, Any] | None, told: dict[int, tuple[dict[str, int], int]], corrected: set[int]
) -> bool:
    """One answer to what a case asks now; False when it asks nothing, or nobody may answer it."""
    tasks = [t for t in w.store.tasks.of_case(number) if t.pending]
    if not tasks:
        return False
    task = tasks[0]
    said = answer(record(w.services, number), entry, task.kind, number in corrected)
    for person in (*task.candidates, *(p.person_id for p in w.people)):
        try:
            asyncio.run(answered(w, number, decision(person, task.task_id, said)))
        except Refused:
            continue
        except BadInput:
            corrected.add(number)
            return True
        kinds, edits = told[number]
        kinds[task.kind] = kinds.get(task.kind, 0) + 1
        told[number] = (kinds, edits + len(said[1]))
        corrected |= {number} if said[1] else set()
        return True
    return False


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
