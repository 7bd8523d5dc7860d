"""Who is signed in at this computer: tokens of `signoff login`, in a file of the user's own that nobody else can read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import typer

from signoff.domain.errors import BadInput


class Logins:
    """The logins of one workspace, each person's token by their id."""

    def __init__(self, workspace: Path) -> None:
        caller = os.environ.get("SUDO_UID")  # people who share a user of the system by sudo share no logins
        self.file = Path(typer.get_app_dir("signoff")) / (f"logins-{int(caller)}.json" if caller else "logins.json")
        self.workspace = str(workspace.resolve())

    def all(self) -> dict[str, str]:
        """Raises `BadInput` when the file can be read by others, or by nobody."""
        return self._read().get(self.workspace, {})

    def put(self, person: str, token: str) -> None:
        self._write({person: token})

    def forget(self, person: str) -> str | None:
        """The token that was there."""
        found = self.all().get(person)
        if found is not None:
            self._write({person: None})
        return found

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            if os.name == "posix" and self.file.stat().st_mode & 0o077:
                raise BadInput(f"{self.file} can be read by others, so nobody is safely signed in; delete it and sign in again.")
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise BadInput(f"{self.file} cannot be read ({error}); delete it and sign in again.") from None
        return {w: dict(people) for w, people in found.items()}

    def _write(self, changes: dict[str, str | None]) -> None:
        """Written beside and moved into place, so that it is never half there, and never readable by others."""
        every = self._read()
        mine = every.get(self.workspace, {}) | changes
        every[self.workspace] = {person: token for person, token in mine.items() if token is not None}
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self.file.with_suffix(f".{os.getpid()}")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump({w: people for w, people in every.items() if people}, out)
        beside.replace(self.file)
