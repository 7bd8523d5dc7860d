"""`signoff people`: who buys and signs, who is away, and who stands in for them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from signoff.app import imports
from signoff.app.signing_in import named, signed_in
from signoff.app.terminal import console, print_json, table
from signoff.app.workspace import opened
from signoff.domain.errors import BadInput
from signoff.domain.money import shown
from signoff.domain.people import Directory, Person
from signoff.graph.delegating import Absence, may_say, set_absence
from signoff.graph.rights import require
from signoff.tools.access import data
from signoff.tools.access import person as somebody
from signoff.tools.masterdata.csv_rows import date

people_app = imports.command("people")

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Who = Annotated[str, typer.Argument(help="A person id, name or e-mail of people.csv.", metavar="PERSON")]


@people_app.command("list")
def list_people(workspace: W = None, json: J = False) -> None:
    """List the people with their roles, managers and limits, and who is away."""
    with opened(workspace) as w:
        today, people = w.settings.now().date(), w.people
        currency = w.services.policy.base_currency
    if json:
        print_json([_record(people, p, today) for p in people])
        return
    made = table("id", "name", "roles", "manager", "may sign", "today", right=("may sign",))
    for person in people:
        manager = people.get(person.manager or "")
        cells = (person.person_id, person.name, ", ".join(person.roles), manager.name if manager else "", _limits(person, currency))
        made.add_row(*map(escape, (*cells, standing(people, person, today))))
    console().print(made)


@people_app.command("show")
def show_person(person: Who, workspace: W = None, json: J = False) -> None:
    """Show one person: roles, limits, managers, who stands in, and for whom they stand in today."""
    with opened(workspace) as w:
        today, people = w.settings.now().date(), w.people
        who, currency = named(w, person), w.services.policy.base_currency
    if json:
        print_json(_record(people, who, today))
        return
    made = table("", "")
    made.show_header = False
    for name, value in _rows(people, who, currency, today):
        if value:
            made.add_row(f"[dim]{name}[/dim]", escape(value))
    console().print(made)


@people_app.command()
def delegate(  # noqa: PLR0913 - the flags are the contract
    person: Who,
    as_: Annotated[str, typer.Option("--as", help="Who says so: the person, one of their managers, or who may change people.")],
    to: Annotated[str | None, typer.Option(help="Who stands in; without it nobody does.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day away, like 2026-12-21 (default: today).")] = None,
    until: Annotated[str | None, typer.Option(help="Last day away; without it until further notice.")] = None,
    back: Annotated[bool, typer.Option("--back", help="They are there again: no absence, no delegate.")] = False,
    workspace: W = None,
) -> None:
    """Say that somebody is away, and who signs in their place. Whoever requested an order stands in for nobody at it."""
    if back and (to or since or until):
        raise BadInput("--back takes an absence back, so it goes without --to, --from and --until.")
    with opened(workspace) as w:
        by, who = signed_in(w, as_), named(w, person)
        other = named(w, to) if to else None
        if not may_say(w.people, by, who):
            require(w.access, somebody(by), "write", data("people"))
        now = w.settings.now()
        absence = Absence() if back else Absence(other.person_id if other else None, _day(since) or now.date(), _day(until))
        changed = set_absence(w.store, who, absence, by.person_id, now)
        people = Directory(w.store.masters.people())
    out = console()
    out.print(_told(people, changed, other), markup=False)
    if other is not None and other.absent(absence.since):
        out.print(f"{other.name} is away on {absence.since}, too; then their own delegate signs, if that one is there.", markup=False)


def _day(text: str | None) -> dt.date | None:
    try:
        return date(text) if text else None
    except ValueError as error:
        raise BadInput(f"{error}.") from None


def _told(people: Directory, person: Person, other: Person | None) -> str:
    if person.absent_from is None:
        return f"{person.name} is there; nobody stands in."
    until = f"until {person.absent_until}" if person.absent_until else "until further notice"
    who = f"{other.name} answers in their place" if other else "nobody stands in, so what only they could sign goes to the next manager up"
    return f"{person.name} is away from {person.absent_from} {until}; {who}."


def standing(people: Directory, person: Person, day: dt.date) -> str:
    """`away until 2026-12-31, Lou Lead stands in`; empty for somebody who is there."""
    if not person.absent(day):
        return ""
    other = people.stand_in(person, day)
    until = f"until {person.absent_until}" if person.absent_until else "until further notice"
    return f"away {until}, {other.name if other else 'nobody'} stands in"


def _limits(person: Person, currency: str) -> str:
    general = [shown(person.limit, currency)] if person.limit is not None else []
    return "; ".join([*general, *(f"{category}: {shown(limit, currency)}" for category, limit in sorted(person.limits.items()))])


def _record(people: Directory, person: Person, day: dt.date) -> dict[str, Any]:
    """The person as programs see them, with who acts for them today."""
    other = people.stand_in(person, day)
    return person.model_dump(mode="json") | {
        "absent_today": person.absent(day),
        "stands_in_today": other.person_id if other else None,
        "acts_today_for": sorted(people.principals(person, day)),
    }


def _rows(people: Directory, person: Person, currency: str, day: dt.date) -> list[tuple[str, str]]:
    for_whom = (p.name for i in sorted(people.principals(person, day)) if (p := people.get(i)))
    deputy = people.get(person.delegate or "")
    away = f"{person.absent_from or 'before'} to {person.absent_until or 'further notice'}"
    return [
        ("person", f"{person.name} ({person.person_id})"),
        ("e-mail", person.email or ""),
        ("roles", ", ".join(person.roles)),
        ("managers", " → ".join(p.name for p in people.managers(person))),
        ("may sign", _limits(person, currency)),
        ("cost centres", ", ".join(person.cost_centers)),
        ("away", away if person.absent_from or person.absent_until else ""),
        ("delegate", deputy.name if deputy else person.delegate or ""),
        ("today", standing(people, person, day)),
        ("acts today for", ", ".join(for_whom)),
    ]
