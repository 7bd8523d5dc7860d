"""Who is at the keyboard: every command that takes `--as PERSON` asks here."""

from __future__ import annotations

from signoff.app.workspace import Workspace
from signoff.domain.errors import BadInput
from signoff.domain.people import Person


def signed_in(w: Workspace, as_: str) -> Person:
    """The person that `--as` names, known as the policy asks. Raises `BadInput` when nobody is called that."""
    person = w.services.people.find(as_)
    if person is None:
        raise BadInput(f"{as_} is not in people.csv.")
    return person
