"""Messages that tell people what waits for them. Built in is a folder of mails, from which whatever sends mail here takes them."""

from __future__ import annotations

import datetime as dt
import os
import re
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
    """A way to reach people. Sending the same notice once more changes nothing. Raises `Unavailable` when it cannot be sent now."""

    def send(self, notice: Notice, to: Person) -> None: ...


class MailFolder:
    """Writes each notice as `NUMBER-PERSON.eml` (RFC 5322) into a folder, so that nothing leaves the machine by itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, notice: Notice, to: Person) -> None:
        name = f"{notice.number:08d}-{re.sub(r'[^A-Za-z0-9_-]', '_', to.person_id)}.eml"
        unfinished = self.folder / f".{name}.{os.getpid()}"
        try:
            self.folder.mkdir(exist_ok=True)
            unfinished.write_bytes(mail(notice, to))
            unfinished.replace(self.folder / name)
        except OSError as error:
            raise Unavailable(f"{self.folder / name} cannot be written: {error.strerror}.") from error


def mail(notice: Notice, to: Person) -> bytes:
    """The notice as a mail; a person without an address is named without one."""
    message = EmailMessage(policy=SMTP)
    message["From"] = SENDER
    message["To"] = _address(to)
    message["Subject"] = _line(notice.subject)
    message["Date"] = format_datetime(dt.datetime.fromisoformat(notice.at))
    message["Message-ID"] = f"<{notice.number}.{notice.case}@signoff.localhost>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's vacation answers it
    message.set_content(notice.body)
    return message.as_bytes()


def _address(to: Person) -> Address:
    name, at, domain = _line(to.email or "").rpartition("@")
    return Address(_line(to.name), name, domain) if at else Address(_line(to.name))


def _line(text: str) -> str:
    """Text that cannot end the header it stands in: what papers say gets into subjects."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
