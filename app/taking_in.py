"""`signoff batch`: a folder of documents, each as far as it goes without a person."""

from __future__ import annotations

import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signoff.app.listing import cases_table, counts_table
from signoff.app.story import Story
from signoff.app.terminal import console
from signoff.app.workspace import opened
from signoff.domain.errors import BadInput
from signoff.domain.money import shown
from signoff.domain.states import ENDED, State
from signoff.graph.desk import SYSTEM, Desk
from signoff.graph.services import Services
from signoff.graph.store.rows import Case
from signoff.tools.isolation import Readers

if TYPE_CHECKING:
    from signoff.app.batch import BatchResult

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]


def batch(
    folder: Annotated[Path, typer.Argument(help="A folder of purchase orders, or one file.")],
    out: Annotated[Path | None, typer.Option(help="Write one JSON record a line to this file.")] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=256, help="Files read, and cases worked on, at the same time (default: the processor's cores).")
    ] = None,
    enqueue: Annotated[bool, typer.Option("--enqueue", help="Only take the files in, and leave the work to: signoff worker.")] = False,
    as_: Annotated[str | None, typer.Option("--as", help="Who takes them in, where that is to be on record.")] = None,
    workspace: W = None,
) -> None:
    """Read every file, check every order, and take each as far as it goes without a person."""
    if out and (out.is_dir() or not out.parent.is_dir()):
        raise BadInput(f"{out} cannot be written; name a file in a folder that is there.")
    with opened(workspace) as w, Readers(_readers(concurrency), memory=w.store.layouts.all()) as readers:
        readers.warm()
        from signoff.app.batch import run_batch, write_records
        from signoff.app.signing_in import acting

        starter = acting(w, as_, "start", "cases")
        if starter != SYSTEM:
            with w.store.transaction():
                w.store.events.append("batch.started", starter, {"folder": str(folder)}, w.settings.now())
        result = run_batch(w, folder, readers, concurrency, enqueue)
        if out:
            write_records(w, result.cases, out)
        if enqueue:
            _print_queued(result)
        else:
            _print_batch(w.services, result)
    if result.counts[State.FAILED]:
        raise typer.Exit(1)


def _readers(concurrency: int | None) -> int:
    """How many files are read at the same time: more than the processor has cores gains nothing."""
    cores = os.cpu_count() or 1
    return min(concurrency or cores, cores)


def _print_queued(result: BatchResult) -> None:
    waiting = sum(case.state not in ENDED for case in result.cases)
    console().print(
        f"{len(result.cases)} orders taken in. {waiting} are on their way; signoff worker carries them on, signoff list shows them."
    )


def _print_batch(services: Services, result: BatchResult) -> None:
    printed = console()
    printed.print(cases_table(services.store, result.cases, printed.width))
    printed.print()
    printed.print(counts_table(result.counts, _amounts(services, result.cases)))
    waiting = [c for c in result.cases if c.state in (State.NEEDS_REVIEW, State.ON_HOLD, State.NEEDS_APPROVAL)]
    if waiting:
        printed.print(f"\n{len(waiting)} orders wait for a person. Next:  signoff review --as PERSON   or, one by one:")
        printed.print(f"  signoff why {waiting[0].case_id}\n  {Story(services, waiting[0].number).next_step().removeprefix('Next: ')}")


def _amounts(services: Services, cases: list[Case]) -> dict[State, str]:
    totals: dict[State, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for case in cases:
        draft = Desk(services, case.number).draft()
        if draft and draft.order.amount is not None and draft.order.currency:
            totals[case.state][draft.order.currency] += draft.order.amount
    return {state: ", ".join(shown(a, c) for c, a in sorted(sums.items())) for state, sums in totals.items()}
