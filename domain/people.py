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
        self._by_word: dict[str, tuple[Person, ...]] = {}
        for person in sorted(people, key=lambda p: p.person_id):
            for word in {w.casefold() for w in (person.name, person.email or "", person.person_id) if w}:
                self._by_word[word] = (*self._by_word.get(word, ()), person)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._by_id.values())

    def get(self, person_id: str) -> Person | None:
        return self._by_id.get(person_id)

    def find(self, word: str | None) -> Person | None:
        """The one person meant by an id, a full name or an e-mail address; `None` when nobody, or several, fit."""
        found = self._by_id.get(word.strip()) if word else None
        several = self.called(word.strip()) if word else ()
        return found or (several[0] if len(several) == 1 else None)

    def called(self, word: str) -> tuple[Person, ...]:
        """Everyone whose id, full name or e-mail address this is, whatever its case, by id."""
        return self._by_word.get(word.casefold(), ())

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
