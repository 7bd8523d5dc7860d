"""`signoff access`, `login` and `logout`: passwords and tokens, who may do what and why, and which rules are in force."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, get_args

import typer

from signoff.app import signing_in
from signoff.app.logins import Logins
from signoff.app.terminal import console, print_json, table
from signoff.app.workspace import Workspace, opened
from signoff.domain.credentials import Token
from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Person
from signoff.graph.adopting import adopt, adopted_rights
from signoff.graph.rights import deciding, in_place_of, require
from signoff.graph.signing_in import DAYS, LOGIN
from signoff.graph.store.rows import case_id, number_of
from signoff.tools.access import ACTIONS, AREAS, ENGINE, ON_CASES, Access, Action, Area, Principal, Resource, Rights, agent, case, data
from signoff.tools.access import person as somebody
from signoff.tools.access_explained import AGENTS, DONE, explain, idle, rights, unheld
from signoff.tools.credentials import token_number

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Who = Annotated[str, typer.Argument(help="A person id, name or e-mail of people.csv.", metavar="PERSON")]
By = Annotated[str | None, typer.Option("--as", help="Who does it, when it is not the person themselves.")]

access_app = typer.Typer(no_args_is_help=True, help="Who is known by what, and who may do what.")


@access_app.command("password")
def set_password(
    person: Who,
    as_: By = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from standard input, its first line, instead of asking.")] = False,
    workspace: W = None,
) -> None:
    """Set a person's password."""
    with opened(workspace) as w:
        whose = signing_in.named(w, person)
        by = _managing(w, whose, as_)
        password = sys.stdin.readline().rstrip("\r\n") if stdin else _new_password(whose)
        signing_in.sign_ins(w).set_password(whose, password, by)
        Logins(w.root).forget(whose.person_id)
        console().print(f"{whose.name} ({whose.person_id}) has a new password.", markup=False)


def _new_password(whose: Person) -> str:
    first = signing_in.password_of(whose, "New password")
    if signing_in.password_of(whose, "The same once more") != first:
        raise BadInput("The two differ; nothing was changed.")
    return first


@access_app.command("token")
def make_token(
    person: Who,
    days: Annotated[int, typer.Option(min=1, max=3650, help="For how many days it opens anything.")] = DAYS,
    name: Annotated[str, typer.Option(help="What it is for, such as the program that will hold it.")] = "",
    as_: By = None,
    workspace: W = None,
) -> None:
    """Make a token that signs a person in, for SIGNOFF_TOKEN. It is printed once and kept nowhere."""
    with opened(workspace) as w:
        whose = signing_in.named(w, person)
        by = _managing(w, whose, as_)
        made, text = signing_in.sign_ins(w).make_token(whose, "token", name or "unnamed", dt.timedelta(days=days), by)
        sys.stdout.write(f"{text}\n")
        sys.stderr.write(f"Token {made.number} of {whose.name}, good until {(made.expires_at or '')[:10]}; it will not be shown again.\n")


@access_app.command("tokens")
def list_tokens(workspace: W = None, json: J = False) -> None:
    """List the tokens, whose they are and until when they open anything."""
    with opened(workspace) as w:
        now = signing_in.sign_ins(w).now
        rows = [_token_row(t, now) for t in w.store.credentials.tokens()]
    if json:
        print_json(rows)
        return
    found = table("token", "person", "kind", "name", "made", "expires", "state")
    for row in rows:
        found.add_row(*(str(value or "") for value in row.values()))
    console().print(found if rows else "There are no tokens.")


def _token_row(token: Token, now: dt.datetime) -> dict[str, str | int | None]:
    return {
        "token": token.number, "person": token.person, "kind": token.kind, "name": token.name, "made_at": token.made_at[:19],
        "expires_at": token.expires_at and token.expires_at[:19], "state": token.fault(now) or "good",
    }  # fmt: skip


@access_app.command("revoke")
def revoke(
    token: Annotated[int, typer.Argument(help="The number of a token, as `signoff access tokens` lists it.", metavar="TOKEN")],
    as_: By = None,
    workspace: W = None,
) -> None:
    """Make a token open nothing from now on."""
    with opened(workspace) as w:
        found = w.store.credentials.token(token)
        if found is None:
            raise BadInput(f"There is no token {token}; `signoff access tokens` lists them.")
        if found.revoked_at is not None:
            raise Refused(f"Token {token} was revoked already, on {found.revoked_at[:10]}.")
        whose = w.people.get(found.person)
        by = _managing(w, whose, as_)
        signing_in.sign_ins(w).revoke(found, by)
        console().print(f"Token {token} ({found.name}) of {found.person} opens nothing any more.", markup=False)


