"""The people of the company: roles, managers, and how much each may sign for."""

from __future__ import annotations

from collections.abc import Iterator

from signoff.domain.record import Number, Record, Text


class Person(Record):
    """One person. `limit` is in the policy's base currency; `None` means no authority to sign amounts."""

    person_id: Text
    name: Text
    email: Text | None = None
    roles: tuple[Text, ...] = ()
    manager: Text | None = None
    limit: Number | None = None
    cost_centers: tuple[Text, ...] = ()


class Directory:
    """People looked up by id, role, and by the way a document names them (id, name or e-mail)."""

    def __init__(self, people: list[Person]) -> None:
        self._by_id = {p.person_id: p for p in people}
        self._by_word = {w.casefold(): p for p in people for w in (p.name, p.email or "", p.person_id) if w}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._by_id.values())

    def get(self, person_id: str) -> Person | None:
        return self._by_id.get(person_id)

    def find(self, word: str | None) -> Person | None:
        """The person a document means by an id, a full name or an e-mail address; `None` when nobody fits."""
        return self._by_word.get(word.strip().casefold()) if word else None

    def with_role(self, role: str) -> list[Person]:
        """Everyone who holds the role, in the order of the file."""
        return [p for p in self._by_id.values() if role in p.roles]

    def managers(self, person: Person) -> list[Person]:
        """The chain above a person, nearest first; stops before a loop or an unknown manager."""
        chain: list[Person] = []
        seen = {person.person_id}
        above = self._by_id.get(person.manager or "")
        while above and above.person_id not in seen:
            chain.append(above)
            seen.add(above.person_id)
            above = self._by_id.get(above.manager or "")
        return chain
