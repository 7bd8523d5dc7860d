"""`signoff comment`, `forward`, `ask`, `answer` and `approve-alike`: what people do with a task besides deciding it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.prompt import Confirm
from rich.table import Table

from signoff.app.signing_in import signed_in
from signoff.app.terminal import console, plain, table
from signoff.app.workspace import Workspace, opened
from signoff.domain.errors import Refused
from signoff.domain.money import shown
from signoff.domain.people import Person
from signoff.graph.store.rows import case_id, number_of

if TYPE_CHECKING:
    from signoff.graph.bulk import Alikes, Item
    from signoff.graph.conversing import Saying

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
CaseArgument = Annotated[str, typer.Argument(help="A case: C00042, or 42.", metavar="CASE")]
As = Annotated[str, typer.Option("--as", help="Who you are: a person id, name or e-mail of people.csv.")]
To = Annotated[str, typer.Option("--to", help="Whom: a person id, name or e-mail of people.csv.")]
Words = Annotated[str, typer.Option("--text", help="What is said; stands in the record.")]
TaskOption = Annotated[int | None, typer.Option("--task", help="This task and no other; `signoff show` lists the tasks.")]


def comment(case: CaseArgument, as_: As, text: Words, workspace: W = None) -> None:
    """Put a remark on record with a case. It decides nothing."""
    from signoff.graph.conversing import Remark

    _say(workspace, case, as_, lambda person: Remark(person=person, text=text))


def forward(
    case: CaseArgument,
    as_: As,
    to: To,
    task: TaskOption = None,
    note: Annotated[str, typer.Option(help="Why; stands in the record.")] = "",
    workspace: W = None,
) -> None:
    """Give what a case asks you to somebody who may answer it in your place: with the same role, a limit that covers it, or above you."""
    from signoff.graph.conversing import Handover

    _say(workspace, case, as_, lambda person: Handover(person=person, to=to, task=task, note=note))


def ask(case: CaseArgument, as_: As, to: To, text: Words, task: TaskOption = None, workspace: W = None) -> None:
    """Ask somebody about a case that waits for you, the requester too. It goes on waiting for you, and its time stands still."""
    from signoff.graph.conversing import Inquiry

    _say(workspace, case, as_, lambda person: Inquiry(person=person, to=to, text=text, task=task))


def answer(case: CaseArgument, as_: As, text: Words, task: TaskOption = None, workspace: W = None) -> None:
    """Answer a question that you were asked about a case. It decides nothing."""
    from signoff.graph.conversing import Reply

    _say(workspace, case, as_, lambda person: Reply(person=person, text=text, task=task))


def _say(workspace: Path | None, case: str, as_: str, saying: Callable[[str], Saying]) -> None:
    with opened(workspace) as w:
        console().print(plain(said(w, number_of(case), saying(signed_in(w, as_).person_id))), markup=False)


def said(w: Workspace, number: int, saying: Saying) -> str:
    """Take what somebody who is signed in says about a case; a sentence on what it did."""
    from signoff.graph.conversing import say

    with w.at_work() as services:
        return say(services, number, saying)


def approve_alike(
    case: CaseArgument,
    as_: As,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; approve what is listed.")] = False,
    note: Annotated[str, typer.Option(help="Why; stands in the record of each.")] = "",
    workspace: W = None,
) -> None:
    """Approve a case that you have looked at, and with it those that wait for you and are like it. Lists them and asks first."""
    from signoff.graph.bulk import alikes

    with opened(workspace) as w:
        person = signed_in(w, as_)
        found = alikes(w.services, person, number_of(case))
        out = console()
        out.print(alikes_table(w, found.items))
        out.print(sum_of(w, found, found.items))
        if not yes and not Confirm.ask(f"Approve {'all of them' if found.others else 'it'} as {person.name}?", default=False, console=out):
            out.print("Nothing was done.")
            return
        left_out = [error for item in found.items if (error := approved(w, person, item, note, found.first))]
        for error in left_out:
            out.print(f"Left out: {plain(error)}", markup=False)
        out.print(f"{len(found.items) - len(left_out)} approved.")
    if left_out:
        raise typer.Exit(1)


def approved(w: Workspace, person: Person, item: Item, note: str, first: Item) -> str | None:
    """Approve one of those that are alike, as it was shown; the reason when it was left out."""
    from signoff.app.answering import answered

    like = "" if item is first else case_id(first.task.case)
    try:
        asyncio.run(answered(w, item.task.case, item.decision(person, note, like)))
    except Refused as error:
        return str(error)
    return None


def alikes_table(w: Workspace, items: tuple[Item, ...]) -> Table:
    """Cases that are alike, each with its order and worth."""
    currency = w.services.policy.base_currency
    made = table("case", "order", "supplier", "date", "requester", "amount", right=("amount",))
    for item in items:
        order = item.order
        cells = (order.order_number, order.supplier.name or order.supplier.id, order.issue_date, order.requester)
        made.add_row(case_id(item.task.case), *(escape(plain(str(c or ""))) for c in cells), shown(item.amount, currency))
    return made


def sum_of(w: Workspace, found: Alikes, items: tuple[Item, ...]) -> str:
    """How many they are and what they are worth; that there are more, where policy lets no more be approved together."""
    bulk, currency = w.services.policy.bulk, w.services.policy.base_currency
    more = f" There are more like it; {bulk.most} at a time may be approved (bulk.most in policy.yaml)." if found.more else ""
    count = f"{len(items)} order{'s' if len(items) > 1 else ''}" if found.others else "Nothing else is like it: 1 order"
    return f"{count}, {shown(sum((i.amount for i in items), start=Decimal(0)), currency)} in all.{more}"
