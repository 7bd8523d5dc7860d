"""`signoff decide`, `review` and `chat`: people answer what cases ask, as who they are signed in as."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from signoff.app.answering import answered
from signoff.app.signing_in import signed_in
from signoff.app.story import Story
from signoff.app.terminal import console
from signoff.app.workspace import Workspace, opened
from signoff.domain.errors import BadInput
from signoff.graph.decisions import Decision
from signoff.graph.store.rows import number_of

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
CaseArgument = Annotated[str, typer.Argument(help="A case: C00042, or 42.", metavar="CASE")]


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
    edits = dict(map(_edit, edit or []))
    with opened(workspace) as w:
        person = signed_in(w, as_).person_id
        said = Decision.model_validate({"person": person, "decision": chosen[0], "edits": edits, "note": note, "task": task})
        console().print(settle(w, number_of(case), said), markup=False)


def settle(w: Workspace, number: int, said: Decision) -> str:
    """Take an answer and carry the case on; a sentence on what happened."""
    return f"{asyncio.run(answered(w, number, said))} {Story(w.services, number).next_step()}"


def _edit(text: str) -> tuple[str, str]:
    pointer, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"--edit {text} says no value; write it like --edit /lines/0/unit_price=12.50")
    return pointer, value


def review(
    as_: Annotated[str, typer.Option("--as", help="Who reviews: a person id, name or e-mail of people.csv.")],
    workspace: W = None,
) -> None:
    """Walk through everything that waits for you, one by one."""
    from signoff.app.reviewing import review_tasks

    with opened(workspace) as w:
        review_tasks(w, signed_in(w, as_), lambda number, said: settle(w, number, said))


def chat(
    as_: Annotated[str, typer.Option("--as", help="Who is signed in: a person id, name or e-mail of people.csv.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with your last conversation.")] = False,
    workspace: W = None,
) -> None:
    """Ask about cases, vendors, contracts, spend and policy, and decide, in words or by commands."""
    from signoff.app.chatting import converse

    with opened(workspace) as w:
        converse(w, signed_in(w, as_), resume)
