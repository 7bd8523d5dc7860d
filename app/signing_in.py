"""Who is at the keyboard: every command that takes `--as PERSON` asks here, and is told who it is or why not.

Where the policy says `sign_in: trusted`, a person is who they say; where it says `required`, they prove it with a token
(`SIGNOFF_TOKEN`), a login (`signoff login`) or their password. A token or a login that is there counts either way.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import sys
from dataclasses import replace
from pathlib import Path

from signoff.app.logins import Logins
from signoff.app.workspace import Workspace
from signoff.domain.credentials import Session
from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Person
from signoff.graph.desk import SYSTEM
from signoff.graph.rights import require
from signoff.graph.services import short
from signoff.graph.signing_in import SignIns
from signoff.tools.access import ENGINE, Action, Area, Rights, data
from signoff.tools.access import person as somebody
from signoff.tools.credentials import token_number


def signed_in(w: Workspace, as_: str) -> Person:
    """The person that `--as` names, known as the policy asks; what they do from now on says how.

    Raises `BadInput` when nobody is called that, `Refused` when it is not them, or policy or rights were changed by nobody who may.
    """
    person = named(w, as_)
    w.in_force()
    admitted(w, person)
    return person


def acting(w: Workspace, as_: str | None, action: Action, area: Area | Rights) -> str:
    """Who does something to an area, as an event names them: a person, or `signoff` where the command names nobody.

    Raises `Refused` with the rule when access.cedar does not let them.
    """
    as_ = as_ or _holder(w)
    if as_:
        person = signed_in(w, as_)
        require(w.access, somebody(person), action, data(area))
        return person.person_id
    if w.sign_in_required and action != "start" and list(w.people):
        raise Refused("This changes what is decided with, and the policy asks people to sign in; say who you are: --as PERSON")
    require(w.access, ENGINE, action, data(area))
    return SYSTEM


def named(w: Workspace, word: str) -> Person:
    """The person of that id, name or e-mail address. Raises `BadInput` when there is none."""
    person = w.people.find(word)
    if person is None:
        raise BadInput(f"{word} is not in people.csv; give the id, the name or the e-mail address of somebody who was imported.")
    return person


def admitted(w: Workspace, person: Person) -> Session:
    """The person's session, which every event of theirs names from now on; begun once for a command."""
    session = w.store.events.session
    if session is None or session.person != person.person_id:
        session = replace(_session(w, person), rights=short(w.access.digest))
        w.store.events.session = session
    return session


def sign_ins(w: Workspace) -> SignIns:
    """The door to a workspace, on the real clock: `SIGNOFF_TODAY` makes no old token good again."""
    return SignIns(w.store, os_user(), lambda: dt.datetime.now(dt.UTC))


def os_user() -> str:
    """Whom the operating system took the command from, whatever the environment says; behind them who asked sudo for it."""
    if sys.platform == "win32":
        return os.getlogin()
    import pwd

    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    caller = os.environ.get("SUDO_USER")
    return f"{name} for {caller}" if caller else name


def password_of(person: Person, prompt: str = "Password") -> str:
    """What the person types, unseen. Raises `Refused` where nobody can."""
    if not sys.stdin.isatty():
        raise Refused(
            f"{person.name} ({person.person_id}) is not signed in; run: signoff login --as {person.person_id}   or set SIGNOFF_TOKEN."
        )
    return getpass.getpass(f"{prompt} of {person.name} ({person.person_id}): ")


def _session(w: Workspace, person: Person) -> Session:
    if w.settings.token is not None:
        return sign_ins(w).by_token(person, w.settings.token.get_secret_value())
    if login := _login(w.root, w, person):
        return login
    if not w.sign_in_required:
        return Session(person.person_id, "trusted", os_user())
    return sign_ins(w).by_password(person, password_of(person))


def _login(root: Path, w: Workspace, person: Person) -> Session | None:
    """The person's login at this computer; one that has ended is forgotten."""
    logins = Logins(root)
    text = logins.all().get(person.person_id)
    number = token_number(text or "")
    if text is None or number is None:
        return None
    token = w.store.credentials.token(number)
    if token is None or token.fault(sign_ins(w).now):
        logins.forget(person.person_id)
        return None
    return sign_ins(w).by_token(person, text)


def _holder(w: Workspace) -> str | None:
    """Who is meant where a command names nobody: whose token it is, or the one person who is signed in here."""
    if w.settings.token is not None:
        number = token_number(w.settings.token.get_secret_value())
        token = w.store.credentials.token(number) if number is not None else None
        if token is None:
            raise Refused("SIGNOFF_TOKEN is no token of this workspace; make one with: signoff access token PERSON")
        return token.person
    people = list(Logins(w.root).all())
    return people[0] if len(people) == 1 else None
