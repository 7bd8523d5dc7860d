"""`signoff retry`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from signoff.app.terminal import console
from signoff.app.workspace import Workspace, finished, opened
from signoff.domain.errors import BadInput
from signoff.domain.states import State
from signoff.graph.store.rows import case_id, number_of

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]


def retry(
    cases: Annotated[list[str] | None, typer.Argument(help="Cases that failed on their way.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Every case that failed on its way.")] = False,
    as_: Annotated[str | None, typer.Option("--as", help="Who takes them up again, where that is to be on record.")] = None,
    workspace: W = None,
) -> None:
    """Take failed cases up again where they broke off. Exits 1 when one of them failed again, or had nothing to take up."""
    if bool(cases) == failed:
        raise BadInput("Name the cases to take up again, like C00042, or say --failed for all of them.")
    with opened(workspace) as w:
        from signoff.app.signing_in import acting

        acting(w, as_, "start", "cases")
        numbers = [number_of(c) for c in cases or ()] or [c.number for c in w.store.cases.listed([State.FAILED])]
        queued = asyncio.run(_again(w, numbers))
        after = {number: case.state for number in queued if (case := w.store.cases.get(number))}
        for number in numbers:
            told = f"is {after[number]} now" if number in after else "has nothing to take up; signoff why tells"
            if number in after or not failed:
                console().print(f"{case_id(number)} {told}.")
    if State.FAILED in after.values() or (not failed and len(after) < len(numbers)):
        raise typer.Exit(1)


async def _again(w: Workspace, numbers: list[int]) -> list[int]:
    """Queue them and do their jobs; those that there was something to do for."""
    from signoff.graph.jobs import Queue, work
    from signoff.graph.jobs import retry as queue_again

    with w.worker() as (services, worker):
        queued = [number for number in numbers if queue_again(services, number)]
        async with worker.alive(services.store):
            for number in queued:
                await finished(services, work(w.graph, services, Queue(services, worker, number), lambda _: None))
    return queued
