"""Messages that tell people what waits for them; several for one person go in one mail.

Built in is a folder of mails, from which whatever sends mail here takes them.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from signoff.domain.errors import Unavailable
from signoff.domain.people import Person

SENDER = Address("Signoff", "signoff", "localhost")
"""Whoever sends the mails on puts an address of the company here."""
RULED = f"\n{'-' * 72}\n\n"
"""Stands between two notices in one mail."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to a person about a case. `at` is when it was written, in UTC."""

    number: int
    case: int
    person: str
    subject: str
    body: str
    at: str


class Notifier(Protocol):
    """A way to reach people. Sending the same notices once more changes nothing. Raises `Unavailable` when it cannot be sent now."""

    def send(self, notices: Sequence[Notice], to: Person) -> None: ...


class MailFolder:
    """Writes notices as `NUMBER-PERSON.eml` (RFC 5322), by the first of them, into a folder, so that nothing leaves the machine by
    itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, notices: Sequence[Notice], to: Person) -> None:
        name = f"{notices[0].number:08d}-{re.sub(r'[^A-Za-z0-9_-]', '_', to.person_id)}.eml"
        unfinished = self.folder / f".{name}.{os.getpid()}"
        try:
            self.folder.mkdir(exist_ok=True)
            unfinished.write_bytes(mail(notices, to))
            unfinished.replace(self.folder / name)
        except OSError as error:
            raise Unavailable(f"{self.folder / name} cannot be written: {error.strerror}.") from error


def mail(notices: Sequence[Notice], to: Person) -> bytes:
    """Notices as one mail; a person without an address is named without one."""
    first, last = notices[0], notices[-1]
    several = f"{len(notices)} messages about {len({n.case for n in notices})} cases"
    message = EmailMessage(policy=SMTP)
    message["From"] = SENDER
    message["To"] = _address(to)
    message["Subject"] = _line(first.subject if first is last else several)
    message["Date"] = format_datetime(dt.datetime.fromisoformat(last.at))
    message["Message-ID"] = f"<{first.number}.{first.case}@signoff.localhost>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's vacation answers it
    message.set_content(first.body if first is last else RULED.join(f"{n.subject}\n\n{n.body}" for n in notices))
    return message.as_bytes()


def _address(to: Person) -> Address:
    name, at, domain = _line(to.email or "").rpartition("@")
    return Address(_line(to.name), name, domain) if at else Address(_line(to.name))


def _line(text: str) -> str:
    """Text that cannot end the header it stands in: what papers say gets into subjects."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
