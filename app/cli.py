"""`signoff`: the command line. Other programs rely on its commands, exit codes and records; see docs/record.md.

Exit codes: 0 done, 1 refused or some documents failed, 2 usage or configuration. Errors are one sentence on stderr.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from signoff.app import (
    access,
    approving,
    autonomy,
    calls,
    contracts,
    evaluating,
    explaining,
    generating,
    imports,
    inventory,
    people,
    simulating,
    worker,
)
from signoff.app.listing import case_sheet, cases_table, counts_table
from signoff.app.signing_in import named
from signoff.app.story import Story
from signoff.app.terminal import console, plain, print_json
from signoff.app.waiting import waiting, waiting_table
from signoff.app.workspace import Workspace, opened
from signoff.app.workspace import init as init_workspace
from signoff.domain.checks.policy_check import check_policy
from signoff.domain.errors import BadInput, SignoffError
from signoff.domain.money import shown
from signoff.domain.people import Directory
from signoff.domain.states import State
from signoff.graph.audit import verify as verify_audit
from signoff.graph.desk import SYSTEM, Desk
from signoff.graph.record import record
from signoff.graph.services import Services
from signoff.graph.store.port import Case, number_of
from signoff.tools.isolation import Readers
from signoff.tools.masterdata.policy import load_policy

if TYPE_CHECKING:
    # What imports LangGraph is imported where it is used: it takes half of the start of a command that only looks.
    from signoff.app.batch import BatchResult
    from signoff.graph.decisions import Decision

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Purchase orders, from paper to ERP.")
policy_app = typer.Typer(no_args_is_help=True, help="Check and explain the policy.")
audit_app = typer.Typer(no_args_is_help=True, help="Prove the record.")
app.add_typer(policy_app, name="policy")
app.add_typer(audit_app, name="audit")
app.add_typer(access.access_app, name="access")
app.add_typer(contracts.contracts_app, name="contracts")
app.add_typer(evaluating.eval_app, name="eval")
evaluating.eval_app.command("generate")(generating.generate)
app.add_typer(autonomy.autonomy_app, name="autonomy")
app.command("calibrate")(autonomy.calibrate)
for kind in imports.KINDS:
    app.add_typer(people.people_app if kind == "people" else imports.command(kind), name=kind)
policy_app.command("explain")(explaining.explain)
policy_app.command("simulate")(simulating.simulate)
app.command("inventory")(inventory.show_inventory)
for command in (calls.calls, calls.cost, calls.replay, access.login, access.logout):
    app.command()(command)
for act in (approving.comment, approving.forward, approving.ask, approving.answer, approving.approve_alike, worker.worker):
    app.command()(act)

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
CaseArgument = Annotated[str, typer.Argument(help="A case: C00042, or 42.", metavar="CASE")]


@app.command()
def init(workspace: Annotated[Path, typer.Argument(help="The folder to make.")] = Path("workspace")) -> None:
    """Make a workspace with a commented policy.yaml, access.cedar, vendors.csv and people.csv."""
    written = init_workspace(workspace)
    out = console()
    out.print(f"{workspace} is ready" + (f"; wrote {', '.join(written)}." if written else "; everything was there already."))
    out.print("Whoever says --as PERSON is believed, until policy.yaml says  access: {sign_in: required}  (see docs/access.md).")
    out.print(
        f"Next: fill in the files, then  signoff people import {workspace}/people.csv  and  signoff vendors import {workspace}/vendors.csv"
    )


@app.command()
def batch(
    folder: Annotated[Path, typer.Argument(help="A folder of purchase orders, or one file.")],
    out: Annotated[Path | None, typer.Option(help="Write one JSON record a line to this file.")] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=256, help="Files read, and cases worked on, at the same time (default: the processor's cores).")
    ] = None,
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
        result = run_batch(w, folder, readers, concurrency)
        if out:
            write_records(w, result.cases, out)
        _print_batch(w.services, result)
    if result.counts[State.FAILED]:
        raise typer.Exit(1)


def _readers(concurrency: int | None) -> int:
    """How many files are read at the same time: more than the processor has cores gains nothing."""
    cores = os.cpu_count() or 1
    return min(concurrency or cores, cores)


def _print_batch(services: Services, result: BatchResult) -> None:
    printed = console()
    printed.print(cases_table(services, result.cases, printed.width))
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


@app.command("list")
def list_cases(
    status: Annotated[list[State] | None, typer.Option(help="Only cases with this status; may be given more than once.")] = None,
    waiting_for: Annotated[
        str | None, typer.Option("--waiting-for", "--mine", help="What waits for this person, the oldest and most valuable first.")
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="What should have been answered by now.")] = False,
    workspace: W = None,
    json: J = False,
) -> None:
    """List the cases."""
    with opened(workspace) as w:
        if waiting_for or overdue:
            list_waiting(w, waiting_for, overdue, json)
            return
        cases = list(w.store.cases.listed(status or ()))
        if json:
            print_json([record(w.services, c.number) for c in cases])
        else:
            out = console()
            out.print(cases_table(w.services, cases, out.width))


def list_waiting(w: Workspace, person: str | None, overdue: bool, json: bool) -> None:
    """List open tasks; as JSON the records of their cases, in the same order."""
    found = waiting(w.services, named(w, person) if person else None, overdue)
    if json:
        print_json([record(w.services, number) for number in dict.fromkeys(f.desk.number for f in found)])
    elif found:
        console().print(waiting_table(w.services, found))
    else:
        console().print("Nothing is overdue." if overdue else "Nothing waits.")


@app.command()
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
        found = record(w.services, number_of(case))
        if json:
            print_json(found)
        else:
            console().print(case_sheet(found))


@app.command()
def why(case: CaseArgument, workspace: W = None, json: J = False) -> None:
    """Tell the whole story of a case, in words."""
    with opened(workspace) as w:
        told = list(Story(w.services, number_of(case)).told())
        if json:
            print_json([{"at": t.at, "actor": t.actor, "text": t.text} for t in told])
            return
        out = console()
        for t in told:
            out.print(f"[dim]{t.at[:19].replace('T', ' '):19}[/dim]  ", end="")
            out.print(plain(t.text), markup=False)


@app.command()
def decide(  # noqa: PLR0913 - the flags are the contract
    case: CaseArgument,
    as_: Annotated[str, typer.Option("--as", help="Who decides: a person id, name or e-mail of people.csv.")],
    approve: Annotated[bool, typer.Option("--approve", help="Accept the reading, the exception, or sign.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="End the case.")] = False,
    edit: Annotated[list[str] | None, typer.Option("--edit", help="Correct a field: /lines/0/unit_price=12.50; repeatable.")] = None,
    send_back: Annotated[bool, typer.Option("--send-back", help="Have the reading looked at again.")] = False,
    note: Annotated[str, typer.Option(help="Why; stands in the record.")] = "",
    task: Annotated[int | None, typer.Option(help="Answer this task and no other.")] = None,
    workspace: W = None,
) -> None:
    """Answer what a case asks, and take it on. Exits 0 only when this answer took effect."""
    answers = {"approve": approve, "reject": reject, "edit": bool(edit), "send_back": send_back}
    chosen = [name for name, given in answers.items() if given]
    if len(chosen) != 1:
        raise BadInput("Say one of --approve, --reject, --edit POINTER=VALUE, --send-back.")
    from signoff.app.signing_in import signed_in
    from signoff.graph.decisions import Decision

    edits = dict(map(_edit, edit or []))
    with opened(workspace) as w:
        person = signed_in(w, as_).person_id
        said = Decision.model_validate({"person": person, "decision": chosen[0], "edits": edits, "note": note, "task": task})
        console().print(settle(w, number_of(case), said), markup=False)


def settle(w: Workspace, number: int, said: Decision) -> str:
    """Take an answer and carry the case on; a sentence on what happened."""
    from signoff.app.answering import answered

    return f"{asyncio.run(answered(w, number, said))} {Story(w.services, number).next_step()}"


def _edit(text: str) -> tuple[str, str]:
    pointer, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"--edit {text} says no value; write it like --edit /lines/0/unit_price=12.50")
    return pointer, value


@app.command()
def review(
    as_: Annotated[str, typer.Option("--as", help="Who reviews: a person id, name or e-mail of people.csv.")],
    workspace: W = None,
) -> None:
    """Walk through everything that waits for you, one by one."""
    from signoff.app.reviewing import review_tasks
    from signoff.app.signing_in import signed_in

    with opened(workspace) as w:
        review_tasks(w, signed_in(w, as_), lambda number, said: settle(w, number, said))


@app.command()
def chat(
    as_: Annotated[str, typer.Option("--as", help="Who is signed in: a person id, name or e-mail of people.csv.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with your last conversation.")] = False,
    workspace: W = None,
) -> None:
    """Ask about cases, vendors, contracts, spend and policy, and decide, in words or by commands."""
    from signoff.app.chatting import converse
    from signoff.app.signing_in import signed_in

    with opened(workspace) as w:
        converse(w, signed_in(w, as_), resume)


@policy_app.command("check")
def policy_check(workspace: W = None) -> None:
    """Find what is wrong with the policy before an order does."""
    with opened(workspace) as w:
        loaded = load_policy(w.root / "policy.yaml")
        today = w.settings.now().date()
        masters = w.store.masters
        held = [contract.contract_id for contract in masters.contracts()]
        problems = check_policy(loaded.policy, Directory(masters.people()), masters.vendors(), held, today)
    for problem in problems:
        console().print(problem, markup=False)
    if problems:
        raise typer.Exit(1)
    console().print(f"The policy of {loaded.policy.dated} is sound ({loaded.hash[:12]}).")


@audit_app.command("verify")
def audit_verify(workspace: W = None, json: J = False) -> None:
    """Verify the chain of events and everything bound to it; exits 1 and names the first bad record."""
    with opened(workspace) as w:
        found = verify_audit(w.store)
    if json:
        print_json({"records": found.records, "head": found.head, "fault": found.fault})
    else:
        console().print(found.fault or f"{found.records} records, all whole. Merkle head {found.head}", markup=False)
    if found.fault:
        raise typer.Exit(1)


def main() -> None:
    """The entry point: turns errors into sentences and exit codes."""
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        if words := error.format_message():
            sys.stderr.write(f"signoff: {words} See: signoff --help\n")
        sys.exit(error.exit_code)
    except SignoffError as error:
        sys.stderr.write(f"signoff: {error}\n")
        sys.exit(2 if isinstance(error, BadInput) else 1)
    except KeyboardInterrupt:
        sys.stderr.write("signoff: stopped; run the same command again to go on.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
