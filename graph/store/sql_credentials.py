"""Passwords, tokens and wrong tries in SQL. No read-only connection is ever granted these tables."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from signoff.domain.credentials import Password, Token, Tries
from signoff.graph.store.chain import canonical
from signoff.graph.store.sql import Connection, insert, replacing

_TOKEN = "number, person_id, kind, name, hash, made_at, expires_at, revoked_at"


class SqlCredentials:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def password(self, person: str) -> Password | None:
        row = self._db.execute("SELECT person_id, hash, set_at FROM passwords WHERE person_id = ?", (person,)).fetchone()
        return Password(*row) if row else None

    def set_password(self, password: Password) -> None:
        """Keep it in place of the person's last."""
        self._db.execute(replacing("passwords", ("person_id", "hash", "set_at")), (password.person, password.hash, password.set_at))

    def make_token(self, token: Token) -> Token:
        """Keep a token; its number is the next one."""
        number = insert(
            self._db, "tokens", number=0, person_id=token.person, kind=token.kind, name=token.name, hash=token.hash, made_at=token.made_at,
            expires_at=token.expires_at,
        )  # fmt: skip
        found = self.token(number)
        assert found is not None
        return found

    def token(self, number: int) -> Token | None:
        row = self._db.execute(f"SELECT {_TOKEN} FROM tokens WHERE number = ?", (number,)).fetchone()
        return Token(*row) if row else None

    def tokens(self) -> list[Token]:
        """Every token there ever was, the first first."""
        return [Token(*row) for row in self._db.execute(f"SELECT {_TOKEN} FROM tokens ORDER BY number")]

    def revoke(self, number: int, now: dt.datetime) -> None:
        self._db.execute("UPDATE tokens SET revoked_at = ? WHERE number = ? AND revoked_at IS NULL", (now.isoformat(), number))

    def tries(self, person: str) -> Tries | None:
        row = self._db.execute("SELECT failed, last_at FROM tries WHERE person_id = ?", (person,)).fetchone()
        return Tries(*row) if row else None

    def tried(self, person: str, now: dt.datetime) -> None:
        """One more try, which counts as wrong until it is forgotten."""
        self._db.execute(
            "INSERT INTO tries VALUES (?, 1, ?) "
            "ON CONFLICT (person_id) DO UPDATE SET failed = tries.failed + 1, last_at = excluded.last_at",
            (person, now.isoformat()),
        )

    def forget_tries(self, person: str) -> None:
        self._db.execute("DELETE FROM tries WHERE person_id = ?", (person,))

    def adopted(self, kind: str) -> str | None:
        """The digest of the policy (`policy`) or of the rights (`access`) that were last adopted; nothing when none ever was."""
        row = self._db.execute("SELECT digest FROM adopted WHERE kind = ?", (kind,)).fetchone()
        return row[0] if row else None

    def adopt(self, kind: str, digest: str, person: str, now: dt.datetime) -> None:
        self._db.execute(replacing("adopted", ("kind", "digest", "person_id", "at")), (kind, digest, person, now.isoformat()))

    def bound(self) -> Iterator[tuple[str, str]]:
        """What stands in these tables, each with the SHA-256 that binds it to its event: `password P-1`, `token 7`, `adopted policy`."""
        for person, hash in self._db.execute("SELECT person_id, hash FROM passwords ORDER BY person_id"):
            yield f"password {person}", hashlib.sha256(hash.encode()).hexdigest()
        for token in self.tokens():
            yield f"token {token.number}", _sha256(token)
        yield from ((f"adopted {kind}", digest) for kind, digest in self._db.execute("SELECT kind, digest FROM adopted ORDER BY kind"))


def _sha256(token: Token) -> str:
    told = (token.number, token.person, token.kind, token.name, token.hash, token.made_at, token.expires_at, token.revoked_at)
    return hashlib.sha256(canonical(told).encode()).hexdigest()