def _managing(w: Workspace, whose: Person | None, as_: str | None) -> str:
    """Who manages somebody's password or tokens: they themselves, or somebody whom access.cedar lets write the rights.

    Where nobody has a password yet, the first is set by somebody who may write the rights, on their word.
    """
    by = signing_in.named(w, as_) if as_ else whose
    if by is None:
        raise BadInput("That person is no longer in people.csv; say who revokes it: --as PERSON")
    first = by is whose and w.sign_in_required and next(w.store.credentials.bound(), None) is None
    if not first:
        signing_in.admitted(w, by)
    if first or whose is None or by.person_id != whose.person_id:
        require(_in_force(w), somebody(by), "write", data("access"))
    return by.person_id


def _in_force(w: Workspace) -> Access:
    """The rights that hold: where people sign in, those that were adopted, whatever the file says by now."""
    kept = adopted_rights(w.store) if w.sign_in_required else None
    return w.access if kept is None else Access(kept)


@access_app.command("adopt")
def adopt_rules(as_: Annotated[str, typer.Option("--as", help="Who adopts them.")], workspace: W = None) -> None:
    """Put policy.yaml and access.cedar in force as they stand. Needed after each change where people sign in."""
    with opened(workspace) as w:
        person = signing_in.named(w, as_)
        signing_in.admitted(w, person)
        before = _in_force(w)
        digests = {"policy": w.loaded.hash, "access": w.access.digest}
        changed: list[Area | Rights] = [kind for kind in ("policy", "access") if w.store.credentials.adopted(kind) != digests[kind]]
        for kind in changed:
            require(before, somebody(person), "write", data(kind))
        if not changed:
            console().print("Nothing has changed since they were last adopted.")
            return
        policy = (w.loaded.hash, w.loaded.policy.model_dump_json())
        adopt(w.store, policy, (w.access.digest, w.access.text), person.person_id, w.settings.now())
        console().print(f"The policy of {w.loaded.policy.dated} ({w.loaded.hash[:12]}) and access.cedar are in force.")


@access_app.command("explain")
def explain_right(
    who: Annotated[str, typer.Argument(help="A person, an agent (extraction, contract_check, ...), or signoff.", metavar="WHO")],
    action: Annotated[str, typer.Argument(help=f"One of {', '.join(ACTIONS)}.", metavar="ACTION")],
    what: Annotated[str, typer.Argument(help=f"A case (C00042), or one of {', '.join(AREAS)}, access.", metavar="WHAT")],
    behalf: Annotated[str | None, typer.Option("--for", help="In whose place they decide.")] = None,
    workspace: W = None,
    json: J = False,
) -> None:
    """Tell whether somebody may do something, by which rule, and what would have to change."""
    with opened(workspace) as w:
        asked, done, resource = _principal(w, who), _action(action), _resource(w, what, action)
        place = _place(w, asked, resource, behalf)
        found = explain(w.access, asked, done, resource, {role for p in w.people for role in p.roles}, place)
    if json:
        print_json(asdict(found))
        return
    out = console()
    told = "may" if found.allowed else "may not"
    out.print(f"{_called(w, asked)} {told} {found.action} {found.what}.", markup=False)
    for rule, line in found.rules:
        out.print(f"  {rule} (access.cedar, line {line})", markup=False)
    if found.needed:
        out.print(f"  {found.needed[:1].upper()}{found.needed[1:]}.", markup=False)


@access_app.command("list")
def list_rights(
    who: Annotated[str, typer.Argument(help="A person, an agent, or signoff.", metavar="WHO")], workspace: W = None, json: J = False
) -> None:
    """List everything that somebody may do."""
    with opened(workspace) as w:
        asked = _principal(w, who)
        found = rights(w.access, asked)
        called = _called(w, asked)
    if json:
        print_json([asdict(right) for right in found])
        return
    if not found:
        console().print(f"{called} may do nothing; no rule permits it.", markup=False)
        return
    rows = table("may", "what", "when", "by the rule")
    for right in found:
        rows.add_row(right.action, right.area, right.where or "always", "; ".join(right.rules))
    console().print(rows)


@access_app.command("check")
def check(workspace: W = None, json: J = False) -> None:
    """Find what is wrong with access.cedar: rules that do nothing, roles that nobody has, people who cannot sign in."""
    with opened(workspace) as w:
        problems = list(_problems(w))
        rules = len(w.access.rules)
    if json:
        print_json(problems)
    else:
        for problem in problems:
            console().print(problem, markup=False)
        if not problems:
            console().print(f"The {rules} rules of access.cedar are sound.")
    if problems:
        raise typer.Exit(1)


