"""Who is away, from when until when, and who stands in: written into the people that hold, with the event that says who said so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pydantic import ValidationError

from signoff.domain.errors import BadInput
from signoff.domain.people import Directory, Person
from signoff.graph.store.port import Store


@dataclass(frozen=True, slots=True)
class Absence:
    """The days somebody is away, both inclusive (`None`: open on that side), and who stands in. Nothing at all means they are there."""

    delegate: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


def may_say(people: Directory, by: Person, person: Person) -> bool:
    """Whether somebody says of a person when they are away without a further right: the person, and their managers."""
    return by.person_id == person.person_id or by in people.managers(person)


def set_absence(store: Store, person: Person, absence: Absence, by: str, now: dt.datetime) -> Person:
    """The person as they are from now on. Raises `BadInput` for an absence that cannot be."""
    told = {"delegate": absence.delegate, "absent_from": absence.since, "absent_until": absence.until}
    try:
        changed = Person.model_validate(person.model_dump() | told)
    except ValidationError as error:
        raise BadInput(f"{person.name} cannot be away like that: {error.errors()[0]['msg'].removeprefix('Value error, ')}.") from None
    with store.transaction(durable=True):
        store.masters.replace_people(changed if p.person_id == person.person_id else p for p in store.masters.people())
        body = {name: str(value) if value else None for name, value in told.items()}
        body |= {"person": person.person_id, "sha256": store.masters.digest("people")}
        store.events.append("people.delegated", by, body, now)
    return changed


def carried_over(new: list[Person], old: Directory) -> list[Person]:
    """The people of a file that says nothing of absences, with those that were said before; of a file that does, as they are."""
    if any(p.delegate or p.absent_from or p.absent_until for p in new):
        return new
    ids = {p.person_id for p in new}
    return [_as_before(p, known) if (known := old.get(p.person_id)) and known.delegate in (None, *ids) else p for p in new]


def _as_before(person: Person, known: Person) -> Person:
    kept = {"delegate": known.delegate, "absent_from": known.absent_from, "absent_until": known.absent_until}
    return person.model_copy(update=kept)
