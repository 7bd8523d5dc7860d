"""People are known by a password or a token: set, made, tried, revoked. Each of these is an event; none holds a secret."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from signoff.domain.credentials import How, Kind, Password, Session, Token
from signoff.domain.errors import Refused
from signoff.domain.people import Person
from signoff.graph.desk import SYSTEM
from signoff.graph.store.port import Store
from signoff.tools.credentials import fingerprint, hashed, is_token, new_secret, opens, token_number, token_text

DAYS = 90
"""How long a token opens the door, unless its maker says otherwise."""
LOGIN = dt.timedelta(hours=12)
"""How long somebody stays signed in: a working day."""


@dataclass(frozen=True)
class SignIns:
    """The door to one store. `os_user` is whom the operating system took the command from; it stands in every event.

    `clock` is the real one, in UTC: whoever could set it could make an old token good again.
    """

    store: Store
    os_user: str
    clock: Callable[[], dt.datetime]

    @property
    def now(self) -> dt.datetime:
        return self.clock()

    def set_password(self, person: Person, password: str, by: str) -> None:
        """Give a person a password in place of their last; who was signed in with that one no longer is."""
        kept = Password(person.person_id, hashed(password), self.now.isoformat())
        with self.store.transaction(durable=True):
            self.store.credentials.set_password(kept)
            self.store.credentials.forget_tries(person.person_id)
            self.store.events.append("password.set", by, self._about(person.person_id, f"password {person.person_id}"), self.now)
            for token in self.store.credentials.tokens():
                if token.person == person.person_id and token.kind == "login" and token.revoked_at is None:
                    self._revoke(token, by)

    def make_token(self, person: Person, kind: Kind, name: str, lasts: dt.timedelta | None, by: str) -> tuple[Token, str]:
        """A new token, and its text, which is told this once and kept nowhere."""
        secret, ends = new_secret(), None if lasts is None else (self.now + lasts).isoformat()
        with self.store.transaction(durable=True):
            new = Token(0, person.person_id, kind, name, fingerprint(secret), self.now.isoformat(), ends)
            token = self.store.credentials.make_token(new)
            told = self._about(person.person_id, f"token {token.number}", kind=kind, token=token.number, name=name, expires=ends)
            self.store.events.append("token.made", by, told, self.now)
        return token, token_text(token.number, secret)

    def revoke(self, token: Token, by: str) -> None:
        """From now on the token opens nothing."""
        with self.store.transaction(durable=True):
            self._revoke(token, by)

    def by_password(self, person: Person, password: str) -> Session:
        """Let somebody in who knows the password. Raises `Refused` when they do not, or have guessed wrong too often.

        A try is counted before it is looked at, so that many at the same moment are many tries.
        """
        who = person.person_id
        if wait := self._try(who):
            self._no(person, "password", f"Too many wrong passwords for {person.name}; try again in {_minutes(wait)}.")
        kept = self.store.credentials.password(who)
        if not opens(password, kept.hash if kept else None):
            none = f"if {who} has none yet, one is set with: signoff access password {who}"
            self._no(person, "password", f"That is not the password of {person.name} ({who}); {none}")
        with self.store.transaction(durable=True):
            self.store.credentials.forget_tries(who)
        return self._in(Session(who, "password", self.os_user))

    def _try(self, who: str) -> dt.timedelta:
        """Count a try; or, without counting it, how long they have to wait until the next."""
        with self.store.transaction(durable=True):
            tries = self.store.credentials.tries(who)
            wait = tries.wait(self.now) if tries else dt.timedelta(0)
            if not wait:
                self.store.credentials.tried(who, self.now)
        return wait

    def by_token(self, person: Person, text: str) -> Session:
        """Let somebody in who holds a token of theirs. Raises `Refused` for any other."""
        number = token_number(text)
        token = self.store.credentials.token(number) if number is not None else None
        if not is_token(text, token.hash if token else None) or token is None:
            self._no(person, "token", "The token is none of this workspace; make one with: signoff access token PERSON")
        if fault := token.fault(self.now):
            self._no(person, token.kind, f"Token {token.number} ({token.name}) {fault}; make another with: signoff access token PERSON")
        if token.person != person.person_id:
            self._no(person, token.kind, f"Token {token.number} is not {person.name}'s, it is {token.person}'s; sign in as {token.person}.")
        return self._in(Session(person.person_id, token.kind, self.os_user, token.number))

    def still_in(self, session: Session) -> None:
        """Raises `Refused` when the token that somebody signed in by was revoked or has expired meanwhile."""
        token = self.store.credentials.token(session.token) if session.token is not None else None
        if token is not None and (fault := token.fault(self.now)):
            raise Refused(f"{session.person} is no longer signed in: token {token.number} {fault}; sign in again.")

    def _in(self, session: Session) -> Session:
        with self.store.transaction(durable=True):
            body = {"os_user": session.os_user, "person": session.person, "how": session.how, "token": session.token}
            self.store.events.append("person.signed_in", session.person, body, self.now)
        return session

    def _no(self, person: Person, how: How, why: str) -> NoReturn:
        with self.store.transaction(durable=True):
            body = {"os_user": self.os_user, "person": person.person_id, "how": how, "why": why}
            self.store.events.append("person.turned_away", SYSTEM, body, self.now)
        raise Refused(why)

    def _revoke(self, token: Token, by: str) -> None:
        self.store.credentials.revoke(token.number, self.now)
        self.store.events.append("token.revoked", by, self._about(token.person, f"token {token.number}", token=token.number), self.now)

    def _about(self, person: str, changed: str, **more: str | int | None) -> dict[str, object]:
        """What an event says of something that is kept of a person; it binds it (`signoff audit verify`)."""
        now = dict(self.store.credentials.bound())
        return {"os_user": self.os_user, "person": person, "credentials": {changed: now[changed]}, **more}


def _minutes(wait: dt.timedelta) -> str:
    seconds = int(wait.total_seconds()) + 1
    return f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
