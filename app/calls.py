"""`signoff calls`, `cost` and `replay`: what agents asked and were told, what it cost, and whether it comes out the same again."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from signoff.agents.messages import Message
from signoff.app.terminal import console, print_json, table
from signoff.app.workspace import Workspace, opened
from signoff.domain.errors import BadInput
from signoff.graph.store.rows import Costs, Kept, Owner, case_id, number_of
from signoff.tools.archive import Archive

if TYPE_CHECKING:
    from signoff.graph.replay import Replayed

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


class By(StrEnum):
    """What costs are summed by."""

    AGENT = "agent"
    VENDOR = "vendor"
    DAY = "day"
    MODEL = "model"


def calls(
    case: Annotated[str, typer.Argument(help="A case: C00042, or 42.", metavar="CASE")],
    full: Annotated[bool, typer.Option("--full", help="Print what the model was told and what it answered.")] = False,
    workspace: W = None,
    json: J = False,
) -> None:
    """List the calls to a language model that a case made: who asked, what it took, what came of it."""
    with opened(workspace) as w:
        number = number_of(case)
        if w.store.cases.get(number) is None:
            raise BadInput(f"There is no case {case_id(number)}; `signoff list` shows the cases.")
        made = w.store.calls.of(Owner(case=number))
        used = w.store.calls.tools_of(Owner(case=number))
    if json:
        print_json(
            [k.model_dump(mode="json") | {"kind": "model"} for k in made] + [t.model_dump(mode="json") | {"kind": "tool"} for t in used]
        )
        return
    out = console()
    if not made:
        out.print(f"Case {case_id(number)} asked no model.")
    elif full:
        for i, kept in enumerate(made, 1):
            out.print(f"[bold]{i}.[/bold] {_headline(kept)}")
            out.print(_said(kept), markup=False)
    else:
        out.print(_calls_table(made))
    if used:
        out.print(f"\nTools used: {', '.join(f'{t.name} ({t.agent}, {t.outcome})' for t in used)}.", markup=False)


def _calls_table(made: list[Kept]) -> Table:
    numbers = ("in", "out", "US$", "s", "tries")
    found = table("at", "agent", "model", "prompt", *numbers, "outcome", right=numbers)
    for kept in made:
        call, reply = kept.call, kept.call.reply
        took = (
            (reply.usage.input_tokens, reply.usage.output_tokens, reply.cost, f"{reply.latency_ms / 1000:.1f}", reply.attempts)
            if reply
            else ()
        )
        cells = ["" if cell is None else str(cell) for cell in (*took, *("",) * (5 - len(took)))]
        outcome = f"{call.failure}: {call.error}" if call.failure else (reply.finish_reason if reply else "")
        prompt = f"{call.question.prompt_name} {call.question.prompt_hash[:8]}"
        model = reply.model if reply else call.requested_model
        found.add_row(call.at[:19].replace("T", " "), call.question.agent, escape(model), prompt, *cells, escape(outcome))
    return found


def _headline(kept: Kept) -> str:
    call = kept.call
    redacted = " (redacted: hashes stand in place of the words)" if kept.redacted else ""
    return escape(f"{call.question.agent} asked {call.requested_model} at {call.at[:19].replace('T', ' ')}{redacted}")


def _said(kept: Kept) -> str:
    call, reply = kept.call, kept.call.reply
    answer = [f"--- answer\n{reply.text}"] if reply and reply.text else []
    asked = [f"--- asks for {r.name} {r.arguments}" for r in reply.tool_requests] if reply else []
    failed = [f"--- {call.failure}: {call.error}"] if call.failure else []
    return "\n".join([*map(_turn, call.question.messages), *answer, *asked, *failed, ""])


def _turn(message: Message) -> str:
    pictures = f"\n({len(message.images)} pictures)" if message.images else ""
    asked = "".join(f"\nasks for {r.name} {r.arguments}" for r in message.tool_requests)
    return f"--- {message.role}\n{message.content}{asked}{pictures}"


def cost(
    by: Annotated[By, typer.Option("--by", help="What to sum by.")] = By.AGENT,
    workspace: W = None,
    json: J = False,
) -> None:
    """Sum what the calls to language models cost, in US dollars and tokens."""
    with opened(workspace) as w:
        sums = w.store.calls.costs(by)
    if json:
        print_json([_sum(c) for c in sums])
        return
    out = console()
    if not sums:
        out.print("No model was asked yet.")
        return
    numbers = ("calls", "failed", "tokens in", "tokens out", "US$", "s")
    found = table(by, *numbers, right=numbers)
    for c in sums:
        s = c.spent
        found.add_row(
            escape(c.key or "none"), *(str(v) for v in (c.calls, c.failed, s.input_tokens, s.output_tokens, s.cost, round(s.seconds, 1)))
        )
    out.print(found)
    total = sum((c.spent.cost for c in sums), start=sums[0].spent.cost * 0)
    unpriced = sum(c.unpriced for c in sums)
    hidden = f"; of {unpriced} calls the price is not known" if unpriced else ""
    out.print(f"\nTogether {total} US dollars for {sum(c.calls for c in sums)} calls{hidden}.")


def _sum(costs: Costs) -> dict[str, Any]:
    spent = costs.spent.model_dump(mode="json")
    return {"key": costs.key, "failed": costs.failed, "unpriced": costs.unpriced} | spent


def replay(
    case: Annotated[str | None, typer.Argument(help="A case: C00042, or 42.", metavar="CASE")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Replay every case.")] = False,
    workspace: W = None,
    json: J = False,
) -> None:
    """Take cases through the process again on their recorded inputs, and compare byte for byte; exits 1 on any difference."""
    if (case is None) is not all_:
        raise BadInput("Name a case, or say --all.")
    with opened(workspace) as w:
        numbers = [number_of(case)] if case else [c.number for c in w.store.cases.listed()]
        found = asyncio.run(_replayed(w, numbers))
    if json:
        print_json([vars(r) for r in found])
    else:
        _print_replayed(found)
    if any(r.fault for r in found):
        raise typer.Exit(1)


async def _replayed(w: Workspace, numbers: list[int]) -> list[Replayed]:
    from signoff.app.papers import opener
    from signoff.graph.replay import Replays
    from signoff.tools.isolation import Readers
    from signoff.tools.orders.transcript import READER

    with Readers(1, reader=READER) as readers:
        replays = Replays(w.store, opener(Archive(w.root / "archive"), readers))
        return [await replays.replay(number) for number in numbers]


def _print_replayed(found: list[Replayed]) -> None:
    out = console()
    other = [r for r in found if r.fault]
    for r in other:
        out.print(f"{r.case_id}: {r.fault}", markup=False)
    if found:
        events, calls_, ms = (sum(getattr(r, name) for r in found) for name in ("events", "calls", "ms"))
        equal = f"{len(found) - len(other)} of {len(found)} cases came out the same"
        out.print(f"{equal}: {events} events, {calls_} model calls, {ms / len(found):.0f} ms a case.")