def _problems(w: Workspace) -> list[str]:
    nobody = [f"access.cedar, line {line}: {rule!r} speaks of {name}." for rule, line, name in unheld(w.access, w.people)]
    dead = [f"access.cedar, line {i.line}: {i.rule!r} never decides anything: {i.why}." for i in idle(w.access, w.people)]
    return [*nobody, *dead, *_shut_out(w)]


def _shut_out(w: Workspace) -> list[str]:
    """People whom a task waits for and who could not sign in."""
    if not w.sign_in_required:
        return []
    now = signing_in.sign_ins(w).now
    tokens = {t.person for t in w.store.credentials.tokens() if t.fault(now) is None}
    asked = sorted({p for t in w.store.tasks.waiting() for p in t.candidates})
    known = (p for p in asked if p in tokens or w.store.credentials.password(p))
    missing = sorted(set(asked) - set(known))
    return [f"{p} has tasks and can sign in by nothing; set a password with: signoff access password {p}" for p in missing]


def login(
    as_: Annotated[str, typer.Option("--as", help="Who signs in: a person id, name or e-mail of people.csv.")], workspace: W = None
) -> None:
    """Sign in at this computer with your password, for 12 hours."""
    with opened(workspace) as w:
        person, door = signing_in.named(w, as_), signing_in.sign_ins(w)
        door.by_password(person, signing_in.password_of(person))
        _, text = door.make_token(person, "login", f"login of {signing_in.os_user()}", LOGIN, person.person_id)
        Logins(w.root).put(person.person_id, text)
        console().print(f"Signed in as {person.name} ({person.person_id}) until you run: signoff logout", markup=False)


def logout(
    as_: Annotated[str | None, typer.Option("--as", help="Whom to sign out (default: everybody who is signed in here).")] = None,
    workspace: W = None,
) -> None:
    """End the logins at this computer."""
    with opened(workspace) as w:
        logins, door = Logins(w.root), signing_in.sign_ins(w)
        leaving = [signing_in.named(w, as_).person_id] if as_ else list(logins.all())
        ended = [(who, text) for who in leaving if (text := logins.forget(who))]
        for who, text in ended:
            token = w.store.credentials.token(token_number(text) or 0)
            if token is not None and token.revoked_at is None:
                door.revoke(token, who)
    console().print(f"Signed out: {', '.join(who for who, _ in ended)}." if ended else "Nobody is signed in here.")


def _principal(w: Workspace, who: str) -> Principal:
    if who == ENGINE.id:
        return ENGINE
    return agent(who) if who in AGENTS else somebody(signing_in.named(w, who))


def _place(w: Workspace, who: Principal, what: Resource, behalf: str | None) -> str | None:
    """In whose place somebody is asked about: the one who was named, or for whom they stand in at a case."""
    if behalf:
        return signing_in.named(w, behalf).person_id
    found = w.people.get(who.id) if who.kind == "Person" and what.candidates is not None else None
    return in_place_of(w.services, found, number_of(what.id))[0] if found else None


def _called(w: Workspace, who: Principal) -> str:
    found = w.people.get(who.id) if who.kind == "Person" else None
    return f"{found.name} ({who.id})" if found else {"Agent": f"The agent {who.id}", "System": "Signoff itself"}.get(who.kind, who.id)


def _action(word: str) -> Action:
    found = next((action for action in get_args(Action) if action == word), None)
    if found is None:
        raise BadInput(f"There is no action {word!r}; there are {', '.join(ACTIONS)}.")
    checked: Action = found
    return checked


def _resource(w: Workspace, what: str, action: str) -> Resource:
    areas = DONE[_action(action)]
    area = next((a for a in (*AREAS, "access") if a == what.casefold()), None)
    if area is not None:
        if area not in areas:
            raise BadInput(f"{action} is never done to {area}, but to {' or '.join(areas)}; see docs/access.md.")
        return case("any case") if area == "cases" and action in ON_CASES else data(area)
    if "cases" not in areas or action not in ON_CASES:
        raise BadInput(f"{action} is not done to a case, but to {' or '.join(areas)}.")
    number = number_of(what)
    if w.store.cases.get(number) is None:
        raise BadInput(f"There is no case {case_id(number)}; `signoff list` shows the cases.")
    return deciding(w.services, number)
