"""`signoff monitor`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signoff.app.terminal import STATUS_WORDS, console, print_json, status, table
from signoff.app.workspace import Workspace, opened
from signoff.domain.states import ENDED, State

if TYPE_CHECKING:
    from rich.console import RenderableType

    from signoff.graph.monitoring import Figures

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]


def monitor(
    every: Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, and end.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Look once, and print JSON for programs.")] = False,
    workspace: W = None,
) -> None:
    """What is going on: where the orders stand and for how long, work, money that waits, postings, models. Ends with Ctrl-C."""
    with opened(workspace) as w:
        if json:
            print_json(_figures(w).model_dump(mode="json"))
        elif once:
            console().print(shown(_figures(w), _currency(w)))
        else:
            _watch(w, every)


def _watch(w: Workspace, every: float) -> None:
    from rich.live import Live

    with Live(shown(_figures(w), _currency(w)), console=console(), screen=False, auto_refresh=False) as live:
        while True:
            time.sleep(every)
            live.update(shown(_figures(w), _currency(w)), refresh=True)


def _figures(w: Workspace) -> Figures:
    from signoff.graph.monitoring import figures

    return figures(w.store, w.settings.now())


def _currency(w: Workspace) -> str:
    return w.loaded.policy.base_currency


def shown(found: Figures, currency: str) -> RenderableType:
    """The figures as people read them: where orders stand, then what is done about it."""
    from rich.console import Group

    stages = table("", "orders", "longest", right=("orders", "longest"))
    for state in [*(s for s in State if s not in STATUS_WORDS), *STATUS_WORDS]:
        if stage := found.stages.get(state):
            stages.add_row(status(state), f"{stage.count:,}", "" if state in ENDED else _span(stage.oldest_seconds))
    return Group(stages, "", *_lines(found, currency), f"[dim]{found.at}[/dim]")


def _lines(found: Figures, currency: str) -> list[str]:
    jobs, ended = found.jobs, found.ended
    trouble = "".join(f", [red]{n} {name}[/red]" for n, name in ((jobs.stalled, "stalled"), (jobs.set_aside, "set aside")) if n)
    unchecked = f" and {found.unchecked} orders not checked yet" if found.unchecked else ""
    return [
        f"work      {jobs.queued} due, {jobs.running} under way by {jobs.workers} workers, {jobs.delayed} put off{trouble}",
        f"ended     {ended['minute']} in the last minute, {ended['hour']} in the last hour, {ended['day']} in the last day",
        f"taken in  {found.taken_in_day} in the last day, {_share(found.failed_rate)} failed, {_share(found.exception_rate)} need a look",
        f"waiting   {found.money_waiting:,.2f} {currency}{unchecked}",
        f"ERP       {found.postings_pending} postings requested and not done",
        f"models    {found.model_calls_day} calls within a day, {found.model_cost_day:.4f} USD",
    ]


def _share(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1%}"


def _span(seconds: int) -> str:
    """The two largest units: `2d 4h`."""
    parts = [(seconds // 86_400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    first = next((i for i, (n, _) in enumerate(parts) if n), len(parts) - 1)
    return " ".join(f"{n}{unit}" for n, unit in parts[first : first + 2])
