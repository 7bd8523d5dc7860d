"""The people of the company: roles, managers, how much each may sign for, and who stands in for whom while they are away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from pydantic import model_validator

from signoff.domain.record import Number, Record, Text


class Person(Record):
    """One person. `limit` is in the policy's base currency; `None` means no authority to sign amounts.

    `limits` holds instead for orders of a category. `absent_from` and `absent_until` count both; a side that is left out is open.
    """

    person_id: Text
    name: Text
    email: Text | None = None
    roles: tuple[Text, ...] = ()
    manager: Text | None = None
    limit: Number | None = None
    limits: dict[str, Number] = {}
    cost_centers: tuple[Text, ...] = ()
    delegate: Text | None = None
    absent_from: dt.date | None = None
    absent_until: dt.date | None = None

    @model_validator(mode="after")
    def _sane(self) -> Person:
        if self.absent_from and self.absent_until and self.absent_until < self.absent_from:
            raise ValueError(f"absent_until ({self.absent_until}) lies before absent_from ({self.absent_from})")
        if self.delegate == self.person_id:
            raise ValueError("nobody is their own delegate; name somebody else or leave it empty")
        return self

    def absent(self, day: dt.date | None) -> bool:
        """Whether they are away on that day; on no day in particular nobody is."""
        if day is None or not (self.absent_from or self.absent_until):
            return False
        return (self.absent_from or day) <= day <= (self.absent_until or day)

    def limit_for(self, categories: Iterable[str | None]) -> Decimal | None:
        """What they may sign for: the lowest of the limits that they have for these categories."""
        own = {name.strip().casefold(): amount for name, amount in self.limits.items()}
        found = [own.get((c or "").strip().casefold(), self.limit) for c in categories] or [self.limit]
        known = [amount for amount in found if amount is not None]
        return min(known) if len(known) == len(found) else None


class Directory:
    """People looked up by id, role, and by the way a document names them (id, name or e-mail)."""

    def __init__(self, people: list[Person]) -> None:
        self._by_id = {p.person_id: p for p in people}
        self._by_word: dict[str, tuple[Person, ...]] = {}
        self._by_role: dict[str, list[Person]] = {}
        for person in self._by_id.values():
            for role in dict.fromkeys(person.roles):
                self._by_role.setdefault(role, []).append(person)
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
        return list(self._by_role.get(role, ()))

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

    def stand_in(self, person: Person, day: dt.date | None) -> Person | None:
        """Who acts for somebody who is away that day: their delegate, whose own delegate if that one is away too, and so on.

        `None` for somebody who is there, and where the delegates end or go round in a circle.
        """
        seen: set[str] = set()
        at: Person | None = person
        while at is not None and at.absent(day):
            if at.person_id in seen:
                return None
            seen.add(at.person_id)
            at = self._by_id.get(at.delegate or "")
        return None if at is person else at

    def acting(self, candidates: Iterable[str], day: dt.date | None, barred: Collection[str] = ()) -> dict[str, str | None]:
        """Who may answer that day what the candidates are asked, and in whose place; `None` for themselves.

        Whoever is away may still answer in person. The barred neither answer nor stand in for anybody.
        """
        own = [c for c in candidates if c not in barred]
        found: dict[str, str | None] = dict.fromkeys(own)
        for candidate in own:
            person = self._by_id.get(candidate)
            other = self.stand_in(person, day) if person else None
            if other is not None and other.person_id not in barred:
                found.setdefault(other.person_id, candidate)
        return found

    def expected(self, candidates: Iterable[str], day: dt.date | None, barred: Collection[str] = ()) -> dict[str, str | None]:
        """The same, as far as it is to be counted on: without whoever is gone from the file, or away without an end."""
        known = {c: self._by_id.get(c) for c in candidates}
        gone = {c for c, person in known.items() if person is None or (person.absent(day) and person.absent_until is None)}
        return {who: place for who, place in self.acting(known, day, barred).items() if place is not None or who not in gone}

    def principals(self, person: Person, day: dt.date | None) -> frozenset[str]:
        """Everybody in whose place somebody acts that day."""
        away = (p for p in self._by_id.values() if p.absent(day))
        return frozenset(p.person_id for p in away if self.stand_in(p, day) is person)

    def reachable(self, person: Person, day: dt.date | None, barred: Collection[str] = ()) -> bool:
        """Whether they are there that day, or somebody who may acts for them."""
        if not person.absent(day):
            return True
        other = self.stand_in(person, day)
        return other is not None and other.person_id not in barred
