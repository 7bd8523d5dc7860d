"""`signoff policy simulate NEW.yaml`: what another policy would have made of past orders, for those who decide about policies."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from signoff.app.terminal import console, print_json, progress
from signoff.app.workspace import Workspace, opened
from signoff.domain.errors import BadInput
from signoff.graph.past_case import Outcome
from signoff.graph.rulings import Ruling
from signoff.graph.simulating import Moved, Simulation, Tally
from signoff.graph.store.opening import Place, look_at
from signoff.graph.store.rows import Span, case_id
from signoff.tools.masterdata.policy import load_policy

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
AT_ONCE = 1000
"""Cases that a process takes at a time."""


class Against(StrEnum):
    """What the new policy is put beside."""

    RECORDED = "recorded"
    CURRENT = "current"


@dataclass(frozen=True)
class Asked:
    """What is simulated: the store at `place`, the policies, and whether every changed case is wanted, not only the figures."""

    place: Place
    new: Ruling
    against: Ruling | None
    each: bool


@dataclass(frozen=True)
class Simulated:
    """The figures, with what they are of."""

    tally: Tally
    new: Ruling
    against: Against
    days: tuple[str, str]
    names: dict[str, str]


def simulate(  # noqa: PLR0913 - each is an option
    new: Annotated[Path, typer.Argument(help="The other policy, a file like policy.yaml.", metavar="NEW.yaml")],
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Only orders taken in from this day on.")
    ] = None,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Only orders taken in up to this day.")
    ] = None,
    against: Annotated[
        Against,
        typer.Option(metavar="WHICH", help="Put it beside the policy each order was decided by (recorded) or the one in force (current)."),
    ] = Against.RECORDED,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every order that changes to this file, one JSON object a line.")
    ] = None,
    workspace: W = None,
    json: J = False,
) -> None:
    """Show what another policy would have made of past orders: who is asked, what passes unseen. Nothing is changed."""
    if out and (out.is_dir() or not out.parent.is_dir()):
        raise BadInput(f"{out} cannot be written; name a file in a folder that is there.")
    if since and until and until < since:
        raise BadInput(f"--until {until.date()} lies before --since {since.date()}; exchange them.")
    days = (since.date().isoformat() if since else "", (until.date() + dt.timedelta(days=1)).isoformat() if until else "9999")
    loaded = load_policy(new)
    with opened(workspace) as w, _writing(out) as written:
        ruling, now = Ruling(loaded.policy, loaded.hash), w.loaded
        beside = Ruling(now.policy, now.hash) if against is Against.CURRENT else None
        tally = _summed(w, Asked(w.store.place, ruling, beside, out is not None), days, written)
        found = Simulated(tally, ruling, against, days, {p.person_id: p.name for p in w.people})
    if json:
        print_json(record(found))
        return
    from signoff.app.simulated_view import told

    printed = console()
    for part in told(found):
        printed.print(part)


@contextmanager
def _writing(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    with path.open("w", encoding="utf-8") as file:
        yield file


def _summed(w: Workspace, asked: Asked, days: tuple[str, str], written: TextIO | None) -> Tally:
    """The figures of all cases, put together from those of some at a time."""
    last = w.store.dossiers.last()
    spans = [Span(first, min(first + AT_ONCE - 1, last), days) for first in range(1, last + 1, AT_ONCE)]
    tally = Tally()
    with progress() as bar:
        task = bar.add_task("orders", total=last)
        for span, (some, moved) in zip(spans, _worked(asked, spans), strict=True):
            tally.add(some)
            if written:
                written.writelines(json.dumps(change(m), ensure_ascii=False) + "\n" for m in moved)
            bar.update(task, completed=span.last)
    return tally


def _worked(asked: Asked, spans: list[Span]) -> Iterator[tuple[Tally, list[Moved]]]:
    """Each span in its turn; many of them in as many processes as there are cores."""
    cores = min(os.cpu_count() or 1, len(spans) // 2)
    if cores < 2:
        _begin(asked)
        yield from map(_run, spans)
        return
    with ProcessPoolExecutor(cores, get_context("spawn"), _begin, (asked,)) as pool:
        yield from pool.map(_run, spans)


_AT_WORK: dict[str, tuple[Simulation, bool]] = {}
"""What this process simulates, from its start on."""


def _begin(asked: Asked) -> None:
    _AT_WORK["now"] = (Simulation(look_at(asked.place), asked.new, asked.against), asked.each)


def _run(span: Span) -> tuple[Tally, list[Moved]]:
    simulation, each = _AT_WORK["now"]
    tally, moved = simulation.run(span)
    return tally, moved if each else []


def change(moved: Moved) -> dict[str, Any]:
    """One order of which something else is asked, for programs."""
    amount = None if moved.amount is None else str(moved.amount)
    return {"case_id": case_id(moved.case), "amount": amount, "before": _outcome(moved.before), "after": _outcome(moved.after)}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    tasks = [{"kind": a.kind, "who": a.label, "candidates": list(a.candidates)} for a in outcome.asked]
    return {
        "unseen": outcome.unseen, "duplicate": outcome.duplicate, "tasks": tasks, "exceptions": sorted(outcome.blocking),
        "unsignable": outcome.why or None,
    }  # fmt: skip


def record(found: Simulated) -> dict[str, Any]:
    """The figures for programs; amounts in the base currency of the new policy."""
    tally, policy = found.tally, found.new.policy
    return {
        "policy": found.new.hash, "dated": policy.dated.isoformat(), "against": found.against, "currency": policy.base_currency,
        "since": found.days[0] or None, "until": None if found.days[1] == "9999" else _day_before(found.days[1]),
        "cases": tally.cases, "changed": tally.changed, "outcomes": list(_outcomes(tally)), "tasks": list(_tasks(tally)),
        "people": list(_people(found)), "exceptions": list(_codes(tally)),
        "no_longer_unseen": _moves(tally, "halted", tally.halted), "newly_unseen": _moves(tally, "freed", tally.freed),
        "unsignable": _reasons(tally.unsignable), "untold": _reasons(tally.untold), "never_checked": dict(sorted(tally.elsewhere.items())),
        "decided": tally.decided, "went_otherwise": [case_id(n) for n in tally.differing],
    }  # fmt: skip


def _day_before(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def _outcomes(tally: Tally) -> Iterator[dict[str, Any]]:
    from signoff.graph.simulating import OUTCOMES

    for name in OUTCOMES:
        sides = {
            side: {"cases": figures.cases[name], "amount": str(figures.money.get(name, 0)), "unknown_amounts": figures.unpriced[name]}
            for side, figures in (("before", tally.before), ("after", tally.after))
        }
        yield {"outcome": name} | sides


def _tasks(tally: Tally) -> Iterator[dict[str, Any]]:
    for kind, who in sorted({*tally.before.tasks, *tally.after.tasks}):
        yield {"kind": kind, "who": who, "before": tally.before.tasks[kind, who], "after": tally.after.tasks[kind, who]}


def _people(found: Simulated) -> Iterator[dict[str, Any]]:
    """How many tasks only this person could answer, and how many they could share with others."""
    before, after = found.tally.before, found.tally.after
    for person in sorted({*before.alone, *before.shared, *after.alone, *after.shared}):
        sides = {side: {"alone": f.alone[person], "shared": f.shared[person]} for side, f in (("before", before), ("after", after))}
        yield {"person": person, "name": found.names.get(person)} | sides


def _codes(tally: Tally) -> Iterator[dict[str, Any]]:
    for code in sorted({*tally.before.codes, *tally.after.codes}):
        yield {"code": code, "before": tally.before.codes[code], "after": tally.after.codes[code]}


def _moves(tally: Tally, name: str, largest: Iterable[Moved]) -> dict[str, Any]:
    return {"cases": tally.counts[name], "amount": str(tally.money.get(name, 0)), "largest": [change(m) for m in largest]}


def _reasons(cases: dict[str, list[int]]) -> list[dict[str, Any]]:
    return [{"why": why, "cases": [case_id(n) for n in sorted(numbers)]} for why, numbers in sorted(cases.items())]
