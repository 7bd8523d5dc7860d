"""`signoff policy explain CASE`: who signs an order, why, what is signed already, and who may sign now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from signoff.app.terminal import console, print_json
from signoff.app.workspace import opened
from signoff.domain.money import shown
from signoff.graph.explaining import Explained, Explanation, SignOff
from signoff.graph.services import Services
from signoff.graph.store.rows import number_of

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def explain(
    case: Annotated[str, typer.Argument(help="A case: C00042, or 42.", metavar="CASE")],
    every: Annotated[bool, typer.Option("--all", help="Also the rules that do not apply, and why not.")] = False,
    workspace: W = None,
    json: J = False,
) -> None:
    """Show who must sign an order, the rule behind each sign-off, what is signed already, and who may sign now."""
    with opened(workspace) as w:
        explanation = Explanation(w.services, number_of(case))
        if json:
            print_json(_record(explanation))
            return
        out = console()
        for line in _told(explanation, every):
            out.print(line, markup=False, soft_wrap=True)


def _told(found: Explanation, every: bool) -> Iterator[str]:
    yield from _heading(found)
    for step in found.steps():
        yield from _step(found.services, step)
    if not found.route.steps:
        yield "Nobody has to sign."
    if every:
        yield ""
        others = list(found.others())
        yield "Rules that do not apply:" if others else "Every rule of the policy applies."
        yield from (f"  {name}: {why}" for name, why in others)


def _heading(found: Explanation) -> Iterator[str]:
    checked = found.desk.checked()
    amount, order = checked.check.base_amount, checked.verified.order
    sum_ = "an unknown amount" if amount is None else shown(amount, found.policy.base_currency)
    requested = f", requested by {order.requester}" if order.requester else ", which names no requester"
    yield f"Case {found.desk.case.case_id} over {sum_}{requested}. Its status: {found.desk.case.state.replace('_', ' ')}."
    yield f"It follows: {'; '.join(found.route.rules)} (policy of {found.policy.dated}, {found.route.policy_hash[:12]})."
    if found.route.barred and found.route.steps:
        names = " and ".join(_name(found.services, person) for person in found.route.barred)
        yield f"{names} may not sign, not for others either, as the order may be their own."


def _step(services: Services, found: Explained) -> Iterator[str]:
    yield f"{found.number}. {found.standing:6}  {_asks(found)}"
    yield f"           because {found.step.why}"
    for sign_off in found.sign_offs:
        if told := _sign_off(services, sign_off):
            yield f"           {told}"


def _asks(found: Explained) -> str:
    """`compliance and buyer`, `any one of ...`, `2 different people of ...`, with the ids of those who may."""
    step = found.step
    who = [f"{a.label} ({', '.join(a.candidates)})" for a in step.approvers]
    apart = "; whoever signs here signs nothing else of this order" if step.distinct else ""
    if step.quorum:
        return f"{step.quorum} different people of {', '.join(dict.fromkeys(who))}{apart}"
    return (" or " if step.any_of else " and ").join(who) + apart


def _sign_off(services: Services, found: SignOff) -> str:
    """Who signed, or who may sign now."""
    task = found.task
    if task is None:
        return ""
    if task.answered_by:
        place = f" in place of {_name(services, task.on_behalf_of)}" if task.on_behalf_of else ""
        return f"{_name(services, task.answered_by)} signed{place} on {(task.answered_at or '')[:10]}"
    if task.status != "open":
        return ""
    return f"{found.approver.label}: {_who_may(services, found)} (task {task.task_id})"


def _who_may(services: Services, found: SignOff) -> str:
    today = services.clock().date()
    told = []
    for who, principal in found.may.items():
        person = services.people.get(who)
        away = " (away)" if person and person.absent(today) else ""
        told.append(f"{_name(services, who)}{away}" + (f" in place of {_name(services, principal)}" if principal else ""))
    return f"{' or '.join(told)} may sign" if told else "nobody who is there may sign"


def _name(services: Services, person_id: str) -> str:
    person = services.people.get(person_id)
    return person.name if person else person_id


def _record(found: Explanation) -> dict[str, Any]:
    """The route, how far each of its steps is, and the rules that do not apply."""
    steps = [
        {
            "step": e.number,
            "standing": e.standing,
            "needed": e.step.needed,
            "sign_offs": [
                {
                    "label": s.approver.label,
                    "task_id": s.task.task_id if s.task else None,
                    "answered_by": s.task.answered_by if s.task else None,
                    "on_behalf_of": s.task.on_behalf_of if s.task else None,
                    "may_sign": [{"person": who, "on_behalf_of": principal} for who, principal in s.may.items()],
                }
                for s in e.sign_offs
            ],
        }
        for e in found.steps()
    ]
    others = [{"rule": name, "why_not": why} for name, why in found.others()]
    return found.route.model_dump(mode="json") | {"case_id": found.desk.case.case_id, "standing": steps, "not_followed": others}
