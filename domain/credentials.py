"""By what a person is known: passwords, tokens, and how long somebody waits who has guessed wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

How = Literal["trusted", "password", "login", "token"]
"""`trusted`: they said so. `login`: a token that `signoff login` made from a password."""
Kind = Literal["login", "token"]

FREE_TRIES = 5
FIRST_WAIT = dt.timedelta(seconds=30)
LONGEST_WAIT = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and how that is known. `os_user` is whom the operating system took the command from, `rights`
    the first digits of the SHA-256 of the access.cedar that was asked what they may do.
    """

    person: str
    how: How
    os_user: str
    token: int | None = None
    rights: str = ""

    @property
    def told(self) -> dict[str, str | int]:
        """What an event says of it."""
        told: dict[str, str | int] = {"how": self.how, "os_user": self.os_user, "rights": self.rights}
        return told | ({} if self.token is None else {"token": self.token})


@dataclass(frozen=True, slots=True)
class Password:
    """What is kept of a password: `hash` is argon2id's, with its salt and cost."""

    person: str
    hash: str
    set_at: str


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token: `hash` is the SHA-256 of its text. The text itself is told once and kept nowhere."""

    number: int
    person: str
    kind: Kind
    name: str
    hash: str
    made_at: str
    expires_at: str | None
    revoked_at: str | None = None

    def fault(self, now: dt.datetime) -> str | None:
        """Why it no longer opens anything; nothing when it does."""
        if self.revoked_at is not None:
            return f"was revoked on {self.revoked_at[:10]}"
        if self.expires_at is not None and now >= dt.datetime.fromisoformat(self.expires_at):
            return f"expired on {self.expires_at[:10]}"
        return None


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong passwords in a row for one person, and when the last was tried."""

    failed: int
    last_at: str

    def wait(self, now: dt.datetime) -> dt.timedelta:
        """How long until the next try is looked at: nothing for the first few, then twice as long after each."""
        if self.failed < FREE_TRIES:
            return dt.timedelta(0)
        pause: dt.timedelta = min(FIRST_WAIT * (1 << min(self.failed - FREE_TRIES, 20)), LONGEST_WAIT)
        return max(dt.datetime.fromisoformat(self.last_at) + pause - now, dt.timedelta(0))
