"""`signoff list`, `show` and `why`: what looks at cases. Little is imported here, so that looking is quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from signoff.app.listing import case_sheet, cases_table
from signoff.app.terminal import console, plain, print_json, print_json_array
from signoff.app.workspace import Workspace, opened
from signoff.domain.states import State
from signoff.graph.store.rows import number_of

SHOWN = 50
"""Lines of a list, unless all are asked for."""
W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
CaseArgument = Annotated[str, typer.Argument(help="A case: C00042, or 42.", metavar="CASE")]


def list_cases(  # noqa: PLR0913 - the flags are the contract
    status: Annotated[list[State] | None, typer.Option(help="Only cases with this status; may be given more than once.")] = None,
    waiting_for: Annotated[
        str | None, typer.Option("--waiting-for", "--mine", help="What waits for this person, the oldest and most valuable first.")
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="What should have been answered by now.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help=f"The newest so many (default: {SHOWN}, as JSON all of them).")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    workspace: W = None,
    json: J = False,
) -> None:
    """List the cases, the newest last."""
    with opened(workspace) as w:
        if waiting_for or overdue:
            list_waiting(w, waiting_for, overdue, json)
        elif json:
            list_records(w, status or (), limit)
        else:
            list_table(w, status or tuple(State), None if every else limit or SHOWN)


def list_records(w: Workspace, states: Sequence[State], limit: int | None) -> None:
    """The records of cases, one after the other, so that many take no more room than one."""
    from signoff.graph.record import record

    cases = w.store.cases.page(states or tuple(State), limit) if limit else w.store.cases.listed(states)
    print_json_array(record(w.services, case.number) for case in cases)


def list_table(w: Workspace, states: Sequence[State], limit: int | None) -> None:
    """A line a case, and how many there are before them."""
    counts, out = w.store.cases.counts(), console()
    cases = list(w.store.cases.listed(states)) if limit is None else w.store.cases.page(states, limit)
    out.print(cases_table(w.store, cases, out.width))
    if earlier := sum(counts.get(state, 0) for state in states) - len(cases):
        out.print(f"… {earlier:,} earlier; signoff list --all shows them, --status and --limit choose.")


def list_waiting(w: Workspace, person: str | None, overdue: bool, json: bool) -> None:
    """List open tasks; as JSON the records of their cases, in the same order."""
    from signoff.app.signing_in import named
    from signoff.app.waiting import waiting, waiting_table
    from signoff.graph.record import record

    found = waiting(w.services, named(w, person) if person else None, overdue)
    if json:
        print_json([record(w.services, number) for number in dict.fromkeys(f.desk.number for f in found)])
    elif found:
        console().print(waiting_table(w.services, found))
    else:
        console().print("Nothing is overdue." if overdue else "Nothing waits.")


def show(
    case: CaseArgument,
    evidence: Annotated[bool, typer.Option("--evidence", help="Draw what was read on the pages it was read from.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="With --evidence: the .png to write, or a folder (default: the workspace's evidence folder).")
    ] = None,
    workspace: W = None,
    json: J = False,
) -> None:
    """Show one case: what the order says, what was found, who is asked."""
    with opened(workspace) as w:
        if evidence:
            from signoff.app.evidence import draw_evidence

            for path in draw_evidence(w, number_of(case), out):
                sys.stdout.write(f"{path}\n")
            return
        from signoff.graph.record import record

        found = record(w.services, number_of(case))
        if json:
            print_json(found)
        else:
            console().print(case_sheet(found))


def why(case: CaseArgument, workspace: W = None, json: J = False) -> None:
    """Tell the whole story of a case, in words."""
    with opened(workspace) as w:
        from signoff.app.story import Story

        told = list(Story(w.services, number_of(case)).told())
        if json:
            print_json([{"at": t.at, "actor": t.actor, "text": t.text} for t in told])
            return
        out = console()
        for t in told:
            out.print(f"[dim]{t.at[:19].replace('T', ' '):19}[/dim]  ", end="")
            out.print(plain(t.text), markup=False)
